//! Operators: logic with narrowing, comparisons, arithmetic, `??`.

use crate::base::Span;
use crate::hir;
use crate::hir::{Expr, ExprKind};
use crate::syntax::ast;
use crate::syntax::ast::{BinaryOp, LogicOp};
use crate::types::{Type, TypeId};

use super::Checker;
use super::errors::operators as errors;
use super::errors::types as type_errors;
use super::expressions::error_expr;

pub(super) fn typed(op: BinaryOp) -> Option<hir::BinaryOp> {
    Some(match op {
        BinaryOp::Add => hir::BinaryOp::Add,
        BinaryOp::Subtract => hir::BinaryOp::Subtract,
        BinaryOp::Multiply => hir::BinaryOp::Multiply,
        BinaryOp::Divide => hir::BinaryOp::Divide,
        BinaryOp::Equal => hir::BinaryOp::Equal,
        BinaryOp::NotEqual => hir::BinaryOp::NotEqual,
        BinaryOp::Less => hir::BinaryOp::Less,
        BinaryOp::LessEqual => hir::BinaryOp::LessEqual,
        BinaryOp::Greater => hir::BinaryOp::Greater,
        BinaryOp::GreaterEqual => hir::BinaryOp::GreaterEqual,
        BinaryOp::In => hir::BinaryOp::In,
        BinaryOp::NotIn => hir::BinaryOp::NotIn,
        BinaryOp::Matches => hir::BinaryOp::Matches,
        BinaryOp::Coalesce | BinaryOp::Implies => return None,
    })
}

