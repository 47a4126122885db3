//! What a requirement comes to by its mapping, the values of parameters and the controls that ran.

use assize::engine::{Builder, Engine};

const POLICY: &str = r#"
control small for volume in AWS::EC2::Volume {
    param most: Int = 3
    require (volume.Size ?? 0) <= most
}
control sealed for volume in AWS::EC2::Volume {
    require volume.Encrypted ?? false
}
control unset for volume in AWS::EC2::Volume {
    param kind: String
    require volume.VolumeType == kind
}
control asked for bucket in AWS::S3::Bucket {
    require bucket.BucketName is present
}
framework plant {
    title "Plant rules"
    requirement "size" "Volumes are small" { met by small when most <= 5 }
    requirement "both" { met by small, sealed }
    requirement "kind" { met by unset, sealed }
    requirement "only kind" { met by unset }
    requirement "store" { met by asked }
    requirement "none"
    requirement "person" { manual "A person says so" }
    requirement "person, too" { met by sealed manual "A person says so" }
}
profile tight { covers plant }
profile loose { covers plant set small.most = 10 }
profile without { covers plant exclude sealed }
"#;

const VOLUME: &str = r#"{"type":"AWS::EC2::Volume","id":"vol-1","properties":{"AvailabilityZone":"a","Size":2,"Encrypted":true}}"#;

fn statuses(profile: &str, set: impl Fn(Builder<'static>) -> Builder<'static>) -> String {
    let builder = Engine::builder().policy("own", POLICY).profile(Some(profile));
    let engine = set(builder).now("2026-11-24").unwrap().build().unwrap();
    let mut run = engine.run();
    run.inventory("volumes", VOLUME.as_bytes());
    let assessment = run.finish();
    let row = |one: &assize::assess::RequirementSummary| {
        format!("{} {}", one.requirement.trim_start_matches("plant:"), one.status)
    };
    assessment.requirements.iter().map(row).collect::<Vec<_>>().join("; ")
}

#[test]
fn every_status_has_its_cause() {
    assert_eq!(
        statuses("tight", |builder| builder),
        "size met; both met; kind undetermined; only kind uncovered; store undetermined; \
         none uncovered; person manual; person, too manual"
    );
}

#[test]
fn a_looser_value_loses_the_coverage_wherever_it_was_set() {
    let lost = "size uncovered; both met; ";
    assert!(statuses("loose", |builder| builder).starts_with(lost));
    let set = |value: &str| {
        let set = format!("small.most={value}");
        statuses("tight", move |builder| builder.set(std::slice::from_ref(&set)))
    };
    assert!(set("10").starts_with(lost));
    assert!(set("4").starts_with("size met; "));
    // The command line counts, not the profile.
    let tight = ["small.most=4".to_owned()];
    assert!(statuses("loose", |builder| builder.set(&tight)).starts_with("size met; "));
}

#[test]
fn what_was_left_out_is_not_credited() {
    let one = ["small".to_owned()];
    let chosen = statuses("tight", |builder| builder.controls(&one));
    assert!(chosen.starts_with("size met; both undetermined; kind undetermined; "), "{chosen}");
    let excluded = statuses("without", |builder| builder);
    assert!(excluded.starts_with("size met; both met; kind uncovered; "), "{excluded}");
}
