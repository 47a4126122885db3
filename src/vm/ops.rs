//! What instructions do.

use std::sync::Arc;

use crate::program::{
    Attribute, BuiltinIdx, ConstIdx, JoinIdx, ParamIdx, ScalarKind, SlotIdx, TestIdx, TypeTest,
};
use crate::value::arithmetic::Operator;
use crate::value::compare::{self, Layouts, readable};
use crate::value::segments::Builder;
use crate::value::{
    Answer, Item, LayoutId, List, Map, Marked, Open, Origin, Path, Record, Shape, Step, Text, Trap,
    Value, arithmetic as numbers, display,
};

use super::machine::Machine;
use super::{index, trace};

pub(super) fn constant(machine: &Machine<'_>, idx: ConstIdx) -> Value {
    machine.program.constants.get(idx.0 as usize).cloned().unwrap_or(Value::Absent)
}

pub(super) fn param(machine: &Machine<'_>, idx: ParamIdx) -> Value {
    machine.params.get(usize::from(idx.0)).cloned().unwrap_or(Value::Absent)
}

/// The answer of a condition; broken is a trap.
pub(super) fn answer(machine: &mut Machine<'_>, value: &Value) -> Result<Answer, Trap> {
    machine.operand(value).map(Answer::of)
}

/// A part of something open: open like the whole, and not even certainly there.
fn part_of(open: &Open) -> Value {
    let open =
        Open { shape: Shape::Any, present: false, origin: open.origin, cause: open.cause.clone() };
    Value::Open(Arc::new(open))
}

pub(super) fn field(machine: &mut Machine<'_>, base: &Value, slot: SlotIdx) -> Value {
    let at = usize::from(slot.0);
    match base_of(machine, base) {
        Value::Record(record) => record.slots.get(at).cloned().unwrap_or(Value::Absent),
        Value::Resource(id) => {
            let Some(resource) = machine.world.resource(*id) else { return Value::Absent };
            if let Some(broken) = &resource.broken {
                return Value::Broken(Arc::clone(broken));
            }
            let value = match resource.slots.get(at) {
                Some(Value::Bool(on)) => Value::Bool(*on),
                Some(other) => other.clone(),
                None => Value::Absent,
            };
            if machine.trace.is_none() {
                return value;
            }
            let layout =
                resource.layout.and_then(|layout| machine.program.projection.layout(layout));
            let name =
                layout.and_then(|layout| layout.slots.get_index(at)).map(|(name, _)| name.text());
            let step = Step::Key(name.unwrap_or_else(|| Text::from("")));
            trace::mark(&machine.program.projection, *id, &step, value)
        }
        Value::Open(open) => part_of(open),
        broken @ Value::Broken(_) => broken.clone(),
        _ => Value::Absent,
    }
}

/// A base whose parts are read: it counts as read itself only where it has none. A part of broken data
/// is broken data: it counts when it is used.
fn base_of<'v>(machine: &mut Machine<'_>, base: &'v Value) -> &'v Value {
    let plain = base.plain();
    if matches!(plain, Value::Absent | Value::Open(_) | Value::Broken(_)) {
        machine.note(base);
    }
    plain
}

pub(super) fn named(machine: &mut Machine<'_>, base: &Value, name: ConstIdx) -> Value {
    let Value::Text(name) = constant(machine, name) else { return Value::Absent };
    let slot_of = |machine: &Machine<'_>, layout: LayoutId| {
        let slot = machine.program.projection.layout(layout)?.slot(&name)?;
        u16::try_from(slot).ok().map(SlotIdx)
    };
    match base_of(machine, base) {
        Value::Map(map) => left_out(base, &name, entry(map, &name)),
        Value::Record(record) => match slot_of(machine, record.layout) {
            Some(slot) => field(machine, base, slot),
            None => Value::Absent,
        },
        Value::Resource(id) => {
            let layout = machine.world.resource(*id).and_then(|resource| resource.layout);
            match layout.and_then(|layout| slot_of(machine, layout)) {
                Some(slot) => field(machine, base, slot),
                None => Value::Absent,
            }
        }
        Value::Open(open) => part_of(open),
        broken @ Value::Broken(_) => broken.clone(),
        _ => Value::Absent,
    }
}

