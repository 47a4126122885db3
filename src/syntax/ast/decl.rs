//! Declarations and statements, as written.

use crate::base::Span;

use super::{Expr, Ident, Path, Text, TypeExpr, TypeName};

/// `resource AWS::EC2::Volume identified by VolumeId { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDecl {
    /// The type.
    pub name: TypeName,
    /// The properties that identify a resource.
    pub identified_by: Vec<Ident>,
    /// Its properties.
    pub fields: Vec<FieldDecl>,
}

/// `record Name { … }` or `record AWS::EC2::SecurityGroup.Ingress { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDecl {
    /// The resource type that the record belongs to.
    pub owner: Option<TypeName>,
    /// The name (after the dot, where it has an owner).
    pub name: Ident,
    /// Its fields.
    pub fields: Vec<FieldDecl>,
}

/// `KmsKeyId: String? -> AWS::KMS::Key.Arn = default sensitive`.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDecl {
    /// The doc comment.
    pub docs: String,
    /// The property's name.
    pub name: Ident,
    /// Its type, `?` included.
    pub ty: TypeExpr,
    /// What its text refers to.
    pub references: Vec<Reference>,
    /// What the provider does where it is left out.
    pub default: Option<Expr>,
    /// Words after it: `readonly`, `writeonly`, `sensitive`.
    pub marks: Vec<Ident>,
    /// The whole.
    pub span: Span,
}

/// `AWS::KMS::Key.Arn` behind `->` in a schema.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The type referred to.
    pub resource: TypeName,
    /// The property of it that is given.
    pub property: Ident,
}

/// `param name: T = default`.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamDecl {
    /// The doc comment.
    pub docs: String,
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeExpr,
    /// Its value where nobody sets one.
    pub default: Option<Expr>,
    /// The whole.
    pub span: Span,
}

/// `fn f(x: T) -> U = e` or `fn f(x: T) -> U { let … return e }`.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDecl {
    /// Its name.
    pub name: Ident,
    /// Its arguments.
    pub args: Vec<(Ident, TypeExpr)>,
    /// What it gives.
    pub result: TypeExpr,
    /// The `let`s of a block body.
    pub lets: Vec<Let>,
    /// The value.
    pub body: Expr,
    /// Whether the body was written as a block.
    pub block: bool,
}

/// `let name: T = e`.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: Ident,
    /// Its type, where one was written.
    pub ty: Option<TypeExpr>,
    /// Its value.
    pub value: Expr,
    /// The whole.
    pub span: Span,
}

/// `for bucket in AWS::S3::Bucket | …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The name of the subject.
    pub name: Ident,
    /// Its types; `Resource` stands as a single name.
    pub types: Vec<TypeName>,
    /// The whole.
    pub span: Span,
}

/// `control name for … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct ControlDecl {
    /// Its name.
    pub name: Ident,
    /// Its subject; without, the account.
    pub subject: Option<Subject>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

/// A statement of a control or of an `each`.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// The whole.
    pub span: Span,
}

/// The statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `title "…"`.
    Title(Text),
    /// `severity high`.
    Severity(Ident),
    /// `remedy "…"`.
    Remedy(Text),
    /// `see "url"`.
    See(Text),
    /// `param …` of the control.
    Param(ParamDecl),
    /// `let …`.
    Let(Let),
    /// `when COND`.
    When(Expr),
    /// `require COND else "…"`.
    Require(Expr, Option<Expr>),
    /// `forbid COND else "…"`.
    Forbid(Expr, Option<Expr>),
    /// `each x in xs where c { … }`.
    Each(Each),
    /// `manual "…"`.
    Manual(Text),
    /// Something that could not be read; already reported.
    Error,
}

/// `each x in xs where c { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// The name of the element.
    pub name: Ident,
    /// The list.
    pub domain: Expr,
    /// Which elements.
    pub filter: Option<Expr>,
    /// What is asked of each.
    pub body: Vec<Statement>,
}

/// `framework name { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameworkDecl {
    /// Its name.
    pub name: Ident,
    /// Its statements, in order.
    pub statements: Vec<FrameworkStatement>,
}

/// A statement of a framework.
#[derive(Clone, Debug, PartialEq)]
pub enum FrameworkStatement {
    /// `title "…"`.
    Title(Text),
    /// `see "…"`.
    See(Text),
    /// `baseline name = ["…"]`.
    Baseline(Ident, Expr),
    /// `requirement "id" …`.
    Requirement(Requirement),
}

/// `requirement "id" "title" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Its id in the framework.
    pub id: Text,
    /// Its title.
    pub title: Option<Text>,
    /// `met by a, b when …`.
    pub met_by: Vec<MetBy>,
    /// `manual "…"`.
    pub manual: Vec<Text>,
    /// The requirements under it.
    pub children: Vec<Requirement>,
    /// The whole.
    pub span: Span,
}

