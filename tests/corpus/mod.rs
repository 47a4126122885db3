//! Every real template is read, or refused with a place for a reason of its own.

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::LineColumn;
use assize::engine::guess::{Guess, guess};
use assize::program::projection::Attributes;
use assize::program::{Part, Projection};
use assize::snapshot::cloudformation::{Options, read};
use assize::snapshot::config::{self, Record};
use assize::snapshot::terraform;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { todo.push(path) } else { out.push(path) }
        }
    }
    out.sort();
    out
}

/// The real files of a kind, where they are there.
fn corpus(kind: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    super::shared_or_left_out(&shared).then(|| shared.join("data/corpus").join(kind))
}

#[test]
fn every_template_is_read_or_refused_with_a_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(corpus) = corpus("cloudformation") else { return };
    let all = Attributes {
        properties: true,
        metadata: true,
        attributes: true,
        tags: true,
        ..Attributes::default()
    };
    let mut projection = Projection::new();
    projection.any = Some(all);
    let mut table = String::from(
        "# Real templates, and what became of each\n\nMade by `UPDATE_EXPECT=1 cargo test corpus` over the templates that the tests read; checked on every run.\n\n| template | resources | gaps | warnings | refused |\n| --- | ---: | ---: | ---: | --- |\n",
    );
    let (mut taken, mut refused) = (0, 0);
    for file in files(&corpus) {
        let name = file.strip_prefix(&corpus).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file).unwrap();
        let options = Options { parameters: &[], input: 0 };
        table += &match read(&projection, &options, &name, &bytes) {
            Ok(template) => {
                taken += 1;
                let (gaps, warnings) = (template.gaps.len(), template.warnings.len());
                format!("| {name} | {} | {gaps} | {warnings} | |\n", template.count)
            }
            Err(error) => {
                refused += 1;
                let what = error.what.replace('|', "\\|");
                format!("| {name} | | | | {}:{}: {what} |\n", error.place.line, error.place.column)
            }
        };
    }
    table += &format!("\n{taken} read, {refused} refused.\n");
    let expected = root.join("docs/corpus.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &table).unwrap();
    }
    assert!(taken + refused >= 130);
    assert_eq!(
        fs::read_to_string(&expected).unwrap_or_default(),
        table,
        "UPDATE_EXPECT=1 rewrites docs/corpus.md"
    );
}

/// Every real file of AWS Config: what was found in it, and what was said of the rest.
#[test]
fn every_config_file_is_read_or_refused_with_a_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(corpus) = corpus("config") else { return };
    let mut table = String::from(
        "# Real files of AWS Config, and what became of each\n\nMade by `UPDATE_EXPECT=1 cargo test corpus`; checked on every run.\n\n| file | items | gaps | refused |\n| --- | ---: | ---: | --- |\n",
    );
    for file in files(&corpus) {
        let name = file.strip_prefix(&corpus).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file).unwrap();
        assert_eq!(guess(&bytes), Guess::Config, "{name}");
        let (mut items, mut gaps, mut said) = (0, 0, Vec::new());
        let mut say = |place: LineColumn, what: &str| {
            said.push(format!("{}:{}: {}", place.line, place.column, what.replace('|', "\\|")));
        };
        let stopped = config::read(0, &bytes[..], |record| match record {
            Record::Item(_) => items += 1,
            Record::Gap(_) => gaps += 1,
            Record::Bad(place, what) => say(place, &what),
        });
        stopped.err().iter().for_each(|stopped| say(stopped.place, &stopped.what));
        // What speaks of a delivery or a schedule carries no item.
        let text = String::from_utf8_lossy(&bytes);
        let without = ["ConfigurationSnapshotDelivery", "ScheduledNotification"];
        let empty = without.iter().any(|message| text.contains(message));
        assert!(items + gaps + said.len() > 0 || empty, "{name}");
        table += &format!("| {name} | {items} | {gaps} | {} |\n", said.join("; "));
    }
    let expected = root.join("docs/corpus-config.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &table).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&expected).unwrap_or_default(),
        table,
        "UPDATE_EXPECT=1 rewrites docs/corpus-config.md"
    );
}

/// Every real plan and state of Terraform: what was found in it, and what was said of the rest.
#[test]
fn every_plan_is_read_or_refused_with_a_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(corpus) = corpus("terraform-plan") else { return };
    let mut table = String::from(
        "# Real plans and states of Terraform, and what became of each\n\nMade by `UPDATE_EXPECT=1 cargo test corpus`; checked on every run.\n\n| file | resources | broken | gaps | refused or lost |\n| --- | ---: | ---: | ---: | --- |\n",
    );
    let (mut taken, mut refused) = (0, 0);
    for file in files(&corpus) {
        let name = file.strip_prefix(&corpus).unwrap().to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file).unwrap();
        assert_eq!(guess(&bytes), Guess::Terraform, "{name}");
        let say = |place: LineColumn, what: &str| {
            format!("{}:{}: {}", place.line, place.column, what.replace('|', "\\|"))
        };
        table += &match terraform::read([], &name, &bytes) {
            Ok(plan) => {
                taken += 1;
                let broken = plan.items.iter().filter(|item| item.broken.is_some()).count();
                let lost: Vec<_> = plan.lost.iter().map(|(at, what)| say(*at, what)).collect();
                let (resources, gaps, lost) = (plan.items.len(), plan.gaps.len(), lost.join("; "));
                // All values of all of them can be read.
                let whole = Part { whole: true, ..Part::default() };
                (0..resources).for_each(|at| drop(plan.value(at, &whole)));
                format!("| {name} | {resources} | {broken} | {gaps} | {lost} |\n")
            }
            Err(error) => {
                refused += 1;
                format!("| {name} | | | | {} |\n", say(error.place, &error.what))
            }
        };
    }
    table += &format!("\n{taken} read, {refused} refused.\n");
    let expected = root.join("docs/corpus-terraform.md");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &table).unwrap();
    }
    assert!(taken + refused >= 50);
    assert_eq!(
        fs::read_to_string(&expected).unwrap_or_default(),
        table,
        "UPDATE_EXPECT=1 rewrites docs/corpus-terraform.md"
    );
}

/// Depth, aliases and size are counted: nothing here may crash or hang.
#[test]
fn bombs_are_refused() {
    let options = Options { parameters: &[], input: 0 };
    let projection = Projection::new();
    let laughs = {
        let mut text = String::from("Resources:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let of = format!("*a{}", n - 1);
            text += &format!("  a{n}: &a{n} [{}]\n", vec![of; 9].join(", "));
        }
        text
    };
    let openers = ["[", "{", "- ", "? ", "{\"a\":", "[[", "!Sub [", "a: {"];
    let mut bombs: Vec<String> =
        openers.iter().map(|opener| opener.repeat(40_000 / opener.len())).collect();
    bombs.push(laughs);
    let run = move || {
        for bomb in bombs {
            let shown: String = bomb.chars().take(20).collect();
            assert!(read(&projection, &options, "bomb.yaml", bomb.as_bytes()).is_err(), "{shown}");
            assert!(read(&projection, &options, "bomb.json", bomb.as_bytes()).is_err(), "{shown}");
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}
