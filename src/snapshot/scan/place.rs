//! Places in JSON texts, for people: only asked about findings and faults.

use crate::base::LineColumn;

use super::{Cursor, Fault, Kind};

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
