//! Adapters at work: from a source's item, a JSON value, to the row of a resource, and from a property
//! back to the part of the item that it was made of.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::program::projection::{Layout, Presence, Shape, Slot};
use crate::program::{Adapter, Program, Projection};
use crate::snapshot::scan::{expected, null_element, text_as};
use crate::value::{
    Answer, Broken, Item, List, Map, Marked, Origin, Record, ResourceId, Step, Text, Trap, Value,
};

use super::machine::{Limits, Machine};
use super::run::describe;
use super::trace;
use super::world::World;

/// The first step of a path into an item.
pub const ITEM: &str = "item";

/// The source whose own types are not those of the schema: what is `"22"` there may be a number here.
const COERCED: &str = "terraform";

/// How values become those of slots.
#[derive(Clone, Copy)]
struct Wanted<'p> {
    projection: &'p Projection,
    /// Whether texts become numbers and truth values and these become texts, as the schema wants.
    coerces: bool,
}

/// What an adapter makes of an item.
#[derive(Clone, Debug)]
pub struct Adapted {
    /// The row.
    pub slots: Vec<Value>,
    /// Why it is open whether there is such a resource at all.
    pub maybe: Option<Text>,
    /// Why it cannot be told whether there is one.
    pub broken: Option<Arc<Broken>>,
}

/// The resource that the adapter makes of the item; `None` where its conditions say that there is none.
pub fn adapt(
    program: &Program,
    world: &World<'_>,
    adapter: &Adapter,
    item: &Value,
) -> Option<Adapted> {
    let mut machine = Machine::new(program, world, &[], 0, Limits::default()).adapting();
    let mut maybe = None;
    let mut broken = None;
    for condition in &adapter.conditions {
        enter(&mut machine, adapter, item);
        let held = machine.block(*condition);
        match held.and_then(|value| machine.operand(&value).map(Answer::of)) {
            Ok(Answer::Yes) => {}
            Ok(Answer::No) => return None,
            Ok(Answer::Open(cause)) => maybe = Some(cause),
            Err(trap) => broken = Some(Arc::new(Broken { reason: describe(&trap).into() })),
        }
    }
    let layout = layout_of(program, adapter)?;
    let mut slots: Vec<Option<Value>> = vec![None; layout.slots.len()];
    for (slot, block) in &adapter.sets {
        enter(&mut machine, adapter, item);
        let value = value_of(machine.block(*block));
        if let Some(place) = slots.get_mut(usize::from(slot.0)) {
            *place = Some(value);
        }
    }
    let rows = layout.slots.iter().zip(slots);
    let wanted = Wanted { projection: &program.projection, coerces: *adapter.source == *COERCED };
    let slots = rows.map(|((name, slot), value)| match value {
        Some(value) => said(wanted, name, slot, &value),
        None => unsaid(name, slot),
    });
    Some(Adapted { slots: slots.collect(), maybe, broken })
}

/// A row of which the source says nothing.
pub fn unknown_row(layout: &Layout, cause: &str) -> Vec<Value> {
    let slots = layout.slots.values();
    slots
        .map(|slot| match surely_there(slot) {
            true => Value::unknown(Origin::Computed, cause),
            false => Value::perhaps(Origin::Computed, cause),
        })
        .collect()
}

fn layout_of<'p>(program: &'p Program, adapter: &Adapter) -> Option<&'p Layout> {
    let view = program.projection.resources.get(&adapter.target)?;
    program.projection.layout(view.layout)
}

/// Each block starts anew, with its own limits.
fn enter<'p>(machine: &mut Machine<'p>, adapter: &'p Adapter, item: &Value) {
    machine.refuel();
    machine.begin(item.clone(), 1, &adapter.lets);
}

fn value_of(value: Result<Value, Trap>) -> Value {
    value.unwrap_or_else(|trap| Value::broken(&describe(&trap)))
}

fn surely_there(slot: &Slot) -> bool {
    slot.read_only || matches!(slot.presence, Presence::Required)
}

/// A slot of which the adapter does not speak.
fn unsaid(name: &str, slot: &Slot) -> Value {
    let cause = format!("the source does not give `{name}`");
    match surely_there(slot) {
        true => Value::unknown(Origin::Computed, &cause),
        false => Value::perhaps(Origin::Computed, &cause),
    }
}

