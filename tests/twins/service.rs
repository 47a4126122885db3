//! A service's twins: the same resources as a template, as an inventory, as items of AWS Config and as a plan of
//! Terraform.
//!
//! `Service::text` gives each of the four as text, `Service::verdicts` what the library says of a text: the
//! findings are named by logical ids, whatever the source calls the resource. A test that changes the
//! inputs changes `Service::document`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assize::assess::Verdict;
use assize::engine::{Engine, library_for};
use serde_json::{Map, Value, json};

use super::plan::{Planned, plan};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// What resources are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Template,
    Inventory,
    Config,
    Terraform,
}

impl Source {
    pub const ALL: [Self; 4] = [Self::Template, Self::Inventory, Self::Config, Self::Terraform];

    pub fn name(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::Inventory => "inventory",
            Self::Config => "config",
            Self::Terraform => "terraform",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A resource, as each source has it.
pub struct Resource {
    /// Its name in the template.
    pub logical: String,
    pub kind: String,
    /// What AWS calls it.
    pub id: String,
    /// What a reference comes to, where it is not the id.
    reference: Option<String>,
    arn: Option<String>,
    properties: Value,
    /// What only a source that reads what is running has, in the words of the schema.
    live: Value,
    /// Its items, as AWS Config records them.
    pub config: Vec<Value>,
    /// As Terraform plans it.
    pub terraform: Planned,
}

/// Where sources may differ, and why.
pub struct Exception {
    /// The control, or `*` for all.
    pub control: String,
    pub resource: String,
    pub source: String,
    /// The verdict there, or `none` where the source has no such resource.
    pub verdict: String,
    pub why: String,
}

/// One file of twins.
pub struct Service {
    /// The module of the controls: `s3`.
    pub name: String,
    /// What can have such resources: where only some can, the file says which, and why.
    pub sources: Vec<Source>,
    pub resources: Vec<Resource>,
    pub except: Vec<Exception>,
}

/// Verdicts by control and logical id.
pub type Verdicts = BTreeMap<(String, String), Verdict>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/twins")
}

/// All services that have twins.
pub fn services() -> Vec<Service> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files.iter().map(|path| Service::read(path)).collect()
}

/// All controls of the library, compiled once.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let built =
            Engine::builder().policies(library_for(None)).now("2026-11-24").unwrap().build();
        built.unwrap_or_else(|refused| panic!("{refused}"))
    })
}

fn text_of(value: &Value, key: &str) -> Option<String> {
    value.get(key).map(|text| text.as_str().unwrap_or_else(|| panic!("{key}: {text}")).to_owned())
}

fn only(value: &Value, keys: &[&str], place: &str) {
    for key in value.as_object().unwrap().keys() {
        assert!(keys.contains(&key.as_str()), "{place}: `{key}` means nothing here");
    }
}

/// The sources that can have a file's resources.
fn sources(file: &Value, name: &str) -> Vec<Source> {
    let Some(some) = file.get("sources").and_then(Value::as_array) else {
        // Of some services nothing is written as Terraform has it.
        let resources = file["resources"].as_object().unwrap();
        let planned = resources.values().any(|resource| resource.get("terraform").is_some());
        let all = Source::ALL.into_iter();
        return all.filter(|source| *source != Source::Terraform || planned).collect();
    };
    assert!(text_of(file, "why").is_some_and(|why| why.len() > 10), "{name}: say why");
    let known = |text: &Value| Source::ALL.into_iter().find(|one| *text == *one.name());
    some.iter().map(|text| known(text).unwrap_or_else(|| panic!("{name}: {text}"))).collect()
}

