//! The program from outside: what is written, how it ends.

mod cases;
mod coverage;
mod forgiven;
mod repl;
mod plans;
mod secrets;
mod silence;
mod soundness;
pub mod transcripts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own for a test; gone with it.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("assize-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn assize(args: &[&str]) -> Output {
    assize_in(Path::new(env!("CARGO_MANIFEST_DIR")), args)
}

fn assize_in(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_assize")).args(args).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn the_readmes_first_command_finds_what_is_wrong() {
    let output = assize(&["check", "policies/example/web-app.yaml"]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in [
        "incoming_ssh_disabled",
        "policies/example/web-app.yaml:9:3",
        "port 22 is open to the world",
        "/Resources/WebGroup/Properties/SecurityGroupIngress/1/FromPort is 22",
        "parameter `OfficeNetwork` has no value",
        "Web is exposed through WebGroup",
        "Scratch is not encrypted",
        "and incomplete",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    assert!(!text.contains("Data is not encrypted"), "the condition decides by its default");
}

#[test]
fn the_json_report_is_as_the_contract_says() {
    let args = [
        "check",
        "--now",
        "2026-11-24T00:00:00Z",
        "--format",
        "json",
        "policies/example/web-app.yaml",
    ];
    let output = assize(&args);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["report"], 1);
    assert_eq!(report["now"], "2026-11-24T00:00:00Z");
    assert_eq!(report["inputs"][0]["source"], "cloudformation");
    assert_eq!(report["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    let find = |control: &str, id: &str| {
        let all = report["findings"].as_array().unwrap();
        all.iter().find(|f| f["control"] == control && f["resource"]["id"] == id).unwrap().clone()
    };
    let scratch = find("encrypted_volumes", "Scratch");
    assert_eq!(scratch["verdict"], "fail");
    assert_eq!(scratch["fingerprint"].as_str().unwrap().len(), 64);
    assert_eq!(scratch["messages"][0]["evidence"][0]["state"], "absent");
    assert_eq!(find("encrypted_volumes", "Data")["verdict"], "pass");
    assert_eq!(find("s3_bucket_ssl_requests_only", "Uploads")["verdict"], "pass");
    assert_eq!(find("incoming_ssh_disabled", "AdminGroup")["verdict"], "unknown");
    assert_eq!(output.stdout, assize(&args).stdout, "the same run, byte for byte");
}

#[test]
fn a_parameter_decides_what_it_left_open() {
    let value = "OfficeNetwork=203.0.113.0/24";
    let args = [
        "check",
        "--control",
        "incoming_ssh_disabled",
        "--parameter",
        value,
        "policies/example/web-app.yaml",
    ];
    assert!(
        said(&assize(&args)).contains("1 fail, 0 error, 0 unknown, 0 manual, 1 pass"),
        "{}",
        said(&assize(&args))
    );
}

#[test]
fn exit_codes_tell_what_happened() {
    let folder = Folder::new("exit");
    let good = folder.file("good.yaml", "Resources:\n  V: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: true } }\n");
    let open = folder.file("open.yaml", "Parameters: { E: { Type: String } }\nResources:\n  V: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: !Ref E } }\n");
    let cut = folder.file("cut.ndjson", "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{\"Encrypted\":true}}\n{\"type\":\"AWS::EC2::Vol");
    let empty = folder.file("empty.yaml", "");
    let plan = folder.file(
        "plan.json",
        "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"planned_values\":{}}",
    );
    let saved = folder.file("plan.out", "PK\u{3}\u{4}tfplan");
    let broken = folder.file(
        "broken.assize",
        "control c for v in AWS::EC2::Volume { require v.Encypted ?? false }",
    );
    let one = ["--control", "encrypted_volumes"];
    let run = |input: &str, more: &[&str]| {
        let mut args = vec!["check", input];
        args.extend(one);
        args.extend(more);
        let output = assize(&args);
        (output.status.code().unwrap(), said(&output))
    };
    assert_eq!(run(&good, &[]).0, 0);
    assert_eq!(run(&open, &[]).0, 3);
    assert_eq!(run(&open, &["--allow-incomplete"]).0, 0);
    assert_eq!(run(&open, &["--fail-on", "unknown"]).0, 1);
    let (code, text) = run(&cut, &[]);
    assert_eq!(code, 3, "{text}");
    assert!(text.contains("cut.ndjson:2:"), "{text}");
    assert_eq!(run(&empty, &[]).0, 3);
    let (code, text) = run(&plan, &[]);
    assert!(code == 3 && text.contains("no resources were found"), "{text}");
    let (code, text) = run(&saved, &[]);
    assert!(code == 3 && text.contains("unsupported source"), "{text}");
    assert_eq!(run("no/such/file.yaml", &[]).0, 3);
    let output = assize(&["check", "--policy", &broken, &good]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("did you mean `Encrypted`"), "{}", said(&output));
    let output = assize(&["check", "--control", "encrypted_volume", &good]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("did you mean `encrypted_volumes`"), "{}", said(&output));
    assert_eq!(assize(&["chek"]).status.code(), Some(2));
    assert_eq!(assize(&["check", "--format", "jsn", &good]).status.code(), Some(2));
}

#[test]
fn one_bad_resource_does_not_hide_the_rest() {
    let folder = Folder::new("bad");
    let lines = [
        r#"{"id":"v1","properties":{"Encrypted":"yes"},"type":"AWS::EC2::Volume"}"#,
        r#"{"type":"AWS::EC2::Volume","id":"v2","properties":{"Encrypted":true,"Encrypted":false}}"#,
        r#"{"type":"AWS::EC2::Volume","id":"v3","propertis":{}}"#,
        r#"{"type":"AWS::EC2::Volume","id":"v4","properties":{"Encrypted":false}}"#,
        r#"{"gap":{"type":"AWS::EC2::Volume","reason":"access denied"}}"#,
    ];
    let file = folder.file("i.ndjson", &lines.join("\n"));
    let output = assize(&["check", "--control", "encrypted_volumes", "--format", "json", &file]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdict = |id: &str| {
        let all = report["findings"].as_array().unwrap();
        all.iter()
            .find(|f| f["resource"]["id"] == id)
            .map(|f| f["verdict"].as_str().unwrap().to_owned())
    };
    assert_eq!(verdict("v1").as_deref(), Some("error"), "a wrong type is an error");
    assert_eq!(verdict("v2").as_deref(), Some("error"), "a key that stands twice is an error");
    assert_eq!(verdict("v4").as_deref(), Some("fail"));
    assert_eq!(verdict("v3").as_deref(), Some("error"));
    assert!(said(&output).contains("did you mean `properties`"));
    assert_eq!(report["gaps"][0]["reason"], "access denied");
    assert_eq!(output.status.code(), Some(1));
}

/// Each limit, asked for in ways that `not`, `forbid`, `or` or a quantifier could turn into a pass.
#[test]
fn limits_end_in_error_and_cannot_be_turned() {
    let folder = Folder::new("limit");
    let mut chain = String::new();
    for n in 0..63 {
        chain.push_str(&format!(
            "fn f{n}(x: Int) -> Int {{ let y = f{}(x) let z = y return z }}\n",
            n + 1
        ));
    }
    let prelude = chain
        + "fn f63(x: Int) -> Int = x\n\
           fn twice(x: [Int]) -> [Int] = x + x\n\
           fn more(x: [Int]) -> [Int] = twice(twice(twice(twice(x))))\n\
           fn long(x: String) -> String = \"{x}{x}{x}{x}{x}{x}{x}{x}\"\n";
    let file = folder.file("v.yaml", "Resources:\n  V: { Type: 'AWS::EC2::Volume' }\n");
    let steps = "any x in [1, 2, 3]: any y in [1, 2, 3]: x + y == 100";
    let values = "count(more(more(more([1])))) < 0";
    let text = "length(long(long(long(long(\"abcdefgh\"))))) < 0";
    let made = "length(join([long(long(long(\"abcdefgh\"))) for x in more([1])], \"\")) < 0";
    let deep = "f0(1) < 0";
    for (what, limit, said) in [
        (steps, ["--max-steps", "10"], "--max-steps"),
        (values, ["--max-memory", "20000"], "--max-memory"),
        (text, ["--max-memory", "20000"], "--max-memory"),
        (made, ["--max-memory", "20000"], "--max-memory"),
        (deep, ["--max-steps", "1000000"], "128 calls"),
    ] {
        for form in [
            format!("require {what}"),
            format!("forbid {what}"),
            format!("require not ({what})"),
            format!("require ({what}) implies false"),
            format!("require ({what}) or true"),
            format!("forbid ({what}) and false"),
            format!("require none x in [1] where {what}: true"),
            format!("let b = {what}\n require not b"),
            format!("require if {what} then false else true"),
            format!("when {what}\n require true"),
            format!("each x in [1] where {what} {{ require false }}"),
        ] {
            let policy = format!("{prelude}control c for v in AWS::EC2::Volume {{ {form} }}");
            let policy = folder.file("p.assize", &policy);
            let mut args = vec!["check", "--policy", &policy, &file];
            args.extend(limit);
            let output = assize(&args);
            let text = crate::cli::said(&output);
            assert_eq!(output.status.code(), Some(3), "{form}\n{text}");
            assert!(text.contains(said) && text.contains("1 error"), "{form}\n{text}");
        }
    }
}

#[test]
fn set_and_explain_and_schema_work() {
    let folder = Folder::new("set");
    let file = folder.file("d.yaml", "Resources:\n  D: { Type: 'AWS::RDS::DBInstance', Properties: { BackupRetentionPeriod: 3 } }\n");
    let check = |set: &str| {
        assize(&["check", "--control", "db_instance_backup_enabled", "--set", set, &file])
    };
    assert_eq!(check("db_instance_backup_enabled.retention_days=2").status.code(), Some(0));
    assert_eq!(check("db_instance_backup_enabled.retention_days=9").status.code(), Some(1));
    assert_eq!(check("db_instance_backup_enabled.retention_day=9").status.code(), Some(2));
    assert!(said(&assize(&["explain", "E0214"])).contains("E0214"));
    assert!(said(&assize(&["explain", "encrypted_volumes"])).contains("EBS volumes are encrypted"));
    assert!(said(&assize(&["schema", "show", "AWS::EC2::Volume"])).contains("KmsKeyId: String?"));
    assert!(
        said(&assize(&["schema", "show", "AWS::EC2::Volum"]))
            .contains("did you mean `AWS::EC2::Volume`")
    );
}

#[test]
fn the_designs_examples_pass_their_tests() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !super::shared_or_left_out(&shared) {
        return;
    }
    let output = assize(&["test", &shared.join("design/examples").to_string_lossy()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("17 passed, 0 failed"), "{}", said(&output));
}

#[test]
fn the_librarys_tests_pass() {
    let output = assize(&["test", "stdlib/tests"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn attestations_answer_what_is_left_to_people() {
    let folder = Folder::new("attest");
    let policy = folder.file(
        "p.assize",
        r#"control reviewed for v in AWS::EC2::Volume { manual "Attach the review" }
framework plant {
    title "Plant"
    requirement "1" { met by reviewed }
    requirement "2" { manual "Attach the policy" }
    requirement "3" { manual "Attach the plan" }
}
profile p { covers plant }"#,
    );
    let input = folder.file("v.yaml", "Resources:\n  V: { Type: 'AWS::EC2::Volume' }\n");
    let run = |attestations: &str, now: &str| {
        let file = folder.file("a.json", attestations);
        let args = ["check", "--policy", &policy, "--profile", "p", "--now", now];
        let more = ["--attestations", &file, "--format", "json", &input];
        assize(&[&args[..], &more[..]].concat())
    };
    let all = r#"[
        {"control": "reviewed", "statement": "Seen", "by": "Ann", "on": "2026-01-01", "until": "2027-01-01"},
        {"requirement": "plant:2", "statement": "See wiki", "by": "Bob", "on": "2026-01-01", "until": "2027-01-01"},
        {"control": "p.reviewed", "resource": "W", "statement": "Seen", "by": "Cid", "on": "2026-01-01", "until": "2027-01-01"}
    ]"#;
    let report: Value = serde_json::from_slice(&run(all, "2026-06-01").stdout).unwrap();
    assert_eq!(report["findings"][0]["verdict"], "pass");
    let text = report["findings"][0]["messages"][0]["text"].as_str().unwrap();
    assert!(text.contains("attested by Ann on 2026-01-01, until 2027-01-01: Seen"), "{text}");
    let statuses: Vec<&str> = report["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|requirement| requirement["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["met", "met", "manual"]);
    assert_eq!(report["attestations"][2]["state"], "orphan");
    let report: Value = serde_json::from_slice(&run(all, "2027-06-01").stdout).unwrap();
    assert_eq!(report["findings"][0]["verdict"], "manual", "past its end it has no force");
    assert_eq!(report["attestations"][0]["state"], "expired");
    for (wrong, part) in [
        ("{}", "1:1: expected a list of attestations"),
        (r#"[{"contrl": "reviewed"}]"#, "did you mean `control`?"),
        (r#"[{"control": "reviewed", "requirement": "plant:1"}]"#, "one of the two"),
        (
            r#"[{"control": "review", "statement": "s", "by": "b", "on": "2026-01-01", "until": "2027-01-01"}]"#,
            "there is no control `review`",
        ),
        (
            r#"[{"control": "reviewed", "statement": "s", "by": "b", "on": "2026-01-01", "until": "soon"}]"#,
            "`soon` is none",
        ),
        (
            r#"[{"control": "reviewed", "statement": "s", "by": "", "on": "2026-01-01", "until": "2027-01-01"}]"#,
            "needs `by`",
        ),
        ("[", "a.json:1:"),
    ] {
        let output = run(wrong, "2026-06-01");
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(said(&output).contains(part), "{wrong}: {}", said(&output));
    }
}

#[test]
fn a_baseline_absorbs_only_what_is_in_it() {
    let folder = Folder::new("baseline");
    let template = |web: &str, extra: &str| {
        format!(
            "Resources:\n  V: {{ Type: 'AWS::EC2::Volume', Properties: {{ {web} }} }}\n  W: {{ Type: 'AWS::EC2::Volume' }}\n{extra}"
        )
    };
    let policy = folder.file(
        "p.assize",
        "control c for v in AWS::EC2::Volume {
            require v.Encrypted ?? false else \"{v.id} is open\"
            require (v.Size ?? 1) < 100 else \"{v.id} is large\"
        }",
    );
    let earlier = folder.file("t.yaml", &template("Size: 1", ""));
    let report = assize(&["check", "--policy", &policy, "--format", "json", &earlier]);
    let baseline = folder.file("report.json", &String::from_utf8(report.stdout).unwrap());
    let run = |text: String| {
        let file = folder.file("t.yaml", &text);
        let args =
            ["check", "--policy", &policy, "--baseline", &baseline, "--format", "json", &file];
        let output = assize(&args);
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let counts = &report["baseline"];
        let count = |key: &str| counts[key].as_array().map_or(0, Vec::len) as u64;
        let number = |key: &str| counts[key].as_u64().unwrap();
        (
            output.status.code().unwrap(),
            number("new"),
            number("still"),
            count("fixed"),
            count("gone"),
        )
    };
    assert_eq!(run(template("Size: 1", "")), (0, 0, 2, 0, 0), "nothing has changed");
    assert_eq!(run(template("Encrypted: true", "")), (0, 0, 1, 1, 0), "one is fixed");
    assert_eq!(run(template("Size: 500", "")), (1, 1, 1, 0, 0), "the same finding says more");
    let third = "  X: { Type: 'AWS::EC2::Volume' }\n";
    assert_eq!(run(template("Size: 1", third)), (1, 1, 2, 0, 0), "another resource");
    let alone = "Resources:\n  W: { Type: 'AWS::EC2::Volume' }\n".to_owned();
    assert_eq!(run(alone), (0, 0, 1, 0, 1), "a resource that is not seen is not fixed");
    for (text, part) in [
        ("", "line 1 column 0"),
        ("{}", "report"),
        ("{\"report\": 2, \"findings\": []}", "version 2"),
    ] {
        let wrong = folder.file("wrong.json", text);
        let output = assize(&["check", "--policy", &policy, "--baseline", &wrong, &earlier]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(part), "{text}: {}", said(&output));
    }
}

/// The parser of YAML panics on a tag right before a comma. The reader catches that; nothing is said of a bug.
#[test]
fn what_the_reader_of_yaml_catches_is_the_inputs_mistake() {
    let folder = Folder::new("tag");
    let file = folder.file("t.yaml", "Resources: {N: [!a, b]}\n");
    let output = assize(&["check", &file]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("t.yaml:1:") && text.contains("between a tag and the comma"), "{text}");
    assert!(!text.contains("internal error"), "{text}");
}
