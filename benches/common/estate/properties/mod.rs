//! The properties of each type.

mod access;
mod compute;
mod storage;

use super::chance::Chance;
use super::json::{Json, list, object};
use super::{NOUNS, Setting, arn};

/// The properties of a resource of this type.
pub(super) fn of(chance: &mut Chance, kind: &str, setting: &Setting) -> Json {
    let mut made = match kind {
        "AWS::S3::Bucket" => storage::bucket(chance, setting),
        "AWS::EC2::Volume" => storage::volume(chance, setting),
        "AWS::RDS::DBInstance" => storage::database(chance, setting),
        "AWS::DynamoDB::Table" => storage::table(chance, setting),
        "AWS::EC2::SecurityGroup" => access::group(chance, setting),
        "AWS::IAM::Role" => access::role(chance, setting),
        "AWS::IAM::User" => access::user(chance, setting),
        "AWS::KMS::Key" => access::key(chance, setting),
        "AWS::CloudTrail::Trail" => access::trail(chance, setting),
        "AWS::EC2::Instance" => compute::instance(chance, setting),
        "AWS::Lambda::Function" => compute::function(chance, setting),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => compute::balancer(chance, setting),
        "AWS::SQS::Queue" => queue(chance, setting),
        "AWS::Logs::LogGroup" => log_group(chance, setting),
        _ => subnet(chance, setting),
    };
    made.put("Tags", setting.tags.clone());
    made
}

fn queue(chance: &mut Chance, setting: &Setting) -> Json {
    object![
        "QueueName" => setting.name.as_str(),
        "Arn" => arn(setting, "sqs", &setting.id),
        "DelaySeconds" => chance.below(60),
        "MessageRetentionPeriod" => 1_209_600u64,
        "VisibilityTimeout" => chance.between(30, 900),
        "SqsManagedSseEnabled" => true,
        "RedrivePolicy" => object![
            "deadLetterTargetArn" => arn(setting, "sqs", &format!("{}-dead", setting.name)),
            "maxReceiveCount" => chance.between(3, 12),
        ],
    ]
}

fn log_group(chance: &mut Chance, setting: &Setting) -> Json {
    object![
        "LogGroupName" => format!("/{}/{}", chance.one_of(NOUNS), setting.name),
        "Arn" => arn(setting, "logs", &format!("log-group:{}:*", setting.name)),
        "RetentionInDays" => 365u64,
        "KmsKeyId" => arn(setting, "kms", &format!("key/{}", chance.hex(32))),
        "LogGroupClass" => "STANDARD",
    ]
}

fn subnet(chance: &mut Chance, setting: &Setting) -> Json {
    object![
        "SubnetId" => setting.id.as_str(),
        "VpcId" => format!("vpc-{}", chance.hex(17)),
        "CidrBlock" => format!("10.{}.{}.0/24", chance.below(250), chance.below(250)),
        "AvailabilityZone" => format!("{}a", setting.region),
        "MapPublicIpOnLaunch" => chance.in_hundred(20),
        "Ipv6CidrBlocks" => list![],
    ]
}
