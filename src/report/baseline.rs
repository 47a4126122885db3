//! A report against an earlier one: what is new, what is still there, what is fixed, what is gone.
//!
//! A finding that does not pass is *still* there only where the earlier report has it under the same
//! fingerprint, with the same verdict and all of its messages; anything else about it is *new*. A finding of
//! the earlier report is *fixed* where the same control now passes the same resource, and *gone* where the
//! resource was not seen: that says nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::assess::{Outcome, Verdict};

use super::Reported;
use super::json::fingerprint;

/// What an earlier report found not to be well, by fingerprint.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    findings: BTreeMap<String, Known>,
}

/// A finding of an earlier report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The control.
    pub control: String,
    /// The resource's id; the account's where the control is on one.
    pub resource: String,
    verdict: String,
    messages: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Report {
    report: u32,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    control: String,
    verdict: String,
    fingerprint: String,
    resource: Option<Resource>,
    account: Option<String>,
    messages: Vec<Message>,
    waiver: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Resource {
    id: String,
}

#[derive(Deserialize)]
struct Message {
    text: String,
}

/// Whether a finding asks for something to be done.
fn is_open(verdict: &str, waived: bool) -> bool {
    !waived && !matches!(verdict, "pass" | "not_applicable" | "manual")
}

impl Baseline {
    /// Reads a report of version 1, as `--format json` writes it.
    ///
    /// # Errors
    ///
    /// What is wrong with it, with line and column.
    pub fn read(text: &str) -> Result<Self, String> {
        let report: Report = serde_json::from_str(text)
            .map_err(|error| format!("this is no report of `--format json`: {error}"))?;
        if report.report != 1 {
            return Err(format!("a report of version {}, and this reads version 1", report.report));
        }
        let open = report.findings.into_iter();
        let open = open.filter(|finding| is_open(&finding.verdict, finding.waiver.is_some()));
        let known = open.map(|finding| {
            let resource = finding.resource.map(|resource| resource.id).or(finding.account);
            let messages = finding.messages.into_iter().map(|message| message.text).collect();
            let (control, verdict) = (finding.control, finding.verdict);
            let resource = resource.unwrap_or_default();
            (finding.fingerprint, Known { control, resource, verdict, messages })
        });
        Ok(Self { findings: known.collect() })
    }

    /// Compares a run with it.
    pub fn compare(&self, reported: &Reported<'_>) -> Comparison {
        let mut comparison = Comparison::default();
        let mut seen = BTreeSet::new();
        for outcome in &reported.assessment.outcomes {
            let Some(control) = reported.program.controls.get(outcome.control as usize) else {
                continue;
            };
            let fingerprint = fingerprint(reported, control, outcome);
            let earlier = self.findings.get(&fingerprint);
            let open = is_open(outcome.verdict.name(), outcome.waiver.is_some());
            let state = match (open, earlier) {
                (true, Some(known)) if known.covers(outcome) => Some(State::Still),
                (true, _) => Some(State::New),
                (false, _) => None,
            };
            comparison.states.push(state);
            // What a person has yet to attest is not fixed.
            if outcome.verdict == Verdict::Manual {
                continue;
            }
            if let (false, Some(known)) = (open, earlier) {
                comparison.fixed.push(known.clone());
            }
            seen.insert(fingerprint);
        }
        let gone = self.findings.iter().filter(|(fingerprint, _)| !seen.contains(*fingerprint));
        comparison.gone = gone.map(|(_, known)| known.clone()).collect();
        comparison
    }
}

impl Known {
    /// Whether nothing about the finding is new.
    fn covers(&self, outcome: &Outcome) -> bool {
        let said = outcome.messages.iter().filter(|message| message.verdict != Verdict::Pass);
        self.verdict == outcome.verdict.name()
            && said.into_iter().all(|message| self.messages.contains(&message.text))
    }
}

/// What a finding is against the earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not there before, or not so.
    New,
    /// There before, and nothing about it has changed.
    Still,
}

impl State {
    /// `new`, `still`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Still => "still",
        }
    }
}

/// A run against an earlier report.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Of each finding of the run, in their order: `None` for one that asks for nothing.
    pub states: Vec<Option<State>>,
    /// Findings of the earlier report that now pass, do not apply, or are waived.
    pub fixed: Vec<Known>,
    /// Findings of the earlier report whose resource was not seen, or waits for a person.
    pub gone: Vec<Known>,
}

impl Comparison {
    /// How many findings are in this state.
    pub fn count(&self, state: State) -> usize {
        self.states.iter().filter(|own| **own == Some(state)).count()
    }
}
