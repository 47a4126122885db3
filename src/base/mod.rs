//! Words that everyone shares: places in source text, names, typed indexes.

pub mod arena;
pub mod distance;
pub mod source;
pub mod symbol;

pub use arena::{Arena, Idx};
pub use source::{LineColumn, SourceId, Sources, Span};
pub use symbol::Symbol;
