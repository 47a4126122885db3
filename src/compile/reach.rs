//! What the selected controls reach: functions, and whether other resources than their subject.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::{ControlId, Expr, ExprKind, FunctionId, Hir, visit};
use crate::types::RecordId;

use super::Selection;

/// All that is compiled.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// The functions that are called.
    pub functions: BTreeSet<FunctionId>,
    /// The controls that look at other resources than their subject, and the types of these.
    pub joins: BTreeMap<ControlId, BTreeSet<RecordId>>,
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
    for adapter in &hir.adapters {
        visit::adapter(adapter, &mut |part| drop(expr(hir, part, &mut reached.functions)));
    }
    for id in &selection.controls {
        let mut joins = BTreeSet::new();
        let control = hir.controls.at(*id);
        visit::control(control, &mut |part| joins.extend(expr(hir, part, &mut reached.functions)));
        for waiver in hir.waivers.iter().filter(|waiver| waiver.control == *id) {
            if let Some(condition) = &waiver.condition {
                joins.extend(expr(hir, condition, &mut reached.functions));
            }
        }
        if !joins.is_empty() {
            reached.joins.insert(*id, joins);
        }
    }
    reached
}

/// The types that the expression queries, itself or through functions.
fn expr(hir: &Hir, root: &Expr, functions: &mut BTreeSet<FunctionId>) -> BTreeSet<RecordId> {
    let mut joins = BTreeSet::new();
    let mut todo = vec![root];
    let mut seen = BTreeSet::new();
    while let Some(next) = todo.pop() {
        match &next.kind {
            ExprKind::Follow { target: kind, .. }
            | ExprKind::Reverse { source: kind, .. }
            | ExprKind::Resources(kind, _) => {
                joins.insert(*kind);
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
