//! Templates: what their functions, macros and conditions leave open is neither there nor absent.

use assize::engine::Engine;

/// Resources of one's own, and questions that are answered wrongly where something open is taken for there
/// or for absent.
const POLICY: &str = r#"
resource T::T::T identified by Id {
    Id: String?, Text: String?, List: [String]?, Part: Part?, To: String? -> T::T::U.Id,
    All: [String]? -> T::T::U.Id,
}
resource T::T::V identified by Id { Id: String readonly, Note: String readonly }
record Part { Inner: String?, Size: Int? }
resource T::T::U identified by Id { Id: String?, Text: String? }
control present for t in T::T::T { require t.Text is present }
control left_out for t in T::T::T { require t.Text is absent }
control some for t in T::T::T { require count(t.List ?? []) >= 1 }
control inner for t in T::T::T { require t.Part?.Inner is absent }
control size for t in T::T::T { require (t.Part?.Size ?? 0) >= 1 }
control secret for t in T::T::T { require (t.Text ?? "") == "a" }
control tagged for t in T::T::T { require t.tags["a"] is present }
control untagged for t in T::T::T { require t.tags["a"] is absent }
control referred for u in T::T::U { require any t in u <- T::T::T.To: true }
control noted for v in T::T::V { require v.Note is present and v.Id is present }
control differ for t in T::T::T { require (t.Text ?? "") != (t.Id ?? "") }
control follows for t in T::T::T { require any u in t.All -> T::T::U: true }
control alone for u in T::T::U { require none t in T::T::T: t.Text is present }
"#;

/// What becomes of the control, finding by finding, and `incomplete` where the answer is.
fn judge(engine: &Engine, control: &str, template: &str) -> String {
    let mut run = engine.run();
    run.template("t.yaml", template.as_bytes());
    let assessment = run.finish();
    let of = |number: u32| &engine.program.controls[number as usize].name;
    let findings = assessment.outcomes.iter().filter(|found| **of(found.control) == *control);
    let said: Vec<&str> = findings.map(|finding| finding.verdict.name()).collect();
    said.join(" ")
}

/// A template with these `Properties` of a `T::T::T`.
fn with(properties: &str) -> String {
    format!(
        "Parameters: {{ P: {{ Type: String }}, Q: {{ Type: String }}, S: {{ Type: String, NoEcho: true, Default: a }} }}
Conditions: {{ C: !Equals [!Ref P, !Ref Q] }}
Resources:
  U: {{ Type: 'T::T::U', Properties: {{ Id: u }} }}
  V: {{ Type: 'T::T::V' }}
  W: {{ Type: 'T::T::V' }}
  T: {{ Type: 'T::T::T', Properties: {properties} }}
"
    )
}

