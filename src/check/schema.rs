//! Schemas and records: every type of the program gets its number first, then its fields.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::builtins;
use crate::builtins::SigType;
use crate::hir::{Expr, ExprKind};
use crate::resolve::{Kind, ModuleId};
use crate::syntax::ast;
use crate::types::{Field, Presence, RecordId, RecordType, Reference, ResourceInfo, Type, TypeId};
use crate::value::Value;

use super::errors::declarations as errors;
use super::errors::names;
use super::{Checker, Declared, Named};

/// The attributes that every resource has, beside its properties.
pub(crate) const ATTRIBUTES: &[&str] = &[
    "id",
    "type",
    "account",
    "region",
    "arn",
    "name",
    "tags",
    "created",
    "properties",
    "metadata",
    "attributes",
];

/// The words that may stand behind a property of a schema.
const MARKS: &[&str] = &["readonly", "writeonly", "sensitive"];

/// The resource that stands for an account.
pub(crate) const ACCOUNT: &str = "AWS::::Account";

impl<'a> Checker<'a> {
    /// Declares every record and resource type, then their fields.
    pub(super) fn declare_types(&mut self) {
        self.declare_standard_records();
        let mut fields: Vec<(ModuleId, RecordId, &'a [ast::FieldDecl])> = Vec::new();
        let mut identified: Vec<(RecordId, &'a [ast::Ident])> = Vec::new();
        for (module, tree) in self.each_module() {
            for item in &tree.ast.items {
                match &item.kind {
                    ast::ItemKind::Resource(decl) => {
                        let name = decl.name.name.clone();
                        let resource = Some(ResourceInfo::default());
                        let id = self.add_type(name, resource, &item.docs, decl.name.span);
                        if let Some(id) = id {
                            fields.push((module, id, &decl.fields));
                            identified.push((id, &decl.identified_by));
                            self.record_modules.insert(id, module);
                        }
                    }
                    ast::ItemKind::Record(decl) => {
                        let id = self.add_type(
                            record_key(&tree.name, decl),
                            None,
                            &item.docs,
                            decl.name.span,
                        );
                        if let Some(id) = id {
                            fields.push((module, id, &decl.fields));
                            self.record_modules.insert(id, module);
                            if decl.owner.is_none() {
                                let named =
                                    Named { declared: Declared::Record(id), span: decl.name.span };
                                if let Some(names) = self.names.get_mut(module.index()) {
                                    names.insert(decl.name.name.clone(), named);
                                }
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        if self.hir.types.find(ACCOUNT).is_none() {
            // No schema names it, yet a control without a subject speaks of it.
            let start = Span::new(crate::base::SourceId(0), 0, 0);
            self.add_type(Symbol::from(ACCOUNT), Some(ResourceInfo::default()), "", start);
        }
        for (module, id, decls) in fields {
            self.module = module;
            self.fields_of(id, decls);
        }
        for (id, by) in identified {
            self.identified_by(id, by);
        }
        self.check_references();
    }

    fn add_type(
        &mut self,
        name: Symbol,
        resource: Option<ResourceInfo>,
        docs: &str,
        span: Span,
    ) -> Option<RecordId> {
        if let Some(known) = self.hir.types.find(&name) {
            let first = self.hir.types.records.at(known).span.unwrap_or(span);
            self.report(errors::type_twice(&name, span, first));
            return None;
        }
        let id = self.hir.types.records.add(RecordType {
            name: name.clone(),
            fields: IndexMap::new(),
            resource,
            declared: true,
            docs: docs.to_owned(),
            span: Some(span),
        });
        self.hir.types.by_name.insert(name, id);
        Some(id)
    }

    /// The records that standard functions make.
    fn declare_standard_records(&mut self) {
        for record in builtins::records() {
            let name = Symbol::from(record.name);
            let id = self.hir.types.records.add(RecordType {
                name: name.clone(),
                fields: IndexMap::new(),
                resource: None,
                declared: true,
                docs: record.docs.to_owned(),
                span: None,
            });
            self.hir.types.by_name.insert(name, id);
        }
        for record in builtins::records() {
            let Some(id) = self.hir.types.find(record.name) else { continue };
            for (name, sig) in record.fields {
                let (ty, presence) = match sig {
                    SigType::Option(inner) => (self.plain_sig(inner), Presence::Optional),
                    other => (self.plain_sig(other), Presence::Required),
                };
                let field = plain_field(Symbol::from(*name), ty, presence);
                self.hir.types.records.at_mut(id).fields.insert(field.name.clone(), field);
            }
        }
    }

    fn fields_of(&mut self, id: RecordId, decls: &[ast::FieldDecl]) {
        let is_resource = self.hir.types.records.at(id).resource.is_some();
        let of_user = self.module_at(self.module).is_some_and(|m| m.kind != Kind::Schema);
        for decl in decls {
            let name = &decl.name.name;
            if let Some(first) = self.hir.types.records.at(id).fields.get(name) {
                let first = first.span.unwrap_or(decl.name.span);
                self.report(errors::field_twice(name, decl.name.span, first));
                continue;
            }
            if is_resource && of_user && ATTRIBUTES.contains(&name.as_str()) {
                self.report(errors::field_is_attribute(name, decl.name.span));
                continue;
            }
            let field = self.field(decl);
            self.hir.types.records.at_mut(id).fields.insert(name.clone(), field);
        }
    }

    fn field(&mut self, decl: &ast::FieldDecl) -> Field {
        let written = self.type_expr(&decl.ty);
        let optional = self.hir.types.is_optional(written);
        let ty = self.hir.types.present(written);
        let presence = match &decl.default {
            Some(default) => self.field_default(default, ty),
            None if optional => Presence::Optional,
            None => Presence::Required,
        };
        let mut field = plain_field(decl.name.name.clone(), ty, presence);
        for mark in &decl.marks {
            match mark.name.as_str() {
                "readonly" => field.read_only = true,
                "writeonly" => field.write_only = true,
                "sensitive" => field.sensitive = true,
                _ => self.report(errors::unknown_mark(&mark.name, mark.span, MARKS)),
            }
        }
        field.references = decl.references.iter().map(reference).collect();
        field.docs.clone_from(&decl.docs);
        field.span = Some(decl.name.span);
        field
    }

    /// The constant behind `=` in a schema. A record is a map here: the readers give it its layout.
    fn field_default(&mut self, default: &ast::Expr, ty: TypeId) -> Presence {
        let before = self.enter();
        let value = self.check(default, ty);
        self.leave(before);
        match constant(&value) {
            Some(value) => Presence::Default(value),
            None => {
                if !self.is_error(value.ty) {
                    self.report(errors::default_not_constant(default.span));
                }
                Presence::Optional
            }
        }
    }

    fn identified_by(&mut self, id: RecordId, by: &[ast::Ident]) {
        for name in by {
            if self.hir.types.records.at(id).fields.contains_key(&name.name) {
                if let Some(info) = &mut self.hir.types.records.at_mut(id).resource {
                    info.identified_by.push(name.name.clone());
                }
                continue;
            }
            let record = &self.hir.types.records.at(id);
            let known: Vec<String> = record.fields.keys().map(ToString::to_string).collect();
            let owner = record.name.clone();
            self.report(names::unknown_field(&owner, &name.name, name.span, &known));
        }
    }

    /// References name types that exist, and properties of those that are loaded. The registry's own
    /// schemas refer to types that the library lacks.
    fn check_references(&mut self) {
        for (_, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            for item in &tree.ast.items {
                let fields = match &item.kind {
                    ast::ItemKind::Resource(decl) => &decl.fields,
                    ast::ItemKind::Record(decl) => &decl.fields,
                    _ => continue,
                };
                for written in fields.iter().flat_map(|field| &field.references) {
                    self.check_reference(written);
                }
            }
        }
    }

    fn check_reference(&mut self, written: &ast::Reference) {
        let Some(target) = self.hir.types.find(&written.resource.name) else {
            if self.hir.known_types.binary_search(&written.resource.name).is_err() {
                let (name, span) = (&written.resource.name, written.resource.span);
                self.report(names::unknown_resource_type(name, span, &self.hir.known_types));
            }
            return;
        };
        let property = &written.property;
        let record = &self.hir.types.records.at(target);
        if !record.fields.contains_key(&property.name) && property.name != "id" {
            let known: Vec<String> = record.fields.keys().map(ToString::to_string).collect();
            let owner = record.name.clone();
            self.report(names::unknown_field(&owner, &property.name, property.span, &known));
        }
    }

    /// The type of an attribute that every resource has.
    pub(super) fn attribute_type(&mut self, name: &str) -> Option<TypeId> {
        Some(match name {
            "id" | "type" | "account" | "region" | "arn" => self.core.string,
            "name" => self.hir.types.optional(self.core.string),
            "created" => self.hir.types.optional(self.core.timestamp),
            "tags" => self.core.tags,
            "properties" | "metadata" | "attributes" => self.core.json,
            _ => return None,
        })
    }

    /// A type of a signature that has no variables.
    pub(super) fn plain_sig(&mut self, sig: &SigType) -> TypeId {
        let core = self.core;
        match sig {
            SigType::Bool => core.bool,
            SigType::Int => core.int,
            SigType::Float | SigType::Number => core.float,
            SigType::String | SigType::Ordered => core.string,
            SigType::Duration => core.duration,
            SigType::Timestamp => core.timestamp,
            SigType::Ip => core.ip,
            SigType::Cidr => core.cidr,
            SigType::Regex => core.regex,
            SigType::Glob => core.glob,
            SigType::Version => core.version,
            SigType::Json | SigType::Anything => core.json,
            SigType::Var(_) => core.never,
            SigType::List(inner) => {
                let inner = self.plain_sig(inner);
                self.list_of(inner)
            }
            SigType::Map(inner) => {
                let inner = self.plain_sig(inner);
                self.hir.types.intern(Type::Map(inner))
            }
            SigType::Option(inner) => {
                let inner = self.plain_sig(inner);
                self.hir.types.optional(inner)
            }
            SigType::Record(name) => match self.hir.types.find(name) {
                Some(record) => self.hir.types.intern(Type::Record(record)),
                None => core.error,
            },
            SigType::Resource => core.resource,
        }
    }
}

/// The key of a record among the types.
fn record_key(module: &str, decl: &ast::RecordDecl) -> Symbol {
    match &decl.owner {
        Some(owner) => Symbol::from(format!("{}.{}", owner.name, decl.name.name)),
        None => Symbol::from(format!("{module}.{}", decl.name.name)),
    }
}

fn reference(written: &ast::Reference) -> Reference {
    Reference { resource: written.resource.name.clone(), property: written.property.name.clone() }
}

/// A field with nothing special about it.
pub(crate) fn plain_field(name: Symbol, ty: TypeId, presence: Presence) -> Field {
    Field {
        name,
        ty,
        presence,
        references: Vec::new(),
        read_only: false,
        write_only: false,
        sensitive: false,
        docs: String::new(),
        span: None,
    }
}

/// The value of an expression made of literals only.
pub(crate) fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        ExprKind::List(items) => {
            let values: Option<Vec<Value>> = items.iter().map(constant).collect();
            Some(Value::list(values?))
        }
        ExprKind::Map(fields) | ExprKind::Record { fields, spread: None, .. } => {
            let entries: Option<Vec<_>> = fields
                .iter()
                .map(|(name, value)| constant(value).map(|value| (name.text(), value)))
                .collect();
            Some(Value::map(entries?))
        }
        ExprKind::Negate(inner) => match constant(inner)? {
            Value::Int(number) => number.checked_neg().map(Value::Int),
            Value::Float(number) => Some(Value::Float(-number)),
            Value::Duration(micros) => micros.checked_neg().map(Value::Duration),
            _ => None,
        },
        _ => None,
    }
}
