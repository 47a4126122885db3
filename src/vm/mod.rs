//! Runs a program on the resources of a snapshot.
//!
//! The machine is asked for one control on one subject at a time. It answers with what became of each
//! requirement; what that means for verdicts is decided in `assess`.

pub mod adapt;
mod dispatch;
mod fused;
pub mod index;
mod kept;
mod keys;
pub mod live;
mod loops;
mod machine;
mod ops;
pub mod outcome;
mod run;
mod trace;
pub mod world;

pub use live::Live;
pub use machine::{Limits, Machine};
pub use outcome::{Finding, Outcome, Read, Result_};
pub use run::{MORE, describe, evaluate_params, passes, run_control, run_waiver};
pub use world::World;
