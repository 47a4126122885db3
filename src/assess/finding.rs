//! Findings: one for each control and each of its subjects.

use crate::base::{LineColumn, Span, Symbol};
use crate::program::{Control, Program};
use crate::snapshot::model::Resource;
use crate::value::{ResourceId, Text};
use crate::vm::{self, Result_, World};

use super::evidence;

/// The verdict of a control on a resource, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The control does not speak of it.
    NotApplicable,
    /// All requirements hold.
    Pass,
    /// A person must attest.
    Manual,
    /// Something would have to be known.
    Unknown,
    /// Data that breaks its schema was read, or a limit was reached.
    Error,
    /// A requirement does not hold.
    Fail,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 6] =
        [Self::Pass, Self::Fail, Self::Error, Self::Unknown, Self::NotApplicable, Self::Manual];

    /// As in the report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::Pass => "pass",
            Self::Manual => "manual",
            Self::Unknown => "unknown",
            Self::Error => "error",
            Self::Fail => "fail",
        }
    }

    /// The verdict with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// What a control said about a resource, ready to be reported.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The control, by its number in the program.
    pub control: u32,
    /// The verdict.
    pub verdict: Verdict,
    /// The resource, by its number in the snapshot that it was found in.
    pub subject: ResourceId,
    /// The resource's type.
    pub kind: Symbol,
    /// Its id.
    pub id: Text,
    /// Its account, where it is known.
    pub account: Option<Text>,
    /// Its region, where it is known.
    pub region: Option<Text>,
    /// The number of its input.
    pub input: u32,
    /// Where it begins.
    pub place: LineColumn,
    /// What is to be said.
    pub messages: Vec<Message>,
    /// The number of the waiver that covers it.
    pub waiver: Option<u32>,
}

/// One thing to be said.
#[derive(Clone, Debug)]
pub struct Message {
    /// The words.
    pub text: String,
    /// What it means for the verdict.
    pub verdict: Verdict,
    /// The statement of the policy.
    pub policy: Option<Span>,
    /// The values that decided it.
    pub evidence: Vec<Evidence>,
}

/// A value that decided.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// RFC 6901 pointer into the input.
    pub pointer: String,
    /// The resource that it is of, where that is not the subject.
    pub resource: Option<Text>,
    /// `value`, `absent`, `default`, `unknown`.
    pub state: &'static str,
    /// The value; `null` where it is absent or unknown.
    pub value: serde_json::Value,
    /// Where it came from, where it did not simply stand there.
    pub origin: Option<&'static str>,
    /// Its place.
    pub place: LineColumn,
    /// The number of its input.
    pub input: u32,
}

/// The worst of what became of a control's requirements.
pub fn verdict(outcome: &vm::Outcome) -> Verdict {
    match &outcome.applies {
        Some(Result_::Failed) => Verdict::NotApplicable,
        Some(result) => of(result),
        None => outcome
            .findings
            .iter()
            .map(|finding| of(&finding.result))
            .max()
            .unwrap_or(Verdict::Pass),
    }
}

fn of(result: &Result_) -> Verdict {
    match result {
        Result_::Held => Verdict::Pass,
        Result_::Failed => Verdict::Fail,
        Result_::Open(_) => Verdict::Unknown,
        Result_::Trapped(_) => Verdict::Error,
        Result_::Manual => Verdict::Manual,
    }
}

/// A finding with nothing to say.
pub(super) fn plain(
    (control, subject): (u32, ResourceId),
    resource: &Resource,
    verdict: Verdict,
) -> Outcome {
    Outcome {
        control,
        subject,
        verdict,
        kind: resource.kind.clone(),
        id: resource.id.clone(),
        account: resource.account.as_text().cloned(),
        region: resource.region.as_text().cloned(),
        input: resource.input,
        place: resource.place,
        messages: Vec::new(),
        waiver: None,
    }
}

/// The finding of a resource that cannot be read.
pub(super) fn broken(
    at: (u32, ResourceId),
    control: &Control,
    resource: &Resource,
    reason: &str,
) -> Outcome {
    let message = Message {
        text: format!("{} cannot be read: {reason}", resource.id),
        verdict: Verdict::Error,
        policy: Some(control.span),
        evidence: Vec::new(),
    };
    Outcome { messages: vec![message], ..plain(at, resource, Verdict::Error) }
}

/// A finding with its messages and their evidence.
pub(super) fn explained(
    program: &Program,
    world: &World<'_>,
    control: (u32, ResourceId),
    resource: &Resource,
    verdict: Verdict,
    traced: vm::Outcome,
) -> Outcome {
    let mut out = plain(control, resource, verdict);
    let mut remade = evidence::Remade::default();
    if let Some(result) = &traced.applies {
        let what = match result {
            Result_::Open(cause) => {
                format!("whether the control applies to {} cannot be known: {cause}", resource.id)
            }
            Result_::Trapped(trap) => {
                format!(
                    "whether the control applies to {} cannot be found out: {}",
                    resource.id,
                    vm::describe(trap)
                )
            }
            Result_::Held | Result_::Failed | Result_::Manual => String::new(),
        };
        let evidence = evidence::of(program, world, resource, &traced.evidence, &mut remade);
        out.messages.push(Message {
            text: what,
            verdict: of(result),
            policy: traced.span,
            evidence,
        });
    }
    for finding in traced.findings {
        let said = evidence::without_secrets(program, world, finding.message, &finding.shown);
        let text = match &finding.result {
            // No statement would say so: it is what stands in the way.
            Result_::Open(cause) if said == vm::MORE => {
                format!("cannot be known: {cause}: {}", vm::MORE)
            }
            Result_::Open(cause) => {
                format!("cannot be known: {cause} (it would say: {said})")
            }
            Result_::Trapped(trap) => format!("cannot be evaluated: {}", vm::describe(trap)),
            Result_::Held | Result_::Failed | Result_::Manual => said,
        };
        let text = match &resource.maybe {
            Some(cause) => format!("{text} (if it exists: {cause})"),
            None => text,
        };
        out.messages.push(Message {
            text,
            verdict: of(&finding.result),
            policy: Some(finding.span),
            evidence: evidence::of(program, world, resource, &finding.evidence, &mut remade),
        });
    }
    // What decided the verdict comes first.
    out.messages.sort_by_key(|message| std::cmp::Reverse(message.verdict));
    out
}
