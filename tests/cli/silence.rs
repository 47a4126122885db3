//! What must not pass in silence: a type misspelt in an inventory, coverage that a parameter loses.

use serde_json::Value;

use super::{Folder, assize};

const BOX: &str = "resource Acme::Net::Box identified by Name { Name: String, Age: Int = 1 }
    control young for b in Acme::Net::Box { param most: Int = 5 require b.Age <= most }
    framework f {
        requirement \"1\" { met by young when most <= 9 }
        requirement \"2\" { met by young }
        requirement \"3\" { met by young when most + 1 in [6, 61] }
    }
    profile p { covers f }
    profile loose { covers f set young.most = 100 }";

fn report(args: &[&str]) -> (Value, Option<i32>) {
    let output = assize(&[&["check", "--format", "json"], args].concat());
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code())
}

#[test]
fn coverage_is_lost_where_the_frameworks_condition_does_not_hold() {
    let folder = Folder::new("coverage");
    let policy = folder.file("p.assize", BOX);
    let input =
        folder.file("i.ndjson", r#"{"type":"Acme::Net::Box","id":"b","properties":{"Name":"b"}}"#);
    let statuses = |more: &[&str]| {
        let (report, _) = report(&[&["--policy", &policy, &input], more].concat());
        let all = report["requirements"].as_array().unwrap().clone();
        let listed = report["controls"][0]["requirements"].as_array().unwrap().len();
        let text = |r: &Value| r["status"].as_str().unwrap().to_owned();
        (all.iter().map(text).collect::<Vec<_>>().join(" "), listed)
    };
    assert_eq!(statuses(&["--profile", "p"]), ("met met met".to_owned(), 3));
    assert_eq!(statuses(&["--profile", "loose"]), ("uncovered met uncovered".to_owned(), 1));
    let set = ["--profile", "p", "--set", "young.most=60"];
    assert_eq!(
        statuses(&set),
        ("uncovered met met".to_owned(), 2),
        "what the command line loosens"
    );
    let set = ["--profile", "loose", "--set", "young.most=5"];
    assert_eq!(statuses(&set), ("met met met".to_owned(), 3), "the later setting counts");
}

#[test]
fn a_requirement_is_not_met_by_the_controls_that_were_asked_for_alone() {
    let folder = Folder::new("alone");
    let policy = folder.file(
        "p.assize",
        "control first for v in AWS::EC2::Volume { require true }
        control second for v in AWS::EC2::Volume { require false }
        framework f {
            requirement \"1\" { met by first, second }
            requirement \"2\" { met by first }
            requirement \"3\" { met by second }
        }
        profile p { covers f }
        profile q { covers f exclude second }",
    );
    let input = folder.file("v.yaml", "Resources:\n  V: { Type: 'AWS::EC2::Volume' }\n");
    let statuses = |profile: &str, more: &[&str]| {
        let args = ["--policy", &policy, "--profile", profile, &input];
        let (report, _) = report(&[&args, more].concat());
        let all = report["requirements"].as_array().unwrap().clone();
        let texts: Vec<&str> = all.iter().map(|r| r["status"].as_str().unwrap()).collect();
        texts.join(" ")
    };
    assert_eq!(statuses("p", &[]), "not_met met not_met");
    assert_eq!(statuses("p", &["--control", "first"]), "undetermined met undetermined");
    assert_eq!(statuses("p", &["--control", "second"]), "not_met undetermined not_met");
    assert_eq!(
        statuses("q", &["--control", "first"]),
        "met met uncovered",
        "what a profile leaves out"
    );
}

#[test]
fn a_type_misspelt_in_an_inventory_leaves_a_gap() {
    let folder = Folder::new("misspelt");
    let policy = folder.file("p.assize", BOX);
    let line =
        |kind: &str| format!(r#"{{"type":"{kind}","id":"{kind}","properties":{{"Name":"b"}}}}"#);
    let run = |kind: &str| {
        let input =
            folder.file("i.ndjson", &format!("{}\n{}\n", line("Acme::Net::Box"), line(kind)));
        let (report, code) = report(&["--policy", &policy, &input]);
        let gap = report["gaps"][0]["reason"].as_str().unwrap_or("").to_owned();
        (code, report["controls"][0]["status"].as_str().unwrap().to_owned(), gap)
    };
    for wrong in ["Acme::Net::Bx", "Acm::Net::Box", "acme::net::box", "Acme:Net::Box"] {
        let (code, status, gap) = run(wrong);
        assert_eq!((code, &*status), (Some(3), "undetermined"), "{wrong}");
        let said = format!("no schema declares `{wrong}`; did you mean `Acme::Net::Box`?");
        assert_eq!(gap, said);
    }
    for other in ["Acme::Net::Switch", "Other::Thing::Box", "AWS::EC2::Volume"] {
        assert_eq!(run(other), (Some(0), "compliant".to_owned(), String::new()), "{other}");
    }
}
