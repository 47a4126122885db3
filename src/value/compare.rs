//! Equality, order and membership, with all that can be said of values that are open.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

use crate::base::Symbol;

use super::answer::Answer;
use super::segments;
use super::{Item, LayoutId, List, Map, Open, Record, Shape, SymbolRef, Trap, Value};

/// What the slots of a record are called; the projection knows.
pub trait Layouts {
    /// The names of the layout's slots, in order.
    fn names(&self, layout: LayoutId) -> Vec<Symbol>;
}

/// Which way two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the operators")]
pub enum Order {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Order {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::LessEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterEqual => ordering.is_ge(),
        }
    }
}

/// The value, or the trap of one that is broken.
pub fn readable(value: &Value) -> Result<&Value, Trap> {
    match value.plain() {
        Value::Broken(broken) => Err(Trap::Broken(broken.reason.clone())),
        plain => Ok(plain),
    }
}

/// `a == b`. Absent equals nothing, not even absent; within lists, maps and records absent is equal to
/// absent. Records compare by the names of their fields, whatever their types are called.
///
/// # Errors
///
/// A broken value on either side, at any depth that is looked at.
pub fn equal(layouts: &dyn Layouts, a: &Value, b: &Value) -> Result<Answer, Trap> {
    let (a, b) = (readable(a)?, readable(b)?);
    if matches!(a, Value::Absent) || matches!(b, Value::Absent) {
        return Ok(Answer::No);
    }
    same(layouts, a, b)
}

/// Equality within structures.
#[expect(clippy::float_cmp, reason = "equality of floats is that of their values")]
fn same(layouts: &dyn Layouts, a: &Value, b: &Value) -> Result<Answer, Trap> {
    let (a, b) = (readable(a)?, readable(b)?);
    let answer = match (a, b) {
        (Value::Open(a), Value::Open(b)) => both_open(a, b),
        (Value::Open(open), known) | (known, Value::Open(open)) => open_and_known(open, known),
        (Value::Absent, Value::Absent) => Answer::Yes,
        (Value::Bool(a), Value::Bool(b)) => (a == b).into(),
        (Value::Int(a), Value::Int(b)) => (a == b).into(),
        (Value::Float(a), Value::Float(b)) => (a == b).into(),
        (Value::Int(n), Value::Float(x)) | (Value::Float(x), Value::Int(n)) => {
            (int_and_float(*n, *x) == Some(Ordering::Equal)).into()
        }
        (Value::Text(a) | Value::Glob(a), Value::Text(b) | Value::Glob(b)) => (a == b).into(),
        (Value::Duration(a), Value::Duration(b)) => (a == b).into(),
        (Value::Timestamp(a), Value::Timestamp(b)) => (a == b).into(),
        (Value::Ip(a), Value::Ip(b)) => (a == b).into(),
        (Value::Cidr(a), Value::Cidr(b)) => (a.trunc() == b.trunc()).into(),
        (Value::Version(a), Value::Version(b)) => a.cmp_precedence(b).is_eq().into(),
        (Value::Regex(a), Value::Regex(b)) => (a.as_str() == b.as_str()).into(),
        (Value::Resource(a), Value::Resource(b)) => (a == b).into(),
        (Value::List(a), Value::List(b)) => same_lists(layouts, a, b)?,
        (Value::Map(a), Value::Map(b)) => same_maps(layouts, a, b)?,
        (Value::Record(a), Value::Record(b)) => same_records(layouts, a, b)?,
        _ => Answer::No,
    };
    Ok(answer)
}

fn same_lists(layouts: &dyn Layouts, a: &List, b: &List) -> Result<Answer, Trap> {
    let loose = |list: &List| list.open.is_some() || list.items.iter().any(|item| item.maybe);
    if loose(a) || loose(b) {
        let certain = |list: &List| list.items.iter().filter(|item| !item.maybe).count();
        let most = |list: &List| list.open.is_none().then_some(list.items.len());
        let too_many = |few: &List, many: &List| most(few).is_some_and(|most| certain(many) > most);
        if too_many(a, b) || too_many(b, a) {
            return Ok(Answer::No);
        }
        let cause = a.open.as_ref().or(b.open.as_ref());
        return Ok(Answer::open(cause.map_or("the list has elements that are open", |c| c)));
    }
    if a.items.len() != b.items.len() {
        return Ok(Answer::No);
    }
    let mut answer = Answer::Yes;
    for (a, b) in a.items.iter().zip(&b.items) {
        answer = answer.and(same(layouts, &a.value, &b.value)?);
        if answer == Answer::No {
            break;
        }
    }
    Ok(answer)
}

