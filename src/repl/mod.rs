//! The REPL without its terminal: what was defined, what is asked, and how an answer looks.

pub mod command;
pub mod complete;
mod session;
mod table;

pub use session::{Asked, Defined, Session, Wrong, is_open};
pub use table::{json, table};
