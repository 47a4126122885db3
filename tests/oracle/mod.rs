//! The machine against the oracle, on random programs and snapshots.
//!
//! `ASSIZE_PAIRS=100000 cargo test --release oracle` runs a campaign; `ASSIZE_SEED` gives the seed. A
//! failure prints the program after it has been made as small as the tape allows.

mod evaluator;
mod generate;
mod joins;
mod snapshots;
mod values;
mod worlds;

use assize::compile::{Selection, compile};
use assize::hir::Hir;
use assize::program::Program;
use assize::snapshot::model::Snapshot;
use assize::value::{ResourceId, Value};
use assize::vm::{Limits, Machine, Outcome, Result_, World, evaluate_params, run_control};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use evaluator::{Oracle, Said, Verdict};
use generate::Tape;
pub use generate::Writer;
use snapshots::Wild;

/// The instant of every run, in microseconds since 1970: 2026-01-01T00:00:00Z.
const NOW: i64 = 1_767_225_600_000_000;

/// The typed tree of the module and its program; `None` where the checker refuses it.
fn compiled(text: &str) -> Result<(Hir, Program), String> {
    let hir = crate::check::compile(&[("t".to_owned(), text.to_owned())])?;
    let controls = hir.controls.iter_with_idx().map(|(id, _)| id).collect();
    let program = compile(&hir, &Selection { controls, sets: Vec::new() });
    let program = program.map_err(|flaw| format!("flawed code: {flaw:?}"))?;
    Ok((hir, program))
}

/// What the machine says of each node, in the oracle's words.
fn machine_says(program: &Program, snapshot: &Snapshot, traced: bool) -> Vec<Verdict> {
    let world = World::new(program, snapshot);
    let params = evaluate_params(program, &world, NOW);
    let params: Vec<Value> =
        params.into_iter().map(|value| value.unwrap_or(Value::Absent)).collect();
    let mut machine = Machine::new(program, &world, &params, NOW, Limits::default());
    let control = &program.controls[0];
    subjects(snapshot).map(|id| said(run_control(&mut machine, control, id, traced))).collect()
}

fn subjects(snapshot: &Snapshot) -> impl Iterator<Item = ResourceId> {
    let nodes = (0u32..).zip(&snapshot.resources);
    nodes.filter(|(_, r)| &*r.kind == "T::X::Node").map(|(id, _)| ResourceId(id))
}

fn said(outcome: Outcome) -> Verdict {
    match outcome.applies {
        Some(Result_::Failed) => return Verdict::NotApplicable,
        Some(Result_::Open(_)) => return Verdict::WhenOpen,
        Some(Result_::Trapped(trap)) => return Verdict::WhenTrapped(trap),
        _ => {}
    }
    let of = |result: Result_| match result {
        Result_::Failed => Said::Failed,
        Result_::Open(_) => Said::Open,
        Result_::Trapped(trap) => Said::Trapped(trap),
        Result_::Manual => Said::Manual,
        Result_::Held => unreachable!("nothing is said of what held"),
    };
    let findings = outcome.findings.into_iter();
    Verdict::Ran(
        findings
            .map(|f| {
                let message = match f.message.starts_with("the message could not be made") {
                    true => "trapped".to_owned(),
                    false => f.message.chars().take(200).collect(),
                };
                (of(f.result), f.span, message)
            })
            .collect(),
    )
}

fn runner(cases: u32) -> (TestRunner, String) {
    let seed = std::env::var("ASSIZE_SEED").unwrap_or_else(|_| "assize".to_owned());
    let mut bytes = [0u8; 32];
    seed.bytes().take(32).enumerate().for_each(|(at, byte)| bytes[at] = byte);
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    (TestRunner::new_with_rng(config, rng), seed)
}

