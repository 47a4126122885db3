//! A whole run to bytes: one file a format.

pub mod baseline;
pub mod json;
mod requirements;
pub mod text;

use crate::base::Sources;
use crate::program::Program;

use crate::assess::Assessment;

use baseline::{Comparison, State};

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'a> {
    /// The run.
    pub assessment: &'a Assessment,
    /// The program that ran.
    pub program: &'a Program,
    /// The policies' texts.
    pub sources: &'a Sources,
    /// SHA-256 of a text, in hexadecimal, for the findings' fingerprints; an empty text for none.
    pub digest: fn(&str) -> String,
    /// The run against an earlier report, where one was given.
    pub comparison: Option<&'a Comparison>,
}

impl Reported<'_> {
    /// What a finding, by its place among all, is against the earlier report.
    fn state(&self, at: usize) -> Option<State> {
        self.comparison.and_then(|comparison| comparison.states.get(at).copied().flatten())
    }
}
