//! Source texts and places in them.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Names one text of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceId(pub u32);

/// A stretch of a source text, in bytes: `start` is in, `end` is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The text that it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The stretch `start..end` of the text.
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// From the start of the first to the end of the second.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { source: self.source, start: self.start, end: last.end.max(self.start) }
    }
}

/// A place as people count: line and column from 1, columns in Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in code points, from 1.
    pub column: u32,
}

/// One text with its name.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// What messages call it: a path as the user gave it, or `stdlib/…`.
    pub name: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    line_starts: Vec<u32>,
    /// How many characters begin before each block of [`BLOCK`] bytes: a text may be one long line.
    chars_before: Vec<u32>,
}

/// The size of a block, in bytes.
const BLOCK: usize = 1024;

/// How many characters begin in the bytes.
fn chars_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

impl SourceFile {
    /// The text with this name.
    pub fn new(name: &str, text: &str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| to_u32(at + 1));
        let line_starts = std::iter::once(0).chain(starts).collect();
        let mut chars_before = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            let before = chars_before.last().copied().unwrap_or(0);
            chars_before.push(before + to_u32(chars_in(block)));
        }
        Self { name: Arc::from(name), text: Arc::from(text), line_starts, chars_before }
    }

    /// Line and column of the byte.
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|&start| start <= byte);
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let column = self.chars_to(byte as usize) - self.chars_to(start as usize);
        LineColumn { line: to_u32(line), column: column + 1 }
    }

    /// How many characters begin before the byte.
    fn chars_to(&self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        let block = byte / BLOCK;
        let before = self.chars_before.get(block).copied().unwrap_or(0);
        before + to_u32(chars_in(self.text.as_bytes().get(block * BLOCK..byte).unwrap_or(&[])))
    }

    /// The text of the line (from 1), without its line end.
    pub fn line(&self, line: u32) -> Option<&str> {
        let at = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(at)? as usize;
        let end = self.line_starts.get(at + 1).map_or(self.text.len(), |&next| next as usize);
        Some(self.text.get(start..end)?.trim_end_matches(['\n', '\r']))
    }

    /// How many lines there are.
    pub fn lines(&self) -> u32 {
        to_u32(self.line_starts.len())
    }

    /// The byte at which the line (from 1) begins.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.line_starts.get((line as usize).checked_sub(1)?).copied()
    }
}

/// Every text that a run has read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text in and names it.
    pub fn add(&mut self, name: &str, text: &str) -> SourceId {
        let id = SourceId(to_u32(self.files.len()));
        self.files.push(SourceFile::new(name, text));
        id
    }

    /// The text, if it is one of these.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text under the span; empty where there is none.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or("")
    }

    /// Line and column of the span's first byte.
    pub fn line_column(&self, span: Span) -> LineColumn {
        self.get(span.source)
            .map_or(LineColumn { line: 1, column: 1 }, |file| file.line_column(span.start))
    }

    /// The name of the span's text.
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |file| &file.name)
    }
}

/// Sizes of texts are capped far below 4 GiB, so this never saturates in practice.
fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{LineColumn, SourceFile};

    /// Columns over block borders, with letters of one to four bytes, against a count from the start.
    #[test]
    fn columns_count_characters_however_long_the_line() {
        let mut text = String::new();
        for n in 0..900 {
            text.push_str(["a", "é", "→", "𝄞", "\n", "bcd"].get(n * 7 % 6).copied().unwrap_or(""));
            if n > 400 && text.ends_with('\n') {
                text.push_str(&"x→".repeat(900));
            }
        }
        let file = SourceFile::new("t", &text);
        let mut place = LineColumn { line: 1, column: 1 };
        for (at, c) in text.char_indices() {
            assert_eq!(file.line_column(u32::try_from(at).unwrap_or(u32::MAX)), place, "at {at}");
            place = match c {
                '\n' => LineColumn { line: place.line + 1, column: 1 },
                _ => LineColumn { column: place.column + 1, ..place },
            };
        }
    }
}
