//! Assize: an embedded policy language for compliance.
//!
//! ```text
//! text ─lex→ tokens ─parse→ Ast ─resolve→ Names ─check→ Hir ─compile→ Program
//!                                                                        │ projection
//! bytes ─load→ Snapshot (rows of typed slots) ───────────────────────────┤
//!                                                                        └─run→ Findings → report
//! ```

pub mod base;
pub mod diagnostic;
pub mod value;
pub mod types;
pub mod syntax;
pub mod hir;
pub mod stdlib;
pub mod schema;
pub mod resolve;
pub mod check;
pub mod program;
pub mod builtins;
pub mod compile;
pub mod snapshot;
pub mod vm;
pub mod assess;
pub mod report;
pub mod engine;
#[cfg(feature = "cli")]
pub mod repl;
#[cfg(feature = "cli")]
pub mod cli;

/// The page on embedding: its program is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
struct Embedding;
