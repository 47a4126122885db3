//! The parts of a source's item that an adapter reads.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::base::Symbol;

/// What is read of a JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// All of it.
    pub whole: bool,
    /// Of an object, these members.
    pub fields: IndexMap<Symbol, Part>,
    /// Of a list, this of every element.
    pub elements: Option<Box<Part>>,
}

/// A step into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartStep {
    /// A member of an object.
    Field(Symbol),
    /// The elements of a list.
    Elements,
}

impl Part {
    /// All that stands at the end of the path is read.
    pub fn add(&mut self, path: &[PartStep]) {
        self.at(path).whole = true;
    }

    /// The part at the end of the path, made where it is new.
    pub fn at(&mut self, path: &[PartStep]) -> &mut Self {
        path.iter().fold(self, |part, step| match step {
            PartStep::Field(name) => part.fields.entry(name.clone()).or_default(),
            PartStep::Elements => part.elements.get_or_insert_default(),
        })
    }

    /// What either reads.
    pub fn merge(&mut self, other: &Self) {
        self.whole |= other.whole;
        for (name, part) in &other.fields {
            self.fields.entry(name.clone()).or_default().merge(part);
        }
        if let Some(elements) = &other.elements {
            self.elements.get_or_insert_default().merge(elements);
        }
    }
}
