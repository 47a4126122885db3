//! What refers to a resource: Terraform splits a resource of AWS into several, each of which names the one that
//! it belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::Symbol;
use crate::program::Part;
use crate::value::{Item, List, Text, Value};

use super::Plan;
use super::references::{NAMES, Targets};
use super::values::{self, Reader};

/// Of the resources of two types, which refer to which.
#[derive(Debug, Default)]
pub(super) struct Companions {
    /// By the resource that is referred to; whether it is so for certain.
    by_item: HashMap<usize, Vec<(usize, bool)>>,
    /// By what they call it.
    by_text: HashMap<Text, Vec<usize>>,
    /// Those that may refer to any.
    loose: Vec<usize>,
    /// Those that call it by a name that no resource has.
    elsewhere: Vec<usize>,
}

impl Plan {
    /// Which resources of the type and attribute in `member` refer to which of the type `to`.
    pub(super) fn companions_of(&self, to: &Symbol, member: &str) -> Companions {
        let mut out = Companions::default();
        let Some((kind, attribute)) = member.split_once('.') else { return out };
        let of_kind = |kind: &str| {
            let all = self.items.iter().enumerate();
            all.filter(|(_, item)| *item.kind == *kind).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let names: BTreeSet<Text> =
            of_kind(to).into_iter().flat_map(|at| self.names(at, attribute)).collect();
        for at in of_kind(kind) {
            let reader = Reader::new(self, at);
            match reader.refers(attribute) {
                Some(targets) => out.refers(self, at, to, &targets),
                None => out.named(at, &names, &reader.attribute(attribute, &whole())),
            }
        }
        out
    }

    /// The texts by which a resource is named: of the attributes that are names, and of the one that is called as
    /// that which refers.
    fn names(&self, at: usize, attribute: &str) -> Vec<Text> {
        let reader = Reader::new(self, at);
        let names = NAMES.iter().copied().chain([attribute]);
        let texts = names.map(|name| reader.attribute(name, &whole()));
        texts.filter_map(|value| value.as_text().cloned()).collect()
    }

    /// The resources that refer to this one, as the member asks for them, with these parts.
    pub(super) fn referring(&self, at: usize, member: &str, part: &Part) -> Value {
        let items = self.referrers(at, member).into_iter().map(|(of, sure)| Item {
            value: values::of(self, of, part.elements.as_deref().unwrap_or(&whole())),
            maybe: !sure,
        });
        Value::List(Arc::new(List { items: items.collect(), open: None }))
    }

    /// Their numbers, in the order of the plan, and whether it is so for certain.
    pub(super) fn referrers(&self, at: usize, member: &str) -> Vec<(usize, bool)> {
        let Some(item) = self.items.get(at) else { return Vec::new() };
        let key = (item.kind.clone(), Symbol::from(member));
        let Some(table) = self.companions.get(&key) else { return Vec::new() };
        let mut out: BTreeMap<usize, bool> = BTreeMap::new();
        let mut add = |of: usize, sure: bool| *out.entry(of).or_default() |= sure;
        for (of, sure) in table.by_item.get(&at).into_iter().flatten() {
            add(*of, *sure);
        }
        let attribute = member.split_once('.').map_or("", |(_, attribute)| attribute);
        for name in self.names(at, attribute) {
            table.by_text.get(&name).into_iter().flatten().for_each(|of| add(*of, true));
        }
        table.loose.iter().for_each(|of| add(*of, false));
        // A name that is made of what is not known may turn out to be one that was written.
        let is_written = |name: &str| Reader::new(self, at).refers(name).is_some();
        if !table.elsewhere.is_empty() && NAMES.iter().copied().chain([attribute]).any(is_written) {
            table.elsewhere.iter().for_each(|of| add(*of, false));
        }
        out.into_iter().collect()
    }
}

fn whole() -> Part {
    Part { whole: true, ..Part::default() }
}

impl Companions {
    fn refers(&mut self, plan: &Plan, at: usize, to: &Symbol, targets: &Targets) {
        let is_meant = |of: &usize| plan.items.get(*of).is_some_and(|item| item.kind == *to);
        let found: Vec<Option<usize>> =
            targets.chains.iter().map(|chain| chain.iter().copied().find(is_meant)).collect();
        let sure = targets.is_sure();
        for of in found.iter().flatten() {
            self.by_item.entry(*of).or_default().push((at, sure));
        }
        if !targets.bounded || found.iter().any(Option::is_none) {
            self.loose.push(at);
        }
    }

    /// By a value that is known, or open in a way that says nothing.
    fn named(&mut self, at: usize, names: &BTreeSet<Text>, value: &Value) {
        match value {
            Value::Text(text) if names.contains(text) => {
                self.by_text.entry(text.clone()).or_default().push(at);
            }
            Value::Text(_) => self.elsewhere.push(at),
            Value::List(list) => {
                list.items.iter().for_each(|item| self.named(at, names, &item.value))
            }
            Value::Open(_) | Value::Broken(_) => self.loose.push(at),
            _ => {}
        }
    }
}
