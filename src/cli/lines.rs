//! Lines of the inputs, read again for the report.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use crate::base::{LineColumn, Symbol};
use crate::report::text::{Hidden, Lines};

/// The longest line that is shown from its start, in bytes; of a longer one a part is shown.
const LONG: u64 = 400;

/// How much of a long line stands before the place that is shown.
const BEFORE: u64 = 40;

/// How far before the part that is shown the name of a secret may stand whose text reaches into it, in bytes.
const SECRET: u64 = 64 << 10;

/// Where the lines of each file begin, found when a line of it is first asked for.
#[derive(Debug, Default)]
pub(super) struct FileLines {
    known: RefCell<HashMap<String, Option<Vec<u64>>>>,
}

impl Lines for FileLines {
    fn line(&self, input: &str, place: LineColumn, hidden: Hidden<'_>) -> Option<String> {
        if input.ends_with(".gz") || input.ends_with(".zst") || input == "-" {
            return None;
        }
        let mut known = self.known.borrow_mut();
        let starts =
            known.entry(input.to_owned()).or_insert_with(|| starts(input).ok()).as_ref()?;
        let line = place.line.checked_sub(1)? as usize;
        let start = *starts.get(line)?;
        let end = starts.get(line + 1).copied().unwrap_or(u64::MAX);
        // Columns count characters, and these are bytes: with letters of other scripts before it the part
        // begins a little earlier.
        let long = end - start > LONG;
        let skipped = match long {
            true => u64::from(place.column).saturating_sub(BEFORE),
            false => 0,
        };
        let mut file = File::open(input).ok()?;
        if hidden.all().next().is_some() {
            let from = start + skipped.saturating_sub(SECRET);
            let to = end.min(start.saturating_add(skipped).saturating_add(LONG));
            file.seek(SeekFrom::Start(from)).ok()?;
            let mut around = Vec::new();
            (&mut file).take(to.saturating_sub(from)).read_to_end(&mut around).ok()?;
            let holds = |name: &Symbol| memchr::memmem::find(&around, name.as_bytes()).is_some();
            if hidden.own().any(holds) || long && hidden.all().any(holds) {
                return None;
            }
        }
        file.seek(SeekFrom::Start(start + skipped)).ok()?;
        let mut text = Vec::new();
        BufReader::new(file.take(LONG)).read_until(b'\n', &mut text).ok()?;
        let text = String::from_utf8_lossy(&text);
        let text = text.trim_end_matches(['\n', '\r']);
        Some(if skipped > 0 { format!("…{text}") } else { text.to_owned() })
    }
}

fn starts(path: &str) -> std::io::Result<Vec<u64>> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; 256 << 10];
    let (mut out, mut at) = (vec![0], 0u64);
    loop {
        let count = file.read(&mut chunk)?;
        if count == 0 {
            return Ok(out);
        }
        let bytes = chunk.get(..count).unwrap_or(&[]);
        out.extend(memchr::memchr_iter(b'\n', bytes).map(|n| at + n as u64 + 1));
        at += count as u64;
    }
}
