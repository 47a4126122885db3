//! Every seed and everything that the fuzzer ever found, through the bodies of the fuzz targets.

/// The bodies; the crate in `fuzz` includes them, too.
pub mod targets;

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_none_or(|end| end != "md"));
    files.sort();
    files
}

/// Runs the files through the body of their target; which of them it does not bear.
fn replay(target: &str, files: &[PathBuf]) -> Vec<String> {
    let body = targets::named(target);
    let bears = |file: &&PathBuf| {
        let bytes = fs::read(file).unwrap();
        catch_unwind(|| body(&bytes)).is_err()
    };
    files.iter().filter(bears).map(|file| file.display().to_string()).collect()
}

#[test]
fn every_seed_and_regression_is_borne_by_its_target() {
    let mut failed = Vec::new();
    std::thread::scope(|scope| {
        let run = |(name, _): &(&'static str, targets::Target)| {
            let name = *name;
            scope.spawn(move || {
                let seeds = files(&fuzz().join("seeds").join(name));
                assert!(seeds.len() >= 10, "{name}: only {} seeds", seeds.len());
                let regressions = files(&fuzz().join("regressions").join(name));
                replay(name, &[seeds, regressions].concat())
            })
        };
        let threads: Vec<_> = targets::ALL.iter().map(run).collect();
        threads.into_iter().for_each(|thread| failed.extend(thread.join().unwrap()));
    });
    assert!(
        failed.is_empty(),
        "what the targets found in these is said above:\n{}",
        failed.join("\n")
    );
}

/// A target without a program of its own would never be fuzzed, a file without a note never be understood.
#[test]
fn every_target_is_declared_and_every_regression_explained() {
    let read = |name: &str| fs::read_to_string(fuzz().join(name)).unwrap();
    let (manifest, campaign, notes) =
        (read("Cargo.toml"), read("run"), read("regressions/README.md"));
    for (name, _) in targets::ALL {
        assert!(
            manifest.contains(&format!("name = \"{name}\"\n")),
            "{name} is not in fuzz/Cargo.toml"
        );
        assert!(read(&format!("fuzz_targets/{name}.rs")).contains(&format!("named(\"{name}\")")));
        let listed = campaign.lines().find(|line| line.contains("|| set --")).unwrap();
        assert!(listed.split(' ').any(|word| word == *name), "{name} is not in fuzz/run");
        for file in files(&fuzz().join("regressions").join(name)) {
            let file = file.file_name().unwrap().to_string_lossy().into_owned();
            assert!(notes.contains(&format!("`{name}/{file}`")), "{name}/{file} has no note");
        }
    }
}

/// The bodies look at something: each refuses what breaks its promise, where one can be made up.
#[test]
fn seeds_reach_what_their_targets_look_at() {
    let text = |path: &str| fs::read_to_string(fuzz().join("seeds").join(path)).unwrap();
    // Policies of the checker compile, so that what is behind the checker is reached.
    let all = files(&fuzz().join("seeds/checker"));
    let compiled = all.iter().filter(|file| {
        fs::read_to_string(file).is_ok_and(|text| targets::run::engine_of(&text).is_some())
    });
    let (compiled, all) = (compiled.count(), all.len());
    assert!(compiled * 4 >= all * 3, "{compiled} of {all} policies compile");
    // Inputs of readers give findings of their resources.
    let engine = targets::run::reader_engine();
    let said =
        targets::run::said(engine, |run| run.inventory("i", text("inventory/full").as_bytes()));
    assert!(said.contains("scalars") && said.contains("n1"), "{said}");
    let said = targets::run::said(engine, |run| run.config("c", text("config/item").as_bytes()));
    assert!(said.contains("structures") && said.contains("three"), "{said}");
    let said = targets::run::said(engine, |run| run.terraform("p", text("plan/create").as_bytes()));
    assert!(said.contains("attributes") && said.contains("t_node.n"), "{said}");
    let said =
        targets::run::said(engine, |run| run.template("t", text("template_yaml/tags").as_bytes()));
    assert!(said.contains("scalars") && said.contains("/Resources/N"), "{said}");
}
