//! The report for people: each finding with the lines that decided it, then a table.

use std::fmt::Write;

use crate::assess::attest::{AttestationState, Attested};
use crate::assess::summary::UNCOVERED;
use crate::assess::{Message, Outcome, Verdict};
use crate::base::{LineColumn, Symbol};
use crate::program::projection::Sensitive;
use crate::snapshot::model::SourceKind;
use crate::value::display;

use super::Reported;
use super::baseline::State;
use super::json::Show;
use super::requirements;

/// Properties that are not shown.
#[derive(Clone, Copy, Debug)]
pub struct Hidden<'p> {
    all: &'p [Sensitive],
    /// The type of the resource that the line is of.
    kind: &'p str,
}

impl<'p> Hidden<'p> {
    /// The names that may not stand in a line of the resource itself.
    pub fn own(self) -> impl Iterator<Item = &'p Symbol> {
        let of = move |own: &&Sensitive| own.owner.as_ref().is_none_or(|of| **of == *self.kind);
        self.all.iter().filter(of).map(|own| &own.name)
    }

    /// Those that may not stand in a long line either, which may be of other resources, too.
    pub fn all(self) -> impl Iterator<Item = &'p Symbol> {
        self.all.iter().map(|own| &own.name)
    }
}

/// Where the text of an input's line is to be had.
pub trait Lines {
    /// The line of the input with this name; of a long one, what stands about the place. `None` where something
    /// stands in it that is not shown.
    fn line(&self, input: &str, place: LineColumn, hidden: Hidden<'_>) -> Option<String>;
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(bool);

impl Paint {
    pub(super) fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }
    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }
    fn verdict(self, verdict: Verdict, text: &str) -> String {
        let code = match verdict {
            Verdict::Fail | Verdict::Error => "1;31",
            Verdict::Unknown => "1;33",
            Verdict::Manual => "1;36",
            Verdict::Pass => "1;32",
            Verdict::NotApplicable => "2",
        };
        self.paint(code, text)
    }
}

/// Data on its way to a terminal: control characters, and those that reorder text, are shown, not sent.
pub fn safe(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .flat_map(|c| if hidden(c) { c.escape_default().collect::<Vec<_>>() } else { vec![c] })
        .collect()
}

/// The whole report.
pub fn render(reported: &Reported<'_>, lines: &dyn Lines, show: Show, colour: bool) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for (at, outcome) in reported.assessment.outcomes.iter().enumerate() {
        let quiet = matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable);
        if show == Show::All || !quiet {
            finding(&mut out, reported, lines, paint, (at, outcome));
        }
    }
    against(&mut out, reported, paint);
    notes(&mut out, reported, paint);
    requirements::table(&mut out, reported, paint);
    summary(&mut out, reported, paint);
    out
}

fn finding(
    out: &mut String,
    reported: &Reported<'_>,
    lines: &dyn Lines,
    paint: Paint,
    (at, outcome): (usize, &Outcome),
) {
    let Some(control) = reported.program.controls.get(outcome.control as usize) else { return };
    let word = paint.verdict(outcome.verdict, outcome.verdict.name());
    let absorbed = outcome.verdict == Verdict::Fail;
    let waived = match outcome.waiver {
        Some(_) => " (waived)",
        None if absorbed && reported.assessment.within_margin(outcome.control) => {
            " (within margin)"
        }
        None => "",
    };
    let state = match reported.state(at) {
        Some(State::New) => paint.paint("1;31", " (new)"),
        Some(State::Still) => paint.dim(" (still)"),
        None => String::new(),
    };
    let name = paint.bold(&control.name);
    let _ = writeln!(out, "{word}[{}] {name}{waived}{state}", control.severity);
    let file = input_name(reported, outcome.input);
    let place = format!("{}:{}:{}", safe(file), outcome.place.line, outcome.place.column);
    let _ = writeln!(
        out,
        "  {} {place}  {} {}",
        paint.dim("-->"),
        outcome.kind,
        paint.bold(&safe(&outcome.id))
    );
    for message in &outcome.messages {
        one_message(out, reported, lines, paint, (outcome, message));
    }
    if let Some(waiver) = outcome.waiver.and_then(|at| reported.program.waivers.get(at as usize)) {
        let until = display::timestamp(waiver.until);
        let until = until.split('T').next().unwrap_or("");
        let _ = writeln!(
            out,
            "  {} waived until {until} by {}: {}",
            paint.dim("="),
            waiver.approved_by,
            waiver.reason
        );
    }
    out.push('\n');
}

