//! The REPL from a pipe: `tests/cli/repl/NAME.in` is what is typed, `NAME.out` and `NAME.err` what comes out.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Holds a file of this folder to a text; `UPDATE_EXPECT=1` writes it anew.
fn expect(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), text, "{}", path.display());
}

/// What the REPL says to these lines.
fn typed(lines: &str, args: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_assize"))
        .args(["repl", "--now", "2026-11-27"])
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn what_is_typed_is_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/repl");
    let mut scripts = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "in") {
            continue;
        }
        scripts += 1;
        let output = typed(&fs::read_to_string(&path).unwrap(), &["policies/example/web-app.yaml"]);
        expect(&path.with_extension("out"), &String::from_utf8(output.stdout).unwrap());
        expect(&path.with_extension("err"), &String::from_utf8(output.stderr).unwrap());
    }
    assert!(scripts >= 2);
}

#[test]
fn the_exit_status_says_whether_all_was_understood() {
    for (lines, code) in [("1 + 1\n", 0), ("", 0), (":quit\n1 +\n", 0), ("1 +", 2), (":nothing", 2)]
    {
        let output = typed(lines, &[]);
        assert_eq!(output.status.code(), Some(code), "{lines}");
    }
    assert_eq!(typed("", &["no/such/file"]).status.code(), Some(2));
    assert_eq!(typed("", &["--policy", "no/such/folder"]).status.code(), Some(2));
}

#[test]
fn definitions_are_saved_as_a_policy() {
    let folder = super::Folder::new("repl-save");
    let file = folder.path().join("mine.assize");
    let lines = format!(
        "use net.{{is_world}}\nlet a = 1\nfn wide(text: String) -> Bool = is_world(text)\n:save {}\n",
        file.display()
    );
    let output = typed(&lines, &[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let saved = fs::read_to_string(&file).unwrap();
    assert_eq!(saved, "use net.{is_world}\n\nfn wide(text: String) -> Bool = is_world(text)\n");
    // It is not written over.
    assert_eq!(typed(&lines, &[]).status.code(), Some(2));
    // And it is a policy that a session may use.
    let more = "use mine.{wide}\nwide(\"::/0\")\n";
    let output = typed(more, &["--policy", &folder.path().to_string_lossy()]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "true\n", "{:?}", output.stderr);
}

/// What the answer lacks is said, and not on the side of the answer.
#[test]
fn what_cannot_be_read_is_said() {
    let folder = super::Folder::new("repl-cut");
    let line = r#"{"type":"AWS::EC2::Volume","id":"v","properties":{"Size":1}}"#;
    let file = folder.file("cut.ndjson", &format!("{line}\n{{\"type\":\"AWS::EC2::Vol"));
    let output = typed("count(AWS::EC2::Volume)\n", &[&file]);
    let (out, err) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(out.starts_with("1 or more"), "{out}");
    assert!(err.contains("incomplete: ") && err.contains("cut.ndjson:2"), "{err}");
}
