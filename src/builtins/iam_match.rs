//! What a statement of a policy reaches: actions, resources, callers.
//!
//! Patterns are texts in which `*` is any text and `?` any one character, over the whole of the action
//! or the resource. See
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>.

use crate::value::glob::{Wild, covers, overlap, wild};
use crate::value::segments::stretches;
use crate::value::{Answer, Text, Trap, Value};

use super::CallContext;
use super::iam::slot;
use super::{arg, elements};

/// The text as a pattern; of a partly known text, open stretches are any text, and the flag says so.
fn pattern(value: &Value, any_case: bool) -> Option<(Vec<Wild>, bool)> {
    let stretches = stretches(value)?;
    let open = stretches.iter().any(Option::is_none);
    let mut out = Vec::new();
    for stretch in stretches {
        match stretch {
            Some(text) if any_case => out.extend(wild(&text.to_ascii_lowercase())),
            Some(text) => out.extend(wild(&text)),
            None => out.push(Wild::Any),
        }
    }
    Some((out, open))
}

fn open_text() -> Answer {
    Answer::open("a part of the policy document is open")
}

/// Whether one of the texts covers the whole pattern.
fn one_covers(
    ctx: &mut dyn CallContext,
    texts: &Value,
    wanted: &[Wild],
    any_case: bool,
) -> Result<Answer, Trap> {
    let (items, tail) = elements(texts);
    let mut answer = tail.cloned().map_or(Answer::No, Answer::Open);
    for item in items {
        let text = ctx.read(&item.value)?;
        ctx.pay(4)?;
        let one = match pattern(text, any_case) {
            // With open stretches read as `*` the pattern covers at most what it really covers.
            Some((own, open)) => match covers(&own, wanted) {
                Some(true) if open || item.maybe => open_text(),
                Some(true) => Answer::Yes,
                Some(false) => Answer::No,
                None => Answer::open("the pattern has too many wildcards to decide"),
            },
            None => open_text(),
        };
        answer = answer.or(one);
    }
    Ok(answer)
}

/// Whether none of the texts takes anything out of the pattern.
fn none_overlaps(
    ctx: &mut dyn CallContext,
    texts: &Value,
    wanted: &[Wild],
    any_case: bool,
) -> Result<Answer, Trap> {
    let (items, tail) = elements(texts);
    let mut answer = tail.cloned().map_or(Answer::Yes, Answer::Open);
    for item in items {
        let text = ctx.read(&item.value)?;
        ctx.pay(4)?;
        let one = match pattern(text, any_case) {
            Some((own, open)) => match overlap(&own, wanted) {
                false => Answer::Yes,
                true if open || item.maybe => open_text(),
                true => Answer::No,
            },
            None => open_text(),
        };
        answer = answer.and(one);
    }
    Ok(answer)
}

fn is_empty(ctx: &mut dyn CallContext, list: Option<&Value>) -> Result<bool, Trap> {
    let Some(list) = list else { return Ok(true) };
    let (items, tail) = elements(ctx.read(list)?);
    Ok(items.is_empty() && tail.is_none())
}

/// Whether a statement with these lists (what it names, what it names with `Not`) reaches all of the
/// pattern.
pub(super) fn reaches(
    ctx: &mut dyn CallContext,
    named: Option<&Value>,
    excepted: Option<&Value>,
    wanted: &Value,
    any_case: bool,
) -> Result<Answer, Trap> {
    let Some((wanted, open)) = pattern(wanted, any_case) else { return Ok(open_text()) };
    let mut answer = Answer::No;
    if let Some(named) = named {
        let named = ctx.read(named)?;
        answer = one_covers(ctx, named, &wanted, any_case)?;
    }
    let decided = answer == Answer::Yes;
    if let Some(excepted) = excepted.filter(|_| !decided)
        && !is_empty(ctx, Some(excepted))?
    {
        let excepted = ctx.read(excepted)?;
        answer = answer.or(none_overlaps(ctx, excepted, &wanted, any_case)?);
    }
    // What covers every text of an open pattern covers the one that it turns out to be; what does not
    // may still cover that one.
    Ok(if open && answer == Answer::No { open_text() } else { answer })
}

/// Operator, key and values of a condition.
pub(super) fn condition(value: &Value) -> Option<(&Text, &Text, &Value)> {
    let Value::Record(record) = value.plain() else { return None };
    match record.slots.as_slice() {
        [Value::Text(operator), Value::Text(key), values] => Some((operator, key, values)),
        _ => None,
    }
}

