//! Bad programs and what is said about them: `tests/ui/<area>/<case>.assize` and, beside it, the
//! rendered diagnostics in `<case>.txt`. The area says how far a program is taken: `syntax` parses,
//! the others resolve and check, too.
//!
//! `UPDATE_EXPECT=1 cargo test --test main ui::` writes the texts anew; read each change as an auditor
//! would. A line `//# a.b` begins another module; the part before the first is the module `case`.

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::Sources;
use assize::check;
use assize::diagnostic::{Diagnostics, code, render};
use assize::resolve::{self, MemoryLoader, Root};
use assize::syntax;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

/// The modules of a case: path and text.
fn modules(text: &str) -> Vec<(String, String)> {
    let mut modules = vec![("case".to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//# ") {
            modules.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = modules.last_mut() {
            text.push_str(line);
        }
    }
    modules
}

/// What is said about a case.
fn said(area: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let mut sink = Diagnostics::new();
    if area == "syntax" {
        let id = sources.add("case.assize", text);
        syntax::parse_module(id, text, &mut sink);
    } else {
        let mut loader = MemoryLoader::default();
        let mut modules = modules(text).into_iter();
        let roots: Vec<Root> = modules
            .by_ref()
            .take(1)
            .map(|(module, text)| Root { name: format!("{module}.assize"), module, text })
            .collect();
        loader.modules.extend(modules);
        let loaded = resolve::load(&roots, &loader, &mut sources, &mut sink);
        check::check(&loaded, &sources, &mut sink);
    }
    render::to_text(&sink.sorted(), &sources, false)
}

/// Every case: its area, its path without the ending.
fn cases() -> Vec<(String, PathBuf)> {
    let mut cases = Vec::new();
    for area in fs::read_dir(folder()).unwrap() {
        let area = area.unwrap().path();
        if !area.is_dir() {
            continue;
        }
        let name = area.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(&area).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|e| e == "assize") {
                cases.push((name.clone(), path.with_extension("")));
            }
        }
    }
    cases.sort();
    cases
}

#[test]
fn bad_programs_are_told_so() {
    let bless = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for (area, case) in cases() {
        let text = fs::read_to_string(case.with_extension("assize")).unwrap();
        let said = said(&area, &text);
        let expected = case.with_extension("txt");
        if bless {
            fs::write(&expected, &said).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "said otherwise than before:\n{}", wrong.join("\n"));
}

#[test]
fn every_case_is_about_something_and_every_code_has_one() {
    let mut seen = String::new();
    let mut silent = Vec::new();
    for (area, case) in cases() {
        let text = said(&area, &fs::read_to_string(case.with_extension("assize")).unwrap());
        // The area `fine` shows what must not be complained about.
        if text.is_empty() != (area == "fine") {
            silent.push(case.display().to_string());
        }
        seen.push_str(&text);
    }
    assert!(silent.is_empty(), "nothing is said about {}", silent.join(", "));
    let parts = ["E02", "E03", "E04"];
    let missing: Vec<&str> = code::ALL
        .iter()
        .map(|code| code.code)
        .filter(|code| parts.iter().any(|part| code.starts_with(part)))
        // A program of ten thousand modules is no case that anybody reads.
        .filter(|code| *code != "E0205")
        .filter(|code| !seen.contains(&format!("[{code}]")))
        .collect();
    assert!(missing.is_empty(), "no case for {}", missing.join(", "));
}
