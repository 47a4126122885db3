//! What keeps data.

use super::super::chance::Chance;
use super::super::json::{Json, object};
use super::super::{NOUNS, Setting, any_group, arn};
use super::list;

pub(super) fn bucket(chance: &mut Chance, setting: &Setting) -> Json {
    let mut made = object![
        "BucketName" => setting.id.as_str(),
        "Arn" => format!("arn:aws:s3:::{}", setting.id),
        "DomainName" => format!("{}.s3.{}.example", setting.id, setting.region),
        "VersioningConfiguration" => object!["Status" => chance.one_of(&["Enabled", "Suspended"])],
        "LoggingConfiguration" => object![
            "DestinationBucketName" => format!("access-{}", setting.account),
            "LogFilePrefix" => format!("{}/", setting.name),
        ],
        "OwnershipControls" => object![
            "Rules" => list![object!["ObjectOwnership" => "BucketOwnerEnforced"]],
        ],
        "LifecycleConfiguration" => object!["Rules" => chance.several(1, 4, lifecycle)],
    ];
    // What is wrong, if anything: no block at all, or one of its four switches.
    let wrong = if setting.bad { chance.below(5) } else { 9 };
    if wrong != 4 {
        made.put(
            "PublicAccessBlockConfiguration",
            object![
                "BlockPublicAcls" => wrong != 0,
                "BlockPublicPolicy" => wrong != 1,
                "IgnorePublicAcls" => wrong != 2,
                "RestrictPublicBuckets" => wrong != 3,
            ],
        );
    }
    if chance.in_hundred(91) {
        let default = object![
            "SSEAlgorithm" => chance.one_of(&["aws:kms", "AES256"]),
            "KMSMasterKeyID" => arn(setting, "kms", &format!("key/{}", chance.hex(32))),
        ];
        let rule = object![
            "ServerSideEncryptionByDefault" => default,
            "BucketKeyEnabled" => chance.in_hundred(50),
        ];
        made.put("BucketEncryption", object!["ServerSideEncryptionConfiguration" => list![rule]]);
    }
    made
}

fn lifecycle(chance: &mut Chance, at: u64) -> Json {
    object![
        "Id" => format!("{}-{at}", chance.one_of(NOUNS)),
        "Status" => "Enabled",
        "Prefix" => format!("{}/{}/", chance.one_of(NOUNS), chance.one_of(NOUNS)),
        "Transitions" => list![
            object!["StorageClass" => "STANDARD_IA", "TransitionInDays" => 30 + at],
            object!["StorageClass" => "DEEP_ARCHIVE", "TransitionInDays" => 180 + at],
        ],
        "NoncurrentVersionExpiration" => object!["NoncurrentDays" => chance.between(30, 700)],
        "AbortIncompleteMultipartUpload" => object!["DaysAfterInitiation" => 7u64],
    ]
}

pub(super) fn volume(chance: &mut Chance, setting: &Setting) -> Json {
    let mut made = object![
        "VolumeId" => setting.id.as_str(),
        "AvailabilityZone" => format!("{}{}", setting.region, chance.one_of(&["a", "b", "c"])),
        "VolumeType" => chance.one_of(&["gp3", "io2", "st1"]),
        "Size" => chance.between(4, 4000),
        "Iops" => chance.between(3000, 12_000),
        "Throughput" => 250u64,
        "SnapshotId" => format!("snap-{}", chance.hex(17)),
        "MultiAttachEnabled" => false,
        "AutoEnableIO" => true,
    ];
    match (setting.bad, chance.in_hundred(50)) {
        (true, true) => {}
        (true, false) => made.put("Encrypted", false),
        (false, _) => {
            made.put("Encrypted", true);
            made.put("KmsKeyId", arn(setting, "kms", &format!("key/{}", chance.hex(32))));
        }
    }
    made
}

pub(super) fn database(chance: &mut Chance, setting: &Setting) -> Json {
    let address = format!("{}.{}.{}.db.example", setting.id, chance.hex(12), setting.region);
    let mut made = object![
        "DBInstanceIdentifier" => setting.id.as_str(),
        "DBInstanceArn" => arn(setting, "rds", &format!("db:{}", setting.id)),
        "DBInstanceClass" => chance.one_of(&["db.t4g.large", "db.r7g.xlarge", "db.m7g.2xlarge"]),
        "Engine" => chance.one_of(&["postgres", "mariadb", "mysql"]),
        "EngineVersion" => format!("{}.{}", chance.between(11, 17), chance.below(9)),
        "AllocatedStorage" => chance.between(20, 6000).to_string(),
        "BackupRetentionPeriod" => chance.between(1, 35),
        "PreferredBackupWindow" => "02:10-02:40",
        "PreferredMaintenanceWindow" => "tue:04:00-tue:04:30",
        "AutoMinorVersionUpgrade" => true,
        "DeletionProtection" => chance.in_hundred(75),
        "CopyTagsToSnapshot" => true,
        "EnablePerformanceInsights" => chance.in_hundred(55),
        "EnableCloudwatchLogsExports" => list!["error", "slowquery"],
        "DBSubnetGroupName" => format!("{}-private", setting.name),
        "DBParameterGroupName" => format!("{}-parameters", setting.name),
        "Endpoint" => object!["Address" => address, "Port" => "5432"],
        "VPCSecurityGroups" => list![any_group(chance, setting)],
        "CACertificateIdentifier" => "rds-ca-ecc384-g1",
        "MonitoringInterval" => 30u64,
        "MonitoringRoleArn" => format!("arn:aws:iam::{}:role/watch-databases", setting.account),
    ];
    let wrong = if setting.bad { chance.below(4) } else { 9 };
    if wrong != 0 {
        made.put("StorageEncrypted", wrong != 1);
    }
    made.put("PubliclyAccessible", wrong == 2);
    made.put("MultiAZ", wrong != 3);
    made
}

pub(super) fn table(chance: &mut Chance, setting: &Setting) -> Json {
    let attribute = |name: &str| object!["AttributeName" => name, "AttributeType" => "S"];
    let hash = |name: &str| object!["AttributeName" => name, "KeyType" => "HASH"];
    let mut made = object![
        "TableName" => setting.id.as_str(),
        "Arn" => arn(setting, "dynamodb", &format!("table/{}", setting.id)),
        "BillingMode" => chance.one_of(&["PAY_PER_REQUEST", "PROVISIONED"]),
        "TableClass" => "STANDARD",
        "AttributeDefinitions" => list![attribute("owner"), attribute("at"), attribute("state")],
        "KeySchema" => list![
            hash("owner"),
            object!["AttributeName" => "at", "KeyType" => "RANGE"],
        ],
        "GlobalSecondaryIndexes" => list![object![
            "IndexName" => "by-state",
            "KeySchema" => list![hash("state")],
            "Projection" => object!["ProjectionType" => "KEYS_ONLY"],
        ]],
        "SSESpecification" => object!["SSEEnabled" => true, "SSEType" => "KMS"],
        "StreamSpecification" => object!["StreamViewType" => "NEW_IMAGE"],
    ];
    let recovery = |on: bool| object!["PointInTimeRecoveryEnabled" => on];
    match (setting.bad, chance.in_hundred(50)) {
        (true, true) => {}
        (bad, _) => made.put("PointInTimeRecoverySpecification", recovery(!bad)),
    }
    made
}
