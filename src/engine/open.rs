//! A snapshot that stays open: resources come, change and go, and no more is judged again than what looked at
//! them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::Arc;

use crate::assess::attest::Attestations;
use crate::assess::{Message, Outcome, chosen, judge, on_one};
use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::snapshot::inventory::{self, Foreign, Record};
use crate::snapshot::made::{ACCOUNT, REGION, Seen};
use crate::snapshot::model::{Input, Resource, Snapshot, SourceKind};
use crate::value::{ResourceId, Text, Trap, Value};
use crate::vm::{Live, World, evaluate_params};

use super::Engine;

/// The inventory is the only input.
const INPUT: u32 = 0;

/// What tells resources apart: type, id, account, region.
type Identity = (Symbol, Text, Option<Text>, Option<Text>);

/// A snapshot that stays open, and its findings.
///
/// ```
/// use assize::engine::Engine;
///
/// let policy = "control encrypted for v in AWS::EC2::Volume { require v.Encrypted ?? false }";
/// let engine = Engine::builder().policy("own", policy).now("2026-11-24")?.build()?;
/// let line = r#"{"type":"AWS::EC2::Volume","id":"v","properties":{"Encrypted":false}}"#;
/// let mut open = engine.open("volumes", line.as_bytes()).map_err(|why| why.join("; "))?;
/// assert_eq!(open.findings().next().map(|finding| finding.verdict.name()), Some("fail"));
/// let changes = open.put(line.replace("false", "true").as_bytes())?;
/// assert_eq!(changes[0].after.as_ref().map(|finding| finding.verdict.name()), Some("pass"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Open<'e> {
    engine: &'e Engine,
    /// As the program's, but that every resource is kept.
    projection: Projection,
    params: Vec<Result<Value, Option<Trap>>>,
    values: Vec<Value>,
    snapshot: Snapshot,
    live: Live,
    ids: HashMap<Identity, ResourceId>,
    /// Numbers of resources that are gone.
    free: BTreeSet<ResourceId>,
    /// By type, the controls that speak of it.
    controls: HashMap<Symbol, Vec<u32>>,
    findings: BTreeMap<ResourceId, Vec<Outcome>>,
    seen: Seen,
    /// Accounts and regions that were made of what others say.
    made: BTreeSet<ResourceId>,
    /// How many had been named by then.
    named: usize,
    /// What has changed and was not told yet.
    changes: Vec<Change>,
    attestations: Attestations,
}

/// A finding that is not as it was.
#[derive(Clone, Debug)]
pub struct Change {
    /// As it was; `None` where there was none.
    pub before: Option<Outcome>,
    /// As it is; `None` where there is none any more.
    pub after: Option<Outcome>,
}

impl Engine {
    /// Opens an inventory: all of it is judged, and stays to be changed.
    ///
    /// # Errors
    ///
    /// What of it cannot be read, and resources that stand twice, each with its place: an open snapshot is whole.
    pub fn open(&self, name: &str, bytes: impl Read) -> Result<Open<'_>, Vec<String>> {
        let mut open = Open::new(self, name);
        let mut wrong = Vec::new();
        let mut foreign = Foreign::default();
        let projection = open.projection.clone();
        let at = |place: LineColumn| format!("{name}:{}:{}", place.line, place.column);
        let done = inventory::read(&projection, INPUT, bytes, |record| match record {
            // Neither of two that are one may hide the other.
            Record::Resource(resource) if open.ids.contains_key(&identity(&resource)) => {
                let what = format!("{} `{}` stands twice", resource.kind, resource.id);
                wrong.push(format!("{}: {what}", at(resource.place)));
            }
            Record::Resource(resource) => drop(open.take(resource)),
            Record::Skipped(account, region) => {
                open.seen.place(account.as_ref(), region.as_ref(), INPUT);
            }
            Record::Gap(gap) => open.snapshot.gaps.push(gap),
            Record::Foreign(kind, place) => {
                open.snapshot.gaps.extend(foreign.judge(&projection, kind, INPUT, place));
            }
            Record::Bad(place, what) => wrong.push(format!("{}: {what}", at(place))),
        });
        wrong.extend(done.err().map(|stopped| format!("{}: {}", at(stopped.place), stopped.what)));
        if !wrong.is_empty() {
            return Err(wrong);
        }
        open.make();
        let all: BTreeSet<ResourceId> = open.ids.values().copied().collect();
        open.judge(&all);
        open.changes.clear();
        Ok(open)
    }
}

