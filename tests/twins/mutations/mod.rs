//! Absence mutation: every property that a control of the library reads is taken away, nulled, given a wrong
//! type, left open, and given other values, in each source, on resources that pass.
//!
//! What must come out: what is open is `unknown` unless every value passes; a wrong type is an `error`
//! where the value matters; null is an `error` in a template and absence elsewhere; what absence comes to
//! stands in `absent.txt`, a line each (`UPDATE_EXPECT=1` rewrites it; a pass there is a claim to be read).

pub mod change;
mod denied;
mod expect;
mod reads;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use assize::engine::Engine;
use serde_json::{Map, Value, json};

use super::plan::{self, plan};
use super::service::{Resource, Service, Source, Verdicts, engine, services, text};
use change::{At, Change, OPEN};
use expect::{Answers, Table};
use reads::{AllReads, Reads, Step, path_text};

/// The documents of a service in one source, one a resource, and what holds them together.
struct System<'s> {
    service: &'s Service,
    source: Source,
    /// By resource of the service; `None` where it is recorded with another.
    documents: Vec<Option<Value>>,
    /// Of each resource, those that it mentions or that mention it.
    near: Vec<BTreeSet<usize>>,
}

/// Of each resource, those that it mentions or that mention it.
fn near(service: &Service, source: Source, documents: &[Option<Value>]) -> Vec<BTreeSet<usize>> {
    let named = |resource: &Resource| match source {
        Source::Template => format!("\"{}\"", resource.logical),
        Source::Inventory | Source::Config => resource.id.clone(),
        Source::Terraform => resource.terraform.address().unwrap_or_default(),
    };
    let names: Vec<String> = service.resources.iter().map(named).collect();
    let mut out = vec![BTreeSet::new(); documents.len()];
    for (from, document) in documents.iter().enumerate() {
        let text = document.as_ref().map(Value::to_string).unwrap_or_default();
        for to in (0..names.len()).filter(|to| *to != from && text.contains(&*names[*to])) {
            out[from].insert(to);
            out[to].insert(from);
        }
    }
    out
}

impl<'s> System<'s> {
    fn new(service: &'s Service, source: Source) -> Self {
        let whole = service.document(source);
        let of = |(number, resource): (usize, &Resource)| match source {
            Source::Template => Some(whole["Resources"][&resource.logical].clone()),
            Source::Inventory => Some(whole[number].clone()),
            // AWS Config may call the type otherwise.
            Source::Config => {
                resource.config.iter().find(|i| i["resourceId"] == resource.id.as_str()).cloned()
            }
            Source::Terraform => resource.terraform.document(),
        };
        let documents: Vec<_> = service.resources.iter().enumerate().map(of).collect();
        let near = near(service, source, &documents);
        Self { service, source, documents, near }
    }

    /// The resource with all that it hangs together with, through so many others.
    fn around(&self, resource: usize, steps: usize) -> BTreeSet<usize> {
        let mut out = BTreeSet::from([resource]);
        for _ in 0..steps {
            let more: Vec<usize> = out.iter().flat_map(|at| self.near[*at].clone()).collect();
            out.extend(more);
        }
        out
    }

    /// So many resources that each control has two of them that pass, where there are two, and what these
    /// hang together with.
    fn chosen(&self) -> BTreeSet<usize> {
        let everything = (0..self.documents.len()).collect();
        let verdicts = self.verdicts(engine(), &everything, None).unwrap();
        let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
        let mut out = BTreeSet::new();
        for (at, resource) in self.service.resources.iter().enumerate() {
            let passes = verdicts.iter().filter(|((_, subject), verdict)| {
                *subject == resource.logical && verdict.name() == "pass"
            });
            let controls: Vec<&str> = passes.map(|((control, _), _)| control.as_str()).collect();
            if controls.iter().any(|control| seen.get(control).is_none_or(|count| *count < 2)) {
                controls.into_iter().for_each(|control| *seen.entry(control).or_default() += 1);
                out.extend(self.around(at, 1));
            }
        }
        out.retain(|at| self.documents[*at].is_some());
        out
    }

