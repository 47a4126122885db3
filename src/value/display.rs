//! Values as text: in messages, in evidence, in interpolated strings.

use std::fmt::Write;

use super::compare::Layouts;
use super::segments::Builder;
use super::{List, Shape, Value};

/// How much of a long value a message shows, in characters.
const SHOWN: usize = 200;

/// The value as text for a person: text as it is, `absent`, `unknown`, numbers and times as the language
/// writes them, lists and records in brackets. Long ones are cut.
pub fn show(layouts: &dyn Layouts, value: &Value) -> String {
    let mut out = String::new();
    write_value(layouts, &mut out, value, false, 0);
    match out.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", out.get(..at).unwrap_or("")),
        None => out,
    }
}

/// The value for an interpolated string that is compared or joined further: open parts stay open.
pub fn interpolate(layouts: &dyn Layouts, builder: &mut Builder, value: &Value) {
    match value.plain() {
        Value::Text(text) => builder.text(text),
        Value::Open(_) => builder.value(value),
        other => {
            let mut out = String::new();
            write_value(layouts, &mut out, other, false, 0);
            builder.text(&out);
        }
    }
}

fn write_value(layouts: &dyn Layouts, out: &mut String, value: &Value, quoted: bool, depth: usize) {
    if depth > 32 {
        out.push('…');
        return;
    }
    match value.plain() {
        Value::Absent => out.push_str("absent"),
        Value::Bool(on) => out.push_str(if *on { "true" } else { "false" }),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Float(x) => {
            let _ = write!(out, "{x:?}");
        }
        Value::Text(text) if quoted => {
            let _ = write!(out, "{text:?}");
        }
        Value::Text(text) | Value::Glob(text) => out.push_str(text),
        Value::Duration(micros) => out.push_str(&duration(*micros)),
        Value::Timestamp(micros) => out.push_str(&timestamp(*micros)),
        Value::Ip(ip) => {
            let _ = write!(out, "{ip}");
        }
        Value::Cidr(net) => {
            let _ = write!(out, "{net}");
        }
        Value::Regex(regex) => out.push_str(regex.as_str()),
        Value::Version(version) => {
            let _ = write!(out, "{version}");
        }
        Value::List(list) => write_list(layouts, out, list, depth),
        Value::Map(map) => {
            let entries = map.entries.iter().map(|(key, value)| (&**key, value));
            write_fields(layouts, out, entries, map.open.is_some(), depth);
        }
        Value::Record(record) => {
            let names = layouts.names(record.layout);
            let fields = names.iter().map(|name| &**name).zip(&record.slots);
            let fields = fields.filter(|(_, value)| !matches!(value.plain(), Value::Absent));
            write_fields(layouts, out, fields, false, depth);
        }
        Value::Resource(id) => {
            let _ = write!(out, "resource {}", id.0);
        }
        Value::Open(open) => match &open.shape {
            Shape::Between(low, Some(high)) => {
                let _ = write!(out, "{low} to {high}");
            }
            Shape::Between(low, None) => {
                let _ = write!(out, "{low} or more");
            }
            _ => out.push_str("unknown"),
        },
        Value::Broken(broken) => {
            let _ = write!(out, "<{}>", broken.reason);
        }
        Value::Marked(_) => {}
    }
}

fn write_list(layouts: &dyn Layouts, out: &mut String, list: &List, depth: usize) {
    out.push('[');
    for (at, item) in list.items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_value(layouts, out, &item.value, true, depth + 1);
        if item.maybe {
            out.push('?');
        }
        if out.len() > SHOWN * 4 {
            break;
        }
    }
    if list.open.is_some() {
        out.push_str(if list.items.is_empty() { "…" } else { ", …" });
    }
    out.push(']');
}

fn write_fields<'v>(
    layouts: &dyn Layouts,
    out: &mut String,
    fields: impl Iterator<Item = (&'v str, &'v Value)>,
    open: bool,
    depth: usize,
) {
    out.push('{');
    for (at, (name, value)) in fields.enumerate() {
        out.push_str(if at > 0 { ", " } else { " " });
        out.push_str(name);
        out.push_str(": ");
        write_value(layouts, out, value, true, depth + 1);
        if out.len() > SHOWN * 4 {
            break;
        }
    }
    out.push_str(if open { ", … }" } else { " }" });
}

/// `90d`, `1h`, `-250ms`: the largest unit that divides it.
pub fn duration(micros: i64) -> String {
    for (unit, size) in [
        ("d", 86_400_000_000),
        ("h", 3_600_000_000),
        ("m", 60_000_000),
        ("s", 1_000_000),
        ("ms", 1_000),
    ] {
        if micros != 0 && micros % size == 0 {
            return format!("{}{unit}", micros / size);
        }
    }
    if micros == 0 { "0s".to_owned() } else { format!("{micros}us") }
}

/// RFC 3339 in UTC.
pub fn timestamp(micros: i64) -> String {
    match jiff::Timestamp::from_microsecond(micros) {
        Ok(time) => time.to_string(),
        Err(_) => format!("{micros}us"),
    }
}