#[test]
fn what_is_open_is_neither_there_nor_absent() {
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().expect("the policy is sound");
    let none = "!Ref 'AWS::NoValue'";
    for (control, properties, wanted) in [
        // A property that a condition may leave out.
        ("present", format!("{{ Text: !If [C, a, {none}] }}"), "unknown"),
        ("left_out", format!("{{ Text: !If [C, a, {none}] }}"), "unknown"),
        ("present", "{ Text: !If [C, a, b] }".to_owned(), "pass"),
        ("present", format!("{{ Text: !If [C, {none}, {none}] }}"), "fail"),
        // An element that a condition may leave out.
        ("some", format!("{{ List: [!If [C, a, {none}]] }}"), "unknown"),
        ("some", format!("{{ List: [b, !If [C, a, {none}]] }}"), "pass"),
        ("some", format!("{{ List: [{none}] }}"), "fail"),
        // A reference that a condition may leave out.
        ("follows", format!("{{ All: [!If [C, u, {none}]] }}"), "unknown"),
        ("follows", format!("{{ All: [!If [C, !Ref U, {none}]] }}"), "unknown"),
        ("follows", "{ All: [u] }".to_owned(), "pass"),
        ("follows", "{ All: [!Ref U] }".to_owned(), "pass"),
        ("follows", "{ All: [] }".to_owned(), "fail"),
        // What a macro may add.
        ("inner", "{ Part: { 'Fn::Transform': { Name: M }, Size: 1 } }".to_owned(), "unknown"),
        ("inner", "{ Part: { Size: 1 } }".to_owned(), "pass"),
        ("left_out", "{ 'Fn::Transform': { Name: M }, Id: a }".to_owned(), "unknown"),
        // A number with a fraction is none.
        ("size", "{ Part: { Size: 1.5 } }".to_owned(), "error"),
        ("size", "{ Part: { Size: '1.0' } }".to_owned(), "pass"),
        // A secret's default is replaced at deployment.
        ("secret", "{ Text: !Ref S }".to_owned(), "unknown"),
        // What the provider makes: an identifier is another for each resource, any other attribute need not be.
        ("differ", "{ Text: !GetAtt V.Id, Id: !GetAtt W.Id }".to_owned(), "pass"),
        ("differ", "{ Text: !GetAtt V.Note, Id: !GetAtt W.Note }".to_owned(), "unknown"),
        ("differ", "{ Text: !GetAtt V.Note, Id: !GetAtt V.Note }".to_owned(), "fail"),
        // A tag that a condition may leave out, and one whose key is open.
        ("untagged", format!("{{ Tags: [!If [C, {{ Key: a, Value: b }}, {none}]] }}"), "unknown"),
        ("tagged", format!("{{ Tags: [!If [C, {{ Key: a, Value: b }}, {none}]] }}"), "unknown"),
        ("untagged", "{ Tags: [{ Key: !Ref P, Value: b }] }".to_owned(), "unknown"),
        ("untagged", "{ Tags: [{ Key: c, Value: !Ref P }] }".to_owned(), "pass"),
        ("untagged", format!("{{ Tags: {{ a: !If [C, b, {none}] }} }}"), "unknown"),
        ("tagged", "{ Tags: [!Ref P, { Key: a, Value: b }] }".to_owned(), "pass"),
        ("untagged", "{ 'Fn::Transform': { Name: M }, Id: a }".to_owned(), "unknown"),
        ("untagged", format!("{{ Tags: {none} }}"), "pass"),
        ("untagged", "{ Tags: text }".to_owned(), "error"),
    ] {
        assert_eq!(judge(&engine, control, &with(&properties)), wanted, "{control} {properties}");
    }
}

#[test]
fn resources_that_may_not_be_there_are_certain_for_nobody() {
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().expect("the policy is sound");
    let template = |more: &str, resources: &str| {
        format!(
            "Parameters: {{ P: {{ Type: String }}, Q: {{ Type: String }} }}
Conditions: {{ C: !Equals [!Ref P, !Ref Q], N: !Equals [a, b] }}
{more}
Resources:
  U: {{ Type: 'T::T::U', Properties: {{ Id: u }} }}
{resources}
"
        )
    };
    let to = |condition: &str| {
        format!("  T: {{ Type: 'T::T::T', {condition} Properties: {{ To: u, Text: a }} }}")
    };
    let nested = "  N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: u } }";
    for (control, more, resources, wanted) in [
        ("referred", "", to(""), "pass"),
        ("referred", "", to("Condition: C,"), "unknown"),
        ("referred", "", to("Condition: N,"), "fail"),
        ("referred", "", nested.to_owned(), "unknown"),
        ("referred", "Transform: M", String::new(), "unknown"),
        ("referred", "Transform: AWS::LanguageExtensions", String::new(), "fail"),
        ("alone", "", to(""), "fail"),
        ("alone", "", to("Condition: C,"), "unknown"),
        ("alone", "", to("Condition: N,"), "pass"),
        ("alone", "", nested.to_owned(), "unknown"),
        ("alone", "Transform: M", String::new(), "unknown"),
        ("alone", "", "  X: { Type: 'Custom::X' }".to_owned(), "unknown"),
        ("alone", "", "  X: { Type: 'A::B::C::MODULE' }".to_owned(), "unknown"),
    ] {
        let said = judge(&engine, control, &template(more, &resources));
        assert_eq!(said, wanted, "{control} {more} {resources}");
    }
}

/// Two templates are two stacks: a name of one is not looked up in the other.
#[test]
fn templates_do_not_look_into_each_other() {
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().expect("the policy is sound");
    let mut run = engine.run();
    run.template("a.yaml", b"Resources: { U: { Type: 'T::T::U', Properties: { Id: u } } }");
    run.template("b.yaml", b"Resources: { T: { Type: 'T::T::T', Properties: { To: u } } }");
    let assessment = run.finish();
    let referred = assessment.outcomes.iter().find(|found| &*found.id == "U").unwrap();
    assert_eq!(referred.verdict.name(), "fail");
}
