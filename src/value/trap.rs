//! Why an evaluation stopped: never a pass, whatever stands around it.

use super::Text;

/// A fault of the data or a limit reached. It stops the statement (`when`, `require`, an element's
/// round of an `each`) that it happens in, which is an `error` then; `not` cannot turn it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// Data that breaks its schema was read; the reason as in [`Broken`](super::Broken).
    Broken(Text),
    /// An integer outside 64 bits, a float that is no number, a time outside the calendar.
    Overflow,
    /// A division by zero.
    DivisionByZero,
    /// A limit of the run was reached.
    Limit(Limit),
}

/// The limits of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Steps (`--max-steps`).
    Fuel,
    /// Bytes of values made during a run (`--max-memory`).
    Memory,
    /// Nesting of values made during a run.
    Depth,
}