fn same_maps(layouts: &dyn Layouts, a: &Map, b: &Map) -> Result<Answer, Trap> {
    let mut answer = match a.open.as_ref().or(b.open.as_ref()) {
        Some(cause) => Answer::Open(cause.clone()),
        None => Answer::Yes,
    };
    for (key, value) in &a.entries {
        answer = answer.and(match b.entries.get(key) {
            Some(other) => same(layouts, value, other)?,
            None => missing_entry(value, b)?,
        });
    }
    for (key, value) in &b.entries {
        if !a.entries.contains_key(key) {
            answer = answer.and(missing_entry(value, a)?);
        }
    }
    Ok(answer)
}

/// An entry of which the other map has none.
fn missing_entry(value: &Value, other: &Map) -> Result<Answer, Trap> {
    Ok(match (readable(value)?, &other.open) {
        (Value::Absent, _) => Answer::Yes,
        (Value::Open(open), _) if !open.present => Answer::Open(open.cause.clone()),
        (_, Some(cause)) => Answer::Open(cause.clone()),
        (_, None) => Answer::No,
    })
}

fn same_records(layouts: &dyn Layouts, a: &Record, b: &Record) -> Result<Answer, Trap> {
    let mut answer = Answer::Yes;
    if a.layout == b.layout {
        for (a, b) in a.slots.iter().zip(&b.slots) {
            answer = answer.and(same(layouts, a, b)?);
        }
        return Ok(answer);
    }
    let (a_names, b_names) = (layouts.names(a.layout), layouts.names(b.layout));
    let find = |names: &[Symbol], record: &Record, name: &Symbol| {
        let at = names.iter().position(|known| known == name)?;
        record.slots.get(at).cloned()
    };
    for (name, value) in a_names.iter().zip(&a.slots) {
        let other = find(&b_names, b, name).unwrap_or(Value::Absent);
        answer = answer.and(same(layouts, value, &other)?);
    }
    for (name, value) in b_names.iter().zip(&b.slots) {
        if !a_names.contains(name) {
            answer = answer.and(same(layouts, value, &Value::Absent)?);
        }
    }
    Ok(answer)
}

fn open_and_known(open: &Open, known: &Value) -> Answer {
    let possible = match (&open.shape, known) {
        (_, Value::Absent) => !open.present,
        (Shape::Text(segments), Value::Text(text)) => segments::may_be(segments, text),
        (Shape::Text(_), _) => false,
        (Shape::Between(low, high), Value::Int(n)) => {
            if high == &Some(*low) && low == n {
                return Answer::Yes;
            }
            low <= n && high.is_none_or(|high| *n <= high)
        }
        _ => true,
    };
    if possible { Answer::Open(open.cause.clone()) } else { Answer::No }
}

fn both_open(a: &Open, b: &Open) -> Answer {
    let decided = match (&a.shape, &b.shape) {
        (Shape::Symbol(a), Shape::Symbol(b)) => same_symbol(a, b),
        (Shape::Text(a), Shape::Text(b)) => segments::same(a, b),
        (Shape::Between(low, high), Shape::Between(other_low, other_high)) => {
            let below = |high: &Option<i64>, low: &i64| high.is_some_and(|high| high < *low);
            (below(high, other_low) || below(other_high, low)).then_some(false)
        }
        _ => None,
    };
    match decided {
        Some(yes) if !yes || (a.present && b.present) => yes.into(),
        _ => Answer::Open(a.cause.clone()),
    }
}

/// Whether two symbols stand for one text: known where they are the same, and where they are the same
/// identifying attribute of two resources of one type.
pub fn same_symbol(a: &SymbolRef, b: &SymbolRef) -> Option<bool> {
    if a == b {
        return Some(true);
    }
    let (
        SymbolRef::Attribute { resource, kind, attribute, identifies },
        SymbolRef::Attribute { resource: r2, kind: k2, attribute: a2, identifies: i2 },
    ) = (a, b)
    else {
        return None;
    };
    (*identifies && *i2 && kind == k2 && attribute == a2 && resource != r2).then_some(false)
}

fn int_and_float(n: i64, x: f64) -> Option<Ordering> {
    #[expect(clippy::cast_precision_loss, reason = "a Float is compared as a Float")]
    (n as f64).partial_cmp(&x)
}

/// `a < b` and its like; the checker sees to it that the two are of one type that has an order.
///
/// # Errors
///
/// A broken value on either side.
pub fn ordered(order: Order, a: &Value, b: &Value) -> Result<Answer, Trap> {
    let (a, b) = (readable(a)?, readable(b)?);
    let ordering = match (a, b) {
        (Value::Open(a), Value::Open(b)) => {
            return Ok(open_order(order, &bounds(a), &bounds(b), a));
        }
        (Value::Open(a), Value::Int(n)) => {
            return Ok(open_order(order, &bounds(a), &(*n, Some(*n)), a));
        }
        (Value::Int(n), Value::Open(b)) => {
            return Ok(open_order(order, &(*n, Some(*n)), &bounds(b), b));
        }
        (Value::Absent, _) | (_, Value::Absent) => return Ok(Answer::No),
        (Value::Open(open), _) | (_, Value::Open(open)) => {
            return Ok(Answer::Open(open.cause.clone()));
        }
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(n), Value::Float(x)) => int_and_float(*n, *x),
        (Value::Float(x), Value::Int(n)) => int_and_float(*n, *x).map(Ordering::reverse),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) | (Value::Timestamp(a), Value::Timestamp(b)) => {
            Some(a.cmp(b))
        }
        (Value::Ip(a), Value::Ip(b)) => Some(a.cmp(b)),
        (Value::Version(a), Value::Version(b)) => Some(a.cmp_precedence(b)),
        _ => None,
    };
    Ok(ordering.is_some_and(|ordering| order.holds(ordering)).into())
}

