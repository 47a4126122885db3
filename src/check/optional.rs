//! What may be absent where a value is needed: the message, with the mends that fit.

use crate::hir::{Expr, ExprKind};
use crate::syntax::ast::BinaryOp;
use crate::types::{Type, TypeId};

use super::Checker;
use super::errors::optional as errors;
use super::errors::optional::Absent;

impl Checker<'_> {
    /// `value` may be absent where something of type `wanted` is needed.
    pub(super) fn report_optional(&mut self, value: &Expr, wanted: TypeId) {
        let absent = self.absent(value);
        let wanted = self.show(wanted);
        self.report(errors::may_be_absent(&absent, &wanted));
    }

    /// A field or an element of something that may be absent.
    pub(super) fn report_optional_base(&mut self, base: &Expr) {
        let absent = self.absent(base);
        self.report(errors::field_of_absent(&absent));
    }

    /// `x == v` with an optional `x`, where false could make a requirement pass.
    pub(super) fn report_optional_equality(&mut self, value: &Expr, whole: &Expr, simple: bool) {
        let absent = self.absent(value);
        let whole_text = self.source_text(whole.span);
        self.report(errors::optional_equality(&absent, &whole_text, whole.span, simple));
    }

    /// An operator that needs both sides, on one that may be absent.
    pub(super) fn report_optional_operand(&mut self, value: &Expr, op: BinaryOp) {
        let absent = self.absent(value);
        self.report(errors::optional_operand(&absent, op.text()));
    }

    /// A list that may be absent, where its elements are gone through.
    pub(super) fn report_optional_list(&mut self, value: &Expr) {
        let absent = self.absent(value);
        self.report(errors::optional_list(&absent));
    }

    /// What messages say of a value that may be absent.
    fn absent(&self, value: &Expr) -> Absent {
        let present = self.hir.types.present(value.ty);
        Absent {
            span: value.span,
            text: self.source_text(value.span),
            ty: self.show(value.ty),
            default: self.default_text(present),
            why: self.why_absent(value),
            simple: simple(value),
        }
    }

    /// A value of the type that an author may mean by absence.
    fn default_text(&self, ty: TypeId) -> Option<String> {
        Some(match self.ty(ty) {
            Type::Bool => "false".to_owned(),
            Type::Int => "0".to_owned(),
            Type::Float => "0.0".to_owned(),
            Type::String | Type::Enum(_) => "\"\"".to_owned(),
            Type::List(_) => "[]".to_owned(),
            Type::Map(_) => "{}".to_owned(),
            Type::Duration => "0s".to_owned(),
            Type::Record(record) => {
                let fields = &self.hir.types.records.at(*record).fields;
                let required =
                    fields.values().any(|f| matches!(f.presence, crate::types::Presence::Required));
                if required {
                    return None;
                }
                "{}".to_owned()
            }
            _ => return None,
        })
    }

    /// Which link of the value may be missing.
    fn why_absent(&self, value: &Expr) -> Option<String> {
        match &value.kind {
            ExprKind::Field(base, field) => {
                if self.hir.types.is_optional(base.ty)
                    && let Some(why) = self.why_absent(base)
                {
                    return Some(why);
                }
                let owner = field.record.and_then(|record| self.hir.types.records.get(record))?;
                Some(format!("`{}` is optional in `{}`", field.name, owner.name))
            }
            ExprKind::Attribute(_, name) => Some(format!("not every resource has a `{name}`")),
            ExprKind::JsonField(..) => Some("JSON may lack any field".to_owned()),
            ExprKind::Index(base, _) => match self.ty(self.hir.types.present(base.ty)) {
                Type::List(_) => Some("the list may be shorter".to_owned()),
                _ => Some("the key may be missing".to_owned()),
            },
            ExprKind::Local(local) => {
                let local = self.place.body.locals.get(*local)?;
                Some(format!("`{}` is of type `{}`", local.name, self.show(local.ty)))
            }
            ExprKind::Builtin(..) | ExprKind::Call(..) => {
                Some("the function gives nothing for some arguments".to_owned())
            }
            _ => None,
        }
    }
}

/// Whether `is present` can be asked of it and is remembered.
fn simple(value: &Expr) -> bool {
    super::narrowing::path_of(value).is_some()
}
