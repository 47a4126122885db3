//! The machine: frames, lazy `let`s, limits, and what a running standard function may ask of it.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::program::{Chunk, ChunkIdx, LetIdx, Program};
use crate::value::compare::{Layouts, readable};
use crate::value::{LayoutId, Limit, Path, ResourceId, Trap, Value};

use super::dispatch;
use super::index::Asked;
use super::kept::Kept;
use super::loops::Loop;
use super::world::World;

/// The limits of a run of one control on one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: instructions, and more for work that depends on the data. What an instruction does in the
    /// place of several counts as they would, and what was computed before, for another control, as if it
    /// were computed now: what a control may use hangs on itself and the data alone.
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

/// How many registers there are at first beyond those of the block that begins: for what it calls.
const SPARE: usize = 128;

/// What outlives one block of a body: its `let`s. Its locals are the first registers of the frame.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scope<'p> {
    /// Where its `let`s begin among those of all scopes.
    lets: usize,
    blocks: &'p [ChunkIdx],
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
    /// The greatest depth since this was last set.
    pub(super) deepest: u32,
    /// What was computed of the subject, to be used again.
    pub(super) kept: Kept,
    scopes: Vec<Scope<'p>>,
    /// The `let`s of all scopes that are open: those that have a value already.
    lets: Vec<Option<Value>>,
    /// All registers; those of a frame stand side by side, those of what it calls behind them. The first
    /// are the locals of the body whose blocks run.
    registers: Vec<Value>,
    pub(super) loops: Vec<Loop>,
    /// Of each requirement of the control that runs, whether it held so far; here to be used again.
    pub(super) held: Vec<bool>,
    /// The subject of the control that runs: joins stay in its account.
    pub(super) subject: Option<ResourceId>,
    /// What was read, in a traced run: each place once, in order.
    pub(super) trace: Option<IndexMap<Arc<Path>, Value>>,
    /// What was asked of joins, where somebody wants to know.
    pub(super) asked: Option<Vec<Asked>>,
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
            deepest: 0,
            kept: Kept::default(),
            scopes: Vec::new(),
            lets: Vec::new(),
            registers: Vec::new(),
            loops: Vec::new(),
            held: Vec::new(),
            subject: None,
            trace: None,
            asked: None,
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

    /// Begins a body: its first local, how many locals there are, its `let`s. What an earlier body left open
    /// is closed.
    pub(super) fn begin(&mut self, first: Value, locals: u16, blocks: &'p [ChunkIdx]) {
        self.scopes.clear();
        self.lets.clear();
        self.loops.clear();
        self.depth = 0;
        let locals = usize::from(locals);
        if self.registers.len() < locals {
            self.registers.resize(locals + SPARE, Value::Absent);
        }
        let mut all = self.registers.iter_mut().take(locals);
        if let Some(register) = all.next() {
            *register = first;
        }
        all.for_each(|register| *register = Value::Absent);
        self.open(blocks);
    }

    /// Gives a local of the body another value.
    pub(super) fn set_local(&mut self, local: usize, value: Value) {
        if let Some(register) = self.registers.get_mut(local) {
            *register = value;
        }
    }

    /// Forgets what a `let` of the body came to.
    pub(super) fn forget(&mut self, lazy: LetIdx) {
        let first = self.scopes.last().map_or(0, |scope| scope.lets);
        if let Some(known) = self.lets.get_mut(first + usize::from(lazy.0)) {
            *known = None;
        }
    }

    fn open(&mut self, blocks: &'p [ChunkIdx]) {
        let lets = self.lets.len();
        self.lets.resize(lets + blocks.len(), None);
        self.scopes.push(Scope { lets, blocks });
    }

    fn close(&mut self) {
        if let Some(scope) = self.scopes.pop() {
            self.lets.truncate(scope.lets);
        }
    }

    /// Runs a block of the body that began last. What it leaves open is closed again, however it ends.
    pub(super) fn block(&mut self, idx: ChunkIdx) -> Result<Value, Trap> {
        let Some(chunk) = self.program.chunk(idx) else { return Ok(Value::Absent) };
        let mut registers = std::mem::take(&mut self.registers);
        if registers.len() < usize::from(chunk.registers) {
            registers.resize(usize::from(chunk.registers) + SPARE, Value::Absent);
        }
        let (loops, scopes, lets, depth) =
            (self.loops.len(), self.scopes.len(), self.lets.len(), self.depth);
        let out = dispatch::run(self, chunk, &mut registers);
        self.registers = registers;
        if out.is_err() {
            self.loops.truncate(loops);
            self.scopes.truncate(scopes);
            self.lets.truncate(lets);
            self.depth = depth;
        }
        out
    }

    /// Calls a function: its arguments are moved from the registers of the caller to its own, the first free
    /// ones.
    pub(super) fn call(
        &mut self,
        idx: ChunkIdx,
        args: &mut [Value],
        free: &mut [Value],
    ) -> Result<Value, Trap> {
        let Some(chunk) = self.program.chunk(idx) else { return Ok(Value::Absent) };
        self.deeper()?;
        self.open(&chunk.lets);
        let out = if free.len() < usize::from(chunk.registers) {
            let mut more = vec![Value::Absent; usize::from(chunk.registers) + SPARE];
            more.iter_mut().zip(args).for_each(|(to, from)| std::mem::swap(to, from));
            dispatch::run(self, chunk, &mut more)
        } else {
            free.iter_mut().zip(args).for_each(|(to, from)| std::mem::swap(to, from));
            dispatch::run(self, chunk, free)
        };
        self.close();
        self.depth -= 1;
        out
    }

    /// The value of a `let`, computed when it is first asked for, over these locals. A trap is not kept: it
    /// comes again.
    pub(super) fn force(
        &mut self,
        lazy: LetIdx,
        locals: &[Value],
        free: &mut [Value],
    ) -> Result<Value, Trap> {
        let Some(scope) = self.scopes.last().copied() else { return Ok(Value::Absent) };
        let at = scope.lets + usize::from(lazy.0);
        if let Some(Some(value)) = self.lets.get(at) {
            return Ok(value.clone());
        }
        let chunk = scope.blocks.get(usize::from(lazy.0)).and_then(|idx| self.program.chunk(*idx));
        let Some(chunk) = chunk else { return Ok(Value::Absent) };
        self.deeper()?;
        let value = self.beside(chunk, locals, free)?;
        self.depth -= 1;
        if let Some(known) = self.lets.get_mut(at) {
            *known = Some(value.clone());
        }
        Ok(value)
    }

    /// Runs code in a frame of its own over the same locals.
    pub(super) fn beside(
        &mut self,
        chunk: &'p Chunk,
        locals: &[Value],
        free: &mut [Value],
    ) -> Result<Value, Trap> {
        let mut more = Vec::new();
        let frame = if free.len() < usize::from(chunk.registers) {
            more.resize(usize::from(chunk.registers) + SPARE, Value::Absent);
            &mut more[..]
        } else {
            free
        };
        let locals = locals.iter().take(usize::from(chunk.preset));
        frame.iter_mut().zip(locals).for_each(|(to, from)| to.clone_from(from));
        dispatch::run(self, chunk, frame)
    }

    fn deeper(&mut self) -> Result<(), Trap> {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        if self.depth > self.limits.depth { Err(Trap::Limit(Limit::Depth)) } else { Ok(()) }
    }

    /// Pays for steps.
    #[inline]
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
    #[inline]
    pub(super) fn note(&mut self, value: &Value) {
        let (Some(trace), Value::Marked(marked)) = (&mut self.trace, value) else { return };
        if let Some(path) = &marked.path
            && !trace.contains_key(path)
        {
            trace.insert(Arc::clone(path), value.clone());
        }
    }

    /// Forgets what was read so far.
    pub(super) fn untrace(&mut self) {
        if let Some(trace) = &mut self.trace {
            trace.clear();
        }
    }

    /// The value that an operand holds; broken is a trap.
    #[inline]
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
        self.begin(Value::Absent, 0, &[]);
        self.block(chunk).unwrap_or_else(|trap| Value::broken(&super::describe(&trap)))
    }
}
