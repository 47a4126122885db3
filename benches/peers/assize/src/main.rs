//! Assize itself: from the file to the assessment, which is not rendered. The policies are compiled before the
//! clock starts, as those of the peers are.

use std::fs::File;

use assize::assess::{Assessment, Verdict};
use assize::engine::{Engine, Run};
use measure::{CONTROLS, Call, Found, not_offered, unusable};

#[path = "../../../common/policy.rs"]
#[allow(dead_code, reason = "the benches ask for more of it")]
mod policy;

/// How often the thirteen stand in the long policy.
const TIMES: usize = 25;

fn main() {
    let call = Call::read();
    match call.mode.as_str() {
        // As `assize check` runs where a report shows failures alone.
        "13" => measure(&call, &engine(1), |run| run.failing_only()),
        "325" => measure(&call, &engine(TIMES), |run| run.failing_only()),
        // Every finding is kept, those that pass too.
        "13-all" => measure(&call, &engine(1), |run| run),
        "13-two-threads" => measure(&call, &engine(1), |run| threads(run.failing_only(), 2)),
        // The policy that the peers' policies are read beside: the same answers, in other words.
        "13-shared" => {
            let text = call.more.first().map(std::fs::read_to_string);
            match text {
                Some(Ok(text)) => measure(&call, &built(&text), |run| run.failing_only()),
                _ => not_offered("the policy cannot be read"),
            }
        }
        // The gain of a second thread where nothing is shared: what this machine gives at all.
        "busy" => call.report(|| measure::busy(1), |()| None),
        "busy-two-threads" => call.report(|| measure::busy(2), |()| None),
        "compile" => call.report(|| engine(1), |_| None),
        "compile-325" => call.report(|| engine(TIMES), |_| None),
        other => unusable(&format!("no mode `{other}`")),
    }
}

/// The run on so many threads.
fn threads(run: Run<'_>, count: usize) -> Run<'_> {
    run.threads(count)
}

fn measure(call: &Call, engine: &Engine, choose: impl Fn(Run<'_>) -> Run<'_>) {
    let judge = || {
        let file = File::open(&call.file).unwrap_or_else(|error| unusable(&error.to_string()));
        let mut run = choose(engine.run());
        run.inventory(&call.file, file);
        run.finish()
    };
    call.report(judge, |assessment| Some(found(engine, assessment)));
}

fn engine(times: usize) -> Engine {
    built(&policy::thirteen(times))
}

fn built(policy: &str) -> Engine {
    let built = Engine::builder().policy("thirteen", policy).at(0).build();
    built.unwrap_or_else(|refused| unusable(&refused.to_string()))
}

/// What fails. An answer that says less than yes or no, or copies of a control that disagree, are of no use.
fn found(engine: &Engine, assessment: &Assessment) -> Found {
    if assessment.is_incomplete() {
        unusable(&format!("incomplete: {:?}", assessment.incomplete));
    }
    let controls = &engine.program.controls;
    let mut copies = vec![Found::default(); controls.len() / CONTROLS.len()];
    let numbers: Vec<(usize, usize)> = controls.iter().map(|control| copy(&control.name)).collect();
    for outcome in assessment.outcomes.iter().filter(|known| known.verdict == Verdict::Fail) {
        let (control, copy) = numbers[outcome.control as usize];
        copies[copy].add(control, &outcome.id);
    }
    if copies.windows(2).any(|pair| pair[0] != pair[1]) {
        unusable("copies of a control disagree");
    }
    copies.swap_remove(0)
}

/// Which of the thirteen the control is, and which copy of it.
fn copy(name: &str) -> (usize, usize) {
    if let Some(number) = Found::number(name) {
        return (number, 0);
    }
    let copy = name
        .rsplit_once('_')
        .and_then(|(name, copy)| Some((Found::number(name)?, copy.parse().ok()?)));
    copy.unwrap_or_else(|| unusable(&format!("control `{name}` is none of the thirteen")))
}
