//! Adapters at work: what an item leaves out is not known, and what may be there is judged.

use assize::engine::Engine;
use serde_json::{Value, json};

const POLICY: &str = r#"
resource T::T::T identified by Id {
    Id: String, On: Bool = false, Text: String?, Kept: String?, Refs: [String]? -> T::T::U.Id,
}
resource T::T::U identified by Id { Id: String }
adapter config for T::T::T from item {
    let recorded = item.configuration
    when none mark in recorded.marks: mark == "template"
    set Id = item.resourceId
    set On = recorded.on
    set Text = if recorded.hidden is absent then recorded.text else unknown
    set Refs = [to.id for to in recorded.refs where to.kind == "u"]
}
adapter config for T::T::U from item { set Id = item.resourceId }
control off for t in T::T::T { forbid t.On }
control text for t in T::T::T { require t.Text is absent }
control kept for t in T::T::T { require t.Kept is absent }
control every for t in T::T::T { each to in t.Refs ?? [] { require to == "u" } }
control alone for u in T::T::U { require none t in u <- T::T::T.Refs: true }
"#;

/// What the control says of the items, resource by resource.
fn judge(engine: &Engine, control: &str, configuration: Value) -> String {
    let item = |kind: &str, id: &str, configuration: Value| {
        json!({
            "version": "1.3", "accountId": "111122223333", "awsRegion": "us-east-1",
            "configurationItemCaptureTime": "2026-01-02T00:00:00Z", "configurationItemStatus": "OK",
            "resourceType": kind, "resourceId": id, "configuration": configuration,
        })
        .to_string()
    };
    let text =
        format!("{}\n{}", item("T::T::T", "t", configuration), item("T::T::U", "u", json!({})));
    let mut run = engine.run();
    run.config("items", text.as_bytes());
    let assessment = run.finish();
    let of = |number: u32| &engine.program.controls[number as usize].name;
    let findings = assessment.outcomes.iter().filter(|found| **of(found.control) == *control);
    findings.map(|finding| finding.verdict.name()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_an_item_leaves_out_is_not_known() {
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().expect("the policy is sound");
    let refs = |refs: Value| json!({ "marks": [], "refs": refs });
    for (control, configuration, wanted) in [
        // The schema's default is what a template means, not what an account has.
        ("off", json!({ "marks": [], "on": false }), "pass"),
        ("off", json!({ "marks": [], "on": true }), "fail"),
        ("off", json!({ "marks": [], "on": null }), "unknown"),
        ("off", json!({ "marks": [] }), "unknown"),
        // Only an optional property that the adapter sets is absent where the item leaves it out.
        ("text", json!({ "marks": [] }), "pass"),
        ("text", json!({ "marks": [], "text": "x" }), "fail"),
        ("text", json!({ "marks": [], "hidden": true }), "unknown"),
        ("text", json!({ "marks": [], "text": { "a": 1 } }), "error"),
        ("kept", json!({ "marks": [] }), "unknown"),
        // Whether there is such a resource may be open: it is judged all the same.
        ("text", json!({}), "pass"),
        ("text", json!({ "text": "x" }), "fail"),
        ("text", json!({ "marks": ["template"], "text": "x" }), ""),
        // References in lists that the item leaves out, wholly or in part.
        ("alone", refs(json!([])), "pass"),
        ("alone", refs(json!([{ "id": "u", "kind": "u" }])), "fail"),
        ("alone", refs(json!([{ "id": "u", "kind": "x" }])), "pass"),
        ("alone", refs(json!([{ "id": "v", "kind": "u" }])), "pass"),
        ("alone", refs(Value::Null), "unknown"),
        ("alone", json!({ "refs": [{ "id": "u", "kind": "u" }] }), "unknown"),
        ("every", refs(json!([{ "id": "u", "kind": "u" }])), "pass"),
        ("every", refs(json!([{ "id": "v", "kind": "u" }])), "fail"),
        ("every", refs(json!([])), "pass"),
        ("every", refs(Value::Null), "unknown"),
    ] {
        let shown = format!("{control} {configuration}");
        assert_eq!(judge(&engine, control, configuration), wanted, "{shown}");
    }
}
