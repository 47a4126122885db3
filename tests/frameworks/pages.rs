//! The pages in `docs/stdlib`: figures, each framework's requirements, the controls, the rules of the packs.

use std::collections::BTreeMap;
use std::fmt::Write;

use assize::assess::summary::requirements_by_control;
use assize::check::coverage::{self, Coverage};
use assize::engine::{Policies, library_for};
use assize::hir::{Hir, Subject};
use assize::resolve::{MemoryLoader, Root};
use assize::types::display::type_text;

use super::profiles;
use super::shares;
use super::sources::{Answer, Sources};
use super::tree::Framework;

/// What every page begins with, after its title.
const MADE: &str = "\nMade by `UPDATE_EXPECT=1 cargo test --locked frameworks`; do not edit.\n";

/// The library with these modules in the place of those that are built in: they may be older.
fn checked(modules: &[(String, String)]) -> Policies {
    let fresh = modules.iter().map(|(module, text)| Root {
        module: module.clone(),
        name: format!("stdlib/{}.assize", module.replace('.', "/")),
        text: text.clone(),
    });
    let roots = library_for(None).into_iter().chain(fresh).collect();
    Policies::check(roots, &MemoryLoader::default())
        .unwrap_or_else(|refused| panic!("{}", refused.render(false)))
}

/// All pages: name and text. The modules are those of the frameworks and profiles.
pub(super) fn all(
    sources: &Sources,
    frameworks: &[Framework],
    modules: &[(String, String)],
) -> Vec<(String, String)> {
    let policies = checked(modules);
    assert_eq!(policies.warnings, "", "a profile loses coverage by its own values");
    let hir = &policies.hir;
    let mut out = vec![
        ("README.md".to_owned(), index(sources, frameworks, hir)),
        ("controls.md".to_owned(), controls(&policies)),
        ("rules.md".to_owned(), rules(sources)),
    ];
    for framework in frameworks {
        out.push((format!("{}.md", framework.name), page(framework, hir)));
    }
    out
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn counts(all: &[coverage::Covered]) -> String {
    let of = |wanted: Coverage| all.iter().filter(|one| one.coverage == wanted).count();
    let (automated, manual) = (of(Coverage::Automated), of(Coverage::Manual));
    format!("{} | {automated} | {manual} | {}", all.len(), of(Coverage::Uncovered))
}

fn index(sources: &Sources, frameworks: &[Framework], hir: &Hir) -> String {
    let mut out = format!("# The standard library\n{MADE}");
    let _ = writeln!(
        out,
        "\n[{} controls](controls.md) in {} modules, {} frameworks, {} profiles.\n",
        sources.controls.len(),
        sources
            .controls
            .iter()
            .map(|one| &one.module)
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        frameworks.len(),
        profiles::ALL.len(),
    );
    out.push_str(
        "## Rules that are decided automatically\n\n\
        Of AWS' conformance pack for each: its rules; those that configuration can decide; those that a control of the\n\
        library decides. Each rule, one by one, with what became of it: [rules.md](rules.md). AWS publishes no pack for the\n\
        DoD SRG: there the figures are of the decidable rules of all these packs that are mapped to the FedRAMP baseline\n\
        that the level builds on.\n\n\
        | framework | of | rules | decidable | decided | of all | of the decidable |\n\
        | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for share in shares::all(sources, frameworks) {
        let percent = |some: usize, of: usize| format!("{:.0} %", 100.0 * some as f64 / of as f64);
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {} |",
            share.name,
            share.of,
            share.rules,
            share.decidable,
            share.decided,
            percent(share.decided, share.rules),
            percent(share.decided_of_decidable, share.decidable),
        );
    }
    out.push_str(
        "\n## Requirements\n\n\
        Automated: controls decide it, under the profile's values. Manual: a person must attest it, whether or not controls\n\
        look at a part of it. Uncovered: configuration could show it, and no control does. A control that is mapped to a\n\
        requirement shows a part of what the requirement asks, never all of it.\n\n\
        | profile | what it is | requirements | automated | manual | uncovered |\n\
        | --- | --- | --- | --- | --- | --- |\n",
    );
    for made in &profiles::ALL {
        let known = hir.profiles.iter().find(|profile| *profile.name == *made.name).unwrap();
        let counts = counts(&coverage::of_profile(hir, known));
        let _ = writeln!(
            out,
            "| [`{}`]({}.md) | {} | {counts} |",
            made.name,
            made.framework,
            cell(made.title)
        );
    }
    let mut untaken = String::new();
    for profile in &profiles::ALL {
        for value in profile.untaken(sources) {
            let _ = writeln!(untaken, "- `{}`: {value}", profile.name);
        }
    }
    if !untaken.is_empty() {
        out.push_str("\n## Values that no parameter takes\n\nSet by the framework or its pack for a rule that the library decides, and left out of the profile:\n\n");
        out.push_str(&untaken);
    }
    out
}

