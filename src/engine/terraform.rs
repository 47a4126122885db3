//! Plans and states of Terraform in a run: adapters make resources of what they hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::program::{Adapter, Program, Subject};
use crate::snapshot::made::{ACCOUNT, REGION};
use crate::snapshot::model::{Gap, Resource, Snapshot, SourceKind};
use crate::snapshot::terraform::{self, Plan};
use crate::vm::World;
use crate::vm::adapt::adapt;

use super::Run;

/// The source, as adapters name it.
const SOURCE: &str = "terraform";

impl Run<'_> {
    /// Reads a plan or a state, and judges what can be judged at once.
    pub fn terraform(&mut self, name: &str, bytes: &[u8]) {
        let input = self.input(name, SourceKind::Terraform);
        let program = &self.engine.program;
        let plan = match terraform::read(adapters(program).map(|(_, adapter)| adapter), name, bytes)
        {
            Ok(plan) => Arc::new(plan),
            Err(refused) => {
                let LineColumn { line, column } = refused.place;
                self.incomplete(format!("{name}:{line}:{column}: {}", refused.what));
                return;
            }
        };
        self.count(input, plan.items.len() as u64);
        for (place, what) in &plan.lost {
            self.lost(name, input, *place, what);
        }
        for (place, what) in &plan.gaps {
            let (reason, place) = (Arc::from(what.as_str()), *place);
            let gap = Gap { kind: None, account: None, region: None, reason, input, place };
            self.assessment.gaps.push(gap);
        }
        self.seen.template(input);
        let nothing = Snapshot::default();
        let world = World::new(program, &nothing);
        for at in 0..plan.items.len() {
            for resource in resources(program, &world, &plan, at, input) {
                self.resource(resource);
            }
        }
    }

    /// What queries look for and no adapter makes of what a plan holds.
    pub(super) fn not_planned(&mut self, kept: &Snapshot) {
        let inputs = (0u32..).zip(&self.assessment.inputs);
        let mut of_plans = inputs.filter(|(_, input)| input.source == SourceKind::Terraform);
        let Some((input, _)) = of_plans.next() else { return };
        let program = &self.engine.program;
        let types: BTreeSet<&str> = kept.resources.iter().map(|found| &*found.kind).collect();
        let asks = |subject: &Subject| match subject {
            Subject::Types(kinds) => kinds.iter().any(|kind| types.contains(kind.as_str())),
            Subject::Any | Subject::Account => true,
        };
        let asking = program.controls.iter().filter(|control| asks(&control.subject));
        let asked: BTreeSet<&Symbol> = asking.flat_map(|control| &control.joins).collect();
        for kind in asked {
            let is_made = [ACCOUNT, REGION].contains(&kind.as_str());
            let is_given = adapters(program).any(|(_, adapter)| adapter.target == *kind);
            if is_made || is_given || types.contains(kind.as_str()) {
                continue;
            }
            self.assessment.gaps.push(Gap {
                kind: Some(kind.clone()),
                account: None,
                region: None,
                reason: format!("no adapter makes {kind} of what Terraform plans").into(),
                input,
                place: LineColumn { line: 1, column: 1 },
            });
        }
    }
}

/// The adapters of this source, with their numbers.
fn adapters(program: &Program) -> impl Iterator<Item = (u32, &Adapter)> {
    (0u32..).zip(&program.adapters).filter(|(_, adapter)| *adapter.source == *SOURCE)
}

/// The resources that a resource of a plan stands for.
fn resources(
    program: &Program,
    world: &World<'_>,
    plan: &Arc<Plan>,
    at: usize,
    input: u32,
) -> Vec<Resource> {
    let Some(item) = plan.items.get(at) else { return Vec::new() };
    let mut out = Vec::new();
    for (number, adapter) in adapters(program).filter(|(_, adapter)| adapter.of == item.kind) {
        let Some(view) = program.projection.resources.get(&adapter.target) else { continue };
        let kind = adapter.target.clone();
        let mut resource = terraform::resource(plan, at, kind, view.attributes, input);
        resource.layout = Some(view.layout);
        resource.adapter = Some(number);
        if resource.broken.is_some() {
            // What is wrong in itself cannot say that it is no resource; of one that an adapter never makes
            // there is none.
            if !adapter.sets.is_empty() {
                out.push(resource);
            }
            continue;
        }
        if let Some(made) = adapt(program, world, adapter, &plan.value(at, &adapter.parts)) {
            resource.slots = made.slots;
            resource.maybe = made.maybe;
            resource.broken = made.broken;
            out.push(resource);
        }
    }
    if out.is_empty()
        && let Some(any) = program.projection.any
        && !program.projection.resources.contains_key(&item.kind)
    {
        out.push(terraform::resource(plan, at, item.kind.clone(), any, input));
    }
    out
}
