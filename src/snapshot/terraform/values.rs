//! The values of a resource, as far as they are read: what is known after apply is open, what is secret is not
//! shown.

use std::sync::Arc;

use crate::program::Part;
use crate::snapshot::config::part::packed;
use crate::snapshot::document::{Kind, NodeId, Resolved, Scalar};
use crate::value::{Entries, Item, List, Map, Open, Origin, Shape, SymbolRef, Text, Value};

use super::configuration::Written;
use super::find::{is_null, is_true};
use super::flat::Flat;
use super::references::{Scope, Targets};
use super::{Plan, Sensitive, Values};

/// What is said of a value that is not shown.
const SECRET: &str = "the value is sensitive, and not shown";

/// The parts of a resource.
pub(super) fn of(plan: &Plan, at: usize, part: &Part) -> Value {
    let Some(item) = plan.items.get(at) else { return Value::map([]) };
    if let Some(broken) = &item.broken {
        return Value::Broken(Arc::clone(broken));
    }
    let reader = Reader::new(plan, at);
    let mut out = Entries::default();
    for (name, inner) in &part.fields {
        let value = match name.contains('.') {
            true => plan.referring(at, name, inner),
            false => reader.attribute(name, inner),
        };
        out.insert(name.text(), value);
    }
    if part.whole {
        let whole = Part { whole: true, ..Part::default() };
        for name in reader.names() {
            let value = reader.attribute(&name, &whole);
            out.entry(name).or_insert(value);
        }
    }
    Value::Map(Arc::new(Map { entries: out, open: None }))
}

/// Reads the values of one resource.
pub(super) struct Reader<'p> {
    plan: &'p Plan,
    item: &'p super::Item,
    scope: Scope,
    flat: Option<Flat<'p>>,
}

/// A value that is to be read, and what is said of it.
struct Spot<'n> {
    /// The attribute that it is in.
    name: &'n str,
    node: Option<NodeId>,
    unknown: Option<NodeId>,
    sensitive: Option<NodeId>,
    written: Written,
    /// Whether it is a member of the resource or of a block, where an empty text is none.
    of_block: bool,
}

impl<'p> Reader<'p> {
    pub fn new(plan: &'p Plan, at: usize) -> Self {
        let item = plan.items.get(at).unwrap_or(&plan.nothing);
        let flat = match item.values {
            Values::Flat(node) => Some(Flat::new(&plan.document, node)),
            Values::Tree(_) => None,
        };
        Self { plan, item, scope: plan.scope(item), flat }
    }

    /// Whether there are no values that could be looked at.
    pub fn is_unreadable(&self) -> bool {
        let values = match self.item.values {
            Values::Tree(values) => values.or(self.item.unknown),
            Values::Flat(values) => Some(values),
        };
        let document = &self.plan.document;
        self.item.broken.is_some() && values.is_none_or(|at| document.map(at).is_none())
    }

