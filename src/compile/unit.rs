//! What is made while a program is compiled: chunks being written, registers, tables.

use std::collections::BTreeMap;

use crate::base::{Span, Symbol};
use crate::hir::{Expr, Function, FunctionId, Hir, LocalId, ParamId};
use crate::program::projection::Layout;
use crate::program::{
    Addr, BuiltinIdx, Chunk, ChunkIdx, ConstIdx, Instruction, Join, JoinIdx, LetIdx, ParamIdx,
    Program, Reg, SharedIdx, TestIdx, TypeTest,
};
use crate::types::RecordId;
use crate::types::TypeId;
use crate::value::{LayoutId, Text, Value};

use super::reach::Reached;
use super::share::{Body, Shares};
use super::{Techniques, joins};

/// A constant that is in the pool once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Simple {
    Absent,
    Bool(bool),
    Int(i64),
    Text(Text),
    /// The list of nothing.
    Empty,
}

/// Where a local's value is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'h> {
    /// In a register.
    Register(Reg),
    /// Computed when it is first asked for; whether that cannot end in an error.
    Lazy(LetIdx, bool),
    /// What this computes: a property of the subject, read anew each time.
    Same(&'h Expr),
}

/// The program being made, and the chunk being written.
pub(super) struct Unit<'h> {
    pub hir: &'h Hir,
    pub program: Program,
    pub reached: Reached,
    pub layouts: BTreeMap<RecordId, LayoutId>,
    pub functions: BTreeMap<FunctionId, ChunkIdx>,
    /// Where the locals of the body being compiled are.
    pub places: BTreeMap<LocalId, Place<'h>>,
    /// Whether an adapter is being compiled: what its source leaves out is not known to be absent.
    pub lenient: bool,
    constants: BTreeMap<Simple, ConstIdx>,
    /// The type of what is shown as a whole.
    pub shown: Option<TypeId>,
    pub techniques: Techniques,
    /// What the controls share.
    pub shares: Shares,
    /// What was made of that, by its key.
    pub shared: BTreeMap<String, SharedIdx>,
    /// The control being compiled, where what it computes may be shared.
    pub sharing: Option<Body<'h>>,
    chunk: Chunk,
    next: u16,
}

impl<'h> Unit<'h> {
    pub fn new(hir: &'h Hir) -> Self {
        Self {
            hir,
            program: Program::default(),
            reached: Reached::default(),
            layouts: BTreeMap::new(),
            functions: BTreeMap::new(),
            places: BTreeMap::new(),
            lenient: false,
            constants: BTreeMap::new(),
            shown: None,
            techniques: Techniques::default(),
            shares: Shares::default(),
            shared: BTreeMap::new(),
            sharing: None,
            chunk: Chunk::default(),
            next: 0,
        }
    }

    // ---- tables

    /// The layout of a record, made empty when it is first asked for.
    pub fn layout(&mut self, record: RecordId) -> LayoutId {
        if let Some(layout) = self.layouts.get(&record) {
            return *layout;
        }
        let name = self.hir.types.records.at(record).name.clone();
        let layout = self.program.projection.add_layout(Layout::new(name));
        self.layouts.insert(record, layout);
        layout
    }

