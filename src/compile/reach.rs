//! What the selected controls reach: functions, and whether other resources than their subject.

use std::collections::BTreeSet;

use crate::hir::{ControlId, Expr, ExprKind, FunctionId, Hir, visit};

use super::Selection;

/// All that is compiled.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// The functions that are called.
    pub functions: BTreeSet<FunctionId>,
    /// The controls that look at other resources than their subject.
    pub joins: BTreeSet<ControlId>,
}

/// Walks from the controls, the waivers and the values of parameters.
pub(super) fn reach(hir: &Hir, selection: &Selection, constants: &[&Expr]) -> Reached {
    let mut reached = Reached::default();
    for value in constants {
        expr(hir, value, &mut reached.functions);
    }
    for param in &hir.params {
        if let Some(value) = &param.default {
            expr(hir, value, &mut reached.functions);
        }
    }
    for (_, value) in &selection.sets {
        expr(hir, value, &mut reached.functions);
    }
    for id in &selection.controls {
        let mut joins = false;
        let control = hir.controls.at(*id);
        visit::control(control, &mut |part| joins |= expr(hir, part, &mut reached.functions));
        for waiver in hir.waivers.iter().filter(|waiver| waiver.control == *id) {
            if let Some(condition) = &waiver.condition {
                joins |= expr(hir, condition, &mut reached.functions);
            }
        }
        if joins {
            reached.joins.insert(*id);
        }
    }
    reached
}

/// Whether the expression joins, itself or through functions.
fn expr(hir: &Hir, root: &Expr, functions: &mut BTreeSet<FunctionId>) -> bool {
    let mut joins = false;
    let mut todo = vec![root];
    let mut seen = BTreeSet::new();
    while let Some(next) = todo.pop() {
        match &next.kind {
            ExprKind::Follow { .. } | ExprKind::Reverse { .. } | ExprKind::Resources(..) => {
                joins = true;
            }
            ExprKind::Call(id, _) => {
                functions.insert(*id);
                if seen.insert(*id) {
                    visit::function(hir.functions.at(*id), &mut |part| todo.push(part));
                }
            }
            _ => {}
        }
        visit::children(next, &mut |part| todo.push(part));
    }
    joins
}
