//! Expressions of the typed tree as text.

use crate::base::Symbol;
use crate::types::display::type_text;
use crate::value::Value;
use crate::value::display;

use super::{
    BinaryOp, Body, Expr, ExprKind, Generator, Hir, LocalId, QuantifierKind, Question, TextPart,
};

/// Constants have no layouts.
struct NoLayouts;

impl crate::value::compare::Layouts for NoLayouts {
    fn names(&self, _layout: crate::value::LayoutId) -> Vec<Symbol> {
        Vec::new()
    }
}

/// Prints the expressions of one body.
pub(super) struct Printer<'a> {
    pub hir: &'a Hir,
    pub body: Option<&'a Body>,
}

impl<'a> Printer<'a> {
    /// For expressions without locals of a declaration.
    pub fn constant(hir: &'a Hir) -> Self {
        Self { hir, body: None }
    }

    fn local(&self, local: LocalId) -> String {
        let name = self.body.and_then(|body| body.locals.get(local)).map(|local| &local.name);
        format!("{}#{}", name.map_or("_", Symbol::as_str), local.raw())
    }

    /// A local with its type, where it is bound.
    pub fn bound(&self, local: LocalId) -> String {
        let ty = self.body.and_then(|body| body.locals.get(local)).map(|local| local.ty);
        let ty = ty.map(|ty| type_text(&self.hir.types, ty)).unwrap_or_default();
        format!("{}: {ty}", self.local(local))
    }

    /// A constant.
    pub fn value(value: &Value) -> String {
        match value.plain() {
            Value::Text(text) => format!("{text:?}"),
            Value::Regex(regex) => format!("re{:?}", regex.as_str()),
            Value::Glob(glob) => format!("glob{glob:?}"),
            Value::Absent => "absent".to_owned(),
            Value::Open(_) => "unknown".to_owned(),
            Value::Float(number) => format!("{number:?}"),
            other => display::show(&NoLayouts, other),
        }
    }

    fn all(&self, exprs: &[Expr], between: &str) -> String {
        let texts: Vec<String> = exprs.iter().map(|expr| self.expr(expr)).collect();
        texts.join(between)
    }

    fn record(&self, record: crate::types::RecordId) -> &str {
        self.hir.types.records.get(record).map_or("?", |record| record.name.as_str())
    }

    fn param(&self, id: super::ParamId) -> String {
        let Some(param) = self.hir.params.get(id) else { return "?".to_owned() };
        match &param.control {
            Some(control) => format!("${control}.{}", param.name),
            None => format!("${}", param.name),
        }
    }

    fn fields(&self, fields: &[(Symbol, Expr)]) -> String {
        let texts = fields.iter().map(|(name, value)| format!("{name}: {}", self.expr(value)));
        texts.collect::<Vec<_>>().join(", ")
    }

