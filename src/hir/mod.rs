//! The typed tree: names bound, every expression typed, sugar gone, spans instead of syntax.
//!
//! What the checker gives to the compiler (and, in the tests, to the oracle). Every expression of a
//! program without errors has a type that is not [`Type::Error`](crate::types::Type::Error).

pub mod decl;
pub mod expr;
pub mod print;
mod print_expr;
pub mod visit;

pub use decl::{
    Adapter, Case, Control, Expectation, Framework, Function, Given, Margin, MarginAmount, MetBy,
    Param, Profile, Requirement, Severity, Subject, TestSet, Treatment, TreatmentMode, Waiver,
};
pub use expr::{
    BinaryOp, Body, Each, Expr, ExprKind, FieldRef, Generator, Let, Local, LocalId, Message,
    QuantifierKind, Question, Statement, StatementKind, TextPart,
};

use crate::base::{Arena, Idx, Symbol};
use crate::types::Types;

/// The number of a parameter.
pub type ParamId = Idx<Param>;
/// The number of a function.
pub type FunctionId = Idx<Function>;
/// The number of a control.
pub type ControlId = Idx<Control>;
/// The number of a framework.
pub type FrameworkId = Idx<Framework>;

/// A whole program, checked.
#[derive(Clone, Debug, Default)]
pub struct Hir {
    /// Its types and schemas.
    pub types: Types,
    /// The parameters of its modules and controls.
    pub params: Arena<Param>,
    /// Its functions, callees before callers.
    pub functions: Arena<Function>,
    /// Its controls, by module, then as written.
    pub controls: Arena<Control>,
    /// Its frameworks.
    pub frameworks: Arena<Framework>,
    /// Its profiles.
    pub profiles: Vec<Profile>,
    /// Its waivers.
    pub waivers: Vec<Waiver>,
    /// Its treatments.
    pub treatments: Vec<Treatment>,
    /// Its adapters.
    pub adapters: Vec<Adapter>,
    /// Its tests, as written.
    pub tests: Vec<TestSet>,
    /// Every resource type that has a schema in this program's library, loaded or not: what is not
    /// among these is a gap when a template holds it.
    pub known_types: Vec<Symbol>,
}
