//! Makes a framework's file of its catalogue, its baselines and the mapping of AWS Config's rules.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use assize::engine::{Engine, library};
use serde_json::Value;

/// What stands before the framework.
const HEAD: &str = "\
//! NIST SP 800-53 Revision 5 (5.1.1): every control and enhancement that is not withdrawn, the baselines of
//! NIST SP 800-53B and of FedRAMP Rev. 5, and which controls of the library help to meet which.
//! Made from the catalogue and from AWS' mapping of its Config rules; `tests/frameworks` holds it to them.
//! https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final
//! https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-nist-800-53_rev_5.html
";

/// Longest line.
const WIDTH: usize = 110;

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The library's controls: name, module. Without the frameworks: they may name what is no more.
fn controls() -> Vec<(String, String)> {
    let own = library().into_iter().filter(|root| root.module.starts_with("aws."));
    let engine = Engine::builder().policies(own).now("2026-01-01").unwrap().build().unwrap();
    let hir = &engine.policies.hir;
    let mut out: Vec<_> =
        hir.controls.iter().map(|c| (c.name.to_string(), c.module.to_string())).collect();
    out.sort();
    out
}

/// Which controls each requirement is mapped to, and the modules that these stand in.
struct Mapping {
    by: BTreeMap<String, Vec<String>>,
    modules: Vec<String>,
}

fn mapping(data: &Path, framework: &str) -> Mapping {
    let rules = json(&data.join("mapping.json"));
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut modules = Vec::new();
    for (name, module) in controls() {
        let mapped = &rules["rules"][name.to_uppercase()]["frameworks"][framework]["ids"];
        let Some(ids) = mapped.as_array() else { continue };
        let last = module.rsplit('.').next().unwrap();
        for id in ids {
            let id = id.as_str().unwrap().to_owned();
            by.entry(id).or_default().push(format!("{last}.{name}"));
        }
        if !modules.contains(&module) {
            modules.push(module);
        }
    }
    modules.sort();
    by.values_mut().for_each(|controls| controls.sort());
    Mapping { by, modules }
}

/// `start` and the words, with commas between, broken where the line is full.
fn wrapped(out: &mut String, indent: usize, start: &str, words: &[String], end: &str) {
    let mut line = format!("{:indent$}{start}", "");
    for (at, word) in words.iter().enumerate() {
        let last = at + 1 == words.len();
        let word = if last { format!("{word}{end}") } else { format!("{word},") };
        if line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(out, "{}", line.trim_end());
            line = format!("{:1$}{word}", "", indent + 4);
        } else {
            line.push_str(if line.ends_with(['[', ' ']) { "" } else { " " });
            line.push_str(&word);
        }
    }
    let _ = writeln!(out, "{line}");
}

/// A requirement with those in it.
fn requirement(out: &mut String, all: &[Value], mapping: &Mapping, entry: &Value, depth: usize) {
    let (id, title) = (entry["id"].as_str().unwrap(), entry["title"].as_str().unwrap());
    let indent = depth * 4;
    let inner: Vec<&Value> = all.iter().filter(|other| other["parent"] == entry["id"]).collect();
    let met = mapping.by.get(id).map_or(&[][..], Vec::as_slice);
    let _ = write!(out, "{:indent$}requirement {id:?} {title:?}", "");
    if inner.is_empty() && met.is_empty() {
        out.push('\n');
        return;
    }
    out.push_str(" {\n");
    if !met.is_empty() {
        wrapped(out, indent + 4, "met by", met, "");
    }
    inner.iter().for_each(|entry| requirement(out, all, mapping, entry, depth + 1));
    let _ = writeln!(out, "{:indent$}}}", "");
}

/// The text of `stdlib/frameworks/nist_800_53_r5.assize`.
pub(super) fn nist_800_53_r5(data: &Path) -> String {
    let catalogue = json(&data.join("frameworks/nist-800-53-r5.json"));
    let fedramp = json(&data.join("frameworks/fedramp-r5.json"));
    let mapping = mapping(data, "nist-800-53-r5");
    let entries = catalogue["controls"].as_array().unwrap();
    let all: Vec<Value> =
        entries.iter().filter(|entry| entry["withdrawn"].is_null()).cloned().collect();
    let known: Vec<&str> = all.iter().map(|entry| entry["id"].as_str().unwrap()).collect();
    for id in mapping.by.keys() {
        assert!(known.contains(&id.as_str()), "{id} is mapped, and not in the catalogue");
    }
    let mut out = HEAD.to_owned();
    out.push('\n');
    for module in &mapping.modules {
        let _ = writeln!(out, "use {module}");
    }
    out.push_str("\nframework nist_800_53_r5 {\n");
    out.push_str("    title \"NIST SP 800-53 Revision 5 (5.1.1)\"\n");
    out.push_str("    see \"https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final\"\n");
    for family in catalogue["families"].as_array().unwrap() {
        let title = family["title"].as_str().unwrap();
        let _ = writeln!(out, "\n    // {title}");
        let own = all.iter().filter(|e| e["family"] == family["id"] && e["parent"].is_null());
        own.for_each(|entry| requirement(&mut out, &all, &mapping, entry, 1));
    }
    for (prefix, source) in [("", &catalogue), ("fedramp_", &fedramp)] {
        for (name, ids) in source["baselines"].as_object().unwrap() {
            let ids: Vec<String> = texts(ids).into_iter().map(|id| format!("{id:?}")).collect();
            let _ = writeln!(out, "\n    // {} requirements", ids.len());
            let start = format!("baseline {prefix}{} = [", name.replace('-', "_"));
            wrapped(&mut out, 4, &start, &ids, "]");
        }
    }
    out.push_str("}\n");
    out
}
