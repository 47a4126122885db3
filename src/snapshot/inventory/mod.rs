//! Inventories: our own neutral form, a resource a line (NDJSON) or one JSON array, streamed.
//!
//! `{"type","id","account"?,"region"?,"arn"?,"name"?,"tags"?,"created"?,"properties":{…}}`, keys in any
//! order; `{"gap":{"type"?,"account"?,"region"?,"reason"}}` says what the collector could not see.
//!
//! [`Splitter::lines`] cuts an inventory into blocks; these may be read in any order and on any thread.

mod foreign;
mod members;
mod record;
mod source;

use std::io::Read;
use std::sync::Arc;

use crate::base::LineColumn;
use crate::program::Projection;
use crate::value::Text;

use super::model::{Gap, Resource};
use super::split::{Block, Splitter, Stopped};

pub use foreign::Foreign;

/// What a text of an inventory turned out to be.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all are resources")]
pub enum Record<'b> {
    /// A resource that the program asks about.
    Resource(Resource),
    /// A resource of a type that nobody asks about; its account and region, where they are given.
    Skipped(Option<Text>, Option<Text>),
    /// Before the first such resource of its type in a block: a type that the library does not know.
    Foreign(&'b str, LineColumn),
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
    mut sink: impl FnMut(Record<'_>),
) -> Result<(), Stopped> {
    Splitter::lines().blocks(bytes, |block| {
        let block = Arc::new(block);
        read_block(projection, input, &block, &mut sink);
        Arc::into_inner(block)
    })
}

/// Reads the texts of a block and hands over each record in order.
pub fn read_block(
    projection: &Projection,
    input: u32,
    block: &Arc<Block>,
    mut sink: impl FnMut(Record<'_>),
) {
    let mut reader = record::Reader::new(projection, input, block);
    for cut in (0u32..).zip(&block.cuts) {
        reader.read(cut, &mut sink);
    }
}
