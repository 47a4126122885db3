//! The machine: frames, lazy `let`s, limits, and what a running standard function may ask of it.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::program::{ChunkIdx, LetIdx, Program};
use crate::value::compare::{Layouts, readable};
use crate::value::{LayoutId, Limit, Path, ResourceId, Trap, Value};

use super::dispatch;
use super::loops::Loop;
use super::world::World;

/// The limits of a run of one control on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: instructions, and more for work that depends on the data.
    pub fuel: u64,
    /// Values made and kept in lists, in bytes, roughly.
    pub memory: u64,
    /// Calls and `let`s in each other.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { fuel: 20_000_000, memory: 256 << 20, depth: 128 }
    }
}

/// Values of a body that outlive one block: its first registers and its `let`s.
#[derive(Debug, Default)]
pub(super) struct Scope<'p> {
    pub locals: Vec<Value>,
    pub lets: Vec<Option<Value>>,
    pub blocks: &'p [ChunkIdx],
}

/// Runs code of a program on a world.
#[derive(Debug)]
pub struct Machine<'p> {
    pub(super) program: &'p Program,
    pub(super) world: &'p World<'p>,
    pub(super) params: &'p [Value],
    pub(super) now: i64,
    pub(super) limits: Limits,
    pub(super) fuel: u64,
    pub(super) memory: u64,
    pub(super) depth: u32,
    pub(super) scopes: Vec<Scope<'p>>,
    pub(super) loops: Vec<Loop>,
    /// The subject of the control that runs: joins stay in its account.
    pub(super) subject: Option<ResourceId>,
    /// What was read, in a traced run: each place once, in order.
    pub(super) trace: Option<IndexMap<Arc<Path>, Value>>,
    /// Whether it runs an adapter: what it compares may have the wrong shape.
    pub(super) adapts: bool,
}

impl<'p> Machine<'p> {
    /// A machine for these parameters (by their number) at this instant, in microseconds since 1970.
    pub fn new(
        program: &'p Program,
        world: &'p World<'p>,
        params: &'p [Value],
        now: i64,
        limits: Limits,
    ) -> Self {
        Self {
            program,
            world,
            params,
            now,
            limits,
            fuel: limits.fuel,
            memory: limits.memory,
            depth: 0,
            scopes: Vec::new(),
            loops: Vec::new(),
            subject: None,
            trace: None,
            adapts: false,
        }
    }

    /// The same, to run adapters.
    pub(super) fn adapting(self) -> Self {
        Self { adapts: true, ..self }
    }

    /// In an adapter, an object or a list beside a text, a number or a truth value is broken data: that they
    /// differ says nothing.
    pub(super) fn comparable(&self, a: &Value, b: &Value) -> Result<(), Trap> {
        if !self.adapts {
            return Ok(());
        }
        let scalar = |value: &Value| {
            matches!(
                value,
                Value::Text(_) | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Regex(_)
            )
        };
        let found = match (a.plain(), b.plain()) {
            (Value::Map(_) | Value::Record(_), other)
            | (other, Value::Map(_) | Value::Record(_))
                if scalar(other) =>
            {
                "an object"
            }
            (Value::List(_), other) | (other, Value::List(_)) if scalar(other) => "a list",
            _ => return Ok(()),
        };
        Err(Trap::Broken(
            format!("expected a text, a number or a truth value, found {found}").into(),
        ))
    }

    /// Fresh limits, as each control on each subject has them.
    pub(super) fn refuel(&mut self) {
        self.fuel = self.limits.fuel;
        self.memory = self.limits.memory;
    }

    /// Runs a block over the locals of the innermost scope. What it leaves open is closed again, however
    /// it ends.
    pub(super) fn block(&mut self, chunk: ChunkIdx) -> Result<Value, Trap> {
        let loops = self.loops.len();
        let scopes = self.scopes.len();
        let depth = self.depth;
        let registers = self.scopes.last().map(|scope| scope.locals.clone()).unwrap_or_default();
        let out = self.run(chunk, registers);
        self.loops.truncate(loops);
        self.scopes.truncate(scopes);
        self.depth = depth;
        out
    }

