//! Places in JSON texts, for people: only asked about findings and faults.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, OnceLock};

use crate::base::LineColumn;
use crate::base::source::SourceFile;
use crate::value::Text;

use super::{Cursor, Fault, Kind};

/// The place of a byte of a text that begins there.
pub fn place_in(text: &str, start: LineColumn, at: usize) -> LineColumn {
    let before = text.get(..at).unwrap_or(text);
    let line = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |last| last + 1);
    let lines = memchr::memchr_iter(b'\n', before.get(..line).unwrap_or("").as_bytes()).count();
    let column = before.get(line..).unwrap_or("").chars().count();
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    match lines {
        0 => LineColumn { line: start.line, column: start.column + column },
        _ => LineColumn { line: start.line + lines, column: column + 1 },
    }
}

/// Places before this byte are counted from the start.
const NEAR: usize = 1024;

/// Nothing is remembered of texts that are shorter, in bytes.
pub const SHORT: usize = 4096;

/// How often an object or list is looked through before it is remembered what it has.
const SELDOM: u32 = 4;

/// A text in which places are asked for again and again: each of its objects and lists is looked through
/// a few times, and lines are not counted from the start.
#[derive(Debug)]
pub struct Places {
    text: Text,
    /// Where stretches of the text stand in the input. One, unless parts of what stands there were left out.
    marks: Box<[Mark]>,
    file: OnceLock<SourceFile>,
    ways: Mutex<BTreeMap<usize, Asked>>,
}

/// From which byte of a text on it stands at which place of the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub from: u32,
    pub place: LineColumn,
}

/// How often an object or list was asked, and what it has if that was often.
#[derive(Debug, Default)]
struct Asked {
    times: u32,
    ways: Option<Ways>,
}

/// Where the members or elements of an object or list begin.
#[derive(Debug, Default)]
struct Ways {
    members: HashMap<String, usize>,
    elements: Vec<usize>,
}

impl Places {
    /// Those of a text that begins there.
    pub fn new(text: Text, start: LineColumn) -> Self {
        Self::of_parts(text, Box::new([Mark { from: 0, place: start }]))
    }

    /// Those of a text that is made of parts of another.
    pub(super) fn of_parts(text: Text, marks: Box<[Mark]>) -> Self {
        Self { text, marks, file: OnceLock::new(), ways: Mutex::default() }
    }

    /// The text.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The place of a byte.
    pub fn place(&self, at: usize) -> LineColumn {
        let mark = self.marks.partition_point(|mark| mark.from as usize <= at).saturating_sub(1);
        let nowhere = Mark { from: 0, place: LineColumn { line: 1, column: 1 } };
        let Mark { from, place: start } = self.marks.get(mark).copied().unwrap_or(nowhere);
        let from = from as usize;
        // Most are asked once, for where a text begins.
        if from > 0 || at < NEAR {
            return place_in(self.text.get(from..).unwrap_or(""), start, at - from);
        }
        let file = self.file.get_or_init(|| SourceFile::new("", &self.text));
        let LineColumn { line, column } = file.line_column(u32::try_from(at).unwrap_or(u32::MAX));
        match line {
            0 | 1 => LineColumn { line: start.line, column: start.column + column - 1 },
            _ => LineColumn { line: start.line + line - 1, column },
        }
    }

    /// Where the member or element of the value at this byte begins; `None` where there is none.
    pub fn descend(&self, at: usize, key: &str) -> Option<usize> {
        let seldom = || descend(&self.text, at, key);
        if self.text.len() < SHORT {
            return seldom();
        }
        let mut known = self.ways.lock().ok()?;
        let asked = known.entry(at).or_default();
        asked.times = asked.times.saturating_add(1);
        if asked.times <= SELDOM {
            return seldom();
        }
        let ways = asked.ways.get_or_insert_with(|| Ways::of(&self.text, at));
        let element = key.parse().ok().and_then(|n: usize| ways.elements.get(n));
        element.or_else(|| ways.members.get(key)).copied()
    }
}

/// Where the member or element of the value at this byte of the text begins; `None` where there is none.
pub fn descend(text: &str, at: usize, key: &str) -> Option<usize> {
    // What is found before a fault stands.
    find(&mut Cursor::new(text).moved(at), key).ok().flatten()
}

/// The member of this name, or the element of this number, of the value at the cursor.
fn find(cursor: &mut Cursor<'_>, wanted: &str) -> Result<Option<usize>, Fault> {
    let (kind, mut count) = (cursor.kind()?, 0usize);
    let close = match kind {
        Kind::Object => b'}',
        Kind::List => b']',
        _ => return Ok(None),
    };
    let number = wanted.parse().ok();
    cursor.open(if kind == Kind::Object { b'{' } else { b'[' })?;
    while cursor.more(close, count == 0)? {
        let found = match kind {
            Kind::Object => cursor.key()? == wanted,
            _ => number == Some(count),
        };
        cursor.space();
        if found {
            return Ok(Some(cursor.at()));
        }
        cursor.skip()?;
        count += 1;
    }
    Ok(None)
}

impl Ways {
    /// As far as the text can be read.
    fn of(text: &str, at: usize) -> Self {
        let mut ways = Self::default();
        // What is found before a fault stands.
        let _ = ways.read(&mut Cursor::new(text).moved(at));
        ways
    }

    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        match cursor.kind()? {
            Kind::Object => {
                cursor.open(b'{')?;
                while cursor.more(b'}', self.members.is_empty())? {
                    let key = cursor.key()?.into_owned();
                    cursor.space();
                    self.members.entry(key).or_insert(cursor.at());
                    cursor.skip()?;
                }
            }
            Kind::List => {
                cursor.open(b'[')?;
                while cursor.more(b']', self.elements.is_empty())? {
                    cursor.space();
                    self.elements.push(cursor.at());
                    cursor.skip()?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
