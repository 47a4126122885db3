//! Walks a template's tree and applies functions where it meets them.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::Symbol;
use crate::program::Projection;
use crate::snapshot::document::{Document, Entry, NodeId, Resolved, Scalar};
use crate::value::segments::Builder;
use crate::value::{Answer, Open, Origin, Shape, Text, Value};

use super::cases::{Case, Noted};
use super::tree::{Tree, TreeKind};
use super::{Warning, coerce, functions};

/// How many nodes a template may be evaluated to, loops unrolled.
const MAX_WORK: u64 = 3_000_000;

/// The long name of a tag: `Fn::If` for `!If`, `Ref` for `!Ref`.
pub(super) fn long_name(tag: &str) -> String {
    match tag.trim_start_matches('!') {
        "Ref" => "Ref".to_owned(),
        "Condition" => "Condition".to_owned(),
        other => format!("Fn::{other}"),
    }
}

/// What a template's functions may ask.
pub(super) struct Evaluator<'a> {
    pub document: &'a Document,
    pub projection: &'a Projection,
    pub parameters: IndexMap<Text, Tree>,
    /// The types of the template's resources, by logical id.
    pub kinds: IndexMap<Text, Symbol>,
    /// Conditions that were decided, and what they hang on; `None` while one is being decided.
    pub conditions: IndexMap<Text, Option<(Answer, BTreeSet<Text>)>>,
    /// How open parameters turn out.
    pub case: &'a Case,
    pub noted: Noted,
    /// The names that loops around here bind.
    pub bound: Vec<(Text, Text)>,
    pub warnings: Vec<Warning>,
    /// Parts of the template that could not be read.
    pub lost: Vec<Warning>,
    /// Why the template hides resources.
    pub hides: Vec<(NodeId, String)>,
    pub work: u64,
    pub depth: u32,
}

