//! Text.

use std::sync::Arc;

use super::SigType::{Bool, Int, List, String};
use super::{
    Builtin, CallContext, SigType, arg, elements, functions, open_like, perhaps_like, text_arg,
};
use crate::value::segments::{self, Builder};
use crate::value::{Item, List as Elements, Segment, Shape, Trap, Value};

functions! { FUNCTIONS, "text";
    "length" "length" ("s": String) -> Int, "How many characters the text has.", ["length(\"abc\")" => "3"], length;
    "lower" "lower" ("s": String) -> String, "The text in lower case.", ["lower(\"AbC\")" => "\"abc\""], lower;
    "upper" "upper" ("s": String) -> String, "The text in upper case.", ["upper(\"AbC\")" => "\"ABC\""], upper;
    "trim" "trim" ("s": String) -> String, "The text without white space at its ends.", ["trim(\" a \")" => "\"a\""], trim;
    "url_decode" "url_decode" ("s": String) -> SigType::Option(&String), "The text with its %XX escapes decoded; absent where that gives no UTF-8.", ["url_decode(\"a%20b\")" => "\"a b\""], url_decode;
    "split" "split" ("s": String, "separator": String) -> List(&String), "The parts between the separators.", ["split(\"a,b\", \",\")" => "[\"a\", \"b\"]"], split;
    "join" "join" ("xs": List(&String), "separator": String) -> String, "The texts with the separator between them.", ["join([\"a\", \"b\"], \"-\")" => "\"a-b\""], join;
    "replace" "replace" ("s": String, "old": String, "new": String) -> String, "The text with every `old` replaced.", ["replace(\"a.b\", \".\", \"-\")" => "\"a-b\""], replace;
    "starts_with" "starts_with" ("s": String, "start": String) -> Bool, "Whether the text starts with the other.", ["starts_with(\"abc\", \"ab\")" => "true"], starts_with;
    "ends_with" "ends_with" ("s": String, "end": String) -> Bool, "Whether the text ends with the other.", ["ends_with(\"abc\", \"bc\")" => "true"], ends_with;
    "contains.text" "contains" ("s": String, "part": String) -> Bool, "Whether the text holds the other.", ["contains(\"abc\", \"b\")" => "true"], contains;
}

fn map(
    ctx: &mut dyn CallContext,
    args: &[Value],
    f: impl Fn(&str) -> std::string::String,
) -> Result<Value, Trap> {
    let text = match text_arg(arg(ctx, args, 0)?) {
        Ok(text) => text,
        Err(other) => return Ok(other),
    };
    ctx.pay(text.len() as u64 / 64)?;
    Ok(Value::text(&f(text)))
}

fn length(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Text(text) => Value::Int(i64::try_from(text.chars().count()).unwrap_or(i64::MAX)),
        Value::Open(open) => {
            let known: usize = match &open.shape {
                Shape::Text(segments) => segments
                    .iter()
                    .map(|segment| match segment {
                        Segment::Literal(text) => text.chars().count(),
                        Segment::Open(_) => 0,
                    })
                    .sum(),
                _ => 0,
            };
            let shape = Shape::Between(i64::try_from(known).unwrap_or(i64::MAX), None);
            Value::Open(Arc::new(crate::value::Open { shape, ..(**open).clone() }))
        }
        _ => Value::Absent,
    })
}

/// A change of case, letter by letter: literal parts of partly known text change, open ones stay open.
fn cased(
    ctx: &mut dyn CallContext,
    args: &[Value],
    f: fn(&str) -> std::string::String,
) -> Result<Value, Trap> {
    if let Value::Open(open) = arg(ctx, args, 0)?
        && let Shape::Text(segments) = &open.shape
    {
        let mut builder = Builder::new();
        for segment in segments {
            match segment {
                Segment::Literal(text) => builder.text(&f(text)),
                Segment::Open(_) => builder.value(&open_like(open)),
            }
        }
        return Ok(builder.finish());
    }
    map(ctx, args, f)
}

fn lower(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    cased(ctx, args, str::to_lowercase)
}

fn upper(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    cased(ctx, args, str::to_uppercase)
}

fn trim(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    map(ctx, args, |text| text.trim().to_owned())
}

fn url_decode(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Text(text) => percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .map_or(Value::Absent, |decoded| Value::text(&decoded)),
        Value::Open(open) => perhaps_like(open),
        _ => Value::Absent,
    })
}

fn split(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (text, separator) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    let (text, separator) = match (text, separator) {
        (Value::Text(text), Value::Text(separator)) => (text, separator),
        (Value::Open(open), _) | (_, Value::Open(open)) => {
            let tail = Some(Arc::clone(&open.cause));
            return Ok(Value::List(Arc::new(Elements { items: Vec::new(), open: tail })));
        }
        _ => return Ok(Value::Absent),
    };
    ctx.pay(text.len() as u64 / 16)?;
    if separator.is_empty() {
        return Ok(Value::list(text.chars().map(|c| Value::text(c.encode_utf8(&mut [0; 4])))));
    }
    Ok(Value::list(text.split(&**separator).map(Value::text)))
}

fn join(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (xs, separator) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    let (items, open) = elements(xs);
    ctx.pay(items.len() as u64)?;
    let mut builder = Builder::new();
    // An element that may be missing takes its separator along, and more elements may be anywhere.
    let mut first = true;
    for Item { value, maybe } in items {
        let value = ctx.read(value)?;
        if let Some(cause) = open {
            builder.value(&super::open_for(cause));
        }
        if *maybe {
            builder.value(&Value::unknown(value.origin(), "an element of the list may be missing"));
            continue;
        }
        if !first && open.is_none() {
            builder.value(separator);
        }
        first = false;
        builder.value(value);
    }
    if let Some(cause) = open {
        builder.value(&super::open_for(cause));
    }
    Ok(builder.finish())
}

fn replace(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let (text, old, new) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?, arg(ctx, args, 2)?);
    Ok(match (text, old, new) {
        (Value::Text(text), Value::Text(old), Value::Text(new)) => {
            ctx.pay((text.len() as u64).saturating_mul(new.len() as u64 + 1) / 64)?;
            if old.is_empty() {
                Value::Text(Arc::clone(text))
            } else {
                Value::text(&text.replace(&**old, new))
            }
        }
        (Value::Open(open), ..) | (_, Value::Open(open), _) | (_, _, Value::Open(open)) => {
            open_like(open)
        }
        _ => Value::Absent,
    })
}

fn holds(
    ctx: &mut dyn CallContext,
    args: &[Value],
    before: bool,
    after: bool,
) -> Result<Value, Trap> {
    let (text, part) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    let part = match part {
        Value::Text(part) => part,
        Value::Open(open) => return Ok(open_like(open)),
        _ => return Ok(Value::Bool(false)),
    };
    Ok(segments::holds(text, before, part, after).into())
}

fn starts_with(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    holds(ctx, args, false, true)
}

fn ends_with(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    holds(ctx, args, true, false)
}

fn contains(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    holds(ctx, args, true, true)
}