/// A framework's page: every requirement, and what answers it.
fn page(framework: &Framework, hir: &Hir) -> String {
    let (id, known) =
        hir.frameworks.iter_with_idx().find(|(_, one)| *one.name == *framework.name).unwrap();
    let all = coverage::of_framework(hir, id, None, &[]);
    let mut out = format!("# {}\n{MADE}\n", framework.title);
    out.push_str(framework.about);
    out.push_str("\n\nCounted with the parameters as they are by default; a profile's values may add to it ([figures](README.md)).\n");
    out.push_str(
        "\n| | requirements | automated | manual | uncovered |\n| --- | --- | --- | --- | --- |\n",
    );
    let _ = writeln!(out, "| all | {} |", counts(&all));
    for (name, _) in &framework.baselines {
        let of = coverage::of_framework(hir, id, Some(name.as_str()), &[]);
        let _ = writeln!(out, "| baseline `{name}` | {} |", counts(&of));
    }
    let mut section = "";
    let mut tops: BTreeMap<&str, &str> = BTreeMap::new();
    for one in &framework.requirements {
        tops.insert(&one.id, &one.section);
    }
    for covered in &all {
        let requirement = &known.requirements[covered.number];
        let own = tops[&*requirement.id];
        if own != section {
            let _ = writeln!(
                out,
                "\n## {own}\n\n| id | title | coverage | answered by |\n| --- | --- | --- | --- |"
            );
            section = own;
        }
        let mut by: Vec<String> = Vec::new();
        for met in &requirement.met_by {
            let name = &hir.controls.at(met.control).name;
            by.push(match covered.controls.contains(&met.control) {
                true => format!("`{name}`"),
                false => format!("(`{name}`, with another value of its parameter)"),
            });
        }
        let mut by = by.join(", ");
        for what in &requirement.manual {
            by.push_str(if by.is_empty() { "" } else { "; " });
            by.push_str(what);
        }
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            cell(&requirement.id),
            cell(&requirement.title),
            covered.coverage.name(),
            cell(&by)
        );
    }
    out
}

/// The controls by service.
fn controls(policies: &Policies) -> String {
    let hir = &policies.hir;
    let mapped = requirements_by_control(hir);
    let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, control) in hir.controls.iter_with_idx() {
        let types = match &control.subject {
            Subject::Resources(_, kinds) => {
                kinds.iter().map(|kind| hir.types.records.at(*kind).name.to_string()).collect()
            }
            Subject::Any(_) => vec!["every type".to_owned()],
            Subject::Account(_) => vec!["the account".to_owned()],
        };
        let params = control.params.iter().map(|id| {
            let param = hir.params.at(*id);
            let default = param
                .default
                .as_ref()
                .map_or(String::new(), |value| format!(" = {}", policies.sources.text(value.span)));
            format!("`{}: {}{default}`", param.name, type_text(&hir.types, param.ty))
        });
        let mut of: BTreeMap<&str, usize> = BTreeMap::new();
        for requirement in mapped.get(&id.raw()).into_iter().flat_map(|all| all.iter()) {
            *of.entry(requirement.split_once(':').unwrap().0).or_default() += 1;
        }
        let of: Vec<String> = of.iter().map(|(name, count)| format!("{name} ({count})")).collect();
        modules.entry(&control.module).or_default().push(format!(
            "| `{}` | {} | {} | {} | {} | {} |\n",
            control.name,
            control.severity.name(),
            cell(&control.title),
            types.join(", "),
            cell(&params.collect::<Vec<_>>().join(", ")),
            of.join(", ")
        ));
    }
    let mut out = format!(
        "# Controls\n{MADE}\nBy module. Behind each framework stands how many of its requirements the control helps to meet;\n`assize list controls --format json` has their ids.\n"
    );
    for (module, mut rows) in modules {
        rows.sort();
        let _ = writeln!(
            out,
            "\n## {module}\n\n| control | severity | title | of | parameters | frameworks |\n| --- | --- | --- | --- | --- | --- |"
        );
        rows.iter().for_each(|row| out.push_str(row));
    }
    out
}

/// Every rule of the packs, and what became of it.
fn rules(sources: &Sources) -> String {
    let mut out = format!(
        "# Rules of AWS Config\n{MADE}\nEvery rule of the conformance packs for FedRAMP, PCI DSS 4.0, CJIS and HIPAA, and what became of it. Decidable is\nwhat configuration can decide, in a template or as AWS Config records it.\n\n| rule | packs | decidable | here |\n| --- | --- | --- | --- |\n"
    );
    for (name, rule) in &sources.rules {
        let packs: Vec<&str> =
            shares::PACKS.into_iter().filter(|pack| rule["packs"].get(*pack).is_some()).collect();
        if packs.is_empty() {
            continue;
        }
        let here = match sources.answers.get(name) {
            Some((_, Answer::Own)) => "its own control".to_owned(),
            Some((_, Answer::Successor(why))) => {
                format!("`{}`: {why}", sources.control(name).unwrap().name)
            }
            Some((_, Answer::Manual(why))) => format!("a person: {why}"),
            Some((_, Answer::Left(why))) => format!("left out: {why}"),
            Some((_, Answer::Missing(_))) | None => "not yet".to_owned(),
        };
        let decidable = if shares::decidable(rule) { "yes" } else { "no" };
        let _ =
            writeln!(out, "| `{name}` | {} | {decidable} | {} |", packs.join(", "), cell(&here));
    }
    out
}
