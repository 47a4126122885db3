//! One flat match: an instruction a line, what it does in `ops`.

use crate::program::{Chunk, Instruction as I, Reg};
use crate::value::{Answer, Trap, Value, arithmetic, compare};

use super::machine::Machine;
use super::{fused, loops, ops};

/// A register; the verifier proved that it is there.
fn get(registers: &[Value], reg: Reg) -> &Value {
    registers.get(usize::from(reg.0)).unwrap_or(&Value::Absent)
}

/// Registers side by side.
fn side_by_side(registers: &[Value], first: Reg, count: u16) -> &[Value] {
    let start = usize::from(first.0);
    registers.get(start..start + usize::from(count)).unwrap_or(&[])
}

/// Registers side by side, to be taken from.
fn range(registers: &mut [Value], first: Reg, count: u16) -> &mut [Value] {
    let start = usize::from(first.0);
    registers.get_mut(start..start + usize::from(count)).unwrap_or_default()
}

/// Runs code until it returns. Its frame is at the front of the registers, that of what it calls behind it.
pub(super) fn run<'p>(
    machine: &mut Machine<'p>,
    chunk: &'p Chunk,
    registers: &mut [Value],
) -> Result<Value, Trap> {
    let Some((registers, free)) = registers.split_at_mut_checked(usize::from(chunk.registers))
    else {
        return Ok(Value::Absent);
    };
    let mut at = 0usize;
    while let Some(instruction) = chunk.code.get(at) {
        machine.pay(1)?;
        at += 1;
        let (dst, value) = match *instruction {
            I::Constant { dst, value } => (dst, ops::constant(machine, value)),
            I::Move { dst, src } => (dst, get(registers, src).clone()),
            I::Param { dst, param } => (dst, ops::param(machine, param)),
            I::Now { dst } => (dst, Value::Timestamp(machine.now)),
            I::Force { dst, lazy } => (dst, machine.force(lazy, registers, free)?),
            I::Shared { dst, shared } => (dst, machine.shared(shared, free)?),
            I::FieldOr { dst, base, slot, other, sure } => {
                machine.pay(2)?;
                (dst, fused::field_or(machine, get(registers, base), slot, (other, sure))?)
            }
            I::EqualConstant { dst, left, right } => {
                machine.pay(1)?;
                (dst, fused::equal_constant(machine, get(registers, left), right)?)
            }
            I::Field { dst, base, slot } => (dst, ops::field(machine, get(registers, base), slot)),
            I::Named { dst, base, name } => (dst, ops::named(machine, get(registers, base), name)),
            I::Attribute { dst, base, attribute } => {
                (dst, ops::attribute(machine, get(registers, base), attribute))
            }
            I::Index { dst, base, index } => {
                (dst, ops::index(machine, get(registers, base), get(registers, index))?)
            }
            I::Call { dst, chunk, first, count } => {
                (dst, machine.call(chunk, range(registers, first, count), free)?)
            }
            I::Builtin { dst, builtin, first, count } => {
                (dst, ops::builtin(machine, builtin, side_by_side(registers, first, count))?)
            }
            I::Remember { dst, builtin, src } => {
                (dst, machine.remember(builtin, get(registers, src))?)
            }
            I::Join { dst, src, join } => (dst, ops::join(machine, get(registers, src), join)?),
            I::Not { dst, src } => match get(registers, src) {
                Value::Bool(on) => (dst, Value::Bool(!on)),
                other => (dst, (!ops::answer(machine, other)?).into()),
            },
            I::Negate { dst, src } => {
                (dst, arithmetic::negate(machine.operand(get(registers, src))?)?)
            }
            I::And { dst, left, right } => match (get(registers, left), get(registers, right)) {
                (Value::Bool(a), Value::Bool(b)) => (dst, Value::Bool(*a && *b)),
                (left, right) => {
                    let left = ops::answer(machine, left)?;
                    (dst, left.and(ops::answer(machine, right)?).into())
                }
            },
            I::Or { dst, left, right } => match (get(registers, left), get(registers, right)) {
                (Value::Bool(a), Value::Bool(b)) => (dst, Value::Bool(*a || *b)),
                (left, right) => {
                    let left = ops::answer(machine, left)?;
                    (dst, left.or(ops::answer(machine, right)?).into())
                }
            },
            I::Arithmetic { dst, operator, left, right } => (
                dst,
                ops::arithmetic(machine, operator, get(registers, left), get(registers, right))?,
            ),
            I::Equal { dst, left, right } => {
                (dst, ops::equal(machine, get(registers, left), get(registers, right))?)
            }
            I::Order { dst, order, left, right } => {
                let (left, right) = (get(registers, left), get(registers, right));
                machine.note(left);
                machine.note(right);
                machine.comparable(left, right)?;
                (dst, compare::ordered(order, left, right)?.into())
            }
            I::In { dst, left, right } => {
                (dst, ops::is_in(machine, get(registers, left), get(registers, right))?)
            }
            I::Matches { dst, left, right } => {
                let (left, right) = (get(registers, left), get(registers, right));
                machine.note(left);
                machine.comparable(left, right)?;
                (dst, compare::matches(left, right)?.into())
            }
            I::IsPresent { dst, src } => (dst, ops::is_present(machine, get(registers, src))?),
            I::IsKnown { dst, src } => (dst, ops::is_known(machine, get(registers, src))?),
            I::IsType { dst, src, test } => {
                (dst, ops::is_type(machine, get(registers, src), test)?)
            }
            I::Coalesced { dst, src, sure } => (dst, ops::coalesced(get(registers, src), sure)),
            I::Merge { dst, condition, left, right } => {
                let (condition, left, right) =
                    (get(registers, condition), get(registers, left), get(registers, right));
                (dst, ops::merge(machine, condition, left, right)?)
            }
            I::List { dst, first, count } => {
                (dst, ops::list(machine, side_by_side(registers, first, count))?)
            }
            I::Record { dst, layout, first, count } => {
                (dst, ops::record(layout, side_by_side(registers, first, count)))
            }
            I::Convert { dst, src, layout } => {
                (dst, ops::convert(machine, get(registers, src), layout)?)
            }
            I::Map { dst, keys, first, count } => {
                (dst, ops::map(machine, keys, side_by_side(registers, first, count)))
            }
            I::Text { dst, first, count } => {
                (dst, ops::text(machine, side_by_side(registers, first, count))?)
            }
            I::Message { dst, first, count } => {
                (dst, ops::message(machine, side_by_side(registers, first, count)))
            }
            I::Jump { to } => {
                at = to.0 as usize;
                continue;
            }
            I::JumpIfTrue { condition, to } => {
                let holds = match get(registers, condition) {
                    Value::Bool(on) => *on,
                    other => ops::answer(machine, other)? == Answer::Yes,
                };
                if holds {
                    at = to.0 as usize;
                }
                continue;
            }
            I::JumpIfFalse { condition, to } => {
                let fails = match get(registers, condition) {
                    Value::Bool(on) => !on,
                    other => ops::answer(machine, other)? == Answer::No,
                };
                if fails {
                    at = to.0 as usize;
                }
                continue;
            }
            I::JumpUnlessAbsent { src, to } => {
                let src = get(registers, src);
                machine.note(src);
                if !matches!(src.plain(), Value::Absent) {
                    at = to.0 as usize;
                }
                continue;
            }
            I::LoopStart { list, kind } => {
                loops::start(machine, get(registers, list), kind)?;
                continue;
            }
            I::LoopNext { dst, exit } => match loops::next(machine)? {
                Some(value) => (dst, value),
                None => {
                    at = exit.0 as usize;
                    continue;
                }
            },
            I::LoopFilter { condition, skip } => {
                let condition = ops::answer(machine, get(registers, condition))?;
                if !loops::filter(machine, &condition) {
                    at = skip.0 as usize;
                }
                continue;
            }
            I::LoopFold { body, exit } => {
                let body = ops::answer(machine, get(registers, body))?;
                if loops::fold(machine, body) {
                    at = exit.0 as usize;
                }
                continue;
            }
            I::LoopCollect { value } => {
                loops::collect(machine, get(registers, value).clone())?;
                continue;
            }
            I::LoopEnd { dst, nonempty } => (dst, loops::end(machine, nonempty)),
            I::Return { src } => {
                return Ok(match registers.get_mut(usize::from(src.0)) {
                    Some(value) if src.0 >= chunk.preset => std::mem::replace(value, Value::Absent),
                    Some(local) => local.clone(),
                    None => Value::Absent,
                });
            }
        };
        if let Some(register) = registers.get_mut(usize::from(dst.0)) {
            *register = value;
        }
    }
    Ok(Value::Absent)
}
