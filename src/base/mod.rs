//! Words that everyone shares: places in source text, names, typed indexes, the cursor over JSON.

pub mod arena;
pub mod cursor;
pub mod distance;
pub mod source;
pub mod symbol;

pub use arena::{Arena, Idx};
pub use source::{LineColumn, SourceId, Sources, Span};
pub use symbol::Symbol;
