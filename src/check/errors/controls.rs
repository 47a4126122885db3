//! Controls that say something wrong.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// `severity hgh`.
pub fn unknown_severity(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0410, format!("there is no severity `{name}`"), span)
        .label("not a severity")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("the severities are {}", known.join(", ")))
}

/// `title` twice.
pub fn said_twice(word: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0411, format!("`{word}` is said twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two")
}

/// `when` behind a requirement.
pub fn when_after_requirement(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0412, "`when` stands before the first requirement", span)
        .label("too late to say when the control applies")
        .also(first, "the first requirement")
        .note("move it up, or make it a part of the requirement: `require condition implies …`")
}

/// `when` inside `each`.
pub fn when_in_each(span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0412,
        "`when` says when a control applies, not when an element does",
        span,
    )
    .label("inside `each`")
    .note("choose elements with `each x in xs where …`")
}

/// `for x in name`.
pub fn no_subject(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0413, format!("`{name}` is not a resource type"), span)
        .label("a control speaks of resources")
        .did_you_mean(name, span, ["Resource"])
        .note("write a resource type, several with `|`, or `Resource` alone for all")
}

/// A type twice in a subject.
pub fn subject_twice(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0413, format!("`{name}` is in the subject twice"), span)
        .label("again here")
        .note("leave one of them out")
}
