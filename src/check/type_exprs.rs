//! Types as written, turned into types.

use crate::base::{Span, Symbol};
use crate::builtins;
use crate::resolve::Target;
use crate::syntax::ast::{TypeExpr, TypeExprKind};
use crate::types::{Type, TypeId};

use super::errors::names as errors;
use super::errors::types as type_errors;
use super::{Checker, Declared};

/// The types that need no declaration.
pub(crate) const BUILT_IN: &[&str] = &[
    "Bool",
    "Int",
    "Float",
    "String",
    "Duration",
    "Timestamp",
    "Ip",
    "Cidr",
    "Regex",
    "Glob",
    "Version",
    "Json",
    "Resource",
];

impl Checker<'_> {
    /// The type that is written here.
    pub(super) fn type_expr(&mut self, ty: &TypeExpr) -> TypeId {
        match &ty.kind {
            TypeExprKind::Error => self.core.error,
            TypeExprKind::Name(name) => self.named_type(name, ty.span),
            TypeExprKind::Resource(name) => self.resource_type(name, ty.span),
            TypeExprKind::Record(owner, name) => {
                let full = format!("{}.{}", owner.name, name.name);
                match self.hir.types.find(&full) {
                    Some(record) => self.hir.types.intern(Type::Record(record)),
                    None => {
                        self.unknown_record(&owner.name, owner.span, &name.name, name.span);
                        self.core.error
                    }
                }
            }
            TypeExprKind::List(inner) => {
                let inner = self.type_expr(inner);
                self.list_of(inner)
            }
            TypeExprKind::Map(inner) => {
                let inner = self.type_expr(inner);
                self.hir.types.intern(Type::Map(inner))
            }
            TypeExprKind::Optional(inner) => {
                let inner = self.type_expr(inner);
                self.hir.types.optional(inner)
            }
            TypeExprKind::Literal(text) => {
                self.hir.types.intern(Type::Enum(vec![Symbol::from(text.as_str())]))
            }
            TypeExprKind::Union(members) => self.union_type(members, ty.span),
        }
    }

    fn named_type(&mut self, name: &Symbol, span: Span) -> TypeId {
        let core = self.core;
        match name.as_str() {
            "Bool" => core.bool,
            "Int" => core.int,
            "Float" => core.float,
            "String" => core.string,
            "Duration" => core.duration,
            "Timestamp" => core.timestamp,
            "Ip" => core.ip,
            "Cidr" => core.cidr,
            "Regex" => core.regex,
            "Glob" => core.glob,
            "Version" => core.version,
            "Json" => core.json,
            "Resource" => core.resource,
            _ => self.record_type(name, span),
        }
    }

    fn record_type(&mut self, name: &Symbol, span: Span) -> TypeId {
        if let Some(Declared::Record(record)) = self.find_declared(name) {
            return self.hir.types.intern(Type::Record(record));
        }
        let imported = self.module_at(self.module).and_then(|m| m.imports.get(name));
        let standard = match imported.map(|import| &import.target) {
            Some(Target::Standard(standard)) => standard.clone(),
            _ => name.clone(),
        };
        if builtins::records().any(|record| record.name == standard.as_str())
            && let Some(record) = self.hir.types.find(&standard)
        {
            return self.hir.types.intern(Type::Record(record));
        }
        let mut known: Vec<String> = BUILT_IN.iter().map(|name| (*name).to_owned()).collect();
        known.extend(self.names_of(self.module, |d| matches!(d, Declared::Record(_))));
        known.extend(builtins::records().map(|record| record.name.to_owned()));
        self.report(errors::unknown_type(name, span, &known));
        self.core.error
    }

    /// The resource type of this name; reported where there is none.
    pub(super) fn resource_type(&mut self, name: &Symbol, span: Span) -> TypeId {
        match self.hir.types.find(name) {
            Some(record) => self.hir.types.intern(Type::Resource(record)),
            None => {
                self.report(errors::unknown_resource_type(name, span, &self.hir.known_types));
                self.core.error
            }
        }
    }

    fn unknown_record(&mut self, owner: &Symbol, owner_span: Span, name: &str, span: Span) {
        if self.hir.types.find(owner).is_none() {
            self.report(errors::unknown_resource_type(owner, owner_span, &self.hir.known_types));
            return;
        }
        let prefix = format!("{owner}.");
        let records = self.hir.types.by_name.keys().filter_map(|full| full.strip_prefix(&prefix));
        let known: Vec<String> = records.map(str::to_owned).collect();
        self.report(errors::unknown_record(owner, name, span, &known));
    }

    /// An enum of literals, or a union of resource types.
    fn union_type(&mut self, members: &[TypeExpr], span: Span) -> TypeId {
        let mut values: Vec<Symbol> = Vec::new();
        let mut types: Vec<TypeId> = Vec::new();
        for member in members {
            if let TypeExprKind::Literal(text) = &member.kind {
                if values.iter().any(|known| known == text.as_str()) {
                    self.report(type_errors::enum_value_twice(text, member.span));
                } else {
                    values.push(Symbol::from(text.as_str()));
                }
                continue;
            }
            let ty = self.type_expr(member);
            match self.ty(ty) {
                Type::Error => return self.core.error,
                Type::Resource(_) | Type::Record(_) => types.push(ty),
                _ => {
                    let shown = self.show(ty);
                    self.report(type_errors::no_union(&shown, member.span));
                    return self.core.error;
                }
            }
        }
        match (values.is_empty(), types.is_empty()) {
            (false, true) => self.hir.types.intern(Type::Enum(values)),
            (true, false) => self.hir.types.union(types),
            _ => {
                self.report(type_errors::mixed_union(span));
                self.core.error
            }
        }
    }
}
