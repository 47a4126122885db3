//! By what resources are found: the keys of a join, and its index. Each index is one pass over the resources
//! of a type; nothing is quadratic.
//!
//! A resource is named by its identifying properties (those that the join asks for), its ARN and, outside
//! templates and plans, its id; within its template by its symbol. A name that AWS makes up at creation equals no
//! literal text. A name that hangs on a parameter may be any text.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Symbol;
use crate::program::{Join, Program};
use crate::snapshot::model::{Resource, SourceKind};
use crate::value::{Origin, ResourceId, Shape, SymbolRef, Text, Value};

use super::world::World;

/// What a reference or a name is, for look-up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// A text.
    Text(Text),
    /// A resource of the template with this number, by its logical id.
    Symbol(u32, Text),
}

/// Under what a resource stands in an index.
#[derive(Debug)]
pub(super) enum Entry {
    Key(Key),
    /// Its key is open, with what is known of it.
    Open(Value),
    /// Its key cannot be read, and why: broken data.
    Broken(Text),
}

/// An index of one join.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) by_key: HashMap<Key, Vec<ResourceId>>,
    /// Resources whose key is a symbol.
    pub(super) symbols: Vec<ResourceId>,
    /// Resources whose key is open, with what is known of it.
    pub(super) open: Vec<(ResourceId, Value)>,
    /// Resources whose key cannot be read, and why: broken data.
    pub(super) broken: Vec<(ResourceId, Text)>,
}

impl Index {
    /// That of all resources that the join may find.
    pub(super) fn build(world: &World<'_>, program: &Program, join: &Join) -> Self {
        let mut index = Self::default();
        for id in world.of_type(join.finds()) {
            let Some(resource) = world.resource(*id) else { continue };
            for entry in entries(world, program, join, resource) {
                index.put(*id, entry);
            }
        }
        index
    }

    pub(super) fn put(&mut self, id: ResourceId, entry: Entry) {
        let key = match entry {
            Entry::Key(key) => key,
            Entry::Open(value) => return self.open.push((id, value)),
            Entry::Broken(reason) => return self.broken.push((id, reason)),
        };
        if matches!(key, Key::Symbol(..)) {
            self.symbols.push(id);
        }
        let ids = self.by_key.entry(key).or_default();
        if ids.last() != Some(&id) {
            ids.push(id);
        }
    }

    /// Takes a resource out of what it stands under.
    pub(super) fn remove(&mut self, id: ResourceId, entry: &Entry) {
        match entry {
            Entry::Open(_) => self.open.retain(|(known, _)| *known != id),
            Entry::Broken(_) => self.broken.retain(|(known, _)| *known != id),
            Entry::Key(key) => {
                if matches!(key, Key::Symbol(..)) {
                    self.symbols.retain(|known| *known != id);
                }
                if let Some(ids) = self.by_key.get_mut(key) {
                    ids.retain(|known| *known != id);
                    if ids.is_empty() {
                        self.by_key.remove(key);
                    }
                }
            }
        }
    }

    pub(super) fn get(&self, key: &Key) -> &[ResourceId] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Under what a resource stands in the index of the join.
pub(super) fn entries(
    world: &World<'_>,
    program: &Program,
    join: &Join,
    resource: &Resource,
) -> Vec<Entry> {
    let mut values = Vec::new();
    match join {
        Join::Follow { target, by } => values = names(world, program, target, resource, by),
        Join::Reverse { path, .. } => walk(program, resource, path, &mut values),
        Join::Resources { key: Some(key), .. } => values.push(slot(program, resource, key)),
        Join::Resources { key: None, .. } => {}
    }
    values.into_iter().filter_map(|value| entry(resource, value)).collect()
}

fn entry(resource: &Resource, value: Value) -> Option<Entry> {
    Some(match value.plain() {
        Value::Text(text) => Entry::Key(Key::Text(text.clone())),
        Value::Open(open) => match &open.shape {
            Shape::Symbol(SymbolRef::Attribute { resource: of, .. }) => {
                Entry::Key(Key::Symbol(resource.input, of.clone()))
            }
            _ => Entry::Open(value),
        },
        Value::Broken(broken) => Entry::Broken(broken.reason.clone()),
        _ => return None,
    })
}

/// The value of a property, if the row has it.
fn slot(program: &Program, resource: &Resource, name: &str) -> Value {
    if let Some(broken) = &resource.broken {
        return Value::Broken(broken.clone());
    }
    let layout = resource.layout.and_then(|layout| program.projection.layout(layout));
    let at = layout.and_then(|layout| layout.slot(name));
    at.and_then(|at| resource.slots.get(at)).cloned().unwrap_or(Value::Absent)
}

/// What names a resource: texts, its symbol, or values that are open.
pub(super) fn names(
    world: &World<'_>,
    program: &Program,
    kind: &str,
    resource: &Resource,
    by: &[Symbol],
) -> Vec<Value> {
    let view = program.projection.resources.get(kind);
    let own = view.map_or(&[][..], |view| &view.identified_by);
    let template =
        matches!(world.source(resource), SourceKind::CloudFormation | SourceKind::Terraform);
    let symbol = SymbolRef::Attribute {
        resource: resource.id.clone(),
        kind: resource.kind.clone(),
        attribute: Symbol::from("Ref"),
        identifies: true,
    };
    let shape = Shape::Symbol(symbol);
    let open = crate::value::Open {
        shape,
        present: true,
        origin: Origin::Reference,
        cause: Arc::from(""),
    };
    let mut out = vec![Value::Open(Arc::new(open))];
    if !template {
        out.push(Value::Text(resource.id.clone()));
    }
    let properties = if by.is_empty() { own } else { by };
    for property in properties {
        let value = slot(program, resource, property);
        // What the provider makes up, or the snapshot does not give: the id stands for an identifier;
        // another property may be any text.
        let made_up = matches!(value.plain(), Value::Open(open)
            if !matches!(open.shape, Shape::Text(_))
                && matches!(open.origin, Origin::Computed | Origin::Default));
        if !(made_up && (template || own.contains(property))) {
            out.push(value);
        }
    }
    if let arn @ Value::Text(_) = resource.attributes.arn.plain() {
        out.push(arn.clone());
    }
    out
}

/// The texts at the end of a path, through lists and records.
fn walk(program: &Program, resource: &Resource, path: &[Symbol], out: &mut Vec<Value>) {
    let Some((first, rest)) = path.split_first() else { return };
    let mut todo = vec![(slot(program, resource, first), rest)];
    while let Some((value, rest)) = todo.pop() {
        match (value.plain(), rest.split_first()) {
            (Value::List(list), _) => {
                todo.extend(list.items.iter().map(|item| {
                    let value = if item.maybe {
                        Value::perhaps(Origin::Computed, "the element may be missing")
                    } else {
                        item.value.clone()
                    };
                    (value, rest)
                }));
                if let Some(cause) = &list.open {
                    out.push(Value::perhaps(Origin::Computed, cause));
                }
            }
            (Value::Record(record), Some((name, rest))) => {
                let layout = program.projection.layout(record.layout);
                if let Some(value) =
                    layout.and_then(|l| l.slot(name)).and_then(|at| record.slots.get(at))
                {
                    todo.push((value.clone(), rest));
                }
            }
            (Value::Map(map), Some((name, rest))) => {
                if let Some(value) = map.entries.get(&**name) {
                    todo.push((value.clone(), rest));
                }
            }
            (Value::Absent, _) => {}
            _ => out.push(value),
        }
    }
}
