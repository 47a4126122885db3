//! The way from a resource's properties back to its text.

use crate::base::LineColumn;
use crate::value::{Step, Text};

use super::super::model::{Locate, Located};
use super::super::scan::{Cursor, Fault, Kind};

/// The text of one resource, kept to find places in it.
#[derive(Debug)]
pub(super) struct Source {
    pub text: Text,
    pub start: LineColumn,
}

/// The place of a byte of a text that begins there.
pub fn place_in(text: &str, start: LineColumn, at: usize) -> LineColumn {
    let before = text.get(..at).unwrap_or(text);
    let lines = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or("").chars().count();
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    match lines {
        0 => LineColumn { line: start.line, column: start.column + column },
        _ => LineColumn { line: start.line + lines, column: column + 1 },
    }
}

impl Locate for Source {
    fn locate(&self, path: &[Step]) -> Located {
        let mut pointer = String::new();
        let mut keys: Vec<String> = Vec::new();
        for step in path {
            match step {
                Step::Attribute(name) => keys.push(name.to_string()),
                Step::Key(key) => {
                    if keys.is_empty() {
                        keys.push("properties".to_owned());
                    }
                    keys.push(key.to_string());
                }
                Step::Element(n) => keys.push(n.to_string()),
            }
        }
        for key in &keys {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        }
        let mut cursor = Cursor::new(&self.text);
        let mut at = 0;
        for key in &keys {
            match descend(&mut cursor, key) {
                Ok(true) => at = cursor.at(),
                _ => break,
            }
        }
        Located { pointer, place: place_in(&self.text, self.start, at) }
    }
}

/// Moves to the member or element; false where there is none.
pub fn descend(cursor: &mut Cursor<'_>, key: &str) -> Result<bool, Fault> {
    match cursor.kind()? {
        Kind::Object => {
            cursor.open(b'{')?;
            let mut first = true;
            while cursor.more(b'}', first)? {
                first = false;
                let found = cursor.key()? == key;
                cursor.space();
                if found {
                    return Ok(true);
                }
                cursor.skip()?;
            }
            Ok(false)
        }
        Kind::List => {
            cursor.open(b'[')?;
            let wanted: usize = key.parse().unwrap_or(usize::MAX);
            let mut at = 0;
            while cursor.more(b']', at == 0)? {
                cursor.space();
                if at == wanted {
                    return Ok(true);
                }
                cursor.skip()?;
                at += 1;
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}
