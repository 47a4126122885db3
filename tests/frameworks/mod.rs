//! The library's frameworks and profiles: they say what the public catalogues and mappings say, and nothing else.
//!
//! `UPDATE_EXPECT=1 cargo test --locked frameworks` makes all of it anew from the library's controls: the
//! frameworks, the profiles, and the pages in `docs/stdlib`.

mod catalogues;
mod mapping;
mod pages;
mod profiles;
mod reviewed;
mod shares;
mod sources;
mod table;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use sources::Sources;

/// The folder with the catalogues, where it is there.
fn data() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    super::shared_or_left_out(&shared).then(|| shared.join("data"))
}

/// Holds the library's files to what they should be; `UPDATE_EXPECT=1` makes them so. In these folders
/// there is nothing else.
fn expect_files(folder: &str, wanted: &[(String, String)]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    if update {
        fs::create_dir_all(&folder).unwrap();
    }
    let mut wrong = Vec::new();
    for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if !wanted.iter().any(|(known, _)| *known == name) {
            wrong.push(format!("{name} is made of nothing"));
        }
    }
    for (name, text) in wanted {
        let path = folder.join(name);
        if fs::read_to_string(&path).unwrap_or_default() != *text {
            match update {
                true => fs::write(&path, text).unwrap(),
                false => wrong.push(format!("{name} is not what its sources give")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}: UPDATE_EXPECT=1 makes it anew", wrong.join("\n"));
}

/// The modules of the frameworks and profiles (name, text), and the pages.
fn made(sources: &Sources) -> (Vec<(String, String)>, Vec<(String, String)>) {
    let frameworks = catalogues::all(sources);
    let own = frameworks.iter().map(|one| (format!("frameworks.{}", one.name), one.text(sources)));
    let all = profiles::ALL.iter();
    let all = all.map(|one| (format!("profiles.{}", one.name), one.text(sources, &frameworks)));
    let modules: Vec<_> = own.chain(all).collect();
    let pages = pages::all(sources, &frameworks, &modules);
    (modules, pages)
}

#[test]
fn frameworks_profiles_and_pages_are_what_their_sources_say() {
    let Some(data) = data() else { return };
    let (modules, pages) = made(&Sources::new(&data));
    for folder in ["frameworks", "profiles"] {
        let own = modules.iter().filter_map(|(name, text)| {
            let name = name.strip_prefix(folder)?.strip_prefix('.')?;
            Some((format!("{name}.assize"), text.clone()))
        });
        expect_files(&format!("stdlib/{folder}"), &own.collect::<Vec<_>>());
    }
    expect_files("docs/stdlib", &pages);
}
