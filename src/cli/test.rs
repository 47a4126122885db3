//! `assize test`: the tests in policies.

use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use crate::assess::cases::{Ground, decide};
use crate::assess::{self, Outcome, Settings, Verdict, Which, given};
use crate::compile::{Selection, compile_with};
use crate::hir::{Case, Expectation, Expr, Hir, TestSet};
use crate::program::Program;
use crate::report::text::safe;
use crate::snapshot::cloudformation::{self, Cases, Options};
use crate::snapshot::inventory::{self, Foreign, Record};
use crate::snapshot::model::{Input, Snapshot, SourceKind};

use super::args::Test;
use super::policies::{load, shown};
use super::{Exit, print, say};
use crate::engine::Policies;
use crate::engine::guess::{Guess, guess};

/// The instant at which tests run: 2026-01-01T00:00:00Z, so that they are the same on every day.
const NOW: i64 = 1_767_225_600_000_000;

/// Runs the command.
pub(super) fn run(args: &Test) -> Exit {
    let here = vec![PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here } else { &args.paths };
    let policies = match load(paths, args.color) {
        Ok(policies) => policies,
        Err(text) => {
            say(&format!("error: the policies do not compile\n{text}"));
            return Exit::Usage;
        }
    };
    let paint = super::colour(args.color, std::io::stdout().is_terminal());
    let (mut passed, mut failed) = (0, 0);
    let mut out = String::new();
    for set in &policies.hir.tests {
        let control = policies.hir.controls.at(set.control).name.clone();
        for case in &set.cases {
            let wanted = args
                .filter
                .as_ref()
                .is_none_or(|f| control.contains(f.as_str()) || case.name.contains(f.as_str()));
            if !wanted {
                continue;
            }
            let problems = run_case(&policies, set, case);
            if problems.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            let place = policies.sources.line_column(case.span);
            let file = policies.sources.name(case.span.source);
            let word = if paint { "\u{1b}[1;31mFAILED\u{1b}[0m" } else { "FAILED" };
            out.push_str(&format!(
                "{word} {control}: {}\n  --> {file}:{}:{}\n",
                case.name, place.line, place.column
            ));
            problems.iter().for_each(|problem| out.push_str(&format!("  {problem}\n")));
            out.push('\n');
        }
    }
    out.push_str(&format!("{passed} passed, {failed} failed\n"));
    if print(&out) != Exit::Clean {
        return Exit::Usage;
    }
    if passed + failed == 0 {
        say("note: there is no test here");
    }
    if failed > 0 { Exit::Found } else { Exit::Clean }
}

/// What of a case did not come out as expected.
fn run_case(policies: &Policies, set: &TestSet, case: &Case) -> Vec<String> {
    let hir = &policies.hir;
    let constants: Vec<&Expr> = case
        .given
        .iter()
        .flat_map(|given| given.attributes.iter().chain(&given.properties).map(|(_, value)| value))
        .collect();
    let selection = Selection { controls: vec![set.control], sets: case.sets.clone() };
    let (program, chunks) = match compile_with(hir, &selection, &constants) {
        Ok(compiled) => compiled,
        Err(flaw) => return vec![format!("the compiler made flawed code: {flaw:?}")],
    };
    let settings = Settings { now: NOW, ..Settings::default() };
    let mut snapshot = given::snapshot(hir, &program, &settings, &case.given, &chunks);
    let folder = Path::new(policies.sources.name(set.span.source))
        .parent()
        .unwrap_or(Path::new(""))
        .to_path_buf();
    let mut cases = BTreeMap::new();
    for (file, _) in &case.files {
        if let Err(problem) = read_file(&program, &folder.join(file), &mut snapshot, &mut cases) {
            return vec![problem];
        }
    }
    let stop = || false;
    let mut outcomes = assess::run(&program, &snapshot, &settings, Which::All, &stop);
    let (program, settings, snapshot) = (&program, &settings, &snapshot);
    let ground = Ground { program, settings, parameters: &[], snapshot, stop: &stop };
    decide(&ground, &cases, &mut outcomes);
    case.expects.iter().filter_map(|expect| unmet(hir, expect, &outcomes)).collect()
}

