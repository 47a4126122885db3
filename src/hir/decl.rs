//! Declarations of the typed tree.

use std::collections::BTreeSet;

use crate::base::{Span, Symbol};
use crate::types::{RecordId, TypeId};

use super::expr::{Body, Expr, Let, LocalId, Statement};
use super::{ControlId, FrameworkId, FunctionId, ParamId};

/// A parameter of a module or a control.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it: `aws.s3`.
    pub module: Symbol,
    /// The control that declares it; `None` for a module's.
    pub control: Option<Symbol>,
    /// Its type.
    pub ty: TypeId,
    /// A constant expression (literals, operators, functions, other parameters declared before).
    pub default: Option<Expr>,
    /// The doc comment.
    pub docs: String,
    /// Where it was declared.
    pub span: Span,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// Its arguments.
    pub args: Vec<LocalId>,
    /// What it gives.
    pub result: TypeId,
    /// Its `let`s, in order.
    pub lets: Vec<Let>,
    /// Its value.
    pub value: Expr,
    /// Its locals.
    pub body: Body,
    /// The doc comment.
    pub docs: String,
    /// Where it was declared.
    pub span: Span,
}

/// How bad a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variants are the words")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// As written in a control.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// What a control speaks of.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Each resource of these types; the local's type is the type or their union.
    Resources(LocalId, Vec<RecordId>),
    /// Each resource of any type.
    Any(LocalId),
    /// The account: `AWS::::Account`, named `account`.
    Account(LocalId),
}

/// A control.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// `title`, or the first sentence of the doc comment, or empty.
    pub title: String,
    /// `medium` where it was not written.
    pub severity: Severity,
    /// `remedy`.
    pub remedy: Option<String>,
    /// `see`, in order.
    pub see: Vec<String>,
    /// What it speaks of.
    pub subject: Subject,
    /// Its own parameters.
    pub params: Vec<ParamId>,
    /// Every parameter that it reads, its own and its modules', through functions too.
    pub reads_params: Vec<ParamId>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Its locals.
    pub body: Body,
    /// The doc comment.
    pub docs: String,
    /// Its name's place.
    pub span: Span,
}

/// A framework.
#[derive(Clone, Debug)]
pub struct Framework {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// `title`.
    pub title: String,
    /// `see`.
    pub see: Vec<String>,
    /// Its baselines: a name, the ids of its requirements.
    pub baselines: Vec<(Symbol, Vec<Symbol>)>,
    /// Its requirements, in order of writing, parents before children.
    pub requirements: Vec<Requirement>,
    /// Its name's place.
    pub span: Span,
}

impl Framework {
    /// The requirements of a baseline; all of them without one.
    pub fn covered(&self, baseline: Option<&Symbol>) -> impl Iterator<Item = &Requirement> {
        let ids = baseline.and_then(|name| self.baselines.iter().find(|(known, _)| known == name));
        let ids: Option<BTreeSet<&Symbol>> = ids.map(|(_, ids)| ids.iter().collect());
        let is_in = move |requirement: &&Requirement| {
            ids.as_ref().is_none_or(|ids| ids.contains(&requirement.id))
        };
        self.requirements.iter().filter(is_in)
    }
}

/// A requirement of a framework.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its id.
    pub id: Symbol,
    /// Its title, or empty.
    pub title: String,
    /// The number (in the framework's list) of the requirement that it stands in.
    pub parent: Option<u32>,
    /// The controls by which it is met.
    pub met_by: Vec<MetBy>,
    /// What a person must attest.
    pub manual: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// `control when condition`.
#[derive(Clone, Debug)]
pub struct MetBy {
    /// The control.
    pub control: ControlId,
    /// For which parameters it holds: a constant expression over the control's parameters.
    pub condition: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

/// A profile: one accreditation type.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// `title`.
    pub title: String,
    /// What it covers: a framework, and which baseline of it.
    pub covers: Vec<(FrameworkId, Option<Symbol>)>,
    /// Controls added.
    pub uses: Vec<ControlId>,
    /// Controls left out.
    pub excludes: Vec<ControlId>,
    /// Values of parameters: constant expressions.
    pub sets: Vec<(ParamId, Expr)>,
    /// Margins.
    pub margins: Vec<Margin>,
    /// Its name's place.
    pub span: Span,
}

