//! A template of fifty resources and a profile: coverage by requirement, and nothing claimed that was not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::assize_in;

const FIFTY: &str = "tests/cli/fifty.yaml";

fn said(args: &[&str]) -> String {
    let output = assize_in(Path::new(env!("CARGO_MANIFEST_DIR")), args);
    assert_ne!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(template: &str, format: &str) -> String {
    let profile = ["--profile", "fedramp_moderate", "--now", "2026-11-24", "--format", format];
    said(&[&["check", template][..], &profile].concat())
}

/// The profile's requirements: how each can be answered.
fn listed() -> BTreeMap<String, String> {
    let text = said(&["list", "requirements", "--of", "fedramp_moderate", "--format", "json"]);
    let list: Value = serde_json::from_str(&text).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = list["requirements"].as_array().unwrap().iter();
    rows.map(|row| (text(row, "requirement"), text(row, "coverage"))).collect()
}

/// What the text report says each requirement comes to, and the line that counts them.
fn printed(report: &str) -> (String, BTreeMap<String, String>) {
    let mut lines = report.lines().skip_while(|line| !line.contains(" requirements of profile "));
    let head = lines.next().unwrap().to_owned();
    let mut out = BTreeMap::new();
    let mut framework = String::new();
    for line in lines.skip(1).take_while(|line| !line.is_empty()) {
        let status = line[2..14].trim().replace(' ', "_");
        let rest = line[16..].trim();
        // A line of its own has a title behind the id; a list has nothing but ids.
        let ids: Vec<&str> = match rest.split_once("  ") {
            Some((id, _)) => vec![id],
            None if rest.matches(' ').count() == rest.matches(", ").count() => {
                rest.split(", ").collect()
            }
            None => vec![rest.split(' ').next().unwrap()],
        };
        for id in ids {
            let id = match id.split_once(':') {
                Some((of, id)) => {
                    of.clone_into(&mut framework);
                    id
                }
                None => id,
            };
            let id = format!("{framework}:{id}");
            assert!(out.insert(id.clone(), status.clone()).is_none(), "{id} stands twice");
        }
    }
    (head, out)
}

#[test]
fn every_requirement_of_the_profile_is_told_once() {
    let (head, printed) = printed(&check(FIFTY, "text"));
    assert_eq!(printed.keys().collect::<Vec<_>>(), listed().keys().collect::<Vec<_>>());
    assert!(head.starts_with("323 requirements of profile fedramp_moderate: "), "{head}");
    for status in ["not_met", "undetermined", "manual", "met", "uncovered"] {
        let count = printed.values().filter(|known| *known == status).count();
        let told = format!(" {count} {}", status.replace('_', " "));
        assert!(head.contains(&told), "{head}: not{told}");
    }
}

#[test]
fn what_is_claimed_was_seen() {
    let report: Value = serde_json::from_str(&check(FIFTY, "json")).unwrap();
    assert_eq!(report["summary"]["resources"], 50);
    let (_, printed) = printed(&check(FIFTY, "text"));
    let listed = listed();
    // By control: the verdicts of its findings.
    let mut verdicts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let verdict = finding["verdict"].as_str().unwrap();
        verdicts.entry(finding["control"].as_str().unwrap()).or_default().insert(verdict);
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for row in report["requirements"].as_array().unwrap() {
        let (name, status) =
            (row["requirement"].as_str().unwrap(), row["status"].as_str().unwrap());
        assert_eq!(printed[name], status, "{name}: the two reports");
        let controls = row["controls"].as_array().unwrap().iter().map(|one| one.as_str().unwrap());
        let all: BTreeSet<&str> =
            controls.flat_map(|name| verdicts.get(name).into_iter().flatten()).copied().collect();
        let open = ["unknown", "error", "manual"].iter().any(|verdict| all.contains(verdict));
        let expected = match listed[name].as_str() {
            _ if all.contains("fail") => "not_met",
            _ if open => "undetermined",
            "manual" => "manual",
            "uncovered" => "uncovered",
            _ if all.contains("pass") => "met",
            _ => "undetermined",
        };
        assert_eq!(status, expected, "{name}: {all:?}");
        *seen.entry(status).or_default() += 1;
    }
    assert!(seen["met"] > 0 && seen["not_met"] > 0 && seen["uncovered"] > 0, "{seen:?}");
}

#[test]
fn of_nothing_nothing_is_claimed() {
    let file = std::env::temp_dir().join(format!("assize-nothing-{}.yaml", std::process::id()));
    // A type that no control looks at.
    let text = "Resources:\n  Handle:\n    Type: AWS::CloudFormation::WaitConditionHandle\n";
    std::fs::write(&file, text).unwrap();
    let (_, printed) = printed(&check(file.to_str().unwrap(), "text"));
    std::fs::remove_file(&file).unwrap();
    let listed = listed();
    for (name, status) in &printed {
        let expected = match listed[name].as_str() {
            "automated" => "undetermined",
            other => other,
        };
        // A control of the account or of a whole snapshot may fail where nothing is there: no trail is one.
        let fits = status == expected || status == "not_met" || status == "undetermined";
        assert!(fits, "{name}: {status}, not {expected}");
        assert_ne!(status, "met", "{name}");
    }
}
