//! The list of planted defects is sound: each can be planted where it says. `tests/defects/run` plants them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The least number of defects.
const LEAST: usize = 30;

/// A defect of the list.
#[derive(Default)]
struct Defect {
    name: String,
    file: String,
    harm: String,
    tests: String,
    old: Vec<String>,
    new: Vec<String>,
}

fn list() -> Vec<Defect> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("tests/defects/list.txt")).unwrap();
    let mut out: Vec<Defect> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.to_owned();
        if word == "defect" {
            out.push(Defect { name: rest, ..Defect::default() });
            continue;
        }
        let defect = out.last_mut().expect("an entry begins with its name");
        match word {
            "file" => defect.file = rest,
            "harm" => defect.harm = rest,
            "tests" => defect.tests = rest,
            "-" => defect.old.push(rest),
            "+" => defect.new.push(rest),
            other => panic!("{}: `{other}` is no word of the list", defect.name),
        }
    }
    out
}

#[test]
fn every_defect_of_the_list_can_be_planted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = list();
    assert!(all.len() >= LEAST, "{} defects, and {LEAST} are wanted", all.len());
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for Defect { name, file, harm, tests, old, new } in &all {
        let mut say = |what: &str| wrong.push(format!("{name}: {what}"));
        if !names.insert(name) {
            say("the name stands twice");
        }
        if harm.len() < 10 || tests.split_whitespace().next().is_none() {
            say("say what goes wrong, and which tests should find it");
        }
        if !file.starts_with("src/") {
            say("a defect is planted in the product");
        }
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        let (old, new) = (old.join("\n"), new.join("\n"));
        if text.matches(&old).count() != 1 || old.trim().is_empty() {
            say("its text does not stand in the file exactly once");
        }
        if old.trim() == new.trim() {
            say("nothing is replaced");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page has a row for each defect.
#[test]
fn the_page_has_a_row_for_each() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/defects.md");
    let page = fs::read_to_string(page).unwrap();
    let rows: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | ").map(|(name, _)| name))
        .filter(|name| !["defect", "---"].contains(name))
        .collect();
    let all = list();
    let names: BTreeSet<&str> = all.iter().map(|defect| defect.name.as_str()).collect();
    assert_eq!(rows, names);
}
