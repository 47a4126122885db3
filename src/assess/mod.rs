//! A program on a snapshot to findings and verdicts.
//!
//! Controls that look at nothing but their subject run as resources are read; the rest run when all is
//! read. A control that does not pass is run once more, traced, for its evidence.

pub mod attest;
pub mod cases;
pub mod evidence;
pub mod finding;
pub mod given;
pub mod judge;
pub mod summary;

pub use finding::{Evidence, Message, Outcome, Verdict};
pub use summary::{Assessment, ControlSummary, Counts, Passed, RequirementSummary};

use std::collections::HashMap;
use std::ops::Range;

use crate::base::Symbol;
use crate::base::threads::in_order;
use crate::program::{Control, ParamIdx, Program, Statement, Subject};
use crate::snapshot::made::{ACCOUNT, REGION};
use crate::snapshot::model::{Resource, Snapshot, SourceKind};
use crate::value::{ResourceId, Trap, Value};
use crate::vm::{Limits, Machine, World, evaluate_params, passes, run_control};

/// How many resources of one type are run together before they are let go.
pub const BATCH: usize = 4096;

/// What holds for a whole run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// The instant, in microseconds since 1970.
    pub now: i64,
    /// Limits of each control on each subject.
    pub limits: Limits,
}

/// Which controls to run on a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that look at nothing but their subject.
    Alone,
    /// All.
    All,
}

/// Runs controls on the resources of a snapshot, until `stop` says so: it is asked before each control on
/// each subject.
pub fn run(
    program: &Program,
    snapshot: &Snapshot,
    settings: &Settings,
    which: Which,
    stop: &(dyn Fn() -> bool + Sync),
) -> Vec<Outcome> {
    let job = Job { program, snapshot, settings, which, stop, quiet: false, threads: 1 };
    job.run().0
}

/// Controls to be run on the resources of a snapshot.
#[expect(missing_debug_implementations, reason = "functions have none")]
pub struct Job<'s> {
    /// The controls.
    pub program: &'s Program,
    /// The resources.
    pub snapshot: &'s Snapshot,
    /// What holds for all.
    pub settings: &'s Settings,
    /// Which controls.
    pub which: Which,
    /// Whether to end; asked before each control on each subject.
    pub stop: &'s (dyn Fn() -> bool + Sync),
    /// Whether little is to be kept of what passes or does not apply, unless a waiver may speak of it.
    pub quiet: bool,
    /// On how many threads.
    pub threads: usize,
}

/// How many resources a thread takes at a time.
const SHARE: usize = 512;

impl Job<'_> {
    /// The findings, and those of which little is kept, in the order of the resources.
    pub fn run(&self) -> (Vec<Outcome>, Vec<Passed>) {
        let world = World::new(self.program, self.snapshot);
        let params = evaluate_params(self.program, &world, self.settings.now);
        let mut spoken = vec![!self.quiet; self.program.controls.len()];
        for waiver in &self.program.waivers {
            if let Some(control) = spoken.get_mut(waiver.control as usize) {
                *control = true;
            }
        }
        let keeps = |control: u32| spoken.get(control as usize) != Some(&false);
        let count = self.snapshot.resources.len();
        let (mut outcomes, mut passed) = (Vec::new(), Vec::new());
        let share = if self.threads > 1 { SHARE } else { count.max(1) };
        in_order(
            self.threads,
            |from| {
                let range = from..count.min(from + share);
                (self.share(&world, &params, range, &keeps), None)
            },
            |sink| {
                for from in (0..count).step_by(share) {
                    sink(from);
                }
            },
            |(more, quiet): (Vec<Outcome>, Vec<Passed>)| {
                outcomes.extend(more);
                passed.extend(quiet);
            },
        );
        (outcomes, passed)
    }

    fn share(
        &self,
        world: &World<'_>,
        params: &[Result<Value, Option<Trap>>],
        range: Range<usize>,
        keeps: &dyn Fn(u32) -> bool,
    ) -> (Vec<Outcome>, Vec<Passed>) {
        let (mut outcomes, mut passed) = (Vec::new(), Vec::new());
        self.each(world, params, range, &mut |assessed| match assessed {
            Assessed::Quiet((control, _), resource, verdict) if !keeps(control) => {
                let Resource { input, place, .. } = *resource;
                passed.push(Passed { control, verdict, input, place });
            }
            assessed => outcomes.push(assessed.outcome()),
        });
        (outcomes, passed)
    }

    /// Gives what each control comes to on each of its subjects.
    fn each(
        &self,
        world: &World<'_>,
        params: &[Result<Value, Option<Trap>>],
        range: Range<usize>,
        give: &mut dyn FnMut(Assessed<'_>),
    ) {
        let Settings { now, limits } = *self.settings;
        let values: Vec<Value> =
            params.iter().map(|value| value.clone().unwrap_or(Value::Absent)).collect();
        let mut machine = Machine::new(self.program, world, &values, now, limits);
        let is_set = |param: &ParamIdx| params.get(usize::from(param.0)).is_none_or(Result::is_ok);
        let runs = |control: &Control| {
            (self.which == Which::All || control.joins.is_empty())
                && control.params.iter().all(is_set)
        };
        let all: Chosen<'_> =
            (0u32..).zip(&self.program.controls).filter(|(_, control)| runs(control)).collect();
        let mut by_type: HashMap<&Symbol, Chosen<'_>> = HashMap::new();
        let resources = (0u32..).map(ResourceId).zip(&self.snapshot.resources);
        for (id, resource) in resources.skip(range.start).take(range.len()) {
            let own = by_type.entry(&resource.kind).or_insert_with(|| {
                all.iter().copied().filter(|(_, control)| speaks_of(control, resource)).collect()
            });
            // All controls of a resource one after the other: what they share is computed once.
            for chosen in own {
                if (self.stop)() {
                    return;
                }
                give(assess(&mut machine, *chosen, id, resource));
            }
        }
    }
}

