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
pub mod syntax;
