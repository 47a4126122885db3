//! A whole run: findings, what each control comes to, what each requirement comes to.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use crate::base::LineColumn;
use crate::hir::{ControlId, Hir, MarginAmount, Profile};
use crate::program::{Control, Program, Subject};
use crate::snapshot::model::{Gap, Input, SourceKind};

use super::attest::{Attestation, AttestationState, Attestations};
use super::finding::{Outcome, Verdict};
use super::judge::WaiverState;

/// How many findings there are of each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the verdicts")]
pub struct Counts {
    pub pass: u64,
    pub fail: u64,
    pub error: u64,
    pub unknown: u64,
    pub not_applicable: u64,
    pub manual: u64,
    /// Of those that fail, how many a waiver covers.
    pub waived: u64,
}

impl Counts {
    /// Counts a finding.
    pub fn add(&mut self, outcome: &Outcome) {
        self.count(outcome.verdict);
        self.waived += u64::from(outcome.waiver.is_some());
    }

    /// Counts a finding of which nothing is to be said.
    pub(crate) fn count(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Error => &mut self.error,
            Verdict::Unknown => &mut self.unknown,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Manual => &mut self.manual,
        };
        *count += 1;
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.pass += more.pass;
        self.fail += more.fail;
        self.error += more.error;
        self.unknown += more.unknown;
        self.not_applicable += more.not_applicable;
        self.manual += more.manual;
        self.waived += more.waived;
    }
}

/// The status of a control that did not run.
pub const UNCOVERED: &str = "uncovered";

/// What a control comes to over its whole population.
#[derive(Clone, Debug)]
pub struct ControlSummary {
    /// The control, by its number in the program.
    pub control: u32,
    /// Its findings.
    pub counts: Counts,
    /// Whether resources of which the control speaks may not have been seen: an input says so, or could
    /// not be read.
    pub hidden: bool,
    /// `compliant`, `within_margin`, `non_compliant`, `undetermined`, `not_applicable`, or `uncovered`
    /// where a parameter has no value.
    pub status: &'static str,
    /// For how long its failures may stay within the margin, in microseconds: a run alone cannot tell since
    /// when they do.
    pub margin_for: Option<i64>,
    /// The requirements that it helps to meet: `framework:id`.
    pub requirements: Arc<[String]>,
}

/// What a requirement comes to.
#[derive(Clone, Debug)]
pub struct RequirementSummary {
    /// `framework:id`.
    pub requirement: String,
    /// Its title, or empty.
    pub title: String,
    /// `met`, `not_met`, `undetermined`, `manual`, `uncovered`.
    pub status: &'static str,
    /// The controls by which it is met, each with its status; `None` where it was not chosen to run.
    pub controls: Vec<(String, Option<&'static str>)>,
}

/// A finding of which only this is kept: nothing is to be said.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    /// The control, by its number in the program.
    pub control: u32,
    /// `pass` or `not_applicable`.
    pub verdict: Verdict,
    /// The number of its input.
    pub input: u32,
    /// Where the resource begins.
    pub place: LineColumn,
}

/// A whole run.
#[derive(Debug, Default)]
pub struct Assessment {
    /// The instant, in microseconds since 1970.
    pub now: i64,
    /// The profile that was asked for.
    pub profile: Option<String>,
    /// Its title: what it stands for, and what it lacks.
    pub profile_title: Option<String>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// All findings, by file, place, control.
    pub outcomes: Vec<Outcome>,
    /// Findings of which nothing is to be said, where the run was told not to keep them.
    pub passed: Vec<Passed>,
    /// The same, of inputs in which nothing replaces what came before: by control, how many.
    pub quiet: Vec<Counts>,
    /// What each control comes to.
    pub controls: Vec<ControlSummary>,
    /// What each requirement of the profile comes to.
    pub requirements: Vec<RequirementSummary>,
    /// What became of the waivers, by their number.
    pub waivers: Vec<WaiverState>,
    /// What people attest, and what became of it.
    pub attestations: Vec<(Attestation, AttestationState)>,
    /// What the snapshot does not cover.
    pub gaps: Vec<Gap>,
    /// Why the answer is incomplete, beyond what findings say: an input cut off, nothing to check.
    pub incomplete: Vec<String>,
}

