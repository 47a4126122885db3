//! The requirement table of a real snapshot, held against a count by hand.

use std::fs;
use std::path::Path;

use assize::assess::Assessment;
use assize::engine::{Engine, library_for};

/// The largest real snapshot at hand: 75 resources, of which the defaults of its parameters make a network in two
/// zones with two public and two private subnets, NAT gateways, and no flow logs.
const SNAPSHOT: &str =
    "data/corpus/cloudformation/aws-quickstart+quickstart-aws-vpc/templates/aws-vpc.template.yaml";

/// Thirteen requirements, counted by hand: what each comes to, and the controls to which that is due.
///
/// Both public subnets set `MapPublicIpOnLaunch`; one route table has a route of `0.0.0.0/0` to the internet
/// gateway, the two of the private subnets have theirs to a NAT gateway; the flow log hangs on a parameter
/// that is `false` by default, so the VPC has none; both elastic addresses belong to a NAT gateway. There is no
/// role that is made, no bucket, key, database, trail, load balancer or function.
const BY_HAND: [(&str, &str, &[&str]); 13] = [
    ("AC-1", "manual", &[]),
    ("AC-3", "not_met", &["subnet_auto_assign_public_ip_disabled"]),
    ("AC-6", "not_met", &["subnet_auto_assign_public_ip_disabled"]),
    ("AU-2", "not_met", &["vpc_flow_logs_enabled"]),
    ("AU-12", "not_met", &["vpc_flow_logs_enabled"]),
    ("CA-7", "not_met", &["vpc_flow_logs_enabled"]),
    ("CM-7", "not_met", &["no_unrestricted_route_to_igw"]),
    ("CM-8(1)", "met", &["eip_attached"]),
    ("AC-2(5)", "uncovered", &[]),
    (
        "SC-7",
        "not_met",
        &[
            "subnet_auto_assign_public_ip_disabled",
            "vpc_flow_logs_enabled",
            "no_unrestricted_route_to_igw",
        ],
    ),
    ("SC-7(3)", "not_met", &["subnet_auto_assign_public_ip_disabled"]),
    ("SC-28", "undetermined", &[]),
    ("SI-11", "not_met", &["vpc_flow_logs_enabled"]),
];

fn assessed(path: &Path) -> Assessment {
    let engine = Engine::builder()
        .policies(library_for(Some("fedramp_moderate")))
        .profile(Some("fedramp_moderate"));
    let engine = engine.now("2026-11-24").unwrap().build().unwrap();
    let mut run = engine.run();
    run.template("network.yaml", &fs::read(path).unwrap());
    run.finish()
}

#[test]
fn the_table_of_requirements_is_true_line_by_line() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !super::super::shared_or_left_out(&shared) {
        return;
    }
    let assessment = assessed(&shared.join(SNAPSHOT));
    let table = &assessment.requirements;
    assert_eq!(table.len(), 323, "every requirement of the baseline has its line");
    for (id, status, due) in BY_HAND {
        let name = format!("nist_800_53_r5:{id}");
        let lines: Vec<_> = table.iter().filter(|line| line.requirement == name).collect();
        let [line] = lines.as_slice() else { panic!("{id}: {} lines", lines.len()) };
        assert_eq!(line.status, status, "{id}: {:?}", line.controls);
        let decisive = match status {
            "not_met" => "non_compliant",
            "met" => "compliant",
            _ => "",
        };
        let mut found: Vec<&str> = line
            .controls
            .iter()
            .filter(|(_, status)| *status == Some(decisive))
            .map(|(name, _)| name.as_str())
            .collect();
        let mut due = due.to_vec();
        due.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, due, "{id}");
        // What no control found anything to look at is neither met nor covered by nothing.
        let seen = |status: Option<&str>| status != Some("not_applicable");
        if status == "undetermined" {
            assert!(!line.controls.is_empty() && !line.controls.iter().any(|(_, s)| seen(*s)));
        }
        assert_eq!(line.controls.is_empty(), ["uncovered", "manual"].contains(&status), "{id}");
    }
    let of = |status: &str| table.iter().filter(|line| line.status == status).count();
    let counts = ["not_met", "undetermined", "met", "manual", "uncovered"].map(of);
    assert_eq!(counts.iter().sum::<usize>(), 323);
    // The three controls that fail are mapped to nineteen requirements of the baseline.
    assert_eq!((counts[0], counts[2]), (19, 1));
}
