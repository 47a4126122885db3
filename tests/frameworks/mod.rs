//! The library's frameworks and profiles: they say what the public catalogues and mappings say, and nothing else.
//!
//! `UPDATE_EXPECT=1 cargo test --locked frameworks` makes all of it anew from the library's controls: the
//! frameworks, the profiles, and the pages in `docs/stdlib`.

mod catalogues;
mod mapping;
mod profiles;
mod reviewed;
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

#[test]
fn frameworks_and_profiles_are_what_their_sources_say() {
    let Some(data) = data() else { return };
    let sources = Sources::new(&data);
    let frameworks = catalogues::all(&sources);
    let file = |name: &str, text: String| (format!("{name}.assize"), text);
    let texts: Vec<_> = frameworks.iter().map(|one| file(one.name, one.text(&sources))).collect();
    let profiles: Vec<_> =
        profiles::ALL.iter().map(|one| file(one.name, one.text(&sources, &frameworks))).collect();
    expect_files("stdlib/frameworks", &texts);
    expect_files("stdlib/profiles", &profiles);
}
