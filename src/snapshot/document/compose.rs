//! Puts a tree together from its pieces in the order of the text; counts depth and nodes.

use indexmap::IndexMap;

use crate::base::Arena;
use crate::base::source::SourceFile;
use crate::value::Text;

use super::{
    Document, Duplicate, Entry, Kind, MAX_ALIASED, MAX_DEPTH, Node, NodeId, Problem, ReadError,
    Scalar,
};

/// A tree in the making.
#[derive(Debug)]
pub(super) struct Composer<'a> {
    file: &'a SourceFile,
    nodes: Arena<Node>,
    /// Of each node: how many nodes it stands for, and how deep it is; by number.
    sizes: Vec<Size>,
    duplicates: Vec<Duplicate>,
    open: Vec<Frame>,
    /// How many nodes the aliases so far stand for.
    aliased: u64,
    root: Option<NodeId>,
}

#[derive(Clone, Copy, Debug)]
struct Size {
    nodes: u64,
    height: u32,
}

/// A list or map that has not ended.
#[derive(Debug)]
struct Frame {
    start: u32,
    tag: Option<Text>,
    size: Size,
    body: Body,
}

#[derive(Debug)]
enum Body {
    List(Vec<NodeId>),
    Map {
        entries: IndexMap<Text, Entry>,
        /// The key whose value comes next.
        key: Option<Key>,
        /// What `<<` names, to be merged at the end.
        merges: Vec<NodeId>,
        /// Keys that stand twice: the key and both places.
        twice: Vec<(Text, u32, u32)>,
    },
}

#[derive(Debug)]
enum Key {
    /// Its text, its first byte, the byte after its last.
    Name(Text, u32, u32),
    /// `<<`.
    Merge,
}

impl<'a> Composer<'a> {
    pub(super) fn new(file: &'a SourceFile) -> Self {
        Self {
            file,
            nodes: Arena::new(),
            sizes: Vec::new(),
            duplicates: Vec::new(),
            open: Vec::new(),
            aliased: 0,
            root: None,
        }
    }