impl Checker<'_> {
    /// `a and b and c`, `a or b`: each operand knows what those before it say.
    pub(super) fn logic(
        &mut self,
        op: LogicOp,
        operands: &[ast::Expr],
        positive: bool,
        span: Span,
    ) -> Expr {
        let mark = self.place.mark();
        let mut values = Vec::with_capacity(operands.len());
        for operand in operands {
            let value = self.condition(operand, positive);
            self.assume(&value, op == LogicOp::And, None);
            values.push(value);
        }
        self.place.back_to(mark);
        let kind = match op {
            LogicOp::And => ExprKind::And(values),
            LogicOp::Or => ExprKind::Or(values),
        };
        self.make(kind, self.core.bool, span)
    }

    /// An operator with two operands.
    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        want: Option<TypeId>,
        positive: bool,
        span: Span,
    ) -> Expr {
        match op {
            BinaryOp::Implies => self.implies(left, right, positive, span),
            BinaryOp::Coalesce => self.coalesce(left, right, want, span),
            BinaryOp::Equal | BinaryOp::NotEqual => self.equality(op, left, right, positive, span),
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Greater | BinaryOp::GreaterEqual => {
                self.order(op, left, right, span)
            }
            BinaryOp::In | BinaryOp::NotIn => self.membership(op, left, right, span),
            BinaryOp::Matches => self.matches(left, right, span),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                self.arithmetic(op, left, right, want, span)
            }
        }
    }

    fn implies(&mut self, left: &ast::Expr, right: &ast::Expr, positive: bool, span: Span) -> Expr {
        let left = self.condition(left, false);
        let mark = self.place.mark();
        self.assume(&left, true, None);
        let right = self.condition(right, positive);
        self.place.back_to(mark);
        let kind = ExprKind::Implies(Box::new(left), Box::new(right));
        self.make(kind, self.core.bool, span)
    }

    pub(super) fn negate(&mut self, operand: &ast::Expr, span: Span) -> Expr {
        let value = self.expr(operand, None);
        if self.hir.types.is_optional(value.ty) {
            self.report_optional(&value, self.hir.types.present(value.ty));
            return error_expr(self, span);
        }
        match self.ty(value.ty) {
            Type::Int | Type::Float | Type::Duration => {
                let ty = value.ty;
                self.make(ExprKind::Negate(Box::new(value)), ty, span)
            }
            Type::Error => error_expr(self, span),
            _ => {
                let shown = self.show(value.ty);
                self.report(errors::cannot_negate(&shown, value.span));
                error_expr(self, span)
            }
        }
    }

    /// Both sides of a comparison; a literal takes the type of the other side.
    pub(super) fn sides(&mut self, left: &ast::Expr, right: &ast::Expr) -> (Expr, Expr) {
        if is_literal(left) && !is_literal(right) {
            let right = self.expr(right, None);
            let left = self.expr(left, Some(self.hir.types.present(right.ty)));
            return (left, right);
        }
        let left = self.expr(left, None);
        let right = self.expr(right, Some(self.hir.types.present(left.ty)));
        (left, right)
    }

    fn equality(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        positive: bool,
        span: Span,
    ) -> Expr {
        for (side, other) in [(left, right), (right, left)] {
            if side.kind == ast::ExprKind::Absent && !self.place.test {
                let other = self.source_text(other.span);
                self.report(errors::compared_with_absent(&other, op == BinaryOp::NotEqual, span));
                return error_expr(self, span);
            }
        }
        let (left, right) = self.sides(left, right);
        if self.is_error(left.ty) || self.is_error(right.ty) {
            return error_expr(self, span);
        }
        if !self.equality_fits(op, &left, &right, span) {
            return error_expr(self, span);
        }
        let optional = [&left, &right].into_iter().filter(|s| self.hir.types.is_optional(s.ty));
        let optional: Vec<Expr> = optional.cloned().collect();
        let whole = self.comparison(op, left, right, span);
        match optional.as_slice() {
            [] => whole,
            [one] if op == BinaryOp::Equal => {
                if !positive {
                    let simple = super::narrowing::path_of(one).is_some();
                    self.report_optional_equality(one, &whole, simple);
                }
                whole
            }
            [one, ..] => {
                self.report_optional_operand(one, op);
                error_expr(self, span)
            }
        }
    }

    /// Whether values of the two types can be equal; reported where not.
    fn equality_fits(&mut self, op: BinaryOp, left: &Expr, right: &Expr, span: Span) -> bool {
        let (a, b) = (self.hir.types.present(left.ty), self.hir.types.present(right.ty));
        let json = self.core.json;
        if (a == json) != (b == json) {
            if self.place.lenient {
                return true;
            }
            let (side, other) = if a == json { (left, b) } else { (right, a) };
            let (text, other) = (self.source_text(side.span), self.show(other));
            self.report(type_errors::json_unconverted(&text, &other, side.span));
            return false;
        }
        if self.hir.types.comparable(a, b) {
            return true;
        }
        let (shown_a, shown_b) = (self.show(a), self.show(b));
        let element = |list: TypeId, other: TypeId| match self.ty(list) {
            Type::List(inner) => self.hir.types.comparable(*inner, other),
            _ => false,
        };
        let error = if element(a, b) {
            let (list, item) = (self.source_text(left.span), self.source_text(right.span));
            errors::list_with_element(&list, &item, op == BinaryOp::NotEqual, span)
        } else if element(b, a) {
            let (list, item) = (self.source_text(right.span), self.source_text(left.span));
            errors::list_with_element(&list, &item, op == BinaryOp::NotEqual, span)
        } else {
            let hint = self.comparison_hint(left, right);
            errors::incomparable((&shown_a, left.span), (&shown_b, right.span), span, hint)
        };
        self.report(error);
        false
    }

    /// How the author may have meant a comparison of two types.
    fn comparison_hint(&self, left: &Expr, right: &Expr) -> Option<String> {
        let number = |ty: TypeId| matches!(self.ty(ty), Type::Int | Type::Float);
        let text = |ty: TypeId| matches!(self.ty(ty), Type::String | Type::Enum(_));
        let (a, b) = (self.hir.types.present(left.ty), self.hir.types.present(right.ty));
        for (this, this_ty, that, that_ty) in [(left, a, right, b), (right, b, left, a)] {
            let that_text = self.source_text(that.span);
            if number(this_ty) && text(that_ty) {
                return Some(match &that.kind {
                    ExprKind::Constant(_) => {
                        format!(
                            "write the number without quotes: `{}`",
                            that_text.trim_matches('"')
                        )
                    }
                    _ => format!(
                        "convert the text: `to_int({that_text})`, which is absent for other text"
                    ),
                });
            }
            if *self.ty(this_ty) == Type::Bool && text(that_ty) {
                return Some("a Bool is `true` or `false`, without quotes".to_owned());
            }
            if matches!(self.ty(this_ty), Type::Regex | Type::Glob) && text(that_ty) {
                let pattern = self.source_text(this.span);
                return Some(format!("a pattern is tried with `{that_text} matches {pattern}`"));
            }
            if *self.ty(this_ty) == Type::Int && *self.ty(that_ty) == Type::Float {
                return Some(
                    "an Int is not a Float: write the literal as `1` or as `1.0`".to_owned(),
                );
            }
        }
        None
    }

    fn comparison(&self, op: BinaryOp, left: Expr, right: Expr, span: Span) -> Expr {
        match typed(op) {
            Some(op) => {
                let kind = ExprKind::Binary(op, Box::new(left), Box::new(right));
                self.make(kind, self.core.bool, span)
            }
            None => error_expr(self, span),
        }
    }

    /// Whether an operand is there; reported where it may be absent.
    pub(super) fn operand_present(&mut self, op: BinaryOp, operand: &Expr) -> bool {
        if self.hir.types.is_optional(operand.ty) {
            self.report_optional_operand(operand, op);
            return false;
        }
        !self.is_error(operand.ty)
    }

    fn order(&mut self, op: BinaryOp, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let (left, right) = self.sides(left, right);
        let there = (self.operand_present(op, &left), self.operand_present(op, &right));
        if there != (true, true) {
            return error_expr(self, span);
        }
        let ordered = |ty: &Type| {
            matches!(
                ty,
                Type::Int
                    | Type::Float
                    | Type::String
                    | Type::Duration
                    | Type::Timestamp
                    | Type::Version
                    | Type::Ip
                    | Type::Never
            )
        };
        let json = self.place.lenient && (left.ty == self.core.json || right.ty == self.core.json);
        let fits = ordered(self.ty(left.ty)) && ordered(self.ty(right.ty));
        if !json && !(fits && self.hir.types.comparable(left.ty, right.ty)) {
            let (a, b) = (self.show(left.ty), self.show(right.ty));
            let hint = self.comparison_hint(&left, &right);
            let sides = ((a.as_str(), left.span), (b.as_str(), right.span));
            self.report(errors::unordered(op.text(), sides, span, hint));
            return error_expr(self, span);
        }
        self.comparison(op, left, right, span)
    }

    /// `x in xs`.
    fn membership(
        &mut self,
        op: BinaryOp,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
    ) -> Expr {
        let (left, right) = if is_literal(left) {
            let right = self.expr(right, None);
            let wish = self.element_wish(right.ty);
            (self.expr(left, wish), right)
        } else {
            let left = self.expr(left, None);
            let wish = self.hir.types.present(left.ty);
            let wish = self.list_of(wish);
            let right = self.expr(right, Some(wish));
            (left, right)
        };
        if self.is_error(left.ty) || self.is_error(right.ty) {
            return error_expr(self, span);
        }
        if self.hir.types.is_optional(right.ty) {
            self.report_optional_list(&right);
            return error_expr(self, span);
        }
        if !self.operand_present(op, &left) || !self.member_fits(&left, &right, span) {
            return error_expr(self, span);
        }
        self.comparison(op, left, right, span)
    }

    fn member_fits(&mut self, left: &Expr, right: &Expr, span: Span) -> bool {
        let json = self.core.json;
        let (a, b) = (self.source_text(left.span), self.source_text(right.span));
        let error = match *self.ty(right.ty) {
            Type::List(inner) => {
                let lenient = self.place.lenient && (left.ty == json || inner == json);
                if lenient || self.hir.types.comparable(left.ty, inner) {
                    return true;
                }
                let (item, list) = (self.show(left.ty), self.show(right.ty));
                errors::not_an_element(&item, left.span, &list, right.span)
            }
            Type::Map(_) => {
                if self.hir.types.fits(left.ty, self.core.string) {
                    return true;
                }
                let shown = self.show(left.ty);
                errors::not_a_key(&shown, left.span)
            }
            Type::Cidr if left.ty == self.core.ip => return true,
            Type::Cidr => {
                let shown = self.show(left.ty);
                errors::not_an_address(&a, &b, &shown, span)
            }
            Type::String | Type::Enum(_) => errors::in_text(&a, &b, span),
            Type::Json if self.place.lenient => return true,
            Type::Json => errors::in_json(&b, right.span),
            _ => {
                let shown = self.show(right.ty);
                errors::no_container(&b, &shown, right.span)
            }
        };
        self.report(error);
        false
    }

    /// `text matches pattern`.
    fn matches(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Expr {
        let left = self.expr(left, None);
        let right = self.expr(right, None);
        let there = (
            self.operand_present(BinaryOp::Matches, &left),
            self.operand_present(BinaryOp::Matches, &right),
        );
        if there != (true, true) {
            return error_expr(self, span);
        }
        let lenient = self.place.lenient && left.ty == self.core.json;
        if !lenient && !self.hir.types.fits(left.ty, self.core.string) {
            let (text, shown) = (self.source_text(left.span), self.show(left.ty));
            let error = if left.ty == self.core.json {
                type_errors::json_unconverted(&text, "String", left.span)
            } else {
                errors::match_no_text(&text, &shown, left.span)
            };
            self.report(error);
            return error_expr(self, span);
        }
        if !matches!(self.ty(right.ty), Type::Regex | Type::Glob) {
            let (text, shown) = (self.source_text(right.span), self.show(right.ty));
            self.report(errors::match_no_pattern(&text, &shown, right.span));
            return error_expr(self, span);
        }
        self.comparison(BinaryOp::Matches, left, right, span)
    }
}

/// Whether the expression takes its type from where it stands.
pub(super) fn is_literal(expr: &ast::Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Text(parts) => {
            parts.iter().all(|part| matches!(part, ast::TextPart::Literal(_)))
        }
        ast::ExprKind::Int(_) | ast::ExprKind::Record(_) => true,
        ast::ExprKind::List(items) => items.iter().all(is_literal),
        _ => false,
    }
}

/// The text of a literal without interpolation.
pub(crate) fn plain_text(expr: &ast::Expr) -> Option<String> {
    match &expr.kind {
        ast::ExprKind::Text(parts) => match parts.as_slice() {
            [] => Some(String::new()),
            [ast::TextPart::Literal(text)] => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}
