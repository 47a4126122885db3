//! What the machine takes for granted, proved when a program is made or loaded: every index is in its
//! table, every jump lands on an instruction, every register is written before it is read, loops are
//! nested, and no path runs off the end.

use super::projection::Shape;
use super::{
    Adapter, Addr, Chunk, ChunkIdx, Control, Instruction, Program, Reg, Statement, StatementKind,
};
use crate::value::LayoutId;

/// What is wrong with a program: for people who look for the bug that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which chunk.
    pub chunk: u32,
    /// Which instruction.
    pub at: u32,
    /// What about it.
    pub what: &'static str,
}

/// Proves the program, or says where it is flawed.
///
/// # Errors
///
/// The first flaw found.
pub fn verify(program: &Program) -> Result<(), Flaw> {
    let tables =
        [program.params.len(), program.joins.len(), program.tests.len(), program.shared.len()];
    if tables.iter().any(|length| *length > usize::from(u16::MAX)) {
        return Err(Flaw { chunk: 0, at: 0, what: "a table is longer than its index reaches" });
    }
    for (at, chunk) in program.chunks.iter().enumerate() {
        let idx = u32::try_from(at).unwrap_or(u32::MAX);
        Checker { program, chunk, idx }.run()?;
    }
    for control in &program.controls {
        blocks(program, &control.statements, control.locals)?;
        for block in &control.lets {
            block_fits(program, *block, control.locals)?;
        }
        control_fits(program, control)?;
    }
    for adapter in &program.adapters {
        adapter_fits(program, adapter)?;
    }
    for block in &program.shared {
        shared_fits(program, *block)?;
    }
    for block in program.params.iter().filter_map(|param| param.value) {
        block_fits(program, block, 0)?;
    }
    for waiver in &program.waivers {
        if waiver.control as usize >= program.controls.len() {
            return Err(Flaw { chunk: 0, at: 0, what: "a waiver of no control" });
        }
        if let Some(condition) = waiver.condition {
            block_fits(program, condition, 1)?;
        }
    }
    layouts(program)
}

/// The numbers of a control's requirements are those of its statements: the machine keeps a list of them.
fn control_fits(program: &Program, control: &Control) -> Result<(), Flaw> {
    let flaw = |what| Err(Flaw { chunk: 0, at: 0, what });
    let mut numbered = 0u32;
    let mut open: Vec<&Statement> = control.statements.iter().collect();
    while let Some(statement) = open.pop() {
        let (number, after) = match &statement.kind {
            StatementKind::Require { number, after, .. } => (*number, &after[..]),
            StatementKind::Manual { number, .. } => (*number, &[][..]),
            StatementKind::Each { lets, body, .. } => {
                if lets.iter().any(|lazy| usize::from(lazy.0) >= control.lets.len()) {
                    return flaw("a round of `each` begins a `let` that there is not");
                }
                open.extend(body);
                continue;
            }
            StatementKind::When(_) => continue,
        };
        numbered = numbered.saturating_add(1);
        if number >= control.requirements || after.iter().any(|earlier| *earlier >= number) {
            return flaw("a requirement is out of order");
        }
    }
    if numbered != control.requirements {
        return flaw("a control has another number of requirements");
    }
    match control.params.iter().all(|param| usize::from(param.0) < program.params.len()) {
        true => Ok(()),
        false => flaw("a control reads a parameter that there is not"),
    }
}

/// Whatever names a layout names one that there is.
fn layouts(program: &Program) -> Result<(), Flaw> {
    let projection = &program.projection;
    let slots = projection.layouts().flat_map(|(_, layout)| layout.slots.values());
    let fields = slots.filter_map(|slot| record_of(&slot.shape));
    let views = projection.resources.values().map(|view| view.layout);
    let made = program.builtin_layouts.iter().map(|(_, layout)| *layout);
    match fields.chain(views).chain(made).all(|layout| projection.layout(layout).is_some()) {
        true => Ok(()),
        false => Err(Flaw { chunk: 0, at: 0, what: "there is no such layout" }),
    }
}

