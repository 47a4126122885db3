//! The JSON report, version 1: one object, or a line for each finding and one for the summary.

use std::io;

use serde_json::{Map, Value, json};

use crate::assess::attest::{Attestation, AttestationState, Attested};
use crate::assess::{Evidence, Message, Outcome, Verdict};
use crate::program::{Control, Subject};
use crate::snapshot::model::SourceKind;
use crate::value::display;

use super::Reported;
use super::baseline::{Comparison, Known, State};

/// Which findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// All.
    All,
    /// Neither pass nor not applicable.
    Failing,
}

/// The whole report as one object.
pub fn object(reported: &Reported<'_>, show: Show) -> String {
    let head = serde_json::to_string_pretty(&Value::Object(head(reported))).unwrap_or_default();
    let mut text = head.trim_end_matches('}').trim_end().to_owned();
    text.push_str(",\n  \"findings\": [");
    // One finding at a time: a tree of all of them would take many times the room of the text.
    for (at, finding) in findings(reported, show).enumerate() {
        text.push_str(if at == 0 { "\n" } else { ",\n" });
        let shown = serde_json::to_string_pretty(&finding).unwrap_or_default();
        for (at, line) in shown.lines().enumerate() {
            text.push_str(if at == 0 { "    " } else { "\n    " });
            text.push_str(line);
        }
    }
    text.push_str(if text.ends_with('[') { "]\n}\n" } else { "\n  ]\n}\n" });
    text
}

/// The same findings, a line each, then the summary.
pub fn lines(reported: &Reported<'_>, show: Show) -> String {
    let mut out = Vec::new();
    // Memory takes what it is given.
    let _ = write_lines(reported, show, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The same to a writer, a line at a time: of many findings not all of the text is held.
///
/// # Errors
///
/// Where the writer takes no more.
pub fn write_lines(reported: &Reported<'_>, show: Show, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in findings(reported, show) {
        writeln!(out, "{finding}")?;
    }
    writeln!(out, "{}", Value::Object(head(reported)))
}

fn head(reported: &Reported<'_>) -> Map<String, Value> {
    let assessment = reported.assessment;
    let counts = assessment.counts();
    let inputs: Value = assessment
        .inputs
        .iter()
        .map(|input| {
            json!({
                "file": &*input.name,
                "source": input.source.name(),
                "resources": input.resources,
                "bytes": input.bytes,
                "sha256": input.sha256,
            })
        })
        .collect();
    let summary = json!({
        "resources": assessment.inputs.iter().map(|input| input.resources).sum::<u64>(),
        "controls": reported.program.controls.len(),
        "findings": {
            "pass": counts.pass,
            "fail": counts.fail,
            "error": counts.error,
            "unknown": counts.unknown,
            "not_applicable": counts.not_applicable,
            "manual": counts.manual,
        },
        "waived": counts.waived,
        "incomplete": assessment.incomplete,
    });
    let controls: Value = assessment
        .controls
        .iter()
        .filter_map(|summary| {
            let control = control(reported, summary.control)?;
            Some(json!({
                "control": &*control.name,
                "module": &*control.module,
                "severity": control.severity,
                "status": summary.status,
                "pass": summary.counts.pass,
                "fail": summary.counts.fail,
                "error": summary.counts.error,
                "unknown": summary.counts.unknown,
                "requirements": summary.requirements,
            }))
        })
        .collect();
    let requirements: Value = assessment
        .requirements
        .iter()
        .map(|requirement| {
            json!({
                "requirement": requirement.requirement,
                "title": requirement.title,
                "status": requirement.status,
                "controls": requirement.controls.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            })
        })
        .collect();
    let gaps: Value = assessment
        .gaps
        .iter()
        .map(|gap| {
            json!({
                "type": gap.kind.as_deref(),
                "account": gap.account.as_deref(),
                "region": gap.region.as_deref(),
                "reason": &*gap.reason,
                "file": input_name(reported, gap.input),
                "line": gap.place.line,
            })
        })
        .collect();
    let waivers: Value = reported
        .program
        .waivers
        .iter()
        .zip(&assessment.waivers)
        .map(|(waiver, state)| {
            json!({
                "waiver": &*waiver.name,
                "state": format!("{state:?}").to_lowercase(),
                "until": display::timestamp(waiver.until),
            })
        })
        .collect();
    let mut head = Map::new();
    head.insert("report".to_owned(), json!(1));
    head.insert("assize".to_owned(), json!(env!("CARGO_PKG_VERSION")));
    head.insert("now".to_owned(), json!(display::timestamp(assessment.now)));
    head.insert("profile".to_owned(), json!(assessment.profile));
    head.insert("profile_title".to_owned(), json!(assessment.profile_title));
    head.insert("inputs".to_owned(), inputs);
    head.insert("summary".to_owned(), summary);
    head.insert("controls".to_owned(), controls);
    head.insert("requirements".to_owned(), requirements);
    head.insert("waivers".to_owned(), waivers);
    head.insert("attestations".to_owned(), attestations(reported));
    head.insert("gaps".to_owned(), gaps);
    head.insert("baseline".to_owned(), json!(reported.comparison.map(against)));
    head
}

fn against(comparison: &Comparison) -> Value {
    let list = |all: &[Known]| -> Value {
        all.iter()
            .map(|known| json!({ "control": known.control, "resource": known.resource }))
            .collect()
    };
    json!({
        "new": comparison.count(State::New),
        "still": comparison.count(State::Still),
        "fixed": list(&comparison.fixed),
        "gone": list(&comparison.gone),
    })
}

fn attestations(reported: &Reported<'_>) -> Value {
    let one = |(attestation, state): &(Attestation, AttestationState)| {
        let (kind, name) = match &attestation.of {
            Attested::Control(name) => ("control", name),
            Attested::Requirement(name) => ("requirement", name),
        };
        json!({
            kind: name,
            "account": attestation.account,
            "resource": attestation.resource,
            "statement": attestation.statement,
            "by": attestation.by,
            "on": display::timestamp(attestation.on),
            "until": display::timestamp(attestation.until),
            "state": format!("{state:?}").to_lowercase(),
        })
    };
    reported.assessment.attestations.iter().map(one).collect()
}

fn control<'a>(reported: &Reported<'a>, at: u32) -> Option<&'a Control> {
    reported.program.controls.get(at as usize)
}

