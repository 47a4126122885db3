//! How requirements are covered, and which mappings are lost under a profile's values.

use std::collections::{BTreeMap, BTreeSet};

use crate::hir::{ControlId, Expr, FrameworkId, Hir, ParamId, Profile};
use crate::value::Value;

use super::evaluate::evaluate;

/// A mapping of a requirement: the framework, the requirement's number in it, the mapping's number in that.
type Mapping = (FrameworkId, usize, usize);

/// The mappings that do not hold under these settings, or of which it cannot be told: `met by c when x <= 5`
/// where `x` is set to 10.
pub fn lost(hir: &Hir, sets: &[(ParamId, Expr)]) -> Vec<Mapping> {
    let params = param_values(hir, sets);
    let holds = |condition: &Expr| {
        let value = evaluate(condition, &params);
        matches!(value.as_ref().map(Value::plain), Some(Value::Bool(true)))
    };
    let mut out = Vec::new();
    for (id, framework) in hir.frameworks.iter_with_idx() {
        for (number, requirement) in framework.requirements.iter().enumerate() {
            for (at, met) in requirement.met_by.iter().enumerate() {
                if met.condition.as_ref().is_some_and(|condition| !holds(condition)) {
                    out.push((id, number, at));
                }
            }
        }
    }
    out
}

/// Takes mappings that are lost out of the frameworks: what they mapped is not covered by them.
pub fn forget(hir: &mut Hir, lost: &[Mapping]) {
    for (framework, number, at) in lost.iter().rev() {
        let framework = hir.frameworks.at_mut(*framework);
        if let Some(requirement) = framework.requirements.get_mut(*number)
            && *at < requirement.met_by.len()
        {
            requirement.met_by.remove(*at);
        }
    }
}

/// The values of all parameters under these settings, as far as they can be told.
fn param_values(hir: &Hir, sets: &[(ParamId, Expr)]) -> BTreeMap<ParamId, Value> {
    let mut values = BTreeMap::new();
    for (id, param) in hir.params.iter_with_idx() {
        // The last one counts: the command line's come after the profile's.
        let set = sets.iter().rev().find(|(set, _)| *set == id).map(|(_, value)| value);
        let value = set.or(param.default.as_ref()).and_then(|value| evaluate(value, &values));
        if let Some(value) = value {
            values.insert(id, value);
        }
    }
    values
}

/// How a requirement can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// By controls alone.
    Automated,
    /// A person must attest it, whether or not controls look at a part of it.
    Manual,
    /// By nothing.
    Uncovered,
}

impl Coverage {
    /// As reports say it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automated => "automated",
            Self::Manual => "manual",
            Self::Uncovered => "uncovered",
        }
    }
}

/// A requirement with what covers it.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its framework.
    pub framework: FrameworkId,
    /// Its number in the framework's list.
    pub number: usize,
    /// How it can be answered.
    pub coverage: Coverage,
    /// The controls that count for it, in the order of the framework.
    pub controls: Vec<ControlId>,
}

/// The requirements of a framework, or of a baseline of it, under these values of parameters.
pub fn of_framework(
    hir: &Hir,
    id: FrameworkId,
    baseline: Option<&str>,
    sets: &[(ParamId, Expr)],
) -> Vec<Covered> {
    let lost: BTreeSet<Mapping> = lost(hir, sets).into_iter().collect();
    covered(hir, (id, baseline), &lost, &[])
}

/// The requirements that a profile covers, under its values.
pub fn of_profile(hir: &Hir, profile: &Profile) -> Vec<Covered> {
    let lost: BTreeSet<Mapping> = lost(hir, &profile.sets).into_iter().collect();
    let each = profile.covers.iter();
    let of = each.map(|(id, baseline)| {
        covered(hir, (*id, baseline.as_ref().map(|name| &**name)), &lost, &profile.excludes)
    });
    of.flatten().collect()
}

fn covered(
    hir: &Hir,
    (id, baseline): (FrameworkId, Option<&str>),
    lost: &BTreeSet<Mapping>,
    excluded: &[ControlId],
) -> Vec<Covered> {
    let framework = hir.frameworks.at(id);
    let ids = baseline.and_then(|name| {
        framework.baselines.iter().find(|(known, _)| **known == *name).map(|(_, ids)| ids)
    });
    let wanted: Option<BTreeSet<&str>> = ids.map(|ids| ids.iter().map(|id| &**id).collect());
    let mut out = Vec::new();
    for (number, requirement) in framework.requirements.iter().enumerate() {
        if wanted.as_ref().is_some_and(|wanted| !wanted.contains(&*requirement.id)) {
            continue;
        }
        let met_by = requirement.met_by.iter().enumerate();
        let controls: Vec<ControlId> = met_by
            .filter(|(at, met)| {
                !lost.contains(&(id, number, *at)) && !excluded.contains(&met.control)
            })
            .map(|(_, met)| met.control)
            .collect();
        let coverage = match () {
            () if !requirement.manual.is_empty() => Coverage::Manual,
            () if controls.is_empty() => Coverage::Uncovered,
            () => Coverage::Automated,
        };
        out.push(Covered { framework: id, number, coverage, controls });
    }
    out
}
