//! A run: inputs are read, and what can be judged at once is; the rest when all is read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;

use crate::assess::attest::Attestations;
use crate::assess::cases::{Ground, decide};
use crate::assess::{self, Assessment, BATCH, Counts, Job, Outcome, Passed, Verdict, Which, judge};
use crate::base::LineColumn;
use crate::base::distance::did_you_mean;
use crate::snapshot::cloudformation::{self, Cases, Options, Template};
use crate::snapshot::made::Seen;
use crate::snapshot::model::{Gap, Input, Resource, Snapshot, SourceKind};
use crate::value::Text;

use super::Engine;
use super::cancel::{CANCELLED, Cancel, Guarded};
use super::config::Latest;
use super::guess::{Guess, HEAD, guess};

/// The longest text that is read whole, in bytes.
const MAX_DOCUMENT: u64 = 256 << 20;

/// All bytes of a text that is read whole.
fn whole(bytes: impl Read) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    bytes.take(MAX_DOCUMENT).read_to_end(&mut text).map_err(|error| error.to_string())?;
    match text.len() as u64 >= MAX_DOCUMENT {
        true => Err("over 256 MiB: too large for a text that is read whole".to_owned()),
        false => Ok(text),
    }
}

/// A run of an engine: what has been read so far.
#[derive(Debug)]
pub struct Run<'r> {
    pub(super) engine: &'r Engine,
    pub(super) assessment: Assessment,
    /// Resources that joins may look at.
    pub(super) kept: Snapshot,
    /// Resources that only their own controls look at: they go when these have run.
    batch: Snapshot,
    pub(super) seen: Seen,
    /// Which states of resources have passed.
    pub(super) latest: Latest,
    /// Of each waiver, how many findings it matched and how many it covered.
    waived: Vec<(u64, u64)>,
    attestations: Attestations,
    /// Templates that leave something open that can be told case by case, by the number of the input.
    cases: BTreeMap<u32, Cases>,
    /// The names of all templates' parameters.
    parameters: BTreeSet<Text>,
    warnings: Vec<String>,
    cancel: Cancel,
    failing_only: bool,
    pub(super) threads: usize,
}

impl<'r> Run<'r> {
    pub(super) fn new(engine: &'r Engine) -> Self {
        Self {
            engine,
            assessment: Assessment::default(),
            kept: Snapshot::default(),
            batch: Snapshot::default(),
            seen: Seen::new(),
            latest: Latest::default(),
            waived: Vec::new(),
            attestations: engine.attestations.clone(),
            cases: BTreeMap::new(),
            parameters: BTreeSet::new(),
            warnings: Vec::new(),
            cancel: Cancel::new(),
            failing_only: false,
            threads: 1,
        }
    }

    /// Counts findings that pass or do not apply, and keeps no more of them: for a long input of which only
    /// what fails is to be told.
    #[must_use]
    pub fn failing_only(self) -> Self {
        Self { failing_only: true, ..self }
    }

    /// Reads and judges inventories on this many threads, the caller's own among them. The assessment is the
    /// same whatever the number.
    #[must_use]
    pub fn threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Ends early where this switch is turned on, from whatever thread.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// The bytes, as long as the run is not ended.
    pub(super) fn guarded<R: Read>(&self, bytes: R) -> Guarded<R> {
        Guarded { bytes, cancel: self.cancel.clone() }
    }

    /// Something of the inputs that cannot even be opened: the answer is incomplete.
    pub fn incomplete(&mut self, why: String) {
        self.assessment.incomplete.push(why);
    }

