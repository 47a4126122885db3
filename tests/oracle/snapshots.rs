//! Random snapshots: rows whose values are known, absent, open in every way, and broken.

use std::sync::Arc;

use assize::base::{LineColumn, Symbol};
use assize::program::Program;
use assize::program::projection::{Presence, Shape as Form, Slot};
use assize::snapshot::made::Nowhere;
use assize::snapshot::model::{Gap, Input, Resource, ResourceAttributes, Snapshot, SourceKind};
use assize::value::{
    Broken, Item, LayoutId, List, Map, Open, Origin, Record, Segment, Shape, SymbolRef, Text, Value,
};

use super::generate::Tape;

/// What may be in a snapshot.
#[derive(Clone, Copy)]
pub struct Wild {
    /// Broken data.
    pub broken: bool,
    /// Symbols of templates, and accounts that are not said.
    pub symbols: bool,
    /// Values that are open.
    pub open: bool,
}

const TEXTS: [&str; 12] =
    ["", "a", "ab", "b", "10.0.0.0/8", "0.0.0.0/0", "g1", "g2", "arn:x:g2", "7", "xay", "ABC"];

pub struct Maker<'m, 't> {
    pub tape: &'m mut Tape<'t>,
    pub program: &'m Program,
    pub wild: Wild,
    pub template: bool,
}

/// Two inputs, an inventory and a template; a few nodes and groups in each; now and then a gap.
pub fn snapshot(tape: &mut Tape<'_>, program: &Program, wild: Wild) -> Snapshot {
    let input = |name: &str, source| Input {
        name: Text::from(name),
        source,
        resources: 0,
        bytes: 0,
        sha256: String::new(),
    };
    let mut out = Snapshot {
        inputs: vec![input("i", SourceKind::Inventory), input("t", SourceKind::CloudFormation)],
        ..Snapshot::default()
    };
    for at in 0..2 {
        if at == 1 && !wild.symbols {
            break;
        }
        for (kind, most) in [("T::X::Node", 2), ("T::X::Group", 3)] {
            for n in 0..=tape.pick(most) {
                let mut maker = Maker { tape, program, wild, template: at == 1 };
                let id = format!("{}{n}", if kind == "T::X::Node" { "n" } else { "g" });
                out.resources.extend(maker.resource(kind, &id, at));
            }
        }
    }
    for _ in 0..tape.pick(2) {
        let kind = [None, Some("T::X::Group"), Some("T::X::Node")][tape.pick(3)];
        let account = [None, Some("1"), Some("2")][tape.pick(3)];
        let input = if wild.symbols { u32::from(tape.one_in(2)) } else { 0 };
        out.gaps.push(Gap {
            kind: kind.map(Symbol::from),
            account: account.map(Text::from),
            region: None,
            reason: Text::from("access denied"),
            input,
            place: LineColumn { line: 1, column: 1 },
        });
    }
    out
}

impl Maker<'_, '_> {
    pub fn resource(&mut self, kind: &str, id: &str, input: u32) -> Option<Resource> {
        let view = self.program.projection.resources.get(kind)?;
        let layout = view.layout;
        let slots = self.slots(layout);
        let text = |text: &str| Value::text(text);
        let named = |maker: &mut Self, all: &[&str]| match maker.tape.pick(all.len() + 1) {
            0 => text(all[0]),
            n if n == all.len() && maker.wild.symbols => {
                Value::unknown(Origin::Computed, "not said")
            }
            n => text(all[n % all.len()]),
        };
        let account = named(self, &["1", "1", "2"]);
        let region = named(self, &["r", "r", "s"]);
        let broken = self.wild.broken && self.tape.one_in(24);
        let maybe =
            (self.wild.open && self.tape.one_in(10)).then(|| Text::from("a condition is open"));
        let labels = Form::Map(Box::new(Form::Text));
        let arn = match self.tape.pick(3) {
            0 if self.wild.open => Value::unknown(Origin::Computed, "no ARN"),
            _ => text(&format!("arn:x:{id}")),
        };
        Some(Resource {
            adapter: None,
            kind: Symbol::from(kind),
            layout: Some(layout),
            slots,
            id: Text::from(id),
            account,
            region,
            attributes: ResourceAttributes {
                arn,
                name: if self.tape.one_in(2) { Value::Absent } else { text("ab") },
                tags: self.value(&labels, 2),
                created: if self.tape.one_in(2) {
                    Value::Absent
                } else {
                    Value::Timestamp(1_760_000_000_000_000)
                },
                properties: self.value(&Form::Json, 2),
                metadata: Value::map([]),
                attributes: self.value(&Form::Map(Box::new(Form::Json)), 2),
            },
            maybe,
            broken: broken.then(|| Arc::new(Broken { reason: Text::from("a bad line") })),
            input,
            place: LineColumn { line: 1, column: 1 },
            source: Arc::new(Nowhere),
            text: 0,
        })
    }

    fn slots(&mut self, layout: LayoutId) -> Vec<Value> {
        let slots: Vec<Slot> =
            self.program.projection.layout(layout).unwrap().slots.values().cloned().collect();
        slots.iter().map(|slot| self.slot(slot)).collect()
    }

