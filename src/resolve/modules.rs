//! Loading: roots, what they import, the schemas of the types that they name, and the adapters to these.

use indexmap::IndexMap;

use crate::base::{Arena, Sources, Span, Symbol};
use crate::builtins;
use crate::diagnostic::Diagnostics;
use crate::stdlib;
use crate::syntax;
use crate::syntax::ast;

use super::{
    Import, Kind, Module, ModuleId, ModuleLoader, Modules, Root, Target, declared, errors, graph,
    mentions,
};

/// The most modules a program may have, schemas included.
pub const MAX_MODULES: usize = 10_000;

/// Parses the roots and everything that they import, and the schemas of the types that they name.
pub fn load(
    roots: &[Root],
    loader: &dyn ModuleLoader,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Modules {
    let mut loading = Loading {
        loader,
        sources,
        sink,
        modules: Arena::new(),
        by_file: IndexMap::new(),
        roots: roots.len(),
        imported: 0,
    };
    for root in roots {
        loading.add(&root.module, &root.name, &root.text, Kind::User);
    }
    loading.follow_imports();
    loading.schemas();
    graph::refuse_cycles(&loading.modules, loading.sink);
    let modules = loading.modules;
    let known_types = known_types(&modules);
    Modules { modules, known_types }
}

/// The library's types and those that the program declares itself.
fn known_types(modules: &Arena<Module>) -> Vec<Symbol> {
    let mut known: Vec<Symbol> = stdlib::known_types().map(Symbol::from).collect();
    for module in modules.iter().filter(|module| module.kind != Kind::Schema) {
        for item in &module.ast.items {
            if let ast::ItemKind::Resource(decl) = &item.kind {
                known.push(decl.name.name.clone());
            }
        }
    }
    known.sort();
    known.dedup();
    known
}

struct Loading<'a> {
    loader: &'a dyn ModuleLoader,
    sources: &'a mut Sources,
    sink: &'a mut Diagnostics,
    modules: Arena<Module>,
    by_file: IndexMap<String, ModuleId>,
    roots: usize,
    /// How many modules' imports are tied.
    imported: usize,
}