/// The layout of the records in a shape.
fn record_of(shape: &Shape) -> Option<LayoutId> {
    let mut shape = shape;
    loop {
        match shape {
            Shape::List(inner) | Shape::Map(inner) => shape = inner,
            Shape::Record(layout) => return Some(*layout),
            _ => return None,
        }
    }
}

/// An adapter's blocks see the item alone, and its slots are those of the target's layout.
fn adapter_fits(program: &Program, adapter: &Adapter) -> Result<(), Flaw> {
    let sets = adapter.sets.iter().map(|(_, block)| block);
    for block in adapter.lets.iter().chain(&adapter.conditions).chain(sets) {
        block_fits(program, *block, 1)?;
    }
    let view = program.projection.resources.get(&adapter.target);
    let layout = view.and_then(|view| program.projection.layout(view.layout));
    let slots = layout.map_or(0, |layout| layout.slots.len());
    match adapter.sets.iter().find(|(slot, _)| usize::from(slot.0) >= slots) {
        Some((_, block)) => Err(Flaw { chunk: block.0, at: 0, what: "an adapter sets no slot" }),
        None => Ok(()),
    }
}

fn blocks(program: &Program, statements: &[Statement], locals: u16) -> Result<(), Flaw> {
    for statement in statements {
        match &statement.kind {
            StatementKind::When(block) => block_fits(program, *block, locals)?,
            StatementKind::Require { condition, message, .. } => {
                block_fits(program, *condition, locals)?;
                block_fits(program, *message, locals)?;
            }
            StatementKind::Each { domain, element, filter, body, .. } => {
                block_fits(program, *domain, locals)?;
                if let Some(filter) = filter {
                    block_fits(program, *filter, locals)?;
                }
                if element.0 >= locals {
                    return Err(Flaw {
                        chunk: domain.0,
                        at: 0,
                        what: "the element has no register",
                    });
                }
                blocks(program, body, locals)?;
            }
            StatementKind::Manual { .. } => {}
        }
    }
    Ok(())
}

fn block_fits(program: &Program, block: ChunkIdx, locals: u16) -> Result<(), Flaw> {
    match program.chunk(block) {
        Some(chunk) if chunk.preset == locals => Ok(()),
        Some(_) => {
            Err(Flaw { chunk: block.0, at: 0, what: "the block does not fit its control's locals" })
        }
        None => Err(Flaw { chunk: block.0, at: 0, what: "no such block" }),
    }
}

/// What is computed once for a subject hangs on the subject alone: not on `let`s of who asks.
fn shared_fits(program: &Program, block: ChunkIdx) -> Result<(), Flaw> {
    block_fits(program, block, 1)?;
    let code = program.chunk(block).into_iter().flat_map(|chunk| &chunk.code);
    match code.into_iter().any(|instruction| matches!(instruction, Instruction::Force { .. })) {
        true => Err(Flaw { chunk: block.0, at: 0, what: "what is shared hangs on a `let`" }),
        false => Ok(()),
    }
}

struct Checker<'a> {
    program: &'a Program,
    chunk: &'a Chunk,
    idx: u32,
}

/// What is known where an instruction begins: which registers are written, how many loops are open.
#[derive(Clone, PartialEq)]
struct State {
    written: Vec<bool>,
    loops: u32,
}

