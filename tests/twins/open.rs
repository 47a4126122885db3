//! A snapshot that stays open: after whatever changes, its findings are those of a run over what it holds now, and
//! what it gave as changed is what changed.

use std::collections::BTreeMap;

use assize::assess::Outcome;
use assize::engine::Open;
use serde_json::{Value, json};

use super::service::{Source, engine, services};

/// What a finding says, by control and resource.
type Said = BTreeMap<String, String>;

fn key(outcome: &Outcome) -> String {
    let Outcome { control, kind, id, account, region, .. } = outcome;
    format!("{control} {kind} {id} {account:?} {region:?}")
}

fn words(outcome: &Outcome) -> String {
    let messages = outcome.messages.iter().map(|message| {
        let evidence = message.evidence.iter();
        let evidence: Vec<_> =
            evidence.map(|one| (&one.pointer, &one.resource, one.state, &one.value)).collect();
        format!("{:?} {} {evidence:?}", message.verdict, message.text)
    });
    format!("{:?} {}", outcome.verdict, messages.collect::<Vec<_>>().join("; "))
}

fn said<'o>(outcomes: impl Iterator<Item = &'o Outcome>) -> Said {
    outcomes.map(|outcome| (key(outcome), words(outcome))).collect()
}

/// What a run over the same lines says, in the order in which the open snapshot has them.
fn fresh(open: &Open<'_>, lines: &BTreeMap<String, Value>) -> Said {
    let mut text = String::new();
    let mut left = lines.clone();
    for resource in open.resources() {
        let part = |value: &assize::value::Value| json!(value.as_text().map(ToString::to_string));
        let (account, region) = (part(&resource.account), part(&resource.region));
        let name = format!("{} {} {account} {region}", json!(*resource.kind), json!(*resource.id));
        if let Some(line) = left.remove(&name) {
            text.push_str(&format!("{line}\n"));
        }
    }
    // Resources of types that nobody asks about.
    assert!(left.len() < 10, "{left:?}");
    left.values().for_each(|line| text.push_str(&format!("{line}\n")));
    let mut run = engine().run();
    run.inventory("lines", text.as_bytes());
    said(run.finish().outcomes.iter())
}

/// What tells a line apart from others.
fn name(line: &Value) -> String {
    format!("{} {} {} {}", line["type"], line["id"], line["account"], line["region"])
}

/// The first finding that is not the same in both.
fn differs(wanted: &Said, found: &Said) -> Option<String> {
    let mut all = wanted.keys().chain(found.keys());
    let key = all.find(|key| wanted.get(*key) != found.get(*key))?;
    Some(format!("{key}: {:?}, not {:?}", found.get(key), wanted.get(key)))
}

struct Edits<'e> {
    open: Open<'e>,
    lines: BTreeMap<String, Value>,
    known: Said,
    seed: u64,
}

impl Edits<'_> {
    fn pick(&mut self, below: usize) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.seed >> 33).unwrap() % below
    }

    fn line(&mut self) -> Value {
        let at = self.pick(self.lines.len());
        self.lines.values().nth(at).unwrap().clone()
    }

    /// A resource gets what another of its type has, loses a property or its account, goes, or comes anew.
    fn edit(&mut self) {
        let mut line = self.line();
        let changes = match self.pick(6) {
            0 => {
                self.lines.remove(&name(&line));
                let text = |key: &str| line[key].as_str();
                let (kind, id) = (text("type").unwrap(), text("id").unwrap());
                self.open.remove(kind, id, text("account"), text("region"))
            }
            edit => {
                match edit {
                    1 | 2 => {
                        let kind = line["type"].clone();
                        let like: Vec<Value> =
                            self.lines.values().filter(|l| l["type"] == kind).cloned().collect();
                        let other = like[self.pick(like.len())].clone();
                        line["properties"] = other["properties"].clone();
                    }
                    3 => {
                        let properties = line["properties"].as_object_mut().unwrap();
                        let keys: Vec<String> = properties.keys().cloned().collect();
                        if !keys.is_empty() {
                            let at = self.pick(keys.len());
                            line["properties"].as_object_mut().unwrap().remove(&keys[at]);
                        }
                    }
                    4 => line["account"] = json!(format!("{:012}", self.pick(3))),
                    _ => line["id"] = json!(format!("{}-new", line["id"].as_str().unwrap())),
                }
                self.lines.insert(name(&line), line.clone());
                self.open.put(line.to_string().as_bytes()).unwrap()
            }
        };
        for change in changes {
            if let Some(before) = &change.before {
                assert_eq!(self.known.remove(&key(before)), Some(words(before)));
            }
            if let Some(after) = &change.after {
                self.known.insert(key(after), words(after));
            }
        }
    }
}

#[test]
fn an_open_snapshot_says_what_a_run_over_it_says() {
    let lines: BTreeMap<String, Value> = services()
        .iter()
        .flat_map(|service| service.document(Source::Inventory).as_array().unwrap().clone())
        .map(|line| (name(&line), line))
        .collect();
    let text = lines.values().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let open = engine().open("lines", text.as_bytes()).unwrap();
    let known = said(open.findings());
    assert!(known.len() > 500, "{}", known.len());
    assert_eq!(differs(&fresh(&open, &lines), &known), None);
    let mut edits = Edits { open, lines, known, seed: 7 };
    for round in 0..30 {
        for _ in 0..25 {
            edits.edit();
        }
        let now = said(edits.open.findings());
        assert_eq!(differs(&edits.known, &now), None, "what changed was told, round {round}");
        assert_eq!(differs(&fresh(&edits.open, &edits.lines), &now), None, "round {round}");
    }
}

