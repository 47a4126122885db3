//! Of the text of a resource, what is read: for one that is kept to the end of the input. What else stands
//! there is as good as gone, and places are those of the whole text.

use std::ops::Range;
use std::sync::Arc;

use crate::base::LineColumn;

use super::{Places, place_in};

/// Copies parts of a text, in their order.
#[derive(Debug)]
pub struct Excerpt<'t> {
    text: &'t str,
    /// How much of the text was counted, and the place there.
    counted: (usize, LineColumn),
    out: String,
    marks: Vec<(usize, LineColumn)>,
}

impl<'t> Excerpt<'t> {
    /// Nothing yet of a text that begins there.
    pub fn new(text: &'t str, start: LineColumn) -> Self {
        Self { text, counted: (0, start), out: String::new(), marks: vec![(0, start)] }
    }

    /// What stands between parts and is JSON's alone.
    pub fn add(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A part; what is added after it has its place, too.
    pub fn copy(&mut self, part: Range<usize>) {
        let (counted, place) = self.counted;
        let between = self.text.get(counted..part.start).unwrap_or("");
        let place = place_in(between, place, between.len());
        self.counted = (part.start, place);
        self.marks.push((self.out.len(), place));
        self.out.push_str(self.text.get(part).unwrap_or(""));
    }

    /// What was copied.
    pub fn finish(self) -> Places {
        Places::of_parts(Arc::from(self.out), self.marks.into_boxed_slice())
    }
}