    /// The input that has these resources, one of them changed.
    fn text(&self, chosen: &BTreeSet<usize>, changed: Option<(usize, &Value)>) -> String {
        let documents = chosen.iter().filter_map(|at| {
            let own = self.documents[*at].as_ref();
            let document = changed.filter(|(other, _)| other == at).map(|(_, new)| new).or(own)?;
            Some((&self.service.resources[*at], document))
        });
        let whole = match self.source {
            Source::Template => {
                let all: Map<String, Value> =
                    documents.map(|(r, body)| (r.logical.clone(), body.clone())).collect();
                json!({ "Parameters": { OPEN: { "Type": "String" } }, "Resources": all })
            }
            Source::Inventory => documents.map(|(_, line)| line.clone()).collect(),
            Source::Config => {
                json!({ "configurationItems": documents.map(|(_, i)| i.clone()).collect::<Vec<_>>() })
            }
            Source::Terraform => {
                let entries = documents.map(|(r, document)| r.terraform.with(document).entries());
                let (changes, written): (Vec<_>, Vec<_>) = entries.unzip();
                plan(&changes.concat(), &written.concat())
            }
        };
        text(self.source, &whole)
    }

    /// Verdicts on these resources; `None` where the answer is incomplete, which claims nothing.
    fn verdicts(
        &self,
        engine: &Engine,
        chosen: &BTreeSet<usize>,
        changed: Option<(usize, &Value)>,
    ) -> Option<Verdicts> {
        self.service.verdicts_of(engine, self.source, &self.text(chosen, changed)).ok()
    }

    /// Where the properties begin in a resource's document.
    fn root(&self) -> Vec<At> {
        let key = match self.source {
            Source::Template => "Properties",
            Source::Inventory => "properties",
            Source::Config | Source::Terraform => return Vec::new(),
        };
        vec![At::Key(key.to_owned())]
    }

    /// What is read of the resource's document.
    fn reads<'r>(&self, all: &'r AllReads, resource: usize) -> Option<&'r Reads> {
        let own = &self.service.resources[resource];
        match self.source {
            Source::Template | Source::Inventory => all.properties.get(&own.kind),
            Source::Config => {
                all.items.get(self.documents[resource].as_ref()?["resourceType"].as_str()?)
            }
            Source::Terraform => all.items.get(own.terraform.kind()?),
        }
    }
}

/// The values that stand at a path in any of the service's resources of a type.
fn values(system: &System<'_>, kind: &str, path: &[Step]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    let documents = system.service.resources.iter().zip(&system.documents);
    for document in documents.filter(|(r, _)| r.kind == kind).filter_map(|(_, d)| d.as_ref()) {
        let Some(inner) = change::get(document, &system.root()) else { continue };
        for place in change::places(&inner, path) {
            let value = change::get(&inner, &place).filter(|value| !out.contains(value));
            out.extend(value);
        }
    }
    out.truncate(8);
    out
}

/// One place of a resource that is changed, and what stands at its path elsewhere.
struct Place<'r> {
    resource: usize,
    path: String,
    at: Vec<At>,
    wrong: Value,
    values: Vec<Value>,
    controls: &'r BTreeSet<String>,
}

/// Every place of the resource that a control reads.
fn places<'r>(system: &System<'_>, all: &'r AllReads, resource: usize) -> Vec<Place<'r>> {
    let mut out = Vec::new();
    let (Some(document), Some(reads)) = (&system.documents[resource], system.reads(all, resource))
    else {
        return out;
    };
    let root = system.root();
    let Some(inner) = change::get(document, &root) else { return out };
    let kind = &system.service.resources[resource].kind;
    let made = |read: &reads::Read| read.made && system.source == Source::Template;
    for (path, read) in reads.iter().filter(|(_, read)| !made(read)) {
        let mut found = values(system, kind, path);
        found.extend(
            read.values.iter().filter(|value| !found.contains(value)).cloned().collect::<Vec<_>>(),
        );
        let is_value =
            |at: &Vec<At>| system.source != Source::Terraform || plan::is_value(&inner, at);
        for at in change::places(&inner, path).into_iter().filter(is_value).take(2) {
            let there = change::get(&inner, &at);
            let inside = if read.whole { change::inner_places(&inner, &at) } else { Vec::new() };
            let mut place = |at: &[At], path: String, wrong: Option<Value>, values: Vec<Value>| {
                let Some(wrong) = wrong else { return };
                let at = root.iter().chain(at).cloned().collect();
                out.push(Place { resource, path, at, wrong, values, controls: &read.controls });
            };
            let wrong = read.wrong.clone().or_else(|| there.as_ref().map(opposite));
            place(&at, path_text(path), wrong, found.clone());
            // To what an expression refers is no part of the value.
            let is_part = |deep: &&Vec<At>| !deep.contains(&At::Key("ref".to_owned()));
            for deep in inside.iter().filter(is_part).cloned() {
                let value = change::get(&inner, &deep);
                let text = format!("{}{}", path_text(path), deep_text(&deep[at.len()..]));
                place(&deep, text, value.as_ref().map(opposite), Vec::new());
            }
        }
    }
    out
}