/// A slot that the adapter sets. Left out of the item, an optional property is absent; one that has a
/// default is open, since only the adapter can say that the source leaves it out at its default; one that
/// the provider makes, or that cannot be read back, is open, too. What is left out of a plan means what it does
/// in a template: the default.
fn said(wanted: Wanted<'_>, name: &str, slot: &Slot, value: &Value) -> Value {
    let value = to_shape(wanted, &slot.shape, value);
    if !matches!(value.plain(), Value::Absent) {
        return value;
    }
    match &slot.presence {
        _ if slot.read_only || slot.write_only && !wanted.coerces => unsaid(name, slot),
        Presence::Optional => value,
        Presence::Default(default) if wanted.coerces => default.clone().marked(Origin::Default),
        Presence::Default(_) => unsaid(name, slot),
        Presence::Required => Value::broken(&format!("required property `{name}` is missing")),
    }
}

/// The value that an adapter gives as the schema wants it. Marks stay: they say where it came from.
fn to_shape(wanted: Wanted<'_>, shape: &Shape, value: &Value) -> Value {
    let made = match (value.plain(), shape) {
        (plain @ (Value::Absent | Value::Open(_) | Value::Broken(_)), _) => plain.clone(),
        (plain, Shape::Json) => plain.clone(),
        (Value::List(list), Shape::List(inner)) => {
            let element = |value: &Value| match to_shape(wanted, inner, value) {
                made if matches!(made.plain(), Value::Absent) => null_element(inner),
                made => made,
            };
            let items = list
                .items
                .iter()
                .map(|item| Item { value: element(&item.value), maybe: item.maybe });
            Value::List(Arc::new(List { items: items.collect(), open: list.open.clone() }))
        }
        (Value::Map(map), Shape::Map(inner)) => {
            let entries = map.entries.iter();
            let entries = entries.map(|(k, v)| (k.clone(), to_shape(wanted, inner, v)));
            Value::Map(Arc::new(Map { entries: entries.collect(), open: map.open.clone() }))
        }
        (Value::Map(map), Shape::Record(layout)) => {
            let get = |name: &str, _| match (map.entries.get(name), &map.open) {
                (Some(value), _) => Some(value.clone()),
                (None, Some(cause)) => Some(Value::perhaps(Origin::Computed, cause)),
                (None, None) => Some(Value::Absent),
            };
            record(wanted, *layout, get)
        }
        (Value::Record(from), Shape::Record(layout)) if from.layout == *layout => {
            record(wanted, *layout, |_, at| from.slots.get(at).cloned())
        }
        (Value::Text(text), shape) if wanted.coerces => coerced_text(shape, text),
        (Value::Text(text), shape) => text_as(shape, text),
        (plain, shape) if wanted.coerces => coerced_scalar(shape, plain),
        (plain, shape) => scalar(shape, plain),
    };
    match value {
        Value::Marked(marked) => {
            Value::Marked(Arc::new(Marked { value: made, ..(**marked).clone() }))
        }
        _ => made,
    }
}

fn record(
    wanted: Wanted<'_>,
    layout: crate::value::LayoutId,
    get: impl Fn(&str, usize) -> Option<Value>,
) -> Value {
    let slots = wanted.projection.layout(layout).map(|made| {
        let slots = made.slots.iter().enumerate();
        let slots = slots.map(|(at, (name, slot))| match get(name, at) {
            Some(value) => said(wanted, name, slot, &value),
            None => unsaid(name, slot),
        });
        slots.collect()
    });
    Value::Record(Arc::new(Record { layout, slots: slots.unwrap_or_default() }))
}

/// A text where the schema may want a number or a truth value.
fn coerced_text(shape: &Shape, text: &str) -> Value {
    let made = match shape {
        Shape::Bool => text.parse().ok().map(Value::Bool),
        Shape::Int => text.parse().ok().map(Value::Int),
        Shape::Float => text.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Float),
        _ => None,
    };
    made.unwrap_or_else(|| text_as(shape, text))
}

