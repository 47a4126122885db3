//! Lists and maps.

use std::sync::Arc;

use super::SigType::{Int, List, Map, Number, Ordered, Record, String, Var};
use super::{Builtin, BuiltinRecord, CallContext, SigType, arg, elements, functions, open_for};
use crate::value::arithmetic::{self, Operator};
use crate::value::compare::{self, Order};
use crate::value::{
    Answer, Item, List as Elements, Open, Origin, Record as RecordValue, Shape, Text, Trap, Value,
};

const T: SigType = Var(0);
const TS: SigType = List(&T);

pub(super) const RECORDS: &[BuiltinRecord] = &[
    BuiltinRecord {
        name: "Entry",
        module: "list",
        fields: &[("key", String), ("value", SigType::Json)],
        docs: "An entry of a map.",
    },
    BuiltinRecord {
        name: "Pair",
        module: "list",
        fields: &[("first", SigType::Json), ("second", SigType::Json)],
        docs: "Two elements that stand at the same place of two lists.",
    },
];

functions! { FUNCTIONS, "list";
    "count.list" "count" ("xs": TS) -> Int, "How many elements a list has.", ["count([1, 2])" => "2"], count;
    "count.map" "count" ("m": Map(&T)) -> Int, "How many entries a map has.", ["count(as_map({ \"a\": 1, \"b\": 2 }) ?? {})" => "2"], count_map;
    "sum" "sum" ("xs": List(&Number)) -> Number, "The sum of the numbers; 0 for none.", ["sum([1, 2])" => "3"], sum;
    "min" "min" ("xs": List(&Ordered)) -> SigType::Option(&Ordered), "The least element; absent for none.", ["min([2, 1])" => "1"], min;
    "max" "max" ("xs": List(&Ordered)) -> SigType::Option(&Ordered), "The largest element; absent for none.", ["max([2, 1])" => "2"], max;
    "unique" "unique" ("xs": TS) -> TS, "The elements, each once, where it stands first.", ["unique([1, 2, 1])" => "[1, 2]"], unique;
    "sort" "sort" ("xs": List(&Ordered)) -> List(&Ordered), "The elements from least to largest.", ["sort([2, 1])" => "[1, 2]"], sort;
    "flatten" "flatten" ("xs": List(&TS)) -> TS, "The elements of the lists, one after the other.", ["flatten([[1], [2, 3]])" => "[1, 2, 3]"], flatten;
    "keys" "keys" ("m": Map(&T)) -> List(&String), "The keys of a map, in its order.", ["keys(as_map({ \"a\": 1, \"b\": 2 }) ?? {})" => "[\"a\", \"b\"]"], keys;
    "values" "values" ("m": Map(&T)) -> TS, "The values of a map, in its order.", ["count(values(as_map({ \"a\": 1, \"b\": 2 }) ?? {}))" => "2"], values;
    "entries" "entries" ("m": Map(&T)) -> List(&Record("Entry")), "The entries of a map, in its order.", ["[e.key for e in entries(as_map({ \"a\": 1, \"b\": 2 }) ?? {})]" => "[\"a\", \"b\"]"], entries;
    "zip" "zip" ("xs": TS, "ys": List(&Var(1))) -> List(&Record("Pair")), "Pairs of elements at the same place, as many as the shorter list has.", ["count(zip([1, 2], [3]))" => "1"], zip;
    "intersect" "intersect" ("xs": TS, "ys": TS) -> TS, "The elements of the first list that are in the second, too.", ["intersect([1, 2], [2, 3])" => "[2]"], intersect;
    "without" "without" ("xs": TS, "ys": TS) -> TS, "The elements of the first list that are not in the second.", ["without([1, 2], [2, 3])" => "[1]"], without;
    "contains.list" "contains" ("xs": TS, "x": T) -> SigType::Bool, "Whether the list holds the element.", ["contains([1, 2], 2)" => "true"], contains;
}

