//! What is computed once and used again while one subject is looked at. To use it again costs the steps and
//! the memory that computing it took: what a control may use hangs on itself alone, not on what ran before.

use crate::program::{BuiltinIdx, ChunkIdx, Instruction, SharedIdx};
use crate::value::{ResourceId, Trap, Value};

use super::machine::Machine;
use super::ops;

/// How many results of standard functions are kept for a subject.
const MOST: usize = 32;

/// What a piece of code came to, and what it took.
#[derive(Debug)]
struct Came {
    value: Value,
    steps: u64,
    bytes: u64,
    /// How many calls stood in each other.
    depth: u32,
}

impl Came {
    fn again(&self) -> (Value, (u64, u64, u32)) {
        let value = match &self.value {
            Value::Bool(on) => Value::Bool(*on),
            other => other.clone(),
        };
        (value, (self.steps, self.bytes, self.depth))
    }
}

/// What is kept of the subject that is looked at.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// By the number of what is shared.
    shared: Vec<Option<(ResourceId, Came)>>,
    /// Results of standard functions, by their argument.
    results: Vec<(BuiltinIdx, Value, Came)>,
    results_of: Option<ResourceId>,
}

impl Kept {
    fn result(&self, builtin: BuiltinIdx, arg: &Value) -> Option<&Came> {
        let same = |known: &Value| match (known, arg) {
            (Value::Map(a), Value::Map(b)) => std::sync::Arc::ptr_eq(a, b),
            (Value::Text(a), Value::Text(b)) => std::sync::Arc::ptr_eq(a, b),
            _ => false,
        };
        let found = self.results.iter().find(|(of, known, _)| *of == builtin && same(known));
        found.map(|(_, _, came)| came)
    }
}

impl Machine<'_> {
    /// Whether what it took can be paid once more.
    fn can_pay(&self, came: &Came) -> bool {
        came.steps <= self.fuel
            && came.bytes <= self.memory
            && self.depth + came.depth <= self.limits.depth
    }

    fn pay_for(&mut self, (steps, bytes, depth): (u64, u64, u32)) {
        self.fuel -= steps;
        self.memory -= bytes;
        self.deepest = self.deepest.max(self.depth + depth);
    }

    /// What the code computes of the subject: once for each subject. In a traced run it is computed each
    /// time, for what is read on the way.
    pub(super) fn shared(&mut self, idx: SharedIdx, free: &mut [Value]) -> Result<Value, Trap> {
        let at = usize::from(idx.0);
        let Some(subject) = self.subject else { return Ok(Value::Absent) };
        // The step for being here is given back: in the place of this would stand the code itself.
        self.fuel = self.fuel.saturating_add(1);
        let keeps = self.trace.is_none();
        if let Some(Some((of, came))) = self.kept.shared.get(at)
            && keeps
            && *of == subject
            && self.can_pay(came)
        {
            let (value, took) = came.again();
            self.pay_for(took);
            return Ok(value);
        }
        if keeps && self.kept.shared.len() <= at {
            self.kept.shared.resize_with(self.program.shared.len(), || None);
        }
        let chunk = self.program.shared.get(at).and_then(|idx| self.program.chunk(*idx));
        let Some(chunk) = chunk else { return Ok(Value::Absent) };
        let (fuel, memory, deepest) = (self.fuel, self.memory, self.deepest);
        // One step more for the return.
        self.fuel = self.fuel.saturating_add(1);
        self.deepest = self.depth;
        let value = self.beside(chunk, &[Value::Resource(subject)], free);
        let depth = self.deepest.saturating_sub(self.depth);
        self.deepest = self.deepest.max(deepest);
        let value = value.inspect_err(|_| self.fuel = self.fuel.saturating_sub(1))?;
        if let Some(place) = self.kept.shared.get_mut(at).filter(|_| keeps) {
            let (steps, bytes) = (fuel.saturating_sub(self.fuel), memory - self.memory);
            *place = Some((subject, Came { value: value.clone(), steps, bytes, depth }));
        }
        Ok(value)
    }

    /// What a block comes to that is nothing but what was computed already, as [`Machine::block`] would say
    /// it.
    pub(super) fn block_kept(&mut self, block: ChunkIdx) -> Option<Value> {
        let program = self.program;
        let [Instruction::Shared { shared, .. }, Instruction::Return { .. }] =
            program.chunk(block)?.code.as_slice()
        else {
            return None;
        };
        let (of, came) = self.kept.shared.get(usize::from(shared.0))?.as_ref()?;
        // One step for the return.
        let steps = came.steps.checked_add(1)?;
        if self.subject != Some(*of) || steps > self.fuel || !self.can_pay(came) {
            return None;
        }
        let (value, (_, bytes, depth)) = came.again();
        self.pay_for((steps, bytes, depth));
        Some(value)
    }

    /// The result of a standard function of one argument: once for each value of the subject.
    pub(super) fn remember(&mut self, builtin: BuiltinIdx, arg: &Value) -> Result<Value, Trap> {
        let keeps = self.trace.is_none()
            && self.subject.is_some()
            && matches!(arg, Value::Map(_) | Value::Text(_));
        if keeps {
            if self.kept.results_of != self.subject {
                self.kept.results.clear();
                self.kept.results_of = self.subject;
            }
            let known = self.kept.result(builtin, arg).filter(|came| self.can_pay(came));
            if let Some((value, took)) = known.map(Came::again) {
                self.pay_for(took);
                return Ok(value);
            }
        }
        let (fuel, memory) = (self.fuel, self.memory);
        let value = ops::builtin(self, builtin, std::slice::from_ref(arg))?;
        if keeps && self.kept.results.len() < MOST {
            let (steps, bytes) = (fuel - self.fuel, memory - self.memory);
            let came = Came { value: value.clone(), steps, bytes, depth: 0 };
            self.kept.results.push((builtin, arg.clone(), came));
        }
        Ok(value)
    }
}
