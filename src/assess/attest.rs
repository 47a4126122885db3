//! Attestations: what a person says where no configuration can, and what it answers.

use crate::hir::Hir;
use crate::program::Program;

use super::finding::{Outcome, Verdict};
use crate::value::display;

/// What a person attests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// What it answers.
    pub of: Attested,
    /// Only for this account.
    pub account: Option<String>,
    /// Only for this resource.
    pub resource: Option<String>,
    /// What is attested.
    pub statement: String,
    /// By whom.
    pub by: String,
    /// From when on, in microseconds since 1970.
    pub on: i64,
    /// The instant from which it has no force, in microseconds since 1970.
    pub until: i64,
}

/// What an attestation answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attested {
    /// The `manual` of a control: `name` or `module.name`.
    Control(String),
    /// The `manual` of a requirement: `framework:id`.
    Requirement(String),
}

/// What became of an attestation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationState {
    /// It answers something.
    Used,
    /// Its end has passed, or its day has not come.
    Expired,
    /// Nothing asks for it.
    Orphan,
}

/// The attestations of a run, and which of them answered something.
#[derive(Clone, Debug, Default)]
pub struct Attestations {
    /// All of them.
    pub all: Vec<Attestation>,
    used: Vec<bool>,
    now: i64,
}

impl Attestations {
    /// These, at this instant.
    pub fn new(all: Vec<Attestation>, now: i64) -> Self {
        Self { used: vec![false; all.len()], all, now }
    }

    /// Turns findings that wait for a person into what the person says.
    pub fn answer(&mut self, program: &Program, outcomes: &mut [Outcome]) {
        for outcome in outcomes {
            let waits = outcome.messages.iter().any(|message| message.verdict == Verdict::Manual);
            let Some(control) = program.controls.get(outcome.control as usize).filter(|_| waits)
            else {
                continue;
            };
            let names = |of: &Attested| match of {
                Attested::Control(name) => *name == *control.name || *name == control.path(),
                Attested::Requirement(_) => false,
            };
            let same = |wanted: &Option<String>, own: Option<&str>| {
                wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
            };
            let (account, id) = (outcome.account.as_deref(), Some(&*outcome.id));
            let found = self.find(|attestation| {
                names(&attestation.of)
                    && same(&attestation.account, account)
                    && same(&attestation.resource, id)
            });
            if let Some(attestation) = found {
                answered(outcome, &attestation);
            }
        }
    }

    /// Whether somebody attests the requirement `framework:id`.
    pub fn requirement(&mut self, name: &str) -> bool {
        let of = Attested::Requirement(name.to_owned());
        self.find(|attestation| attestation.of == of).is_some()
    }

    /// The first that fits and has force.
    fn find(&mut self, fits: impl Fn(&Attestation) -> bool) -> Option<Attestation> {
        let now = self.now;
        let at = self.all.iter().position(|one| one.on <= now && now < one.until && fits(one))?;
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
        self.all.get(at).cloned()
    }

    /// What became of each.
    pub fn states(&self) -> Vec<AttestationState> {
        let state = |(attestation, used): (&Attestation, &bool)| match used {
            true => AttestationState::Used,
            false if attestation.on <= self.now && self.now < attestation.until => {
                AttestationState::Orphan
            }
            false => AttestationState::Expired,
        };
        self.all.iter().zip(&self.used).map(state).collect()
    }

    /// The attestations of controls or requirements that the program does not have, for a usage error.
    pub fn unknown(&self, hir: &Hir) -> Option<String> {
        let known = |attestation: &Attestation| match &attestation.of {
            Attested::Control(name) => hir.controls.iter().any(|control| {
                *name == *control.name || *name == format!("{}.{}", control.module, control.name)
            }),
            Attested::Requirement(name) => hir.frameworks.iter().any(|framework| {
                let ids = framework.requirements.iter().map(|one| &one.id);
                ids.into_iter().any(|id| *name == format!("{}:{id}", framework.name))
            }),
        };
        let missing = self.all.iter().find(|attestation| !known(attestation))?;
        Some(match &missing.of {
            Attested::Control(name) => format!("there is no control `{name}`"),
            Attested::Requirement(name) => format!("there is no requirement `{name}`"),
        })
    }
}

/// The finding with what is attested in the place of what was asked.
fn answered(outcome: &mut Outcome, attestation: &Attestation) {
    let day = |time: i64| display::timestamp(time).chars().take(10).collect::<String>();
    for message in &mut outcome.messages {
        if message.verdict == Verdict::Manual {
            let Attestation { statement, by, on, until, .. } = attestation;
            let (on, until) = (day(*on), day(*until));
            message.text =
                format!("{}: attested by {by} on {on}, until {until}: {statement}", message.text);
            message.verdict = Verdict::Pass;
        }
    }
    let worst = outcome.messages.iter().map(|message| message.verdict).max();
    outcome.verdict = worst.unwrap_or(Verdict::Pass);
}