/// An entry of a map; open where the map may have more than is known.
fn entry(map: &Map, key: &str) -> Value {
    match (map.entries.get(key), &map.open) {
        (Some(value), _) => value.clone(),
        (None, Some(cause)) => Value::perhaps(Origin::Computed, cause),
        (None, None) => Value::Absent,
    }
}

/// In a traced run a key that is not there has a path, too.
fn left_out(base: &Value, key: &str, value: Value) -> Value {
    let (Value::Marked(marked), Value::Absent | Value::Open(_)) = (base, &value) else {
        return value;
    };
    let Some(path) = &marked.path else { return value };
    let mut steps = path.steps.clone();
    steps.push(Step::Key(Text::from(key)));
    let path = Some(Arc::new(Path { resource: path.resource, steps }));
    let origin = value.origin();
    Value::Marked(Arc::new(Marked { value, origin, coerced_from: None, path }))
}

pub(super) fn attribute(machine: &mut Machine<'_>, base: &Value, attribute: Attribute) -> Value {
    let id = match base_of(machine, base) {
        Value::Resource(id) => *id,
        Value::Open(open) => return part_of(open),
        broken @ Value::Broken(_) => return broken.clone(),
        _ => return Value::Absent,
    };
    let Some(resource) = machine.world.resource(id) else { return Value::Absent };
    let value = match attribute {
        Attribute::Id => Value::Text(resource.id.clone()),
        Attribute::Type => Value::Text(resource.kind.text()),
        Attribute::Account => resource.account.clone(),
        Attribute::Region => resource.region.clone(),
        Attribute::Arn => resource.attributes.arn.clone(),
        Attribute::Name => resource.attributes.name.clone(),
        Attribute::Tags => resource.attributes.tags.clone(),
        Attribute::Created => resource.attributes.created.clone(),
        Attribute::Properties => resource.attributes.properties.clone(),
        Attribute::Metadata => resource.attributes.metadata.clone(),
        Attribute::Attributes => resource.attributes.attributes.clone(),
    };
    let plain = matches!(attribute, Attribute::Id | Attribute::Type);
    if machine.trace.is_none() || plain {
        return value;
    }
    let step = Step::Attribute(attribute.name().into());
    trace::mark(&machine.program.projection, id, &step, value)
}

pub(super) fn index(machine: &mut Machine<'_>, base: &Value, index: &Value) -> Result<Value, Trap> {
    let index = machine.operand(index)?.clone();
    match (readable(base_of(machine, base))?, &index) {
        (Value::List(list), Value::Int(n)) => Ok(element(list, *n)),
        (Value::Map(map), Value::Text(key)) => Ok(left_out(base, key, entry(map, key))),
        (Value::Open(open), _) => Ok(part_of(open)),
        (Value::List(_) | Value::Map(_), Value::Open(open)) => Ok(part_of(open)),
        _ => Ok(Value::Absent),
    }
}

/// The element at a place. An element before it that may be missing leaves open which one that is; so
/// does an open end, since lists that were joined may go on before their last known elements.
fn element(list: &List, n: i64) -> Value {
    let Ok(at) = usize::try_from(n) else { return Value::Absent };
    let loose = list.open.is_some() || list.items.iter().take(at + 1).any(|item| item.maybe);
    let cause =
        || list.open.clone().unwrap_or_else(|| Text::from("the list has elements that are open"));
    match list.items.get(at) {
        Some(item) if !loose => item.value.clone(),
        Some(_) => Value::perhaps(Origin::Computed, &cause()),
        None if list.open.is_some() => Value::perhaps(Origin::Computed, &cause()),
        None => Value::Absent,
    }
}

pub(super) fn builtin(
    machine: &mut Machine<'_>,
    idx: BuiltinIdx,
    args: &[Value],
) -> Result<Value, Trap> {
    match machine.world.builtin(idx) {
        Some(builtin) => {
            let value = (builtin.run)(machine, args)?;
            match &value {
                Value::List(list) => machine.keep(list.items.len())?,
                Value::Text(text) => machine.keep(text.len() / size_of::<Value>())?,
                _ => {}
            }
            Ok(value)
        }
        None => Ok(Value::Absent),
    }
}

