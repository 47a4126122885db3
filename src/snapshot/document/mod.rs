//! JSON and YAML texts as one kind of tree in which every node knows where it stands.
//!
//! Trees are flat: a node names its children by their numbers, so nothing here recurses, and a YAML
//! alias shares the nodes of its anchor. Depth and the nodes that aliases stand for are counted while a
//! tree is made, so whoever walks one may recurse.

pub mod decode;
pub mod json;
pub mod scalar;
pub mod yaml;
mod compose;
mod pointer;

pub use decode::decode;
pub use pointer::{Pointers, escape};
pub use scalar::{Resolved, Scalar};

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::LineColumn;
use crate::base::source::SourceFile;
use crate::base::{Arena, Idx};
use crate::value::Text;

/// How deep a document may nest.
pub const MAX_DEPTH: u32 = 128;

/// For how many nodes the aliases and merged maps of a document may stand.
pub const MAX_ALIASED: u64 = 250_000;

/// The number of a node in its document.
pub type NodeId = Idx<Node>;

/// A text that has been read.
#[derive(Clone, Debug)]
pub struct Document {
    /// The text, decoded.
    pub file: SourceFile,
    /// The outermost value.
    pub root: NodeId,
    /// Keys that stand more than once in their map.
    pub duplicates: Vec<Duplicate>,
    nodes: Arena<Node>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its first byte in the decoded text: of its tag or anchor, where it has one.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The tag that YAML gives it, as written: `!Ref`; `None` for tags of YAML itself.
    pub tag: Option<Text>,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Anything but a list or a map.
    Scalar(Scalar),
    /// The elements.
    List(Vec<NodeId>),
    /// The entries, in order; of a key that stands twice, the first.
    Map(IndexMap<Text, Entry>),
}

/// An entry of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The first byte of its key.
    pub key_start: u32,
    /// The byte after its key.
    pub key_end: u32,
    /// Its value.
    pub value: NodeId,
}

/// A key that stands twice in one map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The map.
    pub map: NodeId,
    /// The key.
    pub key: Text,
    /// The first byte of the key where it stands first.
    pub first: u32,
    /// The first byte of the key where it stands again.
    pub second: u32,
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What kind of thing is wrong.
    pub kind: Problem,
    /// What is wrong: lowercase, one clause.
    pub message: String,
    /// Where, in bytes of the decoded text.
    pub at: u32,
    /// Where, as people count.
    pub place: LineColumn,
    /// What to do.
    pub hint: Option<String>,
}

/// The kinds of [`ReadError`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The bytes are no text.
    Encoding,
    /// The text is no JSON.
    Json,
    /// The text is no YAML.
    Yaml,
    /// It nests too deep, or its aliases stand for too much.
    Limit,
}

impl ReadError {
    /// An error at the byte of the text.
    pub(crate) fn at(
        file: &SourceFile,
        kind: Problem,
        at: u32,
        message: impl Into<String>,
    ) -> Self {
        Self { kind, message: message.into(), at, place: file.line_column(at), hint: None }
    }

    /// Says what to do.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Document {
    /// The node with this number; `None` for one of another document.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Where the node stands.
    pub fn place(&self, id: NodeId) -> LineColumn {
        self.file.line_column(self.node(id).map_or(0, |node| node.start))
    }

    /// The entries of the node, if it is a map.
    pub fn map(&self, id: NodeId) -> Option<&IndexMap<Text, Entry>> {
        match &self.node(id)?.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }

    /// The elements of the node, if it is a list.
    pub fn list(&self, id: NodeId) -> Option<&[NodeId]> {
        match &self.node(id)?.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The scalar, if the node is one.
    pub fn scalar(&self, id: NodeId) -> Option<&Scalar> {
        match &self.node(id)?.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The text of the scalar without tag, if the node is one and not null.
    pub fn plain_text(&self, id: NodeId) -> Option<&Text> {
        let node = self.node(id)?;
        match &node.kind {
            Kind::Scalar(scalar) if node.tag.is_none() && scalar.resolved != Resolved::Null => {
                Some(&scalar.text)
            }
            _ => None,
        }
    }

    /// The value behind the key, if the node is a map that has it.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.map(id)?.get(key).map(|entry| entry.value)
    }

    /// How many nodes there are, aliases not counted.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none; never so.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The first duplicate key in or below the node, if there is any.
    pub fn duplicate_below(&self, id: NodeId) -> Option<&Duplicate> {
        self.duplicates_below(id).into_iter().next()
    }

    /// The duplicate keys of the map itself. All stand in the order of their maps, which are numbered as
    /// they end.
    pub fn duplicates_in(&self, map: NodeId) -> &[Duplicate] {
        let start = self.duplicates.partition_point(|twice| twice.map < map);
        let end = self.duplicates.partition_point(|twice| twice.map <= map);
        self.duplicates.get(start..end).unwrap_or(&[])
    }

    /// The duplicate keys in and below the node.
    pub fn duplicates_below(&self, id: NodeId) -> Vec<&Duplicate> {
        let mut out = Vec::new();
        if self.duplicates.is_empty() {
            return out;
        }
        let mut seen = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.node(id).map(|node| &node.kind) {
                Some(Kind::List(items)) => open.extend(items),
                Some(Kind::Map(entries)) => {
                    out.extend(self.duplicates_in(id));
                    open.extend(entries.values().map(|entry| entry.value));
                }
                Some(Kind::Scalar(_)) | None => {}
            }
        }
        out
    }
}

/// Which notation a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// JSON; where it is none, YAML (which reads a comma before a closing bracket).
    Json,
    /// YAML, of which JSON is (nearly) a part.
    Yaml,
}

/// The notation of a text with this name: by its first character, as CloudFormation decides, unless the
/// name ends in `.yaml` or `.yml`.
pub fn notation(name: &str, text: &str) -> Notation {
    let named_yaml = [".yaml", ".yml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    match text.trim_start().chars().next() {
        Some('{' | '[') if !named_yaml => Notation::Json,
        _ => Notation::Yaml,
    }
}

/// Reads a text in either notation. A text that looks like JSON and is none is read as YAML, as
/// CloudFormation does; if that does not help, the error is that of the JSON.
///
/// # Errors
///
/// The text is in neither notation, or it is too deep or too large.
pub fn read(file: SourceFile) -> Result<Document, ReadError> {
    match notation(&file.name, &file.text) {
        Notation::Yaml => yaml::read(file),
        Notation::Json => json::read(file.clone()).or_else(|error| match error.kind {
            Problem::Json => yaml::read(file).map_err(|_| error),
            Problem::Encoding | Problem::Yaml | Problem::Limit => Err(error),
        }),
    }
}

/// Shared text.
pub(crate) fn shared(text: &str) -> Text {
    Arc::from(text)
}
