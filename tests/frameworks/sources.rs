//! What frameworks are made of: public catalogues and mappings, tables of our own, the library's controls.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assize::engine::{Engine, library};
use assize::hir::Hir;
use assize::types::{Type, TypeId};
use serde_json::Value;

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The rows of a table of ours: tab-separated, `#` begins a note.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// A table in `tests/frameworks/tables`, each row of so many cells.
pub(super) fn table<const N: usize>(name: &str) -> Vec<[String; N]> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frameworks/tables");
    let whole = |row: Vec<String>| row.try_into().unwrap_or_else(|row| panic!("{name}: {row:?}"));
    rows(&folder.join(name)).into_iter().map(whole).collect()
}

/// What a parameter takes.
pub(super) enum Kind {
    Bool,
    Int,
    Duration,
    Text,
    /// One of these texts.
    Choice(Vec<String>),
    List(Box<Kind>),
}

/// A parameter of a control.
pub(super) struct Param {
    pub name: String,
    pub kind: Kind,
}

/// A control of the library.
pub(super) struct Control {
    pub name: String,
    pub module: String,
    pub params: Vec<Param>,
}

impl Control {
    /// As a framework's module says it: the last part of its module, and its name.
    pub fn path(&self) -> String {
        format!("{}.{}", self.module.rsplit('.').next().unwrap(), self.name)
    }

    /// The parameter that takes what a parameter of this rule of AWS Config takes.
    pub fn param(&self, rule: &str, theirs: &str) -> Option<&Param> {
        let known = table::<3>("parameters.tsv");
        let listed = known.iter().find(|row| row[0] == rule && row[1] == theirs);
        let ours = listed.map_or_else(|| snake(theirs), |row| row[2].clone());
        self.params.iter().find(|param| param.name == ours)
    }
}

/// `maxAccessKeyAge` as `max_access_key_age`, `accountRCUThreshold` as `account_rcu_threshold`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let begins = letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        let ends_word = before.is_some_and(|b| b.is_lowercase() || b.is_ascii_digit());
        let ends_letters = before.is_some_and(char::is_uppercase) && begins;
        if letter.is_uppercase() && (ends_word || ends_letters) {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn kind(hir: &Hir, ty: TypeId) -> Kind {
    match hir.types.get(ty) {
        Type::Bool => Kind::Bool,
        Type::Int => Kind::Int,
        Type::Duration => Kind::Duration,
        Type::Enum(all) => Kind::Choice(all.iter().map(ToString::to_string).collect()),
        Type::List(inner) => Kind::List(Box::new(kind(hir, *inner))),
        Type::Option(inner) => kind(hir, *inner),
        _ => Kind::Text,
    }
}

/// The library's controls, without the frameworks: these may name what is no more.
fn controls() -> Vec<Control> {
    let own = library().into_iter().filter(|root| root.module.starts_with("aws."));
    let built = Engine::builder().policies(own).now("2026-01-01").unwrap().build();
    let engine = built.unwrap_or_else(|refused| panic!("{refused}"));
    let hir = &engine.policies.hir;
    let param = |id: &assize::hir::ParamId| {
        let param = hir.params.at(*id);
        Param { name: param.name.to_string(), kind: kind(hir, param.ty) }
    };
    let mut out: Vec<Control> = hir
        .controls
        .iter()
        .map(|control| Control {
            name: control.name.to_string(),
            module: control.module.to_string(),
            params: control.params.iter().map(param).collect(),
        })
        .collect();
    out.sort_by(|a, b| (&a.module, &a.name).cmp(&(&b.module, &b.name)));
    out
}

/// What became of a rule of AWS Config.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    /// A control bears its name.
    Own,
    /// Another control decides it; why that one.
    Successor(String),
    /// So it is said, but there is no such control.
    Missing(String),
    /// Only a person can; why.
    Manual(String),
    /// It is left out; why.
    Left(String),
}

