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
}

impl SourceFile {
    /// The text with this name.
    pub fn new(name: &str, text: &str) -> Self {
        let starts = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| to_u32(at + 1));
        let line_starts = std::iter::once(0).chain(starts).collect();
        Self { name: Arc::from(name), text: Arc::from(text), line_starts }
    }

    /// Line and column of the byte.
    pub fn line_column(&self, byte: u32) -> LineColumn {
        let line = self.line_starts.partition_point(|&start| start <= byte);
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start as usize..byte as usize).unwrap_or("");
        LineColumn { line: to_u32(line), column: to_u32(before.chars().count() + 1) }
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