/// Condition keys that say who calls, from where, or on whose behalf: bound to a value, they leave
/// "everyone" behind. See
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>
/// on what S3 takes as not public.
const CALLER_KEYS: &[&str] = &[
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalservicename",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceip",
    "aws:userid",
    "aws:username",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "kms:calleraccount",
    "lambda:eventsourcetoken",
    "elasticfilesystem:accesspointarn",
];

/// Whether a condition binds the caller to something narrower than everyone.
fn binds(
    ctx: &mut dyn CallContext,
    operator: &str,
    key: &str,
    values: &Value,
) -> Result<Answer, Trap> {
    let operator = operator.to_ascii_lowercase();
    // True where the key is missing from the request, so it binds nobody.
    if operator.starts_with("forallvalues:") || operator.ends_with("ifexists") {
        return Ok(Answer::No);
    }
    let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
    if !CALLER_KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        return Ok(Answer::No);
    }
    let like = match operator {
        "stringequals" | "stringequalsignorecase" => false,
        "stringlike" | "arnlike" | "arnequals" | "ipaddress" => true,
        _ => return Ok(Answer::No),
    };
    let values = ctx.read(values)?;
    let (items, tail) = elements(values);
    if items.is_empty() {
        return Ok(tail.cloned().map_or(Answer::No, Answer::Open));
    }
    let mut answer = tail.cloned().map_or(Answer::Yes, Answer::Open);
    for item in items {
        answer = answer.and(match ctx.read(&item.value)? {
            Value::Text(text) => (!(like && is_everyone(text))).into(),
            Value::Open(_) if !like => Answer::Yes,
            Value::Open(open) => Answer::Open(open.cause.clone()),
            _ => Answer::No,
        });
    }
    Ok(answer)
}

/// Whether the value of a caller's key is as good as none: wildcards alone, the whole internet, an ARN
/// of any account.
fn is_everyone(text: &str) -> bool {
    let any = |part: &str| part.chars().all(|c| matches!(c, '*' | '?'));
    if text.parse::<ipnet::IpNet>().is_ok_and(|net| net.prefix_len() == 0) || any(text) {
        return true;
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", .., account, resource] if parts.len() == 6 => {
            // A bucket's ARN has no account: every bucket is everyone's.
            any(account) && any(resource)
        }
        _ => false,
    }
}

/// Whether a statement allows everyone.
pub(super) fn public(ctx: &mut dyn CallContext, slots: &[Value]) -> Result<Answer, Trap> {
    let get = |at: usize| slots.get(at).cloned().unwrap_or(Value::Absent);
    let mut answer = effect_is(ctx, slots, "Allow")?;
    if answer == Answer::No {
        return Ok(answer);
    }
    let principals = get(slot::PRINCIPALS);
    let principals = ctx.read(&principals)?;
    let everyone = crate::value::compare::is_in(ctx.layouts(), &Value::text("*"), principals)?;
    let all_but = !is_empty(ctx, slots.get(slot::NOT_PRINCIPALS))?;
    answer = answer.and(everyone.or(all_but.into()));
    let conditions = get(slot::CONDITIONS);
    let conditions = ctx.read(&conditions)?.clone();
    let (items, tail) = elements(&conditions);
    let mut bound = tail.cloned().map_or(Answer::No, Answer::Open);
    for item in items {
        if let Some((operator, key, values)) = condition(&item.value) {
            bound = bound.or(binds(ctx, operator, key, values)?);
        }
    }
    Ok(answer.and(!bound))
}

fn effect_is(ctx: &mut dyn CallContext, slots: &[Value], effect: &str) -> Result<Answer, Trap> {
    let own = arg(ctx, slots, slot::EFFECT)?;
    crate::value::compare::equal(ctx.layouts(), own, &Value::text(effect))
}

/// Whether a statement with this effect reaches the action on the resource; open where it has
/// conditions, since the request decides.
pub(super) fn applies(
    ctx: &mut dyn CallContext,
    slots: &[Value],
    effect: &str,
    action: &Value,
    resource: &Value,
) -> Result<Answer, Trap> {
    let mut answer = effect_is(ctx, slots, effect)?;
    if answer == Answer::No {
        return Ok(answer);
    }
    answer = answer.and(reaches(
        ctx,
        slots.get(slot::ACTIONS),
        slots.get(slot::NOT_ACTIONS),
        action,
        true,
    )?);
    answer = answer.and(reaches(
        ctx,
        slots.get(slot::RESOURCES),
        slots.get(slot::NOT_RESOURCES),
        resource,
        false,
    )?);
    Ok(if is_empty(ctx, slots.get(slot::CONDITIONS))? {
        answer
    } else {
        answer.and(Answer::open("a condition of the statement decides"))
    })
}
