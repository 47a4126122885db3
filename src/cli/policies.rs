//! Policies out of files and the library.

use std::fs;
use std::path::{Path, PathBuf};

use crate::engine::{NotChecked, Policies, library, library_for};
use crate::resolve::{ModuleLoader, ModuleText, Root};
use crate::stdlib;

use super::args::Colour;

/// Files beside the one that imports them, and in the folders that were given.
pub(super) struct Files {
    folders: Vec<PathBuf>,
    /// The sources of which inputs come; `None` where any may.
    pub sources: Option<Vec<&'static str>>,
}

impl ModuleLoader for Files {
    fn reads(&self, source: &str) -> bool {
        self.sources.as_ref().is_none_or(|sources| sources.contains(&source))
    }

    fn load(&self, path: &str, from: &str) -> Option<ModuleText> {
        let inner: PathBuf = path.split('.').collect();
        let beside = Path::new(from).parent().map(Path::to_path_buf);
        for folder in beside.iter().chain(&self.folders) {
            let file = folder.join(&inner).with_extension("assize");
            if let Ok(text) = fs::read_to_string(&file) {
                return Some(ModuleText { name: shown(&file), text });
            }
        }
        None
    }

    fn candidates(&self, from: &str) -> Vec<String> {
        let beside = Path::new(from).parent().map(Path::to_path_buf);
        let mut out: Vec<String> =
            stdlib::MODULES.iter().map(|(name, _)| (*name).to_owned()).collect();
        for folder in beside.iter().chain(&self.folders) {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            out.extend(entries.filter_map(|entry| {
                let path = entry.path();
                let is_policy = path.extension().is_some_and(|e| e == "assize");
                is_policy
                    .then(|| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
                    .flatten()
            }));
        }
        out
    }
}

/// As the user would write it: with `/`, without a leading `./`.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

/// Policy files and the folders beside which imports are looked for.
pub(super) struct Found {
    pub roots: Vec<Root>,
    pub loader: Files,
}

/// The policies under these paths.
pub(super) fn find(paths: &[PathBuf]) -> Result<Found, String> {
    let mut roots = Vec::new();
    let mut folders = Vec::new();
    for path in paths {
        let files = policy_files(path)?;
        let base = if path.is_dir() {
            path.clone()
        } else {
            path.parent().unwrap_or(Path::new("")).to_path_buf()
        };
        for file in files {
            let text =
                fs::read_to_string(&file).map_err(|error| format!("{}: {error}", shown(&file)))?;
            let inner = file.strip_prefix(&base).unwrap_or(&file).with_extension("");
            let module = shown(&inner).replace('/', ".");
            roots.push(Root { module, name: shown(&file), text });
        }
        folders.push(base);
    }
    Ok(Found { roots, loader: Files { folders, sources: None } })
}

/// The checked policies under these paths, or the whole library where there are none; warnings are said.
pub(super) fn load(paths: &[PathBuf], colour: Colour) -> Result<Policies, String> {
    let Found { mut roots, loader } = find(paths)?;
    if paths.is_empty() {
        roots.extend(library());
    }
    checked(roots, &loader, colour)
}

/// The library's controls, without its frameworks and profiles.
pub(super) fn load_controls(colour: Colour) -> Result<Policies, String> {
    let Found { loader, .. } = find(&[])?;
    checked(library_for(None), &loader, colour)
}

fn checked(roots: Vec<Root>, loader: &Files, colour: Colour) -> Result<Policies, String> {
    let policies = Policies::check(roots, loader).map_err(|refused| told(&refused, colour))?;
    say_warnings(&policies);
    Ok(policies)
}

/// What is wrong with policies, for a terminal.
pub(super) fn told(refused: &NotChecked, colour: Colour) -> String {
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let text = refused.render(super::colour(colour, terminal));
    format!("{text}\n`assize explain CODE` says more about a code")
}

pub(super) fn say_warnings(policies: &Policies) {
    if !policies.warnings.is_empty() {
        super::say(&policies.warnings);
    }
}

/// The policy files under a path, in order.
pub(super) fn policy_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut out = Vec::new();
    let mut todo = vec![path.to_path_buf()];
    while let Some(folder) = todo.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", shown(&folder)))?;
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", shown(&folder)))?.path();
            let hidden =
                path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !hidden {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "assize") {
                out.push(path);
            }
        }
    }
    out.sort();
    if out.is_empty() {
        return Err(format!("{}: no policies here: no file ends in .assize", shown(path)));
    }
    Ok(out)
}
