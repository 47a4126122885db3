//! Access denied: of what a collector was not allowed to see, nothing is well.

use std::collections::{BTreeMap, BTreeSet};

use assize::assess::Assessment;
use assize::program::Subject;
use serde_json::{Value, json};

use super::super::service::{Service, Source, engine, services, text};
use super::reads::{AllReads, all};

/// What says that the resources of a type were not seen.
fn gap(source: Source, kind: &str) -> Value {
    match source {
        Source::Inventory => json!({ "gap": { "type": kind, "reason": "access denied" } }),
        Source::Config => json!({
            "configurationItemStatus": "ResourceNotRecorded", "resourceType": kind,
            "resourceId": "not-seen", "accountId": "111122223333", "awsRegion": "eu-west-1",
            "configurationItemCaptureTime": "2026-11-01T00:00:00Z",
        }),
        Source::Template | Source::Terraform => unreachable!("it denies nothing"),
    }
}

/// The service's resources without those of a type, which were not seen.
fn without(service: &Service, source: Source, kind: &str) -> String {
    let whole = service.document(source);
    let list = match source {
        Source::Config => &whole["configurationItems"],
        _ => &whole,
    };
    let key = if source == Source::Config { "resourceType" } else { "type" };
    let mut kept: Vec<Value> =
        list.as_array().unwrap().iter().filter(|one| one[key] != kind).cloned().collect();
    kept.push(gap(source, kind));
    match source {
        Source::Config => text(source, &json!({ "configurationItems": kept })),
        _ => text(source, &Value::Array(kept)),
    }
}

fn assess(source: Source, text: &str) -> Assessment {
    let mut run = engine().run();
    match source {
        Source::Config => run.config("config", text.as_bytes()),
        _ => run.inventory("inventory", text.as_bytes()),
    }
    run.finish()
}

/// Which controls pass on something although what they look at besides was not seen, by source and type.
fn claims(service: &Service, source: Source, all: &AllReads, out: &mut BTreeSet<String>) {
    let kinds: BTreeSet<&String> = service.resources.iter().map(|r| &r.kind).collect();
    for kind in kinds {
        let assessment = assess(source, &without(service, source, kind));
        let program = &engine().program;
        let mut passing: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in assessment.outcomes.iter().filter(|o| o.verdict.name() == "pass") {
            let control = program.controls[outcome.control as usize].name.as_str();
            *passing.entry(control).or_default() += 1;
        }
        for summary in &assessment.controls {
            let control = program.controls[summary.control as usize].name.as_str();
            if !all.kinds[control].contains(kind.as_str()) {
                continue;
            }
            let subjects = &program.controls[summary.control as usize].subject;
            let is_subject = matches!(subjects, Subject::Types(kinds) if kinds.iter().any(|one| **one == **kind));
            assert!(
                !is_subject
                    || !["compliant", "within_margin", "not_applicable"].contains(&summary.status)
                    || passing.contains_key(control),
                "{source}: {control} is {} though no {kind} could be seen",
                summary.status
            );
            if passing.contains_key(control) && !is_subject {
                out.insert(format!("{source}: {control} passes without any {kind}"));
            }
        }
    }
}

