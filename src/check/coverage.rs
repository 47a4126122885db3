//! Mappings that hold only for some values of parameters: which are lost under a profile's values.

use std::collections::BTreeMap;

use crate::hir::{Expr, FrameworkId, Hir, ParamId};
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
