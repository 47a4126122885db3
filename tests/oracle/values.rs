//! What the oracle knows of values: three answers, equality, order, membership, arithmetic.

use std::sync::Arc;

use assize::hir::BinaryOp;
use assize::value::compare::Layouts;
use assize::value::segments::{self, Builder};
use assize::value::{Item, List, Open, Origin, Shape, SymbolRef, Text, Trap, Value, glob};

/// Kleene's three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    No,
    Open,
    Yes,
}

impl Truth {
    pub fn of(value: &Value) -> Self {
        match value.plain() {
            Value::Bool(true) => Self::Yes,
            Value::Open(_) => Self::Open,
            _ => Self::No,
        }
    }

    /// The least of the two: no, open, yes.
    pub fn and(self, other: Self) -> Self {
        if (self as u8) < (other as u8) { self } else { other }
    }

    pub fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Open => Self::Open,
            Self::Yes => Self::No,
        }
    }

    pub fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub fn value(self) -> Value {
        match self {
            Self::No => Value::Bool(false),
            Self::Yes => Value::Bool(true),
            Self::Open => open(true, Origin::Computed),
        }
    }
}

impl From<bool> for Truth {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

pub fn open(present: bool, origin: Origin) -> Value {
    shaped(Shape::Any, present, origin)
}

fn shaped(shape: Shape, present: bool, origin: Origin) -> Value {
    Value::Open(Arc::new(Open { shape, present, origin, cause: Text::from("open") }))
}

/// The value, without its mark; broken data is an error for whoever reads it.
pub fn read(value: &Value) -> Result<&Value, Trap> {
    match value.plain() {
        Value::Broken(broken) => Err(Trap::Broken(broken.reason.clone())),
        plain => Ok(plain),
    }
}

/// The elements that are known of, and whether there may be more.
pub fn elements(list: &Value) -> (Vec<Item>, bool) {
    match list.plain() {
        Value::List(list) => (list.items.clone(), list.open.is_some()),
        Value::Open(_) => (Vec::new(), true),
        _ => (Vec::new(), false),
    }
}

pub fn index(base: &Value, index: &Value) -> Value {
    match (base, index) {
        (Value::Open(base), _) => open(false, base.origin),
        (Value::List(_) | Value::Map(_), Value::Open(at)) => open(false, at.origin),
        (Value::Map(map), Value::Text(key)) => match map.entries.get(key) {
            Some(value) => value.clone(),
            None if map.open.is_some() => open(false, Origin::Computed),
            None => Value::Absent,
        },
        (Value::List(list), Value::Int(at)) => {
            let Ok(at) = usize::try_from(*at) else { return Value::Absent };
            let shaky =
                list.open.is_some() || list.items.iter().take(at + 1).any(|item| item.maybe);
            match list.items.get(at) {
                _ if list.open.is_some() => open(false, Origin::Computed),
                None => Value::Absent,
                Some(_) if shaky => open(false, Origin::Computed),
                Some(item) => item.value.clone(),
            }
        }
        _ => Value::Absent,
    }
}

/// Absent equals nothing; within structures it equals itself.
pub fn equal(layouts: &dyn Layouts, a: &Value, b: &Value) -> Result<Truth, Trap> {
    let (a, b) = (read(a)?, read(b)?);
    if matches!(a, Value::Absent) || matches!(b, Value::Absent) {
        return Ok(Truth::No);
    }
    same(layouts, a, b)
}

fn same(layouts: &dyn Layouts, a: &Value, b: &Value) -> Result<Truth, Trap> {
    let (a, b) = (read(a)?, read(b)?);
    Ok(match (a, b) {
        (Value::Open(a), Value::Open(b)) => match both(&a.shape, &b.shape) {
            Some(false) => Truth::No,
            Some(true) if a.present && b.present => Truth::Yes,
            _ => Truth::Open,
        },
        (Value::Open(open), known) | (known, Value::Open(open)) => possible(open, known),
        (Value::Absent, Value::Absent) => Truth::Yes,
        (Value::Bool(a), Value::Bool(b)) => (a == b).into(),
        (Value::Text(a), Value::Text(b)) => (a == b).into(),
        (Value::Duration(a), Value::Duration(b)) => (a == b).into(),
        (Value::Timestamp(a), Value::Timestamp(b)) => (a == b).into(),
        (Value::Ip(a), Value::Ip(b)) => (a == b).into(),
        (Value::Cidr(a), Value::Cidr(b)) => {
            (a.network() == b.network() && a.prefix_len() == b.prefix_len()).into()
        }
        (Value::Version(a), Value::Version(b)) => a.cmp_precedence(b).is_eq().into(),
        (Value::Resource(a), Value::Resource(b)) => (a == b).into(),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            match (number(a), number(b)) {
                (Some(a), Some(b)) => (a == b).into(),
                _ => Truth::No,
            }
        }
        (Value::List(a), Value::List(b)) => lists(layouts, a, b)?,
        (Value::Map(_) | Value::Record(_), Value::Map(_) | Value::Record(_)) => {
            match (fields(layouts, a), fields(layouts, b)) {
                ((a, false, is_map), (b, false, other)) if is_map == other => {
                    named(layouts, &a, &b)?
                }
                ((a, a_open, true), (b, b_open, true)) => {
                    open_maps(layouts, (&a, a_open), (&b, b_open))?
                }
                _ => Truth::No,
            }
        }
        _ => Truth::No,
    })
}

