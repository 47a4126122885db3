//! What a control said about a resource.

use std::sync::Arc;

use crate::base::Span;
use crate::value::{Path, Text, Trap, Value};

/// What became of a requirement, or of one element's round of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Result_ {
    /// It held.
    Held,
    /// It did not hold.
    Failed,
    /// It cannot be known; what would have to be.
    Open(Text),
    /// It could not be evaluated.
    Trapped(Trap),
    /// A person must attest.
    Manual,
}

/// A requirement that did not simply hold.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What became of it.
    pub result: Result_,
    /// What to say.
    pub message: String,
    /// The statement.
    pub span: Span,
    /// The values that decided it, in the order in which they were read; only in a traced run.
    pub evidence: Vec<Read>,
    /// The values that the message shows; only in a traced run.
    pub shown: Vec<Read>,
}

/// A value of the snapshot that was read.
#[derive(Clone, Debug)]
pub struct Read {
    /// Where it is.
    pub path: Arc<Path>,
    /// What it is, with its mark.
    pub value: Value,
}

/// What a control said about a resource.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Whether the control applies: false makes it not applicable; `None` where it applies.
    pub applies: Option<Result_>,
    /// How many requirements (rounds of an `each` apart) were asked.
    pub asked: u32,
    /// The requirements that did not simply hold, in order.
    pub findings: Vec<Finding>,
    /// What was read to find out whether the control applies; only in a traced run.
    pub evidence: Vec<Read>,
    /// Where the `when` stands that decided.
    pub span: Option<Span>,
}
