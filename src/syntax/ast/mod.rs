//! What was written: one tree a file, unresolved and untyped, a span on every node.
//!
//! The tree keeps all that the printer needs to write the same program again, but neither
//! parentheses nor comments other than doc comments. `a and b and c` is one [`ExprKind::Logic`]
//! with three operands, so that long conditions are not deep.

mod decl;
mod expr;

pub use decl::{
    AdapterDecl, AdapterStatement, Case, CaseStatement, ControlDecl, Each, Expect, FieldDecl,
    FrameworkDecl, FrameworkStatement, FunctionDecl, Given, Let, Margin, MarginAmount, MetBy,
    ParamDecl, ProfileDecl, ProfileStatement, RecordDecl, Reference, Requirement, ResourceDecl,
    Statement, StatementKind, Subject, TestDecl, TreatmentDecl, TreatmentStatement, WaiverDecl,
    WaiverStatement,
};
pub use expr::{
    BinaryOp, Expr, ExprKind, Generator, LogicOp, Quantifier, QuantifierKind, RecordField, Tag,
    Test, TextPart, UnaryOp,
};

use crate::base::Span;
use crate::base::Symbol;

/// A name where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub name: Symbol,
    /// Where.
    pub span: Span,
}

/// `a.b.c`, of a module or of something in one. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The names, in order.
    pub segments: Vec<Ident>,
    /// From the first to the last.
    pub span: Span,
}

/// A resource type where it stands: `AWS::S3::Bucket`.
pub type TypeName = Ident;

/// A string without interpolation, where one is wanted (a title, a date, a case's name).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text, unescaped.
    pub value: String,
    /// Where, quotes included.
    pub span: Span,
}

/// One file.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The `//!` lines, without their marks, joined by line ends.
    pub docs: String,
    /// Its imports.
    pub uses: Vec<Use>,
    /// Its declarations.
    pub items: Vec<Item>,
    /// The whole text.
    pub span: Span,
}

/// `use a.b`, `use a.b as c`, `use a.b.{c, d}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// What is imported, or the module out of which.
    pub path: Path,
    /// The name that it goes by here.
    pub alias: Option<Ident>,
    /// The names taken out of the module; `None` imports the module (or item) itself.
    pub names: Option<Vec<Ident>>,
    /// The whole statement.
    pub span: Span,
}

/// A declaration with its `///` lines (without their marks, joined by line ends).
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The doc comment; empty where there is none.
    pub docs: String,
    /// The declaration.
    pub kind: ItemKind,
    /// From its first word to its end.
    pub span: Span,
}

/// The kinds of declarations.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each variant is named by the declaration that it holds")]
pub enum ItemKind {
    Resource(ResourceDecl),
    Record(RecordDecl),
    Param(ParamDecl),
    Function(FunctionDecl),
    Control(ControlDecl),
    Framework(FrameworkDecl),
    Profile(ProfileDecl),
    Treatment(TreatmentDecl),
    Waiver(WaiverDecl),
    Adapter(AdapterDecl),
    Test(TestDecl),
}

/// A type where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeExprKind,
    /// Where.
    pub span: Span,
}

/// The forms of types.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeExprKind {
    /// `Int`, `Tag`: a built-in type or a record.
    Name(Symbol),
    /// `AWS::S3::Bucket`.
    Resource(Symbol),
    /// `AWS::EC2::SecurityGroup.Ingress`.
    Record(TypeName, Ident),
    /// `[T]`.
    List(Box<TypeExpr>),
    /// `{T}`: a map from text to T.
    Map(Box<TypeExpr>),
    /// `T?`.
    Optional(Box<TypeExpr>),
    /// `"gp2"`, as a member of an enum.
    Literal(String),
    /// `A | B | C`: an enum of literals, or a union of resource types.
    Union(Vec<TypeExpr>),
    /// Something that could not be read; already reported.
    Error,
}
