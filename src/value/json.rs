//! JSON text to values (`parse_json`), and values to JSON (reports).

use std::sync::Arc;

use crate::base::cursor::{Cursor, Fault, Kind};

use super::compare::Layouts;
use super::shared::shared;
use super::{Entries, Item, List, Map, Shape, Value, display};

/// The value of a JSON text: objects are maps, `null` is absent. `None` where the text is no JSON, holds
/// a key twice, or nests too deep.
pub fn parse(text: &str) -> Option<Value> {
    let mut cursor = Cursor::new(text);
    let value = read_json(&mut cursor).ok()?;
    cursor.end().ok()?;
    Some(value)
}

/// The entries of an object, by its keys; one of which nothing is read is skipped.
pub fn read_map(
    cursor: &mut Cursor<'_>,
    mut value: impl FnMut(&str, &mut Cursor<'_>) -> Result<Option<Value>, Fault>,
) -> Result<Value, Fault> {
    cursor.open(b'{')?;
    let mut entries = Entries::default();
    let mut first = true;
    while cursor.more(b'}', first)? {
        first = false;
        let at = cursor.at();
        let key = cursor.key()?;
        match value(&key, cursor)? {
            Some(value) => {
                if entries.insert(shared(&key), value).is_some() {
                    let what = format!("key `{key}` stands twice in one object");
                    return Err(Fault { at, what });
                }
            }
            None => cursor.skip()?,
        }
    }
    Ok(Value::Map(Arc::new(Map { entries, open: None })))
}

/// Any value, as it is.
pub fn read_json(cursor: &mut Cursor<'_>) -> Result<Value, Fault> {
    match cursor.kind()? {
        Kind::Null => cursor.null().map(|()| Value::Absent),
        Kind::Bool => cursor.bool().map(Value::Bool),
        Kind::Number => cursor.number().map(|number| {
            if number.contains(['.', 'e', 'E']) { float(number) } else { int(number) }
        }),
        Kind::Text => cursor.text().map(|text| Value::Text(shared(&text))),
        Kind::List => {
            cursor.open(b'[')?;
            let mut items = Vec::new();
            while cursor.more(b']', items.is_empty())? {
                items.push(Item { value: read_json(cursor)?, maybe: false });
            }
            Ok(Value::List(Arc::new(List { items, open: None })))
        }
        Kind::Object => read_map(cursor, |_, cursor| read_json(cursor).map(Some)),
    }
}

/// A number as an integer.
pub fn int(number: &str) -> Value {
    match number.parse() {
        Ok(n) => Value::Int(n),
        // `5.0` and `5e0` are the integer 5.
        Err(_) => match number.parse::<f64>() {
            #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
            Ok(x) if x.fract() == 0.0 && x.abs() < 9.0e15 => Value::Int(x as i64),
            _ => Value::broken(&format!("expected an integer of 64 bits, found {number}")),
        },
    }
}

/// A number as a float.
pub fn float(number: &str) -> Value {
    match number.parse::<f64>() {
        Ok(x) if x.is_finite() => Value::Float(x),
        _ => Value::broken(&format!("expected a number, found {number}")),
    }
}

/// The value as JSON for a report: absent is `null`; what has no JSON form is its text.
pub fn report(layouts: &dyn Layouts, value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value.plain() {
        Value::Absent => Json::Null,
        Value::Bool(on) => Json::Bool(*on),
        Value::Int(n) => Json::from(*n),
        Value::Float(x) => Json::from(*x),
        Value::List(list) => list.items.iter().map(|item| report(layouts, &item.value)).collect(),
        Value::Map(map) => {
            let entries = map.entries.iter();
            Json::Object(
                entries.map(|(key, value)| (key.to_string(), report(layouts, value))).collect(),
            )
        }
        Value::Record(record) => {
            let names = layouts.names(record.layout);
            let fields = names.iter().zip(&record.slots);
            let fields = fields.filter(|(_, value)| !matches!(value.plain(), Value::Absent));
            Json::Object(
                fields.map(|(name, value)| (name.to_string(), report(layouts, value))).collect(),
            )
        }
        Value::Open(open) if !matches!(open.shape, Shape::Between(..)) => Json::Null,
        other => Json::String(display::show(layouts, other)),
    }
}
