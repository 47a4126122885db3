//! One constructor for each diagnostic of snapshots.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

use super::document::{Problem, ReadError};

/// E0601 to E0604: a text that cannot be read.
pub fn unreadable(error: &ReadError, span: Span) -> Diagnostic {
    let code = match error.kind {
        Problem::Encoding => code::E0601,
        Problem::Json => code::E0602,
        Problem::Yaml => code::E0603,
        Problem::Limit => code::E0604,
    };
    let diagnostic = Diagnostic::error(code, error.message.clone(), span).label("here");
    match &error.hint {
        Some(hint) => diagnostic.note(hint.clone()),
        None => diagnostic,
    }
}

/// E0605: a key twice in one map. Only what holds it is an error, so this warns.
pub fn duplicate_key(key: &str, first: Span, second: Span) -> Diagnostic {
    Diagnostic::warning(code::E0605, format!("key `{key}` stands twice in one map"), second)
        .label("stands here again")
        .also(first, "stands here first")
        .note("a resource that holds it is an `error` for every control; leave one of the two out")
}

/// E0606: a text that is no template.
pub fn no_template(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0606, message, span)
        .label("here")
        .note("a template is a map with `Resources`, a map from logical ids to resources")
}

/// E0607: a name in a template that names nothing there.
pub fn unknown_name<'a>(
    what: &str,
    name: &str,
    span: Span,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic =
        Diagnostic::warning(code::E0607, format!("{what} `{name}` is not in the template"), span)
            .label("names nothing")
            .note("what depends on it is unknown");
    let near = crate::base::distance::closest(name, candidates);
    let list: Vec<String> = near.iter().map(|near| format!("`{near}`")).collect();
    match list.is_empty() {
        true => diagnostic,
        false => diagnostic.note(format!("did you mean {}?", list.join(" or "))),
    }
}

/// E0608: a part of a template that has not the shape that CloudFormation wants.
pub fn malformed(message: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(code::E0608, message, span).label("here")
}

/// E0609: a value for a template parameter that the template does not take.
pub fn parameter_value(name: &str, message: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(code::E0609, format!("parameter `{name}`: {message}"), span)
        .label("declared here")
}