    /// The names of its attributes.
    fn names(&self) -> Vec<Text> {
        if let Some(flat) = &self.flat {
            return flat.names();
        }
        let Values::Tree(values) = self.item.values else { return Vec::new() };
        let keys = |at: Option<NodeId>| at.and_then(|at| self.plan.document.map(at));
        let all = keys(values).into_iter().chain(keys(self.item.unknown));
        let mut names: Vec<Text> = all.flat_map(|map| map.keys().cloned()).collect();
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// An attribute.
    pub fn attribute(&self, name: &str, part: &Part) -> Value {
        let document = &self.plan.document;
        let secret = match &self.item.sensitive {
            Sensitive::Names(names) => names.contains(name),
            Sensitive::Tree(tree) => tree.is_some_and(|at| is_true(document, at)),
        };
        if let Some(flat) = &self.flat {
            return match flat.get(name) {
                Value::Absent => Value::Absent,
                _ if secret => Value::unknown(Origin::Redacted, SECRET),
                value => value,
            };
        }
        let spot = self.spot(name);
        match self.read(&spot, part) {
            Value::Absent => Value::Absent,
            _ if secret => Value::unknown(Origin::Redacted, SECRET),
            value => value,
        }
    }

    fn spot<'n>(&self, name: &'n str) -> Spot<'n> {
        let document = &self.plan.document;
        let Values::Tree(values) = self.item.values else { return Spot::nothing(name) };
        let get = |at: Option<NodeId>| at.and_then(|at| document.get(at, name));
        let all_unknown = self.item.unknown.filter(|at| is_true(document, *at));
        let written = self.plan.configuration.written(document, self.plan.configured(self.item));
        Spot {
            name,
            node: get(values),
            unknown: all_unknown.or_else(|| get(self.item.unknown)),
            sensitive: match self.item.sensitive {
                Sensitive::Tree(tree) => get(tree),
                Sensitive::Names(_) => None,
            },
            written: written.key(document, name),
            of_block: true,
        }
    }

    /// To what the value of an attribute refers, where it is open.
    pub fn refers(&self, name: &str) -> Option<Targets> {
        let spot = self.spot(name);
        let is_open = spot.unknown.is_some_and(|at| is_true(&self.plan.document, at));
        match spot.written {
            Written::By { references, exact } if is_open => {
                let mut found = self.plan.targets(&self.scope, &references);
                found.bounded &= exact;
                Some(found)
            }
            _ => None,
        }
    }

    fn read(&self, spot: &Spot<'_>, part: &Part) -> Value {
        let document = &self.plan.document;
        let says = |at: Option<NodeId>| at.is_some_and(|at| is_true(document, at));
        if says(spot.unknown) {
            return match says(spot.sensitive) {
                true => Value::perhaps(Origin::Redacted, SECRET),
                false => self.open(spot, part),
            };
        }
        let node = spot.node.filter(|at| !is_null(document, *at));
        if says(spot.sensitive) && node.is_some() {
            return Value::unknown(Origin::Redacted, SECRET);
        }
        let inside =
            |at: Option<NodeId>| at.and_then(|at| document.node(at)).map(|node| &node.kind);
        match inside(node).or_else(|| inside(spot.unknown)) {
            Some(Kind::Map(_)) => self.map(&Spot { node, ..spot.clone() }, part),
            Some(Kind::List(_)) => self.list(&Spot { node, ..spot.clone() }, part),
            Some(Kind::Scalar(scalar)) if node.is_some() => scalar_of(spot, scalar, part),
            _ if self.item.partial && spot.node.is_none() => {
                let cause = format!("the plan does not say whether `{}` is known", spot.name);
                Value::perhaps(Origin::Computed, &cause)
            }
            _ => Value::Absent,
        }
    }

    fn map(&self, spot: &Spot<'_>, part: &Part) -> Value {
        let document = &self.plan.document;
        if part.fields.is_empty() && part.elements.is_some() {
            return Value::broken("expected a list, found an object");
        }
        let mut out = Entries::default();
        let mut add = |key: &Text, inner: &Part| {
            let get = |at: Option<NodeId>| at.and_then(|at| document.get(at, key));
            let member = Spot {
                name: spot.name,
                node: get(spot.node),
                unknown: get(spot.unknown),
                sensitive: get(spot.sensitive),
                written: spot.written.key(document, key),
                of_block: spot.of_block,
            };
            out.insert(key.clone(), self.read(&member, inner));
        };
        if part.whole {
            let whole = Part { whole: true, ..Part::default() };
            let keys = |at: Option<NodeId>| at.and_then(|at| document.map(at));
            let maps = [keys(spot.node), keys(spot.unknown)];
            for key in maps.into_iter().flatten().flat_map(|map| map.keys()) {
                add(key, part.fields.get(&**key).unwrap_or(&whole));
            }
        } else {
            part.fields.iter().for_each(|(key, inner)| add(&key.text(), inner));
        }
        Value::Map(Arc::new(Map { entries: out, open: None }))
    }

    fn list(&self, spot: &Spot<'_>, part: &Part) -> Value {
        let document = &self.plan.document;
        if !part.fields.is_empty() && part.elements.is_none() {
            return Value::broken("expected an object, found a list");
        }
        let whole = Part { whole: true, ..Part::default() };
        let nothing = Part::default();
        let inner = match (&part.elements, part.whole) {
            (Some(elements), false) => elements,
            (_, true) => &whole,
            (None, false) => &nothing,
        };
        let items = |at: Option<NodeId>| at.and_then(|at| document.list(at)).unwrap_or(&[]);
        let (values, unknown, sensitive) =
            (items(spot.node), items(spot.unknown), items(spot.sensitive));
        let paired = self.paired(spot, unknown);
        let mut out = Vec::new();
        for n in 0..values.len().max(unknown.len()) {
            let node = values.get(n).copied();
            let mut written = spot.written.element(document, node);
            if let Some(references) = paired.as_ref().and_then(|paired| paired.get(&n)) {
                written = Written::By { references: vec![references.clone()], exact: true };
            }
            let element = Spot {
                name: spot.name,
                node,
                unknown: unknown.get(n).copied(),
                sensitive: sensitive.get(n).copied(),
                written,
                of_block: true,
            };
            let is_object = node.is_some_and(|at| document.map(at).is_some());
            let value = self.read(&Spot { of_block: is_object, ..element }, inner);
            let is_null = matches!(value, Value::Absent) && !inner.fields.is_empty();
            let value = match is_null {
                true => Value::broken("expected an object, found null"),
                false => value,
            };
            out.push(Item { value, maybe: false });
        }
        Value::List(Arc::new(List { items: out, open: None }))
    }

    /// Of a list with as many open elements as its expression has references, to which each refers.
    fn paired(
        &self,
        spot: &Spot<'_>,
        unknown: &[NodeId],
    ) -> Option<std::collections::HashMap<usize, Text>> {
        let Written::By { references, exact: true } = &spot.written else { return None };
        let open = unknown.iter().enumerate();
        let open: Vec<usize> =
            open.filter(|(_, at)| is_true(&self.plan.document, **at)).map(|(n, _)| n).collect();
        let heads = super::references::heads(references);
        (open.len() == heads.len())
            .then(|| open.into_iter().zip(heads.into_iter().cloned()).collect())
    }

    /// A value that is known after apply.
    fn open(&self, spot: &Spot<'_>, part: &Part) -> Value {
        let name = spot.name;
        let (references, exact) = match &spot.written {
            Written::Not => {
                let cause = format!("`{name}` is not written: the provider fills it in");
                return Value::perhaps(Origin::Default, &cause);
            }
            Written::Untold | Written::Blocks(_) => {
                return Value::perhaps(Origin::Computed, &format!("`{name}` is known after apply"));
            }
            Written::By { references, exact } => (references, *exact),
        };
        let mut found = self.plan.targets(&self.scope, references);
        found.bounded &= exact;
        if exact && found.constant && !references.is_empty() {
            // What is known when the plan is made would stand in it, were there anything.
            let cause = format!("`{name}` is given none: the provider fills it in");
            return Value::perhaps(Origin::Default, &cause);
        }
        let shown = references.first().map(|first| format!(", by `{first}`")).unwrap_or_default();
        let cause = Text::from(format!("`{name}` is known after apply{shown}"));
        if found.plain && exact && part.elements.is_some() {
            let symbols = found.chains.iter().filter_map(|chain| self.symbol(spot, chain, &cause));
            return Value::list(symbols);
        }
        let symbol = match found.chains.as_slice() {
            [chain] if found.bounded => self.symbol(spot, chain, &cause),
            _ => None,
        };
        match (symbol, part.elements.is_some()) {
            (Some(symbol), false) => symbol,
            (symbol, true) => {
                // Of several there is one at least.
                let some = (found.bounded && !found.chains.is_empty())
                    .then(|| Value::unknown(Origin::Reference, &cause));
                let items = symbol.or(some).map(|value| Item { value, maybe: false });
                Value::List(Arc::new(List {
                    items: items.into_iter().collect(),
                    open: Some(cause),
                }))
            }
            (None, false) => Value::perhaps(Origin::Reference, &cause),
        }
    }

    /// The symbol of a resource. The attribute of it is not named, but the value that refers: of two values it
    /// is not known that they are the same, since an expression may make something of what it refers to.
    fn symbol(&self, spot: &Spot<'_>, chain: &[usize], cause: &Text) -> Option<Value> {
        let items = || chain.iter().filter_map(|at| self.plan.items.get(*at));
        let adapted = |item: &&super::Item| self.plan.adapted.contains(&item.kind);
        let target = items().find(adapted).or_else(|| items().next())?;
        let shape = Shape::Symbol(SymbolRef::Attribute {
            resource: target.address.clone(),
            kind: target.kind.clone(),
            attribute: format!("{} of {}", spot.name, self.item.address).into(),
            identifies: false,
        });
        let (origin, cause) = (Origin::Reference, cause.clone());
        Some(Value::Open(Arc::new(Open { shape, present: true, origin, cause })))
    }
}

