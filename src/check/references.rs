//! Following references: `x -> Type`, `r <- Type.Property`, and the resources of a type.

use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind, LocalId};
use crate::syntax::ast;
use crate::types::{RecordId, Reference, Type, TypeId};

use super::Checker;
use super::errors::names;
use super::errors::types as errors;
use super::expressions::error_expr;

impl Checker<'_> {
    /// The resources of a type: of the subject's account, or everywhere.
    pub(super) fn resources(&mut self, name: &Symbol, all: bool, at: Span, span: Span) -> Expr {
        let ty = self.resource_type(name, at);
        match *self.ty(ty) {
            Type::Resource(record) => {
                let ty = self.list_of(ty);
                self.make(ExprKind::Resources(record, all), ty, span)
            }
            _ => error_expr(self, span),
        }
    }

    /// `x -> Type`.
    pub(super) fn follow(&mut self, from: &ast::Expr, target: &ast::TypeName, span: Span) -> Expr {
        let from = self.expr(from, None);
        let target_ty = self.resource_type(&target.name, target.span);
        let Type::Resource(record) = *self.ty(target_ty) else { return error_expr(self, span) };
        if self.is_error(from.ty) {
            return error_expr(self, span);
        }
        if !self.holds_references(from.ty) {
            let (text, shown) = (self.source_text(from.span), self.show(from.ty));
            let resource = matches!(self.ty(from.ty), Type::Resource(_));
            self.report(errors::no_reference(&text, &shown, &target.name, resource, from.span));
            return error_expr(self, span);
        }
        let by = self.references_of(&from);
        let by = by.into_iter().filter(|r| r.resource == target.name).map(|r| r.property);
        let kind = ExprKind::Follow { from: Box::new(from), target: record, by: by.collect() };
        let ty = self.list_of(target_ty);
        self.make(kind, ty, span)
    }

    /// Whether it is a text, or texts in lists, that may be absent.
    fn holds_references(&self, ty: TypeId) -> bool {
        match self.ty(self.hir.types.present(ty)) {
            Type::String | Type::Enum(_) | Type::Never | Type::Error => true,
            Type::List(inner) => self.holds_references(*inner),
            _ => false,
        }
    }

    /// What the texts in a value may refer to, as the schema of the field says that they come from.
    pub(super) fn references_of(&self, expr: &Expr) -> Vec<Reference> {
        match &expr.kind {
            ExprKind::Field(base, field) => match field.record {
                Some(record) => self.field_references(record, &field.name),
                None => self.union_references(base.ty, &field.name),
            },
            ExprKind::Local(local) => self.place.references.get(local).cloned().unwrap_or_default(),
            ExprKind::Index(base, _) => self.references_of(base),
            ExprKind::Coalesce(a, b) => self.references_of_all([&**a, &**b]),
            ExprKind::If(_, a, b) => self.references_of_all([&**a, &**b]),
            ExprKind::Comprehension(item, _) => self.references_of(item),
            ExprKind::List(items) => self.references_of_all(items),
            ExprKind::Binary(crate::hir::BinaryOp::Add, a, b) => {
                self.references_of_all([&**a, &**b])
            }
            _ => Vec::new(),
        }
    }

    fn references_of_all<'e>(&self, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Reference> {
        let mut all: Vec<Reference> = Vec::new();
        for reference in exprs.into_iter().flat_map(|expr| self.references_of(expr)) {
            if !all.contains(&reference) {
                all.push(reference);
            }
        }
        all
    }

    fn field_references(&self, record: RecordId, name: &str) -> Vec<Reference> {
        let record = self.hir.types.records.get(record);
        let field = record.and_then(|record| record.fields.get(name));
        field.map(|field| field.references.clone()).unwrap_or_default()
    }

    fn union_references(&self, ty: TypeId, name: &str) -> Vec<Reference> {
        let Type::Union(members) = self.ty(self.hir.types.present(ty)) else { return Vec::new() };
        let mut all: Vec<Reference> = Vec::new();
        for member in members {
            if let Type::Resource(record) | Type::Record(record) = self.ty(*member) {
                for reference in self.field_references(*record, name) {
                    if !all.contains(&reference) {
                        all.push(reference);
                    }
                }
            }
        }
        all
    }

    /// `r <- Type.Property`, `r <- Type.(A.B)`.
    pub(super) fn reverse(
        &mut self,
        to: &ast::Expr,
        source: &ast::TypeName,
        path: &ast::Path,
        span: Span,
    ) -> Expr {
        let to = self.expr(to, None);
        if let Some(item) = self.place.referred
            && !source.name.contains("::")
        {
            return self.companions(to, item, &source.name, path, span);
        }
        let source_ty = self.resource_type(&source.name, source.span);
        let Type::Resource(record) = *self.ty(source_ty) else { return error_expr(self, span) };
        if self.hir.types.is_optional(to.ty) {
            self.report_optional(&to, self.hir.types.present(to.ty));
            return error_expr(self, span);
        }
        let targets = self.resource_names(to.ty);
        if targets.is_none() && !self.is_error(to.ty) {
            let (text, shown) = (self.source_text(to.span), self.show(to.ty));
            self.report(errors::no_resource(&text, &shown, to.span));
        }
        let Some(references) = self.reverse_path(record, path) else {
            return error_expr(self, span);
        };
        let Some(targets) = targets else { return error_expr(self, span) };
        // What may refer to other types only would find nothing, whatever there is.
        let fits = |r: &Reference| targets.contains(&r.resource);
        if let Some(other) = references.first().filter(|_| !references.iter().any(fits))
            && let Some(wanted) = targets.first()
        {
            self.report(errors::refers_to_another(wanted, &other.resource, path.span));
            return error_expr(self, span);
        }
        let by = references.into_iter().filter(|r| targets.contains(&r.resource));
        let by = by.map(|r| r.property).collect();
        let path = path.segments.iter().map(|segment| segment.name.clone()).collect();
        let kind = ExprKind::Reverse { to: Box::new(to), source: record, path, by };
        let ty = self.list_of(source_ty);
        self.make(kind, ty, span)
    }

    /// `item <- type.attribute` in an adapter: the source's resources of the type whose attribute refers to the
    /// item. The reader gives them as a member of the item with that name.
    fn companions(
        &mut self,
        to: Expr,
        item: LocalId,
        source: &Symbol,
        path: &ast::Path,
        span: Span,
    ) -> Expr {
        if !matches!(to.kind, ExprKind::Local(local) if local == item) {
            let (text, shown) = (self.source_text(to.span), self.show(to.ty));
            self.report(errors::no_resource(&text, &shown, to.span));
            return error_expr(self, span);
        }
        let names: Vec<&str> = path.segments.iter().map(|part| part.name.as_str()).collect();
        let member = Symbol::from(format!("{source}.{}", names.join(".")));
        self.make(ExprKind::JsonField(Box::new(to), member), self.core.json, span)
    }

    /// The resource types that a type is of; `None` where it is no resource.
    fn resource_names(&self, ty: TypeId) -> Option<Vec<Symbol>> {
        match self.ty(ty) {
            Type::Resource(record) => Some(vec![self.hir.types.records.at(*record).name.clone()]),
            Type::AnyResource => Some(Vec::new()),
            Type::Union(members) => {
                let names: Option<Vec<Vec<Symbol>>> =
                    members.iter().map(|member| self.resource_names(*member)).collect();
                Some(names?.concat())
            }
            _ => None,
        }
    }

    /// Walks the path through lists and optionals to texts; what they may refer to.
    fn reverse_path(&mut self, source: RecordId, path: &ast::Path) -> Option<Vec<Reference>> {
        let mut record = source;
        let mut segments = path.segments.iter().peekable();
        while let Some(segment) = segments.next() {
            let Some(field) = self.hir.types.records.at(record).fields.get(&segment.name) else {
                let shape = &self.hir.types.records.at(record);
                let known: Vec<String> = shape.fields.keys().map(ToString::to_string).collect();
                let owner = shape.name.clone();
                self.report(names::unknown_field(&owner, &segment.name, segment.span, &known));
                return None;
            };
            let (ty, references) = (field.ty, field.references.clone());
            let inner = self.innermost(ty);
            match (self.ty(inner), segments.peek()) {
                (Type::Record(next), Some(_)) => record = *next,
                (Type::String | Type::Enum(_), None) => return Some(references),
                (Type::Error, _) => return None,
                (_, Some(next)) => {
                    let shown = self.show(ty);
                    self.report(errors::no_fields(&segment.name, &shown, &next.name, next.span));
                    return None;
                }
                (_, None) => {
                    let shown = self.show(ty);
                    self.report(errors::no_reference_property(&segment.name, &shown, segment.span));
                    return None;
                }
            }
        }
        None
    }

    /// What lists and optionals hold in the end.
    fn innermost(&self, ty: TypeId) -> TypeId {
        match self.ty(ty) {
            Type::List(inner) | Type::Option(inner) => self.innermost(*inner),
            _ => ty,
        }
    }
}