pub(super) fn join(machine: &mut Machine<'_>, src: &Value, idx: JoinIdx) -> Result<Value, Trap> {
    let program = machine.program;
    let Some(join) = program.joins.get(usize::from(idx.0)) else { return Ok(Value::Absent) };
    machine.note(src);
    let asked = machine.asked.as_mut();
    let list = index::find(machine.world, program, (idx, join), machine.subject, src, asked)?;
    machine.pay(list.items.len() as u64)?;
    machine.keep(list.items.len())?;
    Ok(Value::List(Arc::new(list)))
}

pub(super) fn arithmetic(
    machine: &mut Machine<'_>,
    operator: Operator,
    a: &Value,
    b: &Value,
) -> Result<Value, Trap> {
    machine.note(a);
    machine.note(b);
    let value = numbers::apply(operator, a, b)?;
    match &value {
        Value::List(list) => machine.keep(list.items.len())?,
        Value::Text(text) => machine.keep(text.len() / size_of::<Value>())?,
        _ => {}
    }
    Ok(value)
}

pub(super) fn equal(machine: &mut Machine<'_>, a: &Value, b: &Value) -> Result<Value, Trap> {
    machine.note(a);
    machine.note(b);
    machine.comparable(a, b)?;
    Ok(compare::equal(&machine.program.projection, a, b)?.into())
}

pub(super) fn is_in(machine: &mut Machine<'_>, x: &Value, xs: &Value) -> Result<Value, Trap> {
    machine.note(x);
    machine.note(xs);
    if let Value::List(list) = xs.plain() {
        machine.pay(list.items.len() as u64 / 4)?;
        list.items.iter().try_for_each(|item| machine.comparable(x, &item.value))?;
    }
    Ok(compare::is_in(&machine.program.projection, x, xs)?.into())
}

pub(super) fn is_present(machine: &mut Machine<'_>, value: &Value) -> Result<Value, Trap> {
    Ok(match machine.operand(value)? {
        Value::Absent => Value::Bool(false),
        Value::Open(open) if !open.present => Answer::Open(open.cause.clone()).into(),
        // A default that stands in for something left out is not there.
        _ => Value::Bool(value.origin() != Origin::Default),
    })
}

pub(super) fn is_known(machine: &mut Machine<'_>, value: &Value) -> Result<Value, Trap> {
    Ok(Value::Bool(!matches!(machine.operand(value)?, Value::Open(_))))
}

pub(super) fn is_type(
    machine: &mut Machine<'_>,
    value: &Value,
    idx: TestIdx,
) -> Result<Value, Trap> {
    let plain = machine.operand(value)?;
    let program = machine.program;
    match program.tests.get(usize::from(idx.0)) {
        Some(test) => Ok(tests(machine, test, plain).into()),
        None => Ok(Value::Bool(false)),
    }
}

fn tests(machine: &Machine<'_>, test: &TypeTest, value: &Value) -> Answer {
    match (test, value.plain()) {
        (_, Value::Absent) => Answer::No,
        (TypeTest::Scalar(ScalarKind::Text), Value::Open(open))
            if open.present && matches!(open.shape, Shape::Text(_) | Shape::Symbol(_)) =>
        {
            Answer::Yes
        }
        (_, Value::Open(open)) => Answer::Open(open.cause.clone()),
        (TypeTest::Anything, _) => Answer::Yes,
        (TypeTest::Scalar(kind), value) => matches!(
            (kind, value),
            (ScalarKind::Bool, Value::Bool(_))
                | (ScalarKind::Int, Value::Int(_))
                | (ScalarKind::Float, Value::Float(_))
                | (ScalarKind::Text, Value::Text(_))
        )
        .into(),
        (TypeTest::List(inner), Value::List(list)) => {
            // An element of another type that is perhaps not there leaves it open.
            let known = list.items.iter().map(|item| match tests(machine, inner, &item.value) {
                Answer::No if item.maybe => {
                    Answer::open("whether the element is in the list is open")
                }
                answer => answer,
            });
            let all = known.fold(Answer::Yes, Answer::and);
            list.open.clone().map_or(all.clone(), |cause| all.and(Answer::Open(cause)))
        }
        (TypeTest::Map(inner), Value::Map(map)) => {
            let known = map.entries.values().map(|value| tests(machine, inner, value));
            let all = known.fold(Answer::Yes, Answer::and);
            map.open.clone().map_or(all.clone(), |cause| all.and(Answer::Open(cause)))
        }
        (TypeTest::Resource(kind), Value::Resource(id)) => {
            machine.world.resource(*id).is_some_and(|resource| resource.kind == *kind).into()
        }
        (TypeTest::Record(layout), Value::Record(record)) => (record.layout == *layout).into(),
        _ => Answer::No,
    }
}

