//! What a machine sees of a snapshot: resources by type, gaps, and indexes that are built when they are
//! first asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::base::Symbol;
use crate::builtins::{self, Builtin};
use crate::program::Program;
use crate::snapshot::model::{Gap, Resource, Snapshot, SourceKind};
use crate::value::{ResourceId, Text, Value};

use super::index::Index;

/// A snapshot, ready to be asked.
#[derive(Debug)]
pub struct World<'s> {
    snapshot: &'s Snapshot,
    /// Made when a join first asks: most runs have none.
    by_type: OnceLock<HashMap<Symbol, Vec<ResourceId>>>,
    pub(super) indexes: Vec<OnceLock<Index>>,
    /// The standard functions, by their number in the program.
    pub(super) builtins: Vec<Option<&'static Builtin>>,
}

impl<'s> World<'s> {
    /// The snapshot, for this program.
    pub fn new(program: &Program, snapshot: &'s Snapshot) -> Self {
        let indexes = program.joins.iter().map(|_| OnceLock::new()).collect();
        let builtins = program.builtins.iter().map(|id| builtins::find(id)).collect();
        Self { snapshot, by_type: OnceLock::new(), indexes, builtins }
    }

    /// The resource with this number.
    pub fn resource(&self, id: ResourceId) -> Option<&'s Resource> {
        self.snapshot.get(id)
    }

    /// The resources of a type, in the order of the snapshot.
    pub fn of_type(&self, kind: &str) -> &[ResourceId] {
        let by_type = self.by_type.get_or_init(|| sorted(self.snapshot));
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
