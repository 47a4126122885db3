//! AWS Config: items in whatever they come in, and what adapters make of them.

use std::io::Read;

use assize::assess::Assessment;
use assize::engine::{Engine, library};
use assize::program::Adapter;
use assize::snapshot::config::{self, Record};
use serde_json::{Value, json};

use super::Pieces;

const POLICY: &str = r#"
control encrypted for volume in AWS::EC2::Volume {
    require volume.Encrypted ?? false else "{volume.id} is not encrypted"
}
control closed for group in AWS::EC2::SecurityGroup {
    each rule in group.SecurityGroupIngress {
        forbid (rule.CidrIp ?? "") == "0.0.0.0/0" else "{group.id} is open"
    }
}
control private for bucket in AWS::S3::Bucket {
    require none policy in bucket <- AWS::S3::BucketPolicy.Bucket: true else "{bucket.id} has a policy"
}
"#;

fn assess(inputs: &[&str]) -> Assessment {
    let engine =
        Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap().build().unwrap();
    let mut run = engine.run();
    for (n, input) in inputs.iter().enumerate() {
        run.config(&format!("input{n}"), input.as_bytes());
    }
    run.finish()
}

/// Control, id and verdict of each finding; what is incomplete.
fn verdicts(inputs: &[&str]) -> Vec<String> {
    let assessment = assess(inputs);
    let control = |at: u32| ["encrypted", "closed", "private"][at as usize];
    let findings = assessment.outcomes.iter().map(|outcome| {
        let message = outcome.messages.first();
        let evidence = message.and_then(|message| message.evidence.last());
        let place = evidence.map(|e| format!(" {}:{} {}", e.place.line, e.place.column, e.pointer));
        let place = place.unwrap_or_default();
        format!("{} {} {}{place}", control(outcome.control), outcome.id, outcome.verdict.name())
    });
    findings.chain(assessment.incomplete.clone()).collect()
}

fn item(kind: &str, id: &str, configuration: Value) -> Value {
    json!({
        "version": "1.3", "accountId": "111122223333", "awsRegion": "us-east-1", "tags": {},
        "configurationItemCaptureTime": "2026-01-02T00:00:00Z", "configurationItemStatus": "OK",
        "resourceType": kind, "resourceId": id, "relationships": [],
        "configuration": configuration, "supplementaryConfiguration": {},
    })
}

fn volume(id: &str, encrypted: bool) -> Value {
    item("AWS::EC2::Volume", id, json!({ "volumeId": id, "encrypted": encrypted }))
}

fn with(mut item: Value, key: &str, value: Value) -> Value {
    item[key] = value;
    item
}

#[test]
fn pieces_change_nothing() {
    let (a, b) = (volume("a", true), volume("b", false));
    let pretty = serde_json::to_string_pretty(&a).unwrap();
    let snapshot = json!({ "fileVersion": "1.0", "configurationItems": [a, b], "x": [1, "]}"] });
    let read = |text: &str, size: usize| -> Vec<String> {
        let mut out = Vec::new();
        let bytes: Box<dyn Read> = Box::new(Pieces { text: text.as_bytes(), size });
        let stopped = config::read(0, bytes, |record| {
            out.push(match record {
                Record::Item(item) => format!("{} {:?}", item.id, item.place),
                Record::Gap(gap) => format!("gap {:?}", gap.place),
                Record::Bad(at, what) => format!("{at:?} {what}"),
            });
        });
        out.extend(stopped.err().map(|stopped| format!("{:?} {}", stopped.place, stopped.what)));
        out
    };
    for (text, count) in [
        (format!("{a}\n{b}\n"), 2),
        (format!("{pretty}\n{pretty}"), 2),
        (format!("\u{feff}[{a},\n {b}]"), 2),
        (snapshot.to_string(), 2),
        (serde_json::to_string_pretty(&snapshot).unwrap(), 2),
        (format!("{snapshot}\n{snapshot}"), 4),
        (format!("{a}\n{{\"resourceType\": \"\n{b}"), 3),
    ] {
        let whole = read(&text, 1 << 20);
        assert_eq!(whole.len(), count, "{whole:?}");
        for size in [1, 2, 3, 7, 64, 1000] {
            assert_eq!(read(&text, size), whole, "{size} bytes at a time of {text}");
        }
    }
    // Whatever is cut off says so, and where.
    let text = snapshot.to_string();
    for cut in (1..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
        let said = read(&text[..cut], 64).pop().unwrap_or_default();
        assert!(said.contains("cut off"), "{cut}: {said}");
    }
}