    fn run(&mut self, chunk: ChunkIdx, mut registers: Vec<Value>) -> Result<Value, Trap> {
        let Some(chunk) = self.program.chunk(chunk) else { return Ok(Value::Absent) };
        registers.resize(usize::from(chunk.registers), Value::Absent);
        dispatch::run(self, &chunk.code, &mut registers)
    }

    /// Calls a function with these arguments.
    pub(super) fn call(&mut self, chunk: ChunkIdx, args: Vec<Value>) -> Result<Value, Trap> {
        let blocks = self.program.chunk(chunk).map_or(&[][..], |chunk| &chunk.lets);
        self.deeper()?;
        let lets = vec![None; blocks.len()];
        self.scopes.push(Scope { locals: args.clone(), lets, blocks });
        let out = self.run(chunk, args);
        self.scopes.pop();
        self.depth -= 1;
        out
    }

    /// The value of a `let`, computed when it is first asked for. A trap is not kept: it comes again.
    pub(super) fn force(&mut self, lazy: LetIdx) -> Result<Value, Trap> {
        let at = usize::from(lazy.0);
        let Some(scope) = self.scopes.last() else { return Ok(Value::Absent) };
        if let Some(Some(value)) = scope.lets.get(at) {
            return Ok(value.clone());
        }
        let Some(block) = scope.blocks.get(at).copied() else { return Ok(Value::Absent) };
        let registers = scope.locals.clone();
        self.deeper()?;
        let value = self.run(block, registers)?;
        self.depth -= 1;
        if let Some(known) = self.scopes.last_mut().and_then(|scope| scope.lets.get_mut(at)) {
            *known = Some(value.clone());
        }
        Ok(value)
    }

    fn deeper(&mut self) -> Result<(), Trap> {
        self.depth += 1;
        if self.depth > self.limits.depth { Err(Trap::Limit(Limit::Depth)) } else { Ok(()) }
    }

    /// Pays for steps.
    pub(super) fn pay(&mut self, steps: u64) -> Result<(), Trap> {
        match self.fuel.checked_sub(steps) {
            Some(left) => {
                self.fuel = left;
                Ok(())
            }
            None => {
                self.fuel = 0;
                Err(Trap::Limit(Limit::Fuel))
            }
        }
    }

    /// Pays for a number of values that are kept.
    pub(super) fn keep(&mut self, values: usize) -> Result<(), Trap> {
        let bytes = (values as u64).saturating_mul(size_of::<Value>() as u64);
        self.memory = self.memory.checked_sub(bytes).ok_or(Trap::Limit(Limit::Memory))?;
        Ok(())
    }

    /// Notes, in a traced run, that the value was read.
    pub(super) fn note(&mut self, value: &Value) {
        let (Some(trace), Value::Marked(marked)) = (&mut self.trace, value) else { return };
        if let Some(path) = &marked.path
            && !trace.contains_key(path)
        {
            trace.insert(Arc::clone(path), value.clone());
        }
    }

    /// The value that an operand holds; broken is a trap.
    pub(super) fn operand<'v>(&mut self, value: &'v Value) -> Result<&'v Value, Trap> {
        self.note(value);
        readable(value)
    }
}

/// A machine, to a standard function.
impl crate::builtins::CallContext for Machine<'_> {
    fn now(&self) -> i64 {
        self.now
    }
    fn layout(&self, record: &'static str) -> LayoutId {
        let known = self.program.builtin_layouts.iter().find(|(name, _)| *name == record);
        known.map_or(LayoutId::new(u32::MAX), |(_, layout)| *layout)
    }
    fn layouts(&self) -> &dyn Layouts {
        &self.program.projection
    }
    fn read<'v>(&mut self, value: &'v Value) -> Result<&'v Value, Trap> {
        self.operand(value)
    }
    fn pay(&mut self, steps: u64) -> Result<(), Trap> {
        Self::pay(self, steps)
    }
}

impl<'p> Machine<'p> {
    /// The program that runs.
    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// The world that it runs on.
    pub fn world(&self) -> &'p World<'p> {
        self.world
    }

    /// The value of a constant expression; one that traps is broken.
    pub fn constant(&mut self, chunk: ChunkIdx) -> Value {
        self.refuel();
        self.scopes.push(Scope::default());
        let value = self.block(chunk);
        self.scopes.clear();
        value.unwrap_or_else(|trap| Value::broken(&super::describe(&trap)))
    }
}
