//! What the grammar's actions call: nodes with their spans, and the few checks that are easier here
//! than in the grammar. Depth is counted as trees grow, so that nobody meets a tree that is too deep
//! to walk.
#![expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "actions of a grammar are called alike"
)]

use lalrpop_util::ErrorRecovery;

use crate::base::{SourceId, Span, Symbol};
use crate::diagnostic::Diagnostics;

use super::ast::{
    BinaryOp, CaseStatement, Expr, ExprKind, Generator, Given, Ident, Item, ItemKind, LogicOp,
    MetBy, Module, Path, Quantifier, RecordField, Requirement, Statement, StatementKind, Test,
    Text, TextPart, TypeExpr, TypeExprKind, TypeName, UnaryOp, Use,
};
use super::errors;
use super::recover;
use super::token::Token;

/// How deep expressions may stand in each other.
pub const MAX_DEPTH: u16 = 128;

/// Start and end of a node, in bytes.
type Range = (u32, u32);

/// What a parser carries along.
pub(crate) struct Build<'a> {
    source: SourceId,
    sink: &'a mut Diagnostics,
    /// Where the last "too deep" was reported, so that one mistake is one message.
    deep_at: Option<u32>,
}

/// A field in the braces of a `given`.
pub(crate) enum GivenField {
    Attribute(Ident, Expr),
    Property(RecordField),
}

/// A statement of a requirement.
pub(crate) enum RequirementStatement {
    MetBy(Vec<MetBy>),
    Manual(Text),
    Child(Requirement),
}

type Recovered = ErrorRecovery<u32, Token, ()>;

