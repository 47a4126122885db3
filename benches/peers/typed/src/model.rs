//! What the controls read of each type, and nothing more.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// Text that is borrowed where nothing in it is escaped: within an `Option` or a `Vec` a bare `Cow` never is.
#[derive(Deserialize)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Block {
    #[serde(rename = "BlockPublicAcls")]
    pub acls: bool,
    #[serde(rename = "BlockPublicPolicy")]
    pub policy: bool,
    #[serde(rename = "IgnorePublicAcls")]
    pub ignore: bool,
    #[serde(rename = "RestrictPublicBuckets")]
    pub restrict: bool,
}

#[derive(Deserialize)]
struct Algorithm {
    #[serde(rename = "SSEAlgorithm")]
    algorithm: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Encryption {
    #[serde(rename = "ServerSideEncryptionByDefault")]
    default: Option<Algorithm>,
}

#[derive(Deserialize)]
struct Encryptions {
    #[serde(rename = "ServerSideEncryptionConfiguration", default)]
    all: Vec<Encryption>,
}

#[derive(Deserialize)]
pub struct Bucket {
    #[serde(rename = "PublicAccessBlockConfiguration")]
    pub block: Option<Block>,
    #[serde(rename = "BucketEncryption")]
    encryption: Option<Encryptions>,
}

impl Bucket {
    pub fn is_encrypted(&self) -> bool {
        let mut all = self.encryption.iter().flat_map(|encryption| &encryption.all);
        all.any(|it| it.default.as_ref().is_some_and(|default| default.algorithm.is_some()))
    }
}

#[derive(Deserialize)]
pub struct Rule<'a> {
    #[serde(rename = "IpProtocol", borrow)]
    pub protocol: Option<Text<'a>>,
    #[serde(rename = "CidrIp", borrow)]
    pub range: Option<Text<'a>>,
    #[serde(rename = "CidrIpv6", borrow)]
    pub range_6: Option<Text<'a>>,
    #[serde(rename = "FromPort")]
    pub first: Option<i64>,
    #[serde(rename = "ToPort")]
    pub last: Option<i64>,
}

#[derive(Deserialize)]
pub struct Group<'a> {
    #[serde(rename = "SecurityGroupIngress", borrow, default)]
    pub rules: Vec<Rule<'a>>,
}

#[derive(Deserialize)]
pub struct Volume {
    #[serde(rename = "Encrypted", default)]
    pub encrypted: bool,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(rename = "HttpTokens", borrow)]
    tokens: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct Instance<'a> {
    #[serde(rename = "MetadataOptions", borrow)]
    metadata: Option<Metadata<'a>>,
    #[serde(rename = "SecurityGroupIds", borrow, default)]
    pub groups: Vec<Text<'a>>,
}

impl Instance<'_> {
    pub fn wants_tokens(&self) -> bool {
        let tokens = self.metadata.as_ref().and_then(|metadata| metadata.tokens.as_ref());
        tokens.is_some_and(|tokens| tokens.0 == "required")
    }
}

#[derive(Deserialize)]
pub struct Database {
    #[serde(rename = "StorageEncrypted", default)]
    pub encrypted: bool,
    #[serde(rename = "MultiAZ", default)]
    pub doubled: bool,
    #[serde(rename = "PubliclyAccessible")]
    pub public: Option<bool>,
}

/// One text, or several.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Texts<'a> {
    One(#[serde(borrow)] Text<'a>),
    Several(#[serde(borrow)] Vec<Text<'a>>),
    /// What is not asked for there.
    Neither(IgnoredAny),
}

impl Texts<'_> {
    /// Whether `*` is among them.
    pub fn any(&self) -> bool {
        match self {
            Self::One(text) => text.0 == "*",
            Self::Several(texts) => texts.iter().any(|text| text.0 == "*"),
            Self::Neither(_) => false,
        }
    }
}

#[derive(Deserialize)]
pub struct Statement<'a> {
    #[serde(rename = "Effect", borrow)]
    pub effect: Text<'a>,
    #[serde(rename = "Action", borrow)]
    pub actions: Texts<'a>,
    #[serde(rename = "Resource", borrow)]
    pub resources: Texts<'a>,
}

#[derive(Deserialize)]
pub struct Document<'a> {
    #[serde(rename = "Statement", borrow)]
    pub statements: Vec<Statement<'a>>,
}

