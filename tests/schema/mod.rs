//! Schemas: the generated files are what the importer makes of the registry and the overlay.

use std::fs;
use std::path::Path;

use assize::schema::import::import;
use assize::schema::overlay::Overlay;

#[test]
fn the_generated_schemas_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = root.join("../shared");
    if !super::shared_or_left_out(&shared) {
        return;
    }
    let read = |folder: &Path, ending: &str| {
        let mut files: Vec<(String, String)> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == ending))
            .map(|path| {
                (
                    path.file_name().unwrap().to_string_lossy().into_owned(),
                    fs::read_to_string(path).unwrap(),
                )
            })
            .collect();
        files.sort();
        files
    };
    let mut overlay = Overlay::default();
    for (name, text) in read(&root.join("stdlib/schema/overlay/aws"), "assize") {
        overlay.read(&name, &text).unwrap();
    }
    let schemas = read(&shared.join("data/schemas/cloudformation"), "json");
    let files =
        import(&overlay, &schemas).unwrap_or_else(|problems| panic!("{}", problems.join("\n")));
    assert!(schemas.len() >= 140);
    for (service, text) in files {
        let path = root.join(format!("stdlib/schema/aws/{service}.assize"));
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            fs::write(&path, &text).unwrap();
        }
        let known = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            known == text,
            "{} is not what the importer makes; UPDATE_EXPECT=1 rewrites it",
            path.display()
        );
    }
}

const DISK: &str = r#"{
    "typeName": "Acme::Disk::Volume", "primaryIdentifier": ["/properties/Id"], "required": ["Id"],
    "properties": { "Id": { "type": "string" }, "Size": { "type": "integer" } }
}"#;

fn with_overlay(texts: &[&str]) -> Result<String, Vec<String>> {
    let mut overlay = Overlay::default();
    for (n, text) in texts.iter().enumerate() {
        overlay.read(&format!("o{n}"), text).unwrap();
    }
    let files = import(&overlay, &[("disk.json".to_owned(), DISK.to_owned())])?;
    Ok(files.into_values().collect())
}

#[test]
fn an_overlay_adds_what_it_says_that_the_registry_lacks() {
    let made = with_overlay(&["
resource Acme::Disk::Volume {
    Size: Int = 8,
    /// Not in the registry: what only runs.
    Parts: [Acme::Disk::Volume.Part] = [],
}
/// Not in the registry.
record Acme::Disk::Volume.Part { From: Int, To: Int? }
/// Not in the registry at hand.
resource Acme::Disk::Array identified by Name { Name: String readonly }
"])
    .unwrap();
    for line in [
        "resource Acme::Disk::Array identified by Name {\n    Name: String readonly,\n}",
        "    Size: Int = 8,\n    Parts: [Acme::Disk::Volume.Part] = [],\n}",
        "record Acme::Disk::Volume.Part {\n    From: Int,\n    To: Int?,\n}",
    ] {
        assert!(made.contains(line), "{line} is not in {made}");
    }
}

#[test]
fn an_overlay_does_not_add_by_mistake_and_says_nothing_twice() {
    for (texts, said) in [
        (&["record Acme::Disk::Volume.Part { From: Int }"][..], "does not know `Part`"),
        (&["resource Acme::Disk::Array { Name: String }"], "does not know `Acme::Disk::Array`"),
        (&["resource Acme::Disk::Volume { Sise: Int = 8 }"], "did you mean `Size`"),
        (
            &[
                "resource Acme::Disk::Volume { Size: Int = 8 }",
                "resource Acme::Disk::Volume { Size: Int = 9 }",
            ],
            "o1:1: `Size` is stated at o0:1 already",
        ),
    ] {
        let problems = with_overlay(texts).unwrap_err();
        assert!(problems.iter().any(|problem| problem.contains(said)), "{problems:?}, not {said}");
    }
}
