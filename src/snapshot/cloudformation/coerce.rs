//! Evaluated values to the values of slots, with the coercions that CloudFormation makes: text to
//! numbers and truth values and back, as the schema wants.

use std::sync::Arc;

use crate::base::Symbol;
use crate::program::Projection;
use crate::program::projection::{Layout, Shape};
use crate::snapshot::document::{Resolved, Scalar};
use crate::snapshot::row;
use crate::snapshot::scan::{expected, text_as};
use crate::value::{Item, List, Map, Marked, Origin, Record, Text, Value};

use super::tree::{Tree, TreeKind};

/// The value of the shape.
pub(super) fn to_shape(projection: &Projection, shape: &Shape, tree: &Tree) -> Value {
    let value = match (&tree.kind, shape) {
        (TreeKind::Absent, _) => return Value::Absent,
        (TreeKind::Open(open), _) => return Value::Open(Arc::clone(open)),
        (_, Shape::Json) => to_json(tree),
        (TreeKind::Scalar(scalar), _) => return scalar_as(shape, scalar, tree.origin),
        (TreeKind::List(items, open), Shape::List(inner)) => {
            let items = items.iter().filter(|(item, _)| !matches!(item.kind, TreeKind::Absent));
            let items = items.map(|(item, maybe)| Item {
                value: to_shape(projection, inner, item),
                maybe: *maybe,
            });
            Value::List(Arc::new(List { items: items.collect(), open: open.clone() }))
        }
        (TreeKind::Map(entries, open), Shape::Map(inner)) => {
            let there = entries.iter().filter(|(_, value)| !matches!(value.kind, TreeKind::Absent));
            let entries =
                there.map(|(key, value)| (key.clone(), to_shape(projection, inner, value)));
            Value::Map(Arc::new(Map { entries: entries.collect(), open: open.clone() }))
        }
        (TreeKind::Map(entries, open), Shape::Record(id)) => {
            let slots = projection.layout(*id).map(|layout| {
                let get = |name: &str| entries.get(name);
                slots(projection, layout, get, open.as_ref(), None)
            });
            Value::Record(Arc::new(Record { layout: *id, slots: slots.unwrap_or_default() }))
        }
        (TreeKind::List(..), _) => {
            Value::broken(&format!("expected {}, found a list", expected(shape)))
        }
        (TreeKind::Map(..), _) => {
            Value::broken(&format!("expected {}, found a map", expected(shape)))
        }
    };
    mark(value, tree.origin)
}

fn mark(value: Value, origin: Origin) -> Value {
    if origin == Origin::Literal { value } else { value.marked(origin) }
}

/// The slots of a layout, from entries by name.
pub(super) fn slots<'t>(
    projection: &Projection,
    layout: &Layout,
    get: impl Fn(&str) -> Option<&'t Tree>,
    open: Option<&Text>,
    own: Option<(&Text, &Symbol)>,
) -> Vec<Value> {
    let slots = layout.slots.iter().map(|(name, slot)| match get(name) {
        Some(tree) if !matches!(tree.kind, TreeKind::Absent) => {
            to_shape(projection, &slot.shape, tree)
        }
        _ => match open {
            Some(cause) => Value::perhaps(Origin::Computed, cause),
            None => row::left_out(name, slot, own),
        },
    });
    slots.collect()
}

fn coerced(value: Value, origin: Origin, from: &Text) -> Value {
    match value {
        Value::Broken(_) => value,
        value => {
            let coerced_from = Some(from.clone());
            Value::Marked(Arc::new(Marked { value, origin, coerced_from, path: None }))
        }
    }
}

fn scalar_as(shape: &Shape, scalar: &Scalar, origin: Origin) -> Value {
    let wrong = || Value::broken(&format!("expected {}, found `{}`", expected(shape), scalar.text));
    let text = &scalar.text;
    match (shape, scalar.resolved) {
        (_, Resolved::Null) => Value::broken("null: CloudFormation refuses null values"),
        (Shape::Bool, Resolved::Bool(on)) => mark(Value::Bool(on), origin),
        (Shape::Bool, _) if text.eq_ignore_ascii_case("true") => {
            coerced(Value::Bool(true), origin, text)
        }
        (Shape::Bool, _) if text.eq_ignore_ascii_case("false") => {
            coerced(Value::Bool(false), origin, text)
        }
        (Shape::Int, Resolved::Int(n)) => mark(Value::Int(n), origin),
        (Shape::Int, _) => match text.trim().parse::<i64>() {
            Ok(n) => coerced(Value::Int(n), origin, text),
            Err(_) => match text.trim().parse::<f64>() {
                #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
                Ok(x) if x.fract() == 0.0 && x.abs() < 9.0e15 => {
                    coerced(Value::Int(x as i64), origin, text)
                }
                _ => wrong(),
            },
        },
        (Shape::Float, Resolved::Float(x)) => mark(Value::Float(x), origin),
        (Shape::Float, _) => match text.trim().parse::<f64>() {
            Ok(x) if x.is_finite() => coerced(Value::Float(x), origin, text),
            _ => wrong(),
        },
        (Shape::Text, Resolved::Text) => mark(Value::Text(text.clone()), origin),
        (Shape::Text, _) => coerced(Value::Text(scalar.as_text()), origin, text),
        (Shape::List(_) | Shape::Map(_) | Shape::Record(_), _) => wrong(),
        _ => mark(text_as(shape, &scalar.as_text()), origin),
    }
}

/// The value as it is: objects are maps.
pub(super) fn to_json(tree: &Tree) -> Value {
    let value = match &tree.kind {
        TreeKind::Absent => return Value::Absent,
        TreeKind::Open(open) => return Value::Open(Arc::clone(open)),
        TreeKind::Scalar(scalar) => match scalar.resolved {
            Resolved::Null => return Value::broken("null: CloudFormation refuses null values"),
            Resolved::Bool(on) => Value::Bool(on),
            Resolved::Int(n) => Value::Int(n),
            Resolved::Float(x) => Value::Float(x),
            Resolved::TooLarge => return Value::broken("a number outside 64 bits"),
            Resolved::Text => Value::Text(scalar.text.clone()),
        },
        TreeKind::List(items, open) => {
            let items = items.iter().filter(|(item, _)| !matches!(item.kind, TreeKind::Absent));
            let items = items.map(|(item, maybe)| Item { value: to_json(item), maybe: *maybe });
            Value::List(Arc::new(List { items: items.collect(), open: open.clone() }))
        }
        TreeKind::Map(entries, open) => {
            let there = entries.iter().filter(|(_, value)| !matches!(value.kind, TreeKind::Absent));
            let entries = there.map(|(key, value)| (key.clone(), to_json(value)));
            Value::Map(Arc::new(Map { entries: entries.collect(), open: open.clone() }))
        }
    };
    mark(value, tree.origin)
}

/// The text of a value where a function wants text; open where it is open.
pub(super) fn to_text(tree: &Tree) -> Value {
    match &tree.kind {
        TreeKind::Scalar(scalar) => Value::Text(scalar.as_text()),
        TreeKind::Open(open) => Value::Open(Arc::clone(open)),
        TreeKind::Absent => Value::text(""),
        TreeKind::List(..) | TreeKind::Map(..) => {
            Value::unknown(Origin::Computed, "a list or a map stands where text is wanted")
        }
    }
}