    /// An expression.
    pub fn expr(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::Constant(value) => Self::value(value),
            ExprKind::Param(id) => self.param(*id),
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Now => "now".to_owned(),
            ExprKind::Field(base, field) => format!("{}.{}", self.expr(base), field.name),
            ExprKind::Attribute(base, name) => format!("{}.@{name}", self.expr(base)),
            ExprKind::JsonField(base, name) => format!("{}.[{name:?}]", self.expr(base)),
            ExprKind::Index(base, index) => format!("{}[{}]", self.expr(base), self.expr(index)),
            ExprKind::Call(function, args) => {
                let name = self.hir.functions.get(*function).map_or("?", |f| f.name.as_str());
                format!("{name}({})", self.all(args, ", "))
            }
            ExprKind::Builtin(id, args) => format!("{id}({})", self.all(args, ", ")),
            ExprKind::Follow { from, target, by } => {
                format!("({} -> {}{})", self.expr(from), self.record(*target), by_text(by))
            }
            ExprKind::Reverse { to, source, path, by } => {
                let path: Vec<&str> = path.iter().map(Symbol::as_str).collect();
                let source = self.record(*source);
                format!("({} <- {source}.{}{})", self.expr(to), path.join("."), by_text(by))
            }
            ExprKind::Resources(record, false) => self.record(*record).to_owned(),
            ExprKind::Resources(record, true) => format!("everywhere({})", self.record(*record)),
            ExprKind::Not(inner) => format!("(not {})", self.expr(inner)),
            ExprKind::Negate(inner) => format!("(-{})", self.expr(inner)),
            ExprKind::And(parts) => format!("({})", self.all(parts, " and ")),
            ExprKind::Or(parts) => format!("({})", self.all(parts, " or ")),
            ExprKind::Implies(a, b) => format!("({} implies {})", self.expr(a), self.expr(b)),
            ExprKind::Coalesce(a, b) => format!("({} ?? {})", self.expr(a), self.expr(b)),
            ExprKind::Binary(op, a, b) => {
                format!("({} {} {})", self.expr(a), operator(*op), self.expr(b))
            }
            ExprKind::Question(operand, question) => {
                format!("({} is {})", self.expr(operand), self.question(question))
            }
            ExprKind::If(cond, then, otherwise) => format!(
                "(if {} then {} else {})",
                self.expr(cond),
                self.expr(then),
                self.expr(otherwise)
            ),
            ExprKind::Quantifier { kind, nonempty, local, domain, filter, body } => {
                let nonempty = if *nonempty { "nonempty " } else { "" };
                let filter = self.filter(filter.as_deref());
                let (word, local) = (quantifier(*kind), self.local(*local));
                let (domain, body) = (self.expr(domain), self.expr(body));
                format!("({word} {local} in {nonempty}{domain}{filter}: {body})")
            }
            ExprKind::Comprehension(item, generators) => {
                let rest: Vec<String> = generators.iter().map(|g| self.generator(g)).collect();
                format!("[{} {}]", self.expr(item), rest.join(" "))
            }
            ExprKind::List(items) => format!("[{}]", self.all(items, ", ")),
            ExprKind::Record { record, spread, fields } => {
                let spread = spread.as_ref().map(|spread| format!("..{}, ", self.expr(spread)));
                let spread = spread.unwrap_or_default();
                format!("{}{{ {spread}{} }}", self.record(*record), self.fields(fields))
            }
            ExprKind::Map(fields) => format!("map{{ {} }}", self.fields(fields)),
            ExprKind::Text(parts) => self.text(parts),
            ExprKind::Convert(inner, record) => {
                format!("({} as {})", self.expr(inner), self.record(*record))
            }
            ExprKind::Error => "error".to_owned(),
        }
    }

    fn filter(&self, filter: Option<&Expr>) -> String {
        filter.map(|filter| format!(" where {}", self.expr(filter))).unwrap_or_default()
    }

    fn generator(&self, generator: &Generator) -> String {
        let filter = self.filter(generator.filter.as_ref());
        format!("for {} in {}{filter}", self.local(generator.local), self.expr(&generator.domain))
    }

    fn question(&self, question: &Question) -> String {
        match question {
            Question::Present => "present".to_owned(),
            Question::Absent => "absent".to_owned(),
            Question::Known => "known".to_owned(),
            Question::Unknown => "unknown".to_owned(),
            Question::Type(ty) => type_text(&self.hir.types, *ty),
        }
    }

    fn text(&self, parts: &[TextPart]) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                TextPart::Literal(text) => text.escape_debug().to_string(),
                TextPart::Expr(part) => format!("{{{}}}", self.expr(part)),
            })
            .collect();
        format!("\"{}\"", parts.concat())
    }
}

fn by_text(by: &[Symbol]) -> String {
    if by.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = by.iter().map(Symbol::as_str).collect();
    format!(" by {}", names.join(", "))
}

fn operator(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Equal => "==",
        BinaryOp::NotEqual => "!=",
        BinaryOp::Less => "<",
        BinaryOp::LessEqual => "<=",
        BinaryOp::Greater => ">",
        BinaryOp::GreaterEqual => ">=",
        BinaryOp::In => "in",
        BinaryOp::NotIn => "not in",
        BinaryOp::Matches => "matches",
    }
}

fn quantifier(kind: QuantifierKind) -> &'static str {
    match kind {
        QuantifierKind::All => "all",
        QuantifierKind::Any => "any",
        QuantifierKind::None => "none",
        QuantifierKind::One => "one",
    }
}
