//! The standard functions: their examples are true, and their page is what the registry says.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use assize::builtins::{self, Builtin, SigType};

use super::{folder, value};

#[test]
fn every_function_has_examples_and_they_are_true() {
    let prelude = fs::read_to_string(folder().join("given.assize")).unwrap();
    let mut wrong = Vec::new();
    for builtin in builtins::all() {
        if builtin.examples.is_empty() {
            wrong.push(format!("{} has no example", builtin.id));
        }
        for example in builtin.examples {
            let (found, wanted) = (value(&prelude, example.expr), value(&prelude, example.value));
            if found != wanted || found.starts_with("E0") {
                wrong.push(format!("{}: {} is {found}, not {wanted}", builtin.id, example.expr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A type, as a signature shows it.
fn shown(of: &SigType) -> String {
    match of {
        SigType::List(inner) => format!("[{}]", shown(inner)),
        SigType::Map(inner) => format!("{{{}}}", shown(inner)),
        SigType::Option(inner) => format!("{}?", shown(inner)),
        SigType::Record(name) => (*name).to_owned(),
        SigType::Var(n) => ["T", "U"][usize::from(*n)].to_owned(),
        other => format!("{other:?}"),
    }
}

fn entry(out: &mut String, builtin: &Builtin) {
    let args: Vec<String> =
        builtin.args.iter().map(|(name, of)| format!("{name}: {}", shown(of))).collect();
    let result = shown(&builtin.result);
    let _ = writeln!(out, "### `{}({}) -> {result}`\n", builtin.name, args.join(", "));
    let _ = writeln!(out, "{}\n", builtin.docs);
    for example in builtin.examples {
        let _ = writeln!(out, "    {}    // {}", example.expr, example.value);
    }
    out.push('\n');
}

fn page() -> String {
    let mut out = String::from(
        "# Standard functions\n\n\
         Every function is known everywhere without an import; `x.f(a)` is `f(x, a)`. An argument that is\n\
         unknown makes the result unknown, unless it is the same whatever the value.\n\n\
         This page is written from the registry: `UPDATE_EXPECT=1 cargo test functions`.\n\n",
    );
    let mut module = "";
    for builtin in builtins::all() {
        if builtin.module != module {
            module = builtin.module;
            let _ = writeln!(out, "## {module}\n");
        }
        entry(&mut out, builtin);
    }
    out.push_str("## Records that functions make\n\n");
    for record in builtins::records() {
        let fields: Vec<String> =
            record.fields.iter().map(|(name, of)| format!("{name}: {}", shown(of))).collect();
        let _ =
            writeln!(out, "### `{} {{ {} }}`\n\n{}\n", record.name, fields.join(", "), record.docs);
    }
    out.trim_end().to_owned() + "\n"
}

#[test]
fn the_page_of_functions_is_what_the_registry_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/functions.md");
    let page = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == page, "docs/functions.md is old");
}
