//! The policy sets under `policies`: each command of a set's page says what the page says.
//!
//! A block `sh` with a command `assize …` (a line that ends with `\` goes on) is followed by a block `text` with
//! all that it says, as in a transcript. A block `diff` before it is a change that the reader is to try: it
//! is made in a copy of the set, for that command alone. `UPDATE_EXPECT=1` writes the answers anew.

use std::fs;
use std::path::Path;

use crate::cli::Folder;
use crate::cli::transcripts::run;

/// A page with the answers as they are; how many commands it has, and how many of them after a change.
struct Page {
    text: String,
    commands: usize,
    changes: usize,
}

/// A block of a page: its kind, where its text begins and ends.
fn blocks(page: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(open) = page[from..].find("\n```").map(|at| from + at + 4) {
        let start = open + page[open..].find('\n').unwrap() + 1;
        let end = start - 1 + page[start - 1..].find("\n```").expect("a block ends") + 1;
        out.push((&page[open..start - 1], start..end));
        from = end + 3;
    }
    out
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let other = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &other),
            false => assert!(fs::copy(&path, &other).is_ok(), "{}", path.display()),
        }
    }
}

/// Makes a change: `--- FILE`, then lines to be taken out (`-`) and put in their place (`+`). Of a long line
/// a part may stand there.
fn change(root: &Path, diff: &str) {
    let file = diff.lines().next().and_then(|line| line.strip_prefix("--- ")).expect("`--- FILE`");
    let part = |sign: char| -> String {
        let chosen = diff.lines().skip(1).filter_map(|line| line.strip_prefix(sign));
        chosen.collect::<Vec<_>>().join("\n")
    };
    let text = fs::read_to_string(root.join(file)).unwrap();
    let (old, new) = (part('-'), part('+'));
    assert_eq!(text.matches(&old).count(), 1, "{file}: once:\n{old}");
    fs::write(root.join(file), text.replacen(&old, &new, 1)).unwrap();
}

fn answered(root: &Path, set: &str, name: &str) -> Page {
    let page = fs::read_to_string(root.join("policies").join(set).join(name)).unwrap();
    let blocks = blocks(&page);
    let mut out = Page { text: String::new(), commands: 0, changes: 0 };
    let mut written = 0;
    for (at, (kind, range)) in blocks.iter().enumerate() {
        let command = page[range.clone()].replace("\\\n", " ").replace('\'', "");
        let Some(command) = command.strip_prefix("assize ").filter(|_| *kind == "sh") else {
            continue;
        };
        let (after, answer) = blocks.get(at + 1).expect("an answer");
        assert_eq!(*after, "text", "{set}: `{command}` has no answer");
        let said = match at.checked_sub(1).and_then(|before| blocks.get(before)) {
            Some(("diff", diff)) => {
                let folder = Folder::new(&format!("{set}-{at}"));
                copy(&root.join("policies").join(set), &folder.path().join("policies").join(set));
                change(folder.path(), &page[diff.clone()]);
                out.changes += 1;
                run(folder.path(), command)
            }
            _ => run(root, command),
        };
        out.text.push_str(&page[written..answer.start]);
        out.text.push_str(&said);
        written = answer.end;
        out.commands += 1;
    }
    out.text.push_str(&page[written..]);
    out
}

fn pages_are_true(set: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut commands, mut changes, mut all) = (0, 0, String::new());
    for name in ["README.md", "REPORTS.md"] {
        let found = answered(root, set, name);
        let file = root.join("policies").join(set).join(name);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&file, &found.text).unwrap();
        }
        let page = fs::read_to_string(&file).unwrap();
        assert!(found.text == page, "{} should be\n{}", file.display(), found.text);
        commands += found.commands;
        changes += found.changes;
        all.push_str(&page);
    }
    assert!(all.contains(&format!("assize test policies/{set}\n```")), "{set}: its tests are run");
    assert!(all.contains(" passed, 0 failed\n[exit 0]"), "{set}: its tests pass");
    assert!(commands >= 10 && changes >= 4, "{set}: {commands} commands, {changes} changes");
}

#[test]
fn the_pages_of_harbor_bank_are_true() {
    pages_are_true("harbor-bank");
}

#[test]
fn the_pages_of_civic_health_are_true() {
    pages_are_true("civic-health");
}

/// Each control of a set has a case for every verdict that it can have.
#[test]
fn every_control_of_a_set_is_tested_for_each_verdict() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (set, files, tests, least) in [
        (
            "harbor-bank",
            ["firewalls", "card_data"],
            ["tests/firewall_tests", "tests/card_data_tests"],
            11,
        ),
        ("civic-health", ["agency", "oversight"], ["agency", "oversight"], 8),
    ] {
        let read = |name: &str| {
            fs::read_to_string(root.join("policies").join(set).join(format!("{name}.assize")))
                .unwrap()
        };
        let (own, tested) = (files.map(read).join("\n"), tests.map(read).join("\n"));
        let mut count = 0;
        for rest in own.split("\ncontrol ").skip(1) {
            let name = rest.split(' ').next().unwrap();
            let body = rest.split("\n}\n").next().unwrap();
            count += 1;
            for part in ["title", "severity", "remedy", "see"] {
                assert!(body.contains(&format!("\n    {part} ")), "{name} has no {part}");
            }
            let heads = [format!("\ntest {name} {{"), format!(".{name} {{")];
            let cases = heads.iter().find_map(|head| tested.split(head.as_str()).nth(1));
            let cases = cases.unwrap_or_else(|| panic!("{name} has no test"));
            let cases = cases.split("\n}\n").next().unwrap();
            let manual = body.contains("\n    manual ");
            let verdicts: &[&str] = match manual {
                true => &["manual", "unknown", "not_applicable"],
                false => &["pass", "fail", "unknown", "not_applicable"],
            };
            for verdict in verdicts {
                assert!(
                    cases.contains(&format!("expect {verdict}")),
                    "{name}: no case for {verdict}"
                );
            }
        }
        assert_eq!(count, least, "{set}");
    }
}
