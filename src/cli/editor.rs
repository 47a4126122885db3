//! The line editor of the REPL: completion, colours, and when an input goes on in the next line.

use std::borrow::Cow;

use rustyline::Context;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};

use crate::base::SourceId;
use crate::diagnostic::Diagnostics;
use crate::repl::complete::{Names, complete};
use crate::repl::is_open;
use crate::syntax::lexer::lex;
use crate::syntax::token::Token;

/// What helps at the prompt.
pub(super) struct Helper {
    names: Names,
    colour: bool,
}

impl Helper {
    pub fn new(names: Names, colour: bool) -> Self {
        Self { names, colour }
    }
}

impl rustyline::Helper for Helper {}

impl Hinter for Helper {
    type Hint = String;
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, found) = complete(line, at, &self.names);
        let pairs = found.into_iter();
        let pairs = pairs.map(|own| Pair { display: own.shown, replacement: own.text });
        Ok((start, pairs.collect()))
    }
}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        let whole = text.trim().is_empty() || text.trim_start().starts_with(':') || !is_open(text);
        Ok(if whole { ValidationResult::Valid(None) } else { ValidationResult::Incomplete })
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, _at: usize) -> Cow<'l, str> {
        if !self.colour || line.trim_start().starts_with(':') {
            return Cow::Borrowed(line);
        }
        Cow::Owned(painted(line))
    }

    fn highlight_char(&self, _line: &str, _at: usize, _kind: CmdKind) -> bool {
        self.colour
    }
}

/// The line with its tokens in colours.
fn painted(line: &str) -> String {
    let tokens = lex(SourceId(0), line, &mut Diagnostics::new());
    let mut out = String::new();
    let mut from = 0;
    for token in tokens {
        let (start, end) = (token.start as usize, token.end as usize);
        let code = match token.token {
            Token::Fixed(fixed) if fixed.is_word() => "35",
            Token::ResourceType(_) => "36",
            Token::TextStart | Token::TextPart(_) | Token::TextEnd | Token::Text(_) => "32",
            Token::Tagged(..) => "32",
            Token::Int(_) | Token::Float(_) | Token::Percent(_) => "33",
            Token::Duration(_) | Token::Timestamp(_) => "33",
            _ => continue,
        };
        let (Some(before), Some(own)) = (line.get(from..start), line.get(start..end)) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&format!("\u{1b}[{code}m{own}\u{1b}[0m"));
        from = end;
    }
    out.push_str(line.get(from..).unwrap_or(""));
    out
}
