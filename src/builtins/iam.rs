//! IAM policy documents: one normal form for all the ways in which they are written, and the questions
//! that AWS's evaluation logic answers about them.
//!
//! Sources: the IAM User Guide on policy elements
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>), on evaluation
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>) and on
//! condition operators
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).

use std::sync::Arc;

use super::SigType::{Bool, Json, List, Option, Record, String};
use super::iam_match;
use super::iam_texts::{none, texts};
use super::{Builtin, BuiltinRecord, CallContext, SigType, arg, functions, open_for, open_like};
use crate::value::{
    Answer, Item, List as Elements, Map, Record as RecordValue, Text, Trap, Value, display, json,
};

const TEXTS: SigType = List(&String);

pub(super) const RECORDS: &[BuiltinRecord] = &[
    BuiltinRecord {
        name: "Statement",
        module: "aws.iam",
        fields: &[
            ("Sid", Option(&String)),
            ("Effect", String),
            ("actions", TEXTS),
            ("not_actions", TEXTS),
            ("resources", TEXTS),
            ("not_resources", TEXTS),
            ("principals", TEXTS),
            ("not_principals", TEXTS),
            ("conditions", List(&Record("Condition"))),
        ],
        docs: "A statement of a policy document; one text or a list of them is a list here. Of principals the \
               values are listed, `*` for everyone.",
    },
    BuiltinRecord {
        name: "Condition",
        module: "aws.iam",
        fields: &[("operator", String), ("key", String), ("values", TEXTS)],
        docs: "A condition of a statement: an operator, a key, the values that are compared.",
    },
];

/// The slots of a `Statement`, in order.
pub(super) mod slot {
    pub(in super::super) const EFFECT: usize = 1;
    pub(in super::super) const ACTIONS: usize = 2;
    pub(in super::super) const NOT_ACTIONS: usize = 3;
    pub(in super::super) const RESOURCES: usize = 4;
    pub(in super::super) const NOT_RESOURCES: usize = 5;
    pub(in super::super) const PRINCIPALS: usize = 6;
    pub(in super::super) const NOT_PRINCIPALS: usize = 7;
    pub(in super::super) const CONDITIONS: usize = 8;
}

functions! { FUNCTIONS, "aws.iam";
    "statements" "statements" ("doc": Json) -> List(&Record("Statement")), "The statements of a policy document, which may be an object, JSON text, or URL-encoded JSON text.", ["count(statements({ Statement: { Effect: \"Allow\", Action: \"s3:Get*\", Resource: \"*\" } }))" => "1"], statements;
    "covers_action" "covers_action" ("s": Record("Statement"), "pattern": String) -> Bool, "Whether the statement reaches every action that the pattern names, by Action or NotAction; letters' case does not matter.", ["all s in statements({ Statement: { Effect: \"Allow\", Action: \"s3:Get*\", Resource: \"*\" } }): s.covers_action(\"s3:GetObject\")" => "true", "all s in statements({ Statement: { Effect: \"Allow\", Action: \"s3:Get*\", Resource: \"*\" } }): s.covers_action(\"s3:PutObject\")" => "false"], covers_action;
    "covers_resource" "covers_resource" ("s": Record("Statement"), "pattern": String) -> Bool, "Whether the statement reaches every resource that the pattern names, by Resource or NotResource.", ["all s in statements({ Statement: { Effect: \"Allow\", Action: \"s3:Get*\", Resource: \"*\" } }): s.covers_resource(\"arn:aws:s3:::logs\")" => "true"], covers_resource;
    "condition" "condition" ("s": Record("Statement"), "operator": String, "key": String) -> Option(&String), "The value of a condition; several are joined with commas; absent where the statement has no such condition.", ["all s in statements({ Statement: { Effect: \"Allow\", Principal: \"*\", Action: \"s3:Get*\", Resource: \"*\", Condition: { Bool: { \"aws:SecureTransport\": \"true\" } } } }): (s.condition(\"Bool\", \"aws:SecureTransport\") ?? \"\") == \"true\"" => "true"], condition;
    "condition_values" "condition_values" ("s": Record("Statement"), "operator": String, "key": String) -> TEXTS, "The values of a condition; none where the statement has no such condition.", ["all s in statements({ Statement: { Effect: \"Allow\", Principal: \"*\", Action: \"s3:Get*\", Resource: \"*\", Condition: { Bool: { \"aws:SecureTransport\": \"true\" } } } }): count(s.condition_values(\"Bool\", \"aws:SecureTransport\")) == 1" => "true"], condition_values;
    "is_public.statement" "is_public" ("s": Record("Statement")) -> Bool, "Whether the statement allows everyone, with no condition that binds the caller.", ["all s in statements({ Statement: { Effect: \"Allow\", Principal: \"*\", Action: \"s3:*\", Resource: \"*\" } }): s.is_public()" => "true"], is_public;
    "is_public.document" "is_public" ("doc": Json) -> Bool, "Whether any statement of the document is public.", ["is_public(json({ Statement: [] }))" => "false"], is_public_document;
    "allows" "allows" ("doc": Json, "action": String, "resource": String) -> Bool, "Whether the document allows the action on the resource: some statement allows it and none denies it. Unknown where a condition decides.", ["allows({ Statement: { Effect: \"Allow\", Action: \"s3:Get*\", Resource: \"*\" } }, \"s3:GetObject\", \"arn:aws:s3:::logs/a\")" => "true"], allows;
}

