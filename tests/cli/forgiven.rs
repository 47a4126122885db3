//! What does not fail a run: waivers, margins, attestations, baselines, each as far as it goes and no further.

use serde_json::Value;

use super::{Folder, assize, said};

/// An inventory of volumes: id, account, size (0 is none), whether it is encrypted.
fn volumes(all: &[(&str, &str, u32, bool)]) -> String {
    let line = |(id, account, size, encrypted): &(&str, &str, u32, bool)| {
        let size = if *size == 0 { String::new() } else { format!(",\"Size\":{size}") };
        format!(
            "{{\"type\":\"AWS::EC2::Volume\",\"id\":\"{id}\",\"account\":\"{account}\",\"properties\":{{\"Encrypted\":{encrypted}{size}}}}}\n"
        )
    };
    all.iter().map(line).collect()
}

/// A run: exit status and report.
fn run(name: &str, policy: &str, input: &str, more: &[(&str, &str)]) -> (i32, Value) {
    let folder = Folder::new(name);
    let (policy, input) = (folder.file("p.assize", policy), folder.file("i.ndjson", input));
    let mut args = vec!["check", "--policy", &policy, "--format", "json", &input];
    let files: Vec<(&str, String)> = more
        .iter()
        .map(|(option, value)| match *option {
            "--baseline" | "--attestations" => (*option, folder.file("more.json", value)),
            _ => (*option, (*value).to_owned()),
        })
        .collect();
    args.extend(files.iter().flat_map(|(option, value)| [*option, value.as_str()]));
    let output = assize(&args);
    let report = serde_json::from_slice(&output.stdout);
    (output.status.code().unwrap(), report.unwrap_or_else(|_| panic!("{}", said(&output))))
}

const WAIVED: &str = r#"
control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }
waiver w { control c where v.id == "a" until 2027-01-31 reason "r" approved by "a" }"#;

#[test]
fn a_waiver_ends_at_its_instant() {
    let open = volumes(&[("a", "1", 0, false)]);
    for (now, code, state) in [
        ("2027-01-30T23:59:59Z", 0, "used"),
        ("2027-01-31", 1, "expired"),
        ("2027-02-01", 1, "expired"),
    ] {
        let (found, report) = run("until", WAIVED, &open, &[("--now", now)]);
        assert_eq!(found, code, "at {now}");
        assert_eq!(report["waivers"][0]["state"], state, "at {now}");
    }
    let other = volumes(&[("b", "1", 0, false)]);
    assert_eq!(run("other", WAIVED, &other, &[("--now", "2027-01-01")]).0, 1);
}

#[test]
fn what_a_waiver_covered_is_new_to_a_baseline() {
    let open = volumes(&[("a", "1", 0, false)]);
    let (_, waived) = run("waived", WAIVED, &open, &[("--now", "2027-01-01")]);
    let earlier = waived.to_string();
    let with = |now| [("--now", now), ("--baseline", earlier.as_str())];
    assert_eq!(run("then", WAIVED, &open, &with("2027-01-02")).0, 0);
    let (code, report) = run("since", WAIVED, &open, &with("2027-03-01"));
    assert_eq!((code, report["baseline"]["new"].as_u64()), (1, Some(1)));
}

const MARGINS: &str = r"
control c for v in AWS::EC2::Volume { when v.Size is present require v.Encrypted ?? false }
control d for v in AWS::EC2::Volume { when v.Size is absent require v.Encrypted ?? false }
profile percent { use c, d margin c 25% }
profile number { use c, d margin c 1 }
profile other { use c, d margin d 25% }";

/// A margin is a share of those of which its control speaks, and of no other control.
#[test]
fn a_margin_forgives_its_own_control_alone() {
    let fleet = |failing: usize, passing: usize, unsized_: &[bool]| {
        let sized = (0..failing + passing).map(|n| (8, n >= failing));
        let all = sized.chain(unsized_.iter().map(|encrypted| (0, *encrypted)));
        let ids: Vec<String> =
            (0..failing + passing + unsized_.len()).map(|n| format!("v{n}")).collect();
        let all: Vec<_> =
            ids.iter().zip(all).map(|(id, (size, on))| (id.as_str(), "1", size, on)).collect();
        volumes(&all)
    };
    let many = [true; 20];
    for (profile, input, code, status) in [
        ("percent", fleet(1, 3, &[]), 0, "within_margin"),
        ("percent", fleet(1, 2, &[]), 1, "non_compliant"),
        ("percent", fleet(1, 2, &many), 1, "non_compliant"),
        ("percent", fleet(1, 3, &[false]), 1, "within_margin"),
        ("number", fleet(1, 0, &[]), 0, "within_margin"),
        ("number", fleet(2, 9, &[]), 1, "non_compliant"),
        ("other", fleet(1, 3, &many), 1, "non_compliant"),
        ("percent", fleet(0, 3, &[]), 0, "compliant"),
    ] {
        let (found, report) = run("margin", MARGINS, &input, &[("--profile", profile)]);
        assert_eq!(found, code, "{profile} {input}");
        assert_eq!(report["controls"][0]["status"], status, "{profile} {input}");
    }
}

#[test]
fn an_attestation_answers_for_what_it_names_alone() {
    let policy = r#"control c for v in AWS::EC2::Volume { manual "look at it" }"#;
    let input = volumes(&[("a", "111122223333", 0, true), ("b", "444455556666", 0, true)]);
    let attest = |of: &str, until: &str| {
        format!(
            r#"[{{"control": "c", {of} "statement": "s", "by": "b", "on": "2026-01-01", "until": "{until}"}}]"#
        )
    };
    for (of, until, wanted) in [
        ("", "2027-01-01", ["pass", "pass"]),
        (r#""account": "111122223333","#, "2027-01-01", ["pass", "manual"]),
        (r#""resource": "b","#, "2027-01-01", ["manual", "pass"]),
        (r#""account": "111122223333", "resource": "b","#, "2027-01-01", ["manual", "manual"]),
        ("", "2026-06-01", ["manual", "manual"]),
    ] {
        let said = attest(of, until);
        let more = [("--now", "2026-06-01"), ("--attestations", said.as_str())];
        let (_, report) = run("attested", policy, &input, &more);
        let verdicts: Vec<&str> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["verdict"].as_str().unwrap())
            .collect();
        assert_eq!(verdicts, wanted, "{said}");
    }
}

/// Every value that decided stands in the evidence; of an empty list, that it is empty.
#[test]
fn evidence_has_what_decided() {
    let policy = "control c for v in AWS::EC2::Volume { require (v.Encrypted ?? false) or (v.Size ?? 0) > 9 }
control d for g in AWS::EC2::SecurityGroup {
    when g.SecurityGroupIngress is present
    require any rule in g.SecurityGroupIngress: true
}";
    let group = r#"{"type":"AWS::EC2::SecurityGroup","id":"g","properties":{"GroupDescription":"d","SecurityGroupIngress":[]}}"#;
    let input = volumes(&[("a", "1", 8, false)]) + group;
    let (code, report) = run("evidence", policy, &input, &[]);
    assert_eq!(code, 1);
    let pointers = |at: usize| -> Vec<&str> {
        let evidence = &report["findings"][at]["messages"][0]["evidence"];
        evidence.as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect()
    };
    assert_eq!(pointers(0), ["/properties/Encrypted", "/properties/Size"]);
    assert_eq!(pointers(1), ["/properties/SecurityGroupIngress"]);
}
