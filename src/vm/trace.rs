//! Marks values of a resource with their paths, so that whoever reads them leaves a trace.

use std::sync::Arc;

use crate::program::Projection;
use crate::value::compare::Layouts;
use crate::value::{Item, List, Map, Marked, Path, Record, ResourceId, Step, Text, Value};

/// How deep values are marked; deeper ones count as read with what they stand in.
const DEPTH: usize = 24;

/// The value at a first step of a resource, marked all through.
pub(super) fn mark(
    projection: &Projection,
    resource: ResourceId,
    step: &Step,
    value: Value,
) -> Value {
    let mut steps = vec![step.clone()];
    deep(projection, resource, &mut steps, &value)
}

fn deep(
    projection: &Projection,
    resource: ResourceId,
    steps: &mut Vec<Step>,
    value: &Value,
) -> Value {
    let (origin, coerced_from) = match value {
        Value::Marked(marked) => (marked.origin, marked.coerced_from.clone()),
        other => (other.origin(), None),
    };
    let path = Some(Arc::new(Path { resource, steps: steps.clone() }));
    let value = if steps.len() > DEPTH {
        value.plain().clone()
    } else {
        inside(projection, resource, steps, value.plain())
    };
    Value::Marked(Arc::new(Marked { value, origin, coerced_from, path }))
}

fn inside(
    projection: &Projection,
    resource: ResourceId,
    steps: &mut Vec<Step>,
    value: &Value,
) -> Value {
    let mut at = |step: Step, value: &Value| {
        steps.push(step);
        let marked = deep(projection, resource, steps, value);
        steps.pop();
        marked
    };
    match value {
        Value::List(list) => {
            let items = (0u32..).zip(&list.items).map(|(n, item)| Item {
                value: at(Step::Element(n), &item.value),
                maybe: item.maybe,
            });
            Value::List(Arc::new(List { items: items.collect(), open: list.open.clone() }))
        }
        Value::Map(map) => {
            let entries = map
                .entries
                .iter()
                .map(|(key, value)| (key.clone(), at(Step::Key(key.clone()), value)));
            Value::Map(Arc::new(Map { entries: entries.collect(), open: map.open.clone() }))
        }
        Value::Record(record) => {
            let names = projection.names(record.layout);
            let slots = names.iter().zip(&record.slots).map(|(name, value)| {
                let key: Text = name.text();
                at(Step::Key(key), value)
            });
            Value::Record(Arc::new(Record { layout: record.layout, slots: slots.collect() }))
        }
        other => other.clone(),
    }
}
