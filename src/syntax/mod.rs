//! Text to tree: `lex`, then the parser that LALRPOP makes of `grammar/assize.lalrpop`.
//!
//! Nothing here fails: a text with mistakes gives a tree of what could be read, and diagnostics.

pub mod ast;
mod build;
mod errors;
pub mod format;
pub mod lexer;
pub mod literal;
pub mod print;
mod recover;
pub mod token;

use crate::base::{SourceId, Span};
use crate::diagnostic::Diagnostics;

use ast::{Expr, ExprKind, Module};
use build::Build;
use lexer::Lexeme;

#[allow(warnings, clippy::all, clippy::pedantic, clippy::restriction, reason = "generated")]
mod grammar {
    include!(concat!(env!("OUT_DIR"), "/assize.rs"));
}

/// The longest text of a policy, in bytes.
pub const MAX_SOURCE: usize = 16 << 20;

/// The tree of a file.
pub fn parse_module(source: SourceId, text: &str, sink: &mut Diagnostics) -> Module {
    let tokens = lexer::lex(source, text, sink);
    let mut build = Build::new(source, sink);
    match grammar::ModuleParser::new().parse(&mut build, triples(tokens)) {
        Ok(module) => module,
        Err(error) => {
            build.syntax_error(&error);
            let span = build.span(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
            Module { docs: String::new(), uses: Vec::new(), items: Vec::new(), span }
        }
    }
}

/// The tree of a text that is one expression.
pub fn parse_expression(source: SourceId, text: &str, sink: &mut Diagnostics) -> Expr {
    let tokens = lexer::lex(source, text, sink);
    let mut build = Build::new(source, sink);
    match grammar::ExpressionParser::new().parse(&mut build, triples(tokens)) {
        Ok(expr) => expr,
        Err(error) => {
            build.syntax_error(&error);
            let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
            Expr { kind: ExprKind::Error, span: Span::new(source, 0, end), depth: 1 }
        }
    }
}

type Triple = Result<(u32, token::Token, u32), ()>;

fn triples(tokens: Vec<Lexeme>) -> impl Iterator<Item = Triple> {
    tokens.into_iter().map(|lexeme| Ok((lexeme.start, lexeme.token, lexeme.end)))
}
