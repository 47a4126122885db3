//! Operators on numbers, and `??`.

use crate::base::distance::closest;
use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind};
use crate::syntax::ast;
use crate::syntax::ast::BinaryOp;
use crate::types::{Type, TypeId};
use crate::value::Value;

use super::Checker;
use super::errors::operators as errors;
use super::errors::types as type_errors;
use super::expressions::error_expr;
use super::operators::{plain_text, typed};

impl Checker<'_> {
    pub(super) fn arithmetic(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        want: Option<TypeId>,
        span: Span,
    ) -> Expr {
        // The wish helps list literals; a sum of enum values is no enum value.
        let wish = want.filter(|want| matches!(self.ty(*want), Type::List(_) | Type::Float));
        let (left, right) = match wish {
            Some(wish) => (self.expr(left, Some(wish)), self.expr(right, Some(wish))),
            None => self.number_sides(left, right),
        };
        let there = (self.operand_present(op, &left), self.operand_present(op, &right));
        if there != (true, true) {
            return error_expr(self, span);
        }
        let Some(ty) = self.arithmetic_type(op, left.ty, right.ty) else {
            let (a, b) = (self.show(left.ty), self.show(right.ty));
            let texts = op == BinaryOp::Add
                && (self.hir.types.fits(left.ty, self.core.string)
                    || self.hir.types.fits(right.ty, self.core.string));
            let sides = ((a.as_str(), left.span), (b.as_str(), right.span));
            self.report(errors::no_arithmetic(op.text(), sides, span, texts));
            return error_expr(self, span);
        };
        match typed(op) {
            Some(op) => self.make(ExprKind::Binary(op, Box::new(left), Box::new(right)), ty, span),
            None => error_expr(self, span),
        }
    }

    /// Both sides, an Int literal as a Float where the other side is one.
    fn number_sides(&mut self, left: &ast::Expr, right: &ast::Expr) -> (Expr, Expr) {
        let float = Some(self.core.float);
        if matches!(left.kind, ast::ExprKind::Int(_)) {
            let right = self.expr(right, None);
            let wish = float.filter(|float| right.ty == *float);
            return (self.expr(left, wish), right);
        }
        let left = self.expr(left, None);
        let wish = float.filter(|float| left.ty == *float);
        let right = self.expr(right, wish);
        (left, right)
    }

    /// What an arithmetic operator gives; `None` where it is not defined.
    fn arithmetic_type(&mut self, op: BinaryOp, a: TypeId, b: TypeId) -> Option<TypeId> {
        let core = self.core;
        let text = |checker: &Self, ty: TypeId| checker.hir.types.fits(ty, core.string);
        let lenient = self.place.lenient && op == BinaryOp::Add;
        match (op, self.ty(a), self.ty(b)) {
            // Lists of a source's own items.
            (_, Type::Json, Type::Json | Type::List(_)) | (_, Type::List(_), Type::Json)
                if lenient =>
            {
                Some(core.json)
            }
            (_, Type::Int, Type::Int) => Some(core.int),
            (_, Type::Float, Type::Float) => Some(core.float),
            (BinaryOp::Add | BinaryOp::Subtract, Type::Duration, Type::Duration) => {
                Some(core.duration)
            }
            (BinaryOp::Add | BinaryOp::Subtract, Type::Timestamp, Type::Duration)
            | (BinaryOp::Add, Type::Duration, Type::Timestamp) => Some(core.timestamp),
            (BinaryOp::Subtract, Type::Timestamp, Type::Timestamp) => Some(core.duration),
            (BinaryOp::Multiply | BinaryOp::Divide, Type::Duration, Type::Int)
            | (BinaryOp::Multiply, Type::Int, Type::Duration) => Some(core.duration),
            (BinaryOp::Add, Type::List(_), Type::List(_)) => self.hir.types.join(a, b),
            (BinaryOp::Add, _, _) if text(self, a) && text(self, b) => Some(core.string),
            _ => None,
        }
    }

    /// `a ?? b`.
    pub(super) fn coalesce(
        &mut self,
        left: &ast::Expr,
        right: &ast::Expr,
        want: Option<TypeId>,
        span: Span,
    ) -> Expr {
        let left = self.expr(left, want);
        let present = self.hir.types.present(left.ty);
        let right = match (self.enum_members(present), plain_text(right)) {
            (Some(members), Some(text)) => self.enum_default(&members, present, &text, right),
            _ => {
                let unknown = matches!(self.ty(present), Type::Never | Type::Error);
                self.expr(right, if unknown { want } else { Some(present) })
            }
        };
        if self.is_error(left.ty) || self.is_error(right.ty) {
            return error_expr(self, span);
        }
        let core = self.core;
        let number = present == core.float && right.ty == core.int;
        let right = if number { self.coerce(right, core.float) } else { right };
        let lenient = self.place.lenient && (present == core.json || right.ty == core.json);
        let joined = if lenient { Some(core.json) } else { self.hir.types.join(present, right.ty) };
        let Some(ty) = joined else {
            let (a, b) = (self.show(present), self.show(right.ty));
            self.report(errors::default_differs((&a, left.span), (&b, right.span), span));
            return error_expr(self, span);
        };
        self.make(ExprKind::Coalesce(Box::new(left), Box::new(right)), ty, span)
    }

    fn enum_members(&self, ty: TypeId) -> Option<Vec<Symbol>> {
        match self.ty(ty) {
            Type::Enum(members) => Some(members.clone()),
            _ => None,
        }
    }

    /// A text as the default of an enum: one of its values, or another one, which then joins them. One
    /// that is all but the same as a value is a slip.
    fn enum_default(
        &mut self,
        members: &[Symbol],
        ty: TypeId,
        text: &str,
        written: &ast::Expr,
    ) -> Expr {
        let span = written.span;
        let value = ExprKind::Constant(Value::text(text));
        if members.iter().any(|member| member == text) {
            return self.make(value, ty, span);
        }
        let near = closest(text, members.iter().map(Symbol::as_str));
        if !near.is_empty() {
            self.report(type_errors::no_such_value(text, span, members));
            return error_expr(self, span);
        }
        let ty = self.hir.types.intern(Type::Enum(vec![Symbol::from(text)]));
        self.make(value, ty, span)
    }
}
