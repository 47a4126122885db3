//! `assize dump`: the middle stations of the compiler.

use std::fmt::Write;
use std::fs;

use crate::base::Sources;
use crate::compile::{Selection, compile};
use crate::diagnostic::{Diagnostics, render};
use crate::program::cost;
use crate::program::listing::listing;
use crate::syntax::{lexer, parse_module};

use super::args::{Colour, Dump};
use super::policies::{load, shown};
use super::{Exit, print, say, usage};

/// Runs the command.
pub(super) fn run(args: &Dump) -> Exit {
    if args.tokens || args.ast {
        return front_end(args);
    }
    let policies = match load(std::slice::from_ref(&args.file), Colour::Auto) {
        Ok(policies) => policies,
        Err(text) => {
            say(&text);
            return Exit::Usage;
        }
    };
    if args.hir {
        return print(&crate::hir::print::print(&policies.hir));
    }
    let controls = policies.hir.controls.iter_with_idx().map(|(id, _)| id).collect();
    let selection = Selection { controls, sets: Vec::new() };
    let program = match compile(&policies.hir, &selection) {
        Ok(program) => program,
        Err(flaw) => return usage(&format!("the compiler made flawed code: {flaw:?}")),
    };
    if args.cost {
        return print(&cost::table(&program));
    }
    if args.projection {
        let mut out = String::new();
        for (name, view) in &program.projection.resources {
            let slots = program.projection.layout(view.layout).map(|l| {
                l.slots.keys().map(super::super::base::symbol::Symbol::as_str).collect::<Vec<_>>()
            });
            let keep = if view.keep { " (kept for joins)" } else { "" };
            let _ = writeln!(out, "{name}{keep}: {}", slots.unwrap_or_default().join(", "));
        }
        return print(&out);
    }
    print(&listing(&policies.sources, &program))
}

fn front_end(args: &Dump) -> Exit {
    let text = match fs::read_to_string(&args.file) {
        Ok(text) => text,
        Err(error) => return usage(&format!("{}: {error}", shown(&args.file))),
    };
    let mut sources = Sources::new();
    let id = sources.add(&shown(&args.file), &text);
    let mut sink = Diagnostics::new();
    let mut out = String::new();
    if args.tokens {
        for lexeme in lexer::lex(id, &text, &mut sink) {
            let span = crate::base::Span::new(id, lexeme.start, lexeme.end);
            let place = sources.line_column(span);
            let _ = writeln!(out, "{}:{} {:?}", place.line, place.column, lexeme.token);
        }
    } else {
        let module = parse_module(id, &text, &mut sink);
        let _ = writeln!(out, "{module:#?}");
    }
    print(&out);
    say(&render::to_text(&sink.sorted(), &sources, false));
    if sink.has_errors() { Exit::Usage } else { Exit::Clean }
}
