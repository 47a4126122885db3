//! Texts to resources: the readers.

/// JSON and YAML to located trees.
mod documents;

/// Inventories, streamed.
mod inventories;

/// Adapters: what an item leaves out.
mod adapters;

/// Templates: what their functions leave open.
mod templates;

/// AWS Config's items.
mod config;

use std::io::{self, Read};

/// Hands out a few bytes at a time.
struct Pieces<'a> {
    text: &'a [u8],
    size: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.size.min(self.text.len()).min(buffer.len());
        let (now, later) = self.text.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.text = later;
        Ok(count)
    }
}
