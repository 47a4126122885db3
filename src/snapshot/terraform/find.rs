//! Where the resources of a plan or a state stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::snapshot::document::{Document, NodeId, Resolved};
use crate::value::{Broken, Text};

use super::{Item, Refused, Sensitive, Values, address, state};

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub items: Vec<Item>,
    pub lost: Vec<(LineColumn, String)>,
    pub gaps: Vec<(LineColumn, String)>,
}

/// Finds the resources.
pub(super) fn find(document: &Document) -> Result<Found, Refused> {
    let root = document.root;
    let refuse = |at: NodeId, what: String| Err(Refused { place: document.place(at), what });
    if document.map(root).is_none() {
        return refuse(root, "no plan of Terraform: expected an object".to_owned());
    }
    if let Some(at) = member(document, root, "format_version") {
        let version = document.plain_text(at).map_or("", |text| text);
        return match version.split('.').next() {
            Some("0" | "1") => Ok(shown(document)),
            _ => refuse(at, format!("format_version `{version}` is not known: 0.1 to 1.2 are")),
        };
    }
    if let Some(at) = member(document, root, "version") {
        return match document.scalar(at).map(|scalar| scalar.resolved) {
            Some(Resolved::Int(3)) => Ok(state::third(document)),
            Some(Resolved::Int(4)) => Ok(state::fourth(document)),
            _ => {
                let shown = document.plain_text(at).map_or("", |text| text);
                refuse(at, format!("version `{shown}` of a state file is not known: 3 and 4 are"))
            }
        };
    }
    let known = ["planned_values", "resource_changes", "values"];
    if known.iter().any(|key| member(document, root, key).is_some()) {
        return Ok(shown(document));
    }
    refuse(root, "no plan of Terraform: there is neither `format_version` nor `version`".to_owned())
}

/// A member that is there and not null.
pub(super) fn member(document: &Document, node: NodeId, key: &str) -> Option<NodeId> {
    document.get(node, key).filter(|at| !is_null(document, *at))
}

pub(super) fn is_null(document: &Document, node: NodeId) -> bool {
    document.scalar(node).is_some_and(|scalar| scalar.resolved == Resolved::Null)
}

/// The text of a member.
pub(super) fn text(document: &Document, node: NodeId, key: &str) -> Option<Text> {
    let scalar = document.scalar(document.get(node, key)?)?;
    (scalar.resolved == Resolved::Text).then(|| scalar.text.clone())
}

/// What `terraform show -json` prints of a plan or a state.
fn shown(document: &Document) -> Found {
    let mut finder = Finder { document, found: Found::default(), seen: BTreeSet::new() };
    let root = document.root;
    if let Some(changes) = member(document, root, "resource_changes") {
        finder.each(changes, "resource_changes", Finder::change);
    }
    if let Some(planned) = member(document, root, "planned_values") {
        finder.root_module(planned, true);
    }
    if let Some(values) = member(document, root, "values") {
        finder.root_module(values, false);
    }
    finder.unfinished();
    finder.found
}

pub(super) struct Finder<'d> {
    pub document: &'d Document,
    pub found: Found,
    /// Addresses that were looked at, of resources that are deleted, too.
    seen: BTreeSet<Text>,
}

