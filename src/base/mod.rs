//! Words that everyone shares: places in source text, names, typed indexes, the cursor over JSON.

pub mod arena;
pub mod cursor;
pub mod distance;
pub mod names;
pub mod pointer;
pub(crate) mod simd;
pub mod source;
pub mod symbol;
pub(crate) mod threads;

pub use arena::{Arena, Idx};
pub use names::Names;
pub use source::{LineColumn, SourceId, Sources, Span};
pub use symbol::Symbol;
