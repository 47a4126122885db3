//! Expressions that must be constant: parameters, values in profiles and tests.

use crate::base::Span;
use crate::hir::visit;
use crate::hir::{Expr, ExprKind};
use crate::syntax::ast;
use crate::types::TypeId;

use super::Checker;
use super::errors::declarations as errors;

impl Checker<'_> {
    /// Checks an expression that may use literals, operators, functions and parameters only.
    pub(super) fn constant_expr(&mut self, expr: &ast::Expr, ty: TypeId) -> Expr {
        let before = self.enter();
        self.place.params.clone_from(&before.params);
        let value = self.check(expr, ty);
        self.leave(before);
        self.must_be_constant(&value);
        value
    }

    /// Reports what depends on a snapshot or on the time.
    pub(super) fn must_be_constant(&mut self, expr: &Expr) {
        if let Some(span) = not_constant(expr) {
            let text = self.source_text(span);
            self.report(errors::not_constant(&text, span));
        }
    }
}

/// The first part that depends on a snapshot or on the time.
fn not_constant(expr: &Expr) -> Option<Span> {
    match &expr.kind {
        ExprKind::Now
        | ExprKind::Follow { .. }
        | ExprKind::Reverse { .. }
        | ExprKind::Resources(..) => Some(expr.span),
        _ => {
            let mut found = None;
            visit::children(expr, &mut |child| {
                if found.is_none() {
                    found = not_constant(child);
                }
            });
            found
        }
    }
}
