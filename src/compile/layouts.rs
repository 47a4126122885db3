//! The projection: of each record and resource type, the fields that anything reads.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::base::Symbol;
use crate::hir::decl::Subject;
use crate::hir::{BinaryOp, Control, Expr, ExprKind, Question, TextPart, visit};
use crate::program::Attribute;
use crate::program::projection::Attributes;
use crate::types::{self, RecordId, Type, TypeId};

use super::unit::Unit;
use super::{Selection, reach, shapes};

/// What is read, before layouts are made of it.
#[derive(Default)]
pub(super) struct Reads {
    /// Fields by record; all of them for those in `whole`.
    pub fields: BTreeMap<RecordId, BTreeSet<Symbol>>,
    pub whole: BTreeSet<RecordId>,
    /// Every resource type that is asked about.
    pub resources: IndexMap<RecordId, ResourceReads>,
    pub any: Option<Attributes>,
    pub keep_all: bool,
}

#[derive(Default)]
pub(super) struct ResourceReads {
    pub attributes: Attributes,
    pub keep: bool,
}

/// Computes the projection and puts its layouts into the program.
pub(super) fn project(unit: &mut Unit<'_>, selection: &Selection, constants: &[&Expr]) {
    unit.reached = reach::reach(unit.hir, selection, constants);
    shapes::builtin_layouts(unit);
    let mut walk = Walk { unit: &*unit, reads: Reads::default() };
    for id in &selection.controls {
        walk.control(unit.hir.controls.at(*id), unit.reached.joins.contains_key(id));
    }
    for id in &unit.reached.functions {
        visit::function(unit.hir.functions.at(*id), &mut |part| walk.expr(part));
    }
    for param in &unit.hir.params {
        param.default.iter().for_each(|value| walk.expr(value));
    }
    for (_, value) in &selection.sets {
        walk.expr(value);
    }
    for waiver in
        unit.hir.waivers.iter().filter(|waiver| selection.controls.contains(&waiver.control))
    {
        waiver.condition.iter().for_each(|condition| walk.expr(condition));
    }
    unit.shown.iter().for_each(|ty| walk.whole(*ty));
    let reads = walk.reads;
    shapes::make(unit, reads);
}

struct Walk<'u, 'h> {
    unit: &'u Unit<'h>,
    reads: Reads,
}

impl Walk<'_, '_> {
    fn types(&self) -> &types::Types {
        &self.unit.hir.types
    }

    fn control(&mut self, control: &Control, joins: bool) {
        match &control.subject {
            Subject::Resources(_, kinds) => {
                for kind in kinds {
                    self.resource(*kind).keep |= joins;
                }
            }
            Subject::Any(_) => {
                self.reads.keep_all |= joins;
                self.reads.any.get_or_insert_with(Attributes::default);
            }
            Subject::Account(_) => {
                if let Some(account) = self.types().find("AWS::::Account") {
                    self.resource(account).keep = true;
                }
            }
        }
        visit::control(control, &mut |part| self.expr(part));
    }

    fn resource(&mut self, kind: RecordId) -> &mut ResourceReads {
        self.reads.resources.entry(kind).or_default()
    }

    /// A type whose resources a join looks at.
    fn joined(&mut self, kind: RecordId, keys: &[Symbol]) {
        self.resource(kind).keep = true;
        let identifiers = self
            .types()
            .records
            .at(kind)
            .resource
            .iter()
            .flat_map(|info| info.identified_by.clone());
        let keys: Vec<Symbol> = keys.iter().cloned().chain(identifiers).collect();
        for key in keys {
            self.field(kind, &key);
        }
        self.resource(kind).attributes.arn = true;
    }

    fn field(&mut self, record: RecordId, name: &Symbol) {
        if self.types().records.at(record).fields.contains_key(name) {
            self.reads.fields.entry(record).or_default().insert(name.clone());
        }
    }

    /// A field of a type; of a union, that of each member.
    fn field_of(&mut self, ty: TypeId, name: &Symbol) {
        match self.types().get(self.types().present(ty)).clone() {
            Type::Record(record) | Type::Resource(record) => self.field(record, name),
            Type::Union(members) => members.iter().for_each(|member| self.field_of(*member, name)),
            _ => {}
        }
    }

