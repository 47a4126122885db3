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
