//! Twins as Terraform plans them: from what is written, what refers to what, and what the provider fills in, to
//! the plan that `terraform show -json` prints.
//!
//! In `values`, `{"ref": "aws_kms_key.a.arn"}` is an expression whose value is known after apply, `{"sensitive":
//! "x"}` a value that is secret; `computed` names attributes that are not written and known after apply.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::mutations::change::{At, get};

/// The resources of Terraform that stand for a twin; the first is the twin itself.
pub struct Planned(Vec<Value>);

impl Planned {
    pub fn new(entries: &Value) -> Self {
        Self(entries.as_array().cloned().unwrap_or_default())
    }

    /// The address of the twin.
    pub fn address(&self) -> Option<String> {
        self.0.first().map(address)
    }

    /// The type of the twin, in Terraform's words.
    pub fn kind(&self) -> Option<&str> {
        self.0.first().and_then(|main| main["type"].as_str())
    }

    /// The twin as its adapter sees it: what is written of it and, as lists, what is written of those that refer
    /// to it.
    pub fn document(&self) -> Option<Value> {
        let (main, others) = self.0.split_first()?;
        let mut out = main["values"].clone();
        for other in others {
            if let Some(member) = self.member(other) {
                let list = out.as_object_mut().unwrap().entry(member).or_insert_with(|| json!([]));
                list.as_array_mut().unwrap().push(other["values"].clone());
            }
        }
        Some(out)
    }

    /// The member under which the twin's adapter finds another one.
    fn member(&self, other: &Value) -> Option<String> {
        let main = self.0.first()?;
        let start = format!("{}.", address(main));
        let named = |value: &Value| {
            let reference = value.get("ref").and_then(Value::as_str);
            let names = ["name", "bucket"].iter().filter_map(|key| main["values"][key].as_str());
            reference.is_some_and(|reference| reference.starts_with(&start))
                || names.into_iter().any(|name| *value == *name)
        };
        let values = other["values"].as_object()?;
        let (attribute, _) = values.iter().find(|(_, value)| named(value))?;
        Some(format!("{}.{attribute}", other["type"].as_str()?))
    }

    /// The same with another document.
    pub fn with(&self, document: &Value) -> Self {
        let (main, others) = self.0.split_first().unwrap();
        let members = document.as_object().unwrap();
        let own: Map<String, Value> = members
            .iter()
            .filter(|(key, _)| !key.contains('.'))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let mut out = vec![changed(main, Value::Object(own))];
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for other in others {
            let Some(member) = self.member(other) else {
                out.push(other.clone());
                continue;
            };
            let at = seen.entry(member.clone()).or_default();
            let values = members.get(&member).and_then(|list| list.get(*at));
            *at += 1;
            out.extend(values.map(|values| changed(other, values.clone())));
        }
        Self(out)
    }

    /// Its entries in `resource_changes`, and those in the configuration.
    pub fn entries(&self) -> (Vec<Value>, Vec<Value>) {
        (self.0.iter().map(change).collect(), self.0.iter().map(configuration).collect())
    }
}

/// The plan that has these entries.
pub fn plan(changes: &[Value], configuration: &[Value]) -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": { "root_module": {} },
        "resource_changes": changes,
        "configuration": { "root_module": { "resources": configuration } },
    })
}

/// Whether the place of a document is a value of some resource that a plan can show: what refers to the twin is
/// a resource, not a value, and a set that holds an open value is open as a whole.
pub fn is_value(document: &Value, at: &[At]) -> bool {
    let is_member =
        matches!(at, [At::Key(key)] | [At::Key(key), At::Index(_)] if key.contains('.'));
    let holds_references = |value: &Value| {
        value.as_array().is_some_and(|all| all.iter().any(|one| one.get("ref").is_some()))
    };
    let in_set = (0..at.len())
        .any(|end| get(document, &at[..end]).is_some_and(|value| holds_references(&value)));
    !is_member && !in_set
}

/// An entry with other values. What is given is not filled in by the provider.
fn changed(entry: &Value, values: Value) -> Value {
    let mut entry = entry.clone();
    let computed = entry["computed"].as_array().unwrap().iter();
    let left = computed.filter(|name| values.get(name.as_str().unwrap()).is_none()).cloned();
    entry["computed"] = left.collect();
    entry["values"] = values;
    entry
}

