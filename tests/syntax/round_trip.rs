//! Print, parse, same tree: over all policies at hand and over random programs.

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::Sources;
use assize::diagnostic::{Diagnostics, render};
use assize::syntax::{parse_module, print};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use crate::oracle::Writer;

/// The tree without its spans, as text.
fn tree(text: &str) -> Result<(String, String), String> {
    let mut sources = Sources::new();
    let id = sources.add("t.assize", text);
    let mut sink = Diagnostics::new();
    let module = parse_module(id, text, &mut sink);
    if !sink.is_empty() {
        return Err(render::to_text(&sink.sorted(), &sources, false));
    }
    let spans = regex::Regex::new(r"Span \{[^}]*\}").unwrap();
    let tree = spans.replace_all(&format!("{module:?}"), "").into_owned();
    Ok((tree, print::module(&module)))
}

fn round_trip(name: &str, text: &str) -> Result<(), String> {
    let Ok((before, printed)) = tree(text) else { return Ok(()) };
    let (after, again) = tree(&printed)
        .map_err(|why| format!("{name}: what was printed is refused\n{why}\n{printed}"))?;
    if before != after {
        return Err(format!("{name}: another tree\n{before}\n{after}\n{printed}"));
    }
    if printed != again {
        return Err(format!("{name}: printed again it is another text"));
    }
    Ok(())
}

fn policies(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            policies(&path, out);
        } else if path.extension().is_some_and(|e| e == "assize") {
            out.push(path);
        }
    }
}

#[test]
fn every_policy_at_hand_is_printed_and_read_again() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["stdlib", "policies", "tests", "../shared/design", "../shared/bench"] {
        if root.join(folder).is_dir() {
            policies(&root.join(folder), &mut files);
        }
    }
    assert!(files.len() > 100, "only {} policies", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        round_trip(&file.display().to_string(), &text).unwrap_or_else(|why| panic!("{why}"));
    }
}

#[test]
fn random_programs_are_printed_and_read_again() {
    let config = Config { cases: 600, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let result = runner.run(&vec(any::<u8>(), 0..400), |tape| {
        let text = Writer::new(&tape, false).module();
        round_trip("random", &text).map_err(TestCaseError::fail)
    });
    result.unwrap_or_else(|why| panic!("{why}"));
}
