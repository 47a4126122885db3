//! What expressions come to: cases as data, `tests/conformance/*.cases`.
//!
//! A line is `expression => value`: the value as a message shows it, `error: …` for one that cannot be
//! evaluated, the code of the diagnostic where the checker refuses it. `n`, `m` are given in `given.assize`.
//! `UPDATE_EXPECT=1` writes the values anew; read each change by the words of the language reference.

/// The standard functions and their examples.
mod functions;

use std::fs;
use std::path::{Path, PathBuf};

use assize::assess::{Settings, given};
use assize::compile::{Selection, compile_with};
use assize::hir::{Expr, Hir};
use assize::value::ResourceId;
use assize::vm::{Machine, World, run_control};

/// The instant of every case, in microseconds since 1970: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// The value of the expression, as a message shows it.
fn value(prelude: &str, expr: &str) -> String {
    let text = format!(
        "{prelude}\ncontrol c for n in T::X::Node {{\n    let result = {expr}\n    require false else \"{{result}}\"\n}}\n"
    );
    match crate::check::compile(&[("t".to_owned(), text)]) {
        Ok(hir) => run(&hir),
        Err(said) => {
            let code = said.split("error[").nth(1).and_then(|rest| rest.split(']').next());
            code.unwrap_or("no code").to_owned()
        }
    }
}

fn run(hir: &Hir) -> String {
    let case = &hir.tests[0].cases[0];
    let values =
        case.given.iter().flat_map(|given| given.attributes.iter().chain(&given.properties));
    let constants: Vec<&Expr> = values.map(|(_, value)| value).collect();
    let controls =
        hir.controls.iter_with_idx().filter(|(_, c)| *c.name == *"c").map(|(id, _)| id).collect();
    let selection = Selection { controls, sets: Vec::new() };
    let (program, chunks) = compile_with(hir, &selection, &constants).unwrap();
    let settings = Settings { now: NOW, ..Settings::default() };
    let snapshot = given::snapshot(hir, &program, &settings, &case.given, &chunks);
    let world = World::new(&program, &snapshot);
    let params: Vec<_> = assize::vm::evaluate_params(&program, &world, NOW)
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let mut machine = Machine::new(&program, &world, &params, NOW, settings.limits);
    let outcome = run_control(&mut machine, &program.controls[0], ResourceId(0), false);
    let message = outcome.findings[0].message.clone();
    match message.strip_prefix("the message could not be made: ") {
        Some(why) => format!("error: {why}"),
        None => message.replace('\n', "\\n"),
    }
}

#[test]
fn expressions_come_to_what_the_cases_say() {
    let prelude = fs::read_to_string(folder().join("given.assize")).unwrap();
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let (mut count, mut wrong) = (0, Vec::new());
    let mut files: Vec<_> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "cases")) {
        let text = fs::read_to_string(file).unwrap();
        let mut anew = String::new();
        for (at, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                anew.push_str(&format!("{line}\n"));
                continue;
            }
            let (expr, wanted) = line.rsplit_once(" => ").unwrap_or((line, ""));
            let found = value(&prelude, expr);
            count += 1;
            anew.push_str(&format!("{expr} => {found}\n"));
            if found != wanted {
                let name = file.file_name().unwrap().to_string_lossy();
                wrong.push(format!("{name}:{}: {expr} => {found}, not {wanted}", at + 1));
            }
        }
        if update {
            fs::write(file, anew).unwrap();
        }
    }
    assert!(update || wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 400, "only {count} cases");
}