#[test]
fn items_are_found_in_whatever_they_come_in() {
    let item = volume("v", false);
    let message =
        json!({ "messageType": "ConfigurationItemChangeNotification", "configurationItem": item });
    let sns = json!({ "Type": "Notification", "TopicArn": "arn:aws:sns:t", "Message": message.to_string() });
    let text = |configuration: &Value| {
        with(item.clone(), "configuration", json!(configuration.to_string()))
    };
    let named = |old: &str, new: &str| {
        item.to_string().replace(&format!("\"{old}\""), &format!("\"{new}\""))
    };
    let inputs = [
        item.to_string(),
        json!([item]).to_string(),
        text(&item["configuration"]).to_string(),
        named("accountId", "awsAccountId"),
        message.to_string(),
        sns.to_string(),
        json!({ "source": "aws.config", "detail-type": "x", "detail": message }).to_string(),
        json!({ "invokingEvent": message.to_string(), "eventLeftScope": false }).to_string(),
        json!({ "Records": [{ "Sns": sns }] }).to_string(),
        json!({ "Messages": [{ "Body": sns.to_string() }] }).to_string(),
        json!({ "configurationItems": [item], "nextToken": "" }).to_string(),
        json!({ "status_code": 200, "data": { "configurationItems": [item] } }).to_string(),
        json!({ "Results": [item.to_string()], "QueryInfo": {} }).to_string(),
    ];
    for input in inputs {
        let verdict = verdicts(&[&input]);
        let found = verdict.first().cloned().unwrap_or_default();
        assert!(found.starts_with("encrypted v fail 1:"), "{verdict:?} of {input}");
        let (place, pointer) = found["encrypted v fail 1:".len()..].split_once(' ').unwrap();
        assert!(pointer.ends_with("/configuration/encrypted"), "{pointer}");
        let column: usize = place.parse().unwrap();
        assert!(input[column - 1..].starts_with("false"), "{place} in {input}");
    }
}

#[test]
fn of_a_resources_states_the_latest_counts() {
    let at = |item: Value, day: &str| {
        with(item, "configurationItemCaptureTime", json!(format!("2026-01-{day}T00:00:00Z")))
    };
    let gone = |item: Value| {
        with(
            with(item, "configuration", Value::Null),
            "configurationItemStatus",
            json!("ResourceDeleted"),
        )
    };
    let (old, new) = (at(volume("v", false), "01"), at(volume("v", true), "02"));
    let first = format!("{old}\n{new}\n");
    let last = format!("{new}\n{old}\n");
    for history in [&first, &last] {
        assert_eq!(verdicts(&[history]), ["encrypted v pass"]);
        assert_eq!(assess(&[history]).inputs[0].resources, 1);
    }
    assert_eq!(verdicts(&[&new.to_string(), &old.to_string()]), ["encrypted v pass"]);
    let nothing = ["no resources were found in the inputs"];
    assert_eq!(verdicts(&[&format!("{new}\n{}", at(gone(volume("v", true)), "03"))]), nothing);
    assert_eq!(
        verdicts(&[&format!("{}\n{new}", at(gone(volume("v", true)), "01"))]),
        ["encrypted v pass"]
    );
    // Where a time is not given none is known to be the later: both stand.
    let without = with(volume("v", false), "configurationItemCaptureTime", Value::Null);
    assert_eq!(verdicts(&[&format!("{without}\n{new}")]).len(), 2);
    assert_eq!(verdicts(&[&format!("{new}\n{without}")]).len(), 2);
    // A deletion that is wrong in itself is not believed.
    let twice =
        gone(volume("v", true)).to_string().replacen('{', "{\"awsRegion\":\"eu-west-1\",", 1);
    assert!(verdicts(&[&twice])[0].starts_with("encrypted v error"));
    // Another region's resource of the same id is another resource.
    let other = with(volume("v", false), "awsRegion", json!("eu-west-1"));
    assert_eq!(verdicts(&[&format!("{new}\n{other}")]).len(), 2);
}

