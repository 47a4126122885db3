//! Frameworks, profiles and requirements, with how they are covered.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::base::distance::did_you_mean;
use crate::check::coverage::{Coverage, Covered, of_framework, of_profile};
use crate::hir::{FrameworkId, Hir, Profile};

use super::get;

/// How many requirements are covered in which way.
fn counts(all: &[Covered]) -> Value {
    let of = |wanted: Coverage| all.iter().filter(|one| one.coverage == wanted).count();
    json!({
        "automated": of(Coverage::Automated),
        "manual": of(Coverage::Manual),
        "uncovered": of(Coverage::Uncovered),
    })
}

/// The frameworks: all of each, and each baseline.
pub(super) fn frameworks(hir: &Hir) -> Vec<Value> {
    let row = |id: FrameworkId| {
        let framework = hir.frameworks.at(id);
        let names: Vec<&str> = framework.baselines.iter().map(|(name, _)| &**name).collect();
        let baselines: Vec<Value> = names
            .iter()
            .map(|name| {
                let all = of_framework(hir, id, Some(name), &[]);
                json!({ "baseline": name, "requirements": all.len(), "coverage": counts(&all) })
            })
            .collect();
        json!({
            "framework": &*framework.name,
            "module": &*framework.module,
            "title": framework.title,
            "baselines": names,
            "requirements": framework.requirements.len(),
            "coverage": counts(&of_framework(hir, id, None, &[])),
            "coverage_of_baselines": baselines,
        })
    };
    hir.frameworks.iter_with_idx().map(|(id, _)| row(id)).collect()
}

/// The profiles, under their values.
pub(super) fn profiles(hir: &Hir) -> Vec<Value> {
    let row = |profile: &Profile| {
        let covers = profile.covers.iter();
        let covers: Vec<&str> = covers.map(|(id, _)| &*hir.frameworks.at(*id).name).collect();
        let all = of_profile(hir, profile);
        json!({
            "profile": &*profile.name,
            "module": &*profile.module,
            "title": profile.title,
            "covers": covers,
            "requirements": all.len(),
            "coverage": counts(&all),
        })
    };
    hir.profiles.iter().map(row).collect()
}

/// The requirements of all frameworks, or those of a profile or a framework with this name.
pub(super) fn requirements(hir: &Hir, of: Option<&str>) -> Result<Vec<Value>, String> {
    let frameworks = || hir.frameworks.iter_with_idx();
    let all = |id: FrameworkId| of_framework(hir, id, None, &[]);
    let covered: Vec<Covered> = match of {
        None => frameworks().flat_map(|(id, _)| all(id)).collect(),
        Some(name) => {
            let profile = hir.profiles.iter().find(|profile| *profile.name == *name);
            let framework = frameworks().find(|(_, framework)| *framework.name == *name);
            match (profile, framework) {
                (Some(profile), _) => of_profile(hir, profile),
                (None, Some((id, _))) => all(id),
                (None, None) => {
                    let names = hir.profiles.iter().map(|profile| profile.name.as_str());
                    let names = names.chain(hir.frameworks.iter().map(|one| one.name.as_str()));
                    let mend = did_you_mean(name, names);
                    return Err(format!("there is no profile or framework `{name}`{mend}"));
                }
            }
        }
    };
    Ok(covered.iter().filter_map(|one| requirement(hir, one)).collect())
}

fn requirement(hir: &Hir, covered: &Covered) -> Option<Value> {
    let framework = hir.frameworks.at(covered.framework);
    let requirement = framework.requirements.get(covered.number)?;
    let controls = covered.controls.iter().map(|id| hir.controls.at(*id));
    let controls: Vec<String> =
        controls.map(|control| format!("{}.{}", control.module, control.name)).collect();
    Some(json!({
        "requirement": format!("{}:{}", framework.name, requirement.id),
        "title": requirement.title,
        "coverage": covered.coverage.name(),
        "controls": controls,
        "manual": requirement.manual,
    }))
}

/// `3 automated, 2 manual, 1 uncovered`.
fn told(row: &Value) -> String {
    let count = |key: &str| row.get("coverage").and_then(|c| c.get(key)).and_then(Value::as_u64);
    let parts = ["automated", "manual", "uncovered"];
    let parts = parts.map(|key| format!("{:>4} {key}", count(key).unwrap_or(0)));
    let all = row.get("requirements").and_then(Value::as_u64).unwrap_or(0);
    format!("{all:>5} requirements: {}", parts.join(", "))
}

/// A framework or a profile for people.
pub(super) fn line(row: &Value) -> String {
    let name = match get(row, "framework") {
        "" => get(row, "profile"),
        name => name,
    };
    let mut out = format!("{name:<32} {}\n", told(row));
    let _ = writeln!(out, "    {}", get(row, "title"));
    let baselines = row.get("coverage_of_baselines").and_then(Value::as_array);
    for baseline in baselines.into_iter().flatten() {
        let name = format!("    baseline {}", get(baseline, "baseline"));
        let _ = writeln!(out, "{name:<32} {}", told(baseline));
    }
    out
}

/// A requirement for people: what answers it, or what a person must attest.
pub(super) fn requirement_line(row: &Value) -> String {
    let texts = |key: &str| {
        let all = row.get(key).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let head = format!(
        "{:<10} {:<32} {}",
        get(row, "coverage"),
        get(row, "requirement"),
        get(row, "title")
    );
    let mut out = format!("{}\n", head.trim_end());
    for what in texts("manual") {
        let _ = writeln!(out, "           {what}");
    }
    let controls = texts("controls");
    if !controls.is_empty() {
        let _ = writeln!(out, "           {}", controls.join(", "));
    }
    out
}
