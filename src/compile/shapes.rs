//! Layouts of what is read: a slot a field, and how its JSON becomes a value.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{Names, Symbol};
use crate::builtins;
use crate::builtins::SigType;
use crate::program::projection::{
    Attributes, Layout, Presence, ResourceView, Sensitive, Shape, Slot,
};
use crate::types::{self, RecordId, Type, TypeId};
use crate::value::{LayoutId, Value};

use super::kind_name;
use super::layouts::Reads;
use super::unit::Unit;

/// The records of standard functions have all their fields, in the order of their declaration.
pub(super) fn builtin_layouts(unit: &mut Unit<'_>) {
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
    Slot { shape, presence, read_only: false, write_only: false, identifies: false }
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

/// Makes the layouts of all that is read, and of the records that stand in them.
pub(super) fn make(unit: &mut Unit<'_>, reads: Reads) {
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
    unit.program.projection.keep_all = reads.keep_all;
    unit.program.projection.known_types.clone_from(&hir.known_types);
    let sensitive: BTreeSet<Sensitive> = hir
        .types
        .records
        .iter()
        .flat_map(|record| {
            let owner = record.name.split('.').next().filter(|name| name.contains("::"));
            let owner = owner.map(Symbol::new);
            let fields = record.fields.iter().filter(|(_, field)| field.sensitive);
            fields.map(move |(name, _)| Sensitive { owner: owner.clone(), name: name.clone() })
        })
        .collect();
    unit.program.projection.sensitive = sensitive.into_iter().collect();
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
    let mut slots = Names::default();
    for (name, field) in declared.fields.iter().filter(|(name, _)| whole || read.contains(*name)) {
        let own =
            declared.resource.iter().flat_map(|info| &info.identified_by).any(|id| id == name);
        let slot = Slot {
            shape: shape(unit, field.ty),
            presence: presence(&field.presence),
            read_only: field.read_only,
            write_only: field.write_only,
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
