//! Code for what often stands side by side, and for what is computed once for each subject.

use crate::base::Span;
use crate::hir::{BinaryOp, Expr, ExprKind};
use crate::program::{Instruction, Reg, SharedIdx};

use crate::value::Value;

use super::expr::count;
use super::unit::Unit;

impl Unit<'_> {
    /// `x.field ?? constant` as one instruction, where it is that.
    pub(super) fn field_or(
        &mut self,
        dst: Reg,
        left: &Expr,
        (right, sure): (&Expr, bool),
        span: Span,
    ) -> bool {
        let ExprKind::Field(base, field) = &left.kind else { return false };
        let Some(other) = self.folded(right).filter(|_| self.techniques.fused) else {
            return false;
        };
        let Some(slot) = field.record.and_then(|record| self.slot(record, &field.name)) else {
            return false;
        };
        let base = self.expr(base);
        let other = self.constant(other);
        self.emit(Instruction::FieldOr { dst, base, slot, other, sure }, span);
        true
    }

    /// `x == constant` as one instruction, where it is that.
    pub(super) fn equal_constant(
        &mut self,
        dst: Reg,
        op: BinaryOp,
        (left, right): (&Expr, &Expr),
        span: Span,
    ) -> bool {
        if !self.techniques.fused || !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return false;
        }
        let Some(right) = self.folded(right) else { return false };
        let left = self.expr(left);
        let right = self.constant(right);
        self.emit(Instruction::EqualConstant { dst, left, right }, span);
        if op == BinaryOp::NotEqual {
            self.emit(Instruction::Not { dst, src: dst }, span);
        }
        true
    }

    /// The value of what is made of constants alone; the checker has folded all but lists, whose elements
    /// it wants to see.
    pub(super) fn folded(&self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Constant(value) => Some(value.clone()),
            ExprKind::List(items) if self.techniques.folded => {
                let items: Option<Vec<Value>> =
                    items.iter().map(|item| self.folded(item)).collect();
                items.map(Value::list)
            }
            _ => None,
        }
    }

    /// What is shared in the place of the expression, where other controls compute it, too.
    pub(super) fn share(&mut self, expr: &Expr) -> Option<SharedIdx> {
        let key = self.shares.shared(self.hir, self.sharing.as_ref()?, expr)?;
        if let Some(known) = self.shared.get(&key) {
            return Some(*known);
        }
        // Far more than the controls of a program have parts; those beyond are computed where they stand.
        if self.program.shared.len() >= usize::from(u16::MAX) / 2 {
            return None;
        }
        let write = |unit: &mut Self| {
            let dst = unit.register();
            unit.plain(dst, expr);
            dst
        };
        let chunk = self.chunk_of("shared", 1, write, expr.span);
        // Parts of it may have been shared meanwhile.
        let at = SharedIdx(count(self.program.shared.len()));
        self.program.shared.push(chunk);
        self.shared.insert(key, at);
        Some(at)
    }
}
