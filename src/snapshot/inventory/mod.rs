//! Inventories: our own neutral form, a resource a line (NDJSON) or one JSON array, streamed.
//!
//! `{"type","id","account"?,"region"?,"arn"?,"name"?,"tags"?,"created"?,"properties":{…}}`, keys in any
//! order; `{"gap":{"type"?,"account"?,"region"?,"reason"}}` says what the collector could not see.

mod foreign;
mod record;
mod source;

use std::io::Read;

use crate::base::LineColumn;
use crate::program::Projection;
use crate::value::Text;

use super::model::{Gap, Resource};
use super::split::{Splitter, Stopped};

/// What a text of an inventory turned out to be.
#[derive(Debug)]
pub enum Record {
    /// A resource that the program asks about.
    Resource(Box<Resource>),
    /// A resource of a type that nobody asks about; its account and region, where they are given.
    Skipped(Option<Text>, Option<Text>),
    /// Something that the collector could not see.
    Gap(Gap),
    /// Text that is no resource; the rest goes on.
    Bad(LineColumn, String),
}

/// Reads an inventory and hands over each record as it is read.
///
/// # Errors
///
/// Where the input cannot be read on: it cannot be read at all, it ends too early, or an array is
/// malformed. What was handed over before stands.
pub fn read(
    projection: &Projection,
    input: u32,
    bytes: impl Read,
    mut sink: impl FnMut(Record),
) -> Result<(), Stopped> {
    let mut foreign = foreign::Foreign::default();
    Splitter::lines().each(bytes, |_, text, place| {
        sink(record::read(projection, input, &text, place, &mut foreign));
        foreign.gaps.drain(..).for_each(|gap| sink(Record::Gap(gap)));
    })
}