    /// What was said about the inputs that does not make the answer incomplete.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(super) fn input(&mut self, name: &str, source: SourceKind) -> u32 {
        let at = u32::try_from(self.assessment.inputs.len()).unwrap_or(u32::MAX);
        let (name, sha256) = (Arc::from(name), String::new());
        self.assessment.inputs.push(Input { name, source, resources: 0, bytes: 0, sha256 });
        at
    }

    pub(super) fn count(&mut self, input: u32, resources: u64) {
        if let Some(input) = self.assessment.inputs.get_mut(input as usize) {
            input.resources = resources;
        }
    }

    /// The size and digest of the input that was read last, for the report.
    pub fn receipt(&mut self, bytes: u64, sha256: String) {
        if let Some(input) = self.assessment.inputs.last_mut() {
            (input.bytes, input.sha256) = (bytes, sha256);
        }
    }

    /// Reads an input of a kind that is found out by how it begins.
    ///
    /// # Errors
    ///
    /// Where it cannot be read at all; what cannot be read in it makes the answer incomplete.
    pub fn input_from(&mut self, name: &str, mut bytes: impl Read) -> Result<(), String> {
        let mut start = Vec::new();
        let head = bytes.by_ref().take(HEAD).read_to_end(&mut start);
        head.map_err(|error| error.to_string())?;
        self.input_of(guess(&start), name, std::io::Cursor::new(start).chain(bytes))
    }

    /// Reads an input of this kind.
    ///
    /// # Errors
    ///
    /// As [`Run::input_from`].
    pub fn input_of(&mut self, kind: Guess, name: &str, bytes: impl Read) -> Result<(), String> {
        match kind {
            Guess::Inventory => self.inventory(name, bytes),
            Guess::Config => self.config(name, bytes),
            Guess::Document => self.template(name, &whole(bytes)?),
            Guess::Terraform => self.terraform(name, &whole(bytes)?),
            Guess::Unsupported(what) => return Err(format!("unsupported source: {what}")),
        }
        Ok(())
    }

    /// Something of an inventory could not be read, not even its type: it may be a subject of any control,
    /// and what any query looks for.
    pub(super) fn lost(&mut self, name: &str, input: u32, place: LineColumn, what: &str) {
        let LineColumn { line, column } = place;
        self.incomplete(format!("{name}:{line}:{column}: {what}"));
        let reason = Arc::from(what);
        let gap = Gap { kind: None, account: None, region: None, reason, input, place };
        self.assessment.gaps.push(gap);
    }

    /// Reads a template.
    pub fn template(&mut self, name: &str, bytes: &[u8]) {
        let input = self.input(name, SourceKind::CloudFormation);
        let options = Options { parameters: &self.engine.parameters, input };
        match cloudformation::read(&self.engine.program.projection, &options, name, bytes) {
            Ok(template) => {
                self.count(input, template.count);
                self.template_read(name, input, template);
            }
            Err(error) => {
                let LineColumn { line, column } = error.place;
                self.incomplete(format!("{name}:{line}:{column}: {}", error.what));
            }
        }
    }

    fn template_read(&mut self, name: &str, input: u32, template: Template) {
        let at = |place: LineColumn| format!("{name}:{}:{}", place.line, place.column);
        for warning in &template.warnings {
            self.warnings.push(format!("{}: {}", at(warning.place), warning.what));
        }
        for lost in &template.lost {
            self.incomplete(format!("{}: {}", at(lost.place), lost.what));
        }
        self.parameters.extend(template.parameters);
        self.seen.template(input);
        self.cases.extend(template.cases.map(|cases| (input, cases)));
        self.assessment.gaps.extend(template.gaps);
        // A template is small, and its parts refer to each other: all of it is kept.
        self.kept.resources.extend(template.resources);
    }

    pub(super) fn resource(&mut self, resource: Resource) {
        self.seen.resource(&resource);
        if self.engine.program.projection.keeps(&resource.kind) {
            self.kept.resources.push(resource);
            return;
        }
        self.batch.resources.push(resource);
        if self.batch.resources.len() >= BATCH {
            self.flush();
        }
    }

    /// Runs the controls that look at nothing but their subject on what is not kept.
    fn flush(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        batch.inputs.clone_from(&self.assessment.inputs);
        self.evaluate(&batch, Which::Alone);
    }

    fn evaluate(&mut self, snapshot: &Snapshot, which: Which) {
        let judge = self.judge();
        let mut waived = Vec::new();
        // Of AWS Config's items, later ones may replace what has passed.
        let passed = &mut self.assessment.passed;
        let how = (which, self.threads, &self.cases);
        let outcomes = judge.evaluate(snapshot, how, &mut waived, passed);
        self.found(outcomes, &[], &waived);
    }

    /// Takes findings, in the order of the inputs.
    pub(super) fn found(
        &mut self,
        mut outcomes: Vec<Outcome>,
        quiet: &[Counts],
        waived: &[(u64, u64)],
    ) {
        self.attestations.answer(&self.engine.program, &mut outcomes);
        self.assessment.outcomes.extend(outcomes);
        self.assessment.quiet.resize(self.engine.program.controls.len(), Counts::default());
        for (all, more) in self.assessment.quiet.iter_mut().zip(quiet) {
            *all += *more;
        }
        self.waived.resize(self.engine.program.waivers.len(), (0, 0));
        for (all, (matched, covered)) in self.waived.iter_mut().zip(waived) {
            *all = (all.0 + matched, all.1 + covered);
        }
    }

    /// What judges resources without the run: on any thread.
    pub(super) fn judge(&self) -> Judge<'r> {
        Judge { engine: self.engine, cancel: self.cancel.clone(), failing_only: self.failing_only }
    }

    /// Values that were given for parameters that no template has.
    fn unknown_parameters(&mut self) {
        for (name, _) in &self.engine.parameters {
            if !self.parameters.contains(name.as_str()) {
                let mend = did_you_mean(name, self.parameters.iter().map(|known| &**known));
                let what = format!("--parameter `{name}`: no template has such a parameter{mend}");
                self.assessment.incomplete.push(what);
            }
        }
    }

    /// What was read and is kept for joins, with the accounts and regions that were seen; and why something may
    /// be missing. Nothing is judged.
    pub(super) fn into_snapshot(mut self) -> (Snapshot, Vec<String>) {
        self.unknown_parameters();
        let mut kept = std::mem::take(&mut self.kept);
        let latest = &self.latest;
        kept.resources.retain(|resource| !latest.has_passed((resource.input, resource.place)));
        kept.resources
            .extend(self.seen.resources(&self.engine.program.projection, &self.assessment.gaps));
        kept.inputs = self.assessment.inputs;
        kept.gaps = self.assessment.gaps;
        (kept, self.assessment.incomplete)
    }

    /// Judges what is left and sums up.
    pub fn finish(mut self) -> Assessment {
        let run = self.engine;
        self.flush();
        self.unknown_parameters();
        let mut kept = std::mem::take(&mut self.kept);
        let latest = &self.latest;
        kept.resources.retain(|resource| !latest.has_passed((resource.input, resource.place)));
        self.assessment.outcomes.retain(|known| !latest.has_passed((known.input, known.place)));
        self.assessment.passed.retain(|known| !latest.has_passed((known.input, known.place)));
        self.not_given(&kept);
        self.not_planned(&kept);
        kept.resources.extend(self.seen.resources(&run.program.projection, &self.assessment.gaps));
        kept.inputs.clone_from(&self.assessment.inputs);
        kept.gaps.clone_from(&self.assessment.gaps);
        self.evaluate(&kept, Which::All);
        if self.cancel.is_cancelled() {
            self.incomplete(CANCELLED.to_owned());
        }
        let mut assessment = self.assessment;
        let seen: u64 = assessment.inputs.iter().map(|input| input.resources).sum();
        if seen == 0 && assessment.incomplete.is_empty() {
            assessment.incomplete.push("no resources were found in the inputs".to_owned());
        }
        assessment.now = run.settings.now;
        assessment.profile = run.profile.as_ref().map(|profile| profile.name.to_string());
        let title = run.profile.as_ref().map(|profile| profile.title.clone());
        assessment.profile_title = title.filter(|title| !title.is_empty());
        assessment.waivers = judge::waiver_states(&run.program, &run.settings, &self.waived);
        let unset = assess::unset(&run.program, &run.settings);
        let mut attested = self.attestations;
        let hir = &run.policies.hir;
        let known = (&run.requirements, unset.as_slice());
        assessment.conclude(hir, &run.program, run.profile.as_ref(), known, &mut attested);
        assessment.attestations = attested.all.iter().cloned().zip(attested.states()).collect();
        assessment.gaps.sort_by_key(|gap| (gap.input, gap.place));
        assessment
    }
}

