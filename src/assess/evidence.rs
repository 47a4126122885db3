//! Values that were read, with their places in the input.

use std::collections::BTreeMap;

use crate::program::Program;
use crate::snapshot::model::Resource;
use crate::value::{Origin, ResourceId, Step, Value, display, json};
use crate::vm::adapt::{marked_item, source_of};
use crate::vm::{Read, World};

use super::finding::Evidence;

/// What stands for a secret.
const REDACTED: &str = "<redacted>";

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
    let value = match holds_secret(program, plain, &read.path.steps) {
        true if state == "value" => serde_json::Value::from(REDACTED),
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

/// A message without what it shows of properties that their schema marks sensitive. Where they do not stand in
/// it as they are (a function made something of them), nothing of it is said.
pub(super) fn without_secrets(
    program: &Program,
    world: &World<'_>,
    message: String,
    shown: &[Read],
) -> String {
    let mut out = message;
    for read in shown {
        let Some(resource) = world.resource(read.path.resource) else { continue };
        let plain = read.value.plain();
        if matches!(plain, Value::Absent | Value::Open(_))
            || !holds_secret(program, plain, &read.path.steps)
        {
            continue;
        }
        let secret = display::show(&program.projection, plain);
        if secret.is_empty() || !out.contains(&secret) {
            return format!("{} breaks it, by a value that is not shown", resource.id);
        }
        out = out.replace(&secret, REDACTED);
    }
    out
}

/// Whether the value at this path, or one in it, is of a property that a schema marks sensitive. It goes by the
/// name: the same data may be read through a schema or as JSON.
fn holds_secret(program: &Program, value: &Value, path: &[Step]) -> bool {
    let secret = |name: &str| program.projection.sensitive.iter().any(|known| **known == *name);
    let named = |step: &Step| matches!(step, Step::Key(key) if secret(key));
    if path.iter().any(named) {
        return true;
    }
    match value.plain() {
        Value::List(list) => list.items.iter().any(|item| holds_secret(program, &item.value, &[])),
        Value::Map(map) => {
            map.entries.iter().any(|(key, value)| secret(key) || holds_secret(program, value, &[]))
        }
        Value::Record(record) => {
            let layout = program.projection.layout(record.layout);
            let names = layout.map(|layout| layout.slots.keys()).into_iter().flatten();
            names.zip(&record.slots).any(|(name, value)| {
                let there = !matches!(value.plain(), Value::Absent | Value::Open(_));
                there && secret(name) || holds_secret(program, value, &[])
            })
        }
        _ => false,
    }
}