#[test]
fn what_an_item_does_not_say_never_passes() {
    let group =
        |configuration: Value| item("AWS::EC2::SecurityGroup", "g", configuration).to_string();
    let open = "0.0.0.0/0";
    let rule = |ranges: Value| json!([{ "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipv4Ranges": ranges }]);
    for (input, wanted) in [
        (group(json!({ "ipPermissions": [] })), "closed g pass"),
        (group(json!({ "ipPermissions": rule(json!([{ "cidrIp": open }])) })), "closed g fail"),
        (group(json!({ "ipPermissions": [{ "ipProtocol": "-1", "ipRanges": [open] }] })), "closed g fail"),
        (group(json!({ "ipPermissions": [{ "ipProtocol": "-1" }] })), "closed g unknown"),
        (group(json!({ "ipPermissions": [{ "ipProtocol": "-1", "ipv4Ranges": [] }] })), "closed g pass"),
        (group(json!({ "ipPermissions": [{ "ipProtocol": "-1", "ipv4Ranges": [], "ipRanges": [open] }] })), "closed g fail"),
        (group(json!({ "ipPermissions": null })), "closed g unknown"),
        (group(json!({})), "closed g unknown"),
        (group(json!({ "ipPermissions": rule(json!("x")) })), "closed g error"),
        (group(json!({ "ipPermissions": rule(json!([{ "cidrIp": 5 }])) })), "closed g error"),
        (group(json!("[not json")), "closed g error"),
        (group(json!("text")), "closed g error"),
        (group(Value::Null), "closed g error"),
        (item("AWS::EC2::Volume", "v", json!({ "encrypted": "yes" })).to_string(), "encrypted v error"),
        (item("AWS::EC2::Volume", "v", json!({ "encrypted": null })).to_string(), "encrypted v fail"),
        (json!({ "resourceType": "AWS::EC2::Volume", "resourceId": "v" }).to_string(), "encrypted v error"),
        (json!({ "resourceIdentifiers": [{ "resourceType": "AWS::EC2::Volume", "resourceId": "v" }] }).to_string(), "encrypted v unknown"),
        (json!({ "Results": [item("AWS::EC2::Volume", "v", json!({})).to_string()] }).to_string(), "encrypted v unknown"),
        (json!({ "configurationItems": [item("AWS::EC2::Volume", "v", json!({}))] }).to_string(), "encrypted v fail"),
        (with(volume("v", true), "configurationItemStatus", json!("ResourceNotRecorded")).to_string(), ""),
        (item("AWS::S3::Bucket", "b", json!({})).to_string(), "private b pass"),
        (with(item("AWS::S3::Bucket", "b", json!({})), "supplementaryConfiguration", json!({ "BucketPolicy": "{\"policyText\":\"{}\"}" })).to_string(), "private b fail"),
        (with(item("AWS::S3::Bucket", "b", json!({})), "supplementaryConfiguration", Value::Null).to_string(), "private b fail"),
        ("{\"resourceType\": \"AWS::EC2::Volume\", \"resourceId\": \"v\", \"x\": tru, \"y\": 1}".to_owned(), "encrypted v error"),
    ] {
        let found = verdicts(&[&input]).first().cloned().unwrap_or_default();
        assert!(found.starts_with(wanted), "{found}, not {wanted}, of {input}");
    }
    let not_recorded =
        with(volume("v", true), "configurationItemStatus", json!("ResourceNotRecorded"));
    assert_eq!(assess(&[&not_recorded.to_string()]).gaps.len(), 1);
}

