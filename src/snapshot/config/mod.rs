//! AWS Config: configuration items, one or many, in snapshots, histories and messages about them, streamed.
//!
//! What an item holds is Config's own view of a resource; an `adapter config` declaration gives the
//! schema's view of it. This reader finds the items, reads of each what the adapters ask for, and tells
//! deleted, partial and left-out ones apart.
//!
//! Formats: <https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html>,
//! <https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html>.

mod document;
mod envelope;
mod excerpt;
mod item;
pub(super) mod part;

use std::io::Read;
use std::sync::Arc;

use crate::base::LineColumn;

use super::model::Gap;
use super::split::{Splitter, Stopped};
use document::Document;
pub use item::{ConfigItem, State};

/// What was found in an input.
#[derive(Debug)]
pub enum Record {
    /// An item.
    Item(Box<ConfigItem>),
    /// Something that is recorded, but not in the input.
    Gap(Gap),
    /// Text that is no item, or an item that cannot be told apart from others; the rest goes on.
    Bad(LineColumn, String),
}

/// Reads items and hands over each as it is read.
///
/// # Errors
///
/// Where the input cannot be read on: it cannot be read at all, it ends too early, or a list is
/// malformed. What was handed over before stands.
pub fn read(input: u32, bytes: impl Read, mut sink: impl FnMut(Record)) -> Result<(), Stopped> {
    Splitter::values("configurationItems").each(bytes, |text, cut| {
        match std::str::from_utf8(text) {
            Ok(text) => {
                let document = Arc::new(Document::new(Arc::from(text), cut.place));
                envelope::walk(input, &document, cut.pointer(), &mut sink);
            }
            Err(_) => sink(Record::Bad(cut.place, "no UTF-8".to_owned())),
        }
    })
}
