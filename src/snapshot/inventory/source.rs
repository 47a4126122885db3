//! The way from a resource's properties back to its text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::base::LineColumn;
use crate::base::pointer::push_key;
use crate::value::Step;

use super::super::model::{Locate, Located};
use super::super::scan::{Places, SHORT, descend, place_in};
use super::super::split::Block;

/// The texts of resources, in which places are found.
#[derive(Debug)]
pub(super) enum Source {
    /// Those of a block, by their number there.
    Block(Arc<Block>, Mutex<BTreeMap<u32, Arc<Places>>>),
    /// What was copied of one.
    Excerpt(Arc<Places>),
}

impl Source {
    /// The texts of a block.
    pub fn of_block(block: &Arc<Block>) -> Self {
        Self::Block(Arc::clone(block), Mutex::default())
    }

    /// Where the value at the end of the keys begins, or the innermost one on the way that is there.
    fn place(&self, text: u32, keys: &[Cow<'_, str>]) -> Option<LineColumn> {
        let (block, known) = match self {
            Self::Block(block, known) => (block, known),
            Self::Excerpt(places) => return Some(within(places, keys)),
        };
        let cut = block.cuts.get(text as usize)?;
        let bytes = block.bytes(cut);
        if bytes.len() < SHORT
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            return Some(place_in(text, cut.place, walk(keys, |at, key| descend(text, at, key))));
        }
        let places = || {
            let text = String::from_utf8_lossy(bytes);
            Arc::new(Places::new(Arc::from(text), cut.place))
        };
        let places = Arc::clone(known.lock().ok()?.entry(text).or_insert_with(places));
        Some(within(&places, keys))
    }
}

fn within(places: &Places, keys: &[Cow<'_, str>]) -> LineColumn {
    places.place(walk(keys, |at, key| places.descend(at, key)))
}

/// Goes from the start of a text down along the keys, as far as they are there.
fn walk(keys: &[Cow<'_, str>], descend: impl Fn(usize, &str) -> Option<usize>) -> usize {
    let mut at = 0;
    for key in keys {
        match descend(at, key) {
            Some(inner) => at = inner,
            None => break,
        }
    }
    at
}

impl Locate for Source {
    fn locate(&self, text: u32, path: &[Step]) -> Located {
        let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(path.len() + 1);
        for step in path {
            match step {
                Step::Attribute(name) => keys.push(Cow::Borrowed(name)),
                Step::Key(key) => {
                    if keys.is_empty() {
                        keys.push(Cow::Borrowed("properties"));
                    }
                    keys.push(Cow::Borrowed(key));
                }
                Step::Element(n) => keys.push(Cow::Owned(n.to_string())),
            }
        }
        let place = self.place(text, &keys).unwrap_or(LineColumn { line: 1, column: 1 });
        let mut pointer = String::new();
        keys.iter().for_each(|key| push_key(&mut pointer, key));
        Located { pointer, place }
    }
}
