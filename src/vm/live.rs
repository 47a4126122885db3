//! A snapshot that stays open: who asked what of joins. A resource that changes concerns itself and those that
//! looked at it, or for what it is now.

use std::collections::{BTreeSet, HashMap};

use crate::base::Symbol;
use crate::program::{Join, Program};
use crate::snapshot::model::{Resource, Snapshot};
use crate::value::{ResourceId, Value};

use super::index::{Asked, What};
use super::keys::{Entry, Key, entries};
use super::machine::{Limits, Machine};
use super::world::{Known, World};

/// Indexes that are kept as resources change, and who asked them.
#[derive(Debug)]
pub struct Live {
    known: Known,
    /// By the number of the join.
    users: Vec<Users>,
    /// What a subject asked.
    asked: HashMap<ResourceId, Vec<Asked>>,
}

/// Who asked the index of a join.
#[derive(Debug, Default)]
struct Users {
    any: BTreeSet<ResourceId>,
    by_key: HashMap<Key, BTreeSet<ResourceId>>,
    all: BTreeSet<ResourceId>,
}

impl Live {
    /// Nobody has asked yet.
    pub fn new(program: &Program) -> Self {
        let users = program.joins.iter().map(|_| Users::default()).collect();
        Self { known: Known::new(program), users, asked: HashMap::new() }
    }

    /// Puts a resource in the place of the one with this number, or behind all others; `None` takes it away.
    /// Gives those that looked at what was there, or for what is there now; the resource itself is not
    /// among them unless it looked at itself.
    pub fn replace(
        &mut self,
        program: &Program,
        snapshot: &mut Snapshot,
        id: ResourceId,
        resource: Option<Resource>,
    ) -> BTreeSet<ResourceId> {
        let mut concerned = BTreeSet::new();
        let before = snapshot.get(id).map(|before| before.kind.clone());
        let after = resource.as_ref().map(|after| after.kind.clone());
        self.take_out(program, snapshot, id, &mut concerned);
        match (resource, snapshot.resources.get_mut(id.0 as usize)) {
            (Some(resource), Some(place)) => *place = resource,
            (Some(resource), None) => snapshot.resources.push(resource),
            // Nobody asks for a type without a name.
            (None, Some(place)) => (place.kind, place.slots) = (Symbol::from(""), Vec::new()),
            (None, None) => {}
        }
        self.of_type(id, before.as_ref(), after.as_ref());
        if after.is_some() {
            self.put_in(program, snapshot, id, &mut concerned);
        }
        concerned
    }

    fn take_out(
        &mut self,
        program: &Program,
        snapshot: &Snapshot,
        id: ResourceId,
        concerned: &mut BTreeSet<ResourceId>,
    ) {
        for (at, join, old) in self.entries(program, snapshot, id) {
            self.concerned(at, join, &old, concerned);
            let index = self.known.indexes.get_mut(at).and_then(|cell| cell.get_mut());
            if let Some(index) = index {
                old.iter().for_each(|entry| index.remove(id, entry));
            }
        }
    }

    fn put_in(
        &mut self,
        program: &Program,
        snapshot: &Snapshot,
        id: ResourceId,
        concerned: &mut BTreeSet<ResourceId>,
    ) {
        for (at, join, new) in self.entries(program, snapshot, id) {
            self.concerned(at, join, &new, concerned);
            let index = self.known.indexes.get_mut(at).and_then(|cell| cell.get_mut());
            if let Some(index) = index {
                new.into_iter().for_each(|entry| index.put(id, entry));
            }
        }
    }

    /// Under what the resource stands in the index of each join that may find it.
    fn entries<'p>(
        &mut self,
        program: &'p Program,
        snapshot: &Snapshot,
        id: ResourceId,
    ) -> Vec<(usize, &'p Join, Vec<Entry>)> {
        let Some(resource) = snapshot.get(id) else { return Vec::new() };
        let world = World::knowing(snapshot, std::mem::take(&mut self.known));
        let joins = program.joins.iter().enumerate();
        let found = joins.filter(|(_, join)| *join.finds() == resource.kind);
        let out =
            found.map(|(at, join)| (at, join, entries(&world, program, join, resource))).collect();
        self.known = world.known();
        out
    }

    /// Who asked for what stands there.
    fn concerned(&self, at: usize, join: &Join, entries: &[Entry], out: &mut BTreeSet<ResourceId>) {
        let Some(users) = self.users.get(at) else { return };
        out.extend(&users.all);
        for entry in entries {
            match entry {
                Entry::Key(key) => {
                    out.extend(users.by_key.get(key).into_iter().flatten());
                    if matches!((key, join), (Key::Symbol(..), Join::Resources { .. })) {
                        out.extend(&users.any);
                    }
                }
                Entry::Open(_) | Entry::Broken(_) => out.extend(&users.any),
            }
        }
    }

    fn of_type(&mut self, id: ResourceId, before: Option<&Symbol>, after: Option<&Symbol>) {
        let Some(by_type) = self.known.by_type.get_mut() else { return };
        if before == after {
            return;
        }
        if let Some(ids) = before.and_then(|kind| by_type.get_mut(kind)) {
            ids.retain(|known| *known != id);
        }
        if let Some(kind) = after {
            let ids = by_type.entry(kind.clone()).or_default();
            if let Err(place) = ids.binary_search(&id) {
                ids.insert(place, id);
            }
        }
    }

    /// Looks at a subject with a machine; what it asks of joins is noted, in place of what it asked before.
    pub fn look<T>(
        &mut self,
        (program, snapshot): (&Program, &Snapshot),
        (params, now, limits): (&[Value], i64, Limits),
        subject: ResourceId,
        look: impl FnOnce(&mut Machine<'_>) -> T,
    ) -> T {
        self.forget(subject);
        let world = World::knowing(snapshot, std::mem::take(&mut self.known));
        let mut machine = Machine::new(program, &world, params, now, limits);
        machine.asked = Some(Vec::new());
        let out = look(&mut machine);
        let asked = machine.asked.take().unwrap_or_default();
        self.known = world.known();
        self.note(subject, asked);
        out
    }

    fn note(&mut self, subject: ResourceId, asked: Vec<Asked>) {
        for Asked { join, what } in &asked {
            let Some(users) = self.users.get_mut(usize::from(join.0)) else { continue };
            match what {
                What::Any => users.any.insert(subject),
                What::All => users.all.insert(subject),
                What::Key(key) => users.by_key.entry(key.clone()).or_default().insert(subject),
            };
        }
        if !asked.is_empty() {
            self.asked.insert(subject, asked);
        }
    }

    /// A subject asks nothing any more.
    pub fn forget(&mut self, subject: ResourceId) {
        for Asked { join, what } in self.asked.remove(&subject).unwrap_or_default() {
            let Some(users) = self.users.get_mut(usize::from(join.0)) else { continue };
            match what {
                What::Any => drop(users.any.remove(&subject)),
                What::All => drop(users.all.remove(&subject)),
                What::Key(key) => {
                    if let Some(subjects) = users.by_key.get_mut(&key) {
                        subjects.remove(&subject);
                        if subjects.is_empty() {
                            users.by_key.remove(&key);
                        }
                    }
                }
            }
        }
    }
}
