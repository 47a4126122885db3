//! Expressions and types to text, with no more parentheses than the tree needs.

use crate::syntax::ast::{
    BinaryOp, Expr, ExprKind, LogicOp, Quantifier, QuantifierKind, RecordField, Tag, Test,
    TextPart, TypeExpr, TypeExprKind, UnaryOp,
};
use crate::value::display;

/// How tightly an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Expr,
    Or,
    And,
    Not,
    Comparison,
    Coalesce,
    Add,
    Multiply,
    Unary,
    Postfix,
}

/// The expression, where any may stand.
pub(super) fn expr(expr: &Expr) -> String {
    at(expr, Level::Expr)
}

/// The expression, where one must bind as tightly as the list of a loop.
pub(super) fn domain(expr: &Expr) -> String {
    at(expr, Level::Coalesce)
}

/// The expression, where a condition of `met by` stands.
pub(super) fn comparison(expr: &Expr) -> String {
    at(expr, Level::Comparison)
}

/// The expression, where a place to be set stands.
pub(super) fn postfix(expr: &Expr) -> String {
    at(expr, Level::Postfix)
}

fn at(expr: &Expr, wanted: Level) -> String {
    let text = inside(expr);
    if level(expr) < wanted { format!("({text})") } else { text }
}

fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::Binary(op, ..) => level_of(*op),
        ExprKind::Logic(LogicOp::Or, _) => Level::Or,
        ExprKind::Logic(LogicOp::And, _) => Level::And,
        ExprKind::Unary(UnaryOp::Not, _) => Level::Not,
        ExprKind::Unary(UnaryOp::Negate, _) => Level::Unary,
        ExprKind::Float(n) if n.is_sign_negative() => Level::Unary,
        ExprKind::Test { .. } => Level::Comparison,
        ExprKind::Quantifier(_) | ExprKind::If(..) => Level::Expr,
        _ => Level::Postfix,
    }
}

fn level_of(op: BinaryOp) -> Level {
    match op {
        BinaryOp::Implies => Level::Expr,
        BinaryOp::Coalesce => Level::Coalesce,
        BinaryOp::Add | BinaryOp::Subtract => Level::Add,
        BinaryOp::Multiply | BinaryOp::Divide => Level::Multiply,
        _ => Level::Comparison,
    }
}

/// The levels of the operands: the next tighter one on the side where the operator does not repeat.
fn sides(op: BinaryOp) -> (Level, Level) {
    match op {
        BinaryOp::Implies => (Level::Or, Level::Expr),
        BinaryOp::Coalesce => (Level::Add, Level::Coalesce),
        BinaryOp::Add | BinaryOp::Subtract => (Level::Add, Level::Multiply),
        BinaryOp::Multiply | BinaryOp::Divide => (Level::Multiply, Level::Unary),
        _ => (Level::Coalesce, Level::Coalesce),
    }
}

fn inside(whole: &Expr) -> String {
    match &whole.kind {
        ExprKind::Int(n) => n.to_string(),
        ExprKind::Float(x) => format!("{x:?}"),
        ExprKind::Percent(x) => format!("{x}%"),
        ExprKind::Duration(micros) => display::duration(*micros),
        ExprKind::Timestamp(micros) => display::timestamp(*micros),
        ExprKind::Text(parts) => text(parts),
        ExprKind::Tagged(tag, inner) => format!("{}\"{inner}\"", tag_word(*tag)),
        ExprKind::Bool(on) => on.to_string(),
        ExprKind::Now => "now".to_owned(),
        ExprKind::Unknown => "unknown".to_owned(),
        ExprKind::Absent => "absent".to_owned(),
        ExprKind::Name(name) | ExprKind::ResourceType(name) => name.to_string(),
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Comprehension(element, generators) => {
            let mut out = format!("[{}", expr(element));
            for generator in generators {
                let filter = filter(generator.filter.as_ref());
                let list = domain(&generator.domain);
                out.push_str(&format!(" for {} in {list}{filter}", generator.name.name));
            }
            out + "]"
        }
        ExprKind::Record(fields) => record(fields.iter()),
        ExprKind::Field { base, field, safe } => {
            format!("{}{}{}", postfix(base), if *safe { "?." } else { "." }, field.name)
        }
        ExprKind::Index(base, index) => format!("{}[{}]", postfix(base), expr(index)),
        ExprKind::Call(callee, args) => format!("{}({})", postfix(callee), list(args)),
        ExprKind::Follow(from, target) => format!("{} -> {}", postfix(from), target.name),
        ExprKind::Reverse(to, source, path) => {
            let names: Vec<&str> = path.segments.iter().map(|name| name.name.as_str()).collect();
            match names.as_slice() {
                [one] => format!("{} <- {}.{one}", postfix(to), source.name),
                all => format!("{} <- {}.({})", postfix(to), source.name, all.join(".")),
            }
        }
        ExprKind::Unary(UnaryOp::Not, operand) => format!("not {}", at(operand, Level::Not)),
        ExprKind::Unary(UnaryOp::Negate, operand) => format!("-{}", at(operand, Level::Unary)),
        ExprKind::Binary(op, left, right) => {
            let (before, after) = sides(*op);
            format!("{} {} {}", at(left, before), op.text(), at(right, after))
        }
        ExprKind::Logic(op, operands) => {
            let (word, level) = match op {
                LogicOp::And => (" and ", Level::Not),
                LogicOp::Or => (" or ", Level::And),
            };
            let operands: Vec<String> = operands.iter().map(|one| at(one, level)).collect();
            operands.join(word)
        }
        ExprKind::Test { operand, test, negated } => {
            let not = if *negated { "not " } else { "" };
            format!("{} is {not}{}", at(operand, Level::Coalesce), question(test))
        }
        ExprKind::Quantifier(quantifier) => quantified(quantifier),
        ExprKind::If(condition, yes, no) => {
            format!("if {} then {} else {}", expr(condition), expr(yes), expr(no))
        }
        ExprKind::Error => "<error>".to_owned(),
    }
}

