//! `+ - * /` and unary `-`. Integers are exact: what does not fit is a trap, and division goes towards
//! zero; a float that would be no number or infinite is a trap.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::compare::readable;
use super::segments::Builder;
use super::{List, Open, Shape, Text, Trap, Value};

/// The operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the operators")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `a OP b`; the checker sees to it that the operator is one of the types'.
///
/// # Errors
///
/// A broken operand, an overflow, a division by zero.
pub fn apply(operator: Operator, a: &Value, b: &Value) -> Result<Value, Trap> {
    let (a, b) = (readable(a)?, readable(b)?);
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => ints(operator, *a, *b).map(Value::Int),
        (Value::Float(a), Value::Float(b)) => floats(operator, *a, *b),
        (Value::Int(a), Value::Float(b)) => floats(operator, to_float(*a), *b),
        (Value::Float(a), Value::Int(b)) => floats(operator, *a, to_float(*b)),
        (Value::Duration(a), Value::Duration(b)) => ints(operator, *a, *b).map(Value::Duration),
        (Value::Timestamp(a), Value::Timestamp(b)) => ints(operator, *a, *b).map(Value::Duration),
        (Value::Timestamp(a), Value::Duration(b)) => ints(operator, *a, *b).map(Value::Timestamp),
        (Value::Duration(a), Value::Timestamp(b)) => ints(operator, *a, *b).map(Value::Timestamp),
        (Value::Duration(a), Value::Int(b)) | (Value::Int(a), Value::Duration(b)) => {
            ints(operator, *a, *b).map(Value::Duration)
        }
        (Value::List(a), Value::List(b)) => Ok(Value::List(Arc::new(joined(a, b)))),
        (Value::Text(_), Value::Text(_) | Value::Open(_)) | (Value::Open(_), Value::Text(_)) => {
            Ok(text(a, b))
        }
        (Value::Open(left), Value::Open(right)) if is_text(left) && is_text(right) => {
            Ok(text(a, b))
        }
        (Value::List(list), Value::Open(open)) | (Value::Open(open), Value::List(list)) => {
            let open = Some(list.open.clone().unwrap_or_else(|| Arc::clone(&open.cause)));
            Ok(Value::List(Arc::new(List { items: list.items.clone(), open })))
        }
        (Value::Open(_), _) | (_, Value::Open(_)) => Ok(open(operator, a, b)),
        (Value::Absent, _) | (_, Value::Absent) => Ok(Value::Absent),
        // Only Json that an adapter puts together can be of kinds that do not fit.
        _ => Err(Trap::Broken(Text::from("two lists are wanted to be put together"))),
    }
}

/// `-x`.
///
/// # Errors
///
/// A broken operand, an overflow.
pub fn negate(x: &Value) -> Result<Value, Trap> {
    Ok(match readable(x)? {
        Value::Int(n) => Value::Int(n.checked_neg().ok_or(Trap::Overflow)?),
        Value::Duration(n) => Value::Duration(n.checked_neg().ok_or(Trap::Overflow)?),
        Value::Float(x) => Value::Float(-x),
        Value::Open(open) => Value::Open(Arc::new(Open { shape: Shape::Any, ..(**open).clone() })),
        other => other.clone(),
    })
}

fn ints(operator: Operator, a: i64, b: i64) -> Result<i64, Trap> {
    if operator == Operator::Divide && b == 0 {
        return Err(Trap::DivisionByZero);
    }
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Divide => a.checked_div(b),
    }
    .ok_or(Trap::Overflow)
}

fn floats(operator: Operator, a: f64, b: f64) -> Result<Value, Trap> {
    if operator == Operator::Divide && b == 0.0 {
        return Err(Trap::DivisionByZero);
    }
    let out = match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
    };
    if out.is_finite() { Ok(Value::Float(out)) } else { Err(Trap::Overflow) }
}

#[expect(clippy::cast_precision_loss, reason = "a Float is what was asked for")]
fn to_float(n: i64) -> f64 {
    n as f64
}

fn joined(a: &List, b: &List) -> List {
    let items = a.items.iter().chain(&b.items).cloned().collect();
    List { items, open: a.open.clone().or_else(|| b.open.clone()) }
}

fn is_text(open: &Open) -> bool {
    matches!(open.shape, Shape::Text(_) | Shape::Symbol(_))
}

fn text(a: &Value, b: &Value) -> Value {
    let mut builder = Builder::new();
    builder.value(a);
    builder.value(b);
    builder.finish()
}

/// Arithmetic with something open: bounds are carried through sums and differences.
fn open(operator: Operator, a: &Value, b: &Value) -> Value {
    let cause = |value: &Value| match value {
        Value::Open(open) => Some(Arc::clone(open)),
        _ => None,
    };
    let Some(first) = cause(a).or_else(|| cause(b)) else { return Value::Absent };
    let shape = match (bounds(a), bounds(b), operator) {
        (Some((l1, h1)), Some((l2, h2)), Operator::Add) => l1
            .checked_add(l2)
            .map(|low| Shape::Between(low, h1.zip(h2).and_then(|(x, y)| x.checked_add(y)))),
        (Some((l1, h1)), Some((l2, Some(h2))), Operator::Subtract) => l1
            .checked_sub(h2)
            .map(|low| Shape::Between(low, h1.and_then(|high| high.checked_sub(l2)))),
        _ => None,
    };
    Value::Open(Arc::new(Open { shape: shape.unwrap_or(Shape::Any), ..(*first).clone() }))
}

fn bounds(value: &Value) -> Option<(i64, Option<i64>)> {
    match value {
        Value::Int(n) => Some((*n, Some(*n))),
        Value::Open(open) => match open.shape {
            Shape::Between(low, high) => Some((low, high)),
            _ => None,
        },
        _ => None,
    }
}