fn statements(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let doc = arg(ctx, args, 0)?.clone();
    let list = read_document(ctx, &doc)?;
    Ok(Value::List(Arc::new(list)))
}

pub(super) fn broken(reason: &str) -> Trap {
    Trap::Broken(Arc::from(reason))
}

/// The statements of a document as a list of records.
fn read_document(ctx: &mut dyn CallContext, doc: &Value) -> Result<Elements, Trap> {
    match doc {
        Value::Map(map) => read_statements(ctx, map),
        Value::Text(text) => {
            ctx.pay(text.len() as u64 / 16)?;
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            let parsed =
                json::parse(text).or_else(|| decoded.ok().and_then(|text| json::parse(&text)));
            match parsed {
                Some(Value::Map(map)) => read_statements(ctx, &map),
                _ => Err(broken("the policy document is no JSON object")),
            }
        }
        Value::Open(open) => Ok(Elements { items: Vec::new(), open: Some(open.cause.clone()) }),
        Value::Absent => Ok(Elements::default()),
        _ => Err(broken("the policy document is no JSON object")),
    }
}

fn read_statements(ctx: &mut dyn CallContext, doc: &Map) -> Result<Elements, Trap> {
    let Some(statement) = doc.entries.get("Statement") else {
        // A document needs one: without, a slip of the pen would leave nothing to find.
        let cause =
            doc.open.clone().ok_or_else(|| broken("the policy document has no `Statement`"))?;
        return Ok(Elements { items: Vec::new(), open: Some(cause) });
    };
    match ctx.read(statement)? {
        Value::Map(one) => {
            let value = read_statement(ctx, one)?;
            Ok(Elements { items: vec![Item { value, maybe: false }], open: None })
        }
        Value::List(list) => {
            let mut items = Vec::new();
            for item in &list.items {
                let value = match ctx.read(&item.value)? {
                    Value::Map(one) => read_statement(ctx, one)?,
                    Value::Open(open) => open_like(open),
                    _ => return Err(broken("a statement of the policy document is no object")),
                };
                items.push(Item { value, maybe: item.maybe });
            }
            Ok(Elements { items, open: list.open.clone() })
        }
        Value::Open(open) => Ok(Elements { items: Vec::new(), open: Some(open.cause.clone()) }),
        _ => Err(broken("`Statement` of the policy document is neither an object nor a list")),
    }
}

/// The elements of a statement.
const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
];

/// The places of [`ELEMENTS`].
mod element {
    pub(super) const SID: usize = 0;
    pub(super) const EFFECT: usize = 1;
    pub(super) const ACTION: usize = 2;
    pub(super) const NOT_ACTION: usize = 3;
    pub(super) const NOT_RESOURCE: usize = 5;
    pub(super) const PRINCIPAL: usize = 6;
    pub(super) const NOT_PRINCIPAL: usize = 7;
    pub(super) const CONDITION: usize = 8;
}

