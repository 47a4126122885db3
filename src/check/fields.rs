//! Names, fields and indexes, with the chains of `?.`.

use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind, FieldRef};
use crate::syntax::ast;
use crate::types::{Presence, RecordId, Type, TypeId};
use crate::value::Value;

use super::errors::names;
use super::errors::types as errors;
use super::expressions::error_expr;
use super::schema::ATTRIBUTES;
use super::{Checker, Declared};

/// A link of a chain: the expression with its whole type, its type where no link before was absent,
/// and whether one may have been.
struct Link {
    expr: Expr,
    own: TypeId,
    short: bool,
}

impl Checker<'_> {
    /// A name in a place for a value.
    pub(super) fn name(&mut self, name: &Symbol, span: Span) -> Expr {
        if let Some(local) = self.place.find(name) {
            let ty = self.place.body.locals.at(local).ty;
            if let Some(after) = self.place.let_after.get(&local) {
                let after = after.clone();
                self.place.used_after.extend(after);
            }
            let expr = self.make(ExprKind::Local(local), ty, span);
            return self.narrow(expr, false).0;
        }
        if let Some(param) = self.place.params.get(name) {
            let param = *param;
            return self.param(param, span);
        }
        match self.find_declared(name) {
            Some(Declared::Param(param)) => self.param(param, span),
            Some(other) => {
                self.report(names::not_a_value(name, other.what(), span));
                error_expr(self, span)
            }
            None => {
                if self.find_module(name).is_some() {
                    self.report(names::not_a_value(name, "a module", span));
                } else if super::lookup::is_standard(name) {
                    self.report(names::not_a_value(name, "a standard function", span));
                } else {
                    let known = self.names_in_scope();
                    self.report(names::unknown_name(name, span, &known));
                }
                error_expr(self, span)
            }
        }
    }

    fn param(&mut self, param: crate::hir::ParamId, span: Span) -> Expr {
        let ty = self.hir.params.at(param).ty;
        let expr = self.make(ExprKind::Param(param), ty, span);
        self.narrow(expr, false).0
    }

    /// `x.f`, `x?.f`, `xs[i]` and chains of them.
    pub(super) fn postfix(&mut self, expr: &ast::Expr) -> Expr {
        self.link(expr).expr
    }

    fn link(&mut self, expr: &ast::Expr) -> Link {
        match &expr.kind {
            ast::ExprKind::Field { base, field, safe } => {
                if let Some(value) = self.module_value(base, field, expr.span) {
                    return self.first_link(value);
                }
                let base = self.link(base);
                self.field_link(base, field, *safe, expr.span)
            }
            ast::ExprKind::Index(base, index) => {
                let base = self.link(base);
                self.index_link(base, index, expr.span)
            }
            _ => {
                let value = self.expr(expr, None);
                self.first_link(value)
            }
        }
    }

    fn first_link(&self, expr: Expr) -> Link {
        Link { own: expr.ty, short: false, expr }
    }

    fn no_link(&self, span: Span) -> Link {
        self.first_link(error_expr(self, span))
    }

    /// `module.param`, where the base is an imported module and no local.
    fn module_value(&mut self, base: &ast::Expr, field: &ast::Ident, span: Span) -> Option<Expr> {
        let ast::ExprKind::Name(name) = &base.kind else { return None };
        if self.place.find(name).is_some() || self.place.params.contains_key(name) {
            return None;
        }
        let (module, path) = self.find_module(name)?;
        let declared = module.and_then(|module| self.declared_in(module, &field.name));
        Some(match declared {
            Some(Declared::Param(param)) => self.param(param, span),
            Some(other) => {
                self.report(names::not_a_value(&field.name, other.what(), field.span));
                error_expr(self, span)
            }
            None => {
                let keep = |d: Declared| matches!(d, Declared::Param(_));
                let known = module.map(|module| self.names_of(module, keep)).unwrap_or_default();
                self.report(names::unknown_in_module(&path, &field.name, field.span, &known));
                error_expr(self, span)
            }
        })
    }

    /// The base of a link where a value must be there: absent only where the chain says `?.`.
    fn base_type(&mut self, base: &Link, safe: bool) -> Option<TypeId> {
        if safe || !self.hir.types.is_optional(base.own) {
            return Some(self.hir.types.present(base.own));
        }
        self.report_optional_base(&base.expr);
        None
    }

    fn field_link(&mut self, base: Link, field: &ast::Ident, safe: bool, span: Span) -> Link {
        let Some(ty) = self.base_type(&base, safe) else { return self.no_link(span) };
        let short = base.short || safe && self.hir.types.is_optional(base.own);
        let boxed = Box::new(base.expr);
        let name = field.name.clone();
        let made = match self.ty(ty).clone() {
            Type::Error => None,
            Type::Record(record) => self
                .record_field(record, field)
                .map(|own| (ExprKind::Field(boxed, FieldRef { record: Some(record), name }), own)),
            Type::Resource(record) => {
                if let Some(own) = self.attribute_type(&name) {
                    Some((ExprKind::Attribute(boxed, name), own))
                } else {
                    self.record_field(record, field).map(|own| {
                        (ExprKind::Field(boxed, FieldRef { record: Some(record), name }), own)
                    })
                }
            }
            Type::Union(members) => self.union_field(boxed, &members, field),
            Type::AnyResource => match self.attribute_type(&name) {
                Some(own) => Some((ExprKind::Attribute(boxed, name), own)),
                None => {
                    self.report(names::unknown_attribute(&name, field.span, ATTRIBUTES));
                    None
                }
            },
            Type::Json if self.place.lenient => {
                Some((ExprKind::JsonField(boxed, name), self.core.json))
            }
            Type::Json => {
                let own = self.hir.types.optional(self.core.json);
                Some((ExprKind::JsonField(boxed, name), own))
            }
            _ => {
                let (shown, text) = (self.show(ty), self.source_text(boxed.span));
                self.report(errors::no_fields(&text, &shown, &name, field.span));
                None
            }
        };
        match made {
            Some((kind, own)) => self.finish_link(kind, own, short, span),
            None => self.no_link(span),
        }
    }

    /// A link's whole type, narrowed by what is known of it.
    fn finish_link(&mut self, kind: ExprKind, own: TypeId, short: bool, span: Span) -> Link {
        let (expr, present) = self.narrow(Expr { kind, ty: own, span }, short);
        let own = expr.ty;
        let short = short && !present;
        let ty = if short { self.hir.types.optional(own) } else { own };
        Link { expr: Expr { ty, ..expr }, own, short }
    }

    /// The type of a record's field; reported where there is none of this name.
    fn record_field(&mut self, record: RecordId, field: &ast::Ident) -> Option<TypeId> {
        match self.field_type(record, &field.name) {
            Some(ty) => Some(ty),
            None => {
                let shape = &self.hir.types.records.at(record);
                let mut known: Vec<String> = shape.fields.keys().map(ToString::to_string).collect();
                if shape.resource.is_some() {
                    known.extend(ATTRIBUTES.iter().map(|name| (*name).to_owned()));
                }
                let owner = shape.name.clone();
                self.report(names::unknown_field(&owner, &field.name, field.span, &known));
                None
            }
        }
    }

    /// The type that reading a field gives.
    pub(super) fn field_type(&mut self, record: RecordId, name: &str) -> Option<TypeId> {
        let field = self.hir.types.records.at(record).fields.get(name)?;
        let ty = field.ty;
        match field.presence {
            Presence::Optional => Some(self.hir.types.optional(ty)),
            Presence::Required | Presence::Default(_) => Some(ty),
        }
    }

    /// A field that all members of a union have.
    fn union_field(
        &mut self,
        base: Box<Expr>,
        members: &[TypeId],
        field: &ast::Ident,
    ) -> Option<(ExprKind, TypeId)> {
        let resources = members.iter().all(|member| matches!(self.ty(*member), Type::Resource(_)));
        if resources && let Some(own) = self.attribute_type(&field.name) {
            return Some((ExprKind::Attribute(base, field.name.clone()), own));
        }
        let mut joined: Option<TypeId> = None;
        for member in members {
            let (Type::Resource(record) | Type::Record(record)) = *self.ty(*member) else {
                return None;
            };
            let Some(ty) = self.field_type(record, &field.name) else {
                self.union_lacks(members, record, field);
                return None;
            };
            joined = match joined {
                None => Some(ty),
                Some(before) => match self.hir.types.join(before, ty) {
                    Some(joined) => Some(joined),
                    None => {
                        let (a, b) = (self.show(before), self.show(ty));
                        self.report(errors::union_differs(&field.name, &a, &b, field.span));
                        return None;
                    }
                },
            };
        }
        let kind = ExprKind::Field(base, FieldRef { record: None, name: field.name.clone() });
        joined.map(|own| (kind, own))
    }

    fn union_lacks(&mut self, members: &[TypeId], lacking: RecordId, field: &ast::Ident) {
        let records: Vec<RecordId> = members
            .iter()
            .filter_map(|member| match self.ty(*member) {
                Type::Resource(record) | Type::Record(record) => Some(*record),
                _ => None,
            })
            .collect();
        let has = |record: &RecordId, name: &str| {
            self.hir.types.records.at(*record).fields.contains_key(name)
        };
        let some = records.iter().find(|record| has(record, &field.name));
        let some = some.map(|record| self.hir.types.records.at(*record).name.clone());
        let first = records.first().map(|record| self.hir.types.records.at(*record));
        let mut known: Vec<String> = first
            .into_iter()
            .flat_map(|first| first.fields.keys())
            .filter(|name| records.iter().all(|record| has(record, name)))
            .map(ToString::to_string)
            .collect();
        known.extend(ATTRIBUTES.iter().map(|name| (*name).to_owned()));
        let owner = self.hir.types.records.at(lacking).name.clone();
        let error =
            names::field_not_in_all(&owner, some.as_deref(), &field.name, field.span, &known);
        self.report(error);
    }

    /// `xs[i]`, `m["k"]`.
    fn index_link(&mut self, base: Link, index: &ast::Expr, span: Span) -> Link {
        let Some(ty) = self.base_type(&base, false) else {
            self.expr(index, None);
            return self.no_link(span);
        };
        let (wanted, own) = match *self.ty(ty) {
            Type::List(inner) => (Some(self.core.int), inner),
            Type::Map(inner) => (Some(self.core.string), inner),
            Type::Json => (None, self.core.json),
            Type::Error => {
                self.expr(index, None);
                return self.no_link(span);
            }
            _ => {
                let (shown, text) = (self.show(ty), self.source_text(base.expr.span));
                self.report(errors::not_indexable(&text, &shown, base.expr.span));
                return self.no_link(span);
            }
        };
        let index = match wanted {
            Some(wanted) => self.check(index, wanted),
            None => {
                let index = self.expr(index, None);
                let fits = self.hir.types.fits(index.ty, self.core.string)
                    || self.hir.types.fits(index.ty, self.core.int);
                if !fits {
                    let shown = self.show(index.ty);
                    self.report(errors::json_index(&shown, index.span));
                }
                index
            }
        };
        let lenient = self.place.lenient && ty == self.core.json;
        let own = if lenient { own } else { self.hir.types.optional(own) };
        let negative = matches!(&index.kind, ExprKind::Constant(Value::Int(number)) if *number < 0)
            || matches!(&index.kind, ExprKind::Negate(_));
        if negative {
            self.report(errors::negative_index(index.span));
        }
        let kind = ExprKind::Index(Box::new(base.expr), Box::new(index));
        self.finish_link(kind, own, base.short, span)
    }
}