#[derive(Deserialize)]
pub struct Policy<'a> {
    #[serde(rename = "PolicyDocument", borrow)]
    pub document: Document<'a>,
}

#[derive(Deserialize)]
pub struct Identity<'a> {
    #[serde(rename = "Policies", borrow, default)]
    pub policies: Vec<Policy<'a>>,
}

#[derive(Deserialize)]
pub struct Function<'a> {
    #[serde(rename = "Runtime", borrow)]
    pub runtime: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct Key<'a> {
    #[serde(rename = "KeySpec", borrow)]
    pub spec: Option<Text<'a>>,
    #[serde(rename = "EnableKeyRotation", default)]
    pub rotates: bool,
}

#[derive(Deserialize)]
pub struct Trail {
    #[serde(rename = "IsMultiRegionTrail", default)]
    pub everywhere: bool,
    #[serde(rename = "EnableLogFileValidation", default)]
    pub validated: bool,
}

#[derive(Deserialize)]
struct Attribute<'a> {
    #[serde(rename = "Key", borrow)]
    key: Option<Text<'a>>,
    #[serde(rename = "Value", borrow)]
    value: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct Balancer<'a> {
    #[serde(rename = "LoadBalancerAttributes", borrow, default)]
    attributes: Vec<Attribute<'a>>,
}

impl Balancer<'_> {
    pub fn logs(&self) -> bool {
        let is = |text: &Option<Text<'_>>, wanted| text.as_ref().is_some_and(|it| it.0 == wanted);
        let mut all = self.attributes.iter();
        all.any(|it| is(&it.key, "access_logs.s3.enabled") && is(&it.value, "true"))
    }
}

#[derive(Deserialize)]
pub struct Recovery {
    #[serde(rename = "PointInTimeRecoveryEnabled", default)]
    pub on: bool,
}

#[derive(Deserialize)]
pub struct Table {
    #[serde(rename = "PointInTimeRecoverySpecification")]
    pub recovery: Option<Recovery>,
}

/// The properties of a resource, by its type.
pub enum Subject<'a> {
    Bucket(Bucket),
    Group(Group<'a>),
    Volume(Volume),
    Instance(Instance<'a>),
    Database(Database),
    Identity(Identity<'a>),
    Function(Function<'a>),
    Key(Key<'a>),
    Trail(Trail),
    Balancer(Balancer<'a>),
    Table(Table),
    Other,
}

pub struct Resource<'a> {
    pub id: Cow<'a, str>,
    pub subject: Subject<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Resource<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(std::marker::PhantomData))
    }
}

/// Reads the properties in one pass, which takes a `type` that comes before them.
struct Members<'a>(std::marker::PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Members<'a> {
    type Value = Resource<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resource<'a>, A::Error> {
        let (mut kind, mut id, mut subject) = (None, None, None);
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "type" => kind = Some(map.next_value::<Text<'de>>()?.0),
                "id" => id = Some(map.next_value::<Text<'de>>()?.0),
                "properties" => {
                    let kind = kind.as_deref().ok_or_else(|| Error::missing_field("type"))?;
                    subject = Some(properties(kind, &mut map)?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let id = id.ok_or_else(|| Error::missing_field("id"))?;
        Ok(Resource { id, subject: subject.unwrap_or(Subject::Other) })
    }
}

fn properties<'de, A: MapAccess<'de>>(kind: &str, map: &mut A) -> Result<Subject<'de>, A::Error> {
    Ok(match kind {
        "AWS::S3::Bucket" => Subject::Bucket(map.next_value()?),
        "AWS::EC2::SecurityGroup" => Subject::Group(map.next_value()?),
        "AWS::EC2::Volume" => Subject::Volume(map.next_value()?),
        "AWS::EC2::Instance" => Subject::Instance(map.next_value()?),
        "AWS::RDS::DBInstance" => Subject::Database(map.next_value()?),
        "AWS::IAM::Role" | "AWS::IAM::User" => Subject::Identity(map.next_value()?),
        "AWS::Lambda::Function" => Subject::Function(map.next_value()?),
        "AWS::KMS::Key" => Subject::Key(map.next_value()?),
        "AWS::CloudTrail::Trail" => Subject::Trail(map.next_value()?),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => Subject::Balancer(map.next_value()?),
        "AWS::DynamoDB::Table" => Subject::Table(map.next_value()?),
        _ => {
            map.next_value::<IgnoredAny>()?;
            Subject::Other
        }
    })
}