/// Runs controls on resources, and knows nothing of what was read before.
#[derive(Clone, Debug)]
pub(super) struct Judge<'r> {
    pub engine: &'r Engine,
    cancel: Cancel,
    failing_only: bool,
}

impl Judge<'_> {
    /// The findings, with their waivers; what each waiver matched and covered is added, and, where the run keeps
    /// what fails alone, those of which nothing is to be said.
    pub fn evaluate(
        &self,
        snapshot: &Snapshot,
        (which, threads, cases): (Which, usize, &BTreeMap<u32, Cases>),
        waived: &mut Vec<(u64, u64)>,
        passed: &mut Vec<Passed>,
    ) -> Vec<Outcome> {
        let (program, settings) = (&self.engine.program, &self.engine.settings);
        let stop = || self.cancel.is_cancelled();
        let (quiet, stop) = (self.failing_only, &stop);
        let job = Job { program, snapshot, settings, which, stop, quiet, threads };
        let (mut outcomes, quiet) = job.run();
        passed.extend(quiet);
        let parameters = &self.engine.parameters;
        let ground = Ground { program, settings, parameters, snapshot, stop };
        decide(&ground, cases, &mut outcomes);
        judge::waive(program, snapshot, settings, &mut outcomes, waived);
        if self.failing_only {
            outcomes.retain(|outcome| {
                let quiet = matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable);
                let said = !quiet || !outcome.messages.is_empty();
                let Outcome { control, verdict, input, place, .. } = *outcome;
                passed.extend((!said).then_some(Passed { control, verdict, input, place }));
                said
            });
        }
        outcomes
    }
}
