//! Disassembly: the program as text, for people and for golden tests.

use std::fmt::Write;

use crate::base::Sources;
use crate::value::display;

use super::{Addr, Chunk, ChunkIdx, Program, Statement, StatementKind};

/// The whole program: each control's statements, then all chunks with their source lines.
pub fn listing(sources: &Sources, program: &Program) -> String {
    let mut out = String::new();
    for control in &program.controls {
        let _ = writeln!(out, "control {} ({} locals)", control.path(), control.locals);
        statements(&mut out, &control.statements, 1);
    }
    for adapter in &program.adapters {
        let (source, of, target) = (&adapter.source, &adapter.of, &adapter.target);
        let _ = writeln!(out, "adapter {source} for {target} from {of}");
        for block in &adapter.conditions {
            let _ = writeln!(out, "    when c{}", block.0);
        }
        for (slot, block) in &adapter.sets {
            let _ = writeln!(out, "    set slot {} c{}", slot.0, block.0);
        }
    }
    for (at, block) in program.shared.iter().enumerate() {
        let _ = writeln!(out, "shared s{at} c{}", block.0);
    }
    for (at, chunk) in program.chunks.iter().enumerate() {
        let idx = ChunkIdx(u32::try_from(at).unwrap_or(u32::MAX));
        out.push('\n');
        code(&mut out, sources, program, idx, chunk);
    }
    out
}

fn statements(out: &mut String, all: &[Statement], indent: usize) {
    for statement in all {
        let _ = write!(out, "{:width$}", "", width = indent * 4);
        let _ = match &statement.kind {
            StatementKind::When(block) => writeln!(out, "when c{}", block.0),
            StatementKind::Require { number, condition, message, after } => {
                let after =
                    if after.is_empty() { String::new() } else { format!(" after {after:?}") };
                writeln!(out, "require #{number} c{} else c{}{after}", condition.0, message.0)
            }
            StatementKind::Each { domain, element, filter, body, .. } => {
                let filter =
                    filter.map(|filter| format!(" where c{}", filter.0)).unwrap_or_default();
                let _ = writeln!(out, "each r{} in c{}{filter}", element.0, domain.0);
                statements(out, body, indent + 1);
                Ok(())
            }
            StatementKind::Manual { number, text } => writeln!(out, "manual #{number} {text:?}"),
        };
    }
}

fn code(out: &mut String, sources: &Sources, program: &Program, idx: ChunkIdx, chunk: &Chunk) {
    let _ = writeln!(
        out,
        "c{} {} ({} registers, {} preset)",
        idx.0, chunk.name, chunk.registers, chunk.preset
    );
    let mut line = 0;
    for (at, instruction) in chunk.code.iter().enumerate() {
        let addr = Addr(u32::try_from(at).unwrap_or(u32::MAX));
        if let Some(span) = program.span(idx, addr) {
            let place = sources.line_column(span);
            if place.line != line {
                line = place.line;
                let text = sources.get(span.source).and_then(|file| file.line(line)).unwrap_or("");
                let _ = writeln!(out, "  ; {}:{line}: {}", sources.name(span.source), text.trim());
            }
        }
        let shown = format!("{instruction:?}").replace("Reg(", "r(").replace("ConstIdx(", "k(");
        let constant = match instruction {
            super::Instruction::Constant { value, .. }
            | super::Instruction::FieldOr { other: value, .. }
            | super::Instruction::EqualConstant { right: value, .. } => program
                .constants
                .get(value.0 as usize)
                .map(|value| format!("    ; {}", display::show(&program.projection, value)))
                .unwrap_or_default(),
            _ => String::new(),
        };
        let _ = writeln!(out, "  {at:4}  {shown}{constant}");
    }
}