impl Assessment {
    /// All findings counted.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        self.outcomes.iter().for_each(|outcome| counts.add(outcome));
        self.passed.iter().for_each(|passed| counts.count(passed.verdict));
        self.quiet.iter().for_each(|quiet| counts += *quiet);
        counts
    }

    /// Whether the answer is incomplete.
    pub fn is_incomplete(&self) -> bool {
        let counts = self.counts();
        let left_out = |control: &ControlSummary| control.hidden || control.status == UNCOVERED;
        !self.incomplete.is_empty()
            || counts.error > 0
            || counts.unknown > 0
            || self.controls.iter().any(left_out)
    }

    /// Whether a control of the finding is within its margin: its failures do not fail the run.
    pub fn within_margin(&self, control: u32) -> bool {
        self.controls
            .iter()
            .any(|known| known.control == control && known.status == "within_margin")
    }

    /// Whether the gap may hide subjects of the control. What a template hides concerns its queries only:
    /// the template's own resources are all there to be seen.
    fn hides(&self, gap: &Gap, control: &Control) -> bool {
        let input = self.inputs.get(gap.input as usize);
        let of_template = input.is_some_and(|input| input.source == SourceKind::CloudFormation);
        let meant = match (&control.subject, &gap.kind) {
            (Subject::Types(kinds), Some(kind)) => kinds.contains(kind),
            (Subject::Account, _) => false,
            (Subject::Types(_) | Subject::Any, _) => true,
        };
        meant && !of_template
    }

    /// Puts findings in order and sums them up; `mapped` is what [`requirements_by_control`] gives, `unset`
    /// the controls that could not run.
    pub fn conclude(
        &mut self,
        hir: &Hir,
        program: &Program,
        profile: Option<&Profile>,
        (mapped, unset): (&BTreeMap<u32, Arc<[String]>>, &[u32]),
        attested: &mut Attestations,
    ) {
        self.outcomes.sort_by_key(|outcome| (outcome.input, outcome.place, outcome.control));
        let mut all = self.quiet.clone();
        all.resize(program.controls.len(), Counts::default());
        for outcome in &self.outcomes {
            if let Some(counts) = all.get_mut(outcome.control as usize) {
                counts.add(outcome);
            }
        }
        for passed in &self.passed {
            if let Some(counts) = all.get_mut(passed.control as usize) {
                counts.count(passed.verdict);
            }
        }
        let hides = |control: &Control| self.gaps.iter().any(|gap| self.hides(gap, control));
        self.controls = (0u32..)
            .zip(program.controls.iter().zip(all))
            .map(|(at, (control, counts))| {
                // What could not be read may hold subjects of any control.
                let hidden = !self.incomplete.is_empty() || hides(control);
                let margin = profile
                    .and_then(|p| p.margins.iter().find(|m| m.control.raw() == control.source));
                let status = match unset.contains(&at) {
                    true => UNCOVERED,
                    false => status(&counts, hidden, margin.map(|margin| margin.amount)),
                };
                ControlSummary {
                    control: at,
                    counts,
                    hidden,
                    status,
                    margin_for: margin.and_then(|margin| margin.during),
                    requirements: mapped.get(&control.source).cloned().unwrap_or_default(),
                }
            })
            .collect();
        if let Some(profile) = profile {
            self.requirements = requirements(hir, program, profile, &self.controls, attested);
        }
    }
}

fn status(counts: &Counts, hidden: bool, margin: Option<MarginAmount>) -> &'static str {
    let failing = counts.fail - counts.waived;
    let population = counts.pass + counts.fail;
    #[expect(clippy::cast_precision_loss, reason = "a share of a population")]
    let allowed = match margin {
        Some(MarginAmount::Percent(percent)) => {
            failing as f64 * 100.0 <= population as f64 * percent
        }
        Some(MarginAmount::Count(count)) => {
            i64::try_from(failing).is_ok_and(|failing| failing <= count)
        }
        None => false,
    };
    match counts {
        _ if failing > 0 && !allowed => "non_compliant",
        _ if hidden => "undetermined",
        counts if counts.error + counts.unknown + counts.manual > 0 => "undetermined",
        _ if failing > 0 => "within_margin",
        counts if population + counts.waived > 0 => "compliant",
        _ => "not_applicable",
    }
}

/// The requirements of all frameworks that each control helps to meet (`framework:id`), by its number in the
/// typed tree.
pub fn requirements_by_control(hir: &Hir) -> BTreeMap<u32, Arc<[String]>> {
    let mut all: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for framework in &hir.frameworks {
        for requirement in &framework.requirements {
            for by in &requirement.met_by {
                let own = all.entry(by.control.raw()).or_default();
                own.push(format!("{}:{}", framework.name, requirement.id));
            }
        }
    }
    all.into_iter().map(|(control, own)| (control, own.into())).collect()
}

/// The requirements that a profile covers, each with what its controls come to.
fn requirements(
    hir: &Hir,
    program: &Program,
    profile: &Profile,
    controls: &[ControlSummary],
    attested: &mut Attestations,
) -> Vec<RequirementSummary> {
    let sources = program.controls.iter().map(|control| control.source);
    let by_source: BTreeMap<u32, &ControlSummary> = sources.zip(controls).collect();
    let of_source = |id: ControlId| by_source.get(&id.raw());
    let mut out = Vec::new();
    for (framework, baseline) in &profile.covers {
        let framework = hir.frameworks.at(*framework);
        for requirement in framework.covered(baseline.as_ref()) {
            let name = format!("{}:{}", framework.name, requirement.id);
            let mapped: Vec<ControlId> = requirement
                .met_by
                .iter()
                .map(|by| by.control)
                .filter(|control| !profile.excludes.contains(control))
                .collect();
            let by = mapped.iter().map(|id| (*id, of_source(*id).map(|known| known.status)));
            let by: Vec<(ControlId, Option<&str>)> = by.collect();
            let manual = !requirement.manual.is_empty();
            let attested = manual && attested.requirement(&name);
            let statuses: Vec<Option<&str>> = by.iter().map(|(_, status)| *status).collect();
            out.push(RequirementSummary {
                requirement: name,
                title: requirement.title.clone(),
                status: requirement_status(&statuses, manual, attested),
                controls: by
                    .into_iter()
                    .map(|(id, status)| (hir.controls.at(id).name.to_string(), status))
                    .collect(),
            });
        }
    }
    out
}

/// What a requirement comes to by the status of each of its controls; `None` for one that was not chosen
/// to run.
fn requirement_status(controls: &[Option<&str>], manual: bool, attested: bool) -> &'static str {
    let any = |status: &str| controls.contains(&Some(status));
    match () {
        () if any("non_compliant") => "not_met",
        () if any("undetermined") || controls.contains(&None) => "undetermined",
        () if manual && !attested => "manual",
        () if attested && controls.is_empty() => "met",
        () if controls.iter().all(|status| *status == Some(UNCOVERED)) => UNCOVERED,
        // One that did not run may have failed.
        () if any(UNCOVERED) => "undetermined",
        () if any("compliant") || any("within_margin") => "met",
        // Nothing seen is not compliance.
        () => "undetermined",
    }
}
