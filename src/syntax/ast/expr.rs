//! Expressions, as written.

use crate::base::{Span, Symbol};

use super::{Ident, Path, TypeExpr, TypeName};

/// An expression where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
    /// How many expressions stand in each other here, this one included: never over the limit.
    pub depth: u16,
}

/// The expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `42`.
    Int(i64),
    /// `0.5`.
    Float(f64),
    /// `2%`: the number before the sign.
    Percent(f64),
    /// `90d`, in microseconds.
    Duration(i64),
    /// `2027-01-31` (midnight UTC) or `2027-01-31T10:00:00Z`, in microseconds since 1970.
    Timestamp(i64),
    /// `"port {port}"`; a raw string is one literal part (or none).
    Text(Vec<TextPart>),
    /// `re"…"`, `glob"…"`, `cidr"…"`, `ip"…"`, `v"…"`: checked by the lexer.
    Tagged(Tag, String),
    /// `true`, `false`.
    Bool(bool),
    /// `now`.
    Now,
    /// `unknown`, in tests.
    Unknown,
    /// `absent`, in tests and adapters.
    Absent,
    /// A name.
    Name(Symbol),
    /// `AWS::S3::Bucket` in a place for a value.
    ResourceType(Symbol),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `[e for x in xs where c …]`.
    Comprehension(Box<Expr>, Vec<Generator>),
    /// `{ ..r, Key: v }`.
    Record(Vec<RecordField>),
    /// `x.f`, `x?.f` (`safe`).
    Field {
        /// Of what.
        base: Box<Expr>,
        /// Which.
        field: Ident,
        /// Whether written `?.`.
        safe: bool,
    },
    /// `xs[i]`.
    Index(Box<Expr>, Box<Expr>),
    /// `f(a)`; a method call `x.f(a)` has a [`ExprKind::Field`] as its callee.
    Call(Box<Expr>, Vec<Expr>),
    /// `x -> Type`.
    Follow(Box<Expr>, TypeName),
    /// `r <- Type.Property`, `r <- Type.(A.B)`.
    Reverse(Box<Expr>, TypeName, Path),
    /// `-x`, `not x`.
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, `a == b`, `a ?? b`, `a implies b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `a and b and c`, `a or b`: two operands at least.
    Logic(LogicOp, Vec<Expr>),
    /// `x is present`, `x is not Type`.
    Test {
        /// Of what.
        operand: Box<Expr>,
        /// What is asked.
        test: Test,
        /// Whether `is not`.
        negated: bool,
    },
    /// `all x in xs where c: p`.
    Quantifier(Box<Quantifier>),
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Something that could not be read; already reported.
    Error,
}

/// A part of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum TextPart {
    /// Text, unescaped; never empty.
    Literal(String),
    /// `{expr}`.
    Expr(Expr),
}

/// What kind of literal stands behind a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the tags")]
pub enum Tag {
    Regex,
    Glob,
    Cidr,
    Ip,
    Version,
}

/// `for x in xs where c` in a comprehension.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// The name of the element.
    pub name: Ident,
    /// The list.
    pub domain: Expr,
    /// Which elements.
    pub filter: Option<Expr>,
}

/// A field of a record in braces.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordField {
    /// `..r`.
    Spread(Expr),
    /// `Key: v`, `"key": v`.
    Field(Ident, Expr),
}

/// The operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the operators")]
pub enum UnaryOp {
    Not,
    Negate,
}

/// The operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the operators")]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Matches,
    Coalesce,
    Implies,
}

impl BinaryOp {
    /// The operator as written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Matches => "matches",
            Self::Coalesce => "??",
            Self::Implies => "implies",
        }
    }
}

/// `and`, `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the operators")]
pub enum LogicOp {
    And,
    Or,
}

/// What stands behind `is`.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the variants are the tests")]
pub enum Test {
    Present,
    Absent,
    Known,
    Unknown,
    Type(TypeExpr),
}

/// `all x in nonempty xs where c: p`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantifier {
    /// Which.
    pub kind: QuantifierKind,
    /// The name of the element.
    pub name: Ident,
    /// Whether over nothing it is false.
    pub nonempty: bool,
    /// The list.
    pub domain: Expr,
    /// Which elements.
    pub filter: Option<Expr>,
    /// What is asked of each.
    pub body: Expr,
}

/// The quantifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words")]
pub enum QuantifierKind {
    All,
    Any,
    None,
    One,
}
