//! The standard functions: what the checker knows of them and how they run.
//!
//! One file a family; each function is one entry with its signature, its doc, its examples (run as
//! tests, rendered as documentation) and its code.

pub mod signature;

pub use signature::{Builtin, BuiltinRecord, CallContext, Example, SigType};

/// Every standard function, forms of one name side by side, in the order in which they are tried.
pub fn all() -> &'static [&'static Builtin] {
    &[]
}

/// Every record type that standard functions make.
pub fn records() -> &'static [BuiltinRecord] {
    &[]
}
