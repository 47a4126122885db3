//! Who may do what, and who watches.

use super::super::chance::Chance;
use super::super::json::{Json, object};
use super::super::{NOUNS, OWNERS, Setting, any_group, arn, document, trust};
use super::list;

pub(super) fn group(chance: &mut Chance, setting: &Setting) -> Json {
    let mut rules = chance.several(2, 9, |chance, _| closed(chance, setting));
    if setting.bad {
        let at = chance.below(rules.len() as u64 + 1) as usize;
        rules.insert(at, open(chance));
    }
    object![
        "GroupId" => setting.id.as_str(),
        "GroupName" => setting.name.as_str(),
        "GroupDescription" => format!("{} of {}", chance.one_of(NOUNS), chance.one_of(OWNERS)),
        "VpcId" => format!("vpc-{}", chance.hex(17)),
        "SecurityGroupIngress" => rules,
        "SecurityGroupEgress" => list![
            object!["IpProtocol" => "-1", "CidrIp" => "0.0.0.0/0", "Description" => "outward"],
        ],
    ]
}

/// A rule that lets in nobody from the world, or only to a port that is meant for it.
fn closed(chance: &mut Chance, setting: &Setting) -> Json {
    const PORTS: &[u64] = &[443, 2049, 3306, 5432, 6379, 8443, 9093];
    let port = PORTS[chance.below(7) as usize];
    let span = |first: u64, last: u64| object!["IpProtocol" => "tcp", "FromPort" => first, "ToPort" => last];
    match chance.below(4) {
        0 => {
            let mut rule = span(22, 22);
            rule.put("CidrIp", format!("10.{}.0.0/16", chance.below(250)));
            rule.put("Description", "administrators");
            rule
        }
        1 => {
            let mut rule = span(443, 443);
            rule.put("CidrIp", "0.0.0.0/0");
            rule.put("Description", "the public site");
            rule
        }
        2 => {
            let mut rule = span(port, port + chance.below(4));
            rule.put("CidrIp", format!("10.{}.{}.0/24", chance.below(250), chance.below(250)));
            rule.put("Description", format!("the \"{}\" network", chance.one_of(NOUNS)));
            rule
        }
        _ => {
            let mut rule = span(port, port);
            rule.put("SourceSecurityGroupId", any_group(chance, setting));
            rule.put("SourceSecurityGroupOwnerId", setting.account.as_str());
            rule.put("Description", format!("from {}", chance.one_of(NOUNS)));
            rule
        }
    }
}

/// A rule by which the world reaches a port of administrators; three of the five reach 22.
fn open(chance: &mut Chance) -> Json {
    let world = "0.0.0.0/0";
    let span = |first: u64, last: u64| object!["IpProtocol" => "tcp", "FromPort" => first, "ToPort" => last];
    let mut rule = match chance.below(5) {
        0 => object!["IpProtocol" => "-1"],
        1 => span(22, 22),
        2 => span(20, 1023),
        3 => span(3389, 3389),
        _ => {
            let mut rule = span(3300, 3400);
            rule.put("CidrIpv6", "::/0");
            return rule;
        }
    };
    rule.put("CidrIp", world);
    rule
}

pub(super) fn role(chance: &mut Chance, setting: &Setting) -> Json {
    let service =
        chance.one_of(&["lambda.amazonaws.com", "ec2.amazonaws.com", "states.amazonaws.com"]);
    object![
        "RoleName" => setting.name.as_str(),
        "Arn" => format!("arn:aws:iam::{}:role/{}", setting.account, setting.id),
        "Path" => "/workloads/",
        "MaxSessionDuration" => 7200u64,
        "AssumeRolePolicyDocument" => trust(service),
        "ManagedPolicyArns" => list!["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"],
        "Policies" => policies(chance, setting),
    ]
}

pub(super) fn user(chance: &mut Chance, setting: &Setting) -> Json {
    object![
        "UserName" => setting.name.as_str(),
        "Arn" => format!("arn:aws:iam::{}:user/{}", setting.account, setting.id),
        "Path" => "/people/",
        "Groups" => list![chance.one_of(OWNERS)],
        "Policies" => policies(chance, setting),
    ]
}

