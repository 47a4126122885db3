//! Diagnostics of modules and imports, one constructor a code.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// `use` of a module that is not there.
pub fn unknown_module(path: &str, span: Span, candidates: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0201, format!("there is no module `{path}`"), span)
        .label("imported here")
        .did_you_mean(path, span, candidates.iter().map(String::as_str))
        .note(format!(
            "a module is a file: `{path}` is `{}.assize` beside this file or in the library",
            path.replace('.', "/")
        ))
}

/// `use m.{name}` where the module declares no such name.
pub fn unknown_import(module: &str, name: &str, span: Span, candidates: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0202, format!("module `{module}` has no `{name}`"), span)
        .label("not declared there")
        .did_you_mean(name, span, candidates.iter().map(String::as_str))
        .note(
            "functions, parameters, controls, records, frameworks and profiles can be imported, \
             and the module itself",
        )
}

/// Modules that import each other; `chain` are their names, the first one again at the end.
pub fn import_cycle(chain: &[String], span: Span, others: &[(Span, String)]) -> Diagnostic {
    let shown: Vec<String> = chain.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("modules import each other: {}", shown.join(" -> "));
    let mut out = Diagnostic::error(code::E0203, message, span)
        .label("this import closes the circle")
        .note("move what both need into a module of its own that imports neither");
    for (span, text) in others {
        out = out.also(*span, text.clone());
    }
    out
}

/// Two imports or declarations of one name in a file.
pub fn duplicate_name(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0204, format!("`{name}` is declared twice"), span)
        .label("declared again here")
        .also(first, "first declared here")
        .note("give one of them another name; an import can be renamed with `use … as name`")
}

/// More modules than a program may have.
pub fn too_many_modules(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(code::E0205, format!("the program has more than {limit} modules"), span)
        .label("not loaded")
        .note("compile fewer files at a time")
}
