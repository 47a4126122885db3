//! Joins: from a reference to what it points to, from a resource to what points to it, and from a key to
//! the resources that have it. Each index is one pass over the resources of a type; nothing is
//! quadratic.
//!
//! A resource is named by its identifying properties (those that the join asks for), its ARN and, outside
//! templates, its id; within its template by its symbol. A name that AWS makes up at creation equals no
//! literal text. A name that hangs on a parameter may be any text.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::Symbol;
use crate::program::{Join, JoinIdx, Program};
use crate::snapshot::model::{Resource, SourceKind};
use crate::value::compare::readable;
use crate::value::{
    Item, List, Origin, ResourceId, Segment, Shape, SymbolRef, Text, Trap, Value, segments,
};

use super::world::World;

/// What a reference or a name is, for look-up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A text.
    Text(Text),
    /// A resource of the template with this number, by its logical id.
    Symbol(u32, Text),
}

/// An index of one join.
#[derive(Debug, Default)]
pub struct Index {
    by_key: HashMap<Key, Vec<ResourceId>>,
    /// Resources whose key is a symbol.
    symbols: Vec<ResourceId>,
    /// Resources whose key is open, with what is known of it.
    open: Vec<(ResourceId, Value)>,
    /// Resources whose key cannot be read, and why: broken data.
    broken: Vec<(ResourceId, Text)>,
}

/// The resources that the join finds.
pub(super) fn find(
    world: &World<'_>,
    program: &Program,
    (idx, join): (JoinIdx, &Join),
    subject: Option<ResourceId>,
    src: &Value,
) -> Result<List, Trap> {
    let Some(cell) = world.indexes.get(usize::from(idx.0)) else { return Ok(List::default()) };
    let index = cell.get_or_init(|| build(world, program, join));
    let subject = subject.and_then(|id| world.resource(id));
    let mut found = Found { world, subject, all: Vec::new(), open: None };
    match join {
        Join::Follow { target, .. } => {
            follow(&mut found, index, target, src)?;
            found.broken(index)?;
        }
        Join::Reverse { source, by, .. } => {
            found.open = world.gap(source, subject);
            let src = readable(src)?;
            if let Value::Resource(id) = src {
                reverse(&mut found, index, program, *id, by)?;
            } else if let Value::Open(open) = src {
                found.open = Some(open.cause.clone());
            }
            found.broken(index)?;
        }
        Join::Resources { kind, everywhere, key } => {
            if *everywhere {
                found.subject = None;
            }
            found.open = world.gap(kind, found.subject);
            resources(&mut found, index, kind, key.as_ref().map(|_| src));
        }
    }
    Ok(found.list())
}

/// What a look-up has found so far.
struct Found<'w, 's> {
    world: &'w World<'s>,
    subject: Option<&'s Resource>,
    /// Each with whether it is only perhaps one.
    all: Vec<(ResourceId, bool)>,
    open: Option<Text>,
}

impl Found<'_, '_> {
    /// Whether the resource is in the subject's account, as far as both are known, and in its region.
    fn near(&self, id: ResourceId, region_too: bool) -> bool {
        let (Some(subject), Some(other)) = (self.subject, self.world.resource(id)) else {
            return true;
        };
        let same = |a: &Value, b: &Value| match (a.plain(), b.plain()) {
            (Value::Text(a), Value::Text(b)) => a == b,
            _ => true,
        };
        let templates = self.world.source(subject) == SourceKind::CloudFormation;
        let one_template = !templates
            || self.world.source(other) != SourceKind::CloudFormation
            || subject.input == other.input;
        same(&subject.account, &other.account)
            && (!region_too || same(&subject.region, &other.region))
            && one_template
    }

    fn add(&mut self, ids: &[ResourceId], sure: bool, region_too: bool) -> bool {
        let before = self.all.len();
        for id in ids {
            if self.near(*id, region_too) {
                self.all.push((*id, !sure));
            }
        }
        self.all.len() > before
    }

    /// A resource that may be among those that were looked for cannot be read.
    fn broken(&self, index: &Index) -> Result<(), Trap> {
        match index.broken.iter().find(|(id, _)| self.near(*id, false)) {
            Some((_, reason)) => Err(Trap::Broken(reason.clone())),
            None => Ok(()),
        }
    }