/// Every rule of a group that has hundreds is told with its place in the item, and the adapter does not run for each.
#[test]
fn every_rule_of_a_large_group_has_its_place() {
    let rule = |n: u32| json!({ "ipProtocol": "tcp", "fromPort": n, "toPort": n, "ipv4Ranges": [{ "cidrIp": "0.0.0.0/0" }] });
    let rules: Vec<Value> = (0..1_500).map(rule).collect();
    let input = item("AWS::EC2::SecurityGroup", "g", json!({ "ipPermissions": rules })).to_string();
    let messages = &assess(&[&input]).outcomes[0].messages;
    assert_eq!(messages.len(), 1_500);
    for (n, message) in messages.iter().enumerate() {
        let evidence = message.evidence.last().unwrap();
        let wanted = format!("/configuration/ipPermissions/{n}/ipv4Ranges/0/cidrIp");
        assert_eq!(evidence.pointer, wanted);
        assert!(input[evidence.place.column as usize - 1..].starts_with("\"0.0.0.0/0\""), "{n}");
    }
}

#[test]
fn what_lies_elsewhere_is_a_gap_and_what_is_no_item_is_said() {
    let oversized = json!({
        "messageType": "OversizedConfigurationItemChangeNotification",
        "configurationItem": null,
        "configurationItemSummary": {
            "resourceType": "AWS::EC2::Volume", "resourceId": "v", "awsAccountId": "111122223333",
            "awsRegion": "us-east-1", "configurationItemStatus": "OK",
        },
    });
    let gaps = assess(&[&oversized.to_string()]).gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!(gaps[0].account.as_deref(), Some("111122223333"));
    let started =
        json!({ "messageType": "ConfigurationSnapshotDeliveryStarted", "configSnapshotId": "x" });
    assert_eq!(verdicts(&[&started.to_string()]), ["no resources were found in the inputs"]);
    for (bad, said) in [
        ("{\"Message\": \"hello\", \"TopicArn\": \"t\"}", "found text"),
        ("{\"resourceIdentifier\": []}", "found `resourceIdentifier`"),
        ("{\"Results\": [], \"NextToken\": \"x\"}", "goes on in another page"),
        ("{\"Results\": [], \"nextToken\": \"x\"}", "goes on in another page"),
        (
            "{\"baseConfigurationItems\": [], \"unprocessedResourceKeys\": [{}]}",
            "leaves resources out",
        ),
        ("{\"x\": tru, \"configurationItems\": []}", "expected a value"),
        ("{\"configurationItems\": [], \"x\": tru}", "expected a value"),
        ("{\"configuration\": {}, \"x\": 1}", "let the query select them"),
        ("{\"resourceType\": 5, \"resourceId\": \"v\"}", "`resourceType` is no text"),
        ("{\"Message\": \"{\\\"configurationItem\\\": {\"}", "1:"),
    ] {
        let found = verdicts(&[bad]);
        assert!(found[0].contains(said) && found[0].starts_with("input0:1:"), "{found:?} of {bad}");
    }
}

/// A message has one item alone, and a recorder may leave a type out: that no other resource was found says
/// nothing where there is not one item of its type in the account.
#[test]
fn what_there_is_not_one_item_of_may_not_be_recorded() {
    const POLICY: &str = "
control quiet for volume in AWS::EC2::Volume {
    require none instance in AWS::EC2::Instance: true else \"{volume.id} is not alone\"
}";
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap();
    let verdicts = |items: &[Value]| -> Vec<&'static str> {
        let mut run = engine.run();
        let text: String = items.iter().map(Value::to_string).collect();
        run.config("items", text.as_bytes());
        run.finish().outcomes.iter().map(|outcome| outcome.verdict.name()).collect()
    };
    let instance = item("AWS::EC2::Instance", "i", json!({ "instanceId": "i" }));
    let elsewhere = with(instance.clone(), "accountId", json!("444455556666"));
    let gone = |instance: &Value| {
        let deleted = json!("ResourceDeleted");
        with(instance.clone(), "configurationItemStatus", deleted)
    };
    let own = volume("v", true);
    assert_eq!(verdicts(std::slice::from_ref(&own)), ["unknown"]);
    assert_eq!(verdicts(&[own.clone(), instance.clone()]), ["fail"]);
    assert_eq!(verdicts(&[own.clone(), elsewhere.clone()]), ["unknown"], "another account's");
    assert_eq!(verdicts(&[own.clone(), gone(&elsewhere)]), ["unknown"], "another account's");
    assert_eq!(verdicts(&[own, gone(&instance)]), ["pass"], "recorded, and gone");
}