/// A number between the bounds, exact where they meet.
fn between(low: usize, high: Option<usize>, cause: &Text) -> Value {
    let int = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    if high == Some(low) {
        return Value::Int(int(low));
    }
    let shape = Shape::Between(int(low), high.map(int));
    Value::Open(Arc::new(Open {
        shape,
        present: true,
        origin: Origin::Computed,
        cause: cause.clone(),
    }))
}

fn loose() -> Text {
    Arc::from("the list has elements that are open")
}

fn list(items: Vec<Item>, open: Option<&Text>) -> Value {
    Value::List(Arc::new(Elements { items, open: open.cloned() }))
}

fn count(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    let (items, open) = elements(xs);
    // What is no element as the schema has them counts as none, and not as one.
    for item in items {
        ctx.read(&item.value)?;
    }
    let certain = items.iter().filter(|item| !item.maybe).count();
    let most = open.is_none().then_some(items.len());
    Ok(between(certain, most, open.unwrap_or(&loose())))
}

fn count_map(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Map(map) => {
            let perhaps = |v: &&Value| matches!(v.plain(), Value::Open(open) if !open.present);
            let absent =
                map.entries.values().filter(|v| matches!(v.plain(), Value::Absent)).count();
            let open = map.entries.values().filter(perhaps).count();
            let most = map.entries.len() - absent;
            between(
                most - open,
                map.open.is_none().then_some(most),
                map.open.as_ref().unwrap_or(&loose()),
            )
        }
        Value::Open(open) => between(0, None, &open.cause),
        _ => Value::Int(0),
    })
}

/// The values of a list of which all is known; else why not.
fn closed(ctx: &mut dyn CallContext, xs: &Value) -> Result<Result<Vec<Value>, Text>, Trap> {
    let (items, open) = elements(xs);
    ctx.pay(items.len() as u64)?;
    let mut out = Vec::new();
    let mut cause = open.cloned();
    for item in items {
        match ctx.read(&item.value)? {
            Value::Open(open) => drop(cause.get_or_insert_with(|| open.cause.clone())),
            _ if item.maybe => drop(cause.get_or_insert_with(loose)),
            value => out.push(value.clone()),
        }
    }
    Ok(cause.map_or(Ok(out), Err))
}

fn sum(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    match closed(ctx, xs)? {
        Ok(values) => values
            .iter()
            .try_fold(Value::Int(0), |sum, x| arithmetic::apply(Operator::Add, &sum, x)),
        Err(cause) => Ok(open_for(&cause)),
    }
}

fn extreme(ctx: &mut dyn CallContext, args: &[Value], order: Order) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    let certain = elements(xs).0.iter().any(|item| !item.maybe);
    let values = match closed(ctx, xs)? {
        Ok(values) => values,
        Err(cause) if certain => return Ok(open_for(&cause)),
        Err(cause) => return Ok(Value::perhaps(Origin::Computed, &cause)),
    };
    let mut best: Option<Value> = None;
    for value in values {
        let better = match &best {
            Some(best) => compare::ordered(order, &value, best)? == Answer::Yes,
            None => true,
        };
        if better {
            best = Some(value);
        }
    }
    Ok(best.unwrap_or(Value::Absent))
}

fn min(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    extreme(ctx, args, Order::Less)
}

fn max(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    extreme(ctx, args, Order::Greater)
}

fn unique(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    let (items, open) = elements(xs);
    let mut out: Vec<Item> = Vec::new();
    for item in items {
        ctx.pay(out.len() as u64)?;
        let mut known = Answer::No;
        for earlier in &out {
            let mut same = compare::equal(ctx.layouts(), &item.value, &earlier.value)?;
            if earlier.maybe && same == Answer::Yes {
                same = Answer::Open(loose());
            }
            known = known.or(same);
        }
        match known {
            Answer::Yes => {}
            Answer::No => out.push(item.clone()),
            Answer::Open(_) => out.push(Item { value: item.value.clone(), maybe: true }),
        }
    }
    Ok(list(out, open))
}

