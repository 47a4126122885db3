//! Inputs: paths to texts, decompressed, counted and hashed; and what they are.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use crate::engine::Run;
use crate::engine::guess::{Guess, HEAD, guess};

use super::args::Source;
use super::policies::shown;

/// SHA-256 of a text, in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads a file, a folder, or `-` into the run.
pub(super) fn read(run: &mut Run<'_>, source: Source, path: &Path) {
    match expand(path) {
        Ok(files) if files.is_empty() => {
            run.incomplete(format!("{}: no snapshots in this folder", shown(path)));
        }
        Ok(files) => files.iter().for_each(|file| {
            if let Err(why) = read_file(run, source, file) {
                run.incomplete(format!("{}: {why}", shown(file)));
            }
        }),
        Err(message) => run.incomplete(message),
    }
}

fn read_file(run: &mut Run<'_>, source: Source, path: &Path) -> Result<(), String> {
    let name = shown(path);
    let (stream, receipt) = open(path).map_err(|error| error.to_string())?;
    match source {
        Source::Auto => run.input_from(&name, stream)?,
        Source::Config => run.input_of(Guess::Config, &name, stream)?,
        Source::Inventory => run.input_of(Guess::Inventory, &name, stream)?,
        Source::Cloudformation => run.input_of(Guess::Document, &name, stream)?,
        Source::Terraform => run.input_of(Guess::Terraform, &name, stream)?,
    }
    let (sha256, bytes) = receipt.finish();
    run.receipt(bytes, sha256);
    Ok(())
}

/// How many files are looked into before a run to find out what they are.
const LOOKED_INTO: usize = 64;

/// The sources with adapters of which the inputs are; `None` where that shows only when they are read.
pub(super) fn sources(source: Source, inputs: &[PathBuf]) -> Option<Vec<&'static str>> {
    let of = |guess: Guess| match guess {
        Guess::Config => Some("config"),
        Guess::Terraform => Some("terraform"),
        Guess::Inventory | Guess::Document | Guess::Unsupported(_) => None,
    };
    match source {
        Source::Auto => {}
        Source::Config => return Some(vec!["config"]),
        Source::Terraform => return Some(vec!["terraform"]),
        Source::Inventory | Source::Cloudformation => return Some(Vec::new()),
    }
    let mut out = Vec::new();
    let mut files = Vec::new();
    for path in inputs {
        // What cannot be opened is said when it is read.
        files.extend(expand(path).unwrap_or_default());
        if files.len() > LOOKED_INTO {
            return None;
        }
    }
    for file in files {
        // A pipe can be read once.
        if file == Path::new("-") || !file.is_file() {
            return None;
        }
        let mut start = Vec::new();
        let (stream, _) = open(&file).ok()?;
        stream.take(HEAD).read_to_end(&mut start).ok()?;
        out.extend(of(guess(&start)));
    }
    Some(out)
}

/// The files that a path stands for: itself, or what of a folder looks like a snapshot.
fn expand(path: &Path) -> Result<Vec<PathBuf>, String> {
    if path == Path::new("-") || !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut out = Vec::new();
    let mut todo = vec![path.to_path_buf()];
    while let Some(folder) = todo.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", shown(&folder)))?;
        for entry in entries {
            let entry = entry.map_err(|error| format!("{}: {error}", shown(&folder)))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            // A link to a folder is not followed: it may lead round in a circle.
            let kind = entry.file_type().map_err(|error| format!("{}: {error}", shown(&path)))?;
            if kind.is_dir() {
                todo.push(path);
            } else if looks_like_a_snapshot(&name) && !path.is_dir() {
                out.push(path);
            }
        }
    }
    out.sort();
    Ok(out)
}

fn looks_like_a_snapshot(name: &str) -> bool {
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name);
    [".yaml", ".yml", ".json", ".template", ".ndjson", ".jsonl", ".tfstate"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// Bytes of an input as they are read, hashed on the way.
struct Hashed {
    inner: Box<dyn Read>,
    hash: Arc<Mutex<(Sha256, u64)>>,
}

/// The digest and the size of what was read, once all is read.
#[derive(Clone)]
struct Receipt(Arc<Mutex<(Sha256, u64)>>);

impl Receipt {
    pub fn finish(&self) -> (String, u64) {
        match self.0.lock() {
            Ok(state) => (hex(&state.0.clone().finalize()), state.1),
            Err(_) => (String::new(), 0),
        }
    }
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let (Ok(mut state), Some(bytes)) = (self.hash.lock(), buffer.get(..count)) {
            state.0.update(bytes);
            state.1 += count as u64;
        }
        Ok(count)
    }
}

/// Opens an input; `-` is standard input, `.gz` and `.zst` are decompressed.
fn open(path: &Path) -> io::Result<(Hashed, Receipt)> {
    let raw: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(BufReader::with_capacity(256 << 10, File::open(path)?))
    };
    let name = path.to_string_lossy();
    let inner: Box<dyn Read> = if name.ends_with(".gz") {
        Box::new(flate2::read::MultiGzDecoder::new(raw))
    } else if name.ends_with(".zst") {
        let decoder = ruzstd::decoding::StreamingDecoder::new(raw);
        Box::new(
            decoder
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?,
        )
    } else {
        raw
    };
    let hash = Arc::new(Mutex::new((Sha256::new(), 0)));
    Ok((Hashed { inner, hash: Arc::clone(&hash) }, Receipt(hash)))
}
