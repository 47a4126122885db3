//! Values out of JSON, by the shapes of a projection. A wrong shape breaks the one slot; malformed text
//! and a key that stands twice break the whole resource.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::program::Projection;
use crate::program::projection::Shape;
use crate::snapshot::row;
use crate::value::json::{float, int, read_json, read_map};
use crate::value::shared::shared;
use crate::value::{Item, LayoutId, List, Record, Text, Value, time};

use super::{Cursor, Fault, Kind};

/// A value of the shape; `null` is absent.
pub fn read_shape(
    projection: &Projection,
    shape: &Shape,
    cursor: &mut Cursor<'_>,
) -> Result<Value, Fault> {
    let kind = cursor.kind()?;
    if kind == Kind::Null {
        return cursor.null().map(|()| Value::Absent);
    }
    match (shape, kind) {
        (Shape::Json, _) => read_json(cursor),
        (Shape::Bool, Kind::Bool) => cursor.bool().map(Value::Bool),
        (Shape::Int, Kind::Number) => cursor.number().map(int),
        (Shape::Float, Kind::Number) => cursor.number().map(float),
        (Shape::Timestamp, Kind::Number) => cursor.number().map(seconds),
        (Shape::List(inner), Kind::List) => {
            cursor.open(b'[')?;
            let mut items = Vec::new();
            while cursor.more(b']', items.is_empty())? {
                let value = match read_shape(projection, inner, cursor)? {
                    Value::Absent => null_element(inner),
                    value => value,
                };
                items.push(Item { value, maybe: false });
            }
            Ok(Value::List(Arc::new(List { items, open: None })))
        }
        (Shape::Map(inner), Kind::Object) => {
            read_map(cursor, |_, cursor| read_shape(projection, inner, cursor).map(Some))
        }
        (Shape::Record(layout), Kind::Object) => {
            let slots = read_row(projection, *layout, cursor)?;
            Ok(Value::Record(Arc::new(Record { layout: *layout, slots })))
        }
        (_, Kind::Text) => {
            let text = cursor.text()?;
            Ok(text_as(shape, &text))
        }
        _ => {
            let start = cursor.at();
            cursor.skip()?;
            Ok(wrong(shape, cursor.since(start)))
        }
    }
}

/// An element of a list that is null: it is wrong where it is read, not an element that has nothing.
pub fn null_element(shape: &Shape) -> Value {
    match shape {
        Shape::Json => Value::Absent,
        shape => wrong(shape, "null"),
    }
}

fn wrong(shape: &Shape, found: &str) -> Value {
    let shown: String = found.chars().take(40).collect();
    let dots = if shown.len() < found.len() { "…" } else { "" };
    Value::broken(&format!("expected {}, found {shown}{dots}", expected(shape)))
}

/// What a shape wants, in words.
pub fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Int => "an integer".to_owned(),
        Shape::Float => "a number".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Enum(members) => {
            let shown: Vec<String> =
                members.iter().take(6).map(|member| format!("\"{member}\"")).collect();
            format!("one of {}{}", shown.join(", "), if members.len() > 6 { ", …" } else { "" })
        }
        Shape::Timestamp => "a time".to_owned(),
        Shape::Duration => "a duration".to_owned(),
        Shape::Cidr => "a network in CIDR notation".to_owned(),
        Shape::Ip => "an IP address".to_owned(),
        Shape::Version => "a semantic version".to_owned(),
        Shape::Json => "a value".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Map(_) | Shape::Record(_) => "an object".to_owned(),
    }
}

/// An instant from seconds or, where they would be thousands of years off, milliseconds.
fn seconds(number: &str) -> Value {
    let Ok(x) = number.parse::<f64>() else { return Value::broken("expected a time") };
    let seconds = if x.abs() >= 1.0e11 { x / 1000.0 } else { x };
    if seconds.abs() > 1.0e11 {
        return Value::broken(&format!("expected a time, found {number}"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    Value::Timestamp((seconds * 1_000_000.0).round() as i64)
}

/// Text where the shape may take it.
pub fn text_as(shape: &Shape, text: &str) -> Value {
    let broken = || wrong(shape, &format!("text \"{text}\""));
    match shape {
        Shape::Text | Shape::Json => Value::Text(shared(text)),
        Shape::Enum(members) => match members.iter().find(|member| &***member == text) {
            Some(member) => Value::Text(Text::clone(member)),
            None => broken(),
        },
        Shape::Timestamp => time::parse(text).map_or_else(broken, Value::Timestamp),
        Shape::Cidr => text.parse().map_or_else(|_| broken(), Value::Cidr),
        Shape::Ip => text.parse().map_or_else(|_| broken(), Value::Ip),
        Shape::Version => {
            semver::Version::parse(text).map_or_else(|_| broken(), |v| Value::Version(Arc::new(v)))
        }
        Shape::Duration => time::parse_duration(text).map_or_else(broken, Value::Duration),
        Shape::Bool
        | Shape::Int
        | Shape::Float
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Record(_) => broken(),
    }
}

/// The slots of a layout out of an object; keys that it does not name are skipped.
pub fn read_row(
    projection: &Projection,
    layout: LayoutId,
    cursor: &mut Cursor<'_>,
) -> Result<Vec<Value>, Fault> {
    read_row_noting(projection, layout, cursor, |_| ())
}

/// The same; tells where each member stands that is read, its key included.
pub fn read_row_noting(
    projection: &Projection,
    layout: LayoutId,
    cursor: &mut Cursor<'_>,
    mut note: impl FnMut(Range<usize>),
) -> Result<Vec<Value>, Fault> {
    let Some(layout) = projection.layout(layout) else {
        cursor.skip()?;
        return Ok(Vec::new());
    };
    let mut slots = row::blank(layout).to_vec();
    let mut seen = Seen::default();
    cursor.open(b'{')?;
    let mut first = true;
    while cursor.more(b'}', first)? {
        first = false;
        cursor.space();
        let at = cursor.at();
        let key = cursor.key()?;
        let Some((number, _, slot)) = layout.slots.get_full(&*key) else {
            cursor.skip()?;
            continue;
        };
        let value = read_shape(projection, &slot.shape, cursor)?;
        note(at..cursor.at());
        if !seen.insert(number) {
            return Err(Fault { at, what: format!("key `{key}` stands twice in one object") });
        }
        if let Some(place) = slots.get_mut(number)
            && !matches!(value, Value::Absent)
        {
            *place = value;
        }
    }
    Ok(slots)
}

/// The numbers of the slots that have come: few layouts have more than a word has bits.
#[derive(Default)]
struct Seen {
    low: u64,
    high: BTreeSet<usize>,
}

impl Seen {
    /// Whether the number is new.
    fn insert(&mut self, number: usize) -> bool {
        match u32::try_from(number) {
            Ok(bit) if bit < u64::BITS => {
                let new = self.low & 1 << bit == 0;
                self.low |= 1 << bit;
                new
            }
            _ => self.high.insert(number),
        }
    }
}
