//! Diagnostics of the checker, one constructor a message, by what they are about.

pub mod calls;
pub mod controls;
pub mod declarations;
pub mod frameworks;
pub mod names;
pub mod operators;
pub mod optional;
pub mod tests;
pub mod types;
