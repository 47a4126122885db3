//! JSON text to values (`parse_json`), and values to JSON (reports).

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::compare::Layouts;
use super::{Item, List, Map, Shape, Text, Value, display};

/// How deep JSON may nest.
pub const MAX_DEPTH: usize = 128;

/// The value of a JSON text: objects are maps, `null` is absent. `None` where the text is no JSON, holds
/// a key twice, or nests too deep.
pub fn parse(text: &str) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Node { depth: 0 }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(value)
}

struct Node {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Node {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Absent)
    }
    fn visit_bool<E>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Bool(on))
    }
    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(Value::Int(n))
    }
    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(i64::try_from(n).map_or_else(|_| Value::broken("integer outside 64 bits"), Value::Int))
    }
    fn visit_f64<E>(self, x: f64) -> Result<Value, E> {
        Ok(Value::Float(x))
    }
    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        if self.depth >= MAX_DEPTH {
            return Err(A::Error::custom("too deep"));
        }
        let mut items = Vec::new();
        while let Some(value) = seq.next_element_seed(Node { depth: self.depth + 1 })? {
            items.push(Item { value, maybe: false });
        }
        Ok(Value::List(Arc::new(List { items, open: None })))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        if self.depth >= MAX_DEPTH {
            return Err(A::Error::custom("too deep"));
        }
        let mut entries: IndexMap<Text, Value> = IndexMap::new();
        while let Some(key) = map.next_key::<String>()? {
            let value = map.next_value_seed(Node { depth: self.depth + 1 })?;
            if entries.insert(Arc::from(key), value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Map(Arc::new(Map { entries, open: None })))
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
