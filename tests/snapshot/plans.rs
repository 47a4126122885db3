//! Terraform: plans and states, and what adapters make of them.

use std::sync::OnceLock;

use assize::engine::guess::{Guess, guess};
use assize::engine::{Engine, library};
use serde_json::{Value, json};

/// A volume, its lock in a resource of its own, and the key that it refers to.
const POLICY: &str = r#"
resource Acme::Disk::Volume identified by Name {
    Name: String?, Size: Int?, Encrypted: Bool = false, Secret: String?, Locked: Bool?, Keys: [String]? -> Acme::Disk::Key.Id,
    Key: String? -> Acme::Disk::Key.Id, Note: String?, Kind: String = "plain",
}
resource Acme::Disk::Key identified by Id { Id: String readonly, Rotated: Bool? }
adapter terraform for Acme::Disk::Volume from r in acme_volume {
    let lock = (r <- acme_lock.volume)[0]
    set Name = r.name
    set Size = r.size
    set Kind = r.kind
    set Encrypted = r.encryption[0].on
    set Secret = r.secret
    set Locked = if lock is absent then absent else lock.on
    set Key = r.key_id
    set Keys = if r.key_ids is absent then absent else [k for k in r.key_ids]
    set Note = if origin(r.note) == "default" then "left" else r.note
}
adapter terraform for Acme::Disk::Key from r in acme_key { set Id = r.id set Rotated = r.rotated }
control size for v in Acme::Disk::Volume { require v.Size == 10 }
control encrypted for v in Acme::Disk::Volume { require v.Encrypted }
control plain for v in Acme::Disk::Volume { require v.Kind == "plain" }
control secret for v in Acme::Disk::Volume { require v.Secret is absent }
control locked for v in Acme::Disk::Volume { require v.Locked is present and v.Locked }
control rotated for v in Acme::Disk::Volume { require any key in v.Key -> Acme::Disk::Key: key.Rotated ?? false }
control all_rotated for v in Acme::Disk::Volume { require all key in v.Keys -> Acme::Disk::Key: key.Rotated ?? false }
control used for k in Acme::Disk::Key { require any v in k <- Acme::Disk::Volume.Key: true }
control note for v in Acme::Disk::Volume { require v.Note == "left" }
"#;

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let built = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap().build();
        built.unwrap_or_else(|refused| panic!("{refused}"))
    })
}

/// What the control says: id and verdict of each finding; what is incomplete.
fn judge_bytes(engine: &Engine, control: &str, bytes: &[u8]) -> String {
    let mut run = engine.run();
    run.terraform("plan", bytes);
    let assessment = run.finish();
    let of = |number: u32| &engine.program.controls[number as usize].name;
    let findings = assessment.outcomes.iter().filter(|found| **of(found.control) == *control);
    let said = findings.map(|found| format!("{} {}", found.id, found.verdict.name()));
    said.chain(assessment.incomplete.clone()).collect::<Vec<_>>().join(", ")
}

fn judge(control: &str, plan: &Value) -> String {
    judge_bytes(engine(), control, plan.to_string().as_bytes())
}

/// An entry of `resource_changes`.
fn change(address: &str, actions: &[&str], after: Value, unknown: Value) -> Value {
    let local = address.rsplit("module.").next().unwrap();
    let kind = local.split('.').find(|part| part.starts_with("acme_") || part.starts_with("aws_"));
    json!({
        "address": address, "mode": "managed", "type": kind.unwrap(), "name": "x",
        "provider_name": "acme",
        "change": { "actions": actions, "before": null, "after": after, "after_unknown": unknown },
    })
}

fn made(address: &str, after: Value, unknown: Value) -> Value {
    change(address, &["create"], after, unknown)
}

fn plan(changes: Vec<Value>, configuration: Value) -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.9.8", "resource_changes": changes,
        "configuration": { "root_module": configuration },
    })
}

