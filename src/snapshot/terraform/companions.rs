//! What refers to a resource: Terraform splits a resource of AWS into several, each of which names the one that
//! it belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::Symbol;
use crate::program::Part;
use crate::value::{Item, List, Origin, Text, Value};

use super::Plan;
use super::references::{NAMES, Targets};
use super::values::{self, Reader};

/// How many resources that perhaps refer to one are looked at.
const PERHAPS: usize = 20;

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
    /// What cannot be told of some.
    wrong: Vec<String>,
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
            of_kind(to).into_iter().flat_map(|at| self.names(at, attribute).texts).collect();
        for at in of_kind(kind) {
            let reader = Reader::new(self, at);
            let value = || reader.attribute(attribute, &whole());
            match reader.refers(attribute) {
                Some(targets) => out.refers(self, at, to, &targets),
                None if out.named(at, &names, &value()) && !reader.is_unreadable() => {}
                None => {
                    let address = self.items.get(at).map_or("", |item| &item.address);
                    out.wrong.push(format!("`{attribute}` of `{address}` is no text"));
                }
            }
        }
        out
    }

    /// By what a resource is named: by the attributes that are names, and by the one that is called as that which
    /// refers.
    fn names(&self, at: usize, attribute: &str) -> Names {
        let reader = Reader::new(self, at);
        let mut out = Names::default();
        for name in NAMES.iter().copied().chain([attribute]) {
            match reader.attribute(name, &whole()) {
                Value::Text(text) => out.texts.push(text),
                Value::Absent => {}
                // What the provider makes up is no text that anybody could have written.
                Value::Open(open) => {
                    let made = ["id", "arn"].contains(&name) && open.origin == Origin::Computed;
                    out.any |= open.origin != Origin::Default && !made;
                }
                _ => out.wrong = Some(format!("`{name}` is no text")),
            }
        }
        out
    }

    /// The resources that refer to this one, as the member asks for them, with these parts.
    pub(super) fn referring(&self, at: usize, member: &str, part: &Part) -> Value {
        let value = |of: &Referrer| match of {
            Referrer::Item(of, _) => {
                values::of(self, *of, part.elements.as_deref().unwrap_or(&whole()))
            }
            Referrer::Wrong(what) => Value::broken(what),
        };
        let (all, more) = self.referrers(at, member);
        let items = all
            .iter()
            .map(|of| Item { value: value(of), maybe: matches!(of, Referrer::Item(_, false)) });
        let open = more.then(|| Text::from(format!("many may refer to it by `{member}`")));
        Value::List(Arc::new(List { items: items.collect(), open }))
    }

    /// Those that refer to it, in the order of the plan; whether there may be more.
    pub(super) fn referrers(&self, at: usize, member: &str) -> (Vec<Referrer>, bool) {
        let Some(item) = self.items.get(at) else { return (Vec::new(), false) };
        let key = (item.kind.clone(), Symbol::from(member));
        let Some(table) = self.companions.get(&key) else { return (Vec::new(), false) };
        let mut out: BTreeMap<usize, bool> = BTreeMap::new();
        let mut add = |of: usize, sure: bool| *out.entry(of).or_default() |= sure;
        for (of, sure) in table.by_item.get(&at).into_iter().flatten() {
            add(*of, *sure);
        }
        let attribute = member.split_once('.').map_or("", |(_, attribute)| attribute);
        let names = self.names(at, attribute);
        for name in &names.texts {
            table.by_text.get(name).into_iter().flatten().for_each(|of| add(*of, true));
        }
        table.loose.iter().for_each(|of| add(*of, false));
        // A name that is made of what is not known may turn out to be one that was written.
        if names.any {
            table.elsewhere.iter().for_each(|of| add(*of, false));
        }
        // Of many that perhaps do, it is not worth saying what each would be.
        let more = out.values().filter(|sure| !**sure).count() > PERHAPS;
        out.retain(|_, sure| *sure || !more);
        let wrong = table.wrong.iter().cloned().chain(names.wrong).map(Referrer::Wrong);
        (out.into_iter().map(|(of, sure)| Referrer::Item(of, sure)).chain(wrong).collect(), more)
    }
}

/// What names a resource.
#[derive(Debug, Default)]
struct Names {
    texts: Vec<Text>,
    /// Whether it may have any name besides.
    any: bool,
    /// Why it cannot be told.
    wrong: Option<String>,
}

/// What refers to a resource.
#[derive(Clone, Debug)]
pub(super) enum Referrer {
    /// The resource with this number; whether it is so for certain.
    Item(usize, bool),
    /// Something of which it cannot be told, and why.
    Wrong(String),
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

    /// By a value that is known, or open in a way that says nothing. Whether it can be read at all.
    fn named(&mut self, at: usize, names: &BTreeSet<Text>, value: &Value) -> bool {
        match value {
            Value::Text(text) if names.contains(text) => {
                self.by_text.entry(text.clone()).or_default().push(at);
            }
            Value::Text(_) => self.elsewhere.push(at),
            Value::List(list) => {
                return list.items.iter().all(|item| self.named(at, names, &item.value));
            }
            Value::Open(_) => self.loose.push(at),
            Value::Absent => {}
            _ => return false,
        }
        true
    }
}
