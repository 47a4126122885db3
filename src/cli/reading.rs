//! Inputs to an assessment: each is read, and what can be judged at once is.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::assess::attest::Attestations;
use crate::assess::{self, Assessment, BATCH, Which, judge};
use crate::base::LineColumn;
use crate::base::distance::closest;
use crate::snapshot::cloudformation::{self, Options, Template};
use crate::snapshot::inventory::{self, Record};
use crate::snapshot::made::Seen;
use crate::snapshot::model::{Gap, Input, Resource, Snapshot, SourceKind};
use crate::value::Text;

use super::args::Source;
use super::check::Run;
use super::inputs::{self, Guess};
use super::policies::shown;
use super::say;

/// What has been read so far.
pub(super) struct Reading<'r> {
    run: &'r Run,
    assessment: Assessment,
    /// Resources that joins may look at.
    kept: Snapshot,
    /// Resources that only their own controls look at: they go when these have run.
    batch: Snapshot,
    seen: Seen,
    /// Of each waiver, how many findings it matched and how many it covered.
    waived: Vec<(u64, u64)>,
    attestations: Attestations,
    /// The names of all templates' parameters.
    parameters: BTreeSet<Text>,
}

impl<'r> Reading<'r> {
    pub fn new(run: &'r Run) -> Self {
        Self {
            run,
            assessment: Assessment::default(),
            kept: Snapshot::default(),
            batch: Snapshot::default(),
            seen: Seen::new(),
            waived: Vec::new(),
            attestations: run.attestations.clone(),
            parameters: BTreeSet::new(),
        }
    }

    /// A file, a folder, or `-`.
    pub fn path(&mut self, source: Source, path: &Path) {
        match inputs::expand(path) {
            Ok(files) if files.is_empty() => {
                self.incomplete(format!("{}: no snapshots in this folder", shown(path)));
            }
            Ok(files) => files.iter().for_each(|file| self.file(source, file)),
            Err(message) => self.incomplete(message),
        }
    }

    fn incomplete(&mut self, why: String) {
        self.assessment.incomplete.push(why);
    }

    fn input(&mut self, name: &str, source: SourceKind) -> u32 {
        let at = u32::try_from(self.assessment.inputs.len()).unwrap_or(u32::MAX);
        let (name, sha256) = (Arc::from(name), String::new());
        self.assessment.inputs.push(Input { name, source, resources: 0, bytes: 0, sha256 });
        at
    }

    fn count(&mut self, input: u32, resources: u64, receipt: &inputs::Receipt) {
        let (sha256, bytes) = receipt.finish();
        if let Some(input) = self.assessment.inputs.get_mut(input as usize) {
            (input.resources, input.sha256, input.bytes) = (resources, sha256, bytes);
        }
    }

    fn file(&mut self, source: Source, path: &Path) {
        let name = shown(path);
        if let Err(why) = self.open(source, path, &name) {
            self.incomplete(format!("{name}: {why}"));
        }
    }

    fn open(&mut self, source: Source, path: &Path, name: &str) -> Result<(), String> {
        let (mut stream, receipt) = inputs::open(path).map_err(|error| error.to_string())?;
        let mut start = Vec::new();
        let head = stream.by_ref().take(64 << 10).read_to_end(&mut start);
        head.map_err(|error| error.to_string())?;
        let guess = match source {
            Source::Auto => inputs::guess(&start),
            Source::Inventory => Guess::Inventory,
            Source::Cloudformation => Guess::Document,
        };
        match guess {
            Guess::Inventory => {
                self.inventory(name, std::io::Cursor::new(start).chain(stream), &receipt);
            }
            Guess::Document => {
                let bytes = inputs::rest(start, stream)?;
                self.template(name, &bytes, &receipt);
            }
            Guess::Unsupported(what) => return Err(format!("unsupported source: {what}")),
        }
        Ok(())
    }

