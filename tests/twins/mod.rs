//! The same resource as a template, an inventory and AWS Config have it gets the same verdict.
//!
//! `<service>.json` has resources of one module of `stdlib/aws`, written three times over by what AWS
//! documents and records, not by what the adapters read. Where a source cannot tell what another tells, the
//! file says why (`except`); where one cannot have such resources at all, too (`sources`, `why`).
//! `<service>.verdicts` has what all agree on; `UPDATE_EXPECT=1 cargo test twins` rewrites it.

mod excerpts;
mod lacking;
mod mutations;
mod open;
mod plan;
mod service;
mod shapes;
mod threads;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use assize::assess::Verdict;

use service::{Exception, Service, Source, Verdicts, engine, services};

/// What cannot be shown by twins, since a source cannot decide it: control, verdict, reason.
const IMPOSSIBLE: &[(&str, Verdict, &str)] = &[
    (
        "ec2_security_group_attached_to_eni_periodic",
        Verdict::Fail,
        "what services attach a group to, no template shows",
    ),
    (
        "vpc_peering_dns_resolution_check",
        Verdict::Pass,
        "what a peering resolves is chosen once the connection is there",
    ),
    (
        "vpc_peering_dns_resolution_check",
        Verdict::Fail,
        "what a peering resolves is chosen once the connection is there",
    ),
    ("backup_recovery_point_encrypted", Verdict::Pass, "no template makes a recovery point"),
    ("backup_recovery_point_encrypted", Verdict::Fail, "no template makes a recovery point"),
    (
        "backup_recovery_point_minimum_retention_check",
        Verdict::Pass,
        "no template makes a recovery point",
    ),
    (
        "backup_recovery_point_minimum_retention_check",
        Verdict::Fail,
        "no template makes a recovery point",
    ),
    (
        "fsx_resources_protected_by_backup_plan",
        Verdict::Pass,
        "AWS Config records no file systems of FSx",
    ),
    (
        "fsx_resources_protected_by_backup_plan",
        Verdict::Fail,
        "AWS Config records no file systems of FSx",
    ),
    ("vpc_vpn_2_tunnels_up", Verdict::Pass, "no template says how a tunnel is"),
    ("vpc_vpn_2_tunnels_up", Verdict::Fail, "no template says how a tunnel is"),
    (
        "ec2_client_vpn_not_authorize_all",
        Verdict::Pass,
        "who may go where is no item of AWS Config",
    ),
    (
        "ec2_client_vpn_not_authorize_all",
        Verdict::Fail,
        "who may go where is no item of AWS Config",
    ),
    (
        "s3_bucket_cross_region_replication_enabled",
        Verdict::Pass,
        "a template has one region alone",
    ),
    ("s3_bucket_mfa_delete_enabled", Verdict::Pass, "no template asks for an MFA device"),
    (
        "cloud_trail_enabled",
        Verdict::Pass,
        "whether a trail is switched on is no part of an item of AWS Config",
    ),
    (
        "cloud_trail_enabled",
        Verdict::Fail,
        "whether a trail is switched on is no part of an item of AWS Config",
    ),
    (
        "cloudtrail_security_trail_enabled",
        Verdict::Fail,
        "one trail answers for all of its account",
    ),
    ("kms_cmk_not_scheduled_for_deletion", Verdict::Pass, "a key of a template has no state yet"),
    ("kms_cmk_not_scheduled_for_deletion", Verdict::Fail, "a key of a template has no state yet"),
    (
        "lambda_function_public_access_prohibited",
        Verdict::Pass,
        "a permission of a template stands in its function where it runs",
    ),
    (
        "lambda_function_public_access_prohibited",
        Verdict::Fail,
        "a permission of a template stands in its function where it runs",
    ),
    ("dynamodb_autoscaling_enabled", Verdict::Fail, "what scales a table is no item of AWS Config"),
    ("rds_db_security_group_not_allowed", Verdict::Pass, "no template makes the default group"),
    (
        "alb_waf_enabled",
        Verdict::Pass,
        "what a web ACL is associated with is no item of AWS Config",
    ),
    (
        "alb_waf_enabled",
        Verdict::Fail,
        "what a web ACL is associated with is no item of AWS Config",
    ),
    (
        "multi_region_cloud_trail_enabled",
        Verdict::Pass,
        "whether a trail is switched on is no part of an item of AWS Config",
    ),
    (
        "cloudtrail_s3_dataevents_enabled",
        Verdict::Pass,
        "of selectors an item of AWS Config says only that there are some",
    ),
    (
        "appsync_associated_with_waf",
        Verdict::Pass,
        "what a web ACL is associated with is no item of AWS Config",
    ),
    (
        "appsync_associated_with_waf",
        Verdict::Fail,
        "what a web ACL is associated with is no item of AWS Config",
    ),
    (
        "elasticache_redis_cluster_automatic_backup_check",
        Verdict::Pass,
        "AWS Config does not record ElastiCache",
    ),
    (
        "elasticache_redis_cluster_automatic_backup_check",
        Verdict::Fail,
        "AWS Config does not record ElastiCache",
    ),
    (
        "elastic_beanstalk_managed_updates_enabled",
        Verdict::Pass,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "elastic_beanstalk_managed_updates_enabled",
        Verdict::Fail,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "beanstalk_enhanced_health_reporting_enabled",
        Verdict::Pass,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "beanstalk_enhanced_health_reporting_enabled",
        Verdict::Fail,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "elastic_beanstalk_logs_to_cloudwatch",
        Verdict::Pass,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "elastic_beanstalk_logs_to_cloudwatch",
        Verdict::Fail,
        "the options of an environment are no part of an item of AWS Config",
    ),
    (
        "acm_certificate_expiration_check",
        Verdict::Pass,
        "when a certificate ends, no template says",
    ),
    (
        "acm_certificate_expiration_check",
        Verdict::Fail,
        "when a certificate ends, no template says",
    ),
    (
        "acm_pca_root_ca_disabled",
        Verdict::Pass,
        "whether an authority is disabled is no part of an item of AWS Config",
    ),
    (
        "acm_pca_root_ca_disabled",
        Verdict::Fail,
        "whether an authority is disabled is no part of an item of AWS Config",
    ),
    ("rds_snapshots_public_prohibited", Verdict::Pass, "no template makes a snapshot"),
    ("rds_snapshots_public_prohibited", Verdict::Fail, "no template makes a snapshot"),
    ("rds_snapshot_encrypted", Verdict::Pass, "no template makes a snapshot"),
    ("rds_snapshot_encrypted", Verdict::Fail, "no template makes a snapshot"),
    ("docdb_cluster_snapshot_public_prohibited", Verdict::Pass, "no template makes a snapshot"),
    ("docdb_cluster_snapshot_public_prohibited", Verdict::Fail, "no template makes a snapshot"),
    ("neptune_cluster_snapshot_public_prohibited", Verdict::Pass, "no template makes a snapshot"),
    ("neptune_cluster_snapshot_public_prohibited", Verdict::Fail, "no template makes a snapshot"),
    ("neptune_cluster_snapshot_encrypted", Verdict::Pass, "no template makes a snapshot"),
    ("neptune_cluster_snapshot_encrypted", Verdict::Fail, "no template makes a snapshot"),
    (
        "api_gw_endpoint_type_check",
        Verdict::Fail,
        "where nothing else is asked for, every kind of endpoint that there is will do",
    ),
    ("dax_encryption_enabled", Verdict::Pass, "a DAX cluster is no item of AWS Config"),
    ("dax_encryption_enabled", Verdict::Fail, "a DAX cluster is no item of AWS Config"),
    ("dax_tls_endpoint_encryption", Verdict::Pass, "a DAX cluster is no item of AWS Config"),
    ("dax_tls_endpoint_encryption", Verdict::Fail, "a DAX cluster is no item of AWS Config"),
    ("emr_kerberos_enabled", Verdict::Pass, "an EMR cluster is no item of AWS Config"),
    ("emr_kerberos_enabled", Verdict::Fail, "an EMR cluster is no item of AWS Config"),
    ("emr_master_no_public_ip", Verdict::Pass, "an EMR cluster is no item of AWS Config"),
    ("emr_master_no_public_ip", Verdict::Fail, "an EMR cluster is no item of AWS Config"),
    (
        "transfer_family_server_no_ftp",
        Verdict::Pass,
        "a server of Transfer Family is no item of AWS Config",
    ),
    (
        "transfer_family_server_no_ftp",
        Verdict::Fail,
        "a server of Transfer Family is no item of AWS Config",
    ),
    ("netfw_logging_enabled", Verdict::Pass, "what a firewall logs is no item of AWS Config"),
    ("netfw_logging_enabled", Verdict::Fail, "what a firewall logs is no item of AWS Config"),
    ("wafv2_logging_enabled", Verdict::Pass, "what a web ACL logs is no item of AWS Config"),
    ("wafv2_logging_enabled", Verdict::Fail, "what a web ACL logs is no item of AWS Config"),
];

