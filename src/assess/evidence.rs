//! Values that were read, with their places in the input.

use std::collections::BTreeMap;

use crate::program::Program;
use crate::program::projection::Shape;
use crate::snapshot::model::Resource;
use crate::value::{Origin, ResourceId, Step, Value, json};
use crate::vm::adapt::{marked_item, source_of};
use crate::vm::{Read, World};

use super::finding::Evidence;

/// How many values a message shows.
const SHOWN: usize = 20;

/// The places and values of what was read. A container of which an inner value was read, too, is left
/// out: the inner value says more.
pub(super) fn of(
    program: &Program,
    world: &World<'_>,
    subject: &Resource,
    reads: &[Read],
) -> Vec<Evidence> {
    let inner = |read: &Read| {
        reads.iter().any(|other| {
            other.path.resource == read.path.resource
                && other.path.steps.len() > read.path.steps.len()
                && other.path.steps.starts_with(&read.path.steps)
        })
    };
    let kept = reads.iter().filter(|read| !inner(read)).take(SHOWN);
    let mut items = Items::new();
    kept.filter_map(|read| one(program, world, subject, read, &mut items)).collect()
}

/// Items of another source that were read again to find places in them, by resource.
type Items = BTreeMap<ResourceId, Value>;

fn one(
    program: &Program,
    world: &World<'_>,
    subject: &Resource,
    read: &Read,
    items: &mut Items,
) -> Option<Evidence> {
    let resource = world.resource(read.path.resource)?;
    let located = resource.source.locate(&in_source(program, world, resource, read, items));
    let origin = read.value.origin();
    let plain = read.value.plain();
    let state = match (plain, origin) {
        (Value::Absent, _) => "absent",
        (Value::Open(_), _) => "unknown",
        (_, Origin::Default) => "default",
        _ => "value",
    };
    let value = match is_sensitive(program, resource, &read.path.steps) {
        true if state == "value" => serde_json::Value::from("<redacted>"),
        _ => json::report(&program.projection, plain),
    };
    let other = resource.id != subject.id || resource.kind != subject.kind;
    Some(Evidence {
        pointer: located.pointer,
        resource: other.then(|| resource.id.clone()),
        state,
        value,
        origin: (!matches!(origin, Origin::Literal | Origin::Absent)).then(|| origin.name()),
        place: located.place,
        input: resource.input,
    })
}

/// The path to a value as its source has it: that of a property which an adapter made leads to what it was
/// made of.
fn in_source(
    program: &Program,
    world: &World<'_>,
    resource: &Resource,
    read: &Read,
    items: &mut Items,
) -> Vec<Step> {
    let path = &read.path.steps;
    let adapter = resource.adapter.and_then(|at| program.adapters.get(at as usize));
    match (adapter, path.first()) {
        (Some(adapter), Some(Step::Key(_))) => {
            let again = || {
                let item = resource.source.item(&adapter.parts);
                marked_item(program, item.unwrap_or_else(|| Value::map([])))
            };
            let item = items.entry(read.path.resource).or_insert_with(again);
            source_of(program, world, adapter, item, path)
        }
        _ => path.clone(),
    }
}

/// Whether a step of the path is a property that its schema marks sensitive.
fn is_sensitive(program: &Program, resource: &Resource, steps: &[Step]) -> bool {
    let mut shape = resource.layout.map(Shape::Record);
    for step in steps {
        shape = match (shape, step) {
            (Some(Shape::Record(layout)), Step::Key(key)) => {
                let layout = program.projection.layout(layout);
                let slot = layout.and_then(|layout| layout.slots.get(&**key));
                if slot.is_some_and(|slot| slot.sensitive) {
                    return true;
                }
                slot.map(|slot| slot.shape.clone())
            }
            (Some(Shape::List(inner) | Shape::Map(inner)), _) => Some(*inner),
            _ => return false,
        };
    }
    false
}
