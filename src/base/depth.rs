//! A counter of how deep saved data nests, so that no file can overflow the stack of its reader.

use std::cell::Cell;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// How deep it may nest.
const MAX_DEPTH: u32 = 128;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Reads something that may hold something of its own kind.
///
/// # Errors
///
/// What the inner reader says, or that it nests too deep.
pub fn deep<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    let depth = DEPTH.get();
    if depth >= MAX_DEPTH {
        return Err(D::Error::custom("nested too deep"));
    }
    DEPTH.set(depth + 1);
    let out = T::deserialize(from);
    DEPTH.set(depth);
    out
}