fn policies(chance: &mut Chance, setting: &Setting) -> Vec<Json> {
    let count = chance.between(1, 3);
    let wrong = if setting.bad { chance.below(count) } else { count };
    let policy = |chance: &mut Chance, at: u64| {
        let mut statements = chance.several(1, 4, |chance, at| statement(chance, setting, at));
        if at == wrong {
            statements.push(everything(chance));
        } else if chance.in_hundred(10) {
            statements.push(object![
                "Effect" => "Deny",
                "Action" => "*",
                "Resource" => "*",
                "Condition" => object!["Bool" => object!["aws:SecureTransport" => "false"]],
            ]);
        }
        object![
            "PolicyName" => format!("{}-{at}", chance.one_of(NOUNS)),
            "PolicyDocument" => document(statements),
        ]
    };
    (0..count).map(|at| policy(chance, at)).collect()
}

/// A statement that leaves something out.
fn statement(chance: &mut Chance, setting: &Setting, at: u64) -> Json {
    let noun = chance.one_of(NOUNS);
    let (action, resource): (Json, Json) = match chance.below(4) {
        0 => (
            list!["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            list![format!("arn:aws:s3:::{noun}-{}/*", setting.account)],
        ),
        1 => (
            list!["dynamodb:Query", "dynamodb:UpdateItem"],
            arn(setting, "dynamodb", &format!("table/{noun}")).into(),
        ),
        2 => ("*".into(), arn(setting, "sns", noun).into()),
        _ => ("cloudwatch:PutMetricData".into(), "*".into()),
    };
    let mut made = object![
        "Sid" => format!("{noun}{at}"),
        "Effect" => "Allow",
        "Action" => action,
        "Resource" => resource,
    ];
    if chance.in_hundred(25) {
        let account = object!["aws:SourceAccount" => setting.account.as_str()];
        made.put("Condition", object!["StringEquals" => account]);
    }
    made
}

/// A statement that leaves nothing out, in the ways in which it is written.
fn everything(chance: &mut Chance) -> Json {
    let (action, resource): (Json, Json) = match chance.below(3) {
        0 => ("*".into(), "*".into()),
        1 => (list!["sts:GetCallerIdentity", "*"], "*".into()),
        _ => (list!["*"], list!["*"]),
    };
    object!["Effect" => "Allow", "Action" => action, "Resource" => resource]
}

pub(super) fn key(chance: &mut Chance, setting: &Setting) -> Json {
    let root = format!("arn:aws:iam::{}:root", setting.account);
    let role = format!("arn:aws:iam::{}:role/{}", setting.account, chance.one_of(NOUNS));
    let uses = list!["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"];
    let statement = |who: String, what: Json| {
        object![
            "Effect" => "Allow",
            "Principal" => object!["AWS" => who],
            "Action" => what,
            "Resource" => "*",
        ]
    };
    let policy = document(vec![statement(root, "kms:*".into()), statement(role, uses)]);
    let mut made = object![
        "KeyId" => setting.id.as_str(),
        "Arn" => arn(setting, "kms", &format!("key/{}", setting.id)),
        "Description" => format!("for the {} of {}", chance.one_of(NOUNS), setting.name),
        "Enabled" => true,
        "KeySpec" => "SYMMETRIC_DEFAULT",
        "KeyUsage" => "ENCRYPT_DECRYPT",
        "MultiRegion" => chance.in_hundred(25),
        "PendingWindowInDays" => 21u64,
        "KeyPolicy" => policy,
    ];
    match (setting.bad, chance.in_hundred(50)) {
        (true, true) => {}
        (bad, _) => made.put("EnableKeyRotation", !bad),
    }
    made
}

pub(super) fn trail(chance: &mut Chance, setting: &Setting) -> Json {
    let wrong = if setting.bad { chance.below(3) } else { 9 };
    let mut made = object![
        "TrailName" => setting.name.as_str(),
        "Arn" => arn(setting, "cloudtrail", &format!("trail/{}", setting.id)),
        "S3BucketName" => format!("audit-{}", setting.account),
        "IsLogging" => true,
        "IncludeGlobalServiceEvents" => true,
        "IsOrganizationTrail" => chance.in_hundred(40),
        "CloudWatchLogsLogGroupArn" => arn(setting, "logs", "log-group:audit:*"),
        "KMSKeyId" => arn(setting, "kms", &format!("key/{}", chance.hex(32))),
        "EventSelectors" => list![object![
            "ReadWriteType" => "All",
            "IncludeManagementEvents" => true,
            "DataResources" => list![object!["Type" => "AWS::S3::Object", "Values" => list!["arn:aws:s3"]]],
        ]],
        "IsMultiRegionTrail" => wrong != 0,
    ];
    if wrong != 1 {
        made.put("EnableLogFileValidation", wrong != 2);
    }
    made
}