fn one_message(
    out: &mut String,
    reported: &Reported<'_>,
    lines: &dyn Lines,
    paint: Paint,
    (outcome, message): (&Outcome, &Message),
) {
    let _ = writeln!(out, "  {}", safe(&message.text));
    let mut last = None;
    for evidence in message.evidence.iter().take(6) {
        let file = input_name(reported, evidence.input);
        let number = evidence.place.line;
        if last != Some((evidence.input, number)) {
            // A plan is mostly one line, with its secrets in it.
            let source = reported.assessment.inputs.get(evidence.input as usize).map(|i| i.source);
            let all = &reported.program.projection.sensitive;
            let hidden = Hidden { all, kind: &outcome.kind };
            if source != Some(SourceKind::Terraform)
                && let Some(text) = lines.line(file, evidence.place, hidden)
            {
                let shown: String = safe(text.trim_end()).chars().take(110).collect();
                let _ = writeln!(
                    out,
                    "  {} {} {shown}",
                    paint.dim(&format!("{number:>5}")),
                    paint.dim("|")
                );
            }
            last = Some((evidence.input, number));
        }
        let value = match evidence.state {
            "absent" => "is absent".to_owned(),
            "unknown" => "is unknown".to_owned(),
            "default" => format!("is absent, so {} by default", evidence.value),
            _ => format!("is {}", shorten(&evidence.value.to_string())),
        };
        let origin = match evidence.origin {
            Some(origin) if !matches!(origin, "default") => format!(" ({origin})"),
            _ => String::new(),
        };
        let _ =
            writeln!(out, "        {} {} {value}{origin}", paint.dim("="), safe(&evidence.pointer));
    }
    if message.evidence.len() > 6 {
        let _ = writeln!(
            out,
            "        {} and {} more {}",
            paint.dim("="),
            message.evidence.len() - 6,
            plural(message.evidence.len() as u64 - 6, "value")
        );
    }
    if let Some(span) = message.policy {
        let place = reported.sources.line_column(span);
        let line = reported
            .sources
            .get(span.source)
            .and_then(|file| file.line(place.line))
            .unwrap_or("")
            .trim();
        let shown: String = line.chars().take(90).collect();
        let at = format!("{}:{}", reported.sources.name(span.source), place.line);
        let _ = writeln!(out, "        {}", paint.dim(&format!("policy {at}: {shown}")));
    }
    let _ = outcome;
}

fn shorten(text: &str) -> String {
    let safe = safe(text);
    match safe.char_indices().nth(90) {
        Some((at, _)) => format!("{}…", safe.get(..at).unwrap_or("")),
        None => safe,
    }
}

fn input_name<'a>(reported: &Reported<'a>, input: u32) -> &'a str {
    reported.assessment.inputs.get(input as usize).map_or("", |input| &input.name)
}

/// The run against an earlier report.
fn against(out: &mut String, reported: &Reported<'_>, paint: Paint) {
    let Some(comparison) = reported.comparison else { return };
    for (word, known) in [("fixed", &comparison.fixed), ("not seen", &comparison.gone)] {
        for known in known {
            let (control, resource) = (safe(&known.control), safe(&known.resource));
            let _ = writeln!(out, "{}: {control} {resource}", paint.dim(word));
        }
    }
    let _ = writeln!(
        out,
        "against the baseline: {} new, {} still there, {} fixed, {} not seen\n",
        comparison.count(State::New),
        comparison.count(State::Still),
        comparison.fixed.len(),
        comparison.gone.len()
    );
}