/// The least and the largest number that an open value may be.
fn bounds(open: &Open) -> (i64, Option<i64>) {
    match open.shape {
        Shape::Between(low, high) => (low, high),
        _ => (i64::MIN, None),
    }
}

type Bounds = (i64, Option<i64>);

fn open_order(order: Order, a: &Bounds, b: &Bounds, open: &Open) -> Answer {
    let (low, high) = (a, b);
    // Certain where it holds of the extremes that make it hardest, impossible where of the easiest not.
    let certain = |small: &Bounds, large: &Bounds, strict: bool| match small.1 {
        Some(most) => {
            if strict {
                most < large.0
            } else {
                most <= large.0
            }
        }
        None => false,
    };
    let (yes, no) = match order {
        Order::Less => (certain(low, high, true), certain(high, low, false)),
        Order::LessEqual => (certain(low, high, false), certain(high, low, true)),
        Order::Greater => (certain(high, low, true), certain(low, high, false)),
        Order::GreaterEqual => (certain(high, low, false), certain(low, high, true)),
    };
    match (yes, no) {
        (true, _) => Answer::Yes,
        (_, true) => Answer::No,
        _ => Answer::Open(open.cause.clone()),
    }
}

/// `x in xs`: an element of a list, a key of a map, an address of a network.
///
/// # Errors
///
/// A broken value among those that are looked at.
pub fn is_in(layouts: &dyn Layouts, x: &Value, xs: &Value) -> Result<Answer, Trap> {
    let (x, xs) = (readable(x)?, readable(xs)?);
    match (x, xs) {
        (_, Value::Absent) | (Value::Absent, _) => Ok(Answer::No),
        (_, Value::List(list)) => in_list(layouts, x, list),
        (Value::Text(key), Value::Map(map)) => Ok(match map.entries.get(key).map(Value::plain) {
            Some(Value::Open(open)) if !open.present => Answer::Open(open.cause.clone()),
            Some(Value::Absent) => Answer::No,
            Some(_) => Answer::Yes,
            None => map.open.clone().map_or(Answer::No, Answer::Open),
        }),
        (Value::Ip(ip), Value::Cidr(net)) => Ok(net.contains(ip).into()),
        (_, Value::Open(open)) | (Value::Open(open), _) => Ok(Answer::Open(open.cause.clone())),
        _ => Ok(Answer::No),
    }
}

fn in_list(layouts: &dyn Layouts, x: &Value, list: &List) -> Result<Answer, Trap> {
    let mut answer = match &list.open {
        Some(cause) => Answer::Open(cause.clone()),
        None => Answer::No,
    };
    for Item { value, maybe } in &list.items {
        // What most lists hold: texts that differ.
        if matches!((x, value), (Value::Text(a), Value::Text(b)) if a != b) {
            continue;
        }
        let mut same = equal(layouts, x, value)?;
        if *maybe && same == Answer::Yes {
            same = Answer::open("whether the element is in the list is open");
        }
        answer = answer.or(same);
        if answer == Answer::Yes {
            break;
        }
    }
    Ok(answer)
}

/// `text matches pattern`: a search with a regular expression, the whole text with a glob.
///
/// # Errors
///
/// A broken value on either side.
pub fn matches(text: &Value, pattern: &Value) -> Result<Answer, Trap> {
    let (text, pattern) = (readable(text)?, readable(pattern)?);
    Ok(match (text, pattern) {
        (Value::Absent, _) | (_, Value::Absent) => Answer::No,
        (Value::Text(text), Value::Regex(regex)) => regex.is_match(text).into(),
        (Value::Text(text), Value::Glob(glob)) => super::glob::matches(glob, text).into(),
        (Value::Open(open), Value::Glob(glob)) => match &open.shape {
            Shape::Text(segments) => segments::glob(segments, glob, open),
            _ if glob.chars().all(|c| c == '*') && open.present && !glob.is_empty() => Answer::Yes,
            _ => Answer::Open(open.cause.clone()),
        },
        (Value::Open(open), _) | (_, Value::Open(open)) => Answer::Open(open.cause.clone()),
        _ => Answer::No,
    })
}
