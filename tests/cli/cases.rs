//! What a template leaves open is decided case by case: the same as with each value given.

use assize::assess::{Assessment, Verdict};
use assize::engine::{Engine, library};

/// Volumes that hang on two parameters with allowed values, one that is only compared, and the region.
const TEMPLATE: &str = r#"
Parameters:
  Environment: { Type: String, AllowedValues: [dev, test, prod] }
  Encrypt: { Type: String, AllowedValues: ["true", "false"] }
  Size: { Type: String, MinLength: 1 }
  Secret: { Type: String, NoEcho: true, AllowedValues: ["true", "false"] }
  Zones: { Type: CommaDelimitedList, AllowedValues: [a, b] }
Conditions:
  IsProd: !Equals [!Ref Environment, prod]
  IsLarge: !Or [!Equals [large, Ref: Size], !Equals [!Ref Size, huge], !Equals [!Ref Size, ""]]
  InHome: !Equals [!Ref "AWS::Region", eu-central-1]
  Never: !And [!Condition IsProd, !Equals [!Ref Environment, dev]]
  Hidden: !Equals [!Ref Secret, "true"]
Resources:
  ProdOnly: { Type: AWS::EC2::Volume, Properties: { Encrypted: !If [IsProd, true, false] } }
  Both: { Type: AWS::EC2::Volume, Condition: IsProd, Properties: { Encrypted: !Ref Encrypt } }
  Mixed: { Type: AWS::EC2::Volume, Properties: { Encrypted: !If [IsLarge, true, !Ref Encrypt] } }
  Well: { Type: AWS::EC2::Volume, Condition: IsProd, Properties: { Encrypted: !If [IsProd, true, false] } }
  Home: { Type: AWS::EC2::Volume, Condition: InHome, Properties: { Encrypted: false } }
  Always: { Type: AWS::EC2::Volume, Properties: { Encrypted: !If [IsProd, false, "false"] } }
  Nested: { Type: AWS::EC2::Volume, Properties: { Encrypted: !If [IsProd, true, !If [IsLarge, true, false]] } }
  Gone: { Type: AWS::EC2::Volume, Condition: Never, Properties: { Encrypted: false } }
  Open: { Type: AWS::EC2::Volume, Properties: { Encrypted: !If [Hidden, true, false] } }
  Group: { Type: AWS::EC2::SecurityGroup, Properties: { GroupDescription: x, VpcId: !If [IsProd, vpc-1, vpc-2] } }
"#;

/// A control on volumes alone, and one that looks at another resource.
const POLICY: &str = r#"
control encrypted for volume in AWS::EC2::Volume {
    require volume.Encrypted ?? false else "{volume.id} is in the clear"
}

control in_the_first for volume in AWS::EC2::Volume {
    require any group in AWS::EC2::SecurityGroup: (group.VpcId ?? "") == "vpc-1"
        else "no group is in the first network"
}
"#;

fn assess(parameters: &[(&str, &str)]) -> Assessment {
    let mut engine = Engine::builder().policies(library()).policy("own", POLICY);
    engine = engine.controls(&["encrypted".to_owned(), "in_the_first".to_owned()]);
    let values = parameters.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    engine = engine.parameters(values.collect());
    let engine = engine.now("2026-11-27").unwrap().build().unwrap();
    let mut run = engine.run();
    run.template("t.yaml", TEMPLATE.as_bytes());
    run.finish()
}

/// The verdict on a resource, and what is said.
fn verdict(assessment: &Assessment, control: u32, id: &str) -> Option<(Verdict, String)> {
    let found =
        assessment.outcomes.iter().find(|found| found.control == control && &*found.id == id)?;
    let texts: Vec<&str> = found.messages.iter().map(|message| message.text.as_str()).collect();
    Some((found.verdict, texts.join("; ")))
}

#[test]
fn a_finding_says_when_it_fails() {
    let assessment = assess(&[]);
    let of = |id: &str| verdict(&assessment, 0, id).unwrap();
    for (id, when) in [
        ("ProdOnly", " (where Environment is \"dev\" or \"test\")"),
        ("Both", " (where Encrypt is \"false\" and Environment is \"prod\")"),
        ("Mixed", " (where Encrypt is \"false\" and Size is not \"large\" or \"huge\")"),
        ("Home", " (where AWS::Region is \"eu-central-1\")"),
        ("Always", ""),
        (
            "Nested",
            " (where Environment is \"dev\" or \"test\" and Size is not \"large\" or \"huge\")",
        ),
    ] {
        assert_eq!(of(id), (Verdict::Fail, format!("{id} is in the clear{when}")));
    }
    assert_eq!(of("Well"), (Verdict::Pass, String::new()));
    assert_eq!(of("Gone"), (Verdict::NotApplicable, String::new()));
    // A secret is not guessed.
    assert_eq!(of("Open").0, Verdict::Unknown);
    let (joined, text) = verdict(&assessment, 1, "Always").unwrap();
    assert_eq!(joined, Verdict::Fail);
    assert!(text.ends_with("(where Environment is \"dev\" or \"test\")"), "{text}");
    assert_eq!(verdict(&assessment, 1, "Well").unwrap().0, Verdict::Pass);
}