fn deep_text(at: &[At]) -> String {
    at.iter()
        .map(|step| match step {
            At::Key(key) => format!(".{key}"),
            At::Index(_) => "[]".to_owned(),
        })
        .collect()
}

/// A value of another type.
fn opposite(value: &Value) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) => json!(7.5),
        // JSON in a text.
        Value::String(text) if is_json(text) => json!(7.5),
        _ => json!({ "wrong": [] }),
    }
}

/// JSON in a text, or in a text in a text, or in URL encoding.
fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) || text.starts_with("\"{") || text.starts_with("%7B")
}

/// Changes the place in every way, and says of each control that reads it what came of that.
fn answers(
    system: &System<'_>,
    (engine, chosen): (&Engine, &BTreeSet<usize>),
    place: &Place<'_>,
) -> Vec<(String, Answers)> {
    let Some(base) = system.verdicts(engine, chosen, None) else {
        panic!("{} {}: a part of it cannot be read", system.service.name, system.source);
    };
    let document = system.documents[place.resource].as_ref().unwrap();
    let after = |change: Change| {
        let new = change::changed(document, &place.at, &change)?;
        Some(system.verdicts(engine, chosen, Some((place.resource, &new))))
    };
    let deleted = after(Change::Delete);
    let null = after(Change::Put(Value::Null));
    let wrong = after(Change::Put(place.wrong.clone()));
    let open = match system.source {
        Source::Template => after(Change::Open),
        // What refers to it, and parts of a text, are no values of their own.
        Source::Terraform if change::is_within_text(document, &place.at) => None,
        Source::Terraform => after(Change::Put(json!({ "ref": "terraform_data.left.output" }))),
        Source::Inventory | Source::Config => None,
    };
    let others: Vec<_> =
        place.values.iter().filter_map(|value| after(Change::Put(value.clone()))).collect();
    let passes = base.iter().filter(|((control, _), verdict)| {
        place.controls.contains(control) && verdict.name() == "pass"
    });
    passes
        .map(|(key, _)| {
            let of = |verdicts: &Option<Option<Verdicts>>| {
                verdicts.as_ref().map(|known| match known {
                    Some(known) => known.get(key).map_or("none", |verdict| verdict.name()),
                    None => "incomplete",
                })
            };
            let answers = Answers {
                deleted: of(&deleted),
                null: of(&null),
                wrong: of(&wrong),
                open: of(&open),
                others: others.iter().filter_map(|other| of(&Some(other.clone()))).collect(),
            };
            (key.0.clone(), answers)
        })
        .collect()
}

/// All changes of a service's resources in one source.
fn mutate(service: &Service, source: Source, all: &AllReads, table: &mut Table) {
    if !service.sources.contains(&source) {
        return;
    }
    let system = System::new(service, source);
    for resource in system.chosen() {
        let chosen = system.around(resource, 2);
        for place in places(&system, all, resource) {
            let engine = engine_of(place.controls);
            for (control, answers) in answers(&system, (&engine, &chosen), &place) {
                let kind = &service.resources[resource].kind;
                let what = format!("{control} {kind} {}", place.path);
                table.note(source, what, &service.resources[resource].logical, answers);
            }
        }
    }
}

/// The controls that read a place, compiled once for all places that the same ones read.
fn engine_of(controls: &BTreeSet<String>) -> Arc<Engine> {
    static KNOWN: Mutex<BTreeMap<String, Arc<Engine>>> = Mutex::new(BTreeMap::new());
    let names: Vec<String> = controls.iter().cloned().collect();
    let mut known = KNOWN.lock().unwrap();
    let made = || Arc::new(engine().only(&names).unwrap());
    known.entry(names.join(" ")).or_insert_with(made).clone()
}

fn all_of(source: Source) {
    static READS: OnceLock<AllReads> = OnceLock::new();
    let mut table = Table::default();
    let all = READS.get_or_init(reads::all);
    services().iter().for_each(|service| mutate(service, source, all, &mut table));
    table.check(source);
}

#[test]
fn every_property_of_a_template_counts() {
    all_of(Source::Template);
}

#[test]
fn every_property_of_an_inventory_counts() {
    all_of(Source::Inventory);
}

#[test]
fn every_value_of_a_plan_counts() {
    all_of(Source::Terraform);
}

#[test]
fn every_part_of_an_item_counts() {
    all_of(Source::Config);
}