impl<'e> Open<'e> {
    fn new(engine: &'e Engine, name: &str) -> Self {
        let program = &engine.program;
        let mut projection = program.projection.clone();
        projection.keep_all = true;
        let (source, sha256) = (SourceKind::Inventory, String::new());
        let input = Input { name: Arc::from(name), source, resources: 0, bytes: 0, sha256 };
        let nothing = Snapshot::default();
        let params = evaluate_params(program, &World::new(program, &nothing), engine.settings.now);
        let value = |value: &Result<Value, Option<Trap>>| value.clone().unwrap_or(Value::Absent);
        Self {
            engine,
            projection,
            values: params.iter().map(value).collect(),
            params,
            snapshot: Snapshot { inputs: vec![input], ..Snapshot::default() },
            live: Live::new(program),
            ids: HashMap::new(),
            free: BTreeSet::new(),
            controls: HashMap::new(),
            findings: BTreeMap::new(),
            seen: Seen::new(),
            made: BTreeSet::new(),
            named: 0,
            changes: Vec::new(),
            attestations: engine.attestations.clone(),
        }
    }

    /// All findings, those that pass among them.
    pub fn findings(&self) -> impl Iterator<Item = &Outcome> {
        self.findings.values().flatten()
    }

    /// The resources that are there, in the order in which queries find them; those among them that were made of
    /// what others say of their account and region.
    pub fn resources(&self) -> impl Iterator<Item = &Resource> {
        let all = (0u32..).map(ResourceId).zip(&self.snapshot.resources);
        all.filter(|(id, _)| !self.free.contains(id)).map(|(_, resource)| resource)
    }

    /// Puts a resource, as a line of an inventory, in the place of the one of the same type, id, account and
    /// region, or beside the others. Gives the findings that are not as they were.
    ///
    /// # Errors
    ///
    /// What is wrong with the line: then nothing has changed.
    pub fn put(&mut self, line: &[u8]) -> Result<Vec<Change>, String> {
        let (mut records, mut wrong) = (Vec::new(), Vec::new());
        let done = inventory::read(&self.projection, INPUT, line, |record| match record {
            Record::Resource(resource) => records.push(Ok(resource)),
            Record::Skipped(account, region) => records.push(Err((account, region))),
            Record::Gap(_) => wrong.push("a gap is no resource".to_owned()),
            Record::Foreign(kind, place) => {
                let near = Foreign::default().judge(&self.projection, kind, INPUT, place);
                wrong.extend(near.first().map(|gap| gap.reason.to_string()));
            }
            Record::Bad(place, what) => {
                wrong.push(format!("line {}, column {}: {what}", place.line, place.column));
            }
        });
        wrong.extend(done.err().map(|stopped| stopped.what));
        if let Some(what) = wrong.into_iter().next() {
            return Err(what);
        }
        if records.len() != 1 {
            return Err(format!("expected one resource, found {}", records.len()));
        }
        let mut concerned = BTreeSet::new();
        for record in records {
            match record {
                Ok(resource) => concerned.extend(self.take(resource)),
                Err((account, region)) => {
                    self.seen.place(account.as_ref(), region.as_ref(), INPUT);
                }
            }
        }
        concerned.extend(self.make());
        self.judge(&concerned);
        Ok(std::mem::take(&mut self.changes))
    }

    /// Takes a resource away. Gives the findings that are not as they were; none where it was not there.
    pub fn remove(
        &mut self,
        kind: &str,
        id: &str,
        account: Option<&str>,
        region: Option<&str>,
    ) -> Vec<Change> {
        let identity =
            (Symbol::new(kind), Text::from(id), account.map(Text::from), region.map(Text::from));
        if let Some(id) = self.ids.remove(&identity) {
            let concerned = self.gone(id);
            self.judge(&concerned);
        }
        std::mem::take(&mut self.changes)
    }

    /// Takes a resource away; who is concerned.
    fn gone(&mut self, id: ResourceId) -> BTreeSet<ResourceId> {
        self.live.forget(id);
        let mut concerned = self.live.replace(&self.engine.program, &mut self.snapshot, id, None);
        concerned.remove(&id);
        self.free.insert(id);
        let before = self.findings.remove(&id).unwrap_or_default();
        self.changes
            .extend(before.into_iter().map(|before| Change { before: Some(before), after: None }));
        concerned
    }

