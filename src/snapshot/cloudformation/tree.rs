//! A template's value after its functions were applied, each part with the node that it came from.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::pointer::push_key;
use crate::snapshot::document::{NodeId, Scalar};
use crate::snapshot::model::{Locate, Located};
use crate::value::{Open, Origin, Step, Text};

use super::Source;

/// A value and where it came from.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub kind: TreeKind,
    /// The innermost node of the template that gave it.
    pub node: NodeId,
    /// How it came about, where it did not simply stand there.
    pub origin: Origin,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum TreeKind {
    /// `AWS::NoValue`: as good as left out.
    Absent,
    /// Text, a number, a truth value, `null`.
    Scalar(Scalar),
    /// A list: elements with whether they are perhaps not there; why there may be more.
    List(Vec<(Tree, bool)>, Option<Text>),
    /// A map; why there may be more entries.
    Map(IndexMap<Text, Tree>, Option<Text>),
    /// Open.
    Open(Arc<Open>),
}

impl Tree {
    /// An open value.
    pub fn open(node: NodeId, open: Open) -> Self {
        let origin = open.origin;
        Self { kind: TreeKind::Open(Arc::new(open)), node, origin }
    }

    /// Text that a function made.
    pub fn text(node: NodeId, text: &str, origin: Origin) -> Self {
        Self { kind: TreeKind::Scalar(Scalar::text(Arc::from(text))), node, origin }
    }

    /// The part at a step.
    fn step(&self, step: &Step) -> Option<&Self> {
        match (&self.kind, step) {
            (TreeKind::Map(entries, _), Step::Key(key)) => entries.get(key),
            (TreeKind::List(items, _), Step::Element(at)) => {
                items.get(*at as usize).map(|(item, _)| item)
            }
            _ => None,
        }
    }
}

/// The way from a resource's values back to the template.
#[derive(Debug)]
pub(super) struct Place {
    pub source: Arc<Source>,
    /// The resource's node.
    pub resource: NodeId,
    /// Its evaluated properties.
    pub properties: Option<Arc<Tree>>,
}

impl Locate for Place {
    fn locate(&self, _text: u32, path: &[Step]) -> Located {
        let mut node = self.resource;
        let mut rest = path;
        if let (Some(properties), Some(Step::Key(_))) = (&self.properties, path.first()) {
            let mut at: &Tree = properties;
            node = at.node;
            while let Some((step, after)) = rest.split_first() {
                let Some(next) = at.step(step) else { break };
                at = next;
                node = at.node;
                rest = after;
            }
        }
        let document = &self.source.document;
        let tag = |id: NodeId| {
            document.node(id).and_then(|node| node.tag.as_deref()).map(super::eval::long_name)
        };
        let mut pointer = self.source.pointers.pointer(node, tag);
        if self.properties.is_none() && matches!(path.first(), Some(Step::Key(_))) {
            pointer.push_str("/Properties");
        }
        for step in rest {
            let part = match step {
                Step::Attribute(name) => name.to_string(),
                Step::Key(key) => key.to_string(),
                Step::Element(n) => n.to_string(),
            };
            push_key(&mut pointer, &part);
        }
        Located { pointer, place: document.place(node) }
    }
}