impl<'n> Spot<'n> {
    fn nothing(name: &'n str) -> Self {
        Self {
            name,
            node: None,
            unknown: None,
            sensitive: None,
            written: Written::Untold,
            of_block: true,
        }
    }

    fn clone(&self) -> Self {
        Self { written: self.written.clone(), ..*self }
    }
}

/// A scalar. An empty text is what older providers write for a text that is not set; a text whose inside is
/// read is JSON.
fn scalar_of(spot: &Spot<'_>, scalar: &Scalar, part: &Part) -> Value {
    let inside = (!part.fields.is_empty() || part.elements.is_some()) && !part.whole;
    let wanted = if part.fields.is_empty() { "a list" } else { "an object" };
    match scalar.resolved {
        Resolved::Text if spot.of_block && scalar.text.is_empty() => Value::Absent,
        Resolved::Text if inside => packed(&scalar.text, part),
        Resolved::Text => Value::Text(scalar.text.clone()),
        _ if inside => Value::broken(&format!("expected {wanted}, found {}", scalar.text)),
        Resolved::Bool(on) => Value::Bool(on),
        Resolved::Int(n) => Value::Int(n),
        Resolved::Float(x) => Value::Float(x),
        Resolved::TooLarge => Value::broken("a number outside 64 bits"),
        Resolved::Null => Value::Absent,
    }
}
