//! Cases with known verdicts: unit tests of AWS' own rules for CloudFormation Guard.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Where Assize answers otherwise, and why its answer is the better one.
const DIFFERENCES: &[(&str, &str, &str, &str)] = &[
    (
        "incoming_ssh_disabled",
        "SKIP",
        "ERROR",
        "the rule's key is misspelt (`IpProtocol\"`), so a required property is missing: that is an error, not nothing to check",
    ),
    (
        "incoming_ssh_disabled",
        "PASS",
        "ERROR",
        "the second rule opens all ports to the world, and its key is misspelt: that is no pass",
    ),
    (
        "rds_automatic_minor_version_upgrade_enabled",
        "FAIL",
        "PASS",
        "AWS documents that the property is true where it is left out",
    ),
    (
        "s3_bucket_public_write_prohibited",
        "FAIL",
        "PASS",
        "AWS Config's rule of this name is compliant where neither an ACL nor a policy lets the public write",
    ),
    (
        "s3_bucket_replication_enabled",
        "PASS",
        "ERROR",
        "the replication rule lacks the required `Status`, so that it is enabled is not known; AWS refuses the template",
    ),
    (
        "iam_policy_no_statements_with_full_access",
        "SKIP",
        "PASS",
        "a managed policy with a Deny alone was looked at and is well, as the same statement in an inline policy is",
    ),
    (
        "redshift_cluster_configuration_check",
        "PASS",
        "FAIL",
        "AWS Config's rule of this name asks for audit logs, too, and the cluster keeps none",
    ),
    (
        "api_gw_endpoint_type_check",
        "PASS",
        "SKIP",
        "AWS Config's rule of this name looks at APIs, and the template has a domain name alone",
    ),
    (
        "api_gw_endpoint_type_check",
        "FAIL",
        "SKIP",
        "AWS Config's rule of this name looks at APIs, and the template has a domain name alone",
    ),
    (
        "api_gwv2_access_logs_enabled",
        "FAIL",
        "PASS",
        "CloudFormation makes a text of the number 123 where a text is wanted",
    ),
    (
        "cloudfront_accesslogs_enabled",
        "FAIL",
        "ERROR",
        "the distribution has no `DistributionConfig`, which is required: that is an error; AWS refuses the template",
    ),
    (
        "cloudfront_accesslogs_enabled",
        "PASS",
        "FAIL",
        "`Logging` names no bucket, so nothing is logged; AWS documents that with it cookies alone can be asked for",
    ),
    (
        "cloudwatch_alarm_action_check",
        "PASS",
        "FAIL",
        "by the defaults of AWS Config's parameters the states ALARM and INSUFFICIENT_DATA must have actions, each",
    ),
    (
        "fsx_resources_protected_by_backup_plan",
        "PASS",
        "FAIL",
        "AWS Config's rule of this name asks for a backup plan of AWS Backup; the file system's own backups are none",
    ),
];

#[test]
fn guard_cases_have_the_same_verdict_or_a_reason() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !super::shared_or_left_out(&shared) {
        return;
    }
    let text = fs::read_to_string(shared.join("data/cases/guard-visible.json")).unwrap();
    let data: Value = serde_json::from_str(&text).unwrap();
    let assize = env!("CARGO_BIN_EXE_assize");
    let listed =
        Command::new(assize).args(["list", "controls", "--format", "json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let controls: Vec<&str> = listed["controls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["control"].as_str().unwrap())
        .collect();

    let folder = std::env::temp_dir().join(format!("assize-cases-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut cases = Vec::new();
    for (number, case) in data["cases"].as_array().unwrap().iter().enumerate() {
        let rule = case["rule"].as_str().unwrap().to_lowercase();
        let rule = if rule == "s3_bucket_default_lock_enable" { rule + "d" } else { rule };
        let template = case["template"].to_string();
        let suppressed = template.contains("uppress");
        if controls.contains(&rule.as_str()) && !suppressed {
            let file = folder.join(format!("{number:04}.json"));
            fs::write(&file, &template).unwrap();
            cases.push((rule, file.to_string_lossy().into_owned(), case));
        }
    }
    let run =
        Command::new(assize).args(["check", "--format", "json"]).arg(&folder).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    let mut verdicts: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let file = finding["resource"]["file"].as_str().unwrap().to_owned();
        let control = finding["control"].as_str().unwrap().to_owned();
        verdicts
            .entry((file, control))
            .or_default()
            .push(finding["verdict"].as_str().unwrap().to_owned());
    }
    let mut wrong = Vec::new();
    for (rule, file, case) in &cases {
        let found = verdicts.get(&(file.clone(), rule.clone())).cloned().unwrap_or_default();
        let has = |verdict: &str| found.iter().any(|v| v == verdict);
        let got = match () {
            () if has("fail") => "FAIL",
            () if has("error") => "ERROR",
            () if has("unknown") => "UNKNOWN",
            () if has("pass") => "PASS",
            () => "SKIP",
        };
        let wanted = case["expected"].as_str().unwrap();
        let known = DIFFERENCES.iter().any(|(r, w, g, _)| r == rule && *w == wanted && *g == got);
        if got != wanted && !known {
            wrong.push(format!("{rule}: {}: expected {wanted}, got {got}", case["name"]));
        }
    }
    println!("{} cases of {} rules", cases.len(), controls.len());
    assert!(cases.len() >= 180, "{}", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