/// What a control reads and no adapter gives is unknown in every item: each such property is here, with the
/// reason.
#[test]
fn the_library_reads_what_its_adapters_give() {
    const NOT_RECORDED: &[&str] = &[
        // Whether a trail is switched on stands in its status, which is no part of an item.
        "AWS::CloudTrail::Trail.IsLogging",
        // Another account's affair.
        "AWS::GuardDuty::Detector.AdministratorAccountId",
        // Nor is whether an authority is disabled.
        "AWS::ACMPCA::CertificateAuthority.Status",
        // An item has neither the options of an environment nor the template that they are from.
        "AWS::ElasticBeanstalk::Environment.OptionSettings",
        "AWS::ElasticBeanstalk::Environment.TemplateName",
    ];
    const NO_ITEMS: &[&str] = &[
        // What a web ACL is associated with is no item either.
        "AWS::WAFv2::WebACLAssociation",
        // What AWS Config does not record, though templates have it.
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::EC2::ClientVpnAuthorizationRule",
        "AWS::FSx::FileSystem",
        "AWS::Lambda::LayerVersionPermission",
        "AWS::SecurityHub::Hub",
        "AWS::ACMPCA::CertificateAuthorityActivation",
        "AWS::DAX::Cluster",
        "AWS::EMR::Cluster",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
        "AWS::ElasticBeanstalk::ConfigurationTemplate",
        "AWS::NetworkFirewall::LoggingConfiguration",
        "AWS::Transfer::Server",
        "AWS::WAFRegional::WebACLAssociation",
        "AWS::WAFv2::LoggingConfiguration",
    ];
    // What no adapter makes of plans: it is unknown there.
    const NOT_PLANNED: &[&str] = &[
        // What stands beside the resource in a plan, as in a template: associations, permissions, instances.
        "AWS::ApiGateway::Stage.WebAclArn",
        "AWS::Lambda::Function.Policy",
        "AWS::RDS::DBCluster.MultiAZ",
        // What what runs makes, and how it is.
        "AWS::Backup::RecoveryPoint",
        "AWS::ECS::TaskDefinition.Status",
        "AWS::KMS::Key.KeyState",
        "AWS::SSM::AssociationCompliance",
        "AWS::SSM::PatchCompliance",
        // Another account's affair.
        "AWS::GuardDuty::Detector.AdministratorAccountId",
    ];
    // Records of a collector (`docs/collector-records.md`).
    const COLLECTED: &[&str] = &[
        "AWS::AccountManagement::AlternateContact",
        "AWS::DynamoDB::AccountUsage",
        "AWS::EC2::AccountSettings",
        "AWS::EC2::InstanceStatus",
        "AWS::EC2::Snapshot",
        "AWS::EMR::BlockPublicAccess",
        "AWS::GuardDuty::AccountStatus",
        "AWS::GuardDuty::Finding",
        "AWS::IAM::AccountPasswordPolicy",
        "AWS::IAM::AccountSummary",
        "AWS::IAM::CredentialReport",
        "AWS::IAM::PolicyUsage",
        "AWS::Inspector2::AccountStatus",
        "AWS::Macie::AccountStatus",
        "AWS::Organizations::Membership",
        "AWS::SSM::DocumentPermission",
        "AWS::SecretsManager::SecretUsage",
        "AWS::SecurityHub::AccountStatus",
        "AWS::Shield::AccountStatus",
    ];
    let mut known: Vec<_> = NOT_RECORDED.iter().chain(NO_ITEMS).chain(COLLECTED).copied().collect();
    known.sort_unstable();
    assert_eq!(not_given("config"), known);
    let mut known: Vec<_> = NOT_PLANNED.iter().chain(COLLECTED).copied().collect();
    known.sort_unstable();
    assert_eq!(not_given("terraform"), known);
}