    fn list(self) -> List {
        let (world, mut all) = (self.world, self.all);
        // Each once, in the order of the snapshot; one that is found for certain counts as that.
        all.sort_unstable();
        all.dedup_by_key(|(id, _)| *id);
        let items = all.into_iter().map(|(id, perhaps)| {
            let exists = world.resource(id).is_none_or(|resource| resource.maybe.is_none());
            Item { value: Value::Resource(id), maybe: perhaps || !exists }
        });
        List { items: items.collect(), open: self.open }
    }
}

fn build(world: &World<'_>, program: &Program, join: &Join) -> Index {
    let mut index = Index::default();
    let (kind, resources) = match join {
        Join::Follow { target, .. } => (target, world.of_type(target)),
        Join::Reverse { source, .. } => (source, world.of_type(source)),
        Join::Resources { kind, .. } => (kind, world.of_type(kind)),
    };
    for id in resources {
        let Some(resource) = world.resource(*id) else { continue };
        match join {
            Join::Follow { by, .. } => {
                for name in names(world, program, kind, resource, by) {
                    index.put(*id, resource, name);
                }
            }
            Join::Reverse { path, .. } => {
                let mut values = Vec::new();
                walk(program, resource, path, &mut values);
                values.into_iter().for_each(|value| index.put(*id, resource, value));
            }
            Join::Resources { key: Some(key), .. } => {
                index.put(*id, resource, slot(program, resource, key));
            }
            Join::Resources { key: None, .. } => {}
        }
    }
    index
}

impl Index {
    fn put(&mut self, id: ResourceId, resource: &Resource, value: Value) {
        let key = match value.plain() {
            Value::Text(text) => Key::Text(text.clone()),
            Value::Open(open) => match &open.shape {
                Shape::Symbol(SymbolRef::Attribute { resource: of, .. }) => {
                    Key::Symbol(resource.input, of.clone())
                }
                _ => return self.open.push((id, value)),
            },
            Value::Broken(broken) => return self.broken.push((id, broken.reason.clone())),
            _ => return,
        };
        if matches!(key, Key::Symbol(..)) {
            self.symbols.push(id);
        }
        let ids = self.by_key.entry(key).or_default();
        if ids.last() != Some(&id) {
            ids.push(id);
        }
    }

