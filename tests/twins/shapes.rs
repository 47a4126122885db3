//! The items of the twins have what AWS Config records, and nothing that it does not: each path in them is
//! one that AWS lists for queries, or of those that real items have and queries leave out.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::service::{Source, services};

/// What real items have and queries cannot ask for: type, path.
const NOT_SEARCHABLE: &[(&str, &str)] = &[
    ("AWS::ApiGateway::Stage", "configuration.methodSettings"),
    ("AWS::ApiGatewayV2::Stage", "configuration.routeSettings"),
    ("AWS::Backup::BackupSelection", "configuration.BackupSelection.Conditions"),
    ("AWS::Backup::BackupSelection", "configuration.BackupSelection.ListOfTags"),
    ("AWS::Backup::BackupVault", "configuration.AccessPolicy"),
    ("AWS::EFS::FileSystem", "configuration.FileSystemTags"),
    ("AWS::SSM::AssociationCompliance", "configuration.AWS:ComplianceItem"),
    ("AWS::SSM::PatchCompliance", "configuration.AWS:ComplianceItem"),
    (
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "supplementaryConfiguration.LoadBalancerAttributes",
    ),
    (
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "supplementaryConfiguration.LoadBalancerAttributes",
    ),
    ("AWS::ECR::Repository", "configuration.LifecyclePolicy.LifecyclePolicyText"),
    ("AWS::IAM::Group", "configuration.groupPolicyList.policyDocument"),
    ("AWS::IAM::Policy", "configuration.policyVersionList.document"),
    ("AWS::IAM::Role", "configuration.assumeRolePolicyDocument"),
    ("AWS::IAM::Role", "configuration.rolePolicyList.policyDocument"),
    ("AWS::IAM::User", "configuration.userPolicyList.policyDocument"),
    ("AWS::KMS::Key", "supplementaryConfiguration.Policy"),
    (
        "AWS::Redshift::ClusterParameterGroup",
        "supplementaryConfiguration.Parameters.parameterValue",
    ),
    ("AWS::Lambda::Function", "supplementaryConfiguration.Policy"),
    ("AWS::S3::Bucket", "configuration.owner.id"),
    ("AWS::S3::Bucket", "supplementaryConfiguration.AccessControlList"),
    (
        "AWS::S3::Bucket",
        "supplementaryConfiguration.BucketNotificationConfiguration.configurations",
    ),
    ("AWS::S3::Bucket", "supplementaryConfiguration.BucketPolicy.policyText"),
    ("AWS::S3::Bucket", "supplementaryConfiguration.BucketReplicationConfiguration.rules"),
    ("AWS::S3::Bucket", "supplementaryConfiguration.BucketTaggingConfiguration"),
    ("AWS::WAFv2::RuleGroup", "configuration.rules"),
    ("AWS::WAFv2::WebACL", "configuration.rules"),
];

/// Types of which there is no list.
const NOT_LISTED: &[&str] = &[
    "AWS::ApiGatewayV2::Api",
    "AWS::EC2::NatGateway",
    "AWS::EC2::PrefixList",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::Logs::LogGroup",
];

/// The paths of all plain values, through texts that are JSON; lists have none of their own.
fn paths(value: &Value, path: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Null => {}
        Value::Object(members) => {
            for (key, member) in members {
                paths(member, &format!("{path}.{key}"), out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, path, out)),
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Object(_) | Value::Array(_) | Value::String(_))) => {
                paths(&inner, path, out);
            }
            _ => drop(out.insert(path.to_owned())),
        },
        _ => drop(out.insert(path.to_owned())),
    }
}

#[test]
fn items_have_what_aws_config_records() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !crate::shared_or_left_out(&shared) {
        return;
    }
    let mut wrong = BTreeSet::new();
    for service in services() {
        let document = service.document(Source::Config);
        for item in document["configurationItems"].as_array().unwrap() {
            let kind = item["resourceType"].as_str().unwrap();
            if NOT_LISTED.contains(&kind) {
                continue;
            }
            let name = kind.to_lowercase().replace("::", "-");
            let file = shared.join(format!("data/schemas/config/{name}.json"));
            let listed = fs::read_to_string(file).unwrap_or_else(|_| panic!("no list of {kind}"));
            let listed: Map<String, Value> = serde_json::from_str(&listed).unwrap();
            let mut found = BTreeSet::new();
            for part in ["configuration", "supplementaryConfiguration"] {
                paths(&item[part], part, &mut found);
            }
            wrong.extend(found.into_iter().filter_map(|path| {
                let is_listed = listed.contains_key(&path)
                    // Of a list of texts.
                    || listed.contains_key(&format!("{path}.value"));
                let is_known =
                    NOT_SEARCHABLE.iter().any(|(of, known)| *of == kind && path.starts_with(known));
                (!is_listed && !is_known).then(|| format!("{}: {kind} {path}", service.name))
            }));
        }
    }
    assert!(wrong.is_empty(), "no item has: {wrong:#?}");
}