/// What each source says of each control and resource; `none` where it has no such resource.
fn named(verdicts: &Verdicts, key: &(String, String)) -> &'static str {
    verdicts.get(key).map_or("none", |verdict| verdict.name())
}

fn answers(service: &Service) -> BTreeMap<Source, Verdicts> {
    let of = |source| match service.verdicts(source, &service.text(source)) {
        Ok(verdicts) => (source, verdicts),
        Err(error) => panic!("{}: {error}", service.name),
    };
    service.sources.iter().copied().map(of).collect()
}

fn keys(all: &BTreeMap<Source, Verdicts>) -> BTreeSet<(String, String)> {
    all.values().flat_map(|verdicts| verdicts.keys().cloned()).collect()
}

fn excepts(exception: &Exception, key: &(String, String), source: Source) -> bool {
    ["*", &key.0].contains(&&*exception.control)
        && exception.resource == key.1
        && exception.source == source.name()
}

/// Whether what a source says of a resource counts. Where some resources of a file are not written as Terraform has
/// them, a plan leaves open what hangs on them.
fn speaks(service: &Service, source: Source, verdicts: &Verdicts, key: &(String, String)) -> bool {
    let lacks = |resource: &service::Resource| !service.has(source, &resource.logical);
    let open = verdicts.get(key) == Some(&Verdict::Unknown);
    service.has(source, &key.1) && !(open && service.resources.iter().any(lacks))
}

