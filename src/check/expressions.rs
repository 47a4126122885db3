//! Expressions: each form goes to the file that knows it; here is what they share.

use crate::base::Span;
use crate::hir::{Expr, ExprKind, Question};
use crate::syntax::ast;
use crate::types::{Type, TypeId};
use crate::value::{Origin, Value};

use super::Checker;
use super::errors::types as errors;

/// An expression that stands for something already reported.
pub(crate) fn error_expr(checker: &Checker<'_>, span: Span) -> Expr {
    Expr { kind: ExprKind::Error, ty: checker.core.error, span }
}

impl Checker<'_> {
    /// The expression, typed. `want` is a wish that literals follow; the type may be another.
    pub(super) fn expr(&mut self, expr: &ast::Expr, want: Option<TypeId>) -> Expr {
        let positive = std::mem::take(&mut self.place.positive);
        let span = expr.span;
        match &expr.kind {
            ast::ExprKind::Int(_)
            | ast::ExprKind::Float(_)
            | ast::ExprKind::Percent(_)
            | ast::ExprKind::Duration(_)
            | ast::ExprKind::Timestamp(_)
            | ast::ExprKind::Bool(_)
            | ast::ExprKind::Tagged(..)
            | ast::ExprKind::Text(_) => self.literal(expr, want),
            ast::ExprKind::Now => self.make(ExprKind::Now, self.core.timestamp, span),
            ast::ExprKind::Unknown => self.unknown_word(span),
            ast::ExprKind::Absent => {
                let ty = self.hir.types.optional(self.core.never);
                let ty = match &self.place {
                    place if place.lenient => self.core.json,
                    place if place.test => self.core.never,
                    _ => ty,
                };
                self.make(ExprKind::Constant(Value::Absent), ty, span)
            }
            ast::ExprKind::Name(name) => self.name(name, span),
            ast::ExprKind::ResourceType(name) => self.resources(name, false, span, span),
            ast::ExprKind::List(items) => self.list(items, want, span),
            ast::ExprKind::Comprehension(item, generators) => {
                self.comprehension(item, generators, want, span)
            }
            ast::ExprKind::Record(fields) => self.record(fields, want, span),
            ast::ExprKind::Field { .. } | ast::ExprKind::Index(..) => self.postfix(expr),
            ast::ExprKind::Call(callee, args) => self.call(callee, args, span),
            ast::ExprKind::Follow(from, target) => self.follow(from, target, span),
            ast::ExprKind::Reverse(to, source, path) => self.reverse(to, source, path, span),
            ast::ExprKind::Unary(ast::UnaryOp::Not, operand) => {
                let operand = self.condition(operand, false);
                self.make(ExprKind::Not(Box::new(operand)), self.core.bool, span)
            }
            ast::ExprKind::Unary(ast::UnaryOp::Negate, operand) => self.negate(operand, span),
            ast::ExprKind::Binary(op, left, right) => {
                self.binary(*op, left, right, want, positive, span)
            }
            ast::ExprKind::Logic(op, operands) => self.logic(*op, operands, positive, span),
            ast::ExprKind::Test { operand, test, negated } => {
                self.question(operand, test, *negated, span)
            }
            ast::ExprKind::Quantifier(quantifier) => self.quantifier(quantifier, positive, span),
            ast::ExprKind::If(cond, then, otherwise) => {
                self.conditional([cond, then, otherwise], want, positive, span)
            }
            ast::ExprKind::Error => error_expr(self, span),
        }
    }

    pub(super) fn make(&self, kind: ExprKind, ty: TypeId, span: Span) -> Expr {
        Expr { kind, ty, span }
    }

    /// The expression as a value of this type; reported where it cannot be one.
    pub(super) fn check(&mut self, expr: &ast::Expr, ty: TypeId) -> Expr {
        let value = self.expr(expr, Some(ty));
        self.coerce(value, ty)
    }

    /// The value where `ty` is wanted.
    pub(super) fn coerce(&mut self, value: Expr, ty: TypeId) -> Expr {
        if self.hir.types.fits(value.ty, ty) {
            return value;
        }
        let wanted = self.hir.types.present(ty);
        if let (Type::Record(from), Type::Record(to)) = (self.ty(value.ty), self.ty(wanted)) {
            let (from, to) = (*from, *to);
            if self.hir.types.converts(from, to) {
                let span = value.span;
                return self.make(ExprKind::Convert(Box::new(value), to), wanted, span);
            }
        }
        if self.place.lenient && self.fits_leniently(value.ty, ty) {
            return value;
        }
        if let (ExprKind::Constant(Value::Int(number)), Type::Float) =
            (&value.kind, self.ty(wanted))
        {
            #[expect(clippy::cast_precision_loss, reason = "a literal that is wanted as a float")]
            let float = Value::Float(*number as f64);
            return self.make(ExprKind::Constant(float), self.core.float, value.span);
        }
        let present = self.hir.types.present(value.ty);
        if self.hir.types.is_optional(value.ty) && self.hir.types.fits(present, ty) {
            self.report_optional(&value, ty);
        } else {
            self.report_mismatch(&value, ty);
        }
        error_expr(self, value.span)
    }

    /// In adapters the reader makes of Json what the schema wants, at any depth.
    fn fits_leniently(&self, from: TypeId, to: TypeId) -> bool {
        match (self.ty(from), self.ty(to)) {
            (Type::Json, _) => true,
            (Type::Option(from), _) => self.fits_leniently(*from, self.hir.types.present(to)),
            (_, Type::Option(to)) => self.fits_leniently(from, *to),
            (Type::List(from), Type::List(to)) | (Type::Map(from), Type::Map(to)) => {
                self.fits_leniently(*from, *to)
            }
            _ => self.hir.types.fits(from, to),
        }
    }

    fn report_mismatch(&mut self, value: &Expr, ty: TypeId) {
        let (wanted, found) = (self.show(ty), self.show(value.ty));
        let text = self.source_text(value.span);
        let json = *self.ty(self.hir.types.present(value.ty)) == Type::Json;
        let error = if json {
            errors::json_unconverted(&text, &wanted, value.span)
        } else {
            errors::mismatch(&wanted, &found, value.span)
        };
        self.report(error);
    }

    /// A condition: Bool, with the polarity that it has here.
    pub(super) fn condition(&mut self, expr: &ast::Expr, positive: bool) -> Expr {
        self.place.positive = positive;
        let value = self.expr(expr, Some(self.core.bool));
        self.place.positive = false;
        if self.hir.types.fits(value.ty, self.core.bool) {
            return value;
        }
        let present = self.hir.types.present(value.ty);
        if present == self.core.bool {
            self.report_optional(&value, self.core.bool);
        } else if self.place.lenient && present == self.core.json {
            return value;
        } else {
            let (found, text) = (self.show(value.ty), self.source_text(value.span));
            self.report(errors::not_a_condition(&text, &found, value.span));
        }
        error_expr(self, value.span)
    }

    fn unknown_word(&mut self, span: Span) -> Expr {
        if !self.place.test && !self.place.lenient {
            self.report(errors::unknown_outside_tests(span));
            return error_expr(self, span);
        }
        let (cause, ty) = match self.place.lenient {
            true => ("the source does not give it", self.core.json),
            false => ("the test leaves it unknown", self.core.never),
        };
        let value = match self.place.lenient {
            true => Value::perhaps(Origin::Computed, cause),
            false => Value::unknown(Origin::Computed, cause),
        };
        self.make(ExprKind::Constant(value), ty, span)
    }

    /// `is present`, `is absent`, `is known`, `is unknown`, `is Type`.
    fn question(
        &mut self,
        operand: &ast::Expr,
        test: &ast::Test,
        negated: bool,
        span: Span,
    ) -> Expr {
        let operand = self.expr(operand, None);
        let question = match test {
            ast::Test::Present => Question::Present,
            ast::Test::Absent => Question::Absent,
            ast::Test::Known => Question::Known,
            ast::Test::Unknown => Question::Unknown,
            ast::Test::Type(ty) => {
                let asked = self.type_expr(ty);
                if self.is_error(asked) || !self.may_be(&operand, asked, ty.span) {
                    return error_expr(self, span);
                }
                Question::Type(asked)
            }
        };
        if self.is_error(operand.ty) {
            return error_expr(self, span);
        }
        let asked = ExprKind::Question(Box::new(operand), question);
        let asked = self.make(asked, self.core.bool, span);
        if negated {
            return self.make(ExprKind::Not(Box::new(asked)), self.core.bool, span);
        }
        asked
    }

    /// Whether the operand's type is decided at run time, and this may be it.
    fn may_be(&mut self, operand: &Expr, asked: TypeId, span: Span) -> bool {
        let ty = self.hir.types.present(operand.ty);
        let may = match (self.ty(ty), self.ty(asked)) {
            (Type::Error, _) => return true,
            (
                Type::Json,
                Type::Bool
                | Type::Int
                | Type::Float
                | Type::String
                | Type::List(_)
                | Type::Map(_)
                | Type::Json,
            ) => true,
            (Type::Union(members), _) => members.contains(&asked),
            (Type::AnyResource, Type::Resource(_)) => true,
            _ => false,
        };
        if !may {
            let (text, ty, asked) =
                (self.source_text(operand.span), self.show(ty), self.show(asked));
            self.report(errors::is_type_decided(&text, &ty, &asked, span));
        }
        may
    }

    /// `if c then a else b`.
    fn conditional(
        &mut self,
        [cond, then, otherwise]: [&ast::Expr; 3],
        want: Option<TypeId>,
        positive: bool,
        span: Span,
    ) -> Expr {
        let cond = self.condition(cond, false);
        let mark = self.place.mark();
        self.assume(&cond, true, None);
        self.place.positive = positive;
        let then = self.expr(then, want);
        self.place.back_to(mark);
        self.assume(&cond, false, None);
        let wish = want.or(Some(then.ty));
        self.place.positive = positive;
        let otherwise = self.expr(otherwise, wish);
        self.place.positive = false;
        self.place.back_to(mark);
        let Some(ty) = self.join_exprs(&then, &otherwise) else {
            let (a, b) = (self.show(then.ty), self.show(otherwise.ty));
            self.report(errors::branches_differ(&a, then.span, &b, otherwise.span));
            return error_expr(self, span);
        };
        let kind = ExprKind::If(Box::new(cond), Box::new(then), Box::new(otherwise));
        self.make(kind, ty, span)
    }

    /// The type of either; in adapters, Json stands for what the reader makes of it.
    pub(super) fn join_exprs(&mut self, a: &Expr, b: &Expr) -> Option<TypeId> {
        if self.place.lenient && (a.ty == self.core.json || b.ty == self.core.json) {
            return Some(self.core.json);
        }
        self.hir.types.join(a.ty, b.ty)
    }
}
