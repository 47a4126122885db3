//! The way from a resource's properties back to its text.

use crate::value::Step;

use super::super::model::{Locate, Located};
use super::super::scan::Places;

/// The text of one resource, kept to find places in it.
#[derive(Debug)]
pub(super) struct Source(pub Places);

impl Locate for Source {
    fn locate(&self, path: &[Step]) -> Located {
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
        let mut at = 0;
        for key in &keys {
            match self.0.descend(at, key) {
                Some(inner) => at = inner,
                None => break,
            }
        }
        Located { pointer, place: self.0.place(at) }
    }
}
