//! Expressions and statements of the typed tree.

use crate::base::{Arena, Idx, Span, Symbol};
use crate::types::{RecordId, TypeId};
use crate::value::Value;

use super::{FunctionId, ParamId};

/// The number of a local in its body.
pub type LocalId = Idx<Local>;

/// A name bound in a body: subject, argument, `let`, element of a quantifier.
#[derive(Clone, Debug)]
pub struct Local {
    /// As written.
    pub name: Symbol,
    /// Its type at its binding (narrowing does not change it; a narrowed use has its own type).
    pub ty: TypeId,
    /// Where it was bound.
    pub span: Span,
}

/// The locals of one control, function or other place for expressions.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// All of them, in the order of their binding.
    pub locals: Arena<Local>,
}

/// `let name = value`: evaluated at most once, and only where used.
#[derive(Clone, Debug)]
pub struct Let {
    /// The name.
    pub local: LocalId,
    /// The value.
    pub value: Expr,
}

/// An expression with its type.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type, narrowing included.
    pub ty: TypeId,
    /// Where it was written.
    pub span: Span,
}

/// A field of a record or resource type, known at compile time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRef {
    /// The record or resource type that the base has; `None` where the base is of a union (each
    /// member has a field of this name, or the field is optional and some members lack it).
    pub record: Option<RecordId>,
    /// The field.
    pub name: Symbol,
}

/// The expressions.
///
/// Semantics in one line each; `open` is an unknown operand, and traps (broken data, overflow,
/// limits) stop the statement that they happen in.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant, literal or folded; `Value::Absent` for the word `absent`, an open value for the
    /// word `unknown` (tests only).
    Constant(Value),
    /// A parameter's value.
    Param(ParamId),
    /// A local.
    Local(LocalId),
    /// The run's instant.
    Now,
    /// A property or field: of a record, or of a resource's properties. Absent base (a `?.` chain,
    /// or a base of an optional type) gives absent.
    Field(Box<Expr>, FieldRef),
    /// A common attribute of a resource: `id` `type` `account` `region` `arn` `name` `tags` `created`
    /// `properties` `metadata` `attributes`.
    Attribute(Box<Expr>, Symbol),
    /// A field of a `Json`: absent where it is not an object or has no such key.
    JsonField(Box<Expr>, Symbol),
    /// `xs[i]`, `m["k"]`, `json[i or "k"]`: absent where there is none. Negative indexes give absent.
    Index(Box<Expr>, Box<Expr>),
    /// A call of a function of the program.
    Call(FunctionId, Vec<Expr>),
    /// A call of a standard function, by its name in the registry of `builtins`; method calls have
    /// their receiver first. `origin(x)` is one of them.
    Builtin(Symbol, Vec<Expr>),
    /// `x -> Type`: the references are the texts in `x` (text, list of texts, optional: through all).
    Follow {
        /// The references.
        from: Box<Expr>,
        /// Which resources.
        target: RecordId,
        /// The properties of the target by which the schema of `from`'s field says it refers; empty
        /// where the schema says nothing (then: the properties that identify the target).
        by: Vec<Symbol>,
    },
    /// `r <- Type.A.B`: resources of `source` in which the property refers to `r`.
    Reverse {
        /// The resource referred to.
        to: Box<Expr>,
        /// Whose property it is.
        source: RecordId,
        /// The property's path, through lists and optionals.
        path: Vec<Symbol>,
        /// The properties of `to` by which it refers; empty as above.
        by: Vec<Symbol>,
    },
    /// The resources of a type: in the subject's account, or everywhere.
    Resources(RecordId, bool),
    /// `not x`.
    Not(Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// `and`: two operands at least.
    And(Vec<Expr>),
    /// `or`: two operands at least.
    Or(Vec<Expr>),
    /// `a implies b`.
    Implies(Box<Expr>, Box<Expr>),
    /// `a ?? b`.
    Coalesce(Box<Expr>, Box<Expr>),
    /// The other operators with two operands.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `is …`; `is not …` is `Not` of it.
    Question(Box<Expr>, Question),
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `all x in xs where c: p`.
    Quantifier {
        /// Which.
        kind: QuantifierKind,
        /// Whether over nothing it is false.
        nonempty: bool,
        /// The element.
        local: LocalId,
        /// The list.
        domain: Box<Expr>,
        /// Which elements.
        filter: Option<Box<Expr>>,
        /// What is asked of each.
        body: Box<Expr>,
    },
    /// `[e for x in xs where c for y in ys]`.
    Comprehension(Box<Expr>, Vec<Generator>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `{ A: x, B: y }` as a record of this type: a field that is not written is absent, or its
    /// schema's default. With `spread`: the others are taken from there.
    Record {
        /// The record's type.
        record: RecordId,
        /// The record that is updated.
        spread: Option<Box<Expr>>,
        /// The fields that are written.
        fields: Vec<(Symbol, Expr)>,
    },
    /// `{ "a": x }` where a map or a `Json` is wanted.
    Map(Vec<(Symbol, Expr)>),
    /// `"port {port}"`.
    Text(Vec<TextPart>),
    /// An implicit conversion that the checker allowed: `T` to `Json` is none; Int literal to Float is
    /// folded. What is left: a record in braces used where a declared record is wanted.
    Convert(Box<Expr>, RecordId),
    /// Something wrong, already reported.
    Error,
}

/// A part of an interpolated text.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// These characters.
    Literal(Symbol),
    /// The text of a value.
    Expr(Expr),
}

/// What `is` asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// `is present`.
    Present,
    /// `is absent`.
    Absent,
    /// `is known`.
    Known,
    /// `is unknown`.
    Unknown,
    /// `is Type`, of a `Json` or a union.
    Type(TypeId),
}

/// The operators with two operands that need both.
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

/// `for x in xs where c`.
#[derive(Clone, Debug)]
pub struct Generator {
    /// The element.
    pub local: LocalId,
    /// The list.
    pub domain: Expr,
    /// Which elements.
    pub filter: Option<Expr>,
}

/// A statement of a control or of an `each`, in order of writing.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole statement.
    pub span: Span,
}

/// The statements that are evaluated.
#[derive(Clone, Debug)]
pub enum StatementKind {
    /// `let …`.
    Let(Let),
    /// `when COND`.
    When(Expr),
    /// `require COND else "…"`; `forbid COND` is `require not COND`.
    Require {
        /// What must hold.
        condition: Expr,
        /// What to say where it does not.
        message: Message,
        /// Whether it was written `forbid`.
        forbid: bool,
        /// An earlier `require` that proves presence for this one (narrowing "in the rest of the
        /// block"): the number of that statement among the `Require`s of the control, in order of
        /// writing. This one is skipped where that one did not hold.
        after: Vec<u32>,
    },
    /// `each x in xs where c { … }`.
    Each(Each),
    /// `manual "…"`.
    Manual(Symbol),
}

/// What a requirement says where it does not hold.
#[derive(Clone, Debug)]
pub enum Message {
    /// An interpolated text. An open or absent part is shown as `unknown` or `absent`.
    Written(Expr),
    /// None was written: the text of the condition, as it stands in the source.
    Made(Symbol),
}

/// `each x in xs where c { … }`.
#[derive(Clone, Debug)]
pub struct Each {
    /// The element.
    pub local: LocalId,
    /// The list.
    pub domain: Expr,
    /// Which elements.
    pub filter: Option<Expr>,
    /// What is asked of each.
    pub body: Vec<Statement>,
}
