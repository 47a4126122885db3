//! Types, parameters and functions that are declared wrongly.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// Two declarations of one name in a module.
pub fn declared_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    crate::resolve::errors::duplicate_name(name, span, first)
}

/// A name that is bound again in the same body.
pub fn bound_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0206, format!("`{name}` has a meaning here already"), span)
        .label("bound again here")
        .also(first, "first bound here")
        .note("give one of them another name: a reader should not have to ask which is meant")
}

/// Two declarations of one type.
pub fn type_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0207, format!("the type `{name}` is declared twice"), span)
        .label("declared again here")
        .also(first, "first declared here")
        .note("resource types are known by their name in all modules, those of the library too")
}

/// Two fields of one name.
pub fn field_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0207, format!("`{name}` is declared twice"), span)
        .label("declared again here")
        .also(first, "first declared here")
        .note("keep one of the two")
}

/// A property that is called as a common attribute.
pub fn field_is_attribute(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0401, format!("every resource has an attribute `{name}`"), span)
        .label("a property of the same name could not be read")
        .note(format!("leave it out of the schema and read it as `….properties[\"{name}\"]`"))
}

/// A word behind a property that means nothing.
pub fn unknown_mark(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0402, format!("`{name}` says nothing about a property"), span)
        .label("not a mark")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("a property may be marked {}", known.join(", ")))
}

/// A default in a schema that is no constant.
pub fn default_not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0403, "the default of a property is a literal", span)
        .label("not a literal")
        .note(
            "a default that depends on anything else is none: declare the property optional (`T?`)",
        )
}

/// A value that must not depend on the snapshot.
pub fn not_constant(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0403,
        format!("`{text}` depends on the run, and a constant is wanted"),
        span,
    )
    .label("known only when a snapshot is read")
    .note("parameters, profiles and tests use literals, operators, functions and parameters only")
}

/// A default that reads its own parameter or a later one.
pub fn param_before_declared(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0404,
        format!("the default reads `{name}`, which has no value yet"),
        span,
    )
    .label("read before it is set")
    .note("a default may read parameters that are declared before it")
}

/// Functions that call each other in a circle; `names` ends with the first again.
pub fn recursion(names: &[String], span: Span, places: &[(Span, String)]) -> Diagnostic {
    let chain: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = match names {
        [name, _] => format!("`{name}` calls itself"),
        _ => format!("functions call each other in a circle: {}", chain.join(" -> ")),
    };
    let mut out = Diagnostic::error(code::E0405, message, span)
        .label("recursion is not allowed: every run must end")
        .note("go through lists with `any`, `all` or `[… for x in xs]` instead");
    for (span, text) in places {
        out = out.also(*span, text.clone());
    }
    out
}

/// A chain of calls that is too long.
pub fn chain_too_long(name: &str, limit: usize, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0406,
        format!("`{name}` starts a chain of more than {limit} calls"),
        span,
    )
    .label("functions call functions too deeply from here")
    .note("bring some of the functions together")
}