fn sort(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    let mut values = match closed(ctx, xs)? {
        Ok(values) => values,
        Err(cause) => return Ok(open_for(&cause)),
    };
    ctx.pay(values.len() as u64)?;
    values.sort_by(|a, b| match compare::ordered(Order::Less, a, b) {
        Ok(Answer::Yes) => std::cmp::Ordering::Less,
        _ => match compare::ordered(Order::Greater, a, b) {
            Ok(Answer::Yes) => std::cmp::Ordering::Greater,
            _ => std::cmp::Ordering::Equal,
        },
    });
    Ok(Value::list(values))
}

fn flatten(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let xs = arg(ctx, args, 0)?;
    let (items, open) = elements(xs);
    let mut out = Vec::new();
    let mut tail = open.cloned();
    for item in items {
        let inner = ctx.read(&item.value)?;
        let (inner, inner_open) = elements(inner);
        ctx.pay(inner.len() as u64)?;
        out.extend(
            inner.iter().map(|x| Item { value: x.value.clone(), maybe: x.maybe || item.maybe }),
        );
        tail = tail.or_else(|| inner_open.cloned());
    }
    Ok(Value::List(Arc::new(Elements { items: out, open: tail })))
}

/// Entries of a map as list items: an entry whose presence is open is a maybe.
fn map_items(value: &Value, item: impl Fn(&Text, &Value) -> Value) -> Value {
    match value {
        Value::Map(map) => {
            let there = map.entries.iter().filter(|(_, v)| !matches!(v.plain(), Value::Absent));
            let items = there.map(|(key, value)| {
                let maybe = matches!(value.plain(), Value::Open(open) if !open.present);
                Item { value: item(key, value), maybe }
            });
            Value::List(Arc::new(Elements { items: items.collect(), open: map.open.clone() }))
        }
        Value::Open(open) => list(Vec::new(), Some(&open.cause)),
        _ => list(Vec::new(), None),
    }
}

fn keys(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(map_items(arg(ctx, args, 0)?, |key, _| Value::Text(key.clone())))
}

fn values(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(map_items(arg(ctx, args, 0)?, |_, value| value.clone()))
}

fn entries(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let layout = ctx.layout("Entry");
    Ok(map_items(arg(ctx, args, 0)?, |key, value| {
        let slots = vec![Value::Text(key.clone()), value.clone()];
        Value::Record(Arc::new(RecordValue { layout, slots }))
    }))
}

fn zip(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let layout = ctx.layout("Pair");
    let (xs, ys) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    let ((xs, x_open), (ys, y_open)) = (elements(xs), elements(ys));
    // An element that may be missing shifts all after it: nothing certain follows. Where more elements may
    // be anywhere, nothing is certain at all.
    let certain = |items: &[Item]| items.iter().take_while(|item| !item.maybe).count();
    let sure = x_open.is_none() && y_open.is_none();
    let len = if sure { certain(xs).min(certain(ys)) } else { 0 };
    let whole = len == xs.len().min(ys.len());
    let pairs = xs.iter().zip(ys).take(len).map(|(x, y)| {
        let slots = vec![x.value.clone(), y.value.clone()];
        Item { value: Value::Record(Arc::new(RecordValue { layout, slots })), maybe: false }
    });
    let loose = loose();
    let open = if whole { x_open.or(y_open) } else { Some(&loose) };
    Ok(list(pairs.collect(), open))
}

/// The elements of the first list for which membership in the second is as wanted.
fn filtered(ctx: &mut dyn CallContext, args: &[Value], wanted: &Answer) -> Result<Value, Trap> {
    let (xs, ys) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    let (items, open) = elements(xs);
    let width = elements(ys).0.len() as u64;
    let mut out = Vec::new();
    for item in items {
        ctx.pay(width)?;
        match compare::is_in(ctx.layouts(), &item.value, ys)? {
            Answer::Open(_) => out.push(Item { value: item.value.clone(), maybe: true }),
            answer if answer == *wanted => out.push(item.clone()),
            _ => {}
        }
    }
    Ok(list(out, open))
}

fn intersect(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    filtered(ctx, args, &Answer::Yes)
}

fn without(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    filtered(ctx, args, &Answer::No)
}

fn contains(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (xs, x) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    ctx.pay(elements(xs).0.len() as u64)?;
    Ok(compare::is_in(ctx.layouts(), x, xs)?.into())
}
