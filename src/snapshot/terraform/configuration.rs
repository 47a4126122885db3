//! The configuration that a plan was made of: for each attribute, to what its expression refers.

use std::collections::HashMap;

use crate::snapshot::document::{Document, NodeId, Resolved};
use crate::value::Text;

use super::find::{is_null, member, text};

/// Where the parts of a configuration stand. A module goes by the names of the calls that lead to it.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// By module, and by type and name.
    resources: HashMap<(String, Text), NodeId>,
    /// The calls of modules.
    calls: HashMap<String, NodeId>,
    /// Whether there is one at all.
    pub is_there: bool,
}

/// What the configuration says of a value.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// There is no configuration.
    Untold,
    /// Nothing: the provider fills it in.
    Not,
    /// Blocks of which it may be any.
    Blocks(Vec<NodeId>),
    /// It refers to these; `exact` where the expression is about this value alone.
    By { references: Vec<Text>, exact: bool },
}

impl Configuration {
    pub fn new(document: &Document) -> Self {
        let mut all = Self::default();
        let root = member(document, document.root, "configuration")
            .and_then(|at| member(document, at, "root_module"));
        if let Some(root) = root {
            all.is_there = true;
            all.module(document, root, String::new());
        }
        all
    }

    fn module(&mut self, document: &Document, node: NodeId, path: String) {
        let resources = member(document, node, "resources").and_then(|at| document.list(at));
        for resource in resources.into_iter().flatten() {
            let part = |key: &str| text(document, *resource, key);
            let (Some(kind), Some(name)) = (part("type"), part("name")) else { continue };
            if part("mode").is_none_or(|mode| &*mode != "data") {
                let key = Text::from(format!("{kind}.{name}"));
                self.resources.insert((path.clone(), key), *resource);
            }
        }
        let calls = member(document, node, "module_calls").and_then(|at| document.map(at));
        for (name, entry) in calls.into_iter().flatten() {
            let inner = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            if let Some(module) = member(document, entry.value, "module") {
                self.module(document, module, inner.clone());
            }
            self.calls.insert(inner, entry.value);
        }
    }

    /// A resource of a module.
    pub fn resource(&self, module: &str, kind: &str, name: &str) -> Option<NodeId> {
        let key = Text::from(format!("{kind}.{name}"));
        self.resources.get(&(module.to_owned(), key)).copied()
    }

    /// The call of a module.
    pub fn call(&self, module: &str) -> Option<NodeId> {
        self.calls.get(module).copied()
    }

    /// What is said of a resource's attributes. A resource that stands in no configuration at hand may be
    /// written in any way.
    pub fn written(&self, document: &Document, resource: Option<NodeId>) -> Written {
        let Some(resource) = resource.filter(|_| self.is_there) else { return Written::Untold };
        match member(document, resource, "expressions") {
            Some(at) if document.map(at).is_some() => Written::Blocks(vec![at]),
            Some(_) => Written::Untold,
            None => Written::Blocks(Vec::new()),
        }
    }
}

/// The references of an expression: `{"references": […]}`.
pub(super) fn references(document: &Document, node: NodeId) -> Vec<Text> {
    let list = member(document, node, "references").and_then(|at| document.list(at));
    list.into_iter().flatten().filter_map(|at| document.plain_text(*at).cloned()).collect()
}

impl Written {
    /// What stands in the configuration in the place of a value: an expression, a block, or a list of blocks.
    pub fn of(document: &Document, node: NodeId) -> Self {
        if let Some(items) = document.list(node) {
            return Self::Blocks(items.to_vec());
        }
        let Some(map) = document.map(node) else { return Self::Untold };
        let is_expression =
            map.keys().all(|key| ["references", "constant_value"].contains(&&**key));
        if let Some(constant) = map.get("constant_value") {
            // `null` is as good as nothing; of what is open in spite of its constant nothing is told.
            return if is_null(document, constant.value) { Self::Not } else { Self::Untold };
        }
        match is_expression {
            true => Self::By { references: references(document, node), exact: true },
            false => Self::Blocks(vec![node]),
        }
    }

    /// What is said of a member.
    pub fn key(&self, document: &Document, key: &str) -> Self {
        let blocks = match self {
            Self::Blocks(blocks) => blocks,
            Self::By { references, .. } => {
                return Self::By { references: references.clone(), exact: false };
            }
            Self::Untold | Self::Not => return self.clone(),
        };
        let found: Vec<NodeId> =
            blocks.iter().filter_map(|block| document.get(*block, key)).collect();
        match (found.as_slice(), blocks.len()) {
            ([], _) => Self::Not,
            ([one], 1) => Self::of(document, *one),
            (all, _) => Self::any(document, all),
        }
    }

    /// What is said of a value of which it is not told which of these it is.
    fn any(document: &Document, all: &[NodeId]) -> Self {
        let (mut blocks, mut references) = (Vec::new(), Vec::new());
        for one in all.iter().map(|node| Self::of(document, *node)) {
            match one {
                Self::Blocks(more) => blocks.extend(more),
                Self::By { references: more, .. } => references.extend(more),
                Self::Untold | Self::Not => {}
            }
        }
        match references.is_empty() && !blocks.is_empty() {
            true => Self::Blocks(blocks),
            false => Self::By { references, exact: false },
        }
    }

    /// What is said of an element: of blocks, those whose constants it has. Sets have no order.
    pub fn element(&self, document: &Document, element: Option<NodeId>) -> Self {
        match self {
            Self::Blocks(blocks) => {
                let fits = |block: &NodeId| {
                    element.is_none_or(|element| may_be(document, *block, element))
                };
                Self::Blocks(blocks.iter().copied().filter(fits).collect())
            }
            Self::By { references, .. } => {
                Self::By { references: references.clone(), exact: false }
            }
            Self::Untold | Self::Not => self.clone(),
        }
    }
}

/// Whether an element may be what the block came to: no constant of the block is another one there.
fn may_be(document: &Document, block: NodeId, element: NodeId) -> bool {
    let entries = document.map(block).into_iter().flatten();
    entries.into_iter().all(|(key, entry)| {
        let constant = document.get(entry.value, "constant_value");
        let pair = (
            constant.and_then(|at| document.scalar(at)),
            document.get(element, key).and_then(|at| document.scalar(at)),
        );
        let (Some(constant), Some(value)) = pair else { return true };
        let null = [constant, value].iter().any(|scalar| scalar.resolved == Resolved::Null);
        null || constant.text == value.text
    })
}
