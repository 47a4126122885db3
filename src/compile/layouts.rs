//! The projection: of each record and resource type, the fields that anything reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::Symbol;
use crate::builtins;
use crate::builtins::SigType;
use crate::hir::decl::Subject;
use crate::hir::{BinaryOp, Control, Expr, ExprKind, Question, TextPart, visit};
use crate::program::Attribute;
use crate::program::projection::{Attributes, Layout, Presence, ResourceView, Shape, Slot};
use crate::types::{self, RecordId, Type, TypeId};
use crate::value::{LayoutId, Value};

use super::unit::Unit;
use super::{Selection, kind_name, reach};

/// What is read, before layouts are made of it.
#[derive(Default)]
struct Reads {
    /// Fields by record; all of them for those in `whole`.
    fields: BTreeMap<RecordId, BTreeSet<Symbol>>,
    whole: BTreeSet<RecordId>,
    /// Every resource type that is asked about.
    resources: IndexMap<RecordId, ResourceReads>,
    any: Option<Attributes>,
}

#[derive(Default)]
struct ResourceReads {
    attributes: Attributes,
    keep: bool,
}

/// Computes the projection and puts its layouts into the program.
pub(super) fn project(unit: &mut Unit<'_>, selection: &Selection, constants: &[&Expr]) {
    unit.reached = reach::reach(unit.hir, selection, constants);
    builtin_layouts(unit);
    let mut walk = Walk { unit: &*unit, reads: Reads::default() };
    for id in &selection.controls {
        walk.control(unit.hir.controls.at(*id), unit.reached.joins.contains(id));
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
    let reads = walk.reads;
    make(unit, reads);
}

/// The records of standard functions have all their fields, in the order of their declaration.
fn builtin_layouts(unit: &mut Unit<'_>) {
    let records: Vec<_> = builtins::records().collect();
    for record in &records {
        let layout = unit.program.projection.add_layout(Layout::new(Symbol::from(record.name)));
        unit.program.builtin_layouts.push((record.name, layout));
    }
    for record in records {
        let layout = unit.builtin_layout(record.name);
        let slots = record.fields.iter().map(|(name, ty)| {
            let shape = builtin_shape(unit, ty);
            let optional = matches!(ty, SigType::Option(_));
            let presence = if optional { Presence::Optional } else { Presence::Required };
            (Symbol::from(*name), plain_slot(shape, presence))
        });
        let slots = slots.collect();
        if let Some(layout) = layout.and_then(|id| unit.program.projection.layout_mut(id)) {
            layout.slots = slots;
        }
    }
    for record in builtins::records() {
        if let (Some(id), Some(layout)) =
            (unit.hir.types.find(record.name), unit.builtin_layout(record.name))
        {
            unit.layouts.insert(id, layout);
        }
    }
}

fn plain_slot(shape: Shape, presence: Presence) -> Slot {
    Slot {
        shape,
        presence,
        read_only: false,
        write_only: false,
        sensitive: false,
        identifies: false,
    }
}

fn builtin_shape(unit: &Unit<'_>, ty: &SigType) -> Shape {
    match ty {
        SigType::Bool => Shape::Bool,
        SigType::Int => Shape::Int,
        SigType::Float => Shape::Float,
        SigType::String => Shape::Text,
        SigType::List(inner) => Shape::List(Box::new(builtin_shape(unit, inner))),
        SigType::Option(inner) => builtin_shape(unit, inner),
        SigType::Record(name) => unit.builtin_layout(name).map_or(Shape::Json, Shape::Record),
        _ => Shape::Json,
    }
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
            Subject::Any(_) => drop(self.reads.any.get_or_insert_with(Attributes::default)),
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

/// Makes the layouts of all that is read, and of the records that stand in them.
fn make(unit: &mut Unit<'_>, reads: Reads) {
    let identifying = reference_targets(unit);
    for kind in reads.resources.keys() {
        unit.layout(*kind);
    }
    for record in reads.fields.keys().chain(&reads.whole) {
        unit.layout(*record);
    }
    let mut filled = BTreeSet::new();
    loop {
        let todo: Vec<RecordId> =
            unit.layouts.keys().copied().filter(|id| filled.insert(*id)).collect();
        if todo.is_empty() {
            break;
        }
        for record in todo {
            fill(unit, &reads, &identifying, record);
        }
    }
    let hir = unit.hir;
    for (kind, read) in &reads.resources {
        let layout = unit.layout(*kind);
        let declared = hir.types.records.at(*kind);
        let identifiers = declared.resource.iter().flat_map(|info| info.identified_by.iter());
        let in_layout = unit.program.projection.layout(layout);
        let identified_by = identifiers
            .filter(|name| in_layout.is_some_and(|l| l.slots.contains_key(*name)))
            .cloned();
        let mut attributes = read.attributes;
        if let Some(any) = reads.any {
            attributes = union(attributes, any);
        }
        let view = ResourceView {
            layout,
            attributes,
            keep: read.keep,
            identified_by: identified_by.collect(),
        };
        unit.program.projection.resources.insert(kind_name(hir, *kind), view);
    }
    unit.program.projection.any = reads.any;
    unit.program.projection.known_types.clone_from(&hir.known_types);
}

fn union(a: Attributes, b: Attributes) -> Attributes {
    Attributes {
        arn: a.arn || b.arn,
        name: a.name || b.name,
        tags: a.tags || b.tags,
        created: a.created || b.created,
        properties: a.properties || b.properties,
        metadata: a.metadata || b.metadata,
        attributes: a.attributes || b.attributes,
    }
}

/// Every property that some schema of the program refers to.
fn reference_targets(unit: &Unit<'_>) -> BTreeSet<(Symbol, Symbol)> {
    let fields = unit.hir.types.records.iter().flat_map(|record| record.fields.values());
    let references = fields.flat_map(|field| &field.references);
    references.map(|reference| (reference.resource.clone(), reference.property.clone())).collect()
}

fn fill(
    unit: &mut Unit<'_>,
    reads: &Reads,
    identifying: &BTreeSet<(Symbol, Symbol)>,
    record: RecordId,
) {
    let hir = unit.hir;
    let declared = hir.types.records.at(record);
    if unit.builtin_layout(&declared.name).is_some() {
        return;
    }
    let none = BTreeSet::new();
    let read = reads.fields.get(&record).unwrap_or(&none);
    // A record in braces that has no declaration exists only in registers: all of it is there.
    let whole = reads.whole.contains(&record) || !declared.declared;
    let mut slots = IndexMap::new();
    for (name, field) in declared.fields.iter().filter(|(name, _)| whole || read.contains(*name)) {
        let own =
            declared.resource.iter().flat_map(|info| &info.identified_by).any(|id| id == name);
        let slot = Slot {
            shape: shape(unit, field.ty),
            presence: presence(&field.presence),
            read_only: field.read_only,
            write_only: field.write_only,
            sensitive: field.sensitive,
            identifies: own || identifying.contains(&(declared.name.clone(), name.clone())),
        };
        slots.insert(name.clone(), slot);
    }
    let layout = unit.layout(record);
    if let Some(layout) = unit.program.projection.layout_mut(layout) {
        layout.slots = slots;
    }
}

fn presence(presence: &types::Presence) -> Presence {
    match presence {
        types::Presence::Required => Presence::Required,
        types::Presence::Optional => Presence::Optional,
        types::Presence::Default(value) => Presence::Default(value.clone()),
    }
}

/// How JSON of the type is read.
fn shape(unit: &mut Unit<'_>, ty: TypeId) -> Shape {
    match unit.hir.types.get(ty).clone() {
        Type::Bool => Shape::Bool,
        Type::Int => Shape::Int,
        Type::Float => Shape::Float,
        Type::String => Shape::Text,
        Type::Enum(members) => Shape::Enum(members.iter().map(Symbol::text).collect()),
        Type::Timestamp => Shape::Timestamp,
        Type::Duration => Shape::Duration,
        Type::Cidr => Shape::Cidr,
        Type::Ip => Shape::Ip,
        Type::Version => Shape::Version,
        Type::List(inner) => Shape::List(Box::new(shape(unit, inner))),
        Type::Map(inner) => Shape::Map(Box::new(shape(unit, inner))),
        Type::Option(inner) => shape(unit, inner),
        Type::Record(record) => Shape::Record(unit.layout(record)),
        Type::Error
        | Type::Never
        | Type::Regex
        | Type::Glob
        | Type::Json
        | Type::Resource(_)
        | Type::Union(_)
        | Type::AnyResource => Shape::Json,
    }
}

/// A record's slots where its fields are left out: absent, or the schema's default.
pub(super) fn left_out(slot: &Slot) -> Value {
    match &slot.presence {
        Presence::Default(value) => value.clone().marked(crate::value::Origin::Default),
        Presence::Optional => Value::Absent,
        Presence::Required => Value::broken("required field is missing"),
    }
}

/// Names of the slots that a layout has, for those who write records.
pub(super) fn slot_names(unit: &Unit<'_>, layout: LayoutId) -> Arc<[Symbol]> {
    let layout = unit.program.projection.layout(layout);
    layout.map(|layout| layout.slots.keys().cloned().collect()).unwrap_or_default()
}
