//! Generates the parser from `grammar/assize.lalrpop`, and the tables of the library's files and of the
//! pages of diagnostic codes.
#![expect(clippy::disallowed_methods, reason = "a build script reads and writes files")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=grammar");
    println!("cargo::rerun-if-changed=stdlib");
    println!("cargo::rerun-if-changed=docs/errors");
    lalrpop::Configuration::new().set_in_dir("grammar").process()?;

    let project = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let root = project.join("stdlib");
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(&root)?
            .with_extension("")
            .to_string_lossy()
            .replace(['/', '\\'], ".");
        table += &format!("    ({name:?}, include_str!({:?})),\n", file.display().to_string());
    }
    fs::write(out.join("stdlib.rs"), table + "]\n")?;

    let mut pages = Vec::new();
    for entry in fs::read_dir(project.join("docs/errors")).into_iter().flatten() {
        pages.push(entry?.path());
    }
    pages.sort();
    let mut table = String::from("&[\n");
    for page in pages.iter().filter(|page| page.extension().is_some_and(|e| e == "md")) {
        let code = page.file_stem().unwrap_or_default().to_string_lossy();
        table += &format!("    ({code:?}, include_str!({:?})),\n", page.display().to_string());
    }
    fs::write(out.join("pages.rs"), table + "]\n")?;
    Ok(())
}

/// The library's modules: all but the tests of the library and the overlays of its generator.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.ends_with("stdlib/tests") && !path.ends_with("schema/overlay") {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|e| e == "assize") {
            files.push(path);
        }
    }
    Ok(())
}