impl<'a> Build<'a> {
    pub(crate) fn new(source: SourceId, sink: &'a mut Diagnostics) -> Self {
        Self { source, sink, deep_at: None }
    }

    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.source, start, end.max(start))
    }

    fn at(&self, range: Range) -> Span {
        self.span(range.0, range.1)
    }

    /// Reports what the parser could not read.
    pub(crate) fn syntax_error(&mut self, error: &lalrpop_util::ParseError<u32, Token, ()>) {
        recover::report(error, self.source, self.sink);
    }

    // ---- files and declarations

    pub(crate) fn module(
        &mut self,
        docs: Vec<String>,
        uses: Vec<Use>,
        items: Vec<Option<Item>>,
        at: Range,
    ) -> Module {
        let items = items.into_iter().flatten().collect();
        Module { docs: docs.join("\n"), uses, items, span: self.at(at) }
    }

    pub(crate) fn import(
        &self,
        path: Path,
        alias: Option<Ident>,
        names: Option<Vec<Ident>>,
        at: Range,
    ) -> Use {
        Use { path, alias, names, span: self.at(at) }
    }

    pub(crate) fn item(&self, docs: String, kind: ItemKind, at: Range) -> Option<Item> {
        let kind = match kind {
            ItemKind::Param(param) => {
                ItemKind::Param(super::ast::ParamDecl { docs: docs.clone(), ..param })
            }
            kind => kind,
        };
        Some(Item { docs, kind, span: self.at(at) })
    }

    pub(crate) fn broken_item(&mut self, error: Recovered) -> Option<Item> {
        self.syntax_error(&error.error);
        None
    }

    pub(crate) fn statement(&self, kind: StatementKind, at: Range) -> Statement {
        Statement { kind, span: self.at(at) }
    }

    pub(crate) fn broken_statement(&mut self, error: Recovered, at: Range) -> Statement {
        self.syntax_error(&error.error);
        self.statement(StatementKind::Error, at)
    }

    pub(crate) fn requirement(
        &self,
        id: Text,
        title: Option<Text>,
        body: Vec<RequirementStatement>,
        at: Range,
    ) -> Requirement {
        let span = self.at(at);
        let mut made = Requirement {
            id,
            title,
            met_by: Vec::new(),
            manual: Vec::new(),
            children: Vec::new(),
            span,
        };
        for statement in body {
            match statement {
                RequirementStatement::MetBy(by) => made.met_by.extend(by),
                RequirementStatement::Manual(text) => made.manual.push(text),
                RequirementStatement::Child(child) => made.children.push(child),
            }
        }
        made
    }

    pub(crate) fn given(
        &mut self,
        resource: TypeName,
        id: Option<Text>,
        fields: Vec<GivenField>,
        (start, braces, end): (u32, u32, u32),
    ) -> CaseStatement {
        let mut attributes = Vec::new();
        let mut properties = Vec::new();
        for field in fields {
            match field {
                GivenField::Attribute(name, value) => attributes.push((name, value)),
                GivenField::Property(field) => properties.push(field),
            }
        }
        let properties = self.record(properties, (braces, end));
        CaseStatement::Given(Given {
            resource,
            id,
            attributes,
            properties,
            span: self.span(start, end),
        })
    }

    // ---- names and types

    pub(crate) fn ident(&self, name: Symbol, at: Range) -> Ident {
        Ident { name, span: self.at(at) }
    }

    pub(crate) fn plain_text(&self, value: String, at: Range) -> Text {
        Text { value, span: self.at(at) }
    }

    pub(crate) fn path(&self, first: Ident) -> Path {
        let span = first.span;
        Path { segments: vec![first], span }
    }

    pub(crate) fn longer_path(&self, mut path: Path, next: Ident) -> Path {
        path.span = path.span.to(next.span);
        path.segments.push(next);
        path
    }

    pub(crate) fn ty(&self, kind: TypeExprKind, at: Range) -> TypeExpr {
        TypeExpr { kind, span: self.at(at) }
    }

    pub(crate) fn optional(&self, inner: TypeExpr, end: u32) -> TypeExpr {
        if matches!(inner.kind, TypeExprKind::Optional(_)) {
            return inner;
        }
        let span = self.span(inner.span.start, end);
        TypeExpr { kind: TypeExprKind::Optional(Box::new(inner)), span }
    }

    pub(crate) fn union(&self, first: TypeExpr, next: TypeExpr) -> TypeExpr {
        let span = first.span.to(next.span);
        let mut members = match first.kind {
            TypeExprKind::Union(members) => members,
            kind => vec![TypeExpr { kind, span: first.span }],
        };
        members.push(next);
        TypeExpr { kind: TypeExprKind::Union(members), span }
    }

    // ---- expressions

    /// A node over these many levels of expressions; one that would be too deep is reported and
    /// becomes an error node.
    fn node(&mut self, kind: ExprKind, span: Span, inner: u16) -> Expr {
        let depth = inner.saturating_add(1);
        if depth <= MAX_DEPTH {
            return Expr { kind, span, depth };
        }
        if self.deep_at.is_none_or(|at| span.start > at) {
            self.sink.push(errors::too_deep(span, usize::from(MAX_DEPTH)));
        }
        self.deep_at = Some(self.deep_at.map_or(span.end, |at| at.max(span.end)));
        Expr { kind: ExprKind::Error, span, depth: 1 }
    }

    pub(crate) fn expr(&mut self, kind: ExprKind, at: Range) -> Expr {
        let span = self.at(at);
        self.node(kind, span, 0)
    }

    pub(crate) fn unary(&mut self, op: UnaryOp, operand: Expr, at: Range) -> Expr {
        let (span, inner) = (self.at(at), operand.depth);
        // A minus before a number is the number's sign.
        let kind = match (op, &operand.kind) {
            (UnaryOp::Negate, ExprKind::Float(n)) => ExprKind::Float(-n),
            _ => ExprKind::Unary(op, Box::new(operand)),
        };
        self.node(kind, span, inner)
    }

    pub(crate) fn binary(&mut self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let (span, inner) = (left.span.to(right.span), left.depth.max(right.depth));
        self.node(ExprKind::Binary(op, Box::new(left), Box::new(right)), span, inner)
    }

    /// `a and b and c` is one node with three operands.
    pub(crate) fn logic(&mut self, op: LogicOp, left: Expr, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        let mut operands = Vec::new();
        let mut inner = 0;
        for side in [left, right] {
            match side.kind {
                ExprKind::Logic(same, nested) if same == op => {
                    inner = inner.max(side.depth.saturating_sub(1));
                    operands.extend(nested);
                }
                kind => {
                    inner = inner.max(side.depth);
                    operands.push(Expr { kind, span: side.span, depth: side.depth });
                }
            }
        }
        self.node(ExprKind::Logic(op, operands), span, inner)
    }

    pub(crate) fn quantifier(&mut self, quantifier: Quantifier, at: Range) -> Expr {
        let filter = quantifier.filter.as_ref().map_or(0, |filter| filter.depth);
        let inner = quantifier.domain.depth.max(quantifier.body.depth).max(filter);
        let span = self.at(at);
        self.node(ExprKind::Quantifier(Box::new(quantifier)), span, inner)
    }

    pub(crate) fn condition(&mut self, condition: Expr, yes: Expr, no: Expr, at: Range) -> Expr {
        let (span, inner) = (self.at(at), condition.depth.max(yes.depth).max(no.depth));
        self.node(ExprKind::If(Box::new(condition), Box::new(yes), Box::new(no)), span, inner)
    }

    /// `a < b`; a chain `a < b < c` is reported, and the first comparison stands for it.
    pub(crate) fn comparison(&mut self, first: Expr, rest: Vec<(BinaryOp, Expr)>) -> Expr {
        let whole = rest.last().map_or(first.span, |(_, last)| first.span.to(last.span));
        if rest.len() > 1 {
            self.sink.push(errors::chained_comparison(whole));
        }
        match rest.into_iter().next() {
            Some((op, right)) => self.binary(op, first, right),
            None => first,
        }
    }

    pub(crate) fn single_equals(&mut self, at: Range) -> BinaryOp {
        let span = self.at(at);
        self.sink.push(errors::single_equals(span));
        BinaryOp::Equal
    }

    pub(crate) fn test(&mut self, operand: Expr, test: Test, negated: bool, end: u32) -> Expr {
        let (span, inner) = (self.span(operand.span.start, end), operand.depth);
        self.node(ExprKind::Test { operand: Box::new(operand), test, negated }, span, inner)
    }

    pub(crate) fn question(&mut self, ty: TypeExpr) -> Test {
        match &ty.kind {
            TypeExprKind::Name(name) if *name == "present" => Test::Present,
            TypeExprKind::Name(name) if *name == "known" => Test::Known,
            _ => Test::Type(ty),
        }
    }

    pub(crate) fn field(&mut self, base: Expr, field: Ident, safe: bool) -> Expr {
        let (span, inner) = (base.span.to(field.span), base.depth);
        self.node(ExprKind::Field { base: Box::new(base), field, safe }, span, inner)
    }

    pub(crate) fn index(&mut self, base: Expr, index: Expr, end: u32) -> Expr {
        let (span, inner) = (self.span(base.span.start, end), base.depth.max(index.depth));
        self.node(ExprKind::Index(Box::new(base), Box::new(index)), span, inner)
    }

    pub(crate) fn call(&mut self, callee: Expr, args: Vec<Expr>, end: u32) -> Expr {
        let inner = args.iter().map(|arg| arg.depth).max().unwrap_or(0).max(callee.depth);
        let span = self.span(callee.span.start, end);
        self.node(ExprKind::Call(Box::new(callee), args), span, inner)
    }

    pub(crate) fn follow(&mut self, from: Expr, target: TypeName) -> Expr {
        let (span, inner) = (from.span.to(target.span), from.depth);
        self.node(ExprKind::Follow(Box::new(from), target), span, inner)
    }

    pub(crate) fn reverse_field(&mut self, to: Expr, source: TypeName, field: Ident) -> Expr {
        let end = field.span.end;
        let path = self.path(field);
        self.reverse(to, source, path, end)
    }

    pub(crate) fn reverse(&mut self, to: Expr, source: TypeName, path: Path, end: u32) -> Expr {
        let (span, inner) = (self.span(to.span.start, end), to.depth);
        self.node(ExprKind::Reverse(Box::new(to), source, path), span, inner)
    }

    pub(crate) fn list(&mut self, items: Vec<Expr>, at: Range) -> Expr {
        let inner = items.iter().map(|item| item.depth).max().unwrap_or(0);
        let span = self.at(at);
        self.node(ExprKind::List(items), span, inner)
    }

    pub(crate) fn comprehension(
        &mut self,
        element: Expr,
        generators: Vec<Generator>,
        at: Range,
    ) -> Expr {
        let filters = generators.iter().filter_map(|g| g.filter.as_ref());
        let domains = generators.iter().map(|g| &g.domain);
        let inner = domains.chain(filters).map(|e| e.depth).max().unwrap_or(0).max(element.depth);
        let span = self.at(at);
        self.node(ExprKind::Comprehension(Box::new(element), generators), span, inner)
    }

    pub(crate) fn record(&mut self, fields: Vec<RecordField>, at: Range) -> Expr {
        let depth = |field: &RecordField| match field {
            RecordField::Spread(value) | RecordField::Field(_, value) => value.depth,
        };
        let inner = fields.iter().map(depth).max().unwrap_or(0);
        let span = self.at(at);
        self.node(ExprKind::Record(fields), span, inner)
    }

    pub(crate) fn text(&mut self, text: String, at: Range) -> Expr {
        let parts = if text.is_empty() { Vec::new() } else { vec![TextPart::Literal(text)] };
        self.expr(ExprKind::Text(parts), at)
    }

    pub(crate) fn interpolated(&mut self, parts: Vec<TextPart>, at: Range) -> Expr {
        let depth = |part: &TextPart| match part {
            TextPart::Literal(_) => 0,
            TextPart::Expr(expr) => expr.depth,
        };
        let inner = parts.iter().map(depth).max().unwrap_or(0);
        let span = self.at(at);
        self.node(ExprKind::Text(parts), span, inner)
    }
}
