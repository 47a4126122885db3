//! What a control may cost: its code, its loops, the resources that it looks for.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{ChunkIdx, Control, Instruction, Join, Program, Statement, StatementKind};

/// What is known of a control's cost before it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The instructions of all its blocks, functions included, each counted once.
    pub instructions: usize,
    /// How many loops stand in each other at most: the exponent of the work by the lists' lengths.
    pub loops: u32,
    /// What it looks for beyond its subject.
    pub joins: BTreeSet<String>,
}

/// The cost of a control.
pub fn cost(program: &Program, control: &Control) -> Cost {
    let mut cost = Cost::default();
    let mut seen = BTreeSet::new();
    let mut blocks = Vec::new();
    statements(&control.statements, 0, &mut blocks);
    blocks.extend(control.lets.iter().map(|block| (*block, 0)));
    while let Some((block, around)) = blocks.pop() {
        chunk(program, block, around, &mut cost, &mut seen, &mut blocks);
    }
    cost
}

/// The blocks of statements, each with the number of `each`es around it.
fn statements(all: &[Statement], around: u32, blocks: &mut Vec<(ChunkIdx, u32)>) {
    for statement in all {
        match &statement.kind {
            StatementKind::When(block) => blocks.push((*block, around)),
            StatementKind::Require { condition, message, .. } => {
                blocks.extend([(*condition, around), (*message, around)]);
            }
            StatementKind::Each { domain, filter, body, .. } => {
                blocks.push((*domain, around));
                blocks.extend(filter.iter().map(|filter| (*filter, around + 1)));
                statements(body, around + 1, blocks);
            }
            StatementKind::Manual { .. } => {}
        }
    }
}

fn chunk(
    program: &Program,
    idx: ChunkIdx,
    around: u32,
    cost: &mut Cost,
    seen: &mut BTreeSet<(ChunkIdx, u32)>,
    todo: &mut Vec<(ChunkIdx, u32)>,
) {
    let Some(chunk) = program.chunk(idx) else { return };
    if !seen.insert((idx, around)) {
        return;
    }
    if !seen.iter().any(|(known, other)| *known == idx && *other != around) {
        cost.instructions += chunk.code.len();
    }
    let mut depth = around;
    cost.loops = cost.loops.max(depth);
    for instruction in &chunk.code {
        match instruction {
            Instruction::LoopStart { .. } => depth += 1,
            Instruction::LoopEnd { .. } => depth = depth.saturating_sub(1),
            Instruction::Call { chunk, .. } => todo.push((*chunk, depth)),
            Instruction::Shared { shared, .. } => {
                let block = program.shared.get(usize::from(shared.0));
                todo.extend(block.map(|block| (*block, depth)));
            }
            Instruction::Join { join, .. } => {
                let join = program.joins.get(usize::from(join.0));
                cost.joins.extend(join.map(shown));
            }
            _ => {}
        }
        cost.loops = cost.loops.max(depth);
    }
    todo.extend(chunk.lets.iter().map(|block| (*block, around)));
}

fn shown(join: &Join) -> String {
    match join {
        Join::Follow { target, .. } => format!("-> {target}"),
        Join::Reverse { source, path, .. } => {
            let path: Vec<&str> = path.iter().map(crate::base::Symbol::as_str).collect();
            format!("<- {source}.{}", path.join("."))
        }
        Join::Resources { kind, key: Some(key), .. } => format!("{kind} by {key}"),
        Join::Resources { kind, key: None, .. } => format!("all {kind}"),
    }
}

/// The costs of all controls, a line each, the dearest first.
pub fn table(program: &Program) -> String {
    let mut rows: Vec<(Cost, String)> =
        program.controls.iter().map(|control| (cost(program, control), control.path())).collect();
    rows.sort_by_key(|(cost, name)| {
        (std::cmp::Reverse((cost.loops, cost.instructions)), name.clone())
    });
    let mut out = format!("{:<60} {:>5} {:>12}  looks for\n", "control", "loops", "instructions");
    for (cost, name) in rows {
        let joins: Vec<&str> = cost.joins.iter().map(String::as_str).collect();
        let (loops, instructions, joins) = (cost.loops, cost.instructions, joins.join(", "));
        let row = format!("{name:<60} {loops:>5} {instructions:>12}  {joins}");
        let _ = writeln!(out, "{}", row.trim_end());
    }
    out
}
