//! State files of versions 3 and 4.

use std::collections::BTreeSet;

use crate::snapshot::document::{Document, NodeId, Resolved};
use crate::value::Text;

use super::find::{Finder, Found, Head, member, text};
use super::{Sensitive, Values};

/// A state file as Terraform writes it since 0.12.
pub(super) fn fourth(document: &Document) -> Found {
    let mut finder = Finder::new(document);
    if let Some(resources) = member(document, document.root, "resources") {
        finder.each(resources, "resources", resource);
    }
    finder.found
}

fn resource(finder: &mut Finder<'_>, node: NodeId) {
    let document = finder.document;
    if text(document, node, "mode").is_some_and(|mode| &*mode == "data") {
        return;
    }
    let (Some(kind), Some(name)) = (text(document, node, "type"), text(document, node, "name"))
    else {
        return finder.lose(node, "a resource has no `type` or no `name`");
    };
    let module = text(document, node, "module").map(|module| format!("{module}."));
    let base = format!("{}{kind}.{name}", module.unwrap_or_default());
    let Some(instances) = member(document, node, "instances") else { return };
    let Some(instances) = document.list(instances) else {
        return finder.lose(instances, format!("the `instances` of `{base}` are no list"));
    };
    for instance in instances {
        one(finder, *instance, kind.clone(), &base);
    }
}

fn one(finder: &mut Finder<'_>, node: NodeId, kind: Text, base: &str) {
    let document = finder.document;
    if document.map(node).is_none() {
        return finder.lose(node, format!("an instance of `{base}` is no object"));
    }
    if member(document, node, "deposed").is_some() {
        return;
    }
    let index = member(document, node, "index_key").and_then(|at| document.scalar(at));
    let address = match index {
        Some(index) if index.resolved == Resolved::Text => format!("{base}[\"{}\"]", index.text),
        Some(index) => format!("{base}[{}]", index.text),
        None => base.to_owned(),
    };
    let head = Head { kind, address: Text::from(address) };
    let tree = member(document, node, "attributes");
    let flat = member(document, node, "attributes_flat");
    let values = match (tree, flat) {
        (None, Some(flat)) => Values::Flat(flat),
        (tree, _) => Values::Tree(tree),
    };
    let wrong = match tree.or(flat) {
        None => Some("there are no `attributes`"),
        Some(at) if document.map(at).is_none() => Some("`attributes` is no object"),
        Some(_) => None,
    };
    let item = head.item(node, values, Sensitive::Names(secrets(document, node)));
    finder.put(item, wrong);
}

/// The attributes that hold a secret: the first step of each path in `sensitive_attributes`.
fn secrets(document: &Document, node: NodeId) -> BTreeSet<Text> {
    let paths = member(document, node, "sensitive_attributes").and_then(|at| document.list(at));
    let first = |path: &NodeId| match document.list(*path) {
        Some(steps) => text(document, *steps.first()?, "value"),
        // Early versions had the names alone.
        None => document.plain_text(*path).cloned(),
    };
    paths.into_iter().flatten().filter_map(first).collect()
}

/// A state file as Terraform wrote it up to 0.11.
pub(super) fn third(document: &Document) -> Found {
    let mut finder = Finder::new(document);
    if let Some(modules) = member(document, document.root, "modules") {
        finder.each(modules, "modules", module);
    }
    finder.found
}

fn module(finder: &mut Finder<'_>, node: NodeId) {
    let document = finder.document;
    let path = member(document, node, "path").and_then(|at| document.list(at));
    let names = path.into_iter().flatten().skip(1).filter_map(|at| document.plain_text(*at));
    let within = names.fold(String::new(), |within, name| within + "module." + name + ".");
    let Some(resources) = member(document, node, "resources") else { return };
    let Some(entries) = document.map(resources) else {
        return finder.lose(resources, "the `resources` of a module are no object");
    };
    for (key, entry) in entries.iter().filter(|(key, _)| !key.starts_with("data.")) {
        let Some(kind) = text(document, entry.value, "type") else {
            finder.lose(entry.value, format!("`{within}{key}` has no `type`"));
            continue;
        };
        // Only an object that is to go stands there.
        let Some(primary) = member(document, entry.value, "primary") else { continue };
        let address = Text::from(format!("{within}{}", indexed(key)));
        let attributes = member(document, primary, "attributes");
        let values = attributes.map_or(Values::Tree(None), Values::Flat);
        let wrong = match attributes {
            None => Some("there are no `attributes`"),
            Some(at) if document.map(at).is_none() => Some("`attributes` is no object"),
            Some(_) => None,
        };
        let item =
            Head { kind, address }.item(entry.value, values, Sensitive::Names(BTreeSet::new()));
        finder.put(item, wrong);
    }
}

/// `aws_instance.web.0` as it is written today: `aws_instance.web[0]`.
fn indexed(key: &str) -> String {
    match key.rsplit_once('.') {
        Some((base, index)) if base.contains('.') && index.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{base}[{index}]")
        }
        _ => key.to_owned(),
    }
}