fn read_statement(ctx: &mut dyn CallContext, statement: &Map) -> Result<Value, Trap> {
    ctx.pay(8)?;
    // AWS refuses such a statement. Any element that is left out may be the one that was meant.
    let mut stray = None;
    let mut written = [None; ELEMENTS.len()];
    for (name, value) in &statement.entries {
        match ELEMENTS.iter().position(|known| **known == **name) {
            Some(at) => written.iter_mut().skip(at).take(1).for_each(|slot| *slot = Some(value)),
            None => drop(stray.get_or_insert(name)),
        }
    }
    let field = |at: usize| match (written.get(at).copied().flatten(), &statement.open, stray) {
        (Some(value), ..) => value.clone(),
        (None, Some(cause), _) => Value::perhaps(crate::value::Origin::Computed, cause),
        (None, None, Some(stray)) => {
            Value::broken(&format!("a policy statement has no element `{stray}`"))
        }
        (None, None, None) => Value::Absent,
    };
    let mut slots = Vec::with_capacity(ELEMENTS.len());
    slots.extend([field(element::SID), effect(field(element::EFFECT))]);
    for at in element::ACTION..=element::NOT_RESOURCE {
        let value = field(at);
        slots.push(or_broken(texts(ctx, &value, false))?);
    }
    let is_absent = |at: usize| matches!(field(at).plain(), Value::Absent);
    let no_action = is_absent(element::ACTION) && is_absent(element::NOT_ACTION);
    if let (true, Some(actions)) = (no_action, slots.get_mut(slot::ACTIONS)) {
        *actions = Value::broken("a policy statement has neither `Action` nor `NotAction`");
    }
    for at in [element::PRINCIPAL, element::NOT_PRINCIPAL] {
        let value = field(at);
        slots.push(or_broken(principals(ctx, &value))?);
    }
    let value = field(element::CONDITION);
    slots.push(or_broken(conditions(ctx, &value))?);
    let layout = ctx.layout("Statement");
    Ok(Value::Record(Arc::new(RecordValue { layout, slots })))
}

/// What is wrong counts where it is read.
fn or_broken(read: Result<Value, Trap>) -> Result<Value, Trap> {
    match read {
        Err(Trap::Broken(what)) => Ok(Value::broken(&what)),
        other => other,
    }
}

/// A statement whose effect is neither of the two words is none: it would match no question that is asked.
fn effect(written: Value) -> Value {
    match written.plain() {
        Value::Absent => Value::broken("a statement of the policy document has no `Effect`"),
        Value::Open(_) | Value::Broken(_) => written,
        Value::Text(text) if matches!(&**text, "Allow" | "Deny") => written,
        _ => Value::broken("the `Effect` of a policy statement is neither Allow nor Deny"),
    }
}

/// The kinds of principals that a policy may name.
const PRINCIPALS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// `"*"`, or an object of texts and lists of them: all their values.
fn principals(ctx: &mut dyn CallContext, value: &Value) -> Result<Value, Trap> {
    let Value::Map(map) = ctx.read(value)? else { return texts(ctx, value, false) };
    let mut all = Elements { items: Vec::new(), open: map.open.clone() };
    for (kind, value) in &map.entries {
        if !PRINCIPALS.contains(&&**kind) {
            return Err(broken("a policy statement has a principal of no known kind"));
        }
        if let Value::List(list) = texts(ctx, value, false)? {
            all.items.extend(list.items.iter().cloned());
            all.open = all.open.or_else(|| list.open.clone());
        }
    }
    Ok(Value::List(Arc::new(all)))
}

fn conditions(ctx: &mut dyn CallContext, value: &Value) -> Result<Value, Trap> {
    let layout = ctx.layout("Condition");
    let map = match ctx.read(value)? {
        Value::Map(map) => map,
        Value::Open(open) => {
            let open = Some(open.cause.clone());
            return Ok(Value::List(Arc::new(Elements { items: Vec::new(), open })));
        }
        Value::Absent => return Ok(none()),
        _ => return Err(broken("`Condition` of a policy statement is no object")),
    };
    let mut all = Elements { items: Vec::new(), open: map.open.clone() };
    for (operator, keys) in &map.entries {
        match ctx.read(keys)? {
            Value::Map(keys) => {
                for (key, values) in &keys.entries {
                    let values = texts(ctx, values, true)?;
                    let slots =
                        vec![Value::Text(operator.clone()), Value::Text(key.clone()), values];
                    let value = Value::Record(Arc::new(RecordValue { layout, slots }));
                    all.items.push(Item { value, maybe: false });
                }
                all.open = all.open.or_else(|| keys.open.clone());
            }
            Value::Open(open) => all.open = Some(open.cause.clone()),
            _ => return Err(broken("an operator of a policy condition holds no object")),
        }
    }
    Ok(Value::List(Arc::new(all)))
}

/// A statement's slots; `Err` holds what to answer where the statement is open.
fn statement<'v>(
    ctx: &mut dyn CallContext,
    args: &'v [Value],
) -> Result<Result<&'v [Value], Value>, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Record(record) => Ok(&record.slots),
        Value::Open(open) => Err(open_like(open)),
        _ => Err(Value::Bool(false)),
    })
}

