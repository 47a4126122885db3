//! What a name means here: in this module, imported, standard.

use crate::base::{Span, Symbol};
use crate::builtins;
use crate::hir::{ControlId, FrameworkId, FunctionId, ParamId};
use crate::resolve::{ModuleId, Target};
use crate::syntax::ast;

use super::errors::names as errors;
use super::{Checker, Declared};

/// What a name that is called stands for.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    Function(FunctionId),
    Standard(Symbol),
}

/// Whether there is a standard function of this name.
pub(crate) fn is_standard(name: &str) -> bool {
    builtins::all().any(|builtin| builtin.name == name)
}

impl Checker<'_> {
    /// What the module declares under this name.
    pub(super) fn declared_in(&self, module: ModuleId, name: &str) -> Option<Declared> {
        self.names.get(module.index())?.get(name).map(|named| named.declared)
    }

    /// What the name stands for in the module that is being checked: declared there or imported.
    pub(super) fn find_declared(&self, name: &str) -> Option<Declared> {
        if let Some(own) = self.declared_in(self.module, name) {
            return Some(own);
        }
        match &self.module_at(self.module)?.imports.get(name)?.target {
            Target::Item(module, item) => self.declared_in(*module, item),
            Target::Module(..) | Target::Standard(_) => None,
        }
    }

    /// The module that the name stands for here, with the path by which standard functions know it.
    pub(super) fn find_module(&self, name: &str) -> Option<(Option<ModuleId>, Symbol)> {
        match &self.module_at(self.module)?.imports.get(name)?.target {
            Target::Module(module, path) => Some((*module, path.clone())),
            Target::Item(..) | Target::Standard(_) => None,
        }
    }

    /// Every name that can be said without a path here, locals first.
    pub(super) fn names_in_scope(&self) -> Vec<String> {
        let locals = self.place.scope.iter().rev().map(|(name, _)| name.to_string());
        let params = self.place.params.keys().map(ToString::to_string);
        let own = self.names.get(self.module.index()).into_iter().flatten();
        let own = own.map(|(name, _)| name.to_string());
        let imports = self.module_at(self.module).into_iter().flat_map(|m| m.imports.keys());
        locals.chain(params).chain(own).chain(imports.map(ToString::to_string)).collect()
    }

    /// Every function that can be called here.
    pub(super) fn functions_in_scope(&self) -> Vec<String> {
        let mut names = Vec::new();
        let own = self.names.get(self.module.index()).into_iter().flatten();
        names.extend(
            own.filter(|(_, named)| matches!(named.declared, Declared::Function(_)))
                .map(|(name, _)| name.to_string()),
        );
        for (name, import) in self.module_at(self.module).into_iter().flat_map(|m| &m.imports) {
            let is_function = match &import.target {
                Target::Item(module, item) => {
                    matches!(self.declared_in(*module, item), Some(Declared::Function(_)))
                }
                Target::Standard(_) => true,
                Target::Module(..) => false,
            };
            if is_function {
                names.push(name.to_string());
            }
        }
        names.extend(builtins::all().map(|builtin| builtin.name.to_owned()));
        names.push("everywhere".to_owned());
        names
    }

    /// The names in a module for which `keep` holds.
    pub(super) fn names_of(&self, module: ModuleId, keep: fn(Declared) -> bool) -> Vec<String> {
        let names = self.names.get(module.index()).into_iter().flatten();
        names.filter(|(_, n)| keep(n.declared)).map(|(name, _)| name.to_string()).collect()
    }

    /// A path to a declaration: `name`, `alias.name`, or a module's full path and a name. What was
    /// found is given with the rest of the path.
    pub(super) fn find_path<'p>(
        &self,
        path: &'p ast::Path,
    ) -> Option<(Declared, &'p [ast::Ident])> {
        let (first, rest) = path.segments.split_first()?;
        if let Some((Some(module), _)) = self.find_module(&first.name) {
            let (second, rest) = rest.split_first()?;
            return self.declared_in(module, &second.name).map(|found| (found, rest));
        }
        if let Some(found) = self.find_declared(&first.name) {
            return Some((found, rest));
        }
        let here = self.module_at(self.module)?;
        here.imports.values().find_map(|import| {
            let Target::Module(Some(module), name) = &import.target else { return None };
            let parts: Vec<&str> = name.split('.').collect();
            let same = parts.len() < path.segments.len()
                && parts.iter().zip(&path.segments).all(|(part, s)| s.name == **part);
            let rest = same.then(|| path.segments.get(parts.len()..)).flatten()?;
            let (item, rest) = rest.split_first()?;
            self.declared_in(*module, &item.name).map(|found| (found, rest))
        })
    }

    /// Names that could be meant by a path whose declaration must satisfy `keep`, written as paths.
    pub(super) fn path_candidates(&self, keep: fn(Declared) -> bool) -> Vec<String> {
        let mut out = self.names_of(self.module, keep);
        for (alias, import) in self.module_at(self.module).into_iter().flat_map(|m| &m.imports) {
            match &import.target {
                Target::Module(Some(module), _) => out.extend(
                    self.names_of(*module, keep).into_iter().map(|name| format!("{alias}.{name}")),
                ),
                Target::Item(module, item) => {
                    if self.declared_in(*module, item).is_some_and(keep) {
                        out.push(alias.to_string());
                    }
                }
                Target::Module(None, _) | Target::Standard(_) => {}
            }
        }
        out
    }

    /// The control that a path names; reported where there is none.
    pub(super) fn control_at(&mut self, path: &ast::Path) -> Option<ControlId> {
        match self.find_path(path) {
            Some((Declared::Control(id), [])) => id,
            _ => {
                let known = self.path_candidates(|d| matches!(d, Declared::Control(_)));
                self.report(errors::unknown_control(&path_text(path), path.span, &known));
                None
            }
        }
    }

    /// The framework that a path names; reported where there is none.
    pub(super) fn framework_at(&mut self, path: &ast::Path) -> Option<FrameworkId> {
        match self.find_path(path) {
            Some((Declared::Framework(id), [])) => id,
            _ => {
                let known = self.path_candidates(|d| matches!(d, Declared::Framework(_)));
                self.report(errors::unknown_framework(&path_text(path), path.span, &known));
                None
            }
        }
    }

    /// The parameter that a path names (`param`, `module.param`, `control.param`,
    /// `module.control.param`); reported where there is none.
    pub(super) fn param_at(&mut self, path: &ast::Path) -> Option<ParamId> {
        match self.find_path(path) {
            Some((Declared::Param(id), [])) => return Some(id),
            Some((Declared::Control(Some(control)), [name])) => {
                let params = &self.hir.controls.at(control).params;
                let found = params.iter().find(|id| self.hir.params.at(**id).name == name.name);
                if let Some(id) = found {
                    return Some(*id);
                }
                let known: Vec<String> =
                    params.iter().map(|id| self.hir.params.at(*id).name.to_string()).collect();
                let control = self.hir.controls.at(control).name.to_string();
                let error = errors::unknown_param_of(&control, &name.name, name.span, &known);
                self.report(error);
                return None;
            }
            Some((Declared::Control(None), _)) => return None,
            _ => {}
        }
        let known = self.param_candidates();
        self.report(errors::unknown_param(&path_text(path), path.span, &known));
        None
    }

    /// Every parameter that can be set here, as a path.
    fn param_candidates(&self) -> Vec<String> {
        let mut out = self.path_candidates(|d| matches!(d, Declared::Param(_)));
        let keep = |d: Declared| matches!(d, Declared::Control(_));
        let controls = self.path_candidates(keep);
        for (_, control) in self.hir.controls.iter_with_idx() {
            let suffix = format!(".{}", control.name);
            let reached = |path: &&String| **path == *control.name || path.ends_with(&suffix);
            for path in controls.iter().filter(reached) {
                let names = control.params.iter().map(|id| &self.hir.params.at(*id).name);
                out.extend(names.map(|name| format!("{path}.{name}")));
            }
        }
        out
    }

    /// The place where a module declares a name.
    pub(super) fn declared_span(&self, module: ModuleId, name: &str) -> Option<Span> {
        self.names.get(module.index())?.get(name).map(|named| named.span)
    }
}

/// A path as written.
pub(crate) fn path_text(path: &ast::Path) -> String {
    let segments: Vec<&str> = path.segments.iter().map(|s| s.name.as_str()).collect();
    segments.join(".")
}