/// A resource of a configuration: its attributes, and to what they refer.
fn written(address: &str, references: &[(&str, &[&str])]) -> Value {
    let (kind, name) = address.split_once('.').unwrap();
    let expression = |all: &&[&str]| json!({ "references": all });
    let expressions: serde_json::Map<String, Value> =
        references.iter().map(|(key, all)| ((*key).to_owned(), expression(all))).collect();
    json!({ "mode": "managed", "type": kind, "name": name, "expressions": expressions })
}

#[test]
fn values_are_known_open_or_absent() {
    let judged = |control: &str, after: Value, unknown: Value| {
        judge(control, &plan(vec![made("acme_volume.v", after, unknown)], json!({})))
    };
    for (control, after, unknown, wanted) in [
        ("size", json!({ "size": 10 }), json!({}), "pass"),
        ("size", json!({ "size": 11 }), json!({}), "fail"),
        ("size", json!({}), json!({ "size": true }), "unknown"),
        ("size", json!({ "size": 10 }), json!({ "size": false }), "pass"),
        ("size", json!({ "size": null }), json!({}), "fail"),
        // Whole entries, too.
        ("size", json!({}), json!(true), "unknown"),
        ("size", Value::Null, json!(true), "unknown"),
        // Early plans do not say what is known after apply.
        ("size", json!({ "size": 10 }), Value::Null, "pass"),
        // As the provider has it, a number may stand in a text; what is no number may not.
        ("size", json!({ "size": "10" }), json!({}), "pass"),
        ("size", json!({ "size": "ten" }), json!({}), "error"),
        ("size", json!({ "size": [10] }), json!({}), "error"),
        // In blocks.
        (
            "encrypted",
            json!({ "encryption": [{ "on": true }] }),
            json!({ "encryption": [{}] }),
            "pass",
        ),
        (
            "encrypted",
            json!({ "encryption": [{}] }),
            json!({ "encryption": [{ "on": true }] }),
            "unknown",
        ),
        ("encrypted", json!({}), json!({ "encryption": true }), "unknown"),
        ("encrypted", json!({ "encryption": [] }), json!({}), "fail"),
        ("encrypted", json!({ "encryption": { "on": true } }), json!({}), "error"),
        ("encrypted", json!({ "encryption": true }), json!({}), "error"),
        ("encrypted", json!({ "encryption": [null] }), json!({}), "error"),
        ("encrypted", json!({ "encryption": [{ "on": "yes" }] }), json!({}), "error"),
        // What is left out means the schema's default.
        ("plain", json!({ "kind": null }), json!({}), "pass"),
        ("plain", json!({ "kind": "" }), json!({}), "pass"),
        ("plain", json!({}), json!({ "kind": true }), "unknown"),
    ] {
        let shown = format!("{control} {after} {unknown}");
        assert_eq!(judged(control, after, unknown), format!("acme_volume.v {wanted}"), "{shown}");
    }
}

