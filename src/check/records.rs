//! Records and maps in braces.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind};
use crate::syntax::ast;
use crate::types::{Presence, RecordId, RecordType, Type, TypeId};

use super::Checker;
use super::errors::names;
use super::errors::types as errors;
use super::expressions::error_expr;
use super::schema::plain_field;

impl Checker<'_> {
    /// `{ A: x, ..r }`, as the type that is wanted where that is a record, a map or Json.
    pub(super) fn record(
        &mut self,
        fields: &[ast::RecordField],
        want: Option<TypeId>,
        span: Span,
    ) -> Expr {
        let mut spread = None;
        let mut written: IndexMap<Symbol, (&ast::Ident, &ast::Expr)> = IndexMap::new();
        for field in fields {
            match field {
                ast::RecordField::Spread(base) => {
                    if let Some(first) = spread {
                        let first: &ast::Expr = first;
                        self.report(errors::spread_twice(base.span, first.span));
                    } else {
                        spread = Some(base);
                    }
                }
                ast::RecordField::Field(name, value) => {
                    if let Some((first, _)) = written.get(&name.name) {
                        let first = first.span;
                        self.report(errors::field_given_twice(&name.name, name.span, first));
                    } else {
                        written.insert(name.name.clone(), (name, value));
                    }
                }
            }
        }
        if let Some(spread) = spread {
            return self.update(spread, &written, span);
        }
        let wanted = want.map(|want| self.hir.types.present(want));
        match wanted.map(|want| self.ty(want).clone()) {
            Some(Type::Record(record)) => self.record_of(record, &written, span),
            Some(Type::Map(inner)) => self.map_of(inner, &written, wanted, span),
            Some(Type::Json) => self.map_of(self.core.json, &written, wanted, span),
            _ if self.place.lenient => {
                self.map_of(self.core.json, &written, Some(self.core.json), span)
            }
            _ => self.anonymous(&written, span),
        }
    }

    /// The fields as those of a known record.
    pub(super) fn record_of(
        &mut self,
        record: RecordId,
        written: &IndexMap<Symbol, (&ast::Ident, &ast::Expr)>,
        span: Span,
    ) -> Expr {
        let mut values = Vec::with_capacity(written.len());
        for (name, (ident, value)) in written {
            if let Some(value) = self.field_value(record, ident, value) {
                values.push((name.clone(), value));
            }
        }
        if !self.place.test && !self.place.lenient {
            let missing: Vec<String> = self
                .hir
                .types
                .records
                .at(record)
                .fields
                .values()
                .filter(|field| matches!(field.presence, Presence::Required) && !field.read_only)
                .filter(|field| !written.contains_key(&field.name))
                .map(|field| field.name.to_string())
                .collect();
            if !missing.is_empty() {
                let owner = self.hir.types.records.at(record).name.clone();
                self.report(errors::fields_missing(&owner, &missing, span));
            }
        }
        let ty = self.hir.types.intern(Type::Record(record));
        self.make(ExprKind::Record { record, spread: None, fields: values }, ty, span)
    }

    /// A value for a field of a record or resource type; reported where there is no such field.
    pub(super) fn field_value(
        &mut self,
        record: RecordId,
        name: &ast::Ident,
        value: &ast::Expr,
    ) -> Option<Expr> {
        let Some(field) = self.hir.types.records.at(record).fields.get(&name.name) else {
            let known = self.hir.types.records.at(record).fields.keys();
            let known: Vec<String> = known.map(ToString::to_string).collect();
            let owner = self.hir.types.records.at(record).name.clone();
            self.report(names::unknown_field(&owner, &name.name, name.span, &known));
            // What stands behind a misspelt name is still read.
            self.expr(value, None);
            return None;
        };
        let (ty, optional) = (field.ty, matches!(field.presence, Presence::Required));
        let ty = if optional { ty } else { self.hir.types.optional(ty) };
        Some(self.check(value, ty))
    }

    fn map_of(
        &mut self,
        inner: TypeId,
        written: &IndexMap<Symbol, (&ast::Ident, &ast::Expr)>,
        wanted: Option<TypeId>,
        span: Span,
    ) -> Expr {
        let mut values = Vec::with_capacity(written.len());
        for (name, (_, value)) in written {
            values.push((name.clone(), self.check(value, inner)));
        }
        let ty = wanted.unwrap_or(self.core.json);
        self.make(ExprKind::Map(values), ty, span)
    }

    /// A record that nobody declared: its type is its fields. Equal fields make one type.
    fn anonymous(
        &mut self,
        written: &IndexMap<Symbol, (&ast::Ident, &ast::Expr)>,
        span: Span,
    ) -> Expr {
        let mut values = Vec::with_capacity(written.len());
        let mut fields = IndexMap::new();
        for (name, (_, value)) in written {
            let value = self.expr(value, None);
            let optional = self.hir.types.is_optional(value.ty);
            let presence = if optional { Presence::Optional } else { Presence::Required };
            let ty = self.hir.types.present(value.ty);
            fields.insert(name.clone(), plain_field(name.clone(), ty, presence));
            values.push((name.clone(), value));
        }
        let record = self.anonymous_type(fields);
        let ty = self.hir.types.intern(Type::Record(record));
        self.make(ExprKind::Record { record, spread: None, fields: values }, ty, span)
    }

    fn anonymous_type(&mut self, fields: IndexMap<Symbol, crate::types::Field>) -> RecordId {
        let same = |known: &RecordType| {
            !known.declared
                && known.fields.len() == fields.len()
                && known.fields.values().zip(fields.values()).all(|(a, b)| {
                    let presence = matches!(a.presence, Presence::Optional)
                        == matches!(b.presence, Presence::Optional);
                    a.name == b.name && a.ty == b.ty && presence
                })
        };
        let known = self.hir.types.records.iter_with_idx().find(|(_, known)| same(known));
        if let Some((id, _)) = known {
            return id;
        }
        let names: Vec<&str> = fields.keys().map(Symbol::as_str).collect();
        let name = match names.as_slice() {
            [] => "{}".to_owned(),
            _ => format!("{{ {} }}", names.join(", ")),
        };
        self.hir.types.records.add(RecordType {
            name: Symbol::from(name),
            fields,
            resource: None,
            declared: false,
            docs: String::new(),
            span: None,
        })
    }

    /// `{ ..r, A: x }`: the record with other values for some of its fields.
    fn update(
        &mut self,
        base: &ast::Expr,
        written: &IndexMap<Symbol, (&ast::Ident, &ast::Expr)>,
        span: Span,
    ) -> Expr {
        let base = self.expr(base, None);
        if self.hir.types.is_optional(base.ty) {
            self.report_optional(&base, self.hir.types.present(base.ty));
            return error_expr(self, span);
        }
        let record = match self.ty(base.ty) {
            Type::Record(record) => *record,
            Type::Error => return error_expr(self, span),
            _ => {
                let found = self.show(base.ty);
                self.report(errors::no_record_to_update(&found, base.span));
                return error_expr(self, span);
            }
        };
        let mut values = Vec::with_capacity(written.len());
        for (name, (ident, value)) in written {
            if let Some(value) = self.field_value(record, ident, value) {
                values.push((name.clone(), value));
            }
        }
        let ty = base.ty;
        let kind = ExprKind::Record { record, spread: Some(Box::new(base)), fields: values };
        self.make(kind, ty, span)
    }
}
