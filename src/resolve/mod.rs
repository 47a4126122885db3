//! The modules of a program: files found, parsed, tied together by their imports.
//!
//! A module path `a.b` is looked up by the [`ModuleLoader`] (files beside the importing one), then among
//! the roots, then in the library that is built in. Schemas of resource types are found by the types
//! that a program names; only those schema files are parsed.

pub mod errors;
mod graph;
mod mentions;
mod modules;

pub use modules::load;

use indexmap::IndexMap;

use crate::base::{Arena, Idx, SourceId, Span, Symbol};
use crate::syntax::ast;

/// The number of a module.
pub type ModuleId = Idx<Module>;

/// A text that a caller wants compiled.
#[derive(Clone, Debug)]
pub struct Root {
    /// The module's path: `storage`, `org.storage`.
    pub module: String,
    /// What messages call the file.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A module's text, found.
#[derive(Clone, Debug)]
pub struct ModuleText {
    /// What messages call the file; two imports that find the same name find the same module.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Finds the files of modules. The command line has one that reads files.
pub trait ModuleLoader {
    /// The module `path` (dotted), as imported by the file called `from`.
    fn load(&self, path: &str, from: &str) -> Option<ModuleText>;

    /// Whether inputs of this source may come: `config`, `terraform`. The library's adapters to the types of one
    /// that does not are left out.
    fn reads(&self, _source: &str) -> bool {
        true
    }

    /// Paths of modules that could be meant, for "did you mean".
    fn candidates(&self, _from: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Texts in memory, by module path.
#[derive(Clone, Debug, Default)]
pub struct MemoryLoader {
    /// Module path and text.
    pub modules: IndexMap<String, String>,
}

impl ModuleLoader for MemoryLoader {
    fn load(&self, path: &str, _from: &str) -> Option<ModuleText> {
        let text = self.modules.get(path)?.clone();
        Some(ModuleText { name: format!("{}.assize", path.replace('.', "/")), text })
    }

    fn candidates(&self, _from: &str) -> Vec<String> {
        self.modules.keys().cloned().collect()
    }
}

/// Where a module comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The caller, or a file found by an import.
    User,
    /// The library that is built in.
    Library,
    /// A schema file of the library, loaded because a type of it is named.
    Schema,
}

/// A module, parsed.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its path: `aws.s3`.
    pub name: Symbol,
    /// Its text.
    pub source: SourceId,
    /// Its tree.
    pub ast: ast::Module,
    /// Where it comes from.
    pub kind: Kind,
    /// What its imports name, by the name that they go by here.
    pub imports: IndexMap<Symbol, Import>,
}

/// What an imported name stands for.
#[derive(Clone, Debug)]
pub struct Import {
    /// What it is.
    pub target: Target,
    /// Where it was imported.
    pub span: Span,
}

/// What an imported name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module: its file, where it has one, and the path by which standard functions know it.
    Module(Option<ModuleId>, Symbol),
    /// A declaration of a module.
    Item(ModuleId, Symbol),
    /// A standard function or record of this name.
    Standard(Symbol),
}

/// The modules of a program.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    /// All of them: roots first, in the order given, then what they import, then schemas.
    pub modules: Arena<Module>,
    /// Every resource type that has a schema here, loaded or not.
    pub known_types: Vec<Symbol>,
}

/// The names that a module declares, with their places. Records and resource types that belong to a
/// resource type are global and not among them.
pub fn declared(module: &ast::Module) -> impl Iterator<Item = &ast::Ident> {
    use ast::ItemKind as Kind;
    module.items.iter().filter_map(|item| match &item.kind {
        Kind::Record(decl) if decl.owner.is_none() => Some(&decl.name),
        Kind::Resource(_) | Kind::Record(_) | Kind::Adapter(_) | Kind::Test(_) => None,
        Kind::Param(decl) => Some(&decl.name),
        Kind::Function(decl) => Some(&decl.name),
        Kind::Control(decl) => Some(&decl.name),
        Kind::Framework(decl) => Some(&decl.name),
        Kind::Profile(decl) => Some(&decl.name),
        Kind::Treatment(decl) => Some(&decl.name),
        Kind::Waiver(decl) => Some(&decl.name),
    })
}
