//! The names of every module: functions, parameters, controls and the rest, before any body is read.

use crate::base::{Span, Symbol};
use crate::resolve::{Kind, ModuleId};
use crate::syntax::ast;

use super::errors::declarations as errors;
use super::functions::Signature;
use super::{Checker, Declared, Named};

impl<'a> Checker<'a> {
    /// Declares the names of all modules; a second declaration of a name is reported.
    pub(super) fn declare_names(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                self.declare_item(item);
            }
        }
    }

    fn declare_item(&mut self, item: &'a ast::Item) {
        let (name, declared) = match &item.kind {
            ast::ItemKind::Resource(_)
            | ast::ItemKind::Record(_)
            | ast::ItemKind::Adapter(_)
            | ast::ItemKind::Test(_) => return,
            ast::ItemKind::Param(decl) => {
                if self.is_taken(&decl.name) {
                    return;
                }
                (&decl.name, Declared::Param(self.declare_param(decl, None)))
            }
            ast::ItemKind::Function(decl) => {
                if self.is_taken(&decl.name) {
                    return;
                }
                let args = decl.args.iter().map(|(_, ty)| self.type_expr(ty)).collect();
                let result = self.type_expr(&decl.result);
                let id =
                    crate::base::Idx::new(u32::try_from(self.signatures.len()).unwrap_or(u32::MAX));
                self.signatures.push(Signature { module: self.module, decl, item, args, result });
                (&decl.name, Declared::Function(id))
            }
            ast::ItemKind::Control(decl) => (&decl.name, Declared::Control(None)),
            ast::ItemKind::Framework(decl) => (&decl.name, Declared::Framework(None)),
            ast::ItemKind::Profile(decl) => (&decl.name, Declared::Profile),
            ast::ItemKind::Treatment(decl) => (&decl.name, Declared::Treatment),
            ast::ItemKind::Waiver(decl) => (&decl.name, Declared::Waiver),
        };
        if !matches!(declared, Declared::Function(_) | Declared::Param(_)) && self.is_taken(name) {
            return;
        }
        self.declare(self.module, &name.name, declared, name.span);
    }

    /// Whether the module has a declaration of this name already; then it is reported.
    fn is_taken(&mut self, name: &ast::Ident) -> bool {
        let Some(first) = self.declared_span(self.module, &name.name) else { return false };
        self.report(errors::declared_twice(&name.name, name.span, first));
        true
    }

    /// Puts a name into a module, or another meaning of it.
    pub(super) fn declare(
        &mut self,
        module: ModuleId,
        name: &Symbol,
        declared: Declared,
        span: Span,
    ) {
        if let Some(names) = self.names.get_mut(module.index()) {
            names.insert(name.clone(), Named { declared, span });
        }
    }

    /// Whether this very declaration is the one that its name stands for: not a second one.
    pub(super) fn is_first(&self, module: ModuleId, name: &ast::Ident) -> bool {
        self.declared_span(module, &name.name) == Some(name.span)
    }
}
