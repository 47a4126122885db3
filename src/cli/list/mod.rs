//! `assize list`: controls, frameworks, profiles, requirements, types.

mod coverage;

use serde_json::{Value, json};

use crate::assess::summary::requirements_by_control;
use crate::hir::{Hir, Subject};
use crate::types::display::type_text;

use super::args::{Colour, List, ListFormat, Listed};
use super::policies::load;
use super::{Exit, print, say, usage};

/// Runs the command.
pub(super) fn run(args: &List) -> Exit {
    let policies = match load(&args.policy, Colour::Auto) {
        Ok(policies) => policies,
        Err(text) => {
            say(&text);
            return Exit::Usage;
        }
    };
    let hir = &policies.hir;
    if args.of.is_some() && args.what != Listed::Requirements {
        return usage("--of goes with `list requirements`");
    }
    let (name, rows) = match args.what {
        Listed::Controls => ("controls", controls(hir)),
        Listed::Frameworks => ("frameworks", coverage::frameworks(hir)),
        Listed::Profiles => ("profiles", coverage::profiles(hir)),
        Listed::Requirements => match coverage::requirements(hir, args.of.as_deref()) {
            Ok(rows) => ("requirements", rows),
            Err(text) => return usage(&text),
        },
        Listed::Types => {
            ("types", hir.known_types.iter().map(|name| json!({ "type": &**name })).collect())
        }
    };
    if args.format == ListFormat::Json {
        let text = serde_json::to_string_pretty(&json!({ name: rows })).unwrap_or_default();
        return print(&format!("{text}\n"));
    }
    if rows.is_empty() {
        say(&format!("note: there are no {name}"));
    }
    let line = match args.what {
        Listed::Controls | Listed::Types => line,
        Listed::Frameworks | Listed::Profiles => coverage::line,
        Listed::Requirements => coverage::requirement_line,
    };
    print(&rows.iter().map(line).collect::<String>())
}

/// The text under this key, or nothing.
fn get<'r>(row: &'r Value, key: &str) -> &'r str {
    row.get(key).and_then(Value::as_str).unwrap_or("")
}

fn line(row: &Value) -> String {
    let name = match get(row, "control") {
        "" => get(row, "type"),
        name => name,
    };
    format!("{name:<50} {:<9} {}\n", get(row, "severity"), get(row, "title"))
}

fn controls(hir: &Hir) -> Vec<Value> {
    let mapped = requirements_by_control(hir);
    let mut out = Vec::new();
    for (id, control) in hir.controls.iter_with_idx() {
        let types: Vec<&str> = match &control.subject {
            Subject::Resources(_, kinds) => {
                kinds.iter().map(|kind| hir.types.records.at(*kind).name.as_str()).collect()
            }
            Subject::Any(_) => vec!["Resource"],
            Subject::Account(_) => vec!["AWS::::Account"],
        };
        let parameters: Vec<Value> = control
            .params
            .iter()
            .map(|id| {
                let param = hir.params.at(*id);
                json!({ "name": &*param.name, "type": type_text(&hir.types, param.ty), "default": param.default.is_some() })
            })
            .collect();
        out.push(json!({
            "control": &*control.name,
            "module": &*control.module,
            "title": control.title,
            "severity": control.severity.name(),
            "types": types,
            "parameters": parameters,
            "requirements": mapped.get(&id.raw()).cloned().unwrap_or_default(),
        }));
    }
    out
}
