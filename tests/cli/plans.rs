//! Plans of Terraform on the command line.

use super::{Folder, assize, said};

/// A plan as it is printed: one line, with a secret in it.
const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.9.8","resource_changes":[
{"address":"module.a.aws_db_instance.main[\"x\"]","mode":"managed","type":"aws_db_instance","name":"main","index":"x","change":{"actions":["create"],"before":null,"after":{"identifier":"main","password":"hunter2","deletion_protection":false},"after_unknown":{"arn":true,"multi_az":true},"after_sensitive":{"password":true}}}],
"configuration":{"root_module":{"module_calls":{"a":{"module":{"resources":[{"mode":"managed","type":"aws_db_instance","name":"main","expressions":{"identifier":{"constant_value":"main"}}}]}}}}}}"#;

const CONTROLS: [&str; 4] =
    ["--control", "rds_instance_deletion_protection_enabled", "--control", "rds_multi_az_support"];

fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let output = assize(&[&["check"], arguments, &CONTROLS].concat());
    (output.status.code(), said(&output))
}

#[test]
fn a_plan_is_known_by_its_keys_and_read_where_it_is_asked_for() {
    let folder = Folder::new("plans");
    let plan = folder.file("plan.json", PLAN);
    for source in [&["--source", "auto"][..], &["--source", "terraform"]] {
        let (code, text) = check(&[source, &[&plan]].concat());
        assert_eq!(code, Some(1), "{text}");
        for wanted in [
            r#"AWS::RDS::DBInstance module.a.aws_db_instance.main["x"]"#,
            "plan.json:2:1",
            "/resource_changes/0/change/after/deletion_protection is false",
            "2 fail",
        ] {
            assert!(text.contains(wanted), "{wanted}: {text}");
        }
    }
    // As another source it is none.
    let (code, text) = check(&["--source", "cloudformation", &plan]);
    assert_eq!(code, Some(3), "{text}");
}

#[test]
fn secrets_of_a_plan_are_in_no_report() {
    let folder = Folder::new("plan-secrets");
    let plan = folder.file("plan.json", PLAN);
    let policy = folder.file(
        "p.assize",
        r#"control shown for db in AWS::RDS::DBInstance { require db.MasterUserPassword is absent else "{db.id}: {db.MasterUserPassword ?? "none"}" }
control raw for db in AWS::RDS::DBInstance { forbid db.DeletionProtection is present else "{db.properties}" }
control beside for db in AWS::RDS::DBInstance { require db.DeletionProtection ?? false else "off" }"#,
    );
    for format in ["text", "json", "jsonl"] {
        let output =
            assize(&["check", "--policy", &policy, "--format", format, "--show", "all", &plan]);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("deletion_protection"), "{text}");
    }
}

#[test]
fn what_is_no_plan_is_said_so() {
    let folder = Folder::new("no-plans");
    let (name, cut) = ("cut.json", &PLAN[..PLAN.len() - 40]);
    for (name, text, wanted) in [
        (name, cut, "cut.json:3:"),
        (
            "log.json",
            r#"{"@level":"info","@message":"Terraform 1.9.8","@module":"terraform.ui"}"#,
            "`terraform show -json PLAN` prints the plan",
        ),
        ("plan.out", "PK\u{3}\u{4}tfplan", "`terraform show -json PLAN` prints it"),
        (
            "state.json",
            r#"{"version":2,"serial":1,"lineage":"x"}"#,
            "version `2` of a state file is not known",
        ),
        (
            "empty.tfstate",
            r#"{"version":4,"serial":1,"lineage":"x","resources":[]}"#,
            "no resources were found",
        ),
    ] {
        let (code, said) = check(&[&folder.file(name, text)]);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains(wanted), "{name}: {said}");
    }
}

#[test]
fn state_files_are_found_in_folders() {
    let folder = Folder::new("states");
    let state = r#"{"version":4,"terraform_version":"1.9.8","serial":1,"lineage":"x","resources":[{"mode":"managed","type":"aws_db_instance","name":"main","instances":[{"attributes":{"identifier":"main","deletion_protection":true,"multi_az":true}}]}]}"#;
    let path = folder.file("terraform.tfstate", state);
    let parent = std::path::Path::new(&path).parent().unwrap().to_string_lossy().into_owned();
    let (code, text) = check(&[&parent]);
    assert!(code == Some(0) && text.contains("2 pass"), "{text}");
}

/// Whom a bucket grants what, as version 3 of the provider has it: within the bucket.
const GRANTS: &str = r#"{"format_version":"0.1","terraform_version":"0.14.0","planned_values":{"root_module":{"resources":[{"address":"aws_s3_bucket.open","mode":"managed","type":"aws_s3_bucket","name":"open","provider_name":"aws","values":{"bucket":"open","acl":null,"grant":[{"id":"","permissions":["READ"],"type":"Group","uri":"http://acs.amazonaws.com/groups/global/AllUsers"}]}},{"address":"aws_s3_bucket.plain","mode":"managed","type":"aws_s3_bucket","name":"plain","provider_name":"aws","values":{"bucket":"plain","acl":"private","grant":[]}}]}},"resource_changes":[{"address":"aws_s3_bucket.open","mode":"managed","type":"aws_s3_bucket","name":"open","provider_name":"aws","change":{"actions":["create"],"before":null,"after":{"bucket":"open","acl":null,"grant":[{"id":"","permissions":["READ"],"type":"Group","uri":"http://acs.amazonaws.com/groups/global/AllUsers"}]},"after_unknown":{"arn":true}}},{"address":"aws_s3_bucket.plain","mode":"managed","type":"aws_s3_bucket","name":"plain","provider_name":"aws","change":{"actions":["create"],"before":null,"after":{"bucket":"plain","acl":"private","grant":[]},"after_unknown":{"arn":true}}}],"configuration":{"root_module":{"resources":[{"address":"aws_s3_bucket.open","mode":"managed","type":"aws_s3_bucket","name":"open","provider_config_key":"aws","expressions":{"bucket":{"constant_value":"open"},"grant":[{"permissions":{"constant_value":["READ"]},"type":{"constant_value":"Group"},"uri":{"constant_value":"http://acs.amazonaws.com/groups/global/AllUsers"}}]}},{"address":"aws_s3_bucket.plain","mode":"managed","type":"aws_s3_bucket","name":"plain","provider_config_key":"aws","expressions":{"bucket":{"constant_value":"plain"},"acl":{"constant_value":"private"}}}]}}}"#;

#[test]
fn what_a_bucket_grants_by_itself_is_no_pass() {
    let folder = Folder::new("plan-grants");
    let plan = folder.file("plan.json", GRANTS);
    let output = assize(&["check", "--control", "s3_bucket_public_read_prohibited", &plan]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("aws_s3_bucket.open: the ACL PublicRead lets everyone read"), "{text}");
    assert!(text.contains("1 fail, 0 error, 0 unknown, 0 manual, 1 pass"), "{text}");
}
