//! An estate of cloud resources that nobody has: deterministic, shaped as real ones are, about 1.5 KB a
//! resource, one in ten of which breaks a control. Used by the benches and by `benches/peers`.

mod chance;
pub(crate) mod json;
mod properties;

use chance::Chance;
use json::{Json, list, object};

/// The types and how often each comes, in 1,060. The last three are types that no control asks about.
const TYPES: &[(&str, u64)] = &[
    ("AWS::S3::Bucket", 95),
    ("AWS::EC2::SecurityGroup", 135),
    ("AWS::EC2::Volume", 135),
    ("AWS::EC2::Instance", 155),
    ("AWS::RDS::DBInstance", 50),
    ("AWS::IAM::Role", 130),
    ("AWS::IAM::User", 40),
    ("AWS::Lambda::Function", 95),
    ("AWS::KMS::Key", 40),
    ("AWS::CloudTrail::Trail", 10),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", 40),
    ("AWS::DynamoDB::Table", 40),
    ("AWS::SQS::Queue", 35),
    ("AWS::Logs::LogGroup", 40),
    ("AWS::EC2::Subnet", 20),
];

const GROUP: &str = "AWS::EC2::SecurityGroup";
const STAGES: &[&str] = &["production", "staging", "development", "playground"];
const OWNERS: &[&str] =
    &["billing", "logistics", "platform", "fraud", "warehouse", "web", "research"];
const NOUNS: &[&str] = &[
    "basket",
    "shipment",
    "tariff",
    "booking",
    "telemetry",
    "mirror",
    "journal",
    "parcel",
    "voucher",
    "signal",
    "roster",
    "quota",
    "digest",
    "ticket",
];
const REGIONS: &[&str] =
    &["eu-central-1", "eu-west-1", "eu-north-1", "us-east-1", "us-west-2", "ap-northeast-1"];

/// One resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its type.
    pub kind: &'static str,
    /// Its id, unlike all others.
    pub id: String,
    account: String,
    region: &'static str,
    tags: Vec<(&'static str, String)>,
    properties: Json,
}

impl Resource {
    /// As a line of an inventory, with its end. The type comes before the properties, as collectors write it.
    pub fn line(&self, out: &mut String) {
        let tags = self.tags.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into()));
        let resource = object![
            "type" => self.kind,
            "id" => self.id.as_str(),
            "account" => self.account.as_str(),
            "region" => self.region,
            "tags" => Json::Object(tags.collect()),
            "properties" => self.properties.clone(),
        ];
        resource.write(out);
        out.push('\n');
    }

    /// As a member of a template's `Resources`.
    pub fn member(&self, out: &mut String) {
        Json::from(self.id.as_str()).write(out);
        out.push(':');
        object!["Type" => self.kind, "Properties" => self.properties.clone()].write(out);
    }
}

/// What the properties of a resource are made of.
struct Setting {
    account: String,
    region: &'static str,
    name: String,
    id: String,
    /// How many security groups the estate has.
    groups: u64,
    tags: Json,
    /// Whether the resource breaks its control.
    bad: bool,
}

/// The resources of an estate of this size, one after the other; the same for the same size.
pub fn resources(size: u64) -> impl Iterator<Item = Resource> {
    let mut kinds = Chance::new(size);
    let kinds: Vec<&'static str> = (0..size).map(|_| kind(&mut kinds)).collect();
    let groups = kinds.iter().filter(|kind| **kind == GROUP).count() as u64;
    let mut chance = Chance::new(size ^ 0x5eed);
    let mut group = 0;
    kinds.into_iter().zip(0u64..).map(move |(kind, at)| {
        let id = match kind == GROUP {
            true => group_id(group),
            false => unlike_others(&mut chance, kind, at),
        };
        group += u64::from(kind == GROUP);
        resource(&mut chance, kind, id, groups)
    })
}

/// An inventory of this many resources.
pub fn inventory(size: u64) -> String {
    let mut out = String::new();
    resources(size).for_each(|resource| resource.line(&mut out));
    out
}

fn kind(chance: &mut Chance) -> &'static str {
    let mut left = chance.below(TYPES.iter().map(|(_, share)| share).sum());
    let found = TYPES.iter().find(|(_, share)| {
        let here = left < *share;
        left = left.saturating_sub(*share);
        here
    });
    found.map_or(GROUP, |(kind, _)| kind)
}

/// The id of a security group, known before the group is made: instances name it.
fn group_id(number: u64) -> String {
    format!("sg-{}{number:07x}", Chance::new(number).hex(10))
}

fn any_group(chance: &mut Chance, setting: &Setting) -> String {
    group_id(chance.below(setting.groups))
}

fn unlike_others(chance: &mut Chance, kind: &str, at: u64) -> String {
    let prefix = match kind {
        "AWS::EC2::Instance" => "i-",
        "AWS::EC2::Volume" => "vol-",
        "AWS::EC2::Subnet" => "subnet-",
        _ => return format!("{}-{}-{at:x}", chance.one_of(NOUNS), chance.hex(8)),
    };
    format!("{prefix}{}{at:07x}", chance.hex(10))
}

fn resource(chance: &mut Chance, kind: &'static str, id: String, groups: u64) -> Resource {
    let name = format!("{}-{}-{}", chance.one_of(OWNERS), chance.one_of(NOUNS), chance.hex(6));
    let tags = tags(chance, &name);
    let listed = tags.iter().map(|(key, value)| object!["Key" => *key, "Value" => value.as_str()]);
    let setting = Setting {
        account: format!("{:012}", 210_000_000_000 + chance.below(30) * 104_729),
        region: chance.one_of(REGIONS),
        name,
        id,
        groups,
        tags: Json::List(listed.collect()),
        bad: chance.in_hundred(10),
    };
    let properties = properties::of(chance, kind, &setting);
    let Setting { account, region, id, .. } = setting;
    Resource { kind, id, account, region, tags, properties }
}

fn tags(chance: &mut Chance, name: &str) -> Vec<(&'static str, String)> {
    let mut tags = vec![
        ("Name", name.to_owned()),
        ("stage", chance.one_of(STAGES).to_owned()),
        ("owned-by", chance.one_of(OWNERS).to_owned()),
        ("budget", format!("b{:05}", chance.below(4000))),
    ];
    if chance.in_hundred(50) {
        tags.push(("contact", format!("{}@mail.example", chance.one_of(OWNERS))));
    }
    if chance.in_hundred(45) {
        tags.push(("stack", format!("{}-stack-{}", chance.one_of(NOUNS), chance.hex(10))));
    }
    if chance.in_hundred(35) {
        tags.push(("sensitivity", chance.one_of(&["low", "medium", "high"]).to_owned()));
    }
    if chance.in_hundred(15) {
        // What a reader must unescape, and what is longer in bytes than in letters.
        let noun = chance.one_of(NOUNS);
        tags.push(("remark", format!("the \"{noun}\" list \\ caf\u{e9} \u{2013} n\u{ba} 7")));
    }
    tags
}

fn arn(setting: &Setting, service: &str, rest: &str) -> String {
    format!("arn:aws:{service}:{}:{}:{rest}", setting.region, setting.account)
}

/// A policy document of these statements.
fn document(statements: Vec<Json>) -> Json {
    object!["Version" => "2012-10-17", "Statement" => statements]
}

/// Who may assume a role.
fn trust(service: &str) -> Json {
    document(vec![object![
        "Effect" => "Allow",
        "Principal" => object!["Service" => list![service]],
        "Action" => "sts:AssumeRole",
    ]])
}
