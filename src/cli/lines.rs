//! Lines of the inputs, read again for the report.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use crate::report::text::Lines;

/// The longest line that is shown, in bytes; a report shows less of it anyway.
const MAX_LINE: u64 = 64 << 10;

/// Where the lines of each file begin, found when a line of it is first asked for.
#[derive(Debug, Default)]
pub(super) struct FileLines {
    known: RefCell<HashMap<String, Option<Vec<u64>>>>,
}

impl Lines for FileLines {
    fn line(&self, input: &str, line: u32) -> Option<String> {
        if input.ends_with(".gz") || input.ends_with(".zst") || input == "-" {
            return None;
        }
        let mut known = self.known.borrow_mut();
        let starts =
            known.entry(input.to_owned()).or_insert_with(|| starts(input).ok()).as_ref()?;
        let start = *starts.get(line.checked_sub(1)? as usize)?;
        let mut file = File::open(input).ok()?;
        file.seek(SeekFrom::Start(start)).ok()?;
        let mut text = Vec::new();
        BufReader::new(file.take(MAX_LINE)).read_until(b'\n', &mut text).ok()?;
        let text = String::from_utf8_lossy(&text);
        Some(text.trim_end_matches(['\n', '\r']).to_owned())
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