impl Evaluator<'_> {
    pub fn warn(&mut self, node: NodeId, what: impl Into<String>) {
        let warning = Warning { place: self.document.place(node), what: what.into() };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// Says that something of the template is not looked at: the answer is incomplete.
    pub fn lose(&mut self, node: NodeId, what: impl Into<String>) {
        self.lost.push(Warning { place: self.document.place(node), what: what.into() });
    }

    /// An open value for this reason.
    pub fn open(node: NodeId, origin: Origin, cause: impl Into<String>) -> Tree {
        Tree::open(
            node,
            Open { shape: Shape::Any, present: true, origin, cause: Arc::from(cause.into()) },
        )
    }

    /// The value of a node.
    pub fn eval(&mut self, node: NodeId) -> Tree {
        self.work += 1;
        self.depth += 1;
        let tree = if self.work > MAX_WORK || self.depth > 300 {
            Self::open(node, Origin::Computed, "the template is too large to evaluate")
        } else {
            self.eval_node(node)
        };
        self.depth -= 1;
        tree
    }

    fn eval_node(&mut self, node: NodeId) -> Tree {
        let tag = self.document.node(node).and_then(|n| n.tag.clone());
        if let Some(tag) = tag {
            return functions::apply(self, &long_name(&tag), node, node);
        }
        if let Some((name, arg)) = self.function_of(node) {
            return functions::apply(self, &name, node, arg);
        }
        self.content(node)
    }

    /// The function and its argument, if the node is the long form of one.
    pub fn function_of(&self, node: NodeId) -> Option<(String, NodeId)> {
        let entries = self.document.map(node)?;
        let (key, entry) = entries.first().filter(|_| entries.len() == 1)?;
        let is_function =
            &**key == "Ref" || (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach"));
        is_function.then(|| (key.to_string(), entry.value))
    }

    /// The value of a node, its own tag apart.
    pub fn content(&mut self, node: NodeId) -> Tree {
        let document = self.document;
        if let Some(scalar) = document.scalar(node) {
            return self.scalar(node, scalar);
        }
        if let Some(items) = document.list(node) {
            return self.list(node, items);
        }
        match document.map(node) {
            Some(entries) => self.map(node, entries),
            None => Self::open(node, Origin::Computed, "the template has nothing here"),
        }
    }

    /// An element that an open `Fn::If` may leave out is a maybe.
    fn list(&mut self, node: NodeId, items: &[NodeId]) -> Tree {
        let mut out = Vec::new();
        for item in items {
            let tree = self.eval(*item);
            let maybe = matches!(&tree.kind, TreeKind::Open(open) if !open.present);
            if !matches!(tree.kind, TreeKind::Absent) {
                out.push((tree, maybe));
            }
        }
        Tree { kind: TreeKind::List(out, None), node, origin: Origin::Literal }
    }

    fn map(&mut self, node: NodeId, entries: &IndexMap<Text, Entry>) -> Tree {
        let mut out = IndexMap::new();
        let mut open = None;
        for (key, entry) in entries {
            if key.starts_with("Fn::ForEach") {
                for (key, value, bound) in self.unroll(entry.value) {
                    self.bound.extend(bound.clone());
                    let tree = self.eval(value);
                    self.bound.truncate(self.bound.len() - bound.len());
                    out.insert(key, tree);
                }
            } else if &**key == "Fn::Transform" {
                self.hides.push((entry.value, "a macro may add to this".to_owned()));
                open = Some(Arc::from("a macro may add to this"));
            } else {
                let key = Arc::from(self.substitute(key));
                let tree = self.eval(entry.value);
                out.insert(key, tree);
            }
        }
        Tree { kind: TreeKind::Map(out, open), node, origin: Origin::Literal }
    }

    /// The text with the names of the loops around it filled in.
    pub fn substitute(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (name, value) in &self.bound {
            for open in ["${", "&{"] {
                out = out.replace(&format!("{open}{name}}}"), value);
            }
        }
        out
    }

    fn scalar(&mut self, node: NodeId, scalar: &Scalar) -> Tree {
        if scalar.resolved != Resolved::Text {
            return Tree { kind: TreeKind::Scalar(scalar.clone()), node, origin: Origin::Literal };
        }
        let text = if self.bound.is_empty() {
            scalar.text.to_string()
        } else {
            self.substitute(&scalar.text)
        };
        if text.contains("{{resolve:") {
            let value = dynamic(&text);
            return from_text(node, &value, Origin::Computed);
        }
        Tree::text(node, &text, Origin::Literal)
    }

    /// The rounds of a loop: `[name, collection, { key: value }]`. Each gives keys, nodes, and what is
    /// bound in them.
    pub fn unroll(&mut self, node: NodeId) -> Vec<(Text, NodeId, Vec<(Text, Text)>)> {
        let Some([name, collection, body]) = self.document.list(node) else {
            self.lose(node, "`Fn::ForEach` takes a name, a collection and a map");
            return Vec::new();
        };
        let (Some(name), Some(body)) = (self.document.plain_text(*name), self.document.map(*body))
        else {
            self.lose(node, "`Fn::ForEach` takes a name, a collection and a map");
            return Vec::new();
        };
        let items = match self.eval(*collection).kind {
            TreeKind::List(items, None) => items,
            _ => {
                self.hides.push((node, "the collection of a loop is open".to_owned()));
                return Vec::new();
            }
        };
        let mut out = Vec::new();
        for (item, _) in items {
            let Value::Text(value) = coerce::to_text(&item) else {
                self.hides.push((node, "the collection of a loop is open".to_owned()));
                continue;
            };
            let bound = vec![(name.clone(), value)];
            self.bound.extend(bound.clone());
            for (key, entry) in body {
                if key.starts_with("Fn::ForEach") && self.bound.len() < 16 {
                    for (key, node, mut inner) in self.unroll(entry.value) {
                        inner.splice(0..0, bound.clone());
                        out.push((key, node, inner));
                    }
                } else {
                    out.push((Arc::from(self.substitute(key)), entry.value, bound.clone()));
                }
            }
            self.bound.truncate(self.bound.len() - 1);
            if out.len() > 100_000 {
                self.lose(node, "a loop of over 100000 rounds");
                break;
            }
        }
        out
    }
}

/// A tree of a text value: known, partly known or open.
pub(super) fn from_text(node: NodeId, value: &Value, origin: Origin) -> Tree {
    match value.plain() {
        Value::Open(open) => {
            Tree { kind: TreeKind::Open(Arc::clone(open)), node, origin: open.origin }
        }
        Value::Text(text) => Tree::text(node, text, origin),
        _ => Tree { kind: TreeKind::Absent, node, origin },
    }
}

/// Text with dynamic references: each is open, and says what it is.
fn dynamic(text: &str) -> Value {
    let mut builder = Builder::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{resolve:") {
        let Some((reference, next)) = after.split_once("}}") else { break };
        builder.text(before);
        let service = reference.split(':').next().unwrap_or("");
        let origin = match service {
            "secretsmanager" | "ssm-secure" => Origin::DynamicSecret,
            _ => Origin::Computed,
        };
        builder.value(&Value::unknown(
            origin,
            &format!("`{{{{resolve:{service}:…}}}}` is filled in at deployment"),
        ));
        rest = next;
    }
    builder.text(rest);
    builder.finish()
}