/// `margin control 2% for 7d`.
#[derive(Clone, Debug)]
pub struct Margin {
    /// The control.
    pub control: ControlId,
    /// How many may fail.
    pub amount: MarginAmount,
    /// Since first seen, for how long at most, in microseconds.
    pub during: Option<i64>,
    /// Where it stands.
    pub span: Span,
}

/// How many may fail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MarginAmount {
    /// A share of the control's population (pass and fail), in percent.
    Percent(f64),
    /// A number of resources.
    Count(i64),
}

/// A waiver.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// The control.
    pub control: ControlId,
    /// The name that its condition uses for the subject: the control's own.
    pub subject: LocalId,
    /// For which subjects; without, for all.
    pub condition: Option<Expr>,
    /// The instant from which it has no force, in microseconds since 1970 (UTC).
    pub until: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub approved_by: String,
    /// Its locals.
    pub body: Body,
    /// Its name's place.
    pub span: Span,
}

/// Whether a treatment acts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words")]
pub enum TreatmentMode {
    Propose,
    Automatic,
}

/// A treatment; checked, not run yet.
#[derive(Clone, Debug)]
pub struct Treatment {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// The control whose failures it corrects.
    pub control: ControlId,
    /// The subject.
    pub subject: LocalId,
    /// `mode`.
    pub mode: TreatmentMode,
    /// `limit N per DURATION`, in microseconds.
    pub limit: Option<(i64, i64)>,
    /// `when`s.
    pub conditions: Vec<Expr>,
    /// Its `let`s.
    pub lets: Vec<Let>,
    /// The properties that it sets (a path from the subject) and their values.
    pub sets: Vec<(Vec<Symbol>, Expr)>,
    /// Its locals.
    pub body: Body,
    /// Its name's place.
    pub span: Span,
}

/// An adapter: the schema's view of another source's item.
#[derive(Clone, Debug)]
pub struct Adapter {
    /// `config`, `terraform`.
    pub source: Symbol,
    /// The type that it gives.
    pub target: RecordId,
    /// The type of the items that it reads, in the source's own words.
    pub of: Symbol,
    /// The source's item, a `Json` that is read leniently.
    pub item: LocalId,
    /// There is such a resource only where all of these hold.
    pub conditions: Vec<Expr>,
    /// Its `let`s.
    pub lets: Vec<Let>,
    /// The properties that it sets, in order.
    pub sets: Vec<(Symbol, Expr)>,
    /// Its locals.
    pub body: Body,
    /// Where it stands.
    pub span: Span,
}

/// `test control { … }`.
#[derive(Clone, Debug)]
pub struct TestSet {
    /// The control.
    pub control: ControlId,
    /// The module that it stands in.
    pub module: Symbol,
    /// Its cases.
    pub cases: Vec<Case>,
    /// Where it stands.
    pub span: Span,
}

/// `case "…" { … }`.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Its resources.
    pub given: Vec<Given>,
    /// Its files, as written (relative to the folder of the module's file), with their places.
    pub files: Vec<(String, Span)>,
    /// Values of parameters: constant expressions.
    pub sets: Vec<(ParamId, Expr)>,
    /// What must come out.
    pub expects: Vec<Expectation>,
    /// Where it stands.
    pub span: Span,
}

/// `given TYPE "id" { @account: "…", Property: … }`.
#[derive(Clone, Debug)]
pub struct Given {
    /// The type.
    pub resource: RecordId,
    /// The id; where it is left out, the type's last word and a number.
    pub id: Symbol,
    /// `account`, `region`, `arn`, `name`, `tags`, `created`, `metadata`, `attributes`: constant
    /// expressions.
    pub attributes: Vec<(Symbol, Expr)>,
    /// The properties that are written: constant expressions of their field's type. `unknown` may
    /// stand for any value, `absent` is as good as left out.
    pub properties: Vec<(Symbol, Expr)>,
    /// Where it stands.
    pub span: Span,
}

/// `expect fail "message" for "id"`.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The verdict, as written: `pass` `fail` `unknown` `error` `manual` `not_applicable`.
    pub verdict: Symbol,
    /// A part of a message.
    pub message: Option<String>,
    /// For which resource; without, for the only one of the control's subjects, or for all.
    pub resource: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// A function of the program or a standard one, where a message needs to name either.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Callee {
    /// A function of the program.
    Function(FunctionId),
    /// A standard function.
    Builtin(Symbol),
}
