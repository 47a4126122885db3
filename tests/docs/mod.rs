//! The pages' examples are true: they compile, and their tests pass.

/// The pages of diagnostic codes.
mod errors;

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn the_language_pages_blocks_compile_and_their_tests_pass() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/language.md")).unwrap();
    let blocks = page.split("```assize\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let folder = std::env::temp_dir().join(format!("assize-docs-{}", std::process::id()));
    let mut count = 0;
    for (number, block) in blocks.enumerate() {
        let own = folder.join(number.to_string());
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("block.assize"), block).unwrap();
        let output =
            Command::new(env!("CARGO_BIN_EXE_assize")).arg("test").arg(&own).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "block {number}\n{said}");
        count += 1;
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(count >= 4);
}
