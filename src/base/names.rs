//! Maps by name that are asked far more often than they are made.

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use super::Symbol;

/// What belongs to each of some names, in order. The names are those of a program, never of its input: nobody
/// can choose ones that collide, and the standard hash takes as long as reading a name does.
pub type Names<V> = IndexMap<Symbol, V, FixedState>;