/// What the library reads of resources and the adapters from a source do not set.
fn not_given(source: &str) -> Vec<String> {
    let engine = Engine::builder().policies(library()).now("2026-11-24").unwrap().build().unwrap();
    let program = &engine.program;
    let mut missing = Vec::new();
    for (kind, view) in &program.projection.resources {
        let of = |adapter: &&Adapter| adapter.target == *kind && *adapter.source == *source;
        let adapters: Vec<_> = program.adapters.iter().filter(of).collect();
        if adapters.is_empty() {
            missing.push(kind.to_string());
        }
        let never = |adapter: &&&Adapter| adapter.of != *kind && adapter.sets.is_empty();
        if adapters.iter().any(|adapter| never(&adapter)) {
            continue;
        }
        let slots = program.projection.layout(view.layout).unwrap().slots.keys();
        for (at, name) in slots.enumerate() {
            let set = |adapter: &&Adapter| adapter.sets.iter().any(|(s, _)| usize::from(s.0) == at);
            if !adapters.is_empty() && !adapters.iter().all(set) {
                missing.push(format!("{kind}.{name}"));
            }
        }
    }
    missing.sort();
    missing
}

/// A reference that an adapter made of an item's relationships is one like any other, both ways; names of
/// relationships differ from item to item.
#[test]
fn references_out_of_relationships_are_followed_both_ways() {
    const POLICY: &str = r#"
control guards for group in AWS::EC2::SecurityGroup {
    require any interface in group.NetworkInterfaceIds -> AWS::EC2::NetworkInterface:
        interface.SubnetId == "subnet-1" else "{group.id} guards nothing in the subnet"
}
control guarded for interface in AWS::EC2::NetworkInterface {
    require any group in interface <- AWS::EC2::SecurityGroup.NetworkInterfaceIds: group.GroupName == "web"
        else "{interface.id} is not guarded"
}
"#;
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap();
    let related = |key: &str, id: &str| json!({ "resourceType": "AWS::EC2::NetworkInterface", "resourceId": id, key: "Is associated with NetworkInterface" });
    let group = |relationships: Value| {
        let configuration =
            json!({ "groupId": "g", "groupName": "web", "description": "d", "ipPermissions": [] });
        with(item("AWS::EC2::SecurityGroup", "g", configuration), "relationships", relationships)
    };
    let interface = item(
        "AWS::EC2::NetworkInterface",
        "eni-1",
        json!({ "networkInterfaceId": "eni-1", "subnetId": "subnet-1", "groups": [] }),
    );
    let vpc = json!({ "resourceType": "AWS::EC2::VPC", "resourceId": "eni-1", "relationshipName": "Is contained in Vpc" });
    let verdicts = |group: &Value| -> Vec<&'static str> {
        let mut run = engine.run();
        run.config("items", format!("{group}\n{interface}").as_bytes());
        run.finish().outcomes.iter().map(|outcome| outcome.verdict.name()).collect()
    };
    for key in ["name", "relationshipName"] {
        assert_eq!(verdicts(&group(json!([vpc, related(key, "eni-1")]))), ["pass", "pass"]);
    }
    assert_eq!(verdicts(&group(json!([related("name", "eni-2")]))), ["unknown", "fail"], "another");
    assert_eq!(verdicts(&group(json!([vpc]))), ["fail", "fail"], "of another type");
    assert_eq!(verdicts(&group(json!([]))), ["fail", "fail"]);
    assert_eq!(verdicts(&group(Value::Null)), ["unknown", "unknown"], "nothing is said");
}