/// What `??` gives where its left side is not absent: what is perhaps there may turn out to be the right
/// side, of which nothing is known but whether it is there.
pub(super) fn coalesced(value: &Value, sure: bool) -> Value {
    match value.plain() {
        Value::Open(open) if !open.present => {
            Value::Open(Arc::new(Open { present: sure, shape: Shape::Any, ..(**open).clone() }))
        }
        _ => value.clone(),
    }
}

/// What an `if` gives when its condition is open: what both branches agree on.
pub(super) fn merge(
    machine: &mut Machine<'_>,
    condition: &Value,
    left: &Value,
    right: &Value,
) -> Result<Value, Trap> {
    let (a, b) = (readable(left)?, readable(right)?);
    let absent = |value: &Value| matches!(value, Value::Absent);
    if absent(a) && absent(b) {
        return Ok(left.clone());
    }
    if compare::equal(&machine.program.projection, a, b)? == Answer::Yes {
        return Ok(left.clone());
    }
    let cause = match Answer::of(condition) {
        Answer::Open(cause) => cause,
        Answer::Yes | Answer::No => Text::from("the condition is open"),
    };
    let certain = |value: &Value| match value {
        Value::Absent => false,
        Value::Open(open) => open.present,
        _ => true,
    };
    let present = certain(a) && certain(b);
    Ok(Value::Open(Arc::new(Open { shape: Shape::Any, present, origin: Origin::Computed, cause })))
}

pub(super) fn list(machine: &mut Machine<'_>, values: &[Value]) -> Result<Value, Trap> {
    machine.keep(values.len())?;
    let items = values.iter().map(|value| Item { value: value.clone(), maybe: false }).collect();
    Ok(Value::List(Arc::new(List { items, open: None })))
}

pub(super) fn record(layout: LayoutId, slots: &[Value]) -> Value {
    Value::Record(Arc::new(Record { layout, slots: slots.to_vec() }))
}

/// A record of another layout, field by field.
pub(super) fn convert(
    machine: &mut Machine<'_>,
    src: &Value,
    layout: LayoutId,
) -> Result<Value, Trap> {
    match readable(src)? {
        Value::Record(record) if record.layout != layout => {
            let names = machine.program.projection.names(record.layout);
            let wanted = machine.program.projection.names(layout);
            let slots = wanted.iter().map(|name| {
                let at = names.iter().position(|known| known == name);
                at.and_then(|at| record.slots.get(at)).cloned().unwrap_or(Value::Absent)
            });
            Ok(Value::Record(Arc::new(Record { layout, slots: slots.collect() })))
        }
        _ => Ok(src.clone()),
    }
}

pub(super) fn map(machine: &Machine<'_>, keys: ConstIdx, values: &[Value]) -> Value {
    let Value::List(keys) = constant(machine, keys) else { return Value::Absent };
    let keys = keys.items.iter().filter_map(|item| match &item.value {
        Value::Text(key) => Some(key.clone()),
        _ => None,
    });
    let there = keys.zip(values).filter(|(_, value)| !matches!(value.plain(), Value::Absent));
    Value::map(there.map(|(key, value)| (key, value.clone())))
}

pub(super) fn text(machine: &mut Machine<'_>, parts: &[Value]) -> Result<Value, Trap> {
    let mut builder = Builder::new();
    for part in parts {
        machine.operand(part)?;
        display::interpolate(&machine.program.projection, &mut builder, part);
    }
    let value = builder.finish();
    if let Value::Text(text) = &value {
        machine.keep(text.len() / size_of::<Value>())?;
    }
    Ok(value)
}

/// Text for a person: nothing in it can fail.
pub(super) fn message(machine: &mut Machine<'_>, parts: &[Value]) -> Value {
    let mut out = String::new();
    for part in parts {
        machine.note(part);
        match part.plain() {
            Value::Resource(id) => {
                out.push_str(machine.world.resource(*id).map_or("", |resource| &resource.id));
            }
            _ => out.push_str(&display::show(&machine.program.projection, part)),
        }
    }
    Value::text(&out)
}