/// The sizes and values of integers below 2^53 and of floats: what tests are made of.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        _ => None,
    }
}

/// Names and values, whether there may be more, and whether it is a map.
fn fields(layouts: &dyn Layouts, value: &Value) -> (Vec<(Text, Value)>, bool, bool) {
    match value {
        Value::Record(record) => {
            let names = layouts.names(record.layout);
            let all =
                names.iter().map(assize::base::Symbol::text).zip(record.slots.iter().cloned());
            (all.collect(), false, false)
        }
        Value::Map(map) => {
            let all = map.entries.iter().map(|(key, value)| (key.clone(), value.clone()));
            (all.collect(), map.open.is_some(), true)
        }
        _ => (Vec::new(), false, false),
    }
}

fn get(fields: &[(Text, Value)], name: &str) -> Value {
    let found = fields.iter().find(|(known, _)| **known == *name);
    found.map_or(Value::Absent, |(_, value)| value.clone())
}

/// Field by field, one that is not there being absent.
fn named(layouts: &dyn Layouts, a: &[(Text, Value)], b: &[(Text, Value)]) -> Result<Truth, Trap> {
    let mut out = Truth::Yes;
    for (name, value) in a {
        out = out.and(same(layouts, value, &get(b, name))?);
    }
    for (name, value) in b {
        if !a.iter().any(|(known, _)| known == name) {
            out = out.and(same(layouts, value, &Value::Absent)?);
        }
    }
    Ok(out)
}

/// Maps of which one may have more entries: an entry that the closed one has not decides, and so does
/// what both have.
fn open_maps(
    layouts: &dyn Layouts,
    (a, a_open): (&[(Text, Value)], bool),
    (b, b_open): (&[(Text, Value)], bool),
) -> Result<Truth, Trap> {
    let mut out = Truth::Open;
    for (name, value) in a {
        out = out.and(match b.iter().find(|(known, _)| known == name) {
            Some((_, other)) => same(layouts, value, other)?,
            None => missing(value, b_open)?,
        });
    }
    for (name, value) in b {
        if !a.iter().any(|(known, _)| known == name) {
            out = out.and(missing(value, a_open)?);
        }
    }
    Ok(out)
}

/// Whether a map may have this value at a key that it is not known to have.
fn missing(value: &Value, open: bool) -> Result<Truth, Trap> {
    Ok(match read(value)? {
        Value::Absent => Truth::Yes,
        Value::Open(value) if !value.present => Truth::Open,
        _ if open => Truth::Open,
        _ => Truth::No,
    })
}

fn lists(layouts: &dyn Layouts, a: &List, b: &List) -> Result<Truth, Trap> {
    let loose = |list: &List| list.open.is_some() || list.items.iter().any(|item| item.maybe);
    let least = |list: &List| list.items.iter().filter(|item| !item.maybe).count();
    let most = |list: &List| if list.open.is_some() { usize::MAX } else { list.items.len() };
    if least(a) > most(b) || least(b) > most(a) {
        return Ok(Truth::No);
    }
    if loose(a) || loose(b) {
        return Ok(Truth::Open);
    }
    let mut out = Truth::Yes;
    for (a, b) in a.items.iter().zip(&b.items) {
        if out == Truth::No {
            break;
        }
        out = out.and(same(layouts, &a.value, &b.value)?);
    }
    Ok(out)
}

/// Whether something open may be this known value.
fn possible(open: &Open, known: &Value) -> Truth {
    let possible = match (&open.shape, known) {
        (_, Value::Absent) => !open.present,
        (Shape::Text(parts), Value::Text(text)) => segments::may_be(parts, text),
        (Shape::Text(_), _) => false,
        (Shape::Between(low, Some(high)), Value::Int(n)) if low == high && low == n => {
            return Truth::Yes;
        }
        (Shape::Between(low, high), Value::Int(n)) => {
            *n >= *low && high.is_none_or(|high| *n <= high)
        }
        _ => true,
    };
    if possible { Truth::Open } else { Truth::No }
}