    pub fn builtin_layout(&self, name: &str) -> Option<LayoutId> {
        self.program
            .builtin_layouts
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, layout)| *layout)
    }

    pub fn constant(&mut self, value: Value) -> ConstIdx {
        let key = match &value {
            Value::Text(text) => Some(Simple::Text(text.clone())),
            Value::Int(n) => Some(Simple::Int(*n)),
            Value::Bool(on) => Some(Simple::Bool(*on)),
            Value::Absent => Some(Simple::Absent),
            Value::List(list) if list.items.is_empty() && list.open.is_none() => {
                Some(Simple::Empty)
            }
            _ => None,
        };
        let constants = &mut self.program.constants;
        let added = || {
            constants.push(value);
            ConstIdx(u32::try_from(constants.len() - 1).unwrap_or(u32::MAX))
        };
        match key {
            Some(key) => *self.constants.entry(key).or_insert_with(added),
            None => added(),
        }
    }

    pub fn builtin(&mut self, id: &'static str) -> BuiltinIdx {
        BuiltinIdx(index_of(&mut self.program.builtins, id))
    }

    pub fn join(&mut self, join: Join) -> JoinIdx {
        JoinIdx(index_of(&mut self.program.joins, join))
    }

    pub fn type_test(&mut self, test: TypeTest) -> TestIdx {
        TestIdx(index_of(&mut self.program.tests, test))
    }

    /// Parameters keep their numbers.
    pub fn param(&self, id: ParamId) -> ParamIdx {
        ParamIdx(u16::try_from(id.raw()).unwrap_or(u16::MAX))
    }

    // ---- code

    pub fn emit(&mut self, instruction: Instruction, span: Span) -> Addr {
        let at = self.here();
        if self.chunk.spans.last().is_none_or(|(_, last)| *last != span) {
            self.chunk.spans.push((at, span));
        }
        self.chunk.code.push(instruction);
        at
    }

    /// The address of the next instruction.
    pub fn here(&self) -> Addr {
        Addr(u32::try_from(self.chunk.code.len()).unwrap_or(u32::MAX))
    }

    /// Lets a jump that was emitted before lead here.
    pub fn land(&mut self, jump: Addr) {
        let here = self.here();
        let target = match self.chunk.code.get_mut(jump.0 as usize) {
            Some(
                Instruction::Jump { to }
                | Instruction::JumpIfTrue { to, .. }
                | Instruction::JumpIfFalse { to, .. }
                | Instruction::JumpUnlessAbsent { to, .. }
                | Instruction::LoopNext { exit: to, .. }
                | Instruction::LoopFold { exit: to, .. },
            ) => to,
            _ => return,
        };
        *target = here;
    }

    /// A register that nobody uses.
    pub fn register(&mut self) -> Reg {
        let reg = Reg(self.next);
        self.next = self.next.saturating_add(1);
        self.chunk.registers = self.chunk.registers.max(self.next);
        reg
    }

    /// Registers side by side.
    pub fn registers(&mut self, count: usize) -> Reg {
        let first = Reg(self.next);
        for _ in 0..count {
            self.register();
        }
        first
    }

    /// How many registers are in use: to be given back with [`Unit::release`].
    pub fn mark(&self) -> u16 {
        self.next
    }

    /// Gives back all registers from the mark on.
    pub fn release(&mut self, mark: u16) {
        self.next = mark;
    }

    pub fn bind_subject(&mut self, subject: LocalId) {
        self.places.clear();
        self.places.insert(subject, Place::Register(Reg(0)));
    }

    /// Whether computing the expression here cannot end in an error.
    pub fn is_sure(&self, expr: &Expr) -> bool {
        joins::cannot_fail(expr, &|local| {
            !matches!(
                self.places.get(&local),
                Some(Place::Register(_) | Place::Lazy(_, true) | Place::Same(_))
            )
        })
    }

    /// A chunk that computes the expression; the first registers are preset.
    pub fn block(&mut self, name: &str, preset: u16, value: &Expr) -> ChunkIdx {
        self.chunk_of(name, preset, |unit| unit.expr(value), value.span)
    }

    /// A chunk whose value the writer leaves in a register.
    pub fn chunk_of(
        &mut self,
        name: &str,
        preset: u16,
        write: impl FnOnce(&mut Self) -> Reg,
        span: Span,
    ) -> ChunkIdx {
        let fresh = Chunk { name: name.to_owned(), registers: preset, preset, ..Chunk::default() };
        let outer = std::mem::replace(&mut self.chunk, fresh);
        let outer_next = std::mem::replace(&mut self.next, preset);
        let src = write(self);
        self.emit(Instruction::Return { src }, span);
        self.next = outer_next;
        let chunk = std::mem::replace(&mut self.chunk, outer);
        let idx = ChunkIdx(u32::try_from(self.program.chunks.len()).unwrap_or(u32::MAX));
        self.program.chunks.push(chunk);
        idx
    }

    pub fn function(&mut self, id: FunctionId, function: &Function) {
        self.places.clear();
        let args = u16::try_from(function.args.len()).unwrap_or(u16::MAX);
        for (at, arg) in (0..args).zip(&function.args) {
            self.places.insert(*arg, Place::Register(Reg(at)));
        }
        let mut lets = Vec::new();
        for (at, bound) in (0u16..).zip(&function.lets) {
            let block = self.block(
                &format!("let {}", function.body.locals.at(bound.local).name),
                args,
                &bound.value,
            );
            lets.push(block);
            let sure = self.is_sure(&bound.value);
            self.places.insert(bound.local, Place::Lazy(LetIdx(at), sure));
        }
        let chunk = self.block(&format!("fn {}", function.name), args, &function.value);
        if let Some(made) = self.program.chunks.get_mut(chunk.0 as usize) {
            made.lets = lets;
        }
        self.functions.insert(id, chunk);
    }
}

/// The place of an entry in a table, added where it is new.
fn index_of<T: PartialEq>(table: &mut Vec<T>, entry: T) -> u16 {
    let at = table.iter().position(|known| *known == entry).unwrap_or_else(|| {
        table.push(entry);
        table.len() - 1
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// A text in the constant pool.
pub(super) fn text(symbol: &Symbol) -> Value {
    Value::Text(symbol.text())
}