#[test]
fn what_is_no_resource_changes_nothing() {
    let line = r#"{"type":"AWS::EC2::Volume","id":"v","properties":{"Encrypted":false}}"#;
    let mut open = engine().open("lines", line.as_bytes()).unwrap();
    let before = said(open.findings());
    for (wrong, what) in [
        ("", "expected one resource, found 0"),
        ("{}", "line 1, column 1: a resource has a `type` and an `id`"),
        (&line[..40], "line 1, column 41: "),
        (&format!("{line}\n{line}"), "expected one resource, found 2"),
        (&line.replace("Volume", "Volum"), "did you mean `AWS::EC2::Volume`?"),
        (r#"{"gap":{"reason":"denied"}}"#, "a gap is no resource"),
    ] {
        let error = open.put(wrong.as_bytes()).unwrap_err();
        assert!(error.contains(what), "{wrong}: {error}");
        assert_eq!(said(open.findings()), before);
    }
    assert!(open.remove("AWS::EC2::Volume", "w", None, None).is_empty());
    assert!(!open.remove("AWS::EC2::Volume", "v", None, None).is_empty());
    let cut = engine().open("lines", &line.as_bytes()[..40]).unwrap_err();
    assert!(cut[0].starts_with("lines:1:41"), "{cut:?}");
    // One of two that are one resource would hide what the other fails.
    let fine = line.replace("false", "true");
    let twice = engine().open("lines", format!("{line}\n{fine}").as_bytes()).unwrap_err();
    assert_eq!(twice, ["lines:2:1: AWS::EC2::Volume `v` stands twice"]);
}

/// Whoever looked, by whatever way, is judged again: at all of a type, for a key that nobody had, for what might
/// have any key.
#[test]
fn who_looked_is_judged_again() {
    const POLICY: &str = r#"
control whole for v in AWS::EC2::Volume {
    require none b in everywhere(AWS::S3::Bucket): (b.BucketName ?? "") == "x" else "there is x"
}
control keyed for v in AWS::EC2::Volume {
    require any k in everywhere(AWS::KMS::Key) where k.KeyId == (v.KmsKeyId ?? ""): k.EnableKeyRotation ?? false else "no key"
}
control followed for i in AWS::EC2::Instance {
    require all g in i.SecurityGroupIds -> AWS::EC2::SecurityGroup: g.GroupDescription == "fine" else "{i.id}"
}
"#;
    let engine = assize::engine::Engine::builder().policy("own", POLICY).now("2026-11-24");
    let engine = engine.unwrap().build().unwrap();
    let line = |kind: &str, id: &str, properties: Value| {
        json!({ "type": kind, "id": id, "account": "a", "region": "r", "properties": properties })
            .to_string()
    };
    let volume = line("AWS::EC2::Volume", "v", json!({ "KmsKeyId": "k" }));
    let instance = line("AWS::EC2::Instance", "i", json!({ "SecurityGroupIds": ["sg"] }));
    let mut open = engine.open("lines", format!("{volume}\n{instance}").as_bytes()).unwrap();
    let verdicts = |open: &Open<'_>| -> String {
        let name = |outcome: &Outcome| outcome.verdict.name().to_owned();
        open.findings().map(name).collect::<Vec<_>>().join(" ")
    };
    // Of the volume `whole` and `keyed`, of the instance `followed`.
    assert_eq!(verdicts(&open), "pass fail unknown");
    let bucket = line("AWS::S3::Bucket", "x", json!({ "BucketName": "x" }));
    let key =
        |on: bool| line("AWS::KMS::Key", "k", json!({ "KeyId": "k", "EnableKeyRotation": on }));
    let group = |fine: &str| {
        line("AWS::EC2::SecurityGroup", "sg", json!({ "GroupId": "sg", "GroupDescription": fine }))
    };
    for (put, wanted, changed) in [
        (bucket.as_str(), "fail fail unknown", 1),
        (&bucket.replace(r#""BucketName":"x""#, r#""BucketName":"y""#), "pass fail unknown", 1),
        (&key(true), "pass pass unknown", 1),
        (&key(true), "pass pass unknown", 0),
        (&key(false), "pass fail unknown", 1),
        (&group("fine"), "pass fail pass", 1),
        (&group("bad"), "pass fail fail", 1),
    ] {
        let changes = open.put(put.as_bytes()).unwrap();
        assert_eq!((verdicts(&open).as_str(), changes.len()), (wanted, changed), "{put}");
    }
    assert_eq!(open.remove("AWS::EC2::SecurityGroup", "sg", Some("a"), Some("r")).len(), 1);
    assert_eq!(verdicts(&open), "pass fail unknown");
    // A bucket whose name is not what a name is may be any.
    let broken = bucket.replace(r#""BucketName":"x""#, r#""BucketName":7"#);
    assert_eq!(open.put(broken.as_bytes()).unwrap().len(), 1);
    assert_eq!(verdicts(&open), "error fail unknown");
    assert_eq!(open.remove("AWS::S3::Bucket", "x", Some("a"), Some("r")).len(), 1);
    assert_eq!(verdicts(&open), "pass fail unknown");
}