/// Controls that pass without a type that they look at: what they found besides decides.
const DECIDED_WITHOUT: &[(&str, &str)] = &[
    (
        "api_gw_execution_logging_enabled passes without any AWS::ApiGatewayV2::Api",
        "a stage of a REST API is of none of the newer ones",
    ),
    (
        "config: api_gw_associated_with_waf passes without any AWS::WAFv2::WebACLAssociation",
        "a running stage says itself which web ACL it has",
    ),
    (
        "passes without any AWS::ElasticBeanstalk::ConfigurationTemplate",
        "an environment's own options come before those of its template",
    ),
    (
        "elb_acm_certificate_required passes without any AWS::CertificateManager::Certificate",
        "the ARN of a certificate says whose it is",
    ),
    (
        "rds_cluster_multi_az_enabled passes without any AWS::RDS::DBInstance",
        "a running cluster says itself where it stands",
    ),
    (
        "rds_instance_default_admin_check passes without any AWS::RDS::DBCluster",
        "a running instance has what its cluster has",
    ),
    (
        "rds_instance_iam_authentication_enabled passes without any AWS::RDS::DBCluster",
        "a running instance has what its cluster has",
    ),
    (
        "redshift_require_tls_ssl passes without any AWS::Redshift::ClusterParameterGroup",
        "what the groups of AWS hold is known",
    ),
    (
        "iam_customer_policy_blocked_kms_actions passes without any AWS::IAM::Role",
        "whose boundary a policy is matters where boundaries are left out",
    ),
    (
        "iam_customer_policy_blocked_kms_actions passes without any AWS::IAM::User",
        "whose boundary a policy is matters where boundaries are left out",
    ),
    (
        "iam_group_has_users_check passes without any AWS::IAM::User",
        "one user that is added to it is enough",
    ),
    (
        "iam_group_has_users_check passes without any AWS::IAM::UserToGroupAddition",
        "one user that names it is enough",
    ),
    (
        "_resources_protected_by_backup_plan passes without any AWS::Backup::BackupVault",
        "vaults are looked at where a lock is asked for",
    ),
    (
        "efs_resources_protected_by_backup_plan passes without any AWS::Backup::BackupPlan",
        "the file system's own policy has a plan of AWS",
    ),
    (
        "efs_resources_protected_by_backup_plan passes without any AWS::Backup::BackupSelection",
        "the file system's own policy has a plan of AWS",
    ),
    (
        "config: ec2_volume_inuse_check passes without any AWS::EC2::Instance",
        "what is looked at stands in the item itself",
    ),
    (
        "config: eip_attached passes without any AWS::EC2::NatGateway",
        "what is looked at stands in the item itself",
    ),
    (
        "config: vpc_network_acl_unused_check passes without any AWS::EC2::SubnetNetworkAclAssociation",
        "what is looked at stands in the item itself",
    ),
    (
        "codedeploy_lambda_allatonce_traffic_shift_disabled passes without any AWS::CodeDeploy::Application",
        "the name of one of AWS' configurations says what it is for",
    ),
    (
        "secretsmanager_rotation_enabled_check passes without any AWS::SecretsManager::SecretTargetAttachment",
        "one schedule that names the secret is enough",
    ),
    (
        "ec2_instance_not_exposed passes without any AWS::EC2::PrefixList",
        "a rule that names networks or another group needs no list",
    ),
    (
        "incoming_ssh_disabled passes without any AWS::EC2::PrefixList",
        "a rule that names networks or another group needs no list",
    ),
    (
        "restricted_incoming_traffic passes without any AWS::EC2::PrefixList",
        "a rule that names networks or another group needs no list",
    ),
    (
        "vpc_sg_open_only_to_authorized_ports passes without any AWS::EC2::PrefixList",
        "a rule that names networks or another group needs no list",
    ),
    (
        "vpc_sg_port_restriction_check passes without any AWS::EC2::PrefixList",
        "a rule that names networks or another group needs no list",
    ),
    (
        "ec2_security_group_attached_to_eni_periodic passes without any AWS::EC2::Instance",
        "one that has the group is enough",
    ),
    (
        "ec2_security_group_attached_to_eni_periodic passes without any AWS::EC2::NetworkInterface",
        "one that has the group is enough",
    ),
    (
        "eip_attached passes without any AWS::EC2::EIPAssociation",
        "one that has the address is enough",
    ),
    (
        "no_unrestricted_route_to_igw passes without any AWS::EC2::InternetGateway",
        "the id of a gateway says what it is",
    ),
    (
        "ec2_instance_no_public_ip passes without any AWS::EC2::NetworkInterface",
        "instances whose interfaces stand in themselves refer to no other",
    ),
    (
        "ec2_instance_not_exposed passes without any AWS::EC2::NetworkInterface",
        "instances whose interfaces stand in themselves refer to no other",
    ),
    (
        "passes without any AWS::EC2::LaunchTemplate",
        "instances that name no launch template refer to none",
    ),
    (
        "elbv2_acm_certificate_required passes without any AWS::CertificateManager::Certificate",
        "the ARN of a certificate says whose it is",
    ),
    (
        "iam_no_policy_on_user passes without any AWS::IAM::Group",
        "a policy that names the roles or groups that it is for is attached to something, whatever else there is",
    ),
    (
        "iam_no_policy_on_user passes without any AWS::IAM::Role",
        "a policy that names the roles or groups that it is for is attached to something, whatever else there is",
    ),
    (
        "config: iam_no_policy_on_user passes without any AWS::IAM::User",
        "a policy's own item says to whom it is attached",
    ),
    (
        "config: iam_user_no_policies_check passes without any AWS::IAM::ManagedPolicy",
        "a user's own item says what is attached to it",
    ),
    (
        "config: s3_bucket_ssl_requests_only passes without any AWS::S3::BucketPolicy",
        "a bucket's own item has its policy",
    ),
    (
        "config: secretsmanager_rotation_enabled_check passes without any AWS::SecretsManager::RotationSchedule",
        "a secret's own item says whether it is rotated",
    ),
    (
        "iam_user_group_membership_check passes without any AWS::IAM::UserToGroupAddition",
        "a user that names its groups is in one, whoever else adds it",
    ),
    (
        "s3_bucket_public_read_prohibited passes without any AWS::S3::BucketPolicy",
        "the public access block overrides whatever policy there is",
    ),
    (
        "s3_bucket_public_write_prohibited passes without any AWS::S3::BucketPolicy",
        "the public access block overrides whatever policy there is",
    ),
];

#[test]
fn what_was_denied_is_never_well() {
    let all = all();
    let mut all_found = BTreeSet::new();
    for source in [Source::Inventory, Source::Config] {
        let mut found = BTreeSet::new();
        services().iter().for_each(|service| claims(service, source, &all, &mut found));
        let known = |line: &&String| !DECIDED_WITHOUT.iter().any(|(part, _)| line.ends_with(part));
        let wrong: Vec<&String> = found.iter().filter(known).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        all_found.extend(found);
    }
    let unused = |(part, _): &&(&str, &str)| !all_found.iter().any(|line| line.ends_with(part));
    let unused: Vec<_> = DECIDED_WITHOUT.iter().filter(unused).collect();
    assert!(unused.is_empty(), "of these there is no case: {unused:#?}");
}
