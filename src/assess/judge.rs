//! Waivers on findings, and what the findings of a control come to.

use crate::program::Program;
use crate::snapshot::model::Snapshot;
use crate::value::{Answer, Value};
use crate::vm::{Machine, World, evaluate_params, run_waiver};

use super::Settings;
use super::finding::{Outcome, Verdict};

/// What became of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaiverState {
    /// It covers findings that fail.
    Used,
    /// Its end has passed: it has no force.
    Expired,
    /// It matches no resource.
    Orphan,
    /// It matches only resources that do not fail.
    Needless,
}

/// Puts waivers on the findings of these resources, and counts what they matched: `(matched, covered)`
/// by waiver.
pub fn waive(
    program: &Program,
    snapshot: &Snapshot,
    settings: &Settings,
    outcomes: &mut [Outcome],
    counts: &mut Vec<(u64, u64)>,
) {
    counts.resize(program.waivers.len(), (0, 0));
    if program.waivers.is_empty() {
        return;
    }
    let world = World::new(program, snapshot);
    let params = evaluate_params(program, &world, settings.now);
    let values: Vec<Value> =
        params.into_iter().map(|value| value.unwrap_or(Value::Absent)).collect();
    let mut machine = Machine::new(program, &world, &values, settings.now, settings.limits);
    cover(&mut machine, settings, outcomes, counts);
}

/// The same, with a machine on the snapshot.
pub fn cover(
    machine: &mut Machine<'_>,
    settings: &Settings,
    outcomes: &mut [Outcome],
    counts: &mut [(u64, u64)],
) {
    let program = machine.program();
    for (at, waiver) in (0u32..).zip(&program.waivers) {
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.control == waiver.control) {
            if run_waiver(machine, waiver, outcome.subject) != Ok(Answer::Yes) {
                continue;
            }
            let Some((matched, covered)) = counts.get_mut(at as usize) else { continue };
            *matched += 1;
            if outcome.verdict == Verdict::Fail {
                *covered += 1;
                if settings.now < waiver.until && outcome.waiver.is_none() {
                    outcome.waiver = Some(at);
                }
            }
        }
    }
}

/// What became of each waiver.
pub fn waiver_states(
    program: &Program,
    settings: &Settings,
    counts: &[(u64, u64)],
) -> Vec<WaiverState> {
    let state = |(at, waiver): (usize, &crate::program::Waiver)| match counts
        .get(at)
        .copied()
        .unwrap_or((0, 0))
    {
        _ if settings.now >= waiver.until => WaiverState::Expired,
        (0, _) => WaiverState::Orphan,
        (_, 0) => WaiverState::Needless,
        _ => WaiverState::Used,
    };
    program.waivers.iter().enumerate().map(state).collect()
}
