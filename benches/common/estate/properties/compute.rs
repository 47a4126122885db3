//! What runs, and what stands before it.

use super::super::chance::Chance;
use super::super::json::{Json, object};
use super::super::{NOUNS, STAGES, Setting, any_group, arn};
use super::list;

const CURRENT: &[&str] =
    &["python3.12", "python3.13", "nodejs22.x", "java21", "dotnet8", "provided.al2023"];
const RETIRED: &[&str] = &["python3.7", "python2.7", "nodejs12.x", "go1.x", "ruby2.5"];

pub(super) fn instance(chance: &mut Chance, setting: &Setting) -> Json {
    let address = format!("10.{}.{}.{}", chance.below(250), chance.below(250), chance.below(250));
    let script = chance.between(80, 900) as usize;
    let mut made = object![
        "InstanceId" => setting.id.as_str(),
        "InstanceType" => chance.one_of(&["t4g.small", "m7g.large", "c7i.xlarge", "r7i.2xlarge"]),
        "ImageId" => format!("ami-{}", chance.hex(17)),
        "AvailabilityZone" => format!("{}{}", setting.region, chance.one_of(&["a", "b", "c"])),
        "VpcId" => format!("vpc-{}", chance.hex(17)),
        "SubnetId" => format!("subnet-{}", chance.hex(17)),
        "PrivateIpAddress" => address,
        "EbsOptimized" => chance.in_hundred(80),
        "Monitoring" => chance.in_hundred(40),
        "IamInstanceProfile" => format!("{}-profile", setting.name),
        "KeyName" => format!("{}-key", chance.one_of(NOUNS)),
        "BlockDeviceMappings" => chance.several(1, 3, disk),
        "CpuOptions" => object!["CoreCount" => chance.between(1, 16), "ThreadsPerCore" => 2u64],
        "UserData" => chance.blob(script),
        "SecurityGroupIds" => chance.several(1, 3, |chance, _| any_group(chance, setting).into()),
    ];
    let tokens = match (setting.bad, chance.in_hundred(50)) {
        (true, true) => return made,
        (bad, _) => {
            if bad {
                "optional"
            } else {
                "required"
            }
        }
    };
    made.put(
        "MetadataOptions",
        object![
            "HttpEndpoint" => "enabled",
            "HttpTokens" => tokens,
            "HttpPutResponseHopLimit" => chance.between(1, 2),
            "InstanceMetadataTags" => "disabled",
        ],
    );
    made
}

fn disk(chance: &mut Chance, at: u64) -> Json {
    let letter = char::from(b'a' + at as u8);
    object![
        "DeviceName" => format!("/dev/sd{letter}"),
        "Ebs" => object![
            "VolumeType" => "gp3",
            "VolumeSize" => chance.between(8, 900),
            "Encrypted" => true,
            "DeleteOnTermination" => at == 0,
            "Iops" => 3000u64,
        ],
    ]
}

pub(super) fn function(chance: &mut Chance, setting: &Setting) -> Json {
    let subnet = |chance: &mut Chance| format!("subnet-{}", chance.hex(17));
    let layer = format!("layer:{}:{}", chance.one_of(NOUNS), chance.between(1, 60));
    let variables = object![
        "STAGE" => chance.one_of(STAGES),
        "TABLE" => format!("{}-table", chance.one_of(NOUNS)),
        "TARGET" => format!("https://{}.internal.example/v2", chance.one_of(NOUNS)),
        "SWITCHES" => format!("{{\"sample\":{},\"trace\":true}}", chance.below(100)),
        "LEVEL" => "warning",
    ];
    object![
        "FunctionName" => setting.name.as_str(),
        "Arn" => arn(setting, "lambda", &format!("function:{}", setting.id)),
        "Runtime" => chance.one_of(if setting.bad { RETIRED } else { CURRENT }),
        "Handler" => "main.handle",
        "Role" => format!("arn:aws:iam::{}:role/{}", setting.account, chance.one_of(NOUNS)),
        "Description" => format!("moves the \"{}\"\nof {}", chance.one_of(NOUNS), setting.name),
        "MemorySize" => chance.between(128, 4096),
        "Timeout" => chance.between(2, 600),
        "Code" => object![
            "S3Bucket" => format!("builds-{}", setting.account),
            "S3Key" => format!("{}/{}.zip", setting.name, chance.hex(40)),
        ],
        "Environment" => object!["Variables" => variables],
        "VpcConfig" => object![
            "SecurityGroupIds" => list![any_group(chance, setting)],
            "SubnetIds" => list![subnet(chance), subnet(chance)],
        ],
        "TracingConfig" => object!["Mode" => "Active"],
        "Architectures" => list!["arm64"],
        "Layers" => list![arn(setting, "lambda", &layer)],
    ]
}

pub(super) fn balancer(chance: &mut Chance, setting: &Setting) -> Json {
    let attribute = |key: &str, value: &str| object!["Key" => key, "Value" => value];
    let mut attributes = vec![
        attribute("idle_timeout.timeout_seconds", "90"),
        attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
        attribute("deletion_protection.enabled", "true"),
    ];
    match (setting.bad, chance.in_hundred(50)) {
        (true, true) => {}
        (true, false) => attributes.push(attribute("access_logs.s3.enabled", "false")),
        (false, _) => {
            attributes.insert(1, attribute("access_logs.s3.enabled", "true"));
            let bucket = format!("requests-{}", setting.account);
            attributes.push(attribute("access_logs.s3.bucket", &bucket));
        }
    }
    let own = format!("loadbalancer/app/{}/{}", setting.name, chance.hex(16));
    object![
        "LoadBalancerName" => setting.name.as_str(),
        "LoadBalancerArn" => arn(setting, "elasticloadbalancing", &own),
        "DNSName" => format!("{}-{}.{}.lb.example", setting.name, chance.below(1_000_000_000), setting.region),
        "Scheme" => chance.one_of(&["internet-facing", "internal"]),
        "Type" => "application",
        "IpAddressType" => "dualstack",
        "SecurityGroups" => list![any_group(chance, setting)],
        "Subnets" => chance.several(2, 3, |chance, _| format!("subnet-{}", chance.hex(17)).into()),
        "LoadBalancerAttributes" => attributes,
    ]
}
