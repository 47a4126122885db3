//! The way from a resource's properties back to its text.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::base::LineColumn;
use crate::value::Step;

use super::super::model::{Locate, Located};
use super::super::scan::Places;
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

    fn places(&self, text: u32) -> Option<Arc<Places>> {
        let (block, known) = match self {
            Self::Block(block, known) => (block, known),
            Self::Excerpt(places) => return Some(Arc::clone(places)),
        };
        let cut = block.cuts.get(text as usize)?;
        let places = || {
            let text = String::from_utf8_lossy(block.bytes(cut));
            Arc::new(Places::new(Arc::from(text), cut.place))
        };
        Some(Arc::clone(known.lock().ok()?.entry(text).or_insert_with(places)))
    }
}

impl Locate for Source {
    fn locate(&self, text: u32, path: &[Step]) -> Located {
        let mut pointer = String::new();
        let mut keys: Vec<String> = Vec::new();
        for step in path {
            match step {
                Step::Attribute(name) => keys.push(name.to_string()),
                Step::Key(key) => {
                    if keys.is_empty() {
                        keys.push("properties".to_owned());
                    }
                    keys.push(key.to_string());
                }
                Step::Element(n) => keys.push(n.to_string()),
            }
        }
        for key in &keys {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        }
        let places = self.places(text);
        let mut at = 0;
        for key in &keys {
            match places.as_ref().and_then(|places| places.descend(at, key)) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        let nowhere = LineColumn { line: 1, column: 1 };
        Located { pointer, place: places.map_or(nowhere, |places| places.place(at)) }
    }
}