fn notes(out: &mut String, reported: &Reported<'_>, paint: Paint) {
    let assessment = reported.assessment;
    let note = paint.paint("1;36", "note");
    for gap in assessment.gaps.iter().take(10) {
        let what =
            gap.kind.as_ref().map_or("resources of any type".to_owned(), ToString::to_string);
        let file = safe(input_name(reported, gap.input));
        let _ = writeln!(
            out,
            "{note}: {file}:{}: {what} may be missing: {}",
            gap.place.line,
            safe(&gap.reason)
        );
    }
    if assessment.gaps.len() > 10 {
        let _ = writeln!(out, "{note}: {} more gaps", assessment.gaps.len() - 10);
    }
    for (waiver, state) in reported.program.waivers.iter().zip(&assessment.waivers) {
        let what = match state {
            crate::assess::judge::WaiverState::Used => continue,
            crate::assess::judge::WaiverState::Expired => "has expired: it has no force",
            crate::assess::judge::WaiverState::Orphan => "matches no resource",
            crate::assess::judge::WaiverState::Needless => "covers nothing that fails",
        };
        let _ = writeln!(out, "{note}: waiver `{}` {what}", waiver.name);
    }
    for (attestation, state) in &assessment.attestations {
        let what = match state {
            AttestationState::Used => continue,
            AttestationState::Expired => "has no force at this time",
            AttestationState::Orphan => "answers to nothing that is asked",
        };
        let (Attested::Control(of) | Attested::Requirement(of)) = &attestation.of;
        let by = safe(&attestation.by);
        let _ = writeln!(out, "{note}: the attestation of `{}` by {by} {what}", safe(of));
    }
    for summary in assessment.controls.iter().filter(|summary| summary.status == UNCOVERED) {
        if let Some(control) = reported.program.controls.get(summary.control as usize) {
            let _ = writeln!(
                out,
                "{note}: control `{}` did not run: a parameter of it has no value",
                control.name
            );
        }
    }
    for summary in assessment.controls.iter().filter(|summary| summary.status == "within_margin") {
        let control = reported.program.controls.get(summary.control as usize);
        if let (Some(control), Some(time)) = (control, summary.margin_for) {
            let time = display::duration(time);
            let _ = writeln!(
                out,
                "{note}: control `{}` is within its margin, which ends {time} after a failure is first seen: \
                 since when it fails is not watched yet",
                control.name
            );
        }
    }
    for why in &assessment.incomplete {
        let _ = writeln!(out, "{}: {}", paint.paint("1;33", "incomplete"), safe(why));
    }
}

fn summary(out: &mut String, reported: &Reported<'_>, paint: Paint) {
    let assessment = reported.assessment;
    let counts = assessment.counts();
    let resources: u64 = assessment.inputs.iter().map(|input| input.resources).sum();
    let controls = reported.program.controls.len();
    let _ = writeln!(
        out,
        "{} {}, {} {}",
        resources,
        plural(resources, "resource"),
        controls,
        plural(controls as u64, "control")
    );
    let cell = |verdict: Verdict, count: u64| {
        let text = format!("{count} {}", verdict.name().replace('_', " "));
        if count > 0 { paint.verdict(verdict, &text) } else { paint.dim(&text) }
    };
    let waived =
        if counts.waived > 0 { format!(" ({} waived)", counts.waived) } else { String::new() };
    let _ = writeln!(
        out,
        "{}{waived}, {}, {}, {}, {}, {}",
        cell(Verdict::Fail, counts.fail),
        cell(Verdict::Error, counts.error),
        cell(Verdict::Unknown, counts.unknown),
        cell(Verdict::Manual, counts.manual),
        cell(Verdict::Pass, counts.pass),
        cell(Verdict::NotApplicable, counts.not_applicable),
    );
    if assessment.is_incomplete() {
        let _ = writeln!(out, "and incomplete: not everything could be decided");
    }
}

pub(super) fn plural(count: u64, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