fn input_name<'a>(reported: &Reported<'a>, input: u32) -> &'a str {
    reported.assessment.inputs.get(input as usize).map_or("", |input| &input.name)
}

fn findings(reported: &Reported<'_>, show: Show) -> impl Iterator<Item = Value> {
    let shown = move |outcome: &Outcome| {
        show == Show::All || !matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable)
    };
    reported
        .assessment
        .outcomes
        .iter()
        .enumerate()
        .filter(move |(_, outcome)| shown(outcome))
        .filter_map(|(at, outcome)| finding(reported, at, outcome))
}

fn finding(reported: &Reported<'_>, at: usize, outcome: &Outcome) -> Option<Value> {
    let control = control(reported, outcome.control)?;
    let messages: Value =
        outcome.messages.iter().map(|message| one_message(reported, message)).collect();
    let waiver =
        outcome.waiver.and_then(|at| reported.program.waivers.get(at as usize)).map(|waiver| {
            json!({
                "waiver": &*waiver.name,
                "until": display::timestamp(waiver.until),
                "reason": waiver.reason,
                "approved_by": waiver.approved_by,
            })
        });
    // An account is no resource of any input.
    let resource = (control.subject != Subject::Account).then(|| {
        json!({
            "type": &*outcome.kind,
            "id": &*outcome.id,
            "account": outcome.account.as_deref(),
            "region": outcome.region.as_deref(),
            "file": input_name(reported, outcome.input),
            "line": outcome.place.line,
            "column": outcome.place.column,
        })
    });
    Some(json!({
        "control": &*control.name,
        "module": &*control.module,
        "verdict": outcome.verdict.name(),
        "severity": control.severity,
        "account": outcome.account.as_deref(),
        "resource": resource,
        "messages": messages,
        "waiver": waiver,
        "fingerprint": Some(fingerprint(reported, control, outcome)).filter(|text| !text.is_empty()),
        "baseline": reported.state(at).map(State::name),
    }))
}

fn one_message(reported: &Reported<'_>, message: &Message) -> Value {
    let policy = message.policy.map(|span| {
        let place = reported.sources.line_column(span);
        json!({ "file": reported.sources.name(span.source), "line": place.line, "column": place.column })
    });
    let evidence: Value = message.evidence.iter().map(one_evidence).collect();
    json!({ "text": message.text, "policy": policy, "evidence": evidence })
}

fn one_evidence(evidence: &Evidence) -> Value {
    json!({
        "pointer": evidence.pointer,
        "resource": evidence.resource.as_deref(),
        "state": evidence.state,
        "value": evidence.value,
        "origin": evidence.origin,
        "line": evidence.place.line,
        "column": evidence.place.column,
    })
}

/// SHA-256 over what names a finding from run to run: control, type, account, region, id, and the
/// input's name where the id is only good within it.
pub fn fingerprint(reported: &Reported<'_>, control: &Control, outcome: &Outcome) -> String {
    let input = reported.assessment.inputs.get(outcome.input as usize);
    let own = matches!(
        input.map(|input| input.source),
        Some(SourceKind::CloudFormation | SourceKind::Terraform)
    );
    let parts = [
        &*control.path(),
        &outcome.kind,
        outcome.account.as_deref().unwrap_or(""),
        outcome.region.as_deref().unwrap_or(""),
        &outcome.id,
        if own { input_name(reported, outcome.input) } else { "" },
    ];
    (reported.digest)(&parts.join("\u{0}"))
}
