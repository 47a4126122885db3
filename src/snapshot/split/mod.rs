//! The text of a long input to the texts of its resources: lines, elements of an array, or of the array
//! that stands under a known key of an object.
//!
//! An input is read a block at a time, and a block holds whole texts: nothing of them is copied, what they
//! are read to may go to another thread, and the memory of a block that is done with is used again.

mod cut;

use std::io::{self, Read};
use std::ops::Range;

use crate::base::LineColumn;

pub use cut::Splitter;

/// How much is read at a time, in bytes, if the input has as much ready. A text that is longer is read in as many steps as it takes.
const CHUNK: usize = 256 << 10;

/// Why reading stopped.
#[derive(Debug)]
pub struct Stopped {
    /// Where.
    pub place: LineColumn,
    /// One clause.
    pub what: String,
}

/// Some texts of an input, in order.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    /// How many of the bytes are of the input; what follows them is room.
    filled: usize,
    /// Where they stand in the block.
    pub cuts: Vec<Cut>,
}

/// A text of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its bytes in the block.
    pub range: Range<usize>,
    /// Where it begins in the input.
    pub place: LineColumn,
    /// The key of the object and the number in the array in which it stands.
    element: (Option<&'static str>, Option<u64>),
}

impl Cut {
    /// The pointer to the text in the document that it is part of.
    pub fn pointer(&self) -> String {
        match self.element {
            (Some(key), Some(at)) => format!("/{key}/{at}"),
            (None, Some(at)) => format!("/{at}"),
            (_, None) => String::new(),
        }
    }
}

impl Block {
    /// The bytes of one of its texts.
    pub fn bytes(&self, cut: &Cut) -> &[u8] {
        self.bytes.get(cut.range.clone()).unwrap_or(&[])
    }

    /// Reads what the input has ready.
    fn fill(&mut self, bytes: &mut impl Read) -> io::Result<usize> {
        if self.bytes.len() < self.filled + CHUNK {
            self.bytes.resize(self.filled + CHUNK, 0);
        }
        loop {
            match bytes.read(self.bytes.get_mut(self.filled..).unwrap_or(&mut [])) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(count) => {
                    self.filled += count;
                    return Ok(count);
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Splitter {
    /// Reads all of the input and hands over its blocks. A block that is given back is used again.
    ///
    /// # Errors
    ///
    /// Where the input cannot be read on: it cannot be read at all, it ends too early, or it is malformed
    /// between the texts.
    pub fn blocks(
        mut self,
        mut bytes: impl Read,
        mut sink: impl FnMut(Block) -> Option<Block>,
    ) -> Result<(), Stopped> {
        let mut block = Block::default();
        loop {
            let read = block.fill(&mut bytes);
            let end = matches!(read, Ok(0));
            let bytes_read = block.bytes.get(..block.filled).unwrap_or(&[]);
            let cut = self.cut(bytes_read, end, &mut block.cuts);
            let (taken, filled) = (self.taken(), block.filled);
            if block.cuts.is_empty() {
                if taken > 0 {
                    block.bytes.copy_within(taken..filled, 0);
                }
            } else {
                let used = std::mem::take(&mut block);
                let tail = used.bytes.get(taken..filled).unwrap_or(&[]).to_vec();
                block = sink(used).unwrap_or_default();
                block.cuts.clear();
                block.bytes.resize(block.bytes.len().max(tail.len()), 0);
                block.bytes.iter_mut().zip(tail).for_each(|(place, byte)| *place = byte);
            }
            block.filled = filled - taken;
            cut?;
            if let Err(error) = read {
                return Err(self.stopped(format!("cannot be read on: {error}")));
            }
            if end {
                return Ok(());
            }
        }
    }

    /// Reads all of the input and hands over each text.
    ///
    /// # Errors
    ///
    /// As [`Splitter::blocks`].
    pub fn each(self, bytes: impl Read, mut sink: impl FnMut(&[u8], &Cut)) -> Result<(), Stopped> {
        self.blocks(bytes, |block| {
            block.cuts.iter().for_each(|cut| sink(block.bytes(cut), cut));
            Some(block)
        })
    }
}
