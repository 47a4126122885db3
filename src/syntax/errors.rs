//! One constructor for each diagnostic of texts and grammar.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

use super::literal::Problem;

/// E0101.
pub(super) fn unexpected(found: &str, expected: &str, span: Span) -> Diagnostic {
    let message = match expected {
        "" => format!("unexpected {found}"),
        _ => format!("expected {expected}, found {found}"),
    };
    Diagnostic::error(code::E0101, message, span).label("this does not belong here")
}

/// E0102.
pub(super) fn no_token(c: char, span: Span) -> Diagnostic {
    let said = Diagnostic::error(
        code::E0102,
        format!("character `{}` begins no token", c.escape_debug()),
        span,
    )
    .label("not part of the language");
    match plain(c) {
        Some(plain) => said.suggest(span, plain),
        None => said.note("text is written in double quotes; a comment begins with `//`"),
    }
}

/// What a word processor, a formula or another language writes so.
const fn plain(c: char) -> Option<&'static str> {
    match c {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => Some("\""),
        '\u{2013}' | '\u{2014}' | '\u{2212}' => Some("-"),
        '\u{2264}' => Some("<="),
        '\u{2265}' => Some(">="),
        '\u{2260}' => Some("!="),
        '\u{2192}' => Some("->"),
        '#' => Some("//"),
        _ => None,
    }
}

/// E0102 for `'…'`.
pub(super) fn single_quotes(span: Span, inner: &str) -> Diagnostic {
    Diagnostic::error(code::E0102, "text is written in double quotes", span)
        .label("single quotes")
        .suggest(span, format!("\"{inner}\""))
}

/// E0103.
pub(super) fn unterminated(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0103, "string without its closing `\"`", span)
        .label("begins here and does not end on this line")
        .note("write `\\n` for a line end, `\\{` for a brace; a raw string r\"…\" may span lines")
}

/// E0104.
pub(super) fn unknown_escape(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0104, format!("unknown escape `{text}` in a string"), span)
        .label("not an escape")
        .note("escapes are \\{ \\} \\\" \\\\ \\n \\t \\r and \\u{1F512}; in a raw string r\"…\" a backslash is itself")
}

/// E0105: a literal with something wrong in it.
pub(super) fn malformed(problem: &Problem, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0105, problem.what.clone(), span)
        .label("here")
        .note(problem.mend.clone())
}

/// E0107.
pub(super) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(code::E0107, format!("nested more than {limit} levels deep"), span)
        .label("too deep")
        .note("name the inner parts with `let` or a function")
}

/// E0111.
pub(super) fn too_long(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(code::E0111, format!("a declaration of more than {limit} tokens"), span)
        .label("too long")
        .note("make several of it, or compare with what the snapshot holds")
}

/// E0108.
pub(super) fn chained_comparison(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0108, "comparisons do not chain", span)
        .label("two comparisons in a row")
        .note("write `a < b and b < c` for `a < b < c`")
}

/// E0109.
pub(super) fn invisible_character(c: char, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0109, format!("invisible character {}", c.escape_unicode()), span)
        .label("hides or reorders text")
        .note("remove it; within a string write it as an escape")
        .suggest(span, "")
}

/// E0110.
pub(super) fn foreign_operator(found: &str, word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0110, format!("`{found}` is written `{word}`"), span)
        .label("an operator of another language")
        .suggest(span, word)
}

/// E0110 for `=` in a condition.
pub(super) fn single_equals(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0110, "`=` gives a name to a value; equality is `==`", span)
        .label("compare with `==`")
        .suggest(span, "==")
}

/// E0110 for `;`.
pub(super) fn semicolon(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0110, "statements end without a `;`", span)
        .label("not needed: every statement begins with a keyword")
        .suggest(span, "")
}