    fn inventory(&mut self, name: &str, bytes: impl Read, receipt: &inputs::Receipt) {
        let input = self.input(name, SourceKind::Inventory);
        let mut count = 0u64;
        let projection = &self.run.program.projection;
        let stopped = inventory::read(projection, input, bytes, |record| {
            count += u64::from(!matches!(record, Record::Gap(_)));
            match record {
                Record::Resource(resource) => self.resource(*resource),
                Record::Skipped(account, region) => {
                    self.seen.place(account.as_ref(), region.as_ref(), input);
                }
                Record::Gap(gap) => self.assessment.gaps.push(gap),
                Record::Bad(place, what) => {
                    let what = format!("this resource cannot be read: {what}");
                    self.lost(name, input, place, &what);
                }
            }
        });
        if let Err(stopped) = stopped {
            self.lost(name, input, stopped.place, &stopped.what);
        }
        self.count(input, count, receipt);
    }

    /// Something of an inventory could not be read, not even its type: it may be a subject of any control,
    /// and what any query looks for.
    fn lost(&mut self, name: &str, input: u32, place: LineColumn, what: &str) {
        let LineColumn { line, column } = place;
        self.incomplete(format!("{name}:{line}:{column}: {what}"));
        let reason = Arc::from(what);
        let gap = Gap { kind: None, account: None, region: None, reason, input, place };
        self.assessment.gaps.push(gap);
    }

    fn template(&mut self, name: &str, bytes: &[u8], receipt: &inputs::Receipt) {
        let input = self.input(name, SourceKind::CloudFormation);
        let options = Options { parameters: &self.run.parameters, input };
        match cloudformation::read(&self.run.program.projection, &options, name, bytes) {
            Ok(template) => {
                self.count(input, template.count, receipt);
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
            say(&format!("warning: {}: {}", at(warning.place), warning.what));
        }
        for lost in &template.lost {
            self.incomplete(format!("{}: {}", at(lost.place), lost.what));
        }
        self.parameters.extend(template.parameters);
        self.seen.template(input);
        self.assessment.gaps.extend(template.gaps);
        // A template is small, and its parts refer to each other: all of it is kept.
        self.kept.resources.extend(template.resources);
    }

    fn resource(&mut self, resource: Resource) {
        self.seen.resource(&resource);
        if self.run.program.projection.keeps(&resource.kind) {
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
        let run = self.run;
        let mut outcomes = assess::run(&run.program, snapshot, &run.settings, which);
        judge::waive(&run.program, snapshot, &run.settings, &mut outcomes, &mut self.waived);
        self.attestations.answer(&run.program, &mut outcomes);
        self.assessment.outcomes.extend(outcomes);
    }

    /// Values that were given for parameters that no template has.
    fn unknown_parameters(&mut self) {
        for (name, _) in &self.run.parameters {
            if !self.parameters.contains(name.as_str()) {
                let near = closest(name, self.parameters.iter().map(|known| &**known));
                let mend = near.first().map(|near| format!("; did you mean `{near}`?"));
                let mend = mend.unwrap_or_default();
                let what = format!("--parameter `{name}`: no template has such a parameter{mend}");
                self.assessment.incomplete.push(what);
            }
        }
    }

    /// Judges what is left and sums up.
    pub fn finish(mut self) -> Assessment {
        let run = self.run;
        self.flush();
        self.unknown_parameters();
        let mut kept = std::mem::take(&mut self.kept);
        kept.resources.extend(self.seen.resources(&run.program.projection, &self.assessment.gaps));
        kept.inputs.clone_from(&self.assessment.inputs);
        kept.gaps.clone_from(&self.assessment.gaps);
        self.evaluate(&kept, Which::All);
        let mut assessment = self.assessment;
        let seen: u64 = assessment.inputs.iter().map(|input| input.resources).sum();
        if seen == 0 && assessment.incomplete.is_empty() {
            assessment.incomplete.push("no resources were found in the inputs".to_owned());
        }
        assessment.now = run.settings.now;
        assessment.profile = run.profile.as_ref().map(|profile| profile.name.to_string());
        assessment.waivers = judge::waiver_states(&run.program, &run.settings, &self.waived);
        let unset = assess::unset(&run.program, &run.settings);
        let mut attested = self.attestations;
        let hir = &run.policies.hir;
        assessment.conclude(hir, &run.program, run.profile.as_ref(), &unset, &mut attested);
        assessment.attestations = attested.all.iter().cloned().zip(attested.states()).collect();
        assessment.gaps.sort_by_key(|gap| (gap.input, gap.place));
        assessment
    }
}
