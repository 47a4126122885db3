//! The type checker: trees of modules in, the typed tree out.
//!
//! Types flow down as wishes and up as answers (bidirectional): a literal takes the type that is wanted
//! where it stands. What may be absent is never used as if it were there, unless a condition that must
//! have held says so (`narrowing`), or a false answer can only make a requirement fail (`optional`).

mod adapters;
mod arithmetic;
mod builtin_calls;
mod calls;
mod constants;
mod controls;
mod declarations;
pub mod errors;
mod evaluate;
mod expressions;
mod fields;
mod frameworks;
mod functions;
mod literals;
mod lookup;
mod narrowing;
mod operators;
mod optional;
mod params;
mod place;
mod profiles;
mod quantifiers;
mod records;
mod references;
mod schema;
mod statements;
mod tests;
mod treatments;
mod type_exprs;
mod waivers;

use indexmap::IndexMap;

use crate::base::{Sources, Span, Symbol};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hir::{ControlId, FrameworkId, FunctionId, Hir, ParamId};
use crate::resolve::{Module, ModuleId, Modules};
use crate::types::{RecordId, Type, TypeId};

pub(crate) use evaluate::lose_coverage;
use functions::Signature;
use place::Place;

/// Checks the modules. What is wrong goes to the sink; the tree is whole where the sink got no error.
pub fn check(modules: &Modules, sources: &Sources, sink: &mut Diagnostics) -> Hir {
    let mut hir = Hir { known_types: modules.known_types.clone(), ..Hir::default() };
    let core = Core::new(&mut hir);
    let mut checker = Checker {
        modules,
        sources,
        sink,
        hir,
        core,
        module: ModuleId::new(0),
        names: vec![IndexMap::new(); modules.modules.len()],
        signatures: Vec::new(),
        record_modules: IndexMap::new(),
        place: Place::default(),
    };
    checker.declare_types();
    checker.declare_names();
    checker.check_params();
    checker.check_functions();
    checker.check_controls();
    checker.check_frameworks();
    checker.check_profiles();
    checker.check_waivers();
    checker.check_treatments();
    checker.check_adapters();
    checker.check_tests();
    checker.hir
}

/// The types that the checker itself speaks of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Core {
    error: TypeId,
    never: TypeId,
    bool: TypeId,
    int: TypeId,
    float: TypeId,
    string: TypeId,
    duration: TypeId,
    timestamp: TypeId,
    ip: TypeId,
    cidr: TypeId,
    regex: TypeId,
    glob: TypeId,
    version: TypeId,
    json: TypeId,
    resource: TypeId,
    tags: TypeId,
}

impl Core {
    fn new(hir: &mut Hir) -> Self {
        let types = &mut hir.types;
        let string = types.intern(Type::String);
        Self {
            error: types.intern(Type::Error),
            never: types.intern(Type::Never),
            bool: types.intern(Type::Bool),
            int: types.intern(Type::Int),
            float: types.intern(Type::Float),
            string,
            duration: types.intern(Type::Duration),
            timestamp: types.intern(Type::Timestamp),
            ip: types.intern(Type::Ip),
            cidr: types.intern(Type::Cidr),
            regex: types.intern(Type::Regex),
            glob: types.intern(Type::Glob),
            version: types.intern(Type::Version),
            json: types.intern(Type::Json),
            resource: types.intern(Type::AnyResource),
            tags: types.intern(Type::Map(string)),
        }
    }
}

/// What a name of a module stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    Function(FunctionId),
    Param(ParamId),
    /// A control; without a number until it has been checked.
    Control(Option<ControlId>),
    Framework(Option<FrameworkId>),
    Record(RecordId),
    Profile,
    Treatment,
    Waiver,
}

impl Declared {
    /// In a message.
    fn what(self) -> &'static str {
        match self {
            Self::Function(_) => "a function",
            Self::Param(_) => "a parameter",
            Self::Control(_) => "a control",
            Self::Framework(_) => "a framework",
            Self::Record(_) => "a record type",
            Self::Profile => "a profile",
            Self::Treatment => "a treatment",
            Self::Waiver => "a waiver",
        }
    }
}

/// A declared name with its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    declared: Declared,
    span: Span,
}

/// The state of a run of the checker.
pub(crate) struct Checker<'a> {
    modules: &'a Modules,
    sources: &'a Sources,
    sink: &'a mut Diagnostics,
    hir: Hir,
    core: Core,
    /// The module that is being checked.
    module: ModuleId,
    /// What each module declares, by module number.
    names: Vec<IndexMap<Symbol, Named>>,
    /// The functions of the program, by the number that they have until they are put in order.
    signatures: Vec<Signature<'a>>,
    /// Which module declares a record: its functions are found by method calls.
    record_modules: IndexMap<RecordId, ModuleId>,
    /// The body that is being checked.
    place: Place,
}

impl<'a> Checker<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// The module's tree and imports.
    fn module_at(&self, id: ModuleId) -> Option<&'a Module> {
        self.modules.modules.get(id)
    }

    /// The path of the module that is being checked.
    fn module_name(&self) -> Symbol {
        self.module_at(self.module).map_or_else(|| Symbol::from(""), |module| module.name.clone())
    }

    fn ty(&self, id: TypeId) -> &Type {
        self.hir.types.get(id)
    }

    fn list_of(&mut self, inner: TypeId) -> TypeId {
        self.hir.types.intern(Type::List(inner))
    }

    fn is_error(&self, id: TypeId) -> bool {
        id == self.core.error
    }

    /// A type as an author would write it.
    fn show(&self, id: TypeId) -> String {
        crate::types::display::type_text(&self.hir.types, id)
    }

    /// The text of an expression on one line, shortened where it is long.
    fn source_text(&self, span: Span) -> String {
        const LONGEST: usize = 60;
        let words: Vec<&str> = self.sources.text(span).split_whitespace().collect();
        let text = words.join(" ");
        if text.chars().count() <= LONGEST {
            return text;
        }
        let mut short: String = text.chars().take(LONGEST).collect();
        short.push('…');
        short
    }

    /// Every module with its number, in order.
    fn each_module(&self) -> impl Iterator<Item = (ModuleId, &'a Module)> + use<'a> {
        self.modules.modules.iter_with_idx()
    }
}