fn pairs(default: u32) -> u32 {
    std::env::var("ASSIZE_PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn the_machine_says_what_the_oracle_says() {
    let cases = pairs(1_500);
    let (mut runner, seed) = runner(cases);
    let (refused, kinds) = (std::cell::Cell::new(0u32), std::cell::RefCell::new([0u64; 6]));
    let strategy = (vec(any::<u8>(), 0..300), vec(any::<u8>(), 0..300));
    let result = runner.run(&strategy, |(program, data)| {
        let text = Writer::new(&program, false).module();
        let (hir, program) = match compiled(&text) {
            Ok(compiled) => compiled,
            Err(why) => {
                refused.set(refused.get() + 1);
                if std::env::var_os("ASSIZE_REFUSED").is_some() {
                    println!("{text}\n{why}");
                }
                return Ok(());
            }
        };
        let wild = Wild { broken: true, symbols: true, open: true };
        let snapshot = snapshots::snapshot(&mut Tape::new(&data), &program, wild);
        let machine = machine_says(&program, &snapshot, false);
        let mut oracle = Oracle::new(&hir, &program, &snapshot, NOW);
        let control = hir.controls.iter().next().unwrap();
        let wanted: Vec<Verdict> =
            subjects(&snapshot).map(|id| oracle.control(control, id)).collect();
        let failed = |what: &str, said: &[Verdict]| {
            let text = text.replace(generate::SCHEMA, "");
            let at = said.iter().zip(&wanted).position(|(a, b)| a != b).unwrap();
            let resources: Vec<String> =
                snapshot.resources.iter().map(|r| format!("{} {:?}", r.id, r)).collect();
            TestCaseError::fail(format!(
                "{text}\n{what}: {:?}\noracle: {:?}\n{}\n{:?}",
                said[at],
                wanted[at],
                resources.join("\n"),
                snapshot.gaps
            ))
        };
        if machine != wanted {
            return Err(failed("machine", &machine));
        }
        let traced = machine_says(&program, &snapshot, true);
        if traced != wanted {
            return Err(failed("traced", &traced));
        }
        wanted.iter().for_each(|verdict| kinds.borrow_mut()[kind(verdict)] += 1);
        Ok(())
    });
    let share = f64::from(refused.get()) / f64::from(cases);
    println!(
        "seed {seed}: {cases} pairs, {} refused, verdicts {:?}",
        refused.get(),
        kinds.borrow()
    );
    if let Err(error) = result {
        let why = match error {
            TestError::Fail(why, _) => why.to_string(),
            other @ TestError::Abort(_) => other.to_string(),
        };
        panic!("seed {seed}: {why}");
    }
    assert!(share < 0.25, "{share} of the programs are refused: the generator has lost its way");
    assert!(kinds.borrow().iter().all(|count| *count > 0), "a verdict never came out");
}

/// Not applicable, pass, fail, unknown, error, manual.
fn kind(verdict: &Verdict) -> usize {
    match verdict {
        Verdict::NotApplicable => 0,
        Verdict::WhenOpen => 3,
        Verdict::WhenTrapped(_) => 4,
        Verdict::Ran(said) => {
            let any = |wanted: &dyn Fn(&Said) -> bool| said.iter().any(|(one, ..)| wanted(one));
            if any(&|one| *one == Said::Failed) {
                2
            } else if any(&|one| matches!(one, Said::Trapped(_))) {
                4
            } else if any(&|one| *one == Said::Open) {
                3
            } else if any(&|one| *one == Said::Manual) {
                5
            } else {
                1
            }
        }
    }
}

/// What is said of an open snapshot holds in every world that it allows.
#[test]
fn what_is_said_of_open_values_holds_whatever_they_are() {
    let cases = pairs(1_500);
    let (mut runner, seed) = runner(cases);
    let decided = std::cell::RefCell::new([0u64; 6]);
    let bytes = || vec(any::<u8>(), 0..300);
    let result = runner.run(&(bytes(), bytes(), bytes()), |(program, data, world)| {
        let text = Writer::new(&program, true).module();
        let Ok((_, program)) = compiled(&text) else { return Ok(()) };
        let wild = Wild { broken: false, symbols: false, open: true };
        let open = snapshots::snapshot(&mut Tape::new(&data), &program, wild);
        let closed = worlds::decide(&mut Tape::new(&world), &program, &open);
        let said = machine_says(&program, &open, false);
        let (nodes, all): (Vec<_>, Vec<_>) = (subjects(&open).collect(), machine_says(&program, &closed, false));
        for (at, node) in nodes.iter().enumerate() {
            // The nodes of the open snapshot come first, in the same order.
            let (before, after) = (kind(&said[at]), kind(&all[at]));
            decided.borrow_mut()[before] += 1;
            // A reference to a resource that turns out not to exist points out of the snapshot.
            let dangling = after == 3 && closed.resources.len() < open.resources.len();
            let holds = match before {
                _ if dangling => true,
                0 | 2 => after == before,
                1 | 5 => matches!(after, 1 | 5),
                _ => true,
            };
            if !holds {
                let text = text.replace(generate::SCHEMA, "");
                let show = |snapshot: &Snapshot| {
                    let all = snapshot.resources.iter().map(|r| format!("{} {r:?}", r.id));
                    all.collect::<Vec<_>>().join("\n")
                };
                return Err(TestCaseError::fail(format!(
                    "{text}\n{node:?}\nopen: {:?}\nin this world: {:?}\n--- open\n{}\n{:?}\n--- world\n{}",
                    said[at], all[at], show(&open), open.gaps, show(&closed)
                )));
            }
        }
        Ok(())
    });
    println!("seed {seed}: {cases} worlds, open verdicts {:?}", decided.borrow());
    if let Err(error) = result {
        let why = match error {
            TestError::Fail(why, _) => why.to_string(),
            other @ TestError::Abort(_) => other.to_string(),
        };
        panic!("seed {seed}: {why}");
    }
}
