//! What the parser could not read, in the words of an author.

use lalrpop_util::ParseError;

use crate::base::distance::closest;
use crate::base::{SourceId, Span};
use crate::diagnostic::{Diagnostic, Diagnostics};

use super::errors;
use super::token::{Fixed, Token};

/// Words of other languages, and what is written instead.
const FOREIGN: &[(&str, &str)] = &[
    ("null", "there is no null: ask `x is absent`, or give a value for it with `x ?? value`"),
    ("nil", "there is no nil: ask `x is absent`, or give a value for it with `x ?? value`"),
    ("None", "there is no None: ask `x is absent`, or give a value for it with `x ?? value`"),
    ("True", "write `true`"),
    ("False", "write `false`"),
    ("rule", "a control is declared with `control name for x in TYPE { … }`"),
    ("policy", "a control is declared with `control name for x in TYPE { … }`"),
    ("deny", "write `forbid COND` or `require COND`"),
    ("allow", "write `require COND`"),
    ("assert", "write `require COND`"),
    ("import", "write `use module` or `use module.{name}`"),
    ("def", "a function is declared with `fn name(x: T) -> U = …`"),
    ("func", "a function is declared with `fn name(x: T) -> U = …`"),
    ("function", "a function is declared with `fn name(x: T) -> U = …`"),
    ("exists", "ask `x is present`"),
    ("some", "write `any x in xs: …`"),
    ("every", "write `all x in xs: …`"),
    ("elif", "write `else if`"),
];

/// Puts the failure into the sink.
pub(super) fn report(error: &ParseError<u32, Token, ()>, source: SourceId, sink: &mut Diagnostics) {
    let diagnostic = match error {
        ParseError::UnrecognizedToken { token: (start, token, end), expected } => {
            let span = Span::new(source, *start, *end);
            explain(&token.to_string(), Some(token), expected, span)
        }
        ParseError::UnrecognizedEof { location, expected } => {
            let span = Span::new(source, *location, *location);
            explain("the end of the file", None, expected, span)
        }
        ParseError::ExtraToken { token: (start, token, end) } => {
            errors::unexpected(&token.to_string(), "", Span::new(source, *start, *end))
        }
        ParseError::InvalidToken { location } => {
            errors::unexpected("this", "", Span::new(source, *location, *location))
        }
        ParseError::User { error: () } => return,
    };
    sink.push(diagnostic);
}

fn explain(found: &str, token: Option<&Token>, expected: &[String], span: Span) -> Diagnostic {
    let wanted = describe(expected);
    let diagnostic = errors::unexpected(found, &wanted, span);
    let Some(Token::Name(name)) = token else { return hint(diagnostic, token, expected) };
    if let Some((_, mend)) = FOREIGN.iter().find(|(word, _)| word == name) {
        return diagnostic.note(*mend);
    }
    let words: Vec<&str> =
        expected.iter().map(|e| e.trim_matches('"')).filter(|e| is_word(e)).collect();
    if closest(name, words.iter().copied()).is_empty() {
        return hint(diagnostic, token, expected);
    }
    diagnostic.did_you_mean(name, span, words)
}

fn hint(diagnostic: Diagnostic, token: Option<&Token>, expected: &[String]) -> Diagnostic {
    let wants = |text: &str| expected.iter().any(|e| e.trim_matches('"') == text);
    match token {
        None if wants("}") => {
            diagnostic.note("a `{` has no `}`: count them from the last declaration on")
        }
        Some(Token::Doc(_)) => {
            diagnostic.note("`///` documents the declaration after it; write `//` for a remark")
        }
        Some(Token::Fixed(Fixed::Use)) => {
            diagnostic.note("`use` stands at the top of a file, before all declarations")
        }
        Some(Token::TextStart) => {
            diagnostic.note("text with `{…}` in it cannot stand here; write `\\{` for a brace")
        }
        _ if wants("else") && wants("then") => diagnostic,
        _ => diagnostic,
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
}

/// A few words for what may stand there.
fn describe(expected: &[String]) -> String {
    let has = |name: &str| expected.iter().any(|e| e == name);
    let fixed = |text: &str| expected.iter().any(|e| e.trim_matches('"') == text);
    if has("INT") && has("NAME") && fixed("not") {
        return "an expression".to_owned();
    }
    if has("INT") && has("NAME") && fixed("(") {
        return "a value".to_owned();
    }
    if fixed("control") && fixed("waiver") {
        return "a declaration (`control`, `fn`, `param`, `resource`, `test`, …)".to_owned();
    }
    if fixed("require") && fixed("forbid") {
        let also = if fixed("}") { " or `}`" } else { "" };
        return format!("a statement (`require`, `forbid`, `let`, `each`, …){also}");
    }
    if fixed("[") && fixed("{") && has("NAME") && has("TYPE") {
        return "a type".to_owned();
    }
    let mut names: Vec<String> = Vec::new();
    if has("NAME") {
        names.push("a name".to_owned());
    }
    for (token, name) in [
        ("TYPE", "a resource type"),
        ("TEXT", "a string"),
        ("INT", "a number"),
        ("DURATION", "a duration such as `7d`"),
        ("PERCENT", "a percentage"),
        ("TIME", "a date such as `2027-01-31`"),
    ] {
        if has(token) {
            names.push(name.to_owned());
        }
    }
    let word_ok = !has("NAME");
    let fixed = expected.iter().filter(|e| e.starts_with('"'));
    let fixed = fixed.map(|e| e.trim_matches('"')).filter(|e| word_ok || !is_word(e));
    names.extend(fixed.map(|e| format!("`{e}`")));
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        _ if names.len() > 6 => String::new(),
        [start @ .., last] => format!("{} or {last}", start.join(", ")),
    }
}
