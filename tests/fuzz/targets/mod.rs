//! The bodies of the fuzz targets: plain functions over bytes, so that the ordinary tests replay through
//! them whatever the fuzzer ran through them. `docs/fuzzing.md` says how a campaign is run.

mod config;
mod inventory;
mod json;
mod language;
mod plan;
mod program;
pub mod run;
mod template;

use std::io::{self, Read};

use assize::base::LineColumn;

/// A body: it panics where something is wrong.
pub type Target = fn(&[u8]);

/// All targets by their names, the cheapest first.
pub const ALL: &[(&str, Target)] = &[
    ("lexer", language::lexer),
    ("scan", json::scan),
    ("split", json::split),
    ("parser", language::parser),
    ("template_json", template::json),
    ("template_yaml", template::yaml),
    ("inventory", inventory::inventory),
    ("config", config::config),
    ("plan", plan::plan),
    ("program", program::program),
    ("checker", language::checker),
];

/// The body of the target with this name.
///
/// # Panics
///
/// Where there is none.
pub fn named(name: &str) -> Target {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, body)| *body).expect("a target's name")
}

/// Hands out a few bytes at a time.
pub struct Pieces<'a> {
    /// What is left.
    pub text: &'a [u8],
    /// How many bytes at most.
    pub size: usize,
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

/// The sizes of pieces in which bytes are read besides in one: a byte, what splits marks and escapes, and one
/// that the bytes themselves choose.
fn sizes(data: &[u8]) -> [usize; 3] {
    let chosen =
        data.iter().fold(data.len(), |sum, byte| sum.wrapping_mul(31) + usize::from(*byte));
    [1, 3, 2 + chosen % 61]
}

/// The byte at a place; `None` for a place that is not in the text.
fn byte_at(data: &[u8], place: LineColumn) -> Option<usize> {
    bytes_at(data, place).last().copied()
}

/// The bytes at a place: of a text that is no UTF-8 perhaps several, since characters are counted, and bytes that
/// begin none stand between them. A mark of the byte order has no place.
fn bytes_at(data: &[u8], place: LineColumn) -> Vec<usize> {
    let mark = if data.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    let (mut line, mut column) = (1, 1);
    let mut out = Vec::new();
    for (at, byte) in data.iter().enumerate().skip(mark) {
        if (line, column) == (place.line, place.column) {
            out.push(at);
        }
        match byte {
            b'\n' => (line, column) = (line + 1, 1),
            byte if byte & 0xc0 != 0x80 => column += 1,
            _ => {}
        }
    }
    if (line, column) == (place.line, place.column) {
        out.push(data.len());
    }
    out
}
