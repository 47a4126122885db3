//! What a machine sees of a snapshot: resources by type, gaps, and indexes that are built when they are
//! first asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::base::Symbol;
use crate::builtins::{self, Builtin};
use crate::program::{BuiltinIdx, Join, JoinIdx, Program};
use crate::snapshot::model::{Gap, Resource, Snapshot, SourceKind};
use crate::value::{ResourceId, Text, Value};

use super::keys::Index;

/// A snapshot, ready to be asked.
#[derive(Debug)]
pub struct World<'s> {
    snapshot: &'s Snapshot,
    known: Known,
}

/// What is known of a snapshot beside the resources themselves.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Made when a join first asks: most runs have none.
    pub by_type: OnceLock<HashMap<Symbol, Vec<ResourceId>>>,
    /// By the number of the join, made when it first asks.
    pub indexes: Vec<OnceLock<Index>>,
    /// The standard functions, by their number in the program.
    pub builtins: Vec<Option<&'static Builtin>>,
}

impl Known {
    /// Nothing yet.
    pub fn new(program: &Program) -> Self {
        Self {
            by_type: OnceLock::new(),
            indexes: program.joins.iter().map(|_| OnceLock::new()).collect(),
            builtins: program.builtins.iter().map(|id| builtins::find(id)).collect(),
        }
    }
}

impl<'s> World<'s> {
    /// The snapshot, for this program.
    pub fn new(program: &Program, snapshot: &'s Snapshot) -> Self {
        Self::knowing(snapshot, Known::new(program))
    }

    /// The snapshot, of which this is known.
    pub(super) fn knowing(snapshot: &'s Snapshot, known: Known) -> Self {
        Self { snapshot, known }
    }

    /// What is known by now.
    pub(super) fn known(self) -> Known {
        self.known
    }

    /// The index of a join.
    pub(super) fn index(&self, program: &Program, idx: JoinIdx, join: &Join) -> Option<&Index> {
        let cell = self.known.indexes.get(usize::from(idx.0))?;
        Some(cell.get_or_init(|| Index::build(self, program, join)))
    }

    /// The standard function with this number.
    pub(super) fn builtin(&self, idx: BuiltinIdx) -> Option<&'static Builtin> {
        self.known.builtins.get(usize::from(idx.0)).copied().flatten()
    }

    /// The resource with this number.
    pub fn resource(&self, id: ResourceId) -> Option<&'s Resource> {
        self.snapshot.get(id)
    }

    /// The resources of a type, in the order of the snapshot.
    pub fn of_type(&self, kind: &str) -> &[ResourceId] {
        let by_type = self.known.by_type.get_or_init(|| sorted(self.snapshot));
        by_type.get(kind).map_or(&[], Vec::as_slice)
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// The kind of source that a resource is from.
    pub(super) fn source(&self, resource: &Resource) -> SourceKind {
        self.snapshot
            .inputs
            .get(resource.input as usize)
            .map_or(SourceKind::Test, |input| input.source)
    }

    /// Why a query over the type, seen from the subject, may miss resources. What a template hides
    /// concerns that template alone, and a template's own queries do not look beyond it.
    pub(super) fn gap(&self, kind: &str, subject: Option<&Resource>) -> Option<Text> {
        let same =
            |wanted: Option<&Text>, own: Option<&Value>| match (wanted, own.map(Value::plain)) {
                (Some(wanted), Some(Value::Text(own))) => wanted == own,
                _ => true,
            };
        let is_template = |input: u32| {
            let input = self.snapshot.inputs.get(input as usize);
            input.is_some_and(|input| input.source == SourceKind::CloudFormation)
        };
        let reaches = |gap: &Gap| match subject {
            Some(subject) if is_template(gap.input) || is_template(subject.input) => {
                gap.input == subject.input
            }
            _ => true,
        };
        let covers = |gap: &&Gap| {
            reaches(gap)
                && gap.kind.as_ref().is_none_or(|of| **of == *kind)
                && same(gap.account.as_ref(), subject.map(|subject| &subject.account))
        };
        self.snapshot.gaps.iter().find(covers).map(|gap| gap.reason.clone())
    }
}

/// The resources by type.
fn sorted(snapshot: &Snapshot) -> HashMap<Symbol, Vec<ResourceId>> {
    let mut by_type: HashMap<Symbol, Vec<ResourceId>> = HashMap::new();
    for (at, resource) in (0u32..).zip(&snapshot.resources) {
        match by_type.get_mut(&resource.kind) {
            Some(known) => known.push(ResourceId(at)),
            None => drop(by_type.insert(resource.kind.clone(), vec![ResourceId(at)])),
        }
    }
    by_type
}