impl Checker<'_> {
    fn flaw<T>(&self, at: usize, what: &'static str) -> Result<T, Flaw> {
        Err(Flaw { chunk: self.idx, at: u32::try_from(at).unwrap_or(u32::MAX), what })
    }

    fn run(&self) -> Result<(), Flaw> {
        let len = self.chunk.code.len();
        let mut states: Vec<Option<State>> = vec![None; len];
        if self.chunk.preset > self.chunk.registers {
            return self.flaw(0, "its locals have no registers");
        }
        for block in &self.chunk.lets {
            block_fits(self.program, *block, self.chunk.preset)?;
        }
        let mut written = vec![false; usize::from(self.chunk.registers)];
        written.iter_mut().take(usize::from(self.chunk.preset)).for_each(|set| *set = true);
        let mut todo = vec![(0usize, State { written, loops: 0 })];
        while let Some((at, state)) = todo.pop() {
            let Some(known) = states.get_mut(at) else {
                return self.flaw(at, "control runs off the end");
            };
            let state = match known {
                Some(known) if known.loops != state.loops => {
                    return self.flaw(at, "loops are not nested");
                }
                Some(known) => {
                    let both =
                        known.written.iter().zip(&state.written).map(|(a, b)| *a && *b).collect();
                    let merged = State { written: both, loops: state.loops };
                    if *known == merged {
                        continue;
                    }
                    merged
                }
                None => state,
            };
            *known = Some(state.clone());
            self.step(at, state, &mut todo)?;
        }
        Ok(())
    }

    fn step(
        &self,
        at: usize,
        mut state: State,
        todo: &mut Vec<(usize, State)>,
    ) -> Result<(), Flaw> {
        let Some(instruction) = self.chunk.code.get(at) else {
            return self.flaw(at, "control runs off the end");
        };
        let effect = effect(instruction);
        for (first, count) in effect.reads {
            for reg in (usize::from(first.0)..).take(usize::from(count)) {
                if state.written.get(reg) != Some(&true) {
                    return self.flaw(at, "a register is read before it is written");
                }
            }
        }
        self.tables(at, instruction)?;
        // Arguments are moved into the function's frame.
        if let Instruction::Call { first, count, .. } = *instruction {
            let moved = state.written.iter_mut().skip(usize::from(first.0));
            moved.take(usize::from(count)).for_each(|set| *set = false);
        }
        match instruction {
            Instruction::LoopStart { .. } => state.loops += 1,
            Instruction::LoopEnd { .. } if state.loops == 0 => {
                return self.flaw(at, "a loop ends that never began");
            }
            Instruction::LoopEnd { .. } => state.loops -= 1,
            Instruction::LoopNext { .. }
            | Instruction::LoopFilter { .. }
            | Instruction::LoopFold { .. }
            | Instruction::LoopCollect { .. }
                if state.loops == 0 =>
            {
                return self.flaw(at, "a step of a loop outside loops");
            }
            Instruction::Return { .. } if state.loops != 0 => {
                return self.flaw(at, "a value is returned out of a loop");
            }
            _ => {}
        }
        if let Some(to) = effect.jump {
            todo.push((to.0 as usize, state.clone()));
        }
        if let Some(dst) = effect.write {
            match state.written.get_mut(usize::from(dst.0)) {
                Some(set) => *set = true,
                None => return self.flaw(at, "a register is out of the frame"),
            }
        }
        if effect.falls_through {
            todo.push((at + 1, state));
        }
        Ok(())
    }

    fn tables(&self, at: usize, instruction: &Instruction) -> Result<(), Flaw> {
        let program = self.program;
        let fits = match *instruction {
            Instruction::Constant { value, .. }
            | Instruction::FieldOr { other: value, .. }
            | Instruction::EqualConstant { right: value, .. } => {
                (value.0 as usize) < program.constants.len()
            }
            // Only to chunks before it, as with calls.
            Instruction::Shared { shared, .. } => {
                program.shared.get(usize::from(shared.0)).is_some_and(|chunk| chunk.0 < self.idx)
            }
            Instruction::Named { name, .. } => {
                matches!(program.constants.get(name.0 as usize), Some(crate::value::Value::Text(_)))
            }
            Instruction::Map { keys, .. } => {
                matches!(program.constants.get(keys.0 as usize), Some(crate::value::Value::List(_)))
            }
            Instruction::Param { param, .. } => usize::from(param.0) < program.params.len(),
            Instruction::Builtin { builtin, count, .. } => program
                .builtins
                .get(usize::from(builtin.0))
                .and_then(|id| crate::builtins::find(id))
                .is_some_and(|builtin| builtin.args.len() == usize::from(count)),
            Instruction::Remember { builtin, .. } => program
                .builtins
                .get(usize::from(builtin.0))
                .and_then(|id| crate::builtins::find(id))
                .is_some_and(|builtin| builtin.args.len() == 1 && builtin.is_remembered()),
            Instruction::Join { join, .. } => usize::from(join.0) < program.joins.len(),
            Instruction::IsType { test, .. } => usize::from(test.0) < program.tests.len(),
            Instruction::Record { layout, count, .. } => program
                .projection
                .layout(layout)
                .is_some_and(|layout| layout.slots.len() == usize::from(count)),
            Instruction::Convert { layout, .. } => program.projection.layout(layout).is_some(),
            // Only to chunks before it: calls cannot go round.
            Instruction::Call { chunk, count, .. } => {
                chunk.0 < self.idx
                    && program.chunk(chunk).is_some_and(|callee| callee.preset == count)
            }
            _ => true,
        };
        if fits { Ok(()) } else { self.flaw(at, "an index is out of its table") }
    }
}