impl<'d> Finder<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self { document, found: Found::default(), seen: BTreeSet::new() }
    }

    pub fn lose(&mut self, at: NodeId, what: impl Into<String>) {
        self.found.lost.push((self.document.place(at), what.into()));
    }

    /// Each element of a list.
    pub fn each(&mut self, list: NodeId, name: &str, visit: fn(&mut Self, NodeId)) {
        match self.document.list(list) {
            Some(items) => items.iter().for_each(|item| visit(self, *item)),
            None => self.lose(list, format!("`{name}` is no list")),
        }
    }

    /// A plan that ended early, or leaves some for later, does not show all.
    fn unfinished(&mut self) {
        let document = self.document;
        if let Some(at) = document.get(document.root, "errored")
            && document.scalar(at).is_some_and(|scalar| scalar.resolved == Resolved::Bool(true))
        {
            self.lose(at, "making the plan failed: it is not whole");
        }
        if let Some(at) = document.get(document.root, "deferred_changes")
            && document.list(at).is_some_and(|changes| !changes.is_empty())
        {
            let what = "the plan leaves changes to a later one".to_owned();
            self.found.gaps.push((document.place(at), what));
        }
    }

    /// The type, address and index of an entry; none for a data source, or for what cannot be told.
    fn head(&mut self, node: NodeId, within: &str) -> Option<Head> {
        let document = self.document;
        if document.map(node).is_none() {
            self.lose(node, "a resource is no object");
            return None;
        }
        if text(document, node, "mode").is_some_and(|mode| &*mode == "data") {
            return None;
        }
        let Some(mut full) = text(document, node, "address").map(|text| text.to_string()) else {
            self.lose(node, "a resource has no `address`");
            return None;
        };
        // Early versions gave addresses within their module, and without their index.
        if !within.is_empty() && !full.starts_with(within) {
            full = format!("{within}.{full}");
        }
        let index = document.get(node, "index").and_then(|at| document.scalar(at));
        if let Some(index) = index.filter(|index| index.resolved != Resolved::Null)
            && !full.ends_with(']')
        {
            full += &match index.resolved {
                Resolved::Text => format!("[\"{}\"]", index.text),
                _ => format!("[{}]", index.text),
            };
        }
        let Some(kind) = text(document, node, "type") else {
            self.lose(node, format!("`{full}` has no `type`"));
            return None;
        };
        Some(Head { kind, address: Text::from(full) })
    }

    /// An entry of `resource_changes`.
    fn change(&mut self, node: NodeId) {
        let document = self.document;
        let Some(head) = self.head(node, "") else { return };
        // An object that is to go, beside the one that stands under the address.
        if member(document, node, "deposed").is_some() {
            return;
        }
        let Some(change) = member(document, node, "change") else {
            self.lose(node, format!("`{}` has no `change`", head.address));
            return;
        };
        let actions = document.get(change, "actions").and_then(|at| document.list(at));
        let words: Vec<&str> = actions
            .into_iter()
            .flatten()
            .map(|at| document.plain_text(*at).map_or("", |word| word))
            .collect();
        self.seen.insert(head.address.clone());
        if !words.is_empty() && words.iter().all(|word| ["delete", "forget"].contains(word)) {
            return;
        }
        let after = member(document, change, "after");
        // Nothing is made or changed, and there is nothing.
        if after.is_none() && words == ["no-op"] {
            return;
        }
        let unknown = member(document, change, "after_unknown");
        let sensitive = Sensitive::Tree(member(document, change, "after_sensitive"));
        let mut item = head.item(node, Values::Tree(after), sensitive);
        let wrong = match after {
            None if unknown.is_none_or(|at| !is_true(document, at)) => {
                Some("there are no planned values")
            }
            Some(at) if document.map(at).is_none() => Some("`after` is no object"),
            _ => None,
        };
        let unreadable = |at: Option<NodeId>| {
            at.is_some_and(|at| document.map(at).is_none() && !is_bool(document, at))
        };
        let wrong = match () {
            () if unreadable(unknown) => Some("`after_unknown` is no object"),
            () if unreadable(member(document, change, "after_sensitive")) => {
                Some("`after_sensitive` is no object")
            }
            () => wrong,
        };
        item.unknown = unknown;
        self.put(item, wrong);
    }

    fn root_module(&mut self, node: NodeId, planned: bool) {
        if let Some(root) = member(self.document, node, "root_module") {
            self.module(root, "", planned);
        } else if self.document.map(node).is_none() {
            self.lose(node, "the values are no object");
        }
    }

    /// A module of planned or present values, and those within it.
    fn module(&mut self, node: NodeId, within: &str, planned: bool) {
        let document = self.document;
        for (key, of_module) in [("resources", false), ("child_modules", true)] {
            let Some(list) = member(document, node, key) else { continue };
            let Some(items) = document.list(list) else {
                self.lose(list, format!("`{key}` is no list"));
                continue;
            };
            for item in items {
                match of_module {
                    true => {
                        let address = text(document, *item, "address");
                        self.module(*item, address.as_deref().unwrap_or(within), planned);
                    }
                    false => self.valued(*item, within, planned),
                }
            }
        }
        if document.map(node).is_none() {
            self.lose(node, "a module is no object");
        }
    }

    /// A resource with its values.
    fn valued(&mut self, node: NodeId, within: &str, planned: bool) {
        let document = self.document;
        let Some(head) = self.head(node, within) else { return };
        if member(document, node, "deposed_key").is_some() {
            return;
        }
        if planned && self.seen.contains(&head.address) {
            return;
        }
        let values = member(document, node, "values");
        let sensitive = Sensitive::Tree(member(document, node, "sensitive_values"));
        let mut item = head.item(node, Values::Tree(values), sensitive);
        item.partial = planned;
        let wrong = match values {
            Some(at) if document.map(at).is_none() => Some("`values` is no object"),
            None if !planned => Some("there are no `values`"),
            _ => None,
        };
        self.put(item, wrong);
    }

    pub fn put(&mut self, mut item: Item, wrong: Option<&str>) {
        item.broken = wrong.map(|what| Arc::new(Broken { reason: Text::from(what) }));
        self.found.items.push(item);
    }
}

/// Whether the node is `true`.
pub(super) fn is_true(document: &Document, node: NodeId) -> bool {
    document.scalar(node).is_some_and(|scalar| scalar.resolved == Resolved::Bool(true))
}

fn is_bool(document: &Document, node: NodeId) -> bool {
    document.scalar(node).is_some_and(|scalar| matches!(scalar.resolved, Resolved::Bool(_)))
}

/// What a resource is.
pub(super) struct Head {
    pub kind: Text,
    pub address: Text,
}

impl Head {
    /// The resource with these values.
    pub fn item(self, node: NodeId, values: Values, sensitive: Sensitive) -> Item {
        let (module, rest) = address::split(&self.address);
        let last = rest.last().cloned();
        Item {
            kind: Symbol::new(&self.kind),
            address: self.address,
            broken: None,
            node,
            module,
            name: last.as_ref().map_or_else(|| Text::from(""), |part| part.name.clone()),
            index: last.and_then(|part| part.index),
            values,
            unknown: None,
            sensitive,
            partial: false,
        }
    }
}