/// What a control came to on a resource.
enum Assessed<'s> {
    /// Nothing is to be said.
    Quiet((u32, ResourceId), &'s Resource, Verdict),
    /// Something is.
    Told(Box<Outcome>),
}

impl Assessed<'_> {
    fn outcome(self) -> Outcome {
        match self {
            Self::Quiet(at, resource, verdict) => finding::plain(at, resource, verdict),
            Self::Told(outcome) => *outcome,
        }
    }
}

/// Controls, by their numbers in the program.
type Chosen<'p> = Vec<(u32, &'p Control)>;

/// The controls that speak of the resource and can run, since their parameters have values: their numbers.
pub fn chosen(
    program: &Program,
    params: &[Result<Value, Option<Trap>>],
    resource: &Resource,
) -> Vec<u32> {
    let is_set = |param: &ParamIdx| params.get(usize::from(param.0)).is_none_or(Result::is_ok);
    let runs =
        |control: &Control| speaks_of(control, resource) && control.params.iter().all(is_set);
    let all = (0u32..).zip(&program.controls);
    all.filter(|(_, control)| runs(control)).map(|(at, _)| at).collect()
}

/// What these controls come to on one resource.
pub fn on_one(
    machine: &mut Machine<'_>,
    chosen: &[u32],
    id: ResourceId,
    resource: &Resource,
) -> Vec<Outcome> {
    let program = machine.program();
    let of = |at: &u32| program.controls.get(*at as usize).map(|control| (*at, control));
    let controls = chosen.iter().filter_map(of);
    controls.map(|chosen| assess(machine, chosen, id, resource).outcome()).collect()
}

/// Whether the resource is one of the control's subjects.
fn speaks_of(control: &Control, resource: &Resource) -> bool {
    match &control.subject {
        Subject::Types(kinds) => kinds.contains(&resource.kind),
        Subject::Any => ![ACCOUNT, REGION].contains(&&*resource.kind),
        Subject::Account => &*resource.kind == ACCOUNT,
    }
}

/// Whether the control is on the account or region of a template in which no type occurs that it asks
/// about: a template speaks of its own resources, not of what else the account has.
fn asks_in_vain(world: &World<'_>, control: &Control, resource: &Resource) -> bool {
    let source = world.snapshot().inputs.get(resource.input as usize).map(|input| input.source);
    let of_stack = matches!(source, Some(SourceKind::CloudFormation | SourceKind::Terraform))
        && [ACCOUNT, REGION].contains(&&*resource.kind);
    let occurs =
        |id: &ResourceId| world.resource(*id).is_some_and(|found| found.input == resource.input);
    of_stack && !control.joins.iter().any(|kind| world.of_type(kind).iter().any(occurs))
}

fn assess<'p, 's>(
    machine: &mut Machine<'p>,
    (at, control): (u32, &'p Control),
    id: ResourceId,
    resource: &'s Resource,
) -> Assessed<'s> {
    if let Some(broken) = &resource.broken {
        let told = finding::broken((at, id), control, resource, &broken.reason);
        return Assessed::Told(Box::new(told));
    }
    if asks_in_vain(machine.world(), control, resource) {
        return Assessed::Quiet((at, id), resource, Verdict::NotApplicable);
    }
    match passes(machine, control, id) {
        Some(true) => return Assessed::Quiet((at, id), resource, Verdict::Pass),
        Some(false) => return Assessed::Quiet((at, id), resource, Verdict::NotApplicable),
        None => {}
    }
    // What `passes` cannot decide at all is run untraced first: most of it is well.
    if control.statements.iter().any(Statement::is_each) {
        let verdict = finding::verdict(&run_control(machine, control, id, false));
        if matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
            return Assessed::Quiet((at, id), resource, verdict);
        }
    }
    let traced = run_control(machine, control, id, true);
    let verdict = finding::verdict(&traced);
    if matches!(verdict, Verdict::Pass | Verdict::NotApplicable) {
        return Assessed::Quiet((at, id), resource, verdict);
    }
    let (program, world) = (machine.program(), machine.world());
    let told = finding::explained(program, world, (at, id), resource, verdict, traced);
    Assessed::Told(Box::new(told))
}

/// The controls that cannot run, since a parameter of theirs has no value: their numbers.
pub fn unset(program: &Program, settings: &Settings) -> Vec<u32> {
    let snapshot = Snapshot::default();
    let world = World::new(program, &snapshot);
    let params = evaluate_params(program, &world, settings.now);
    let is_unset = |control: &Control| {
        control.params.iter().any(|p| params.get(usize::from(p.0)).is_some_and(Result::is_err))
    };
    (0u32..)
        .zip(&program.controls)
        .filter(|(_, control)| is_unset(control))
        .map(|(at, _)| at)
        .collect()
}