#[test]
fn what_is_wrong_is_never_well() {
    let base = || made("acme_volume.v", json!({ "size": 10 }), json!({}));
    let with = |pointer: &str, value: Value| {
        let mut change = base();
        *change.pointer_mut(pointer).unwrap() = value;
        judge("size", &plan(vec![change], json!({})))
    };
    for (pointer, value, wanted) in [
        ("/change/after", json!([]), "acme_volume.v error"),
        ("/change/after", Value::Null, "acme_volume.v error"),
        ("/change/after_unknown", json!("all"), "acme_volume.v error"),
        ("/change", Value::Null, "`acme_volume.v` has no `change`"),
        ("/address", json!(7), "a resource has no `address`"),
        ("/type", json!([]), "`acme_volume.v` has no `type`"),
    ] {
        let said = with(pointer, value);
        assert!(said.contains(wanted), "{pointer}: {said}");
    }
    let whole = |edit: &dyn Fn(&mut Value)| {
        let mut plan = plan(vec![base()], json!({}));
        edit(&mut plan);
        judge("size", &plan)
    };
    let said = whole(&|plan| plan["errored"] = json!(true));
    assert!(
        said.contains("acme_volume.v pass, plan:1:") && said.contains("it is not whole"),
        "{said}"
    );
    let said = whole(&|plan| plan["resource_changes"] = json!({}));
    assert!(said.contains("`resource_changes` is no list"), "{said}");
    let said = whole(&|plan| plan["resource_changes"] = json!([7]));
    assert!(said.contains("a resource is no object"), "{said}");
    let said = whole(&|plan| plan["format_version"] = json!("2.0"));
    assert!(said.starts_with("plan:1:") && said.contains("`2.0` is not known"), "{said}");
    let said = whole(&|plan| plan["resource_changes"] = json!([base(), base()]));
    assert_eq!(said, "acme_volume.v error, acme_volume.v error");
    for (text, wanted) in [
        (r#"{"version": 2}"#, "plan:1:13: version `2` of a state file is not known: 3 and 4 are"),
        (r#"{"version": 5, "serial": 1, "lineage": ""}"#, "version `5`"),
        (r#"{"terraform_version": "1.0.0"}"#, "neither `format_version` nor `version`"),
        ("[]", "expected an object"),
        ("", "expected a value"),
    ] {
        let said = judge_bytes(engine(), "size", text.as_bytes());
        assert!(said.contains(wanted), "{text}: {said}");
    }
}

#[test]
fn keys_that_stand_twice_break_their_resource() {
    let text =
        plan(vec![made("acme_volume.v", json!({ "size": 10 }), json!({}))], json!({})).to_string();
    let twice = text.replace("\"size\":10", "\"size\":10,\"size\":11");
    assert_eq!(judge_bytes(engine(), "size", twice.as_bytes()), "acme_volume.v error");
    let twice = text.replace("\"root_module\":{}", "\"root_module\":{},\"root_module\":{}");
    let said = judge_bytes(engine(), "size", twice.as_bytes());
    assert!(
        said.contains("acme_volume.v pass") && said.contains("`root_module` stands twice"),
        "{said}"
    );
}

#[test]
fn a_plan_that_is_cut_off_is_refused_with_its_place() {
    let text =
        plan(vec![made("acme_volume.v", json!({ "size": 10 }), json!({}))], json!({})).to_string();
    for cut in (1..text.len()).step_by(7) {
        let said = judge_bytes(engine(), "size", &text.as_bytes()[..cut]);
        assert!(said.starts_with("plan:1:") && !said.contains("pass"), "{cut}: {said}");
    }
}

#[test]
fn utf_16_is_read_as_windows_writes_it() {
    let text = plan(
        vec![made("acme_volume.v", json!({ "size": 10, "note": "größer" }), json!({}))],
        json!({}),
    );
    let mark = [0xff, 0xfe].into_iter();
    let bytes: Vec<u8> =
        mark.chain(text.to_string().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(guess(&bytes), Guess::Terraform);
    assert_eq!(judge_bytes(engine(), "size", &bytes), "acme_volume.v pass");
}

#[test]
fn actions_say_what_there_will_be() {
    for (actions, wanted) in [
        (&["no-op"][..], "acme_volume.v pass"),
        (&["create"], "acme_volume.v pass"),
        (&["update"], "acme_volume.v pass"),
        (&["delete", "create"], "acme_volume.v pass"),
        (&["create", "delete"], "acme_volume.v pass"),
        (&["read"], "acme_volume.v pass"),
        (&["delete"], "no resources were found in the inputs"),
        (&["forget"], "no resources were found in the inputs"),
        (&[], "acme_volume.v pass"),
    ] {
        let change = change("acme_volume.v", actions, json!({ "size": 10 }), json!({}));
        assert_eq!(judge("size", &plan(vec![change], json!({}))), wanted, "{actions:?}");
    }
    // What is planned and not among the changes is there; what is deleted is not, wherever it stands.
    let values = json!({ "root_module": { "resources": [
        { "address": "acme_volume.v", "mode": "managed", "type": "acme_volume", "name": "v", "values": { "size": 10 } },
        { "address": "acme_volume.w", "mode": "managed", "type": "acme_volume", "name": "w", "values": { "size": 11 } },
        { "address": "data.acme_volume.d", "mode": "data", "type": "acme_volume", "name": "d", "values": {} },
    ], "child_modules": [{ "address": "module.m", "resources": [
        { "address": "module.m.acme_volume.x[0]", "mode": "managed", "type": "acme_volume", "name": "x", "index": 0, "values": {} },
    ] }] } });
    let deleted = change("acme_volume.v", &["delete"], Value::Null, json!({}));
    let mut whole = plan(vec![deleted], json!({}));
    whole["planned_values"] = values.clone();
    // Of what is left out there it is not said whether it is known.
    let wanted = "acme_volume.w fail, module.m.acme_volume.x[0] unknown";
    assert_eq!(judge("size", &whole), wanted);
    let state = json!({ "format_version": "1.0", "values": values });
    let wanted = "acme_volume.v pass, acme_volume.w fail, module.m.acme_volume.x[0] fail";
    assert_eq!(judge("size", &state), wanted);
}

#[test]
fn sensitive_values_are_unknown_and_never_printed() {
    let mut change = made(
        "acme_volume.v",
        json!({ "size": 10, "secret": "hunter2", "encryption": [{ "on": true }] }),
        json!({}),
    );
    for (sensitive, control, wanted) in [
        (json!({ "secret": true }), "secret", "fail"),
        (json!({ "size": true }), "size", "unknown"),
        (json!({ "encryption": [{ "on": true }] }), "encrypted", "unknown"),
        (json!({ "encryption": [{}] }), "encrypted", "pass"),
        (json!({ "encryption": true }), "encrypted", "unknown"),
        (json!(true), "size", "unknown"),
        (json!(false), "size", "pass"),
        (json!([]), "size", "error"),
    ] {
        change["change"]["after_sensitive"] = sensitive.clone();
        let plan = plan(vec![change.clone()], json!({}));
        assert_eq!(judge(control, &plan), format!("acme_volume.v {wanted}"), "{sensitive}");
        let mut run = engine().run();
        run.terraform("plan", plan.to_string().as_bytes());
        let said = format!("{:?}", run.finish());
        assert!(sensitive["secret"] != json!(true) || !said.contains("hunter2"), "{said}");
    }
    // Nothing is no secret.
    let mut change = made("acme_volume.v", json!({ "secret": null }), json!({}));
    change["change"]["after_sensitive"] = json!({ "secret": true });
    assert_eq!(judge("secret", &plan(vec![change], json!({}))), "acme_volume.v pass");
}

/// A volume, its lock, and what the lock's expression refers to.
fn lock(module: &str, references: &[&str], volume: &[&str]) -> Value {
    let at = |local: &str| format!("{module}{local}");
    let mut changes =
        vec![made(&at("acme_lock.l"), json!({ "on": true }), json!({ "volume": true }))];
    changes.extend(
        volume
            .iter()
            .map(|one| made(&at(one), json!({ "size": 1 }), json!({ "id": true, "name": true }))),
    );
    let resources =
        json!([written("acme_lock.l", &[("volume", references)]), written("acme_volume.v", &[])]);
    match module {
        "" => plan(changes, json!({ "resources": resources })),
        _ => plan(
            changes,
            json!({ "module_calls": { "m": { "module": { "resources": resources } } } }),
        ),
    }
}

#[test]
fn split_resources_are_joined_by_what_their_expressions_refer_to() {
    let v = &["acme_volume.v"][..];
    for (references, wanted) in [
        (&["acme_volume.v.id", "acme_volume.v"][..], "pass"),
        (&["acme_volume.v"], "pass"),
        // A condition beside it, known or of a local value.
        (&["var.on", "acme_volume.v.id", "acme_volume.v"], "pass"),
        (&["local.on", "acme_volume.v.id", "acme_volume.v"], "pass"),
        // One that there is not beside it.
        (
            &[
                "acme_other.o[0].id",
                "acme_other.o[0]",
                "acme_other.o",
                "acme_volume.v.id",
                "acme_volume.v",
            ],
            "pass",
        ),
        // These may be anything.
        (&["local.name"], "unknown"),
        (&["data.acme_volume.v.id", "data.acme_volume.v"], "unknown"),
        (&["data.acme_x.x.id", "acme_volume.v.id", "acme_volume.v"], "unknown"),
        (&["module.n.id", "module.n"], "unknown"),
        (&[], "unknown"),
        // The lock of another volume.
        (&["acme_volume.w.id", "acme_volume.w"], "fail"),
    ] {
        let volumes = ["acme_volume.v", "acme_volume.w"];
        for module in ["", "module.m."] {
            let said = judge("locked", &lock(module, references, &volumes));
            let found = said
                .split(", ")
                .find(|said| said.starts_with(&*format!("{module}acme_volume.v ")))
                .unwrap();
            assert_eq!(found, format!("{module}acme_volume.v {wanted}"), "{references:?}");
        }
    }
    // Without a configuration nothing is known of it.
    let mut plan = lock("", &["acme_volume.v.id", "acme_volume.v"], v);
    plan.as_object_mut().unwrap().remove("configuration");
    assert_eq!(judge("locked", &plan), "acme_volume.v unknown");
    // By the key of the instances.
    let counted = |key: &str, reference: &[&str]| {
        let mut plan = lock("", reference, &["acme_volume.v[\"a\"]", "acme_volume.v[\"b\"]"]);
        plan["resource_changes"][0]["address"] = json!(format!("acme_lock.l[\"{key}\"]"));
        judge("locked", &plan)
    };
    let (a, b) = ("acme_volume.v[\"a\"]", "acme_volume.v[\"b\"]");
    assert_eq!(counted("a", &["acme_volume.v", "each.key"]), format!("{a} pass, {b} fail"));
    assert_eq!(counted("b", &["acme_volume.v", "each.key"]), format!("{a} fail, {b} pass"));
    assert_eq!(counted("a", &["acme_volume.v", "each.value"]), format!("{a} unknown, {b} unknown"));
    assert_eq!(
        counted("a", &["acme_volume.v[\"b\"].id", "acme_volume.v[\"b\"]", "acme_volume.v"]),
        format!("{a} fail, {b} pass")
    );
    // Resources are what is gone through.
    let mut plan = lock("", &["each.value.id", "each.value"], &[a, b]);
    plan["resource_changes"][0]["address"] = json!("acme_lock.l[\"b\"]");
    plan["configuration"]["root_module"]["resources"][0]["for_each_expression"] =
        json!({ "references": ["acme_volume.v"] });
    assert_eq!(judge("locked", &plan), format!("{a} fail, {b} pass"));
}

#[test]
fn of_many_that_perhaps_refer_to_it_nothing_is_said() {
    let many = |count: usize, on: bool| {
        let locks = (0..count).map(|n| {
            made(&format!("acme_lock.l[{n}]"), json!({ "on": on }), json!({ "volume": true }))
        });
        let own = made("acme_lock.own", json!({ "on": true, "volume": "v" }), json!({}));
        let volume = made("acme_volume.v", json!({ "name": "v" }), json!({}));
        judge("locked", &plan(locks.chain([own, volume]).collect(), json!({})))
    };
    // One of them may be the first, whatever it says.
    for (count, wanted) in
        [(0, "pass"), (1, "unknown"), (20, "unknown"), (21, "unknown"), (500, "unknown")]
    {
        assert_eq!(many(count, false), format!("acme_volume.v {wanted}"), "{count}");
    }
}

#[test]
fn split_resources_are_joined_by_what_they_call_each_other() {
    let judged = |name: Value, unknown: Value, lock: &str| {
        let changes = vec![
            made("acme_lock.l", json!({ "on": true, "volume": lock }), json!({})),
            made("acme_volume.v", json!({ "name": name }), unknown),
        ];
        let resources =
            json!([written("acme_volume.v", &[("name", &["random_id.r.hex", "random_id.r"])])]);
        judge("locked", &plan(changes, json!({ "resources": resources })))
    };
    assert_eq!(judged(json!("data"), json!({ "id": true }), "data"), "acme_volume.v pass");
    assert_eq!(judged(json!("data"), json!({ "id": true }), "other"), "acme_volume.v fail");
    // A name that hangs on what is not known may turn out to be that one.
    assert_eq!(
        judged(Value::Null, json!({ "id": true, "name": true }), "data"),
        "acme_volume.v unknown"
    );
}

#[test]
fn references_go_through_modules() {
    let keys = json!({ "outputs": { "id": { "expression": { "references": ["acme_key.k.id", "acme_key.k"] } } },
        "resources": [written("acme_key.k", &[])] });
    let disks = json!({ "variables": { "key": {} },
        "resources": [written("acme_volume.v", &[("key_id", &["var.key"])])] });
    let configuration = json!({ "module_calls": {
        "keys": { "module": keys },
        "disks": { "expressions": { "key": { "references": ["module.keys.id", "module.keys"] } }, "module": disks },
    } });
    let volume = made("module.disks.acme_volume.v", json!({}), json!({ "key_id": true }));
    for (rotated, wanted) in [(true, "pass"), (false, "fail")] {
        let key =
            made("module.keys.acme_key.k", json!({ "rotated": rotated }), json!({ "id": true }));
        let plan = plan(vec![key, volume.clone()], configuration.clone());
        assert_eq!(judge("rotated", &plan), format!("module.disks.acme_volume.v {wanted}"));
        assert_eq!(judge("used", &plan), "module.keys.acme_key.k pass");
    }
    // A variable that the call does not give has its default, which is known when the plan is made: were it
    // anything, it would stand there.
    let mut bare = configuration.clone();
    bare["module_calls"]["disks"]["expressions"] = json!({});
    bare["module_calls"]["disks"]["module"]["resources"][0]["expressions"]["note"] =
        json!({ "references": ["var.key"] });
    let volume = made("module.disks.acme_volume.v", json!({}), json!({ "note": true }));
    assert_eq!(judge("note", &plan(vec![volume], bare)), "module.disks.acme_volume.v pass");
    // Modules that go round in a circle lead nowhere.
    let round = json!({ "module_calls": { "m": {
        "expressions": { "x": { "references": ["module.m.y", "module.m"] } },
        "module": { "outputs": { "y": { "expression": { "references": ["var.x"] } } },
            "resources": [written("acme_volume.v", &[("key_id", &["var.x"])])] },
    } } });
    let volume = made("module.m.acme_volume.v", json!({}), json!({ "key_id": true }));
    assert_eq!(judge("rotated", &plan(vec![volume], round)), "module.m.acme_volume.v unknown");
}

#[test]
fn lists_are_made_of_what_their_expressions_name() {
    let keys = [("a", true), ("b", false)];
    let judged = |references: &[&str], unknown: Value| {
        let mut changes: Vec<Value> = keys
            .iter()
            .map(|(name, rotated)| {
                made(
                    &format!("acme_key.{name}"),
                    json!({ "rotated": rotated }),
                    json!({ "id": true }),
                )
            })
            .collect();
        let after =
            if unknown == json!(true) { json!({}) } else { json!({ "key_ids": [null, null] }) };
        changes.push(made("acme_volume.v", after, json!({ "key_ids": unknown })));
        judge(
            "all_rotated",
            &plan(
                changes,
                json!({ "resources": [written("acme_volume.v", &[("key_ids", references)])] }),
            ),
        )
    };
    let both = &["acme_key.a.id", "acme_key.a", "acme_key.b.id", "acme_key.b"][..];
    for (references, unknown, wanted) in [
        (&["acme_key.a.id", "acme_key.a"][..], json!(true), "pass"),
        (both, json!(true), "fail"),
        (both, json!([true, true]), "fail"),
        // Some, or one of them.
        (&["acme_key.a.id", "acme_key.a", "var.more"], json!(true), "unknown"),
        (&["acme_key.a"], json!(true), "unknown"),
        (&["acme_key.a.id", "acme_key.a"], json!([true, true]), "unknown"),
        (&["local.keys"], json!(true), "unknown"),
    ] {
        assert_eq!(
            judged(references, unknown),
            format!("acme_volume.v {wanted}"),
            "{references:?}"
        );
    }
}

#[test]
fn what_nobody_wrote_is_the_providers() {
    let volume = || made("acme_volume.v", json!({}), json!({ "note": true }));
    let with = |configuration: Value| judge("note", &plan(vec![volume()], configuration));
    let resources = |all: Value| json!({ "resources": all });
    assert_eq!(with(resources(json!([written("acme_volume.v", &[])]))), "acme_volume.v pass");
    let by_key = written("acme_volume.v", &[("note", &["acme_key.k.id", "acme_key.k"])]);
    assert_eq!(with(resources(json!([by_key]))), "acme_volume.v unknown");
    // Where the configuration does not show the resource, it may be written in any way.
    assert_eq!(with(resources(json!([]))), "acme_volume.v unknown");
    let made_up = json!({ "mode": "managed", "type": "acme_volume", "name": "v", "expressions": { "note": {} } });
    assert_eq!(with(resources(json!([made_up]))), "acme_volume.v unknown");
    let null = json!({ "mode": "managed", "type": "acme_volume", "name": "v", "expressions": { "note": { "constant_value": null } } });
    assert_eq!(with(resources(Value::Array(vec![null]))), "acme_volume.v pass");
}

#[test]
fn state_files_are_read() {
    let fourth = json!({
        "version": 4, "terraform_version": "1.9.8", "serial": 3, "lineage": "x", "outputs": {},
        "resources": [
            { "mode": "data", "type": "acme_volume", "name": "d", "instances": [{ "attributes": { "size": 10 } }] },
            { "module": "module.m", "mode": "managed", "type": "acme_volume", "name": "v", "instances": [
                { "index_key": 0, "attributes": { "size": 10, "name": "a", "secret": "hunter2" },
                  "sensitive_attributes": [[{ "type": "get_attr", "value": "secret" }]] },
                { "index_key": "k", "attributes": { "size": 11, "name": "b" } },
                { "deposed": "0a1b", "attributes": { "size": 12 } },
            ] },
            { "mode": "managed", "type": "acme_lock", "name": "l", "instances": [{ "attributes": { "volume": "a", "on": true } }] },
        ],
    });
    let (a, b) = ("module.m.acme_volume.v[0]", "module.m.acme_volume.v[\"k\"]");
    assert_eq!(guess(fourth.to_string().as_bytes()), Guess::Terraform);
    assert_eq!(judge("size", &fourth), format!("{a} pass, {b} fail"));
    assert_eq!(judge("locked", &fourth), format!("{a} pass, {b} fail"));
    assert_eq!(judge("secret", &fourth), format!("{a} fail, {b} pass"));
    let third = json!({
        "version": 3, "terraform_version": "0.11.14", "serial": 1, "lineage": "x",
        "modules": [{ "path": ["root", "m"], "resources": {
            "acme_volume.v.1": { "type": "acme_volume", "primary": { "id": "v", "attributes": {
                "size": "10", "encryption.#": "1", "encryption.123.on": "true", "kind": "", "tags.%": "1", "tags.a.b": "c",
            } } },
            "acme_volume.w": { "type": "acme_volume", "primary": { "id": "w", "attributes": { "encryption.#": "0", "size": "x" } } },
            "data.acme_volume.d": { "type": "acme_volume", "primary": { "id": "d", "attributes": {} } },
        } }],
    });
    let (v, w) = ("module.m.acme_volume.v[1]", "module.m.acme_volume.w");
    assert_eq!(judge("size", &third), format!("{v} pass, {w} error"));
    assert_eq!(judge("encrypted", &third), format!("{v} pass, {w} fail"));
    assert_eq!(judge("plain", &third), format!("{v} pass, {w} pass"));
    let empty = json!({ "version": 4, "serial": 1, "lineage": "x", "resources": [] });
    assert_eq!(judge("size", &empty), "no resources were found in the inputs");
}

#[test]
fn evidence_has_its_place_in_the_plan() {
    let text = serde_json::to_string_pretty(&lock(
        "",
        &["acme_volume.v.id", "acme_volume.v"],
        &["acme_volume.v"],
    ))
    .unwrap()
    .replace("\"on\": true", "\"on\": false");
    let mut run = engine().run();
    run.terraform("plan", text.as_bytes());
    let assessment = run.finish();
    let of = |name: &str| {
        let control =
            engine().program.controls.iter().position(|c| c.name.as_str() == name).unwrap();
        let found = assessment.outcomes.iter().find(|o| o.control as usize == control).unwrap();
        let evidence = found.messages.iter().flat_map(|message| &message.evidence).next().unwrap();
        let line = text.lines().nth(evidence.place.line as usize - 1).unwrap();
        let rest: String = line.chars().skip(evidence.place.column as usize - 1).collect();
        format!("{} {}", evidence.pointer, rest.trim_end_matches(','))
    };
    assert_eq!(of("size"), "/resource_changes/1/change/after/size 1");
    assert_eq!(of("locked"), "/resource_changes/0/change/after/on false");
}

/// What nobody asks about is no error: plans of other clouds, types without an adapter.
#[test]
fn types_that_nobody_asks_about_are_passed_over() {
    let changes = vec![made("acme_other.o", json!({ "size": [] }), json!({ "x": true }))];
    assert_eq!(judge("size", &plan(changes, json!({}))), "");
    // What a query looks for and no adapter gives is not known to be absent.
    let policy =
        "control alone for b in AWS::S3::Bucket { require none p in b <- T::T::Guest.Bucket: true }
resource T::T::Guest identified by Id { Id: String, Bucket: String -> AWS::S3::Bucket.BucketName }";
    let engine = Engine::builder().policy("own", policy).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap_or_else(|refused| panic!("{refused}"));
    let bucket = made("aws_s3_bucket.b", json!({ "bucket": "b" }), json!({}));
    let said = judge_bytes(&engine, "alone", plan(vec![bucket], json!({})).to_string().as_bytes());
    assert_eq!(said, "aws_s3_bucket.b unknown");
}

#[test]
fn a_bucket_is_one_with_what_stands_beside_it() {
    let engine = Engine::builder().policies(library()).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap_or_else(|refused| panic!("{refused}"));
    let judged = |bucket: Value, unknown: Value| {
        let changes = vec![
            made(
                "aws_s3_bucket.b",
                json!({ "bucket": "data" }),
                json!({ "id": true, "versioning": true }),
            ),
            made(
                "aws_s3_bucket_versioning.v",
                json!({ "bucket": bucket, "versioning_configuration": [{ "status": "Enabled" }] }),
                unknown,
            ),
        ];
        let configuration = json!({ "resources": [
            written("aws_s3_bucket.b", &[]),
            written("aws_s3_bucket_versioning.v", &[("bucket", &["aws_s3_bucket.b.id", "aws_s3_bucket.b"])]),
        ] });
        judge_bytes(
            &engine,
            "s3_bucket_versioning_enabled",
            plan(changes, configuration).to_string().as_bytes(),
        )
    };
    assert_eq!(judged(json!("data"), json!({})), "aws_s3_bucket.b pass");
    assert_eq!(judged(Value::Null, json!({ "bucket": true })), "aws_s3_bucket.b pass");
    assert_eq!(judged(json!("other"), json!({})), "aws_s3_bucket.b fail");
}

/// Adapters are loaded for the types that a policy names: here for all of which there are any.
#[test]
fn every_adapter_of_the_library_compiles() {
    let lines = assize::stdlib::MODULES
        .iter()
        .filter(|(name, _)| name.starts_with("adapters."))
        .flat_map(|(_, text)| text.lines());
    let targets: std::collections::BTreeSet<&str> = lines
        .filter_map(|line| line.strip_prefix("adapter "))
        .filter_map(|rest| rest.split(' ').nth(2))
        .collect();
    assert!(targets.len() > 80, "only {}", targets.len());
    for (number, target) in targets.iter().enumerate() {
        let policy = format!("control c{number} for r in {target} {{ require r.id != \"\" }}");
        let engine = Engine::builder().policy("own", &policy).now("2026-11-24").unwrap().build();
        if let Err(refused) = engine {
            panic!("{target}: {refused}");
        }
    }
}
