//! `assize fmt`: policies in the one style.

use std::fs;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::base::Sources;
use crate::diagnostic::{Diagnostics, render::to_text};
use crate::syntax::format::format;

use super::args::Fmt;
use super::policies::{policy_files, shown};
use super::{Exit, print, say, usage};

/// What became of a file.
enum Formatted {
    /// It has the style already.
    Well,
    /// It has not: as it was, and as it should be.
    Other(String, String),
}

/// Runs the command.
pub(super) fn run(args: &Fmt) -> Exit {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return standard_input(args);
    }
    let here = vec![PathBuf::from(".")];
    let paths = if args.paths.is_empty() { &here } else { &args.paths };
    let mut files = Vec::new();
    for path in paths {
        match policy_files(path) {
            Ok(found) => files.extend(found),
            Err(problem) => return usage(&problem),
        }
    }
    let (mut changed, mut refused) = (0, 0);
    for file in &files {
        let name = shown(file);
        let done = fs::read_to_string(file)
            .map_err(|error| format!("error: {name}: {error}"))
            .and_then(|text| formatted(&name, text, args))
            .and_then(|done| write(args, file, done));
        match done {
            Ok(other) => changed += usize::from(other),
            Err(problem) => {
                say(&problem);
                refused += 1;
            }
        }
    }
    let files =
        |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let only_looks = args.check || args.diff;
    match (changed, only_looks) {
        (0, _) => {}
        (_, true) => say(&format!("{} would be formatted", files(changed))),
        (_, false) => say(&format!("{} formatted", files(changed))),
    }
    match (refused, changed, only_looks) {
        (1.., ..) => Exit::Usage,
        (_, 1.., true) => Exit::Found,
        _ => Exit::Clean,
    }
}

/// Formats standard input to standard output.
fn standard_input(args: &Fmt) -> Exit {
    if args.paths.len() > 1 {
        return usage("`-` is standard input: it goes with no other path");
    }
    let mut text = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut text) {
        return usage(&format!("standard input: {error}"));
    }
    match formatted("-", text.clone(), args) {
        Err(problem) => {
            say(&problem);
            Exit::Usage
        }
        Ok(Formatted::Well) if args.check || args.diff => Exit::Clean,
        Ok(Formatted::Well) => print(&text),
        Ok(Formatted::Other(old, new)) if args.diff => {
            let printed = print(&difference("-", &old, &new, args));
            if printed == Exit::Clean { Exit::Found } else { printed }
        }
        Ok(Formatted::Other(..)) if args.check => Exit::Found,
        Ok(Formatted::Other(_, new)) => print(&new),
    }
}

/// Writes or shows what has changed; whether something has.
fn write(args: &Fmt, file: &Path, done: Formatted) -> Result<bool, String> {
    let Formatted::Other(old, new) = done else { return Ok(false) };
    let name = shown(file);
    if args.diff {
        print(&difference(&name, &old, &new, args));
    } else if args.check {
        print(&format!("{name}\n"));
    } else {
        // Written beside it and renamed: whoever is interrupted has the one or the other.
        let beside = file.with_extension("assize.new");
        let written = fs::write(&beside, &new).and_then(|()| {
            let permissions = fs::metadata(file)?.permissions();
            fs::set_permissions(&beside, permissions)?;
            fs::rename(&beside, fs::canonicalize(file)?)
        });
        written.map_err(|error| format!("error: {name}: {error}"))?;
    }
    Ok(true)
}

/// The text in the one style, or why it has none, for a terminal.
fn formatted(name: &str, text: String, args: &Fmt) -> Result<Formatted, String> {
    let mut sources = Sources::new();
    let id = sources.add(name, &text);
    let mut sink = Diagnostics::new();
    match format(id, &text, &mut sink) {
        Some(new) if new == text => Ok(Formatted::Well),
        Some(new) => Ok(Formatted::Other(text, new)),
        None => {
            let paint = super::colour(args.color, std::io::stderr().is_terminal());
            Err(to_text(&sink.sorted(), &sources, paint).trim_end().to_owned())
        }
    }
}

/// What would change, as a patch.
fn difference(name: &str, old: &str, new: &str, args: &Fmt) -> String {
    let diff = TextDiff::from_lines(old, new);
    let patch = diff.unified_diff().header(name, name).to_string();
    if !super::colour(args.color, std::io::stdout().is_terminal()) {
        return patch;
    }
    let painted = patch.split_inclusive('\n').map(|line| {
        let code = match line.as_bytes().first() {
            Some(b'+') => "32",
            Some(b'-') => "31",
            Some(b'@') => "36",
            _ => return line.to_owned(),
        };
        format!("\u{1b}[{code}m{}\u{1b}[0m\n", line.trim_end_matches('\n'))
    });
    painted.collect()
}