impl Service {
    fn read(path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        only(&file, &["sources", "why", "resources", "except"], &name);
        let sources = sources(&file, &name);
        let resource = |(logical, body): (&String, &Value)| {
            let place = format!("{name}: {logical}");
            let keys = ["type", "id", "ref", "arn", "properties", "live", "config", "terraform"];
            only(body, &keys, &place);
            Resource {
                logical: logical.clone(),
                kind: text_of(body, "type").unwrap(),
                id: text_of(body, "id").unwrap(),
                reference: text_of(body, "ref"),
                arn: text_of(body, "arn"),
                properties: body["properties"].clone(),
                live: body.get("live").cloned().unwrap_or_else(|| json!({})),
                config: match body.get("config") {
                    None | Some(Value::Null) => Vec::new(),
                    Some(Value::Array(items)) => items.clone(),
                    Some(item) => vec![item.clone()],
                },
                terraform: Planned::new(&body["terraform"]),
            }
        };
        let exception = |body: &Value| {
            only(body, &["control", "resource", "source", "verdict", "why"], &name);
            let part = |key: &str| text_of(body, key).unwrap_or_else(|| panic!("{name}: {body}"));
            Exception {
                control: part("control"),
                resource: part("resource"),
                source: part("source"),
                verdict: part("verdict"),
                why: part("why"),
            }
        };
        let resources = file["resources"].as_object().unwrap().iter().map(resource).collect();
        let except = file.get("except").and_then(Value::as_array);
        let except = except.into_iter().flatten().map(exception).collect();
        Self { name, sources, resources, except }
    }

