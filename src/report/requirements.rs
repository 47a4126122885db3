//! The table of requirements in the report for people: what each comes to, and which controls decided it.

use std::fmt::Write;

use crate::assess::RequirementSummary;
use crate::assess::summary::UNCOVERED;

use super::Reported;
use super::text::{Paint, plural, safe};

/// The statuses, in the order in which they are told.
const STATUSES: [&str; 5] = ["not_met", "undetermined", MANUAL, "met", UNCOVERED];

/// The status of a requirement that a person must attest.
const MANUAL: &str = "manual";

/// Width of a list of ids.
const WIDTH: usize = 100;

/// More requirements that only a person can answer are told by their ids.
const MANY: usize = 12;

/// How many of the requirements come to what; each that a control looks at; the others by their ids.
pub(super) fn table(out: &mut String, reported: &Reported<'_>, paint: Paint) {
    let all = &reported.assessment.requirements;
    let Some(profile) = reported.assessment.profile.as_ref().filter(|_| !all.is_empty()) else {
        return;
    };
    let of_status = |status: &'static str| all.iter().filter(move |one| one.status == status);
    let counts = STATUSES.map(|status| {
        let text = format!("{} {}", of_status(status).count(), status.replace('_', " "));
        if of_status(status).next().is_some() {
            painted(paint, status, &text)
        } else {
            paint.dim(&text)
        }
    });
    let count = all.len() as u64;
    let head = format!("{count} {} of profile {profile}", plural(count, "requirement"));
    let _ = writeln!(out, "{}: {}", paint.bold(&head), counts.join(", "));
    if let Some(title) = &reported.assessment.profile_title {
        let _ = writeln!(out, "{}", safe(title));
    }
    let of_a_person = |one: &&RequirementSummary| one.status == MANUAL && one.controls.is_empty();
    let many = all.iter().filter(of_a_person).count() > MANY;
    let alone = |one: &&RequirementSummary| many && of_a_person(one);
    let told = |one: &&RequirementSummary| one.status != UNCOVERED && !alone(one);
    let width = all.iter().filter(told).map(|one| one.requirement.len()).max().unwrap_or(0);
    for status in STATUSES {
        for one in of_status(status).filter(told) {
            let word = painted(paint, status, &format!("{:<12}", status.replace('_', " ")));
            let id = paint.bold(&format!("{:<width$}", one.requirement));
            let _ = writeln!(out, "  {word}  {id}  {}{}", one.title, paint.dim(&decided(one)));
        }
    }
    by_id(out, MANUAL, all.iter().filter(alone), paint);
    by_id(out, UNCOVERED, of_status(UNCOVERED), paint);
    out.push('\n');
}

/// The controls to which the requirement's status is due.
fn decided(requirement: &RequirementSummary) -> String {
    let named = |statuses: &[&str]| {
        let of = requirement
            .controls
            .iter()
            .filter(|(_, status)| status.is_some_and(|status| statuses.contains(&status)));
        of.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let left_out = requirement.controls.iter().any(|(_, status)| status.is_none());
    let why = match requirement.status {
        "not_met" => named(&["non_compliant"]),
        "met" => named(&["compliant", "within_margin"]),
        "manual" => "a person must attest it".to_owned(),
        _ => match named(&["undetermined", UNCOVERED]) {
            names if !names.is_empty() => names,
            _ if left_out => "not all of its controls were chosen to run".to_owned(),
            _ => "nothing that its controls look at was seen".to_owned(),
        },
    };
    if why.is_empty() { why } else { format!(": {why}") }
}

/// Requirements that no control looks at, by their ids, framework by framework.
fn by_id<'a>(
    out: &mut String,
    status: &str,
    all: impl Iterator<Item = &'a RequirementSummary>,
    paint: Paint,
) {
    let word = painted(paint, status, &format!("{status:<12}"));
    let mut lines: Vec<String> = Vec::new();
    let mut before = "";
    for one in all {
        let (framework, id) = one.requirement.split_once(':').unwrap_or(("", &one.requirement));
        match lines.last_mut() {
            Some(line) if framework == before && line.len() + id.len() + 2 <= WIDTH => {
                line.push_str(", ");
                line.push_str(id);
            }
            _ if framework == before => lines.push(id.to_owned()),
            _ => lines.push(one.requirement.clone()),
        }
        before = framework;
    }
    for line in lines {
        let _ = writeln!(out, "  {word}  {line}");
    }
}

fn painted(paint: Paint, status: &str, text: &str) -> String {
    let code = match status {
        "not_met" => "1;31",
        "undetermined" => "1;33",
        "manual" => "1;36",
        "met" => "1;32",
        _ => "2",
    };
    paint.paint(code, text)
}
