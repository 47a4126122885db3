//! Items that lack what AWS Config always records: what fails with it does not pass without it.

use assize::assess::Verdict;
use serde_json::{Value, json};

use super::service::{Source, services, text};

/// Service, resource, what is put in place of what; the control that must not pass.
const CHANGES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "redshift",
        "Stock",
        "/supplementaryConfiguration/LoggingStatus",
        "{}",
        "redshift_audit_logging_enabled",
    ),
    (
        "rds",
        "LedgerOpen",
        "/supplementaryConfiguration/DBSnapshotAttributes/0/attributeValues",
        "null",
        "rds_snapshots_public_prohibited",
    ),
    ("rds", "LedgerOpen", "/configuration/encrypted", "null", "rds_snapshot_encrypted"),
    (
        "elb",
        "Weak",
        "/supplementaryConfiguration/LoadBalancerPolicies",
        "null",
        "elb_predefined_security_policy_ssl_check",
    ),
    ("elb", "Weak", "/configuration/listenerDescriptions", "null", "elb_acm_certificate_required"),
    ("acm", "Old", "/configuration/keyAlgorithm", "null", "acm_certificate_rsa_check"),
    ("acm", "Old", "/configuration/notAfter", "null", "acm_certificate_expiration_check"),
    ("dms", "Open", "/configuration/SslMode", "null", "dms_endpoint_ssl_configured"),
    (
        "dms",
        "Clear",
        "/configuration/RedisSettings/SslSecurityProtocol",
        "null",
        "dms_redis_tls_enabled",
    ),
    (
        "apigateway",
        "ChatOld",
        "/configuration/routeSettings",
        "[]",
        "api_gw_execution_logging_enabled",
    ),
    (
        "s3",
        "Scratch",
        "/supplementaryConfiguration/AccessControlList",
        "{}",
        "s3_bucket_no_public_rw_acl",
    ),
    (
        "s3",
        "Scratch",
        "/supplementaryConfiguration/AccessControlList/grantList/2/permission",
        "null",
        "s3_bucket_no_public_rw_acl",
    ),
    (
        "s3",
        "Scratch",
        "/supplementaryConfiguration/BucketPolicy/policyText/Statement/0/Effect",
        "7",
        "s3_bucket_policy_no_wildcard_action",
    ),
    (
        "s3",
        "Scratch",
        "/supplementaryConfiguration/BucketPolicy/policyText",
        "{}",
        "s3_bucket_policy_no_wildcard_action",
    ),
    (
        "ec2",
        "Bastion",
        "/configuration/ipPermissions/0/ipv4Ranges/1/cidrIp",
        "null",
        "incoming_ssh_disabled",
    ),
    (
        "ec2",
        "Six",
        "/configuration/ipPermissions/0/ipv6Ranges/0/cidrIpv6",
        "null",
        "incoming_ssh_disabled",
    ),
    (
        "ec2",
        "Twolegged",
        "/configuration/networkInterfaces/1/groups/0/groupId",
        "null",
        "ec2_instance_not_exposed",
    ),
    ("elb", "BackPlain", "/configuration/Protocol", "null", "alb_http_to_https_redirection_check"),
    (
        "elb",
        "BackPlain",
        "/configuration/DefaultActions",
        "[]",
        "alb_http_to_https_redirection_check",
    ),
    (
        "iam",
        "Root",
        "/configuration/policyVersionList/0/document/Statement/0/Action",
        "null",
        "iam_policy_no_statements_with_admin_access",
    ),
    (
        "iam",
        "Root",
        "/configuration/policyVersionList/0/document/Statement/0/Effect",
        "\"allow\"",
        "iam_policy_no_statements_with_admin_access",
    ),
];

/// JSON in texts, as what it says.
fn unpack(value: &mut Value) {
    match value {
        Value::String(text) => {
            let plain = percent_decoded(text);
            if let Ok(mut inner @ (Value::Object(_) | Value::Array(_) | Value::String(_))) =
                serde_json::from_str::<Value>(&plain)
            {
                unpack(&mut inner);
                *value = inner;
            }
        }
        Value::Object(members) => members.values_mut().for_each(unpack),
        Value::Array(items) => items.iter_mut().for_each(unpack),
        _ => {}
    }
}

fn percent_decoded(text: &str) -> String {
    if !text.starts_with("%7B") {
        return text.to_owned();
    }
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push(char::from(u8::from_str_radix(&part[..2], 16).unwrap()));
        out += &part[2..];
    }
    out
}

#[test]
fn what_an_item_lacks_makes_no_pass() {
    let services = services();
    let mut wrong = Vec::new();
    for (name, logical, pointer, put, control) in CHANGES {
        let service = services.iter().find(|service| service.name == *name).unwrap();
        let resource = service.resources.iter().find(|r| r.logical == *logical).unwrap();
        let mut document = service.document(Source::Config);
        let items = document["configurationItems"].as_array_mut().unwrap();
        let item = items.iter_mut().find(|item| item["resourceId"] == json!(resource.id)).unwrap();
        unpack(item);
        let verdict = |document: &Value| {
            let verdicts = service.verdicts(Source::Config, &text(Source::Config, document));
            let verdicts = verdicts.unwrap();
            let of = verdicts.iter().filter(|((of, _), _)| of == control);
            of.filter(|(_, verdict)| **verdict == Verdict::Pass).count()
        };
        let place =
            item.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer} in {logical}"));
        let before = std::mem::replace(place, serde_json::from_str(put).unwrap());
        assert_ne!(before, *place);
        let passes = verdict(&document);
        if passes > verdict(&service.document(Source::Config)) {
            wrong.push(format!("{name}: {logical}: {control} passes with {put} at {pointer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
