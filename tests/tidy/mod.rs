//! The repository's own rules: which folder may import which, how long a file may be, that every
//! file says its job.

use std::fs;
use std::path::{Path, PathBuf};

/// What each folder of `src` may import, besides itself. Unlisted means forbidden.
const LAYERS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("diagnostic", &["base"]),
    ("value", &["base"]),
    ("types", &["base", "value"]),
    ("syntax", &["base", "diagnostic", "value"]),
    ("hir", &["base", "value", "types"]),
    ("program", &["base", "value", "types", "builtins"]),
    ("builtins", &["base", "value", "types"]),
    ("stdlib", &[]),
    ("schema", &["base", "diagnostic", "value", "types", "syntax", "stdlib"]),
    (
        "resolve",
        &["base", "diagnostic", "value", "types", "syntax", "builtins", "schema", "stdlib"],
    ),
    (
        "check",
        &["base", "diagnostic", "value", "types", "syntax", "hir", "builtins", "resolve", "schema"],
    ),
    ("compile", &["base", "diagnostic", "value", "types", "hir", "builtins", "program"]),
    ("snapshot", &["base", "diagnostic", "value", "types", "program"]),
    ("vm", &["base", "value", "types", "builtins", "program", "snapshot"]),
    (
        "assess",
        &[
            "base",
            "diagnostic",
            "value",
            "types",
            "hir",
            "builtins",
            "program",
            "compile",
            "snapshot",
            "vm",
        ],
    ),
    ("report", &["base", "diagnostic", "value", "types", "program", "snapshot", "assess"]),
    (
        "engine",
        &[
            "base",
            "diagnostic",
            "value",
            "types",
            "syntax",
            "hir",
            "builtins",
            "program",
            "schema",
            "resolve",
            "check",
            "compile",
            "snapshot",
            "vm",
            "assess",
            "report",
            "stdlib",
        ],
    ),
    (
        "repl",
        &[
            "base",
            "diagnostic",
            "value",
            "types",
            "syntax",
            "hir",
            "builtins",
            "program",
            "resolve",
            "snapshot",
            "report",
            "engine",
            "stdlib",
        ],
    ),
];

/// Longest file, in lines before its inline tests.
const BUDGET: usize = 450;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The first folder (or file) of `src` that the path lies in.
fn layer(path: &Path) -> String {
    let inner = path.strip_prefix(source()).unwrap();
    let first = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn imports_point_one_way() {
    let mut wrong = Vec::new();
    for path in rust_files(&source()) {
        let from = layer(&path);
        if matches!(from.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == from) else {
            wrong.push(format!("{}: `{from}` has no line in the table of layers", path.display()));
            continue;
        };
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in
            code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//"))
        {
            for rest in line.split("crate::").skip(1) {
                let to: String =
                    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if to != from && !allowed.contains(&to.as_str()) {
                    wrong.push(format!("{}:{}: {from} imports `{to}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn files_stay_within_their_budget_and_say_their_job() {
    let mut wrong = Vec::new();
    for path in rust_files(&source()) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if code.lines().count() > BUDGET {
            wrong.push(format!(
                "{}: {} lines: which is its second job?",
                path.display(),
                code.lines().count()
            ));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{}: does not say its job in a first line `//! …`", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rust_file_knows_an_aws_resource_type() {
    // The CloudFormation language's own names, and the account and region that every reader makes.
    const LANGUAGE: &[&str] = &[
        "AWS::\"",
        "AWS::NoValue",
        "AWS::Region",
        "AWS::AccountId",
        "AWS::Partition",
        "AWS::StackName",
        "AWS::StackId",
        "AWS::URLSuffix",
        "AWS::NotificationARNs",
        "AWS::Include",
        "AWS::LanguageExtensions",
        "AWS::Serverless",
        "AWS::CloudFormation::",
        "AWS::SSM::Parameter::",
        "AWS::::Account",
        "AWS::::Region",
        "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager",
        "AWS::EC2::KeyPair::",
    ];
    let mut wrong = Vec::new();
    for path in rust_files(&source()) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in
            code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//"))
        {
            for (at, _) in line.match_indices("AWS::") {
                if !LANGUAGE.iter().any(|known| line[at..].starts_with(known)) {
                    wrong.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "knowledge of AWS belongs in stdlib:\n{}", wrong.join("\n"));
}