/// What is wrong with a service's twins, and the table of its verdicts.
fn compare(service: &Service) -> (Vec<String>, String) {
    let all = answers(service);
    let (mut wrong, mut table) = (Vec::new(), String::new());
    let mut used = vec![false; service.except.len()];
    for key in keys(&all) {
        let (mut said, mut agreed) = (BTreeSet::new(), BTreeSet::new());
        let mut excepted = Vec::new();
        let speaking = |(source, all): &(&Source, &Verdicts)| speaks(service, **source, all, &key);
        for (source, verdicts) in all.iter().filter(speaking) {
            let verdict = named(verdicts, &key);
            said.insert((*source, verdict));
            let found = service.except.iter().position(|exception| {
                excepts(exception, &key, *source) && exception.verdict == verdict
            });
            match found {
                Some(at) => excepted.push((at, verdict)),
                None => drop(agreed.insert(verdict)),
            }
        }
        // An exception for what does not differ is of no use.
        for (at, _) in excepted.iter().filter(|(_, verdict)| !agreed.contains(verdict)) {
            used[*at] = true;
        }
        let (control, resource) = &key;
        if agreed.len() != 1 {
            wrong.push(format!("{}: {control} {resource}: {said:?}", service.name));
        }
        for verdict in agreed {
            writeln!(table, "{control} {resource} {verdict}").unwrap();
        }
    }
    let unused = service.except.iter().zip(used).filter(|(_, used)| !used);
    wrong.extend(unused.map(|(exception, _)| {
        let Exception { control, resource, source, verdict, .. } = exception;
        format!("{}: nothing differs: {control} {resource} {source} {verdict}", service.name)
    }));
    (wrong, table)
}

#[test]
fn twins_get_the_same_verdict() {
    let bless = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    for service in services() {
        assert!(service.except.iter().all(|exception| exception.why.len() > 10), "say why");
        let (differences, table) = compare(&service);
        wrong.extend(differences);
        if bless {
            fs::write(service.table(), &table).unwrap();
        }
        let expected = fs::read_to_string(service.table()).unwrap_or_default();
        if expected != table {
            wrong
                .push(format!("{}: UPDATE_EXPECT=1 rewrites the verdicts:\n{table}", service.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_control_has_twins_that_pass_and_twins_that_fail() {
    let mut decided = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for service in services() {
        seen.insert(format!("aws.{}", service.name));
        let all = answers(&service);
        for key in keys(&all) {
            // A plan leaves open in which account and region it will be carried out.
            let open = Some(&Verdict::Unknown);
            let speaking = all.iter().filter(|(source, verdicts)| {
                speaks(&service, **source, verdicts, &key)
                    && (**source != Source::Terraform || verdicts.get(&key) != open)
            });
            let said: BTreeSet<_> = speaking.map(|(_, verdicts)| verdicts.get(&key)).collect();
            if let ([Some(verdict)], 1) = (Vec::from_iter(&said).as_slice(), said.len()) {
                decided.insert((key.0, **verdict));
            }
        }
    }
    let modules = engine().program.controls.iter().map(|control| control.module.to_string());
    let without: BTreeSet<_> = modules.filter(|module| !seen.contains(module)).collect();
    assert!(without.is_empty(), "modules without twins: {without:?}");
    let mut wrong = Vec::new();
    for (name, ..) in IMPOSSIBLE {
        let is_there = engine().program.controls.iter().any(|control| control.name == **name);
        assert!(is_there, "there is no control {name}");
    }
    for control in &engine().program.controls {
        for verdict in [Verdict::Pass, Verdict::Fail] {
            let is_impossible = IMPOSSIBLE
                .iter()
                .any(|(name, of, _)| **name == *control.name.as_str() && *of == verdict);
            let is_decided = decided.contains(&(control.name.to_string(), verdict));
            if is_decided == is_impossible {
                let what = if is_decided { "is decided after all" } else { "has no twins" };
                wrong.push(format!("{} {}: {what}", control.name, verdict.name()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
