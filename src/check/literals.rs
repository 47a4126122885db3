//! Literals: numbers, texts, patterns, lists.

use std::sync::Arc;

use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind, TextPart};
use crate::syntax::ast;
use crate::types::{Type, TypeId};
use crate::value::Value;

use super::Checker;
use super::errors::types as errors;
use super::expressions::error_expr;

impl Checker<'_> {
    /// A literal, of the type that is wanted where it can be.
    pub(super) fn literal(&mut self, expr: &ast::Expr, want: Option<TypeId>) -> Expr {
        let core = self.core;
        let span = expr.span;
        let want = want.map(|want| self.hir.types.present(want));
        let (value, ty) = match &expr.kind {
            ast::ExprKind::Int(number) if want == Some(core.float) => {
                #[expect(clippy::cast_precision_loss, reason = "a literal wanted as a float")]
                let float = *number as f64;
                (Value::Float(float), core.float)
            }
            ast::ExprKind::Int(number) => (Value::Int(*number), core.int),
            ast::ExprKind::Float(number) => (Value::Float(*number), core.float),
            ast::ExprKind::Percent(number) => (Value::Float(*number / 100.0), core.float),
            ast::ExprKind::Duration(micros) => (Value::Duration(*micros), core.duration),
            ast::ExprKind::Timestamp(micros) => (Value::Timestamp(*micros), core.timestamp),
            ast::ExprKind::Bool(value) => (Value::Bool(*value), core.bool),
            ast::ExprKind::Tagged(tag, text) => return self.tagged(*tag, text, span),
            ast::ExprKind::Text(parts) => return self.text(parts, want, span),
            _ => return error_expr(self, span),
        };
        self.make(ExprKind::Constant(value), ty, span)
    }

    /// A checked literal; the lexer has refused malformed ones.
    fn tagged(&mut self, tag: ast::Tag, text: &str, span: Span) -> Expr {
        let core = self.core;
        let made = match tag {
            ast::Tag::Regex => regex::Regex::new(text)
                .ok()
                .map(|regex| (Value::Regex(Arc::new(regex)), core.regex)),
            ast::Tag::Glob => Some((Value::Glob(Arc::from(text)), core.glob)),
            ast::Tag::Cidr => text.parse().ok().map(|net| (Value::Cidr(net), core.cidr)),
            ast::Tag::Ip => text.parse().ok().map(|ip| (Value::Ip(ip), core.ip)),
            ast::Tag::Version => semver::Version::parse(text)
                .ok()
                .map(|version| (Value::Version(Arc::new(version)), core.version)),
        };
        match made {
            Some((value, ty)) => self.make(ExprKind::Constant(value), ty, span),
            None => error_expr(self, span),
        }
    }

    fn text(&mut self, parts: &[ast::TextPart], want: Option<TypeId>, span: Span) -> Expr {
        match parts {
            [] => self.text_literal("", want, span),
            [ast::TextPart::Literal(text)] => self.text_literal(text, want, span),
            _ => {
                let parts = parts.iter().map(|part| self.text_part(part)).collect();
                self.make(ExprKind::Text(parts), self.core.string, span)
            }
        }
    }

    fn text_literal(&mut self, text: &str, want: Option<TypeId>, span: Span) -> Expr {
        let mut ty = self.core.string;
        if let Some(want) = want
            && let Type::Enum(members) = self.ty(want)
        {
            if !members.iter().any(|member| member == text) {
                let members = members.clone();
                self.report(errors::no_such_value(text, span, &members));
                return error_expr(self, span);
            }
            ty = want;
        }
        self.make(ExprKind::Constant(Value::text(text)), ty, span)
    }

    fn text_part(&mut self, part: &ast::TextPart) -> TextPart {
        let part = match part {
            ast::TextPart::Literal(text) => return TextPart::Literal(Symbol::from(text.as_str())),
            ast::TextPart::Expr(part) => part,
        };
        let message = std::mem::take(&mut self.place.message);
        let value = self.expr(part, None);
        self.place.message = message;
        if !message && self.hir.types.is_optional(value.ty) {
            self.report_optional(&value, self.hir.types.present(value.ty));
            return TextPart::Expr(error_expr(self, value.span));
        }
        TextPart::Expr(value)
    }

    /// `[a, b]`.
    pub(super) fn list(&mut self, items: &[ast::Expr], want: Option<TypeId>, span: Span) -> Expr {
        let json = want.map(|want| self.hir.types.present(want)) == Some(self.core.json);
        let wish =
            if json { Some(self.core.json) } else { want.and_then(|w| self.element_wish(w)) };
        let values: Vec<Expr> = items.iter().map(|item| self.expr(item, wish)).collect();
        // The wish stands where every element fits it: `["a"]` is a list of an enum that has `a`.
        let fits = |wish: &TypeId| values.iter().all(|v| self.hir.types.fits(v.ty, *wish));
        let ty = match wish.filter(fits) {
            Some(wish) => wish,
            None => match self.common_type(&values) {
                Some(ty) => ty,
                None => return error_expr(self, span),
            },
        };
        let ty = self.list_of(ty);
        self.make(ExprKind::List(values), ty, span)
    }

    /// The one type of all; reported where there is none.
    fn common_type(&mut self, values: &[Expr]) -> Option<TypeId> {
        let mut ty = self.core.never;
        let mut before = None;
        for value in values {
            match self.join_types(ty, value.ty) {
                Some(joined) => ty = joined,
                None => {
                    let (a, b) = (self.show(ty), self.show(value.ty));
                    self.report(errors::elements_differ(&a, before, &b, value.span));
                    return None;
                }
            }
            before = Some(value.span);
        }
        Some(ty)
    }

    fn join_types(&mut self, a: TypeId, b: TypeId) -> Option<TypeId> {
        if self.place.lenient && (a == self.core.json || b == self.core.json) {
            return Some(self.core.json);
        }
        self.hir.types.join(a, b)
    }

    /// The type of an element where this type is wanted for the list.
    pub(super) fn element_wish(&self, want: TypeId) -> Option<TypeId> {
        match self.ty(self.hir.types.present(want)) {
            Type::List(inner) => Some(*inner),
            _ => None,
        }
    }
}