    /// Puts a resource in its place; who is concerned, itself among them.
    fn take(&mut self, resource: Resource) -> BTreeSet<ResourceId> {
        self.seen.resource(&resource);
        let mut concerned = match [ACCOUNT, REGION].contains(&&*resource.kind) {
            true => self.unmake(&resource),
            false => BTreeSet::new(),
        };
        let identity = identity(&resource);
        let next = || ResourceId(u32::try_from(self.snapshot.resources.len()).unwrap_or(u32::MAX));
        let id = match self.ids.get(&identity) {
            Some(known) => *known,
            None => self.free.pop_first().unwrap_or_else(next),
        };
        self.ids.insert(identity, id);
        let (program, snapshot) = (&self.engine.program, &mut self.snapshot);
        concerned.extend(self.live.replace(program, snapshot, id, Some(resource)));
        concerned.insert(id);
        concerned
    }

    /// Makes the accounts and regions that are named and not there; who is concerned.
    fn make(&mut self) -> BTreeSet<ResourceId> {
        let mut concerned = BTreeSet::new();
        if std::mem::replace(&mut self.named, self.seen.count()) == self.named {
            return concerned;
        }
        for resource in self.seen.resources(&self.projection, &self.snapshot.gaps) {
            let identity = identity(&resource);
            if !self.ids.contains_key(&identity) {
                concerned.extend(self.take(resource));
                self.made.extend(self.ids.get(&identity));
            }
        }
        concerned
    }

    /// What an input says of an account or a region itself takes the place of what was made; who is concerned.
    fn unmake(&mut self, given: &Resource) -> BTreeSet<ResourceId> {
        let same = |id: &&ResourceId| {
            let made = self.snapshot.get(**id);
            made.is_some_and(|made| made.kind == given.kind && made.id == given.id)
        };
        let Some(id) = self.made.iter().find(same).copied() else { return BTreeSet::new() };
        self.made.remove(&id);
        self.ids.retain(|_, known| *known != id);
        self.gone(id)
    }

    /// Judges these resources, as far as they are there.
    fn judge(&mut self, concerned: &BTreeSet<ResourceId>) {
        for id in concerned {
            if self.free.contains(id) {
                continue;
            }
            let now = self.outcomes(*id);
            let before = self.findings.insert(*id, now.clone()).unwrap_or_default();
            self.changes.extend(compare(before, now));
        }
    }

    fn outcomes(&mut self, id: ResourceId) -> Vec<Outcome> {
        let Some(resource) = self.snapshot.get(id) else { return Vec::new() };
        let (program, settings) = (&self.engine.program, &self.engine.settings);
        let chosen = match self.controls.get(&resource.kind) {
            Some(known) => known,
            None => {
                let chosen = chosen(program, &self.params, resource);
                self.controls.entry(resource.kind.clone()).or_insert(chosen)
            }
        };
        let given = (self.values.as_slice(), settings.now, settings.limits);
        let look = |machine: &mut crate::vm::Machine<'_>| {
            let mut outcomes = on_one(machine, chosen, id, resource);
            let mut counts = vec![(0, 0); program.waivers.len()];
            judge::cover(machine, settings, &mut outcomes, &mut counts);
            outcomes
        };
        let mut outcomes = self.live.look((program, &self.snapshot), given, id, look);
        self.attestations.answer(program, &mut outcomes);
        outcomes
    }
}

fn identity(resource: &Resource) -> Identity {
    let text = |value: &Value| value.as_text().cloned();
    let (account, region) = (text(&resource.account), text(&resource.region));
    (resource.kind.clone(), resource.id.clone(), account, region)
}

/// What of the findings on one resource is not as it was.
fn compare(before: Vec<Outcome>, after: Vec<Outcome>) -> Vec<Change> {
    let mut before: BTreeMap<u32, Outcome> =
        before.into_iter().map(|outcome| (outcome.control, outcome)).collect();
    let mut changes = Vec::new();
    for after in after {
        match before.remove(&after.control) {
            Some(known) if says(&known) == says(&after) => {}
            before => changes.push(Change { before, after: Some(after) }),
        }
    }
    changes.extend(before.into_values().map(|before| Change { before: Some(before), after: None }));
    changes
}

/// What a finding says, without the place where it stands.
fn says(outcome: &Outcome) -> impl PartialEq + use<> {
    let message = |message: &Message| {
        let evidence = message.evidence.iter();
        let evidence = evidence
            .map(|one| (one.pointer.clone(), one.resource.clone(), one.state, one.value.clone()));
        (message.text.clone(), message.verdict, evidence.collect::<Vec<_>>())
    };
    (outcome.verdict, outcome.waiver, outcome.messages.iter().map(message).collect::<Vec<_>>())
}