fn quantified(quantifier: &Quantifier) -> String {
    let kind = match quantifier.kind {
        QuantifierKind::All => "all",
        QuantifierKind::Any => "any",
        QuantifierKind::None => "none",
        QuantifierKind::One => "one",
    };
    let nonempty = if quantifier.nonempty { "nonempty " } else { "" };
    let filter = filter(quantifier.filter.as_ref());
    let (name, list) = (&quantifier.name.name, domain(&quantifier.domain));
    format!("{kind} {name} in {nonempty}{list}{filter}: {}", expr(&quantifier.body))
}

/// ` where c`, or nothing.
pub(super) fn filter(filter: Option<&Expr>) -> String {
    filter.map(|filter| format!(" where {}", expr(filter))).unwrap_or_default()
}

fn list(items: &[Expr]) -> String {
    let items: Vec<String> = items.iter().map(expr).collect();
    items.join(", ")
}

/// `{ ..r, Key: v }`.
fn record<'f>(fields: impl Iterator<Item = &'f RecordField>) -> String {
    let fields: Vec<String> = fields.map(field).collect();
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}

fn field(field: &RecordField) -> String {
    match field {
        RecordField::Spread(base) => format!("..{}", expr(base)),
        RecordField::Field(name, value) => format!("{}: {}", key(&name.name), expr(value)),
    }
}

/// The inside of the braces of a record, for `given`.
pub(super) fn fields(whole: &Expr) -> Vec<String> {
    match &whole.kind {
        ExprKind::Record(all) => all.iter().map(field).collect(),
        _ => Vec::new(),
    }
}

/// A key: as it is where it reads as a name, else in quotes.
fn key(name: &str) -> String {
    let mut chars = name.chars();
    let start = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if start && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        quoted(name)
    }
}

fn text(parts: &[TextPart]) -> String {
    let mut out = String::from("\"");
    for part in parts {
        match part {
            TextPart::Literal(literal) => escape(&mut out, literal),
            TextPart::Expr(part) => out.push_str(&format!("{{{}}}", expr(part))),
        }
    }
    out + "\""
}

/// A string without interpolation.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    escape(&mut out, text);
    out + "\""
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' | '\\' | '{' | '}' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
}

const fn tag_word(tag: Tag) -> &'static str {
    match tag {
        Tag::Regex => "re",
        Tag::Glob => "glob",
        Tag::Cidr => "cidr",
        Tag::Ip => "ip",
        Tag::Version => "v",
    }
}

fn question(test: &Test) -> String {
    match test {
        Test::Present => "present".to_owned(),
        Test::Absent => "absent".to_owned(),
        Test::Known => "known".to_owned(),
        Test::Unknown => "unknown".to_owned(),
        Test::Type(of) => ty(of),
    }
}

/// A type.
pub(super) fn ty(whole: &TypeExpr) -> String {
    match &whole.kind {
        TypeExprKind::Name(name) | TypeExprKind::Resource(name) => name.to_string(),
        TypeExprKind::Record(owner, name) => format!("{}.{}", owner.name, name.name),
        TypeExprKind::List(inner) => format!("[{}]", ty(inner)),
        TypeExprKind::Map(inner) => format!("{{{}}}", ty(inner)),
        TypeExprKind::Optional(inner) if matches!(inner.kind, TypeExprKind::Union(_)) => {
            format!("({})?", ty(inner))
        }
        TypeExprKind::Optional(inner) => format!("{}?", ty(inner)),
        TypeExprKind::Literal(text) => quoted(text),
        TypeExprKind::Union(members) => {
            let member = |member: &TypeExpr| match member.kind {
                TypeExprKind::Union(_) => format!("({})", ty(member)),
                _ => ty(member),
            };
            members.iter().map(member).collect::<Vec<_>>().join(" | ")
        }
        TypeExprKind::Error => "<error>".to_owned(),
    }
}
