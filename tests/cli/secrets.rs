//! What a schema marks sensitive is not shown: not in messages, not in evidence, not in lines of the input.

use super::{Folder, assize, said};

const POLICY: &str = r#"resource Acme::Net::Box identified by Name {
    Name: String,
    Secret: String? sensitive,
    Port: Int = 1,
    Login: Acme::Net::Box.Login?,
}
record Acme::Net::Box.Login { User: String, Word: String? sensitive }
control beside for b in Acme::Net::Box { require b.Port == 1 }
control shown for b in Acme::Net::Box { require b.Secret == "x" else "{b.id}: {b.Secret ?? "none"}" }
control made for b in Acme::Net::Box { require b.Secret == "x" else "{upper(b.Secret ?? "none")}" }
control whole for b in Acme::Net::Box {
    require b.Login is present and b.Login == { User: "a", Word: "b" } else "{b.Login}"
}
control raw for b in Acme::Net::Box { require b.Port == 1 else "{b.properties}" }
"#;

#[test]
fn secrets_are_not_shown() {
    let folder = Folder::new("secrets");
    let policy = folder.file("p.assize", POLICY);
    let long = "x".repeat(600);
    let line = |name: &str| {
        format!(
            r#"{{"type":"Acme::Net::Box","id":"{name}","properties":{{"Name":"{name}","Login":{{"User":"u","Word":"hunter2"}},"Secret":"hunter2","Port":2}}}}"#
        )
    };
    let input = folder.file("i.ndjson", &format!("{}\n{}\n", line("b"), line(&long)));
    for format in ["text", "json", "jsonl"] {
        let output = assize(&["check", "--policy", &policy, "--format", format, &input]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(!text.to_lowercase().contains("hunter2"), "{text}");
        assert!(text.contains("b: <redacted>"), "{text}");
        assert!(text.contains("/properties/Port"), "{text}");
    }
}

#[test]
fn lines_without_secrets_are_shown() {
    let folder = Folder::new("no-secrets");
    let policy = folder.file("p.assize", POLICY);
    let input = folder.file(
        "i.ndjson",
        "{\"type\":\"Acme::Net::Box\",\"id\":\"b\",\"properties\":{\"Name\":\"b\",\"Port\":2}}\n",
    );
    let text = said(&assize(&["check", "--policy", &policy, "--control", "beside", &input]));
    assert!(text.contains("    1 | {\"type\":\"Acme::Net::Box\""), "{text}");
}

/// What is a secret in one type is none by the same name in another.
#[test]
fn a_name_is_hidden_in_its_own_type_alone() {
    let folder = Folder::new("own-secrets");
    let more = "resource Acme::Net::Tag identified by Name { Name: String, Secret: String? }\n\
        control open for t in Acme::Net::Tag { require t.Secret == \"x\" else \"{t.id}: {t.Secret ?? \"none\"}\" }\n";
    let policy = folder.file("p.assize", &format!("{POLICY}{more}"));
    let line = |kind: &str| {
        format!(
            "{{\"type\":\"Acme::Net::{kind}\",\"id\":\"{kind}\",\"properties\":{{\"Name\":\"n\",\"Secret\":\"hunter2\"}}}}\n"
        )
    };
    let input = folder.file("i.ndjson", &format!("{}{}", line("Box"), line("Tag")));
    let text = said(&assize(&[
        "check",
        "--policy",
        &policy,
        "--control",
        "open",
        "--control",
        "shown",
        &input,
    ]));
    assert!(text.contains("Tag: hunter2") && text.contains("Box: <redacted>"), "{text}");
    assert!(text.contains("    2 | {\"type\":\"Acme::Net::Tag\""), "{text}");
    assert!(!text.contains("    1 | "), "{text}");
}
