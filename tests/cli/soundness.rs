//! What must not pass by accident: each case once did, or nearly.

use serde_json::Value;

use super::{Folder, assize, said};

struct Case {
    name: &'static str,
    policy: &'static str,
    inputs: &'static [(&'static str, &'static str)],
    /// Exit status, then `id verdict` of each finding, in order of the report.
    code: i32,
    findings: &'static [&'static str],
    /// The status of the first control.
    status: &'static str,
}

const VOLUME: &str = "control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }";
const SERVED: &str = "control c for g in AWS::EC2::SecurityGroup {
    require count(g <- AWS::EC2::Instance.SecurityGroupIds) == 0
}";

const CASES: &[Case] = &[
    Case {
        name: "a resource without properties was not looked at by its collector",
        policy: "control c for v in AWS::EC2::Volume { forbid not (v.Encrypted ?? true) }",
        inputs: &[("i.ndjson", r#"{"type":"AWS::EC2::Volume","id":"v"}"#)],
        code: 3,
        findings: &["v error"],
        status: "undetermined",
    },
    Case {
        name: "a line that cannot be read is an error of its resource",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"propertis\":{}}\n{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}",
        )],
        code: 3,
        findings: &["v error", "w pass"],
        status: "undetermined",
    },
    Case {
        name: "a line whose type cannot be read may be of any type",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}\n{\"id\":\"v\",\"type\":}",
        )],
        code: 3,
        findings: &["w pass"],
        status: "undetermined",
    },
    Case {
        name: "two types in one resource are none",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            r#"{"type":"AWS::S3::Bucket","id":"v","type":"AWS::EC2::Volume","properties":{}}"#,
        )],
        code: 3,
        findings: &[],
        status: "undetermined",
    },
    Case {
        name: "a bad line opens what joins look for",
        policy: SERVED,
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::SecurityGroup\",\"id\":\"sg-1\",\"properties\":{\"GroupId\":\"sg-1\",\"GroupDescription\":\"d\"}}\n{\"type\":",
        )],
        code: 3,
        findings: &["sg-1 unknown"],
        status: "undetermined",
    },
    Case {
        name: "access denied to the type of the subject leaves the control undetermined",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"gap\":{\"type\":\"AWS::EC2::Volume\",\"reason\":\"access denied\"}}\n{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}",
        )],
        code: 3,
        findings: &["w pass"],
        status: "undetermined",
    },
    Case {
        name: "a gap with a mistyped key is no gap",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"gap\":{\"typ\":\"AWS::S3::Bucket\"}}\n{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}",
        )],
        code: 3,
        findings: &["w pass"],
        status: "undetermined",
    },
    Case {
        name: "a gap of another type changes nothing",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"gap\":{\"type\":\"AWS::S3::Bucket\",\"reason\":\"access denied\"}}\n{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}",
        )],
        code: 0,
        findings: &["w pass"],
        status: "compliant",
    },
    Case {
        name: "a template's macro concerns that template alone",
        policy: SERVED,
        inputs: &[
            (
                "a.yaml",
                "Transform: Own\nResources:\n  V: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: d } }\n",
            ),
            (
                "b.yaml",
                "Resources:\n  W: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: d } }\n",
            ),
        ],
        code: 3,
        findings: &["V unknown", "W pass"],
        status: "undetermined",
    },
    Case {
        name: "a resource without a type is not passed over",
        policy: VOLUME,
        inputs: &[(
            "a.yaml",
            "Resources:\n  V: { Typ: 'AWS::EC2::Volume' }\n  W: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: true } }\n",
        )],
        code: 3,
        findings: &["W pass"],
        status: "undetermined",
    },
    Case {
        name: "the second of two resources with one name is not passed over",
        policy: VOLUME,
        inputs: &[(
            "a.yaml",
            "Resources:\n  W: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: true } }\n  W: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a } }\n",
        )],
        code: 3,
        findings: &["W error"],
        status: "undetermined",
    },
    Case {
        name: "the second of two resources with one name may be of a type that is asked about",
        policy: VOLUME,
        inputs: &[(
            "a.yaml",
            "Resources:\n  V: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: true } }\n  W: { Type: 'AWS::S3::Bucket' }\n  W: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a } }\n",
        )],
        code: 3,
        findings: &["V pass"],
        status: "undetermined",
    },
    Case {
        name: "a fault in one condition is not made good by another",
        policy: "control c for v in AWS::EC2::Volume {
            when 1 / (v.Size ?? 0) > 0
            when v.Encrypted ?? false
            require false
        }",
        inputs: &[(
            "a.yaml",
            "Resources:\n  W: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a } }\n",
        )],
        code: 3,
        findings: &["W error"],
        status: "undetermined",
    },
    Case {
        name: "a control on every resource that joins sees every resource",
        policy: "control c for r in Resource {
            require not (any v in AWS::EC2::Volume: v.Encrypted ?? false)
        }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"account\":\"1\",\"properties\":{\"Encrypted\":true}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"account\":\"1\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["v fail", "b fail"],
        status: "non_compliant",
    },
    Case {
        name: "an account is judged though nothing in it is asked about",
        policy: "control c { require any t in AWS::CloudTrail::Trail: t.IsMultiRegionTrail ?? false }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"account\":\"111122223333\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["111122223333 fail"],
        status: "non_compliant",
    },
    Case {
        name: "an account that only a gap names is judged",
        policy: "control c { require any t in AWS::CloudTrail::Trail: t.IsMultiRegionTrail ?? false }",
        inputs: &[(
            "i.ndjson",
            "{\"gap\":{\"type\":\"AWS::CloudTrail::Trail\",\"account\":\"111122223333\",\"reason\":\"access denied\"}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"account\":\"444455556666\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["111122223333 unknown", "444455556666 fail"],
        status: "non_compliant",
    },
    Case {
        name: "a template says nothing of the rest of the account",
        policy: "control c { require any t in AWS::CloudTrail::Trail: t.IsMultiRegionTrail ?? false }",
        inputs: &[("a.yaml", "Resources:\n  B: { Type: 'AWS::S3::Bucket' }\n")],
        code: 0,
        findings: &["? not_applicable"],
        status: "not_applicable",
    },
    Case {
        name: "a trail of the template is judged for its account",
        policy: "control c { require any t in AWS::CloudTrail::Trail: t.IsMultiRegionTrail ?? false }",
        inputs: &[(
            "a.yaml",
            "Resources:\n  T: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: b } }\n",
        )],
        code: 1,
        findings: &["? fail"],
        status: "non_compliant",
    },
    Case {
        name: "a control without the value that it needs did not run",
        policy: "control c for v in AWS::EC2::Volume { param least: Int\n require (v.Size ?? 0) >= least }",
        inputs: &[("i.ndjson", r#"{"type":"AWS::EC2::Volume","id":"v","properties":{"Size":1}}"#)],
        code: 3,
        findings: &[],
        status: "uncovered",
    },
    Case {
        name: "text after an array is not passed over",
        policy: VOLUME,
        inputs: &[(
            "i.json",
            r#"[{"type":"AWS::EC2::Volume","id":"w","properties":{"Encrypted":true}}] {"type":"AWS::EC2::Volume","id":"v","properties":{}}"#,
        )],
        code: 3,
        findings: &["w pass"],
        status: "undetermined",
    },
    Case {
        name: "an array that is cut off is incomplete",
        policy: VOLUME,
        inputs: &[(
            "i.json",
            r#"[{"type":"AWS::EC2::Volume","id":"w","properties":{"Encrypted":true}},"#,
        )],
        code: 3,
        findings: &["w pass"],
        status: "undetermined",
    },
    Case {
        name: "a type that is a function is not passed over",
        policy: VOLUME,
        inputs: &[("t.yaml", "Resources: {V: {Type: !Ref T, Properties: {Encrypted: false}}}")],
        code: 3,
        findings: &[],
        status: "undetermined",
    },
    Case {
        name: "a type that is nothing is not passed over",
        policy: VOLUME,
        inputs: &[("t.yaml", "Resources: {V: {Type: , Properties: {Encrypted: false}}}")],
        code: 3,
        findings: &[],
        status: "undetermined",
    },
    Case {
        name: "a default that is a function is no value",
        policy: VOLUME,
        inputs: &[(
            "t.yaml",
            "Parameters: {P: {Type: String, Default: !Ref 'true'}}\nResources: {V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Ref P}}}",
        )],
        code: 3,
        findings: &["V unknown"],
        status: "undetermined",
    },
    Case {
        name: "a condition that is no name leaves the resource open",
        policy: VOLUME,
        inputs: &[(
            "t.yaml",
            "Resources: {V: {Type: AWS::EC2::Volume, Condition: !Not [X], Properties: {Encrypted: false}}}",
        )],
        code: 1,
        findings: &["V fail"],
        status: "non_compliant",
    },
    Case {
        name: "what waits for a person does not hide what is unknown",
        policy: "control c for v in AWS::EC2::Volume { manual \"look at it\"\n require v.Encrypted ?? false }",
        inputs: &[(
            "a.yaml",
            "Parameters: { P: { Type: String } }\nResources:\n  V: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Encrypted: !Ref P } }\n",
        )],
        code: 3,
        findings: &["V unknown"],
        status: "undetermined",
    },
    Case {
        name: "the second finding counts as the first does",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}}\n{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["w pass", "v fail"],
        status: "non_compliant",
    },
    Case {
        name: "a second resource on a line is not passed over",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"w\",\"properties\":{\"Encrypted\":true}} {\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{}}",
        )],
        code: 3,
        findings: &["w error"],
        status: "undetermined",
    },
    Case {
        name: "two `properties` of one resource are none",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            r#"{"type":"AWS::EC2::Volume","id":"w","properties":{},"properties":{"Encrypted":true}}"#,
        )],
        code: 3,
        findings: &["w error"],
        status: "undetermined",
    },
    Case {
        name: "a property that stands twice is none",
        policy: VOLUME,
        inputs: &[(
            "i.ndjson",
            r#"{"type":"AWS::EC2::Volume","id":"w","properties":{"Encrypted":false,"Encrypted":true}}"#,
        )],
        code: 3,
        findings: &["w error"],
        status: "undetermined",
    },
    Case {
        name: "a value of a wrong shape is not absent",
        policy: "control c for v in AWS::EC2::Volume { require v.KmsKeyId is absent }",
        inputs: &[(
            "i.ndjson",
            r#"{"type":"AWS::EC2::Volume","id":"w","properties":{"KmsKeyId":{"a":1}}}"#,
        )],
        code: 3,
        findings: &["w error"],
        status: "undetermined",
    },
    Case {
        name: "a fraction is no integer",
        policy: "control c for v in AWS::EC2::Volume { require (v.Size ?? 0) < 1 }",
        inputs: &[("i.ndjson", r#"{"type":"AWS::EC2::Volume","id":"w","properties":{"Size":0.9}}"#)],
        code: 3,
        findings: &["w error"],
        status: "undetermined",
    },
    Case {
        name: "a query in a function is asked of all that is read",
        policy: "fn alone(v: AWS::EC2::Volume) -> Bool { return none b in AWS::S3::Bucket: v.Size is present }
            control c for v in AWS::EC2::Volume { require alone(v) }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{\"Size\":1}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["v fail"],
        status: "non_compliant",
    },
    Case {
        name: "a waiver that asks of other resources is asked when all are read",
        policy: "control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }
            waiver w { control c where none b in AWS::S3::Bucket: true
                until 9999-01-31 reason \"r\" approved by \"a\" }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"properties\":{}}",
        )],
        code: 1,
        findings: &["v fail"],
        status: "non_compliant",
    },
    Case {
        name: "a waiver does not cover where its condition cannot be known",
        policy: "control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }
            waiver w { control c where (v.Size ?? 0) == 8
                until 9999-01-31 reason \"r\" approved by \"a\" }",
        inputs: &[(
            "a.yaml",
            "Parameters: { P: { Type: Number } }\nResources:\n  V: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: a, Size: !Ref P } }\n",
        )],
        code: 1,
        findings: &["V fail"],
        status: "non_compliant",
    },
    Case {
        name: "a query for another type in a function is asked of all that is read",
        policy: "fn named() -> Bool { return any b in AWS::S3::Bucket: b.BucketName is present }
             control c for v in AWS::EC2::Volume { forbid named() }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"properties\":{\"BucketName\":\"b\"}}",
        )],
        code: 1,
        findings: &["v fail"],
        status: "non_compliant",
    },
    Case {
        name: "a waiver that asks of another type is asked when all are read",
        policy: "control c for v in AWS::EC2::Volume { require v.Encrypted ?? false }
             waiver w { control c where none b in AWS::S3::Bucket: b.BucketName is present
                 until 9999-01-31 reason \"r\" approved by \"a\" }",
        inputs: &[(
            "i.ndjson",
            "{\"type\":\"AWS::EC2::Volume\",\"id\":\"v\",\"properties\":{}}\n{\"type\":\"AWS::S3::Bucket\",\"id\":\"b\",\"properties\":{\"BucketName\":\"b\"}}",
        )],
        code: 1,
        findings: &["v fail"],
        status: "non_compliant",
    },
];

fn run(case: &Case) -> Result<(), String> {
    let folder = Folder::new(&case.name.replace(' ', "-"));
    let policy = folder.file("p.assize", case.policy);
    let mut args = vec!["check", "--format", "json", "--policy", &policy];
    let files: Vec<String> =
        case.inputs.iter().map(|(name, text)| folder.file(name, text)).collect();
    args.extend(files.iter().map(String::as_str));
    let output = assize(&args);
    let report: Value =
        serde_json::from_slice(&output.stdout).map_err(|e| format!("{e}: {}", said(&output)))?;
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let findings: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            let id = f["resource"]["id"].as_str().or(f["account"].as_str()).unwrap_or("?");
            format!("{id} {}", text(&f["verdict"]))
        })
        .collect();
    let status = text(&report["controls"][0]["status"]);
    let code = output.status.code();
    if findings == case.findings && status == case.status && code == Some(case.code) {
        return Ok(());
    }
    Err(format!(
        "{findings:?}, {status}, exit {code:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    ))
}

#[test]
fn nothing_passes_by_accident() {
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|case| run(case).err().map(|why| format!("{}: {why}", case.name)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[cfg(unix)]
#[test]
fn a_link_back_to_its_folder_is_not_followed() {
    let folder = Folder::new("links");
    folder.file("a.yaml", "Resources:\n  B: { Type: 'AWS::EC2::Volume' }\n");
    let path = folder.path();
    std::os::unix::fs::symlink(path, path.join("again")).unwrap();
    let output = assize(&[
        "check",
        "--control",
        "encrypted_volumes",
        "--format",
        "json",
        &path.to_string_lossy(),
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["inputs"].as_array().unwrap().len(), 1);
}