/// Pass: in every case. Fail: in some case.
#[test]
fn what_is_decided_holds_with_each_value() {
    let open = assess(&[]);
    let mut failing = std::collections::BTreeSet::new();
    for environment in ["dev", "test", "prod"] {
        for encrypt in ["true", "false"] {
            for size in ["large", "huge", "small"] {
                let values = [("Environment", environment), ("Encrypt", encrypt), ("Size", size)];
                for found in assess(&values).outcomes {
                    let known = verdict(&open, found.control, &found.id).unwrap().0;
                    let at = format!("{} {} {values:?}", found.control, found.id);
                    match found.verdict {
                        Verdict::Fail => {
                            assert_eq!(known, Verdict::Fail, "{at}");
                            failing.insert((found.control, found.id.to_string()));
                        }
                        Verdict::Pass => assert_ne!(known, Verdict::NotApplicable, "{at}"),
                        _ => {}
                    }
                }
            }
        }
    }
    for found in &open.outcomes {
        // The region cannot be given.
        if found.verdict == Verdict::Fail && &*found.id != "Home" {
            assert!(failing.contains(&(found.control, found.id.to_string())), "{}", found.id);
        }
    }
}

#[test]
fn too_many_cases_stay_open() {
    let many: Vec<String> = (0..17).map(|n| n.to_string()).collect();
    let text = format!(
        "Parameters:\n  A: {{ Type: String, AllowedValues: [{0}] }}\n  B: {{ Type: String, AllowedValues: [{0}] }}\n\
         Conditions:\n  Same: !Equals [!Ref A, !Ref B]\n\
         Resources:\n  V: {{ Type: AWS::EC2::Volume, Properties: {{ Encrypted: !If [Same, true, false] }} }}\n",
        many.join(", ")
    );
    let engine = Engine::builder().policies(library()).policy("own", POLICY);
    let engine = engine.controls(&["encrypted".to_owned()]).now("2026-11-27").unwrap();
    let engine = engine.build().unwrap();
    let mut run = engine.run();
    run.template("t.yaml", text.as_bytes());
    assert_eq!(run.finish().outcomes[0].verdict, Verdict::Unknown);
}

/// A template in which a parameter is open, with this besides; what a control says that wants no group to be there.
fn of_groups(parameter: &str, more: &str) -> Verdict {
    let text = format!(
        "Parameters: {{ E: {parameter} }}\nConditions: {{ P: !Equals [!Ref E, prod] }}\nResources:\n  \
         V: {{ Type: AWS::EC2::Volume, Properties: {{ Encrypted: !If [P, true, \"true\"] }} }}\n{more}"
    );
    let policy = "control closed for v in AWS::EC2::Volume {\n    require v.Encrypted ?? false\n    \
        require none g in AWS::EC2::SecurityGroup: g.GroupDescription == \"x\"\n}\n";
    let engine = Engine::builder().policies(library()).policy("own", policy);
    let engine = engine.controls(&["closed".to_owned()]).now("2026-11-27").unwrap();
    let engine = engine.build().unwrap();
    let mut run = engine.run();
    run.template("t.yaml", text.as_bytes());
    run.finish().outcomes[0].verdict
}

/// What a template hides is hidden in every case, whether or not the control reads what hides it.
#[test]
fn what_is_hidden_stays_hidden() {
    let allowed = "{ Type: String, AllowedValues: [dev, prod] }";
    assert_eq!(of_groups(allowed, ""), Verdict::Pass);
    for more in [
        "  X: { Type: Custom::Maker }\n",
        "  X: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: u } }\n",
        "  X: { Type: AWS::SQS::Queue, Properties: { Fn::Transform: { Name: M } } }\nTransform: Macro\n",
    ] {
        assert_eq!(of_groups(allowed, more), Verdict::Unknown, "{more}");
    }
}

/// A list of allowed values with something in it that is none says nothing.
#[test]
fn what_is_allowed_must_be_values() {
    let fails_besides = |values: &str| {
        let text = format!(
            "Parameters: {{ E: {{ Type: String, AllowedValues: {values} }} }}\n\
             Resources: {{ V: {{ Type: AWS::EC2::Volume, Properties: {{ Encrypted: !Ref E }} }} }}\n"
        );
        let engine = Engine::builder().policies(library()).policy("own", POLICY);
        let engine = engine.controls(&["encrypted".to_owned()]).now("2026-11-27").unwrap();
        let engine = engine.build().unwrap();
        let mut run = engine.run();
        run.template("t.yaml", text.as_bytes());
        run.finish().outcomes[0].verdict
    };
    assert_eq!(fails_besides("[true]"), Verdict::Pass);
    for values in
        ["[true, !Ref X]", "[true, [false]]", "[true, { Ref: X }]", "[true, null]", "true"]
    {
        assert_eq!(fails_besides(values), Verdict::Unknown, "{values}");
    }
}
