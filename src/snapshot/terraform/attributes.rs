//! The common attributes of a resource, and the way back to its text.

use std::sync::Arc;

use crate::base::Symbol;
use crate::base::pointer::push_key;
use crate::program::Part;
use crate::program::projection::Attributes;
use crate::snapshot::document::NodeId;
use crate::snapshot::model::{Locate, Located, Resource, ResourceAttributes};
use crate::value::{Map, Origin, Step, Value};

use super::companions::Referrer;
use super::values::Reader;
use super::{Plan, Values};

/// The resource of this type that stands at the place, without its row.
pub fn resource(
    plan: &Arc<Plan>,
    at: usize,
    kind: Symbol,
    wanted: Attributes,
    input: u32,
) -> Resource {
    let item = plan.items.get(at).unwrap_or(&plan.nothing);
    let open =
        |what: &str| Value::unknown(Origin::Computed, &format!("the {what} is not in the plan"));
    Resource {
        kind,
        layout: None,
        slots: Vec::new(),
        id: item.address.clone(),
        account: open("account"),
        region: open("region"),
        attributes: attributes(plan, at, wanted),
        maybe: None,
        broken: item.broken.clone(),
        adapter: None,
        input,
        place: plan.place(at),
        source: Arc::new(Place { plan: Arc::clone(plan), at }),
        text: 0,
    }
}

fn attributes(plan: &Plan, at: usize, wanted: Attributes) -> ResourceAttributes {
    let reader = Reader::new(plan, at);
    let get = |on: bool, name: &str| match on {
        true => reader.attribute(name, &Part { whole: true, ..Part::default() }),
        false => Value::Absent,
    };
    let created = "the plan does not say when it was made";
    ResourceAttributes {
        arn: match get(wanted.arn, "arn") {
            Value::Absent if wanted.arn => {
                Value::unknown(Origin::Computed, "the ARN is not in the plan")
            }
            value => value,
        },
        name: get(wanted.name, "name"),
        tags: match wanted.tags {
            true => tags(get(true, "tags"), get(true, "tags_all")),
            false => Value::Absent,
        },
        created: match wanted.created {
            true => Value::perhaps(Origin::Computed, created),
            false => Value::Absent,
        },
        properties: match wanted.properties {
            true => plan.value(at, &Part { whole: true, ..Part::default() }),
            false => Value::Absent,
        },
        metadata: Value::map([]),
        attributes: Value::map([]),
    }
}

/// All tags, where they are known: those of the provider are among them. Else the resource's own; there may be
/// more.
fn tags(own: Value, all: Value) -> Value {
    match (own, all) {
        (own, Value::Map(all)) => match own {
            Value::Map(own) if all.entries.is_empty() => Value::Map(own),
            _ => Value::Map(all),
        },
        (Value::Map(own), Value::Open(open)) => {
            let entries = own.entries.clone();
            Value::Map(Arc::new(Map { entries, open: Some(open.cause.clone()) }))
        }
        (Value::Absent, Value::Open(open)) => {
            Value::Map(Arc::new(Map { open: Some(open.cause.clone()), ..Map::default() }))
        }
        (Value::Absent, Value::Absent) => Value::map([]),
        (own @ (Value::Map(_) | Value::Open(_) | Value::Broken(_)), _) => own,
        _ => Value::broken("expected tags: an object"),
    }
}

/// The way back to a resource of a plan.
#[derive(Debug)]
struct Place {
    plan: Arc<Plan>,
    at: usize,
}

impl Locate for Place {
    fn locate(&self, _text: u32, path: &[Step]) -> Located {
        let plan = &self.plan;
        let mut keys: Vec<String> = path.iter().enumerate().filter_map(key).collect();
        let mut at = self.at;
        // What refers to the resource stands elsewhere.
        if let Some(member) = keys.first().filter(|key| key.contains('.')).cloned() {
            let nth = keys.get(1).and_then(|n| n.parse::<usize>().ok());
            let found = nth.and_then(|n| plan.referrers(at, &member).0.into_iter().nth(n));
            keys.drain(..keys.len().min(2));
            match found {
                Some(Referrer::Item(of, _)) => at = of,
                Some(Referrer::Wrong(_)) | None => keys.clear(),
            }
        }
        let item = plan.items.get(at).unwrap_or(&plan.nothing);
        let values = match item.values {
            Values::Tree(values) => values,
            Values::Flat(values) => Some(values),
        };
        let start = match keys.is_empty() {
            true => item.node,
            false => values.unwrap_or(item.node),
        };
        let (node, rest) = descend(plan, start, &keys);
        let mut pointer = plan.pointers.pointer(node, |_| None);
        for key in rest {
            push_key(&mut pointer, key);
        }
        Located { pointer, place: plan.document.place(node) }
    }

    fn item(&self, part: &Part) -> Option<Value> {
        Some(self.plan.value(self.at, part))
    }
}

/// The step as a key; the first one of an attribute leads to what holds it.
fn key((n, step): (usize, &Step)) -> Option<String> {
    match step {
        Step::Attribute(name) if n == 0 => match name.as_str() {
            "arn" | "name" | "tags" => Some(name.to_string()),
            _ => None,
        },
        Step::Attribute(name) => Some(name.to_string()),
        Step::Key(key) => Some(key.to_string()),
        Step::Element(n) => Some(n.to_string()),
    }
}

/// As far down as there is something; the keys that are left.
fn descend<'k>(plan: &Plan, start: NodeId, keys: &'k [String]) -> (NodeId, &'k [String]) {
    let document = &plan.document;
    let (mut node, mut rest) = (start, keys);
    while let Some((key, after)) = rest.split_first() {
        let element = || document.list(node)?.get(key.parse::<usize>().ok()?).copied();
        let Some(next) = document.get(node, key).or_else(element) else { break };
        (node, rest) = (next, after);
    }
    (node, rest)
}
