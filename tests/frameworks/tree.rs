//! A framework as data, and the text that it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::sources::{Kind, Sources, table};

/// Longest line.
const WIDTH: usize = 110;

/// A requirement of a framework.
#[derive(Clone, Debug)]
pub(super) struct Requirement {
    pub id: String,
    pub title: String,
    pub parent: Option<String>,
    /// What stands above the first one of a section.
    pub section: String,
}

/// A framework, as it is made.
pub(super) struct Framework {
    pub name: &'static str,
    pub title: &'static str,
    /// What the module's comment says.
    pub about: &'static str,
    pub see: &'static [&'static str],
    pub requirements: Vec<Requirement>,
    pub baselines: Vec<(String, Vec<String>)>,
    /// The columns of the mapping that say which rule helps with which requirement.
    pub columns: &'static [&'static str],
    /// Whether ids of these columns that the framework does not have are of other frameworks, not mistakes.
    pub partial: bool,
    /// What a person must attest, by id.
    pub manual: BTreeMap<String, String>,
}

impl Framework {
    /// By requirement: the controls that meet it, with the conditions under which they do.
    pub fn met_by(&self, sources: &Sources) -> BTreeMap<String, BTreeSet<String>> {
        let known: BTreeSet<&str> = self.requirements.iter().map(|one| one.id.as_str()).collect();
        let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for rule in sources.answers.keys() {
            let Some(control) = sources.control(rule) else { continue };
            for id in sources.ids(rule, self.columns) {
                if known.contains(id.as_str()) {
                    let met = format!("{}{}", control.path(), self.condition(sources, rule, &id));
                    out.entry(id).or_default().insert(met);
                } else {
                    assert!(self.partial, "{rule} is mapped to {id}, which {} lacks", self.name);
                }
            }
        }
        out
    }

    /// ` when param >= value`, where the requirement sets a value.
    fn condition(&self, sources: &Sources, rule: &str, id: &str) -> String {
        let rows = table::<7>("conditions.tsv");
        let mut own =
            rows.iter().filter(|row| row[0] == self.name && row[1] == id && row[2] == rule);
        let Some([_, _, _, theirs, comparison, value, _]) = own.next() else {
            return String::new();
        };
        assert!(own.next().is_none(), "{id}: one condition for {rule}");
        let control = sources.control(rule).unwrap();
        let param = control.param(rule, theirs).unwrap_or_else(|| {
            panic!("{}: no parameter for {theirs}: say its name in parameters.tsv", control.path())
        });
        let value = literal(&param.kind, std::slice::from_ref(value)).unwrap();
        format!(" when {} {comparison} {value}", param.name)
    }

    /// The module's text.
    pub fn text(&self, sources: &Sources) -> String {
        let met = self.met_by(sources);
        let mut out: String =
            self.about.lines().fold(String::new(), |out, line| out + "//! " + line + "\n");
        out.push_str("//! Made from these and from AWS' mapping of its Config rules; `tests/frameworks` holds it to them.\n");
        for see in self.see {
            let _ = writeln!(out, "//! {see}");
        }
        out.push('\n');
        for module in modules(sources, met.values().flatten()) {
            let _ = writeln!(out, "use {module}");
        }
        let _ = writeln!(out, "\nframework {} {{\n    title {:?}", self.name, self.title);
        for see in self.see {
            let _ = writeln!(out, "    see {see:?}");
        }
        let mut section = "";
        for one in self.requirements.iter().filter(|one| one.parent.is_none()) {
            if one.section != section {
                let _ = writeln!(out, "\n    // {}", one.section);
                section = &one.section;
            }
            self.requirement(&mut out, &met, one, 1);
        }
        for (name, ids) in &self.baselines {
            let ids: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
            let _ = writeln!(out, "\n    // {} requirements", ids.len());
            wrapped(&mut out, 4, &format!("baseline {name} = ["), &ids, "]");
        }
        out.push_str("}\n");
        out
    }

    /// A requirement with those in it.
    fn requirement(
        &self,
        out: &mut String,
        met: &BTreeMap<String, BTreeSet<String>>,
        one: &Requirement,
        depth: usize,
    ) {
        let indent = depth * 4;
        let inner: Vec<&Requirement> = self
            .requirements
            .iter()
            .filter(|other| other.parent.as_ref() == Some(&one.id))
            .collect();
        let by: Vec<String> = met.get(&one.id).into_iter().flatten().cloned().collect();
        let manual = self.manual.get(&one.id);
        let _ = write!(out, "{:indent$}requirement {:?} {:?}", "", one.id, one.title);
        if inner.is_empty() && by.is_empty() && manual.is_none() {
            out.push('\n');
            return;
        }
        out.push_str(" {\n");
        if !by.is_empty() {
            wrapped(out, indent + 4, "met by", &by, "");
        }
        if let Some(what) = manual {
            let _ = writeln!(out, "{:1$}manual {what:?}", "", indent + 4);
        }
        inner.iter().for_each(|one| self.requirement(out, met, one, depth + 1));
        let _ = writeln!(out, "{:indent$}}}", "");
    }
}

/// The modules of the controls that these paths name.
pub(super) fn modules<'a>(
    sources: &'a Sources,
    paths: impl Iterator<Item = &'a String>,
) -> BTreeSet<&'a str> {
    let named: BTreeSet<&str> = paths.map(|path| path.split('.').next().unwrap()).collect();
    let all: BTreeSet<&str> = sources.controls.iter().map(|one| one.module.as_str()).collect();
    all.into_iter().filter(|module| named.contains(module.rsplit('.').next().unwrap())).collect()
}

/// `start` and the words, with commas between, broken where the line is full.
pub(super) fn wrapped(out: &mut String, indent: usize, start: &str, words: &[String], end: &str) {
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

/// Values of AWS Config's parameters (one, but for lists) as one of ours; `None` where they are no such value.
pub(super) fn literal(kind: &Kind, values: &[String]) -> Option<String> {
    let parts =
        || values.iter().flat_map(|value| value.split(',')).map(|part| part.trim().to_owned());
    let one = || values.first().filter(|_| values.len() == 1).map(|value| value.trim());
    match kind {
        Kind::Bool => {
            one().map(str::to_lowercase).filter(|v| ["true", "false"].contains(&v.as_str()))
        }
        Kind::Int => one().filter(|value| value.parse::<i64>().is_ok()).map(str::to_owned),
        Kind::Duration => {
            one().filter(|value| value.parse::<u32>().is_ok()).map(|days| format!("{days}d"))
        }
        Kind::Text => one().filter(|value| !value.is_empty()).map(|value| format!("{value:?}")),
        Kind::Choice(all) => {
            let same =
                |known: &&String| one().is_some_and(|value| known.eq_ignore_ascii_case(value));
            all.iter().find(same).map(|known| format!("{known:?}"))
        }
        Kind::List(inner) => {
            let all: Option<Vec<String>> = parts().map(|part| literal(inner, &[part])).collect();
            all.filter(|all| !all.is_empty()).map(|all| format!("[{}]", all.join(", ")))
        }
    }
}
