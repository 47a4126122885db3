//! Vectors whose indexes know what they index: an `Idx<Param>` cannot be used where an
//! `Idx<Control>` is wanted.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An index into an [`Arena`] of `T`.
pub struct Idx<T> {
    raw: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Idx<T> {
    /// The index with this number. Meant for codecs; everyone else gets theirs from an arena.
    pub const fn new(raw: u32) -> Self {
        Self { raw, of: PhantomData }
    }

    /// The number of the index, from 0.
    pub const fn raw(self) -> u32 {
        self.raw
    }

    /// The number as a position in a vector.
    pub const fn index(self) -> usize {
        self.raw as usize
    }
}

impl<T> Clone for Idx<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Idx<T> {}
impl<T> PartialEq for Idx<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl<T> Eq for Idx<T> {}
impl<T> PartialOrd for Idx<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Idx<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}
impl<T> Hash for Idx<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}
impl<T> fmt::Debug for Idx<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.raw)
    }
}

impl<T> Serialize for Idx<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_u32(self.raw)
    }
}
impl<'de, T> Deserialize<'de> for Idx<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        u32::deserialize(from).map(Self::new)
    }
}

/// A growing vector of `T`, indexed by [`Idx<T>`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// An empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value and gives its index.
    pub fn add(&mut self, value: T) -> Idx<T> {
        let idx = self.next_idx();
        self.items.push(value);
        idx
    }

    /// The index that the next added value will have.
    pub fn next_idx(&self) -> Idx<T> {
        Idx::new(u32::try_from(self.items.len()).unwrap_or(u32::MAX))
    }

    /// The value at the index, if it is of this arena.
    pub fn get(&self, idx: Idx<T>) -> Option<&T> {
        self.items.get(idx.index())
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All values, in the order in which they were added.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// All values, to be changed.
    pub fn all_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// All indexes with their values.
    pub fn iter_with_idx(&self) -> impl Iterator<Item = (Idx<T>, &T)> {
        (0u32..).map(Idx::new).zip(self.items.iter())
    }
}

// INVARIANT: an index is made by the arena that it is used with, so these cannot fail; a foreign
// index is a bug of the compiler, never of its input.
#[expect(clippy::indexing_slicing, reason = "the arena made the index")]
impl<T> Arena<T> {
    /// The value at an index of this arena.
    pub fn at(&self, idx: Idx<T>) -> &T {
        &self.items[idx.index()]
    }

    /// The value at an index of this arena, to be changed.
    pub fn at_mut(&mut self, idx: Idx<T>) -> &mut T {
        &mut self.items[idx.index()]
    }
}

impl<'a, T> IntoIterator for &'a Arena<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
