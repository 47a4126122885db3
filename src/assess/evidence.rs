//! Values that were read, with their places in the input.

use std::collections::HashMap;

use crate::program::Program;
use crate::snapshot::model::Resource;
use crate::value::{Origin, ResourceId, Step, Text, Value, display, json};
use crate::vm::adapt::{ITEM, Made, made};
use crate::vm::{Read, World};

use super::finding::Evidence;

/// What stands for a secret.
const REDACTED: &str = "<redacted>";

/// How many values a message shows.
const SHOWN: usize = 20;

/// How adapters made the properties of which places were asked: each is made again once, however many of its
/// parts a control complains about.
#[derive(Debug, Default)]
pub(super) struct Remade(HashMap<(ResourceId, Text), Option<Made>>);

/// The places and values of what was read. A container of which an inner value was read, too, is left
/// out: the inner value says more.
pub(super) fn of(
    program: &Program,
    world: &World<'_>,
    subject: &Resource,
    reads: &[Read],
    remade: &mut Remade,
) -> Vec<Evidence> {
    let inner = |read: &Read| {
        reads.iter().any(|other| {
            other.path.resource == read.path.resource
                && other.path.steps.len() > read.path.steps.len()
                && other.path.steps.starts_with(&read.path.steps)
        })
    };
    let kept = reads.iter().filter(|read| !inner(read)).take(SHOWN);
    kept.filter_map(|read| one(program, world, subject, read, remade)).collect()
}

fn one(
    program: &Program,
    world: &World<'_>,
    subject: &Resource,
    read: &Read,
    remade: &mut Remade,
) -> Option<Evidence> {
    let resource = world.resource(read.path.resource)?;
    let path = in_source(program, world, resource, read, remade);
    let located = resource.source.locate(resource.text, &path);
    let origin = read.value.origin();
    let plain = read.value.plain();
    let state = match (plain, origin) {
        (Value::Absent, _) => "absent",
        (Value::Open(_), _) => "unknown",
        (_, Origin::Default) => "default",
        _ => "value",
    };
    let value = match holds_secret(program, &resource.kind, plain, &read.path.steps) {
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
    remade: &mut Remade,
) -> Vec<Step> {
    let path = &read.path.steps;
    let adapter = resource.adapter.and_then(|at| program.adapters.get(at as usize));
    let (Some(adapter), Some((Step::Key(name), inner))) = (adapter, path.split_first()) else {
        return path.clone();
    };
    let property = remade.0.entry((read.path.resource, name.clone())).or_insert_with(|| {
        let item = resource.source.item(&adapter.parts).unwrap_or_else(|| Value::map([]));
        made(program, world, adapter, &item, name)
    });
    let source = property.as_ref().and_then(|made| made.source_of(&program.projection, inner));
    source.unwrap_or_else(|| vec![Step::Attribute(ITEM.into())])
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
            || !holds_secret(program, &resource.kind, plain, &read.path.steps)
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
fn holds_secret(program: &Program, kind: &str, value: &Value, path: &[Step]) -> bool {
    let secret = |name: &str| program.projection.hides(kind, name);
    let named = |step: &Step| matches!(step, Step::Key(key) if secret(key));
    if path.iter().any(named) {
        return true;
    }
    match value.plain() {
        Value::List(list) => {
            list.items.iter().any(|item| holds_secret(program, kind, &item.value, &[]))
        }
        Value::Map(map) => map
            .entries
            .iter()
            .any(|(key, value)| secret(key) || holds_secret(program, kind, value, &[])),
        Value::Record(record) => {
            let layout = program.projection.layout(record.layout);
            let names = layout.map(|layout| layout.slots.keys()).into_iter().flatten();
            names.zip(&record.slots).any(|(name, value)| {
                let there = !matches!(value.plain(), Value::Absent | Value::Open(_));
                there && secret(name) || holds_secret(program, kind, value, &[])
            })
        }
        _ => false,
    }
}
