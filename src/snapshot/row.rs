//! Slots that the data leaves out.

use std::sync::Arc;

use crate::program::projection::{Layout, Presence, Slot};
use crate::value::{Open, Origin, Shape, SymbolRef, Text, Value};

/// The value of a slot that the data does not give. `own` is the resource of a template that the slot
/// belongs to, at its top: what the provider makes is the symbol of that attribute.
pub fn left_out(name: &str, slot: &Slot, own: Option<(&Text, &crate::base::Symbol)>) -> Value {
    if slot.read_only {
        let cause: Text =
            Arc::from(format!("`{name}` is made by the provider and not in the snapshot"));
        let shape = match own {
            Some((resource, kind)) => Shape::Symbol(SymbolRef::Attribute {
                resource: resource.clone(),
                kind: kind.clone(),
                attribute: name.into(),
                identifies: slot.identifies,
            }),
            None => Shape::Any,
        };
        let origin = Origin::Computed;
        return Value::Open(Arc::new(Open { shape, present: true, origin, cause }));
    }
    match &slot.presence {
        Presence::Default(value) => value.clone().marked(Origin::Default),
        Presence::Optional => Value::Absent,
        Presence::Required => Value::broken(&format!("required property `{name}` is missing")),
    }
}

/// A row of live data that gives nothing. What cannot be read back is not known to be gone.
pub fn blank(layout: &Layout) -> &[Value] {
    layout.blank.get_or_init(|| {
        let slots = layout.slots.iter().map(|(name, slot)| match slot.write_only {
            true => Value::perhaps(Origin::Computed, &format!("`{name}` cannot be read back")),
            false => left_out(name, slot, None),
        });
        slots.collect()
    })
}

/// A row in which everything is left out.
pub fn empty(layout: &Layout, own: Option<(&Text, &crate::base::Symbol)>) -> Vec<Value> {
    layout.slots.iter().map(|(name, slot)| left_out(name, slot, own)).collect()
}
