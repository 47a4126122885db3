//! Calls that do not fit what is called.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// `3(x)`.
pub fn not_callable(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0340, format!("`{text}` cannot be called"), span)
        .label("not the name of a function")
        .note("a call is `f(a)` or `a.f()`, with the name of a function")
}

/// A name that stands for something else.
pub fn not_a_function(name: &str, what: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(code::E0340, format!("`{name}` is {what}, not a function"), span)
        .label("cannot be called");
    if what == "a control" {
        return out.note("controls do not call each other: put what they share into a `fn`");
    }
    out.note("leave out the parentheses to use it as a value")
}

/// `x?.f()`.
pub fn safe_call(text: &str, name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0340, "`?.` reaches a field; a function needs its argument", span)
        .label(format!("`{name}` is called here"))
        .note(format!("ask first: `{text} is present and {text}.{name}(…)`"))
}

/// `everywhere(x)`.
pub fn everywhere_needs_type(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0341, "`everywhere` takes one resource type", span)
        .label("called with something else")
        .note("`everywhere(TYPE)` is the list of the resources of that type in the whole snapshot")
}

/// Too many or too few arguments.
pub fn wrong_count(
    name: &str,
    args: &[String],
    given: usize,
    span: Span,
    decl: Option<Span>,
) -> Diagnostic {
    let mut out = Diagnostic::error(
        code::E0342,
        format!("`{name}` takes {}, and {given} {} given", counted(args.len()), is_are(given)),
        span,
    )
    .label("called here")
    .note(format!(
        "write `{name}({})`; in `x.{name}(…)`, `x` is the first argument",
        args.join(", ")
    ));
    if let Some(decl) = decl {
        out = out.also(decl, "declared here");
    }
    out
}

/// The same for a standard function.
pub fn wrong_count_standard(
    name: &str,
    wanted: &[usize],
    given: usize,
    forms: &[String],
    span: Span,
) -> Diagnostic {
    let mut counts = wanted.to_vec();
    counts.sort_unstable();
    counts.dedup();
    let counts: Vec<String> = counts.into_iter().map(counted).collect();
    Diagnostic::error(
        code::E0342,
        format!("`{name}` takes {}, and {given} {} given", counts.join(" or "), is_are(given)),
        span,
    )
    .label("called here")
    .note(format!("write it as {}", forms_text(forms)))
}

fn counted(count: usize) -> String {
    match count {
        0 => "no arguments".to_owned(),
        1 => "one argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

fn is_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

fn forms_text(forms: &[String]) -> String {
    let forms: Vec<String> = forms.iter().map(|form| format!("`{form}`")).collect();
    forms.join(" or ")
}

/// Arguments of types that no form of a standard function takes.
pub fn no_form_fits(
    name: &str,
    forms: &[String],
    given: &[(String, Span)],
    json: bool,
    span: Span,
) -> Diagnostic {
    let types: Vec<String> = given.iter().map(|(ty, _)| format!("`{ty}`")).collect();
    let mut out = Diagnostic::error(
        code::E0343,
        format!("`{name}` does not take {}", types.join(", ")),
        span,
    )
    .label("called here");
    for (ty, span) in given {
        out = out.also(*span, format!("this is `{ty}`"));
    }
    out = out.note(format!("it is {}", forms_text(forms)));
    if json {
        out = out.note(
            "Json is converted first, with `as_string`, `as_int`, `as_bool`, `as_list` or `as_map`",
        );
    }
    out
}
