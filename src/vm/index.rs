//! Joins: from a reference to what it points to, from a resource to what points to it, and from a key to
//! the resources that have it.

use std::sync::Arc;

use crate::base::Symbol;
use crate::program::{Join, JoinIdx, Program};
use crate::snapshot::model::{Resource, SourceKind};
use crate::value::compare::readable;
use crate::value::{
    Item, List, ResourceId, Segment, Shape, SymbolRef, Text, Trap, Value, segments,
};

use super::keys::{Index, Key, names};
use super::world::World;

/// What a look-up asked of the index of a join.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// Whose index.
    pub join: JoinIdx,
    pub what: What,
}

/// For what an index is asked.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// What may be found by whatever key: resources whose key is open or broken.
    Any,
    /// Those with this key.
    Key(Key),
    /// All.
    All,
}

/// The resources that the join finds.
pub(super) fn find(
    world: &World<'_>,
    program: &Program,
    (idx, join): (JoinIdx, &Join),
    subject: Option<ResourceId>,
    src: &Value,
    asked: Option<&mut Vec<Asked>>,
) -> Result<List, Trap> {
    let Some(index) = world.index(program, idx, join) else { return Ok(List::default()) };
    let subject = subject.and_then(|id| world.resource(id));
    let mut found = Found { world, join: idx, asked, subject, all: Vec::new(), open: None };
    found.ask(What::Any);
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
    join: JoinIdx,
    asked: Option<&'w mut Vec<Asked>>,
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

    /// Notes what is asked, where somebody wants to know.
    fn ask(&mut self, what: What) {
        if let Some(asked) = &mut self.asked {
            asked.push(Asked { join: self.join, what });
        }
    }

    /// Those with this key; whether there are any.
    fn look(&mut self, index: &Index, key: Key, sure: bool, region_too: bool) -> bool {
        let any = self.add(index.get(&key), sure, region_too);
        self.ask(What::Key(key));
        any
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
                if !found.look(index, Key::Text(text.clone()), sure, region_too) {
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
                if !symbol.is_some_and(|key| found.look(index, key, sure && open.present, false)) {
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
                found.look(index, Key::Text(text.clone()), true, !is_arn(text));
                texts.push(text.clone());
            }
            Value::Open(open) => match &open.shape {
                Shape::Symbol(SymbolRef::Attribute { resource: of, .. }) => {
                    found.look(index, Key::Symbol(resource.input, of.clone()), true, false);
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
        found.ask(What::All);
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
        found.ask(What::All);
        found.add(all, true, false);
        return;
    };
    for key in keys {
        found.look(index, Key::Text(key), true, false);
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
