//! Tests that say something wrong.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// Two cases of one name.
pub fn case_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0430, format!("there are two cases `{name}`"), span)
        .label("again here")
        .also(first, "first here")
        .note("a case is found by its name: give one of them another")
}

/// A case that asks nothing.
pub fn case_expects_nothing(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0431, format!("case `{name}` expects nothing"), span)
        .label("no `expect` in it")
        .note("say what must come out: `expect pass`, `expect fail \"part of the message\" for \"id\"`")
}

/// `expect … for "id"` of no given resource.
pub fn expect_of_nothing(id: &str, span: Span, known: &[String]) -> Diagnostic {
    let quoted: Vec<String> = known.iter().map(|id| format!("\"{id}\"")).collect();
    Diagnostic::error(code::E0432, format!("no resource `{id}` is given in this case"), span)
        .label("nothing is expected of it")
        .did_you_mean(&format!("\"{id}\""), span, quoted.iter().map(String::as_str))
        .note(match quoted.as_slice() {
            [] => "the case gives no resources".to_owned(),
            _ => format!("the case gives {}", quoted.join(", ")),
        })
}

/// One resource twice.
pub fn given_twice(id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0433, format!("`{id}` is given twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("resources of one type have different ids")
}

/// `@acount`.
pub fn unknown_given(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0215, format!("a test cannot say `@{name}` of a resource"), span)
        .label("not an attribute that can be given")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("the attributes are {}; the id stands behind the type", known.join(", ")))
}

/// `..r` in a given resource.
pub fn given_spread(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0434, "a given resource is written out", span)
        .label("`..` has nothing to take from here")
        .note("write the properties that matter; the others may be left out")
}