fn address(entry: &Value) -> String {
    format!("{}.{}", entry["type"].as_str().unwrap(), entry["name"].as_str().unwrap())
}

/// A value as it is planned: what is known, what is known after apply, what is secret.
fn split(value: &Value) -> (Option<Value>, Option<Value>, Option<Value>) {
    match value {
        Value::Object(members) if members.contains_key("ref") => (None, Some(json!(true)), None),
        Value::Object(members) if members.contains_key("sensitive") => {
            (Some(members["sensitive"].clone()), None, Some(json!(true)))
        }
        Value::Object(members) => {
            let (mut known, mut open) = (Map::new(), Map::new());
            for (key, member) in members {
                let (value, unknown, _) = split(member);
                value.map(|value| known.insert(key.clone(), value));
                unknown.map(|unknown| open.insert(key.clone(), unknown));
            }
            (Some(Value::Object(known)), Some(Value::Object(open)), None)
        }
        // A set that holds something that is not known is not known itself; a list of blocks is.
        Value::Array(items) if items.iter().any(|item| item.get("ref").is_some()) => {
            (None, Some(json!(true)), None)
        }
        Value::Array(items) => {
            let all: Vec<_> = items.iter().map(split).collect();
            let known =
                all.iter().map(|(value, ..)| value.clone().unwrap_or(Value::Null)).collect();
            let open =
                all.iter().map(|(_, open, _)| open.clone().unwrap_or(json!(false))).collect();
            (Some(known), Some(open), None)
        }
        plain => (Some(plain.clone()), None, None),
    }
}

fn change(entry: &Value) -> Value {
    let (mut after, mut unknown, mut sensitive) = (Map::new(), Map::new(), Map::new());
    for (key, value) in entry["values"].as_object().into_iter().flatten() {
        let (known, open, secret) = split(value);
        known.map(|known| after.insert(key.clone(), known));
        open.map(|open| unknown.insert(key.clone(), open));
        secret.map(|secret| sensitive.insert(key.clone(), secret));
    }
    for name in entry["computed"].as_array().unwrap() {
        unknown.insert(name.as_str().unwrap().to_owned(), json!(true));
    }
    let after = if entry["values"].is_object() { json!(after) } else { entry["values"].clone() };
    json!({
        "address": address(entry), "mode": "managed", "type": entry["type"], "name": entry["name"],
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": ["create"], "before": null, "after": after, "after_unknown": unknown,
            "before_sensitive": false, "after_sensitive": sensitive,
        },
    })
}

/// What the configuration says of a value.
fn expression(value: &Value) -> Value {
    let mut references = BTreeSet::new();
    refers(value, &mut references);
    let is_block = |item: &Value| item.is_object() && item.get("ref").is_none();
    match value {
        Value::Array(items) if !items.is_empty() && items.iter().all(is_block) => {
            let block = |item: &Value| -> Value {
                let members = item.as_object().unwrap().iter();
                let written = members.filter(|(_, value)| !value.is_null());
                Value::Object(written.map(|(k, v)| (k.clone(), expression(v))).collect())
            };
            items.iter().map(block).collect()
        }
        _ if references.is_empty() => json!({ "constant_value": value }),
        _ => json!({ "references": references }),
    }
}

/// The references of an expression, with what each begins with.
fn refers(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => match members.get("ref").and_then(Value::as_str) {
            Some(reference) => {
                out.insert(reference.to_owned());
                let resource: Vec<&str> = reference.split('.').take(2).collect();
                out.insert(resource.join("."));
            }
            None => members.values().for_each(|member| refers(member, out)),
        },
        Value::Array(items) => items.iter().for_each(|item| refers(item, out)),
        _ => {}
    }
}

fn configuration(entry: &Value) -> Value {
    let values = entry["values"].as_object().into_iter().flatten();
    let written = values.filter(|(_, value)| !value.is_null() && **value != json!([]));
    let expressions: Map<String, Value> =
        written.map(|(key, value)| (key.clone(), expression(value))).collect();
    json!({
        "address": address(entry), "mode": "managed", "type": entry["type"], "name": entry["name"],
        "provider_config_key": "aws", "expressions": expressions, "schema_version": 0,
    })
}
