//! Which controls run, for which profile, with which values of parameters.

use std::collections::BTreeSet;

use crate::base::distance::did_you_mean;
use crate::hir::{ControlId, Hir, Profile};
use crate::resolve::Root;
use crate::value::glob;

use super::Policies;

/// The two sides of `KEY=VALUE`.
///
/// # Errors
///
/// Where there is no `=`; `what` names the setting.
pub fn pair(text: &str, what: &str) -> Result<(String, String), String> {
    let (key, value) =
        text.split_once('=').ok_or_else(|| format!("{what} `{text}`: write KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}

/// The module that `--set` stands for: a profile that sets the parameters, so that names and values are
/// checked as in a policy.
pub(super) const SET_MODULE: &str = "command_line";

/// The text of that module.
pub(super) fn set_module(hir: &Hir, sets: &[String]) -> Result<Root, String> {
    let mut uses: BTreeSet<String> = BTreeSet::new();
    let mut body = String::new();
    for set in sets {
        let (path, value) = pair(set, "--set")?;
        let (control, param) = path
            .rsplit_once('.')
            .ok_or_else(|| format!("--set `{set}`: write CONTROL.PARAM=VALUE"))?;
        let name = control.rsplit('.').next().unwrap_or(control);
        let Some(known) = hir.controls.iter().find(|known| *known.name == *name) else {
            let mend = did_you_mean(name, hir.controls.iter().map(|known| known.name.as_str()));
            return Err(format!("--set `{set}`: there is no control `{name}`{mend}"));
        };
        uses.insert(format!("use {}.{{{}}}", known.module, known.name));
        body.push_str(&format!("    set {}.{param} = {value}\n", known.name));
    }
    let uses: Vec<String> = uses.into_iter().collect();
    let text = format!(
        "{}\nprofile command_line {{\n    title \"Set on the command line\"\n{body}}}\n",
        uses.join("\n")
    );
    Ok(Root { module: SET_MODULE.to_owned(), name: "--set".to_owned(), text })
}

/// The profile with this name.
pub(super) fn profile(hir: &Hir, name: Option<&str>) -> Result<Option<Profile>, String> {
    let Some(name) = name else { return Ok(None) };
    let found = hir.profiles.iter().find(|profile| *profile.name == *name);
    if let Some(profile) = found {
        return Ok(Some(profile.clone()));
    }
    let names = hir.profiles.iter().map(|profile| profile.name.as_str());
    let mend = match did_you_mean(name, names.clone()) {
        mend if mend.is_empty() && !hir.profiles.is_empty() => {
            format!("; there is {}", names.collect::<Vec<_>>().join(", "))
        }
        mend => mend,
    };
    Err(format!("there is no profile `{name}`{mend}"))
}

/// The controls to run: of the profile, or of the modules that were asked for; of these, those named.
pub(super) fn select(
    policies: &Policies,
    profile: Option<&Profile>,
    names: &[String],
) -> Result<Vec<ControlId>, String> {
    let hir = &policies.hir;
    let mut chosen: Vec<ControlId> = match profile {
        Some(profile) => of_profile(hir, profile),
        None => {
            let own = hir.controls.iter_with_idx();
            own.filter(|(_, control)| policies.roots.iter().any(|root| *root == *control.module))
                .map(|(id, _)| id)
                .collect()
        }
    };
    let name_of = |id: &ControlId| hir.controls.at(*id).name.clone();
    let is_meant = |pattern: &str, id: &ControlId| {
        let control = hir.controls.at(*id);
        glob::matches(pattern, &control.name)
            || glob::matches(pattern, &format!("{}.{}", control.module, control.name))
    };
    for pattern in names {
        if !chosen.iter().any(|id| is_meant(pattern, id)) {
            let all: Vec<_> = chosen.iter().map(name_of).collect();
            let mend = did_you_mean(pattern, all.iter().map(crate::base::Symbol::as_str));
            return Err(format!("--control `{pattern}` matches no control{mend}"));
        }
    }
    if !names.is_empty() {
        chosen.retain(|id| names.iter().any(|pattern| is_meant(pattern, id)));
    }
    if chosen.is_empty() {
        return Err("there is no control to evaluate".to_owned());
    }
    Ok(chosen)
}

fn of_profile(hir: &Hir, profile: &Profile) -> Vec<ControlId> {
    let mut out: BTreeSet<ControlId> = profile.uses.iter().copied().collect();
    for (framework, baseline) in &profile.covers {
        let framework = hir.frameworks.at(*framework);
        for requirement in framework.covered(baseline.as_ref()) {
            out.extend(requirement.met_by.iter().map(|by| by.control));
        }
    }
    for control in &profile.excludes {
        out.remove(control);
    }
    out.into_iter().collect()
}
