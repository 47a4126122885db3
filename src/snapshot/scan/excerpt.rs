//! Of the text of a resource, what is read: for one that is kept to the end of the input. What else stands
//! there is as good as gone, and places are those of the whole text.

use std::ops::Range;
use std::sync::Arc;

use crate::base::LineColumn;

use super::place::Mark;
use super::{Places, place_in};

/// Copies parts of a text, in their order.
#[derive(Debug)]
pub struct Excerpt<'t> {
    text: &'t str,
    /// How much of the text was counted, and the place there.
    counted: (usize, LineColumn),
    out: String,
    marks: Vec<Mark>,
    /// Where the part ends that was copied last, if nothing was added since.
    end: Option<usize>,
}

impl<'t> Excerpt<'t> {
    /// Nothing yet of a text that begins there.
    pub fn new(text: &'t str, start: LineColumn) -> Self {
        Self {
            text,
            counted: (0, start),
            out: String::new(),
            marks: vec![Mark { from: 0, place: start }],
            end: None,
        }
    }

    /// What stands between parts and is JSON's alone.
    pub fn add(&mut self, text: &str) {
        self.out.push_str(text);
        self.end = None;
    }

    /// A part; what is added after it has its place, too.
    pub fn copy(&mut self, part: Range<usize>) {
        if self.end != Some(part.start) {
            let (counted, place) = self.counted;
            let between = self.text.get(counted..part.start).unwrap_or("");
            let place = place_in(between, place, between.len());
            self.counted = (part.start, place);
            let from = u32::try_from(self.out.len()).unwrap_or(u32::MAX);
            self.marks.push(Mark { from, place });
        }
        self.end = Some(part.end);
        self.out.push_str(self.text.get(part).unwrap_or(""));
    }

    /// What was copied.
    pub fn finish(self) -> Places {
        Places::of_parts(Arc::from(self.out), self.marks.into_boxed_slice())
    }
}
