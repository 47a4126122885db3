//! A whole run to bytes: one file a format.

pub mod json;
pub mod text;

use crate::base::Sources;
use crate::program::Program;

use crate::assess::Assessment;

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'a> {
    /// The run.
    pub assessment: &'a Assessment,
    /// The program that ran.
    pub program: &'a Program,
    /// The policies' texts.
    pub sources: &'a Sources,
    /// SHA-256 of a text, in hexadecimal.
    pub digest: fn(&str) -> String,
}