/// A number or a truth value where the schema may want text.
fn coerced_scalar(shape: &Shape, value: &Value) -> Value {
    let text = match value {
        Value::Bool(on) => on.to_string(),
        Value::Int(n) => n.to_string(),
        _ => return scalar(shape, value),
    };
    match shape {
        Shape::Text | Shape::Enum(_) => text_as(shape, &text),
        _ => scalar(shape, value),
    }
}

/// Numbers and truth values. Recordings of the API give whole numbers as floats.
fn scalar(shape: &Shape, value: &Value) -> Value {
    let wrong =
        |found: &str| Value::broken(&format!("expected {}, found {found}", expected(shape)));
    match (shape, value) {
        (Shape::Bool, Value::Bool(_))
        | (Shape::Int, Value::Int(_))
        | (Shape::Float, Value::Float(_))
        | (Shape::Timestamp, Value::Timestamp(_))
        | (Shape::Duration, Value::Duration(_)) => value.clone(),
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        (Shape::Int, Value::Float(x)) if x.fract() == 0.0 && x.abs() < 9.0e15 => {
            Value::Int(*x as i64)
        }
        #[expect(clippy::cast_precision_loss, reason = "an integer that is wanted as a float")]
        (Shape::Float, Value::Int(n)) => Value::Float(*n as f64),
        (_, Value::List(_)) => wrong("a list"),
        (_, Value::Map(_) | Value::Record(_)) => wrong("an object"),
        (_, Value::Bool(on)) => wrong(&on.to_string()),
        (_, Value::Int(n)) => wrong(&n.to_string()),
        (_, Value::Float(x)) => wrong(&x.to_string()),
        _ => wrong("another value"),
    }
}

/// How an adapter made a property: its value, marked with the parts of the item that it was made of.
#[derive(Debug)]
pub struct Made {
    value: Value,
    /// The part of the item that was read last.
    last: Option<Vec<Step>>,
}

/// Makes the property with this name once more, traced; `None` where the adapter does not set it.
pub fn made(
    program: &Program,
    world: &World<'_>,
    adapter: &Adapter,
    item: &Value,
    name: &str,
) -> Option<Made> {
    let slot = layout_of(program, adapter).and_then(|layout| layout.slot(name))?;
    let (_, block) = adapter.sets.iter().find(|(at, _)| usize::from(at.0) == slot)?;
    let first = Step::Attribute(ITEM.into());
    let item = trace::mark(&program.projection, ResourceId(0), &first, item.clone());
    let mut machine = Machine::new(program, world, &[], 0, Limits::default()).adapting();
    machine.trace = Some(IndexMap::new());
    enter(&mut machine, adapter, &item);
    let value = machine.block(*block).unwrap_or(Value::Absent);
    machine.note(&value);
    let read = machine.trace.take().unwrap_or_default();
    let last = read.last().map(|(path, _)| path.steps.clone());
    Some(Made { value, last })
}

impl Made {
    /// The part of the item that a part of the property was made of: the way there, from the item. For what
    /// was computed, the last part of the item that was read for it.
    pub fn source_of(&self, projection: &Projection, path: &[Step]) -> Option<Vec<Step>> {
        deepest(projection, &self.value, path).or_else(|| self.last.clone())
    }
}

/// The mark of the value at the end of the path, or of the innermost marked one on it; steps that are left
/// are the item's own, where all of it was given on as it is.
fn deepest(projection: &Projection, value: &Value, path: &[Step]) -> Option<Vec<Step>> {
    let inner = path.split_first().and_then(|(step, rest)| {
        let inner = part(projection, value.plain(), step)?;
        deepest(projection, inner, rest)
    });
    let Value::Marked(marked) = value else { return inner };
    inner.or_else(|| marked.path.as_ref().map(|path| path.steps.clone()))
}

fn part<'v>(projection: &Projection, value: &'v Value, step: &Step) -> Option<&'v Value> {
    match (value, step) {
        (Value::List(list), Step::Element(n)) => {
            list.items.get(*n as usize).map(|item| &item.value)
        }
        (Value::Map(map), Step::Key(key)) => map.entries.get(key),
        (Value::Record(record), Step::Key(key)) => {
            let at = projection.layout(record.layout)?.slot(key)?;
            record.slots.get(at)
        }
        _ => None,
    }
}
