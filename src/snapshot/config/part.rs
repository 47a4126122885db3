//! The parts of an item that adapters read, out of its JSON.

use std::sync::Arc;

use crate::program::Part;
use crate::value::{Item, List, Map, Text, Value, time};

use super::super::scan::{Cursor, Fault, Kind, read_json, read_map};

/// The value at the cursor, as far as it is read. Where its inside is read and it is a text, the text is
/// JSON: Config gives the same member as an object in one item and as text in the next.
pub fn read_part(cursor: &mut Cursor<'_>, part: &Part) -> Result<Value, Fault> {
    let kind = cursor.kind()?;
    let inside = !part.fields.is_empty() || part.elements.is_some();
    match kind {
        Kind::Text if inside && !part.whole => read_text(cursor, part),
        Kind::Object if part.whole => read_json(cursor).map(recorded_time),
        Kind::Object if !part.fields.is_empty() => read_map(cursor, |key, cursor| {
            part.fields.get(key).map(|inner| read_part(cursor, inner)).transpose()
        }),
        Kind::Object => {
            cursor.skip()?;
            Ok(match part.elements {
                Some(_) => Value::broken("expected a list, found an object"),
                None => Value::map([]),
            })
        }
        Kind::List if !part.whole => match (&part.elements, part.fields.is_empty()) {
            (None, false) => {
                cursor.skip()?;
                Ok(Value::broken("expected an object, found a list"))
            }
            (elements, _) => read_elements(cursor, elements.as_deref()),
        },
        Kind::Bool | Kind::Number if inside && !part.whole => {
            let start = cursor.at();
            cursor.skip()?;
            let wanted = if part.fields.is_empty() { "a list" } else { "an object" };
            Ok(Value::broken(&format!("expected {wanted}, found {}", cursor.since(start))))
        }
        _ => read_json(cursor),
    }
}

/// What a text holds that is JSON, as far as it is read.
pub fn packed(text: &str, part: &Part) -> Value {
    match unpacked(text, part) {
        Ok(value) => value,
        Err(fault) => Value::broken(&format!("JSON in a text: {}", fault.what)),
    }
}

fn read_text(cursor: &mut Cursor<'_>, part: &Part) -> Result<Value, Fault> {
    let at = cursor.at();
    let text = cursor.text()?;
    unpacked(&text, part)
        .map_err(|fault| Fault { at, what: format!("JSON in a text: {}", fault.what) })
}

fn unpacked(text: &str, part: &Part) -> Result<Value, Fault> {
    let wanted = if part.fields.is_empty() { "a list" } else { "an object" };
    let mut inner = Cursor::new(text);
    // Some are packed twice.
    let starts_like_json = matches!(inner.kind(), Ok(Kind::Object | Kind::List))
        || text.starts_with("\"{")
        || text.starts_with("\"[");
    if !starts_like_json {
        return Ok(Value::broken(&format!("expected {wanted}, found other text")));
    }
    let read = read_part(&mut inner, part);
    read.and_then(|value| inner.end().map(|()| value))
}

fn read_elements(cursor: &mut Cursor<'_>, part: Option<&Part>) -> Result<Value, Fault> {
    let nothing = Part::default();
    cursor.open(b'[')?;
    let mut items = Vec::new();
    while cursor.more(b']', items.is_empty())? {
        cursor.space();
        let value = read_part(cursor, part.unwrap_or(&nothing))?;
        // An element that is null is none of which anything could be left out.
        let is_null =
            matches!(value, Value::Absent) && part.is_some_and(|part| !part.fields.is_empty());
        let value = if is_null { Value::broken("expected an object, found null") } else { value };
        items.push(Item { value, maybe: false });
    }
    Ok(Value::List(Arc::new(List { items, open: None })))
}

/// Recordings of API answers write a time as an object with its parts.
fn recorded_time(value: Value) -> Value {
    let Value::Map(map) = &value else { return value };
    let class = map.entries.get("__class__").and_then(Value::as_text);
    if class.is_none_or(|class| &**class != "datetime") {
        return value;
    }
    let part = |name: &str| match map.entries.get(name) {
        Some(Value::Int(n)) => *n,
        _ => 0,
    };
    let text = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        part("year"),
        part("month"),
        part("day"),
        part("hour"),
        part("minute"),
        part("second")
    );
    time::parse(&text).map_or(value, Value::Timestamp)
}

/// The same value, of which there may be more than is given: an answer to a query holds what was asked for.
pub fn partial(value: Value, cause: &Text) -> Value {
    match value {
        Value::Map(map) => {
            let entries = map.entries.iter();
            let entries =
                entries.map(|(key, value)| (key.clone(), partial(value.clone(), cause))).collect();
            Value::Map(Arc::new(Map { entries, open: Some(cause.clone()) }))
        }
        Value::List(list) => {
            let items = list
                .items
                .iter()
                .map(|item| Item { value: partial(item.value.clone(), cause), maybe: item.maybe });
            Value::List(Arc::new(List { items: items.collect(), open: list.open.clone() }))
        }
        other => other,
    }
}