fn both(a: &Shape, b: &Shape) -> Option<bool> {
    match (a, b) {
        (Shape::Symbol(a), Shape::Symbol(b)) if a == b => Some(true),
        (
            Shape::Symbol(SymbolRef::Attribute { resource, kind, attribute, identifies: true }),
            Shape::Symbol(SymbolRef::Attribute {
                resource: r2,
                kind: k2,
                attribute: a2,
                identifies: true,
            }),
        ) => (resource != r2 && kind == k2 && attribute == a2).then_some(false),
        (Shape::Text(a), Shape::Text(b)) => segments::same(a, b),
        (Shape::Between(l1, h1), Shape::Between(l2, h2)) => {
            let apart = h1.is_some_and(|h1| h1 < *l2) || h2.is_some_and(|h2| h2 < *l1);
            apart.then_some(false)
        }
        _ => None,
    }
}

/// `a < b`, or `a <= b`.
pub fn less(a: &Value, b: &Value, strict: bool) -> Truth {
    use std::cmp::Ordering;
    let holds = |ordering: Ordering| Truth::from(ordering.is_lt() || !strict && ordering.is_eq());
    match (a, b) {
        (Value::Open(_), Value::Open(_) | Value::Int(_)) | (Value::Int(_), Value::Open(_)) => {
            let ((l1, h1), (l2, h2)) = (bounds(a), bounds(b));
            let most = h1.map_or(i128::MAX, i128::from);
            let largest = h2.map_or(i128::MAX, i128::from);
            let surely = if strict { most < i128::from(l2) } else { most <= i128::from(l2) };
            let never = if strict { i128::from(l1) >= largest } else { i128::from(l1) > largest };
            match (surely, never) {
                (true, _) => Truth::Yes,
                (_, true) => Truth::No,
                _ => Truth::Open,
            }
        }
        (Value::Absent, _) | (_, Value::Absent) => Truth::No,
        (Value::Open(_), _) | (_, Value::Open(_)) => Truth::Open,
        (Value::Text(a), Value::Text(b)) => holds(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) | (Value::Timestamp(a), Value::Timestamp(b)) => {
            holds(a.cmp(b))
        }
        (Value::Ip(a), Value::Ip(b)) => holds(a.cmp(b)),
        (Value::Version(a), Value::Version(b)) => holds(a.cmp_precedence(b)),
        _ => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.partial_cmp(&b).map_or(Truth::No, holds),
            _ => Truth::No,
        },
    }
}

fn bounds(value: &Value) -> (i64, Option<i64>) {
    match value {
        Value::Int(n) => (*n, Some(*n)),
        Value::Open(open) => match open.shape {
            Shape::Between(low, high) => (low, high),
            _ => (i64::MIN, None),
        },
        _ => (i64::MIN, None),
    }
}

/// `x in xs`.
pub fn within(layouts: &dyn Layouts, x: &Value, xs: &Value) -> Result<Truth, Trap> {
    Ok(match (x, xs) {
        (Value::Absent, _) | (_, Value::Absent) => Truth::No,
        (x, Value::List(list)) => {
            let mut out = if list.open.is_some() { Truth::Open } else { Truth::No };
            for item in &list.items {
                let same = equal(layouts, x, &item.value)?;
                out = out.or(if item.maybe { same.and(Truth::Open) } else { same });
                if out == Truth::Yes {
                    break;
                }
            }
            out
        }
        (Value::Text(key), Value::Map(map)) => match map.entries.get(key).map(Value::plain) {
            Some(Value::Absent) => Truth::No,
            Some(Value::Open(open)) if !open.present => Truth::Open,
            Some(_) => Truth::Yes,
            None if map.open.is_some() => Truth::Open,
            None => Truth::No,
        },
        (Value::Ip(ip), Value::Cidr(net)) => net.contains(ip).into(),
        (Value::Open(_), _) | (_, Value::Open(_)) => Truth::Open,
        _ => Truth::No,
    })
}

pub fn matches(text: &Value, pattern: &Value) -> Truth {
    match (text, pattern) {
        (Value::Absent, _) | (_, Value::Absent) => Truth::No,
        (Value::Text(text), Value::Regex(regex)) => regex.is_match(text).into(),
        (Value::Text(text), Value::Glob(glob)) => glob::matches(glob, text).into(),
        (Value::Open(open), Value::Glob(glob)) => match &open.shape {
            Shape::Text(parts) => match segments::glob(parts, glob, open) {
                assize::value::Answer::Yes => Truth::Yes,
                assize::value::Answer::No => Truth::No,
                assize::value::Answer::Open(_) => Truth::Open,
            },
            _ if open.present && !glob.is_empty() && glob.chars().all(|c| c == '*') => Truth::Yes,
            _ => Truth::Open,
        },
        (Value::Open(_), _) | (_, Value::Open(_)) => Truth::Open,
        _ => Truth::No,
    }
}

