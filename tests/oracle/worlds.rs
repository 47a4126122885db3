//! What an open snapshot may turn out to be: every open value, element, entry and resource decided.

use std::sync::Arc;

use assize::program::Program;
use assize::program::projection::{Presence, Shape as Form};
use assize::snapshot::model::{Resource, Snapshot};
use assize::value::{Item, List, Map, Record, Segment, Shape, Text, Value};

use super::generate::Tape;
use super::snapshots::{Maker, Wild};

const CLOSED: Wild = Wild { broken: false, symbols: false, open: false };

/// One of the worlds that the snapshot allows.
pub fn decide(tape: &mut Tape<'_>, program: &Program, snapshot: &Snapshot) -> Snapshot {
    let mut maker = Maker { tape, program, wild: CLOSED, template: false };
    let mut out = Snapshot { inputs: snapshot.inputs.clone(), ..Snapshot::default() };
    for resource in &snapshot.resources {
        // Nodes are the subjects: their verdicts are compared.
        let gone =
            resource.maybe.is_some() && &*resource.kind != "T::X::Node" && maker.tape.one_in(2);
        if !gone {
            out.resources.push(decided(&mut maker, resource));
        }
    }
    for gap in &snapshot.gaps {
        for kind in ["T::X::Group", "T::X::Node"] {
            if gap.kind.as_ref().is_some_and(|of| **of != *kind) {
                continue;
            }
            for n in 0..maker.tape.pick(3) {
                let Some(mut made) = maker.resource(kind, &format!("unseen{n}"), gap.input) else {
                    continue;
                };
                if let Some(account) = &gap.account {
                    made.account = Value::Text(account.clone());
                }
                out.resources.push(made);
            }
        }
    }
    out
}

fn decided(maker: &mut Maker<'_, '_>, resource: &Resource) -> Resource {
    let mut out = resource.clone();
    out.maybe = None;
    if let Some(layout) = resource.layout {
        out.slots = slots(maker, layout, &resource.slots);
    }
    let own = &resource.attributes;
    let (text, json) = (Form::Text, Form::Json);
    let (texts, jsons) = (Form::Map(Box::new(Form::Text)), Form::Map(Box::new(Form::Json)));
    out.attributes.arn = match &own.arn {
        Value::Open(_) => Value::text(["arn:x:zz", "arn:x:g2"][maker.tape.pick(2)]),
        arn => arn.clone(),
    };
    out.attributes.name = value(maker, &text, &own.name);
    out.attributes.tags = value(maker, &texts, &own.tags);
    out.attributes.properties = value(maker, &json, &own.properties);
    out.attributes.attributes = value(maker, &jsons, &own.attributes);
    out
}

fn slots(maker: &mut Maker<'_, '_>, layout: assize::value::LayoutId, all: &[Value]) -> Vec<Value> {
    let forms: Vec<_> =
        maker.program.projection.layout(layout).unwrap().slots.values().cloned().collect();
    let slots = forms.iter().zip(all).map(|(slot, open)| {
        let closed = value(maker, &slot.shape, open);
        match (&closed, &slot.presence) {
            (Value::Absent, Presence::Optional) => closed,
            (Value::Absent, _) => maker.value(&slot.shape, 2),
            _ => closed,
        }
    });
    slots.collect()
}

fn value(maker: &mut Maker<'_, '_>, form: &Form, open: &Value) -> Value {
    match open {
        Value::Marked(_) => open.clone(),
        Value::Open(unknown) => match &unknown.shape {
            _ if !unknown.present && maker.tape.one_in(2) => Value::Absent,
            Shape::Text(parts) => {
                let text: String = parts
                    .iter()
                    .map(|part| match part {
                        Segment::Literal(text) => text.to_string(),
                        Segment::Open(_) => {
                            ["", "a", "b", "1", "2", "ab"][maker.tape.pick(6)].to_owned()
                        }
                    })
                    .collect();
                Value::text(&text)
            }
            _ => maker.value(form, 2),
        },
        Value::List(list) => {
            let inner = match form {
                Form::List(inner) => inner,
                _ => &Box::new(Form::Json),
            };
            let mut out = List::default();
            for item in &list.items {
                if item.maybe && maker.tape.one_in(2) {
                    continue;
                }
                out.items.push(Item { value: value(maker, inner, &item.value), maybe: false });
            }
            for _ in 0..if list.open.is_some() { maker.tape.pick(3) } else { 0 } {
                out.items.push(Item { value: maker.value(inner, 1), maybe: false });
            }
            Value::List(Arc::new(out))
        }
        Value::Map(map) => {
            let inner = match form {
                Form::Map(inner) => inner,
                _ => &Box::new(Form::Json),
            };
            let mut out = Map::default();
            for (key, entry) in &map.entries {
                let entry = value(maker, inner, entry);
                if !matches!(entry, Value::Absent) {
                    out.entries.insert(key.clone(), entry);
                }
            }
            for key in ["a", "b", "c", "zz"] {
                if map.open.is_some() && !map.entries.contains_key(key) && maker.tape.one_in(2) {
                    out.entries.insert(Text::from(key), maker.value(inner, 1));
                }
            }
            Value::Map(Arc::new(out))
        }
        Value::Record(record) => {
            let slots = slots(maker, record.layout, &record.slots);
            Value::Record(Arc::new(Record { layout: record.layout, slots }))
        }
        closed => closed.clone(),
    }
}
