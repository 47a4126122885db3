//! What instructions do that stand for several.

use crate::program::{ConstIdx, SlotIdx};
use crate::value::{Trap, Value};

use super::machine::Machine;
use super::ops::{coalesced, equal, field};

/// A slot, or what stands for one that is absent.
pub(super) fn field_or(
    machine: &mut Machine<'_>,
    base: &Value,
    slot: SlotIdx,
    (other, sure): (ConstIdx, bool),
) -> Result<Value, Trap> {
    let value = field(machine, base, slot);
    if matches!(value, Value::Bool(_) | Value::Text(_)) {
        return Ok(value);
    }
    machine.note(&value);
    if matches!(value.plain(), Value::Absent) {
        machine.pay(1)?;
        let program = machine.program;
        let other = program.constants.get(other.0 as usize).unwrap_or(&Value::Absent);
        return Ok(coalesced(other, sure));
    }
    Ok(coalesced(&value, sure))
}

pub(super) fn equal_constant(
    machine: &mut Machine<'_>,
    left: &Value,
    right: ConstIdx,
) -> Result<Value, Trap> {
    let program = machine.program;
    let right = program.constants.get(right.0 as usize).unwrap_or(&Value::Absent);
    if let (Value::Text(a), Value::Text(b)) = (left, right) {
        return Ok(Value::Bool(a == b));
    }
    equal(machine, left, right)
}
