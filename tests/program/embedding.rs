//! The evaluator in a program of one's own: shared, cancelled, light.

use std::io::{self, Read};

use assize::engine::{Builder, Cancel, Engine};

const POLICY: &str = "control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }
control joined for v in AWS::EC2::Volume { require none b in AWS::S3::Bucket: b.BucketName is absent }";

fn builder() -> Builder<'static> {
    Engine::builder().policy("p", POLICY)
}

fn line(id: u32, on: bool) -> String {
    format!(r#"{{"type":"AWS::EC2::Volume","id":"v{id}","properties":{{"Encrypted":{on}}}}}"#)
}

/// An engine is made once and shared.
#[test]
fn engines_may_be_shared_among_threads() {
    fn shared<T: Send + Sync>(value: T) -> T {
        value
    }
    assert!(builder().build().unwrap_err().to_string().contains("instant"), "no time is assumed");
    let only = ["c".to_owned()];
    let engine = shared(builder().controls(&only).now("2026-11-24").unwrap().build().unwrap());
    std::thread::scope(|scope| {
        for on in [true, false, true, false] {
            let engine = &engine;
            scope.spawn(move || {
                let mut run = engine.run();
                run.inventory("line", line(1, on).as_bytes());
                let counts = run.finish().counts();
                assert_eq!((counts.pass, counts.fail), (u64::from(on), u64::from(!on)));
            });
        }
    });
}

/// Lines without end, until somebody ends the run.
struct Endless<'c> {
    given: u32,
    cancel: &'c Cancel,
    line: Vec<u8>,
}

impl Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() {
            self.given += 1;
            self.line = format!("{}\n", line(self.given, true)).into_bytes();
            if self.given == 10_000 {
                self.cancel.cancel();
            }
        }
        let count = self.line.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_run_that_is_cancelled_ends_and_claims_nothing() {
    let engine = builder().now("2026-11-24").unwrap().build().unwrap();
    let cancel = Cancel::new();
    let mut run = engine.run().cancelled_by(&cancel);
    run.inventory("endless", Endless { given: 0, cancel: &cancel, line: Vec::new() });
    let assessment = run.finish();
    assert!(cancel.is_cancelled() && assessment.is_incomplete());
    let said = &assessment.incomplete;
    assert!(
        said.iter().any(|why| why.starts_with("endless:") && why.contains("cancelled")),
        "{said:?}"
    );
    assert!(assessment.inputs[0].resources >= 9_000, "{}", assessment.inputs[0].resources);
    assert!(assessment.counts().pass < 20_000, "the joined control did not run to its end");
    assert!(assessment.controls.iter().all(|control| control.status == "undetermined"));

    // A switch that was on before: nothing is read.
    let mut run = engine.run().cancelled_by(&cancel);
    run.inventory("line", line(1, true).as_bytes());
    run.template("template", b"Resources: { V: { Type: AWS::EC2::Volume } }");
    let assessment = run.finish();
    assert!(assessment.outcomes.is_empty() && assessment.is_incomplete());
    assert!(assessment.controls.iter().all(|control| control.status == "undetermined"));
}

/// What embedding pulls in: crates that run, not those that only build.
#[test]
fn embedding_stays_light() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--no-default-features", "--prefix", "none"])
        .args(["--edges", "normal,no-proc-macro", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let names: std::collections::BTreeSet<&str> =
        text.lines().filter_map(|line| line.split(' ').next()).collect();
    let others = names.len() - 1;
    assert!(names.contains("assize") && others <= 26, "{others} crates: {names:?}");
    for heavy in ["clap", "sha2", "flate2", "ruzstd"] {
        assert!(!names.contains(heavy), "{heavy} belongs to the command line");
    }
}

/// What is not kept is counted all the same, and not counted where a later state took its place.
#[test]
fn findings_that_are_not_kept_count() {
    let item = |id: &str, hour: u32, on: bool| {
        format!(
            r#"{{"resourceType":"AWS::EC2::Volume","resourceId":"{id}","awsAccountId":"111122223333",
            "awsRegion":"eu-west-1","configurationItemStatus":"OK","relationships":[],"tags":{{}},
            "configurationItemCaptureTime":"2026-01-02T{hour:02}:00:00Z",
            "configuration":{{"volumeId":"{id}","encrypted":{on}}}}}"#
        )
    };
    let items = [item("a", 1, true), item("b", 1, false), item("a", 2, false), item("c", 1, true)];
    let engine = builder().now("2026-11-24").unwrap().build().unwrap();
    let assess = |run: assize::engine::Run<'_>| {
        let mut run = run;
        run.config("items", items.join("\n").as_bytes());
        let assessment = run.finish();
        let rows: Vec<_> =
            assessment.controls.iter().map(|control| (control.counts, control.status)).collect();
        (assessment.counts(), rows, assessment.outcomes.len())
    };
    let (all, rows, kept) = assess(engine.run());
    let (few, same, left) = assess(engine.run().failing_only());
    assert_eq!((all, &rows), (few, &same));
    assert_eq!((all.pass, all.fail), (1, 2), "the first state of `a` passed, and has passed");
    assert!(left < kept);
}
