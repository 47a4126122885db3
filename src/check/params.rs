//! Parameters: declared with their module or control, defaults checked, uses gathered.

use std::collections::BTreeSet;

use crate::base::Symbol;
use crate::hir::visit;
use crate::hir::{Expr, ExprKind, Param, ParamId};
use crate::resolve::Kind;
use crate::syntax::ast;

use super::errors::declarations as errors;
use super::{Checker, Declared};

impl Checker<'_> {
    /// A parameter with its type; its default comes later.
    pub(super) fn declare_param(
        &mut self,
        decl: &ast::ParamDecl,
        control: Option<Symbol>,
    ) -> ParamId {
        let ty = self.type_expr(&decl.ty);
        let module = self.module_name();
        self.hir.params.add(Param {
            name: decl.name.name.clone(),
            module,
            control,
            ty,
            default: None,
            docs: decl.docs.clone(),
            span: decl.name.span,
        })
    }

    /// The defaults of the modules' parameters.
    pub(super) fn check_params(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                let ast::ItemKind::Param(decl) = &item.kind else { continue };
                if !self.is_first(module, &decl.name) {
                    continue;
                }
                let declared = self.declared_in(module, &decl.name.name);
                if let Some(Declared::Param(id)) = declared {
                    if decl.docs.is_empty() {
                        self.hir.params.at_mut(id).docs.clone_from(&item.docs);
                    }
                    self.param_default(id, decl);
                }
            }
        }
    }

    /// Checks a default: constant, of the parameter's type, from parameters that stand before it.
    pub(super) fn param_default(&mut self, id: ParamId, decl: &ast::ParamDecl) {
        let Some(default) = &decl.default else { return };
        let ty = self.hir.params.at(id).ty;
        let value = self.constant_expr(default, ty);
        let mut read = BTreeSet::new();
        direct_params(&value, &mut read);
        if let Some(later) = read.iter().find(|read| **read >= id) {
            let name = self.hir.params.at(*later).name.clone();
            self.report(errors::param_before_declared(&name, default.span));
            return;
        }
        self.hir.params.at_mut(id).default = Some(value);
    }
}

/// The parameters that an expression reads itself.
pub(crate) fn direct_params(expr: &Expr, into: &mut BTreeSet<ParamId>) {
    if let ExprKind::Param(id) = &expr.kind {
        into.insert(*id);
    }
    visit::children(expr, &mut |child| direct_params(child, into));
}