fn covers(
    ctx: &mut dyn CallContext,
    args: &[Value],
    (named, excepted): (usize, usize),
    any_case: bool,
) -> Result<Value, Trap> {
    let slots = match statement(ctx, args)? {
        Ok(slots) => slots,
        Err(other) => return Ok(other),
    };
    let pattern = arg(ctx, args, 1)?;
    ctx.pay(16)?;
    let (named, excepted) = (slots.get(named), slots.get(excepted));
    Ok(iam_match::reaches(ctx, named, excepted, pattern, any_case)?.into())
}

fn covers_action(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    covers(ctx, args, (slot::ACTIONS, slot::NOT_ACTIONS), true)
}

fn covers_resource(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    covers(ctx, args, (slot::RESOURCES, slot::NOT_RESOURCES), false)
}

/// The values of the conditions with this operator and key; the tail of the conditions, if it is open.
fn find_condition(
    ctx: &mut dyn CallContext,
    args: &[Value],
) -> Result<Result<(Vec<Item>, std::option::Option<Text>, bool), Value>, Trap> {
    let slots = match statement(ctx, args)? {
        Ok(slots) => slots,
        Err(other) => return Ok(Err(other)),
    };
    let (operator, key) = (arg(ctx, args, 1)?, arg(ctx, args, 2)?);
    let (Value::Text(operator), Value::Text(key)) = (operator, key) else {
        return Ok(Err(open_for(&Arc::from("the condition that is asked for is open"))));
    };
    let mut found = Vec::new();
    let mut hit = false;
    let mut open = None;
    let conditions = slots.get(slot::CONDITIONS).unwrap_or(&Value::Absent);
    if let Value::List(list) = ctx.read(conditions)? {
        open.clone_from(&list.open);
        for (its_operator, its_key, values) in
            list.items.iter().filter_map(|item| iam_match::condition(&item.value))
        {
            if its_operator.eq_ignore_ascii_case(operator) && its_key.eq_ignore_ascii_case(key) {
                hit = true;
                if let Value::List(values) = ctx.read(values)? {
                    found.extend(values.items.iter().cloned());
                    open = open.or_else(|| values.open.clone());
                }
            }
        }
    }
    Ok(Ok((found, open, hit)))
}

fn condition(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (found, open, hit) = match find_condition(ctx, args)? {
        Ok(found) => found,
        Err(other) => return Ok(other),
    };
    Ok(match (found.as_slice(), open) {
        ([], Some(cause)) => Value::perhaps(crate::value::Origin::Computed, &cause),
        (_, Some(cause)) => open_for(&cause),
        ([], None) if hit => Value::text(""),
        ([], None) => Value::Absent,
        ([one], None) => one.value.clone(),
        (several, None) => {
            let texts: Vec<std::string::String> =
                several.iter().map(|item| display::show(ctx.layouts(), &item.value)).collect();
            Value::text(&texts.join(","))
        }
    })
}

fn condition_values(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match find_condition(ctx, args)? {
        Ok((items, open, _)) => Value::List(Arc::new(Elements { items, open })),
        Err(other) => other,
    })
}

fn is_public(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match statement(ctx, args)? {
        Ok(slots) => iam_match::public(ctx, slots)?.into(),
        Err(other) => other,
    })
}

fn is_public_document(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    any_statement(ctx, args, |ctx, slots| iam_match::public(ctx, slots)).map(Value::from)
}

/// Whether the question holds of some statement of the document.
fn any_statement(
    ctx: &mut dyn CallContext,
    args: &[Value],
    mut ask: impl FnMut(&mut dyn CallContext, &[Value]) -> Result<Answer, Trap>,
) -> Result<Answer, Trap> {
    let doc = arg(ctx, args, 0)?.clone();
    let list = read_document(ctx, &doc)?;
    let mut answer = list.open.clone().map_or(Answer::No, Answer::Open);
    for item in &list.items {
        let one = match item.value.plain() {
            Value::Record(record) => ask(ctx, &record.slots)?,
            Value::Open(open) => Answer::Open(open.cause.clone()),
            _ => Answer::No,
        };
        let one = if item.maybe && one == Answer::Yes {
            Answer::open("whether the statement is in the document is open")
        } else {
            one
        };
        answer = answer.or(one);
    }
    Ok(answer)
}

fn allows(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (action, resource) = (arg(ctx, args, 1)?.clone(), arg(ctx, args, 2)?.clone());
    let mut reached = |effect: &'static str| {
        any_statement(ctx, args, |ctx, slots| {
            iam_match::applies(ctx, slots, effect, &action, &resource)
        })
    };
    let denied = reached("Deny")?;
    let allowed = reached("Allow")?;
    Ok(allowed.and(!denied).into())
}