    fn slot(&mut self, slot: &Slot) -> Value {
        match (&slot.presence, self.tape.pick(10)) {
            (Presence::Optional, 0..=3) => Value::Absent,
            (Presence::Optional, 4) if self.wild.open => {
                Value::perhaps(Origin::Parameter, "perhaps there")
            }
            (Presence::Default(value), 0..=3) => value.clone().marked(Origin::Default),
            (Presence::Required, 0) if self.wild.broken => {
                Value::broken("a required property is missing")
            }
            (_, 8) if slot.read_only && self.wild.symbols => {
                Value::unknown(Origin::Computed, "made by the provider")
            }
            (_, 9) if self.wild.open => self.open(&slot.shape),
            _ => self.value(&slot.shape, 3),
        }
    }

    fn open(&mut self, shape: &Form) -> Value {
        if !matches!(shape, Form::Text) {
            if self.wild.broken && self.tape.one_in(4) {
                return Value::broken("of another type");
            }
            let origin =
                [Origin::Parameter, Origin::Computed, Origin::SecretParameter][self.tape.pick(3)];
            return Value::unknown(origin, "open");
        }
        let literal = |text: &str| Segment::Literal(Text::from(text));
        let shape = match self.tape.pick(5) {
            0 => Shape::Any,
            1 => Shape::Text(vec![literal("a"), Segment::Open(None)]),
            2 => Shape::Text(vec![Segment::Open(None), literal("b")]),
            3 if self.wild.symbols && self.template => {
                let resource = Text::from(["g0", "g1", "n0"][self.tape.pick(3)]);
                let attribute = Symbol::from(["GroupId", "Ref"][self.tape.pick(2)]);
                Shape::Symbol(SymbolRef::Attribute {
                    resource,
                    kind: Symbol::from("T::X::Group"),
                    attribute,
                    identifies: true,
                })
            }
            _ => Shape::Text(vec![literal("g"), Segment::Open(None)]),
        };
        let origin = Origin::Parameter;
        Value::Open(Arc::new(Open { shape, present: true, origin, cause: Text::from("open text") }))
    }

    pub fn value(&mut self, shape: &Form, depth: usize) -> Value {
        match shape {
            Form::Bool => Value::Bool(self.tape.one_in(2)),
            Form::Int => Value::Int([0, 1, 2, 3, 22, -1][self.tape.pick(6)]),
            Form::Float => Value::Float([0.5, 1.0, 2.25, 3.0][self.tape.pick(4)]),
            Form::Text => Value::text(TEXTS[self.tape.pick(TEXTS.len())]),
            Form::Enum(all) => Value::Text(all[self.tape.pick(all.len())].clone()),
            Form::Timestamp => {
                Value::Timestamp([1_767_225_600_000_000, 1_748_736_000_000_000][self.tape.pick(2)])
            }
            Form::Duration => {
                Value::Duration([0, 3_600_000_000, 7_776_000_000_000][self.tape.pick(3)])
            }
            Form::Cidr => Value::Cidr(
                ["10.0.0.0/8", "0.0.0.0/0", "10.1.0.0/16"][self.tape.pick(3)].parse().unwrap(),
            ),
            Form::Ip => {
                Value::Ip(["10.0.0.1", "8.8.8.8", "::1"][self.tape.pick(3)].parse().unwrap())
            }
            Form::Version => {
                Value::Version(Arc::new(["1.2.3", "2.0.0"][self.tape.pick(2)].parse().unwrap()))
            }
            Form::Json => self.json(depth),
            Form::List(of) => self.list(of, depth),
            Form::Map(of) => {
                let mut map = Map::default();
                for key in ["a", "c", "g1"] {
                    if depth > 0 && self.tape.one_in(2) {
                        let value = if self.wild.open && self.tape.one_in(6) {
                            Value::perhaps(Origin::Computed, "a perhaps entry")
                        } else {
                            self.value(of, depth - 1)
                        };
                        map.entries.insert(Text::from(key), value);
                    }
                }
                map.open =
                    (self.wild.open && self.tape.one_in(8)).then(|| Text::from("more entries"));
                Value::Map(Arc::new(map))
            }
            Form::Record(layout) => {
                let slots = self.slots(*layout);
                Value::Record(Arc::new(Record { layout: *layout, slots }))
            }
        }
    }

    fn list(&mut self, of: &Form, depth: usize) -> Value {
        let mut list = List::default();
        for _ in 0..self.tape.pick(4) {
            let value = match self.tape.pick(8) {
                7 if self.wild.open => self.open(of),
                _ => self.value(of, depth.saturating_sub(1)),
            };
            list.items.push(Item { value, maybe: self.wild.open && self.tape.one_in(8) });
        }
        list.open = (self.wild.open && self.tape.one_in(8)).then(|| Text::from("more elements"));
        Value::List(Arc::new(list))
    }

    fn json(&mut self, depth: usize) -> Value {
        match self.tape.pick(if depth == 0 { 5 } else { 8 }) {
            0 => Value::Int(2),
            1 => Value::text("a"),
            2 => Value::Bool(true),
            3 => Value::Float(0.5),
            4 if self.wild.open => Value::unknown(Origin::Computed, "open JSON"),
            4 => Value::Int(0),
            5 | 6 => self.value(&Form::Map(Box::new(Form::Json)), depth - 1),
            _ => self.value(&Form::List(Box::new(Form::Json)), depth - 1),
        }
    }
}
