//! Values as Terraform wrote them up to 0.11: texts whose keys are paths. `ingress.#` is the length of a list,
//! `tags.%` that of a map.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::snapshot::document::{Document, NodeId};
use crate::value::{Text, Value};

/// How deep paths may go.
const DEPTH: usize = 24;

/// The texts of an object by their keys, in order.
pub(super) struct Flat<'d> {
    entries: BTreeMap<&'d str, Value>,
}

impl<'d> Flat<'d> {
    pub fn new(document: &'d Document, node: NodeId) -> Self {
        let entries = document.map(node).into_iter().flatten();
        let text = |at: NodeId| match document.scalar(at) {
            Some(scalar) => Value::Text(scalar.as_text()),
            None => Value::broken("expected text"),
        };
        Self { entries: entries.map(|(key, entry)| (&**key, text(entry.value))).collect() }
    }

    /// The names of the attributes.
    pub fn names(&self) -> Vec<Text> {
        let mut names: Vec<&str> =
            self.entries.keys().map(|key| key.split('.').next().unwrap_or("")).collect();
        names.dedup();
        names.into_iter().map(Text::from).collect()
    }

    /// The value of an attribute. An empty text is none.
    pub fn get(&self, name: &str) -> Value {
        self.at(name, DEPTH)
    }

    fn at(&self, path: &str, depth: usize) -> Value {
        match self.entries.get(path) {
            Some(Value::Text(text)) if text.is_empty() => return Value::Absent,
            Some(value) => return value.clone(),
            None if depth == 0 => return Value::broken("the value nests too deep"),
            None => {}
        }
        let start = format!("{path}.");
        if self.entries.contains_key(&*format!("{start}%")) {
            let all = self.below(&start).filter(|(rest, _)| *rest != "%");
            return Value::map(all.map(|(rest, value)| (Text::from(rest), value.clone())));
        }
        let mut names: Vec<&str> =
            self.below(&start).map(|(rest, _)| rest.split('.').next().unwrap_or("")).collect();
        names.dedup();
        if names.is_empty() {
            return Value::Absent;
        }
        let is_list = self.entries.contains_key(&*format!("{start}#"));
        names.retain(|name| *name != "#");
        let inner = |name: &&str| self.at(&format!("{start}{name}"), depth - 1);
        if is_list {
            // Elements of a set go by numbers that say nothing.
            names.sort_by_key(|name| name.parse::<u64>().unwrap_or(u64::MAX));
            return Value::list(names.iter().map(inner));
        }
        Value::map(names.iter().map(|name| (Text::from(*name), inner(name))))
    }

    fn below(&self, start: &str) -> impl Iterator<Item = (&str, &Value)> {
        let range = self.entries.range::<str, _>((Bound::Included(start), Bound::Unbounded));
        let owned = start.to_owned();
        range.map_while(move |(key, value)| Some((key.strip_prefix(&*owned)?, value)))
    }
}