pub fn negate(x: &Value) -> Result<Value, Trap> {
    arithmetic_of(BinaryOp::Subtract, &zero_like(x), x).map(|value| match (x, value) {
        (Value::Float(x), _) => Value::Float(-x),
        (Value::Open(x), _) => shaped(Shape::Any, x.present, x.origin),
        (_, value) => value,
    })
}

fn zero_like(x: &Value) -> Value {
    match x {
        Value::Duration(_) => Value::Duration(0),
        Value::Float(_) => Value::Float(0.0),
        _ => Value::Int(0),
    }
}

pub fn arithmetic(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, Trap> {
    arithmetic_of(op, a, b)
}

fn arithmetic_of(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, Trap> {
    let text = |value: &Value| match value {
        Value::Text(_) => true,
        Value::Open(open) => matches!(open.shape, Shape::Text(_) | Shape::Symbol(_)),
        _ => false,
    };
    Ok(match (a, b) {
        (Value::Float(_), Value::Float(_) | Value::Int(_)) | (Value::Int(_), Value::Float(_)) => {
            let (Some(a), Some(b)) = (number(a), number(b)) else { return Ok(Value::Absent) };
            if op == BinaryOp::Divide && b == 0.0 {
                return Err(Trap::DivisionByZero);
            }
            let out = match op {
                BinaryOp::Add => a + b,
                BinaryOp::Subtract => a - b,
                BinaryOp::Multiply => a * b,
                _ => a / b,
            };
            if !out.is_finite() {
                return Err(Trap::Overflow);
            }
            Value::Float(out)
        }
        (Value::Int(a), Value::Int(b)) => Value::Int(exact(op, *a, *b)?),
        (Value::Duration(a), Value::Duration(b) | Value::Int(b))
        | (Value::Int(a), Value::Duration(b))
        | (Value::Timestamp(a), Value::Timestamp(b)) => Value::Duration(exact(op, *a, *b)?),
        (Value::Timestamp(a), Value::Duration(b)) | (Value::Duration(a), Value::Timestamp(b)) => {
            Value::Timestamp(exact(op, *a, *b)?)
        }
        (Value::List(a), Value::List(b)) => {
            let items = a.items.iter().chain(&b.items).cloned().collect();
            Value::List(Arc::new(List { items, open: a.open.clone().or(b.open.clone()) }))
        }
        (Value::List(list), Value::Open(_)) | (Value::Open(_), Value::List(list)) => {
            Value::List(Arc::new(List {
                items: list.items.clone(),
                open: Some(Text::from("open")),
            }))
        }
        (a, b)
            if text(a) && text(b)
                || matches!(
                    (a, b),
                    (Value::Text(_), Value::Open(_)) | (Value::Open(_), Value::Text(_))
                ) =>
        {
            let mut builder = Builder::new();
            builder.value(a);
            builder.value(b);
            builder.finish()
        }
        (Value::Open(first), _) | (_, Value::Open(first)) => {
            let shape = ranges(op, a, b).unwrap_or(Shape::Any);
            shaped(shape, first.present, first.origin)
        }
        _ => Value::Absent,
    })
}

fn exact(op: BinaryOp, a: i64, b: i64) -> Result<i64, Trap> {
    let (a, b) = (i128::from(a), i128::from(b));
    let out = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => a * b,
        _ if b == 0 => return Err(Trap::DivisionByZero),
        _ => a / b,
    };
    i64::try_from(out).map_err(|_| Trap::Overflow)
}

/// Sums and differences of bounds.
fn ranges(op: BinaryOp, a: &Value, b: &Value) -> Option<Shape> {
    let known = |value: &Value| match value {
        Value::Int(n) => Some((*n, Some(*n))),
        Value::Open(open) => match open.shape {
            Shape::Between(low, high) => Some((low, high)),
            _ => None,
        },
        _ => None,
    };
    let ((l1, h1), (l2, h2)) = (known(a)?, known(b)?);
    match op {
        BinaryOp::Add => {
            let high = h1.zip(h2).and_then(|(x, y)| x.checked_add(y));
            Some(Shape::Between(l1.checked_add(l2)?, high))
        }
        BinaryOp::Subtract => {
            let high = h1.and_then(|high| high.checked_sub(l2));
            Some(Shape::Between(l1.checked_sub(h2?)?, high))
        }
        _ => None,
    }
}