impl Loading<'_> {
    /// The module of this file; parsed once.
    fn add(&mut self, path: &str, file: &str, text: &str, kind: Kind) -> ModuleId {
        if let Some(known) = self.by_file.get(file) {
            return *known;
        }
        let source = self.sources.add(file, text);
        let ast = syntax::parse_module(source, text, self.sink);
        let name = Symbol::from(path);
        let id = self.modules.add(Module { name, source, ast, kind, imports: IndexMap::new() });
        self.by_file.insert(file.to_owned(), id);
        id
    }

    /// Ties the imports of every module, those found on the way too.
    fn follow_imports(&mut self) {
        while self.imported < self.modules.len() {
            let id = ModuleId::new(u32::try_from(self.imported).unwrap_or(u32::MAX));
            self.imported += 1;
            let ast = &self.modules.at(id).ast;
            let (uses, own): (_, Vec<ast::Ident>) =
                (ast.uses.clone(), declared(ast).cloned().collect());
            let mut imports = IndexMap::new();
            for import in &uses {
                if self.modules.len() >= MAX_MODULES {
                    self.sink.push(errors::too_many_modules(import.span, MAX_MODULES));
                    break;
                }
                self.import(id, import, &mut imports);
            }
            for name in &own {
                if let Some(import) = imports.shift_remove(&name.name) {
                    let import: Import = import;
                    self.sink.push(errors::duplicate_name(&name.name, name.span, import.span));
                }
            }
            self.modules.at_mut(id).imports = imports;
        }
    }

    fn import(&mut self, from: ModuleId, import: &ast::Use, into: &mut IndexMap<Symbol, Import>) {
        let path = dotted(&import.path.segments);
        let Some(last) = import.path.segments.last() else { return };
        let Some(names) = &import.names else {
            let target = match self.find(&path, from) {
                Some(id) => Some(Target::Module(Some(id), Symbol::from(path.as_str()))),
                None if is_standard(&path) => {
                    Some(Target::Module(None, Symbol::from(path.as_str())))
                }
                None => self.item_of(from, import),
            };
            match target {
                Some(target) => {
                    let name = import.alias.as_ref().unwrap_or(last);
                    self.bind(name, target, into);
                }
                None => self.unknown(&path, import.path.span, from),
            }
            return;
        };
        let standard = is_standard(&path);
        let all_standard = standard && names.iter().all(|n| standard_name(&path, &n.name));
        let module = if all_standard { None } else { self.find(&path, from) };
        if module.is_none() && !standard {
            self.unknown(&path, import.path.span, from);
            return;
        }
        for name in names {
            match self.named(module, &path, &name.name) {
                Some(target) => self.bind(name, target, into),
                None => {
                    let known = self.names_of(module, &path);
                    self.sink.push(errors::unknown_import(&path, &name.name, name.span, &known));
                }
            }
        }
    }

    /// `use a.b.c` where `a.b` is the module and `c` a declaration in it.
    fn item_of(&mut self, from: ModuleId, import: &ast::Use) -> Option<Target> {
        let (last, before) = import.path.segments.split_last()?;
        let path = dotted(before);
        let module = self.find(&path, from);
        self.named(module, &path, &last.name)
    }

    fn named(&self, module: Option<ModuleId>, path: &str, name: &Symbol) -> Option<Target> {
        let declares = |id: &ModuleId| {
            self.modules.get(*id).is_some_and(|m| declared(&m.ast).any(|d| d.name == *name))
        };
        match module.filter(declares) {
            Some(id) => Some(Target::Item(id, name.clone())),
            None => standard_name(path, name).then(|| Target::Standard(name.clone())),
        }
    }

    fn names_of(&self, module: Option<ModuleId>, path: &str) -> Vec<String> {
        let module = module.and_then(|id| self.modules.get(id));
        let own = module.into_iter().flat_map(|m| declared(&m.ast)).map(|d| d.name.to_string());
        let functions = builtins::all().filter(|b| b.module == path).map(|b| b.name);
        let records = builtins::records().filter(|r| r.module == path).map(|r| r.name);
        own.chain(functions.chain(records).map(str::to_owned)).collect()
    }

    fn bind(&mut self, name: &ast::Ident, target: Target, into: &mut IndexMap<Symbol, Import>) {
        match into.get(&name.name) {
            Some(old) if old.target == target => {}
            Some(old) => {
                self.sink.push(errors::duplicate_name(&name.name, name.span, old.span));
            }
            None => {
                into.insert(name.name.clone(), Import { target, span: name.span });
            }
        }
    }

    fn unknown(&mut self, path: &str, span: Span, from: ModuleId) {
        let file = self.modules.get(from).map_or("", |m| self.sources.name(m.source)).to_owned();
        let mut candidates = self.loader.candidates(&file);
        candidates.extend(self.modules.iter().take(self.roots).map(|m| m.name.to_string()));
        let library = stdlib::MODULES.iter().map(|(name, _)| *name);
        candidates.extend(library.filter(|name| !name.starts_with("schema.")).map(str::to_owned));
        candidates.extend(builtins::all().map(|b| b.module.to_owned()));
        self.sink.push(errors::unknown_module(path, span, &candidates));
    }

    /// The module of this path, loaded where it is new. Library modules see the library alone.
    fn find(&mut self, path: &str, from: ModuleId) -> Option<ModuleId> {
        let importer = self.modules.get(from)?;
        if importer.kind == Kind::User {
            let file = self.sources.name(importer.source).to_owned();
            if let Some(found) = self.loader.load(path, &file) {
                return Some(self.add(path, &found.name, &found.text, Kind::User));
            }
            let mut roots = self.modules.iter_with_idx().take(self.roots);
            if let Some((id, _)) = roots.find(|(_, root)| root.name == path) {
                return Some(id);
            }
        }
        let text = stdlib::module(path)?;
        Some(self.add(path, &library_file(path), text, Kind::Library))
    }

    /// Loads the schema files of the types that any module names, and of those that these name.
    fn schemas(&mut self) {
        let mut at = 0;
        while at < self.modules.len() {
            let named = self.modules.iter().nth(at).map(|module| mentions::types(&module.ast));
            let named = named.unwrap_or_default();
            at += 1;
            for ty in &named {
                if !self.by_file.contains_key(ty.as_str())
                    && let Some(path) = stdlib::schema_module(ty)
                {
                    self.schema(path, ty);
                }
            }
        }
    }

    /// Loads the schema of a type, once, and the adapters to the types of its service.
    fn schema(&mut self, path: &str, ty: &str) {
        let file = library_file(path);
        let text = stdlib::schema_of(ty, stdlib::module(path).unwrap_or(""));
        let source = self.sources.add(&file, &text);
        let ast = syntax::parse_module(source, &text, self.sink);
        let (name, kind, imports) = (Symbol::from(path), Kind::Schema, IndexMap::new());
        let id = self.modules.add(Module { name, source, ast, kind, imports });
        self.by_file.insert(ty.to_owned(), id);
        self.adapters(path);
    }

    /// Loads the adapters to the types of a schema file.
    fn adapters(&mut self, schema: &str) {
        let service = schema.rsplit('.').next().unwrap_or(schema);
        let loader = self.loader;
        let wanted = |path: &str| path.split('.').nth(1).is_some_and(|source| loader.reads(source));
        for (path, text) in stdlib::adapters(service).filter(|(path, _)| wanted(path)) {
            self.add(path, &library_file(path), text, Kind::Library);
        }
        self.follow_imports();
    }
}

/// What messages call a file of the library.
fn library_file(path: &str) -> String {
    format!("stdlib/{}.assize", path.replace('.', "/"))
}

fn dotted(segments: &[ast::Ident]) -> String {
    let segments: Vec<&str> = segments.iter().map(|segment| segment.name.as_str()).collect();
    segments.join(".")
}

fn is_standard(path: &str) -> bool {
    builtins::all().any(|b| b.module == path) || builtins::records().any(|r| r.module == path)
}

fn standard_name(path: &str, name: &str) -> bool {
    builtins::all().any(|b| b.module == path && b.name == name)
        || builtins::records().any(|r| r.module == path && r.name == name)
}