    /// Whether a key of a map is wanted next.
    pub(super) fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { body: Body::Map { key: None, .. }, .. }))
    }

    /// Whether the innermost list or map has nothing in it yet.
    pub(super) fn is_fresh(&self) -> bool {
        match self.open.last().map(|frame| &frame.body) {
            Some(Body::List(items)) => items.is_empty(),
            Some(Body::Map { entries, .. }) => entries.is_empty(),
            None => true,
        }
    }

    /// Whether no list or map is open.
    pub(super) fn is_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// The key of the next value. Only where [`Composer::wants_key`].
    pub(super) fn key(&mut self, text: Text, start: u32, end: u32) {
        if let Some(Frame { body: Body::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key::Name(text, start, end));
        }
    }

    /// The next value is to be merged into the map. Only where [`Composer::wants_key`].
    pub(super) fn merge_key(&mut self) {
        if let Some(Frame { body: Body::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key::Merge);
        }
    }

    pub(super) fn start_list(&mut self, start: u32, tag: Option<Text>) -> Result<(), ReadError> {
        self.start(start, tag, Body::List(Vec::new()))
    }

    pub(super) fn start_map(&mut self, start: u32, tag: Option<Text>) -> Result<(), ReadError> {
        let body = Body::Map {
            entries: IndexMap::new(),
            key: None,
            merges: Vec::new(),
            twice: Vec::new(),
        };
        self.start(start, tag, body)
    }

    fn start(&mut self, start: u32, tag: Option<Text>, body: Body) -> Result<(), ReadError> {
        if self.open.len() >= MAX_DEPTH as usize {
            return Err(self.too_deep(start));
        }
        self.open.push(Frame { start, tag, size: Size { nodes: 1, height: 1 }, body });
        Ok(())
    }

    fn too_deep(&self, at: u32) -> ReadError {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        ReadError::at(self.file, Problem::Limit, at, message)
    }

    /// A value that is neither list nor map; gives its number.
    pub(super) fn scalar(
        &mut self,
        scalar: Scalar,
        tag: Option<Text>,
        start: u32,
        end: u32,
    ) -> Result<NodeId, ReadError> {
        let node = Node { kind: Kind::Scalar(scalar), start, end, tag };
        let id = self.add(node, Size { nodes: 1, height: 0 });
        self.place(id, start, false)?;
        Ok(id)
    }

    /// Ends the innermost list or map; gives its number.
    pub(super) fn end(&mut self, end: u32) -> Result<Option<NodeId>, ReadError> {
        let Some(mut frame) = self.open.pop() else { return Ok(None) };
        let mut twice_here = Vec::new();
        let kind = match frame.body {
            Body::List(items) => Kind::List(items),
            Body::Map { mut entries, merges, twice, .. } => {
                for source in merges {
                    self.merge(&mut entries, source, &mut frame.size, frame.start)?;
                }
                twice_here = twice;
                Kind::Map(entries)
            }
        };
        let id = self.add(Node { kind, start: frame.start, end, tag: frame.tag }, frame.size);
        self.duplicates.extend(twice_here.into_iter().map(|(key, first, second)| Duplicate {
            map: id,
            key,
            first,
            second,
        }));
        self.place(id, frame.start, false)?;
        Ok(Some(id))
    }

    /// The node once more, named by an alias at the byte.
    pub(super) fn alias(&mut self, id: NodeId, at: u32) -> Result<(), ReadError> {
        self.place(id, at, true)
    }

    fn add(&mut self, node: Node, size: Size) -> NodeId {
        self.sizes.push(size);
        self.nodes.add(node)
    }

    fn size(&self, id: NodeId) -> Size {
        self.sizes.get(id.index()).copied().unwrap_or(Size { nodes: 1, height: 0 })
    }

    /// The node's text where it is a scalar, for a key that is an alias.
    pub(super) fn scalar_text(&self, id: NodeId) -> Option<Text> {
        match &self.nodes.get(id)?.kind {
            Kind::Scalar(scalar) => Some(Text::clone(&scalar.text)),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// Puts a finished node into what is open around it.
    fn place(&mut self, id: NodeId, at: u32, alias: bool) -> Result<(), ReadError> {
        let size = self.size(id);
        let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        if alias && depth.saturating_add(size.height) > MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(id);
            return Ok(());
        };
        frame.size.nodes = frame.size.nodes.saturating_add(size.nodes);
        frame.size.height = frame.size.height.max(size.height + 1);
        match &mut frame.body {
            Body::List(items) => items.push(id),
            Body::Map { entries, key, merges, twice } => match key.take() {
                None => {}
                Some(Key::Merge) => merges.push(id),
                Some(Key::Name(name, key_start, key_end)) => {
                    let entry = Entry { key_start, key_end, value: id };
                    match entries.get(&name) {
                        Some(old) => twice.push((name, old.key_start, key_start)),
                        None => {
                            entries.insert(name, entry);
                        }
                    }
                }
            },
        }
        if alias { self.count_aliased(size.nodes, at) } else { Ok(()) }
    }

    fn count_aliased(&mut self, nodes: u64, at: u32) -> Result<(), ReadError> {
        self.aliased = self.aliased.saturating_add(nodes);
        if self.aliased <= MAX_ALIASED {
            return Ok(());
        }
        let message = format!("aliases stand for more than {MAX_ALIASED} values");
        Err(ReadError::at(self.file, Problem::Limit, at, message)
            .hint("aliases of what holds aliases multiply"))
    }

    /// Takes the entries of a map, or of each map of a list, that are not there yet.
    fn merge(
        &mut self,
        entries: &mut IndexMap<Text, Entry>,
        source: NodeId,
        size: &mut Size,
        at: u32,
    ) -> Result<(), ReadError> {
        let mut added = 0u64;
        let sources: Vec<NodeId> = match self.nodes.get(source).map(|node| &node.kind) {
            Some(Kind::List(items)) => items.clone(),
            _ => vec![source],
        };
        for source in sources {
            let Some(Node { kind: Kind::Map(from), .. }) = self.nodes.get(source) else {
                let message = "`<<` merges a map or a list of maps only";
                return Err(ReadError::at(self.file, Problem::Yaml, at, message));
            };
            let count = from.len() as u64;
            size.nodes = size.nodes.saturating_add(count);
            added = added.saturating_add(count);
            for (key, entry) in from {
                entries.entry(Text::clone(key)).or_insert(*entry);
            }
        }
        self.count_aliased(added, at)
    }

    /// The document, if anything was read.
    pub(super) fn finish(self) -> Option<Document> {
        Some(Document {
            file: self.file.clone(),
            root: self.root?,
            duplicates: self.duplicates,
            nodes: self.nodes,
        })
    }
}
