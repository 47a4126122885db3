//! `assize list`: controls, frameworks, profiles, types.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::assess::summary::requirements_by_control;
use crate::hir::{Hir, Subject};
use crate::types::display::type_text;

use super::args::{Colour, List, ListFormat, Listed};
use super::policies::load;
use super::{Exit, print, say};

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
    let (name, rows) = match args.what {
        Listed::Controls => ("controls", controls(hir)),
        Listed::Frameworks => ("frameworks", frameworks(hir)),
        Listed::Profiles => ("profiles", profiles(hir)),
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
    let mut out = String::new();
    for row in &rows {
        let get = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or("");
        let first = ["control", "framework", "profile", "type"]
            .into_iter()
            .map(get)
            .find(|text| !text.is_empty());
        let _ =
            writeln!(out, "{:<50} {:<9} {}", first.unwrap_or(""), get("severity"), get("title"));
    }
    print(&out)
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

fn frameworks(hir: &Hir) -> Vec<Value> {
    let row = |framework: &crate::hir::Framework| {
        let baselines: Vec<&str> =
            framework.baselines.iter().map(|(name, _)| name.as_str()).collect();
        json!({
            "framework": &*framework.name,
            "module": &*framework.module,
            "title": framework.title,
            "baselines": baselines,
            "requirements": framework.requirements.len(),
        })
    };
    hir.frameworks.iter().map(row).collect()
}

fn profiles(hir: &Hir) -> Vec<Value> {
    let row = |profile: &crate::hir::Profile| {
        let covers: Vec<&str> =
            profile.covers.iter().map(|(id, _)| hir.frameworks.at(*id).name.as_str()).collect();
        json!({ "profile": &*profile.name, "module": &*profile.module, "title": profile.title, "covers": covers })
    };
    hir.profiles.iter().map(row).collect()
}
