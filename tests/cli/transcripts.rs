//! Transcripts: `tests/cli/transcripts/*.txt`, each a run of the program and all that it says.
//!
//! A line `$ assize …` is run in the project's folder; what follows is its standard output, then its
//! standard error in lines that begin with `! `, then `[exit N]`. `UPDATE_EXPECT=1` writes them anew.

use std::fs;
use std::path::Path;

use super::assize_in;

/// What a command, without the program's name, says in this folder.
pub fn run(folder: &Path, command: &str) -> String {
    let args: Vec<&str> = command.split_whitespace().collect();
    let output = assize_in(folder, &args);
    let mut out = String::from_utf8_lossy(&output.stdout).into_owned();
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        out.push_str(format!("! {line}").trim_end());
        out.push('\n');
    }
    format!("{out}[exit {}]\n", output.status.code().unwrap_or(-1))
}

#[test]
fn transcripts_come_out_as_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/cli/transcripts");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let (mut count, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut found = String::new();
        for line in text.lines().filter_map(|line| line.strip_prefix("$ assize ")) {
            found.push_str(&format!("$ assize {line}\n{}\n", run(root, line)));
            count += 1;
        }
        let found = found.trim_end().to_owned() + "\n";
        if update {
            fs::write(&path, &found).unwrap();
        } else if found != text {
            wrong.push(format!("{}\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 25, "only {count} runs");
}