    /// All of the type is looked at.
    fn whole(&mut self, ty: TypeId) {
        match self.types().get(ty).clone() {
            Type::List(inner) | Type::Map(inner) | Type::Option(inner) => self.whole(inner),
            Type::Union(members) => members.iter().for_each(|member| self.whole(*member)),
            Type::Record(record) if self.reads.whole.insert(record) => {
                let fields = &self.types().records.at(record).fields;
                let inner: Vec<TypeId> = fields.values().map(|field| field.ty).collect();
                inner.into_iter().for_each(|ty| self.whole(ty));
            }
            _ => {}
        }
    }

    fn attribute(&mut self, ty: TypeId, name: &str) {
        let mut kinds = Vec::new();
        match self.types().get(self.types().present(ty)).clone() {
            Type::Resource(kind) => kinds.push(kind),
            Type::Union(members) => {
                for member in members {
                    self.attribute(member, name);
                }
                return;
            }
            Type::AnyResource => {
                set(self.reads.any.get_or_insert_with(Attributes::default), name);
                // Rows of the types that have a layout are seen by the same control.
                let all: Vec<RecordId> = self.reads.resources.keys().copied().collect();
                kinds.extend(all);
            }
            _ => {}
        }
        for kind in kinds {
            set(&mut self.resource(kind).attributes, name);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let mut todo = vec![expr];
        while let Some(next) = todo.pop() {
            self.reads_of(next);
            visit::children(next, &mut |part| todo.push(part));
        }
    }

    fn reads_of(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Field(base, field) => self.field_of(base.ty, &field.name),
            ExprKind::Attribute(base, name) => self.attribute(base.ty, name),
            ExprKind::Follow { from: _, target, by } => self.joined(*target, by),
            ExprKind::Reverse { to, source, path, by } => {
                self.joined(*source, &[]);
                self.path(*source, path);
                for kind in self.kinds(to.ty) {
                    self.joined(kind, by);
                }
            }
            ExprKind::Resources(kind, _) => self.joined(*kind, &[]),
            ExprKind::Binary(
                BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In | BinaryOp::NotIn,
                left,
                right,
            ) => {
                self.whole(left.ty);
                self.whole(right.ty);
            }
            ExprKind::Builtin(_, args) => args.iter().for_each(|arg| self.whole(arg.ty)),
            ExprKind::If(_, yes, no) => {
                self.whole(yes.ty);
                self.whole(no.ty);
            }
            ExprKind::Question(_, Question::Type(ty)) => self.whole(*ty),
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Expr(part) = part {
                        self.whole(part.ty);
                    }
                }
            }
            _ => {}
        }
    }

    fn kinds(&self, ty: TypeId) -> Vec<RecordId> {
        match self.types().get(self.types().present(ty)) {
            Type::Resource(kind) => vec![*kind],
            Type::Union(members) => members.iter().flat_map(|member| self.kinds(*member)).collect(),
            _ => Vec::new(),
        }
    }

    fn path(&mut self, source: RecordId, path: &[Symbol]) {
        let mut at = Some(source);
        for name in path {
            let Some(record) = at else { return };
            self.field(record, name);
            at = self
                .types()
                .records
                .at(record)
                .fields
                .get(name)
                .and_then(|field| self.record_in(field.ty));
        }
    }

    fn record_in(&self, ty: TypeId) -> Option<RecordId> {
        match self.types().get(ty) {
            Type::List(inner) | Type::Map(inner) | Type::Option(inner) => self.record_in(*inner),
            Type::Record(record) => Some(*record),
            _ => None,
        }
    }
}

fn set(attributes: &mut Attributes, name: &str) {
    let flag = match Attribute::find(name) {
        Some(Attribute::Arn) => &mut attributes.arn,
        Some(Attribute::Name) => &mut attributes.name,
        Some(Attribute::Tags) => &mut attributes.tags,
        Some(Attribute::Created) => &mut attributes.created,
        Some(Attribute::Properties) => &mut attributes.properties,
        Some(Attribute::Metadata) => &mut attributes.metadata,
        Some(Attribute::Attributes) => &mut attributes.attributes,
        _ => return,
    };
    *flag = true;
}