    /// Of a live source, what a reference comes to.
    fn resolved(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.resolved(item)).collect(),
            Value::Object(members) => {
                if let Some(found) = self.reference(members) {
                    return found;
                }
                let all = members.iter().map(|(key, item)| (key.clone(), self.resolved(item)));
                Value::Object(all.collect())
            }
            plain => plain.clone(),
        }
    }

    fn reference(&self, members: &Map<String, Value>) -> Option<Value> {
        let (key, to) = members.iter().next().filter(|_| members.len() == 1)?;
        Some(json!(match key.as_str() {
            "Ref" => self.named(to.as_str()?),
            "Fn::GetAtt" => self.attribute(to[0].as_str()?, to[1].as_str()?),
            "Fn::Sub" => self.substituted(to.as_str()?),
            _ => return None,
        }))
    }

    fn named(&self, logical: &str) -> String {
        let target = self.resource(logical);
        target.reference.as_ref().unwrap_or(&target.id).clone()
    }

    fn attribute(&self, logical: &str, attribute: &str) -> String {
        let target = self.resource(logical);
        let arn = target.arn.as_ref().filter(|_| attribute == "Arn");
        let given = || self.resolved(&target.live[attribute]).as_str().map(str::to_owned);
        let found = arn.cloned().or_else(given);
        found.unwrap_or_else(|| panic!("{}: {logical}.{attribute} is not given", self.name))
    }

    /// `arn:aws:s3:::${Bucket}/*` with the names in it replaced.
    fn substituted(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap();
            out += &name.split_once('.').map_or_else(
                || self.named(name),
                |(logical, attribute)| self.attribute(logical, attribute),
            );
            out += rest;
        }
        out
    }

    fn resource(&self, logical: &str) -> &Resource {
        let found = self.resources.iter().find(|resource| resource.logical == logical);
        found.unwrap_or_else(|| panic!("{}: there is no `{logical}`", self.name))
    }

    /// The logical ids of resources, by type and by what the source calls them.
    pub fn ids(&self, source: Source) -> BTreeMap<(String, String), String> {
        let mut out = BTreeMap::new();
        for resource in &self.resources {
            let id = match source {
                Source::Template => resource.logical.clone(),
                Source::Inventory | Source::Config => resource.id.clone(),
                Source::Terraform => match resource.terraform.address() {
                    Some(address) => address,
                    None => continue,
                },
            };
            let before = out.insert((resource.kind.clone(), id.clone()), resource.logical.clone());
            assert_eq!(before, None, "{}: two resources are {id}", self.name);
        }
        out
    }

    /// Whether a resource is written as the source has it.
    pub fn has(&self, source: Source, logical: &str) -> bool {
        let planned = |own: &&Resource| own.logical == logical && own.terraform.address().is_some();
        source != Source::Terraform || self.resources.iter().any(|own| planned(&own))
    }

    /// The resources as a source has them: a template, a list of an inventory's lines, a snapshot of items.
    pub fn document(&self, source: Source) -> Value {
        match source {
            Source::Template => {
                let body = |r: &Resource| json!({ "Type": r.kind, "Properties": r.properties });
                let all: Map<String, Value> =
                    self.resources.iter().map(|r| (r.logical.clone(), body(r))).collect();
                json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": all })
            }
            Source::Inventory => self.resources.iter().map(|r| self.line(r)).collect(),
            Source::Config => {
                let items: Vec<&Value> = self.resources.iter().flat_map(|r| &r.config).collect();
                json!({ "fileVersion": "1.0", "configSnapshotId": "twins", "configurationItems": items })
            }
            Source::Terraform => {
                let (changes, written): (Vec<_>, Vec<_>) =
                    self.resources.iter().map(|r| r.terraform.entries()).unzip();
                plan(&changes.concat(), &written.concat())
            }
        }
    }

    fn line(&self, resource: &Resource) -> Value {
        let mut properties = self.resolved(&resource.properties);
        let live = self.resolved(&resource.live);
        properties.as_object_mut().unwrap().extend(live.as_object().unwrap().clone());
        let tags = properties.get("Tags").and_then(Value::as_array).into_iter().flatten();
        let tags: Map<String, Value> = tags
            .filter_map(|tag| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].clone())))
            .collect();
        let mut line = json!({
            "type": resource.kind, "id": resource.id, "account": ACCOUNT, "region": REGION,
            "tags": tags, "properties": properties,
        });
        if let Some(arn) = &resource.arn {
            line["arn"] = json!(arn);
        }
        line
    }

    /// The resources as a source has them, as text.
    pub fn text(&self, source: Source) -> String {
        text(source, &self.document(source))
    }

    /// What the library says of a text; an answer that is incomplete, or a finding on something that is
    /// none of the twins, is no answer.
    pub fn verdicts(&self, source: Source, text: &str) -> Result<Verdicts, String> {
        self.verdicts_of(engine(), source, text)
    }

    /// What these controls say of a text.
    pub fn verdicts_of(
        &self,
        engine: &Engine,
        source: Source,
        text: &str,
    ) -> Result<Verdicts, String> {
        let mut run = engine.run();
        match source {
            Source::Template => run.template("template", text.as_bytes()),
            Source::Inventory => run.inventory("inventory", text.as_bytes()),
            Source::Config => run.config("config", text.as_bytes()),
            Source::Terraform => run.terraform("plan", text.as_bytes()),
        }
        let assessment = run.finish();
        if !assessment.incomplete.is_empty() {
            return Err(format!("{source}: {}", assessment.incomplete.join("; ")));
        }
        let (ids, mut out) = (self.ids(source), Verdicts::new());
        for outcome in &assessment.outcomes {
            let control = engine.program.controls[outcome.control as usize].name.to_string();
            let subject = (outcome.kind.to_string(), outcome.id.to_string());
            let Some(logical) = ids.get(&subject) else {
                return Err(format!("{source}: {control} speaks of {subject:?}, which is no twin"));
            };
            let before = out.insert((control, logical.clone()), outcome.verdict);
            if before.is_some() {
                return Err(format!("{source}: two findings on {subject:?}"));
            }
        }
        Ok(out)
    }

    /// The table of the verdicts that are agreed on.
    pub fn table(&self) -> PathBuf {
        folder().join(format!("{}.verdicts", self.name))
    }
}

/// A document as its source writes it.
pub fn text(source: Source, document: &Value) -> String {
    match source {
        Source::Inventory => {
            let lines = document.as_array().unwrap().iter().map(Value::to_string);
            lines.collect::<Vec<_>>().join("\n") + "\n"
        }
        Source::Template | Source::Config | Source::Terraform => {
            serde_json::to_string_pretty(document).unwrap()
        }
    }
}