/// `path when condition`.
#[derive(Clone, Debug, PartialEq)]
pub struct MetBy {
    /// The control.
    pub control: Path,
    /// For which parameters it holds.
    pub condition: Option<Expr>,
}

/// `profile name { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileDecl {
    /// Its name.
    pub name: Ident,
    /// Its statements, in order.
    pub statements: Vec<ProfileStatement>,
}

/// A statement of a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum ProfileStatement {
    /// `title "…"`.
    Title(Text),
    /// `covers framework baseline name`.
    Covers(Path, Option<Ident>),
    /// `use control, …`.
    Use(Vec<Path>),
    /// `exclude control, …`.
    Exclude(Vec<Path>),
    /// `set control.param = value`.
    Set(Path, Expr),
    /// `margin control 2% for 7d`.
    Margin(Margin),
}

/// `margin control 2% for 7d`.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The control.
    pub control: Path,
    /// How many may fail.
    pub amount: MarginAmount,
    /// Since first seen, for how long at most, in microseconds.
    pub during: Option<i64>,
    /// The whole.
    pub span: Span,
}

/// How many may fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MarginAmount {
    /// A share of the population, in percent.
    Percent(f64),
    /// A number of resources.
    Count(i64),
}

/// `treatment name for control { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct TreatmentDecl {
    /// Its name.
    pub name: Ident,
    /// The control whose failures it corrects.
    pub control: Path,
    /// Its statements, in order.
    pub statements: Vec<TreatmentStatement>,
}

/// A statement of a treatment.
#[derive(Clone, Debug, PartialEq)]
pub enum TreatmentStatement {
    /// `when COND`.
    When(Expr),
    /// `mode propose`.
    Mode(Ident),
    /// `limit 5 per 1h`, the time in microseconds.
    Limit(i64, i64, Span),
    /// `set subject.Property = e`.
    Set(Expr, Expr),
    /// `let …`.
    Let(Let),
}

/// `waiver name { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct WaiverDecl {
    /// Its name.
    pub name: Ident,
    /// Its statements, in order.
    pub statements: Vec<WaiverStatement>,
}

/// A statement of a waiver.
#[derive(Clone, Debug, PartialEq)]
pub enum WaiverStatement {
    /// `control path`.
    Control(Path),
    /// `where COND` on the subject.
    Where(Expr),
    /// `until 2027-01-31`: the instant at which it ends, in microseconds since 1970 (UTC).
    Until(i64, Span),
    /// `reason "…"`.
    Reason(Text),
    /// `approved by "…"`.
    ApprovedBy(Text),
}

/// `adapter config for TYPE from item in TYPE { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct AdapterDecl {
    /// The source that it reads: `config`, `terraform`.
    pub source: Ident,
    /// The type that it gives.
    pub target: TypeName,
    /// The name of the source's item in the body.
    pub item: Ident,
    /// The type of the items that it reads, where that is not the type that it gives.
    pub of: Option<TypeName>,
    /// Its statements, in order.
    pub statements: Vec<AdapterStatement>,
}

/// A statement of an adapter.
#[derive(Clone, Debug, PartialEq)]
pub enum AdapterStatement {
    /// `when e`: there is such a resource only where this holds.
    When(Expr),
    /// `let …`.
    Let(Let),
    /// `set Property = e`.
    Set(Ident, Expr),
}

/// `test control { case … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct TestDecl {
    /// The control.
    pub control: Path,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// `case "…" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What it shows.
    pub name: Text,
    /// Its statements, in order.
    pub statements: Vec<CaseStatement>,
    /// The whole.
    pub span: Span,
}

/// A statement of a test case.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseStatement {
    /// `given TYPE "id" { … }`.
    Given(Given),
    /// `given "file"`.
    GivenFile(Text),
    /// `set control.param = value`.
    Set(Path, Expr),
    /// `expect VERDICT "message" for "id"`.
    Expect(Expect),
}

/// `given TYPE "id" { @account: "…", Property: … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The type.
    pub resource: TypeName,
    /// The id; the case may leave it out.
    pub id: Option<Text>,
    /// `@account: …` and the like.
    pub attributes: Vec<(Ident, Expr)>,
    /// The properties: always a [`ExprKind::Record`].
    pub properties: Expr,
    /// The whole.
    pub span: Span,
}

/// `expect fail "message" for "id"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// `pass`, `fail`, `unknown`, `not_applicable`, `error`, `manual`.
    pub verdict: Ident,
    /// A part of a message.
    pub message: Option<Text>,
    /// For which resource.
    pub resource: Option<Text>,
    /// The whole.
    pub span: Span,
}