fn read_file(
    program: &Program,
    path: &Path,
    snapshot: &mut Snapshot,
    cases: &mut BTreeMap<u32, Cases>,
) -> Result<(), String> {
    let name = shown(path);
    let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let number = u32::try_from(snapshot.inputs.len()).unwrap_or(u32::MAX);
    let template = guess(&bytes) == Guess::Document;
    let source = if template { SourceKind::CloudFormation } else { SourceKind::Inventory };
    let (text, size) = (name.as_str().into(), bytes.len() as u64);
    snapshot.inputs.push(Input {
        name: text,
        source,
        resources: 0,
        bytes: size,
        sha256: String::new(),
    });
    if template {
        let options = Options { parameters: &[], input: number };
        let read = cloudformation::read(&program.projection, &options, &name, &bytes).map_err(
            |error| format!("{name}:{}:{}: {}", error.place.line, error.place.column, error.what),
        )?;
        snapshot.resources.extend(read.resources);
        snapshot.gaps.extend(read.gaps);
        cases.extend(read.cases.map(|own| (number, own)));
        return Ok(());
    }
    let (mut bad, mut foreign) = (None, Foreign::default());
    let done =
        inventory::read(&program.projection, number, bytes.as_slice(), |record| match record {
            Record::Resource(resource) => snapshot.resources.push(resource),
            Record::Gap(gap) => snapshot.gaps.push(gap),
            Record::Foreign(kind, place) => {
                snapshot.gaps.extend(foreign.judge(&program.projection, kind, number, place));
            }
            Record::Skipped(..) => {}
            Record::Bad(place, what) => {
                bad.get_or_insert(format!("{name}:{}:{}: {what}", place.line, place.column));
            }
        });
    let stopped =
        done.err().map(|stopped| format!("{name}:{}: {}", stopped.place.line, stopped.what));
    stopped.or(bad).map_or(Ok(()), Err)
}

/// Why an expectation is not met; `None` where it is.
fn unmet(_hir: &Hir, expect: &Expectation, outcomes: &[Outcome]) -> Option<String> {
    let wanted = Verdict::find(&expect.verdict)?;
    let meant: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| expect.resource.as_ref().is_none_or(|id| *id == *outcome.id))
        .collect();
    if meant.is_empty() {
        return match (&expect.resource, wanted) {
            (None, Verdict::NotApplicable) => None,
            (Some(id), _) => Some(format!(
                "expected {} for \"{id}\", but the control does not speak of it",
                wanted.name()
            )),
            (None, _) => Some(format!(
                "expected {}, but there is no resource that the control speaks of",
                wanted.name()
            )),
        };
    }
    for outcome in meant {
        let said = outcome.messages.iter().any(|message| {
            expect.message.as_ref().is_none_or(|part| message.text.contains(part.as_str()))
        });
        let says_it = expect.message.is_none() || said;
        if outcome.verdict == wanted && says_it {
            continue;
        }
        let mut text = format!("\"{}\": expected {}", outcome.id, wanted.name());
        if let Some(part) = &expect.message {
            text.push_str(&format!(" with \"{part}\""));
        }
        text.push_str(&format!("\n       got      {}", outcome.verdict.name()));
        for message in &outcome.messages {
            text.push_str(&format!(
                "\n         {}: {}",
                message.verdict.name(),
                safe(&message.text)
            ));
            for evidence in message.evidence.iter().take(8) {
                text.push_str(&format!(
                    "\n           {} {} {}",
                    evidence.pointer, evidence.state, evidence.value
                ));
            }
        }
        return Some(text);
    }
    None
}
