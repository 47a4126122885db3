//! `assize schema`: resource schemas out of the CloudFormation registry.

use std::fs;
use std::path::Path;

use crate::base::distance::did_you_mean;
use crate::schema::import::import;
use crate::schema::overlay::Overlay;
use crate::stdlib;

use super::args::Schema;
use super::policies::shown;
use super::{Exit, print, say, usage};

/// Runs the command.
pub(super) fn run(args: &Schema) -> Exit {
    match args {
        Schema::Import { folder, overlay, out } => match files(folder, overlay.as_deref()) {
            Ok(files) => write(files, out.as_deref()),
            Err(problems) => {
                problems.iter().for_each(|problem| say(&format!("error: {problem}")));
                Exit::Usage
            }
        },
        Schema::Show { name } => show(name),
    }
}

fn read(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, Vec<String>> {
    let fail = |error: std::io::Error| vec![format!("{}: {error}", shown(folder))];
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|e| e == ending) {
            out.push((shown(&path), fs::read_to_string(&path).map_err(fail)?));
        }
    }
    out.sort();
    Ok(out)
}

fn files(
    folder: &Path,
    overlay: Option<&Path>,
) -> Result<std::collections::BTreeMap<String, String>, Vec<String>> {
    let mut corrections = Overlay::default();
    if let Some(folder) = overlay {
        for (name, text) in read(folder, "assize")? {
            corrections.read(&name, &text).map_err(|problem| vec![problem])?;
        }
    }
    let schemas = read(folder, "json")?;
    if schemas.is_empty() {
        return Err(vec![format!(
            "{}: no registry schemas here: no file ends in .json",
            shown(folder)
        )]);
    }
    import(&corrections, &schemas)
}

fn write(files: std::collections::BTreeMap<String, String>, out: Option<&Path>) -> Exit {
    let Some(folder) = out else {
        return print(&files.into_values().collect::<Vec<_>>().join("\n"));
    };
    for (service, text) in files {
        let path = folder.join(service).with_extension("assize");
        if let Err(error) = fs::write(&path, text) {
            return usage(&format!("{}: {error}", shown(&path)));
        }
    }
    Exit::Clean
}

fn show(name: &str) -> Exit {
    match shown_schema(name) {
        Ok(text) => print(&text),
        Err(problem) => usage(&problem),
    }
}

/// The declaration of a resource type and its records.
pub(super) fn shown_schema(name: &str) -> Result<String, String> {
    let text = stdlib::schema_module(name).and_then(stdlib::module);
    let Some(text) = text else {
        let mend = did_you_mean(name, stdlib::known_types());
        return Err(format!("there is no schema of `{name}`{mend}"));
    };
    let mut out = String::new();
    for block in text.split("\n\n") {
        let of = |word: &str, end: char| block.contains(&format!("{word} {name}{end}"));
        if of("resource", ' ') || of("record", '.') {
            out.push_str(block.trim_end());
            out.push_str("\n\n");
        }
    }
    Ok(out)
}