/// What an instruction reads, writes, and where it may go.
struct Effect {
    reads: Vec<(Reg, u16)>,
    write: Option<Reg>,
    jump: Option<Addr>,
    falls_through: bool,
}

fn effect(instruction: &Instruction) -> Effect {
    use Instruction as I;
    let (reads, write, jump): (Vec<(Reg, u16)>, Option<Reg>, Option<Addr>) = match *instruction {
        I::Constant { dst, .. }
        | I::Param { dst, .. }
        | I::Now { dst }
        | I::Force { dst, .. }
        | I::Shared { dst, .. } => (vec![], Some(dst), None),
        I::Move { dst, src }
        | I::Not { dst, src }
        | I::Negate { dst, src }
        | I::EqualConstant { dst, left: src, .. }
        | I::Remember { dst, src, .. }
        | I::IsPresent { dst, src }
        | I::IsKnown { dst, src }
        | I::IsType { dst, src, .. }
        | I::Coalesced { dst, src, .. }
        | I::Convert { dst, src, .. }
        | I::Join { dst, src, .. } => (vec![(src, 1)], Some(dst), None),
        I::Field { dst, base, .. }
        | I::FieldOr { dst, base, .. }
        | I::Named { dst, base, .. }
        | I::Attribute { dst, base, .. } => (vec![(base, 1)], Some(dst), None),
        I::Index { dst, base, index } => (vec![(base, 1), (index, 1)], Some(dst), None),
        I::Call { dst, first, count, .. }
        | I::Builtin { dst, first, count, .. }
        | I::List { dst, first, count }
        | I::Record { dst, first, count, .. }
        | I::Map { dst, first, count, .. }
        | I::Text { dst, first, count }
        | I::Message { dst, first, count } => (vec![(first, count)], Some(dst), None),
        I::And { dst, left, right }
        | I::Or { dst, left, right }
        | I::Arithmetic { dst, left, right, .. }
        | I::Equal { dst, left, right }
        | I::Order { dst, left, right, .. }
        | I::In { dst, left, right }
        | I::Matches { dst, left, right } => (vec![(left, 1), (right, 1)], Some(dst), None),
        I::Merge { dst, condition, left, right } => {
            (vec![(condition, 1), (left, 1), (right, 1)], Some(dst), None)
        }
        I::Jump { to } => (vec![], None, Some(to)),
        I::JumpIfTrue { condition, to } | I::JumpIfFalse { condition, to } => {
            (vec![(condition, 1)], None, Some(to))
        }
        I::JumpUnlessAbsent { src, to } => (vec![(src, 1)], None, Some(to)),
        I::LoopStart { list, .. } => (vec![(list, 1)], None, None),
        I::LoopNext { dst, exit } => (vec![], Some(dst), Some(exit)),
        I::LoopFilter { condition, skip } => (vec![(condition, 1)], None, Some(skip)),
        I::LoopFold { body, exit } => (vec![(body, 1)], None, Some(exit)),
        I::LoopCollect { value } => (vec![(value, 1)], None, None),
        I::LoopEnd { dst, .. } => (vec![], Some(dst), None),
        I::Return { src } => (vec![(src, 1)], None, None),
    };
    let falls_through = !matches!(instruction, I::Jump { .. } | I::Return { .. });
    Effect { reads, write, jump, falls_through }
}