/// Everything that frameworks are made of.
pub(super) struct Sources {
    data: PathBuf,
    /// `mapping.json`: what is known of each rule.
    pub rules: serde_json::Map<String, Value>,
    pub controls: Vec<Control>,
    /// By rule: the control (its place in the list) that decides it, and how it comes to it.
    pub answers: BTreeMap<String, (Option<usize>, Answer)>,
    read: RefCell<BTreeMap<String, Value>>,
}

impl Sources {
    pub fn new(data: &Path) -> Self {
        let Value::Object(mapping) = json(&data.join("mapping.json")) else { panic!("no mapping") };
        let Some(Value::Object(rules)) = mapping.get("rules").cloned() else { panic!("no rules") };
        let controls = controls();
        let mut answers = successors(&rules, &controls);
        for (at, control) in controls.iter().enumerate() {
            let rule = control.name.to_uppercase();
            if rules.contains_key(&rule) {
                answers.insert(rule, (Some(at), Answer::Own));
            }
        }
        Self { data: data.to_owned(), rules, controls, answers, read: RefCell::default() }
    }

    /// A catalogue of the folder `frameworks`.
    pub fn catalogue(&self, name: &str) -> Value {
        let mut read = self.read.borrow_mut();
        let path = || self.data.join("frameworks").join(format!("{name}.json"));
        read.entry(name.to_owned()).or_insert_with(|| json(&path())).clone()
    }

    /// The control that decides a rule.
    pub fn control(&self, rule: &str) -> Option<&Control> {
        let (at, _) = self.answers.get(rule)?;
        self.controls.get((*at)?)
    }

    /// The rules of a pack.
    pub fn pack(&self, pack: &str) -> Vec<&str> {
        let in_pack = |(_, rule): &(&String, &Value)| rule["packs"].get(pack).is_some();
        self.rules.iter().filter(in_pack).map(|(name, _)| name.as_str()).collect()
    }

    /// The requirements that a rule is mapped to by these columns of the mapping. Those of FedRAMP's tables
    /// are ids of r4, and are translated.
    pub fn ids(&self, rule: &str, columns: &[&str]) -> BTreeSet<String> {
        let translation = table::<3>("r4_to_r5.tsv");
        let mut out = BTreeSet::new();
        for column in columns {
            let ids = self.rules[rule]["frameworks"][column]["ids"].as_array();
            for id in ids.into_iter().flatten().map(|id| id.as_str().unwrap()) {
                if !["fedramp-low", "fedramp-moderate"].contains(column) {
                    out.insert(id.to_owned());
                    continue;
                }
                let row = translation.iter().find(|row| row[0] == id);
                let row = row.unwrap_or_else(|| panic!("r4_to_r5.tsv does not translate {id}"));
                out.extend(row[1].split(' ').map(str::to_owned));
            }
        }
        out
    }
}

/// What `docs/stdlib-rules` says of rules that no control bears the name of.
fn successors(
    rules: &serde_json::Map<String, Value>,
    controls: &[Control],
) -> BTreeMap<String, (Option<usize>, Answer)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/stdlib-rules");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    files.sort();
    let mut out = BTreeMap::new();
    for row in files.iter().flat_map(|file| rows(file)) {
        let [written, by, why] = row.as_slice() else { panic!("three cells: {row:?}") };
        let rule = written.to_uppercase().replace('-', "_");
        let of_name = || rules.iter().find(|(_, known)| known["name"] == written.as_str());
        let rule = match rules.contains_key(&rule) {
            true => rule,
            false => of_name().unwrap_or_else(|| panic!("there is no rule {written}")).0.clone(),
        };
        let answer = match by.as_str() {
            "manual" => (None, Answer::Manual(why.clone())),
            "left" => (None, Answer::Left(why.clone())),
            name => {
                let name = name.rsplit('.').next().unwrap();
                let at = controls.iter().position(|control| control.name == name);
                // One that is not there: `reviewed` says so, and the rest is made all the same.
                match at {
                    Some(_) => (at, Answer::Successor(why.clone())),
                    None => (None, Answer::Missing(name.to_owned())),
                }
            }
        };
        out.insert(rule, answer);
    }
    out
}