    fn get(&self, key: &Key) -> &[ResourceId] {
        self.by_key.get(key).map_or(&[], Vec::as_slice)
    }
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
fn names(
    world: &World<'_>,
    program: &Program,
    kind: &str,
    resource: &Resource,
    by: &[Symbol],
) -> Vec<Value> {
    let view = program.projection.resources.get(kind);
    let own = view.map_or(&[][..], |view| &view.identified_by);
    let template = world.source(resource) == SourceKind::CloudFormation;
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
            if !matches!(open.shape, Shape::Text(_)) && open.origin == Origin::Computed);
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

fn is_arn(text: &str) -> bool {
    text.starts_with("arn:")
}

/// `x -> Type`.
fn follow(
    found: &mut Found<'_, '_>,
    index: &Index,
    target: &Symbol,
    src: &Value,
) -> Result<(), Trap> {
    let mut todo = vec![(src.clone(), true)];
    while let Some((value, sure)) = todo.pop() {
        match readable(&value)? {
            Value::List(list) => {
                todo.extend(
                    list.items.iter().map(|item| (item.value.clone(), sure && !item.maybe)),
                );
                if let Some(cause) = &list.open {
                    found.open.get_or_insert_with(|| cause.clone());
                }
            }
            Value::Text(text) => {
                let region_too = !is_arn(text);
                if !found.add(index.get(&Key::Text(text.clone())), sure, region_too) {
                    let maybe: Vec<ResourceId> = index
                        .open
                        .iter()
                        .filter(|(_, name)| may_be(name, text))
                        .map(|(id, _)| *id)
                        .collect();
                    found.add(&maybe, false, region_too);
                    let cause = format!("`{text}` is no {target} of the snapshot");
                    found.open.get_or_insert_with(|| Arc::from(cause));
                }
            }
            Value::Open(open) => {
                let symbol = match (&open.shape, found.subject) {
                    (Shape::Symbol(SymbolRef::Attribute { resource, .. }), Some(subject)) => {
                        Some(Key::Symbol(subject.input, resource.clone()))
                    }
                    _ => None,
                };
                if !symbol
                    .is_some_and(|key| found.add(index.get(&key), sure && open.present, false))
                {
                    found.open.get_or_insert_with(|| open.cause.clone());
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether an open name may turn out to be the text.
fn may_be(name: &Value, text: &str) -> bool {
    match name.plain() {
        Value::Open(open) => match &open.shape {
            Shape::Text(segments) => segments::may_be(segments, text),
            Shape::Any | Shape::Symbol(_) => true,
            Shape::Between(..) => false,
        },
        _ => false,
    }
}

/// `r <- Type.Property`.
fn reverse(
    found: &mut Found<'_, '_>,
    index: &Index,
    program: &Program,
    to: ResourceId,
    by: &[Symbol],
) -> Result<(), Trap> {
    let world = found.world;
    let Some(resource) = world.resource(to) else { return Ok(()) };
    found.subject = Some(resource);
    let mut texts: Vec<Text> = Vec::new();
    let mut open_names: Vec<Value> = Vec::new();
    for name in names(world, program, &resource.kind, resource, by) {
        match readable(&name)? {
            Value::Text(text) => {
                found.add(index.get(&Key::Text(text.clone())), true, !is_arn(text));
                texts.push(text.clone());
            }
            Value::Open(open) => match &open.shape {
                Shape::Symbol(SymbolRef::Attribute { resource: of, .. }) => {
                    found.add(index.get(&Key::Symbol(resource.input, of.clone())), true, false);
                }
                _ => open_names.push(name.clone()),
            },
            _ => {}
        }
    }
    let fits = |reference: &Value| {
        let symbol = match reference.plain() {
            Value::Open(open) => match &open.shape {
                Shape::Text(parts) => parts.iter().any(|part| {
                    matches!(part, Segment::Open(Some(SymbolRef::Attribute { resource: of, .. })) if *of == resource.id)
                }),
                Shape::Any => true,
                Shape::Symbol(_) | Shape::Between(..) => false,
            },
            _ => false,
        };
        symbol || !open_names.is_empty() || texts.iter().any(|text| may_be(reference, text))
    };
    let maybe: Vec<ResourceId> =
        index.open.iter().filter(|(_, reference)| fits(reference)).map(|(id, _)| *id).collect();
    found.add(&maybe, false, false);
    if !open_names.is_empty() {
        let known = index.by_key.iter().filter_map(|(key, ids)| match key {
            Key::Text(text) if open_names.iter().any(|name| may_be(name, text)) => Some(ids),
            _ => None,
        });
        let ids: Vec<ResourceId> = known.flatten().copied().collect();
        found.add(&ids, false, false);
    }
    Ok(())
}

/// The resources of a type; those with one of the keys, where there is one.
fn resources(found: &mut Found<'_, '_>, index: &Index, kind: &str, key: Option<&Value>) {
    let all = found.world.of_type(kind);
    let keys = key.and_then(|key| texts(key.plain()));
    let Some(keys) = keys else {
        found.add(all, true, false);
        return;
    };
    for key in keys {
        found.add(index.get(&Key::Text(key)), true, false);
    }
    // Whether these have the key is for the filter to say.
    for (id, _) in &index.open {
        found.add(&[*id], true, false);
    }
    for (id, _) in &index.broken {
        found.add(&[*id], true, false);
    }
    found.add(&index.symbols, true, false);
}

/// The texts of a key that is wholly known; `None` where it is not, and everything must be looked at.
fn texts(key: &Value) -> Option<Vec<Text>> {
    match key {
        Value::Text(text) => Some(vec![text.clone()]),
        Value::Absent => Some(Vec::new()),
        Value::List(list) if list.open.is_none() => {
            let text = |item: &Item| match item.value.plain() {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            };
            list.items.iter().map(text).collect()
        }
        _ => None,
    }
}
