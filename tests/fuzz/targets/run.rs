//! Engines for the targets, and what they say of inputs.

use std::sync::OnceLock;

use assize::assess::{Assessment, Settings, Which, given};
use assize::base::LineColumn;
use assize::compile::{Selection, compile_with};
use assize::engine::{Engine, Refused, Run};
use assize::hir::Expr;
use assize::program::Program;
use assize::program::codec::{load, save};
use assize::report::{Reported, json, text};
use assize::snapshot::inventory::{self, Record};
use assize::snapshot::model::Snapshot;
use assize::vm::Limits;

/// The instant of every run, in microseconds since 1970: 2026-01-01T00:00:00Z.
pub const NOW: i64 = 1_767_225_600_000_000;

/// Small ones: a target must end soon.
pub const LIMITS: Limits = Limits { fuel: 200_000, memory: 16 << 20, depth: 128 };

/// The policy of the targets of readers, compiled once.
pub fn reader_engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| engine_of(include_str!("policy.assize")).expect("the policy compiles"))
}

/// The engine of a policy; `None` where it does not check or has no control.
pub fn engine_of(policy: &str) -> Option<Engine> {
    let builder = Engine::builder().policy("t", policy).at(NOW).limits(LIMITS);
    match builder.build() {
        Ok(engine) => {
            tests(&engine);
            Some(engine)
        }
        Err(Refused::Policies(refused)) => {
            assert!(!refused.render(false).is_empty());
            None
        }
        Err(Refused::Setting(what)) => {
            assert!(!what.contains("flawed"), "{what}");
            None
        }
    }
}

/// Runs the tests in the policy on what they give.
fn tests(engine: &Engine) {
    let hir = &engine.policies.hir;
    for set in &hir.tests {
        for case in &set.cases {
            let parts =
                case.given.iter().flat_map(|one| one.attributes.iter().chain(&one.properties));
            let constants: Vec<&Expr> = parts.map(|(_, value)| value).collect();
            let selection = Selection { controls: vec![set.control], sets: case.sets.clone() };
            let (program, chunks) = compile_with(hir, &selection, &constants).expect("sound code");
            let settings = Settings { now: NOW, limits: LIMITS };
            let snapshot = given::snapshot(hir, &program, &settings, &case.given, &chunks);
            drop(assize::assess::run(&program, &snapshot, &settings, Which::All, &|| false));
        }
    }
}

/// A program is sound, and the same after it was saved and loaded.
pub fn is_saved_and_loaded(program: &Program) {
    let bytes = save(program).expect("a compiled program can be saved");
    let again = load(&bytes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(format!("{program:?}"), format!("{again:?}"));
}

/// What a program runs on.
pub struct Inputs {
    inventory: &'static str,
    template: &'static str,
    config: &'static str,
}

impl Inputs {
    /// A few resources from each source.
    pub fn small() -> Self {
        Self {
            inventory: include_str!("small.ndjson"),
            template: include_str!("small.yaml"),
            config: include_str!("small.json"),
        }
    }

    /// Those of the inventory, as a snapshot of the program.
    pub fn snapshot(&self, program: &Program) -> Snapshot {
        let mut snapshot = Snapshot::default();
        let read =
            inventory::read(
                &program.projection,
                0,
                self.inventory.as_bytes(),
                |record| match record {
                    Record::Resource(resource) => snapshot.resources.push(resource),
                    Record::Gap(gap) => snapshot.gaps.push(gap),
                    Record::Skipped(..) | Record::Foreign(..) | Record::Bad(..) => {}
                },
            );
        read.expect("the inventory can be read to its end");
        snapshot
    }
}

/// All that is said of the inputs.
pub fn assessment(engine: &Engine, inputs: &Inputs) -> String {
    said(engine, |run| {
        run.inventory("small.ndjson", inputs.inventory.as_bytes());
        run.template("small.yaml", inputs.template.as_bytes());
        run.config("small.json", inputs.config.as_bytes());
    })
}

/// All that is said of what the run reads: both reports and the warnings.
pub fn said(engine: &Engine, read: impl FnOnce(&mut Run<'_>)) -> String {
    let mut run = engine.run();
    read(&mut run);
    let warnings = run.warnings().join("\n");
    let assessment = run.finish();
    format!("{warnings}\n{}", report(engine, &assessment))
}

/// No input is a file that could be read again.
struct NoLines;

impl text::Lines for NoLines {
    fn line(&self, _: &str, _: LineColumn, _: text::Hidden<'_>) -> Option<String> {
        None
    }
}

fn report(engine: &Engine, assessment: &Assessment) -> String {
    let reported = Reported {
        assessment,
        program: &engine.program,
        sources: &engine.policies.sources,
        digest: |text| format!("{}", text.len()),
        comparison: None,
    };
    let seen = text::render(&reported, &NoLines, json::Show::Failing, false);
    format!("{seen}\n{}", json::object(&reported, json::Show::All))
}
