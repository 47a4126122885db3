//! Code that finds resources; which `where` over the resources of a type is a look-up by a key.

use crate::base::{Span, Symbol};
use crate::hir::{BinaryOp, Expr, ExprKind, Hir, LocalId, visit};
use crate::program::{Instruction, Join, Reg};
use crate::types::{RecordId, Type};
use crate::value::Value;

use super::kind_name;
use super::unit::Unit;

impl Unit<'_> {
    pub(super) fn join_from(&mut self, dst: Reg, from: &Expr, join: Join, span: Span) {
        let src = self.expr(from);
        let join = self.join(join);
        self.emit(Instruction::Join { dst, src, join }, span);
    }

    /// The resources of a type; with a key, those alone whose property may equal it.
    pub(super) fn resources(
        &mut self,
        dst: Reg,
        kind: RecordId,
        everywhere: bool,
        key: Option<(Symbol, &Expr)>,
        span: Span,
    ) {
        let name = kind_name(self.hir, kind);
        let (key, src) = match key {
            Some((key, value)) => (Some(key), self.expr(value)),
            None => {
                let src = self.register();
                let value = self.constant(Value::Absent);
                self.emit(Instruction::Constant { dst: src, value }, span);
                (None, src)
            }
        };
        let join = self.join(Join::Resources { kind: name, everywhere, key });
        self.emit(Instruction::Join { dst, src, join }, span);
    }
}

/// The property of the element that the filter compares for equality with something that does not
/// depend on the element, and that something: text, or a list of texts.
pub(super) fn key<'e>(
    hir: &Hir,
    kind: RecordId,
    local: LocalId,
    filter: &'e Expr,
) -> Option<(Symbol, &'e Expr)> {
    let one = |expr: &'e Expr| match &expr.kind {
        ExprKind::Binary(BinaryOp::Equal, left, right) => {
            own(hir, (kind, local), left, right).or_else(|| own(hir, (kind, local), right, left))
        }
        ExprKind::Binary(BinaryOp::In, left, right) => own(hir, (kind, local), left, right),
        _ => None,
    };
    match &filter.kind {
        // Only the first operand is certain to be evaluated for every element.
        ExprKind::And(operands) => operands.first().and_then(one),
        _ => one(filter),
    }
}

fn own<'e>(
    hir: &Hir,
    (kind, local): (RecordId, LocalId),
    key: &Expr,
    value: &'e Expr,
) -> Option<(Symbol, &'e Expr)> {
    let ExprKind::Field(base, field) = &key.kind else { return None };
    let is_local = matches!(base.kind, ExprKind::Local(of) if of == local);
    let ty = hir.types.records.at(kind).fields.get(&field.name)?.ty;
    let is_text = matches!(hir.types.get(ty), Type::String | Type::Enum(_));
    let fits = is_local && is_text && !mentions(value, local);
    fits.then(|| (field.name.clone(), value))
}

/// Whether computing the value cannot end in an error (broken data is carried on, not read), so that it may be computed although there may be no
/// element to compare it with.
pub(super) fn cannot_fail(expr: &Expr, lazy: &dyn Fn(LocalId) -> bool) -> bool {
    match &expr.kind {
        ExprKind::Constant(_) | ExprKind::Param(_) => true,
        ExprKind::Local(local) => !lazy(*local),
        ExprKind::Field(base, _) | ExprKind::JsonField(base, _) | ExprKind::Attribute(base, _) => {
            cannot_fail(base, lazy)
        }
        ExprKind::Coalesce(left, right) => cannot_fail(left, lazy) && cannot_fail(right, lazy),
        ExprKind::List(items) => items.iter().all(|item| cannot_fail(item, lazy)),
        _ => false,
    }
}

fn mentions(expr: &Expr, local: LocalId) -> bool {
    let mut todo = vec![expr];
    while let Some(next) = todo.pop() {
        if matches!(next.kind, ExprKind::Local(of) if of == local) {
            return true;
        }
        visit::children(next, &mut |part| todo.push(part));
    }
    false
}
