//! The value of a condition over parameters, as far as it can be told at compile time; which controls a
//! framework counts under these values.

use std::collections::BTreeMap;

use crate::base::Symbol;
use crate::hir::{BinaryOp, Expr, ExprKind, Hir, ParamId};
use crate::value::answer::Answer;
use crate::value::arithmetic::{self, Operator};
use crate::value::compare::{self, Layouts, Order};
use crate::value::{LayoutId, Value};

/// Constants have no layouts.
struct NoLayouts;

impl Layouts for NoLayouts {
    fn names(&self, _layout: LayoutId) -> Vec<Symbol> {
        Vec::new()
    }
}

/// The values of all parameters under these settings, as far as they can be told. Of two settings the later
/// counts.
pub(crate) fn param_values(hir: &Hir, sets: &[(ParamId, Expr)]) -> BTreeMap<ParamId, Value> {
    let mut values = BTreeMap::new();
    for (id, param) in hir.params.iter_with_idx() {
        let set = sets.iter().rev().find(|(set, _)| *set == id).map(|(_, value)| value);
        let value = set.or(param.default.as_ref()).and_then(|value| evaluate(value, &values));
        if let Some(value) = value {
            values.insert(id, value);
        }
    }
    values
}

/// Takes out of the frameworks what these values of parameters lose: `met by c when …` counts `c` only where
/// the condition holds. One that cannot be told does not hold.
pub(crate) fn lose_coverage(hir: &mut Hir, sets: &[(ParamId, Expr)]) {
    let params = param_values(hir, sets);
    for framework in hir.frameworks.all_mut() {
        for requirement in &mut framework.requirements {
            requirement.met_by.retain(|met| {
                let condition = met.condition.as_ref();
                condition.is_none_or(|condition| truth(condition, &params) == Some(true))
            });
        }
    }
}

/// The value of the expression with these values of parameters; `None` where it cannot be told here.
pub(crate) fn evaluate(expr: &Expr, params: &BTreeMap<ParamId, Value>) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(value) => Some(value.clone()),
        ExprKind::Param(id) => params.get(id).cloned(),
        ExprKind::List(items) => {
            let values: Option<Vec<Value>> = items.iter().map(|i| evaluate(i, params)).collect();
            Some(Value::list(values?))
        }
        ExprKind::Not(inner) => Some(Value::Bool(!truth(inner, params)?)),
        ExprKind::Negate(inner) => arithmetic::negate(&evaluate(inner, params)?).ok(),
        ExprKind::And(parts) => fold(parts, params, false),
        ExprKind::Or(parts) => fold(parts, params, true),
        ExprKind::Implies(a, b) => match truth(a, params) {
            Some(false) => Some(Value::Bool(true)),
            Some(true) => truth(b, params).map(Value::Bool),
            None => None,
        },
        ExprKind::If(cond, then, otherwise) => {
            evaluate(if truth(cond, params)? { then } else { otherwise }, params)
        }
        ExprKind::Binary(op, a, b) => binary(*op, &evaluate(a, params)?, &evaluate(b, params)?),
        _ => None,
    }
}

fn truth(expr: &Expr, params: &BTreeMap<ParamId, Value>) -> Option<bool> {
    match evaluate(expr, params)?.plain() {
        Value::Bool(value) => Some(*value),
        _ => None,
    }
}

/// `or` stops at true, `and` at false; the rest must all be told.
fn fold(parts: &[Expr], params: &BTreeMap<ParamId, Value>, stop: bool) -> Option<Value> {
    let answers: Vec<Option<bool>> = parts.iter().map(|part| truth(part, params)).collect();
    if answers.contains(&Some(stop)) {
        return Some(Value::Bool(stop));
    }
    let told = answers.iter().all(Option::is_some);
    told.then_some(Value::Bool(!stop))
}

fn binary(op: BinaryOp, a: &Value, b: &Value) -> Option<Value> {
    let ordered = |order| compare::ordered(order, a, b).ok().and_then(decided);
    let math = |operator| arithmetic::apply(operator, a, b).ok();
    match op {
        BinaryOp::Add => math(Operator::Add),
        BinaryOp::Subtract => math(Operator::Subtract),
        BinaryOp::Multiply => math(Operator::Multiply),
        BinaryOp::Divide => math(Operator::Divide),
        BinaryOp::Equal => compare::equal(&NoLayouts, a, b).ok().and_then(decided),
        BinaryOp::NotEqual => compare::equal(&NoLayouts, a, b).ok().and_then(|x| decided(!x)),
        BinaryOp::Less => ordered(Order::Less),
        BinaryOp::LessEqual => ordered(Order::LessEqual),
        BinaryOp::Greater => ordered(Order::Greater),
        BinaryOp::GreaterEqual => ordered(Order::GreaterEqual),
        BinaryOp::In => compare::is_in(&NoLayouts, a, b).ok().and_then(decided),
        BinaryOp::NotIn => compare::is_in(&NoLayouts, a, b).ok().and_then(|x| decided(!x)),
        BinaryOp::Matches => compare::matches(a, b).ok().and_then(decided),
    }
}

fn decided(answer: Answer) -> Option<Value> {
    match answer {
        Answer::Yes => Some(Value::Bool(true)),
        Answer::No => Some(Value::Bool(false)),
        Answer::Open(_) => None,
    }
}
