//! From a node back to the way there: RFC 6901 pointers.

use crate::base::pointer::push_key;
use crate::value::Text;

use super::{Document, Kind, NodeId};

/// The way from the root to every node of a document. A node that aliases share has the way of its
/// anchor.
#[derive(Clone, Debug)]
pub struct Pointers {
    parents: Vec<Option<(NodeId, Step)>>,
}

#[derive(Clone, Debug)]
enum Step {
    Key(Text),
    Element(usize),
}

impl Pointers {
    /// Walks the document once.
    pub fn new(document: &Document) -> Self {
        let mut parents: Vec<Option<(NodeId, Step)>> = vec![None; document.len()];
        let mut open = vec![document.root];
        let mut set =
            |child: NodeId, parent: NodeId, step: Step, open: &mut Vec<NodeId>| match parents
                .get_mut(child.index())
            {
                Some(place @ None) if child != document.root => {
                    *place = Some((parent, step));
                    open.push(child);
                }
                _ => {}
            };
        while let Some(id) = open.pop() {
            match document.node(id).map(|node| &node.kind) {
                Some(Kind::List(items)) => {
                    for (at, item) in items.iter().enumerate() {
                        set(*item, id, Step::Element(at), &mut open);
                    }
                }
                Some(Kind::Map(entries)) => {
                    for (key, entry) in entries {
                        set(entry.value, id, Step::Key(Text::clone(key)), &mut open);
                    }
                }
                Some(Kind::Scalar(_)) | None => {}
            }
        }
        Self { parents }
    }

    /// The pointer to the node. `prefix` gives the segment that stands for a node's tag, if it has one:
    /// `Fn::If` for `!If`.
    pub fn pointer(&self, id: NodeId, tag: impl Fn(NodeId) -> Option<String>) -> String {
        let mut segments = Vec::new();
        let mut at = id;
        while let Some(Some((parent, step))) = self.parents.get(at.index()) {
            segments.push(match step {
                Step::Key(key) => key.to_string(),
                Step::Element(number) => number.to_string(),
            });
            if let Some(tag) = tag(*parent) {
                segments.push(tag);
            }
            at = *parent;
        }
        let mut pointer = String::new();
        segments.iter().rev().for_each(|segment| push_key(&mut pointer, segment));
        pointer
    }
}
