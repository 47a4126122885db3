//! Conversions, and what is asked of `Json`, times and origins.

use std::sync::Arc;

use base64::Engine;

use super::SigType::{
    Anything, Bool, Cidr, Duration, Float, Glob, Int, Ip, Json, List, Map, Option, Regex, String,
    Timestamp, Version,
};
use super::{Builtin, CallContext, arg, functions, open_like, perhaps_like};
use crate::value::segments::Builder;
use crate::value::{Item, List as Elements, Shape, Trap, Value, display, json};

functions! { FUNCTIONS, "convert";
    "to_int" "to_int" ("s": String) -> Option(&Int), "The number that the text is in decimal digits; absent where it is none.", ["to_int(\"42\")" => "42"], to_int;
    "to_float" "to_float" ("s": String) -> Option(&Float), "The number that the text is; absent where it is none.", ["to_float(\"0.5\")" => "0.5"], to_float;
    "to_float.int" "to_float" ("n": Int) -> Float, "The number as a Float.", ["to_float(2)" => "2.0"], int_to_float;
    "to_string" "to_string" ("x": Anything) -> String, "The text of a value, as in an interpolated string.", ["to_string(42)" => "\"42\""], to_string;
    "parse_json" "parse_json" ("s": String) -> Option(&Json), "The value of a JSON text; absent where it is no JSON or `null`.", ["as_int(parse_json(\"42\"))" => "42", "parse_json(\"nonsense\") is absent" => "true"], parse_json;
    "base64_decode" "base64_decode" ("s": String) -> Option(&String), "The decoded text; absent where it is no base64 of UTF-8.", ["base64_decode(\"YWI=\")" => "\"ab\""], base64_decode;
    "glob" "glob" ("s": String) -> Option(&Glob), "The text as a glob.", ["glob(\"prod-*\") is present" => "true"], glob;
    "regex" "regex" ("s": String) -> Option(&Regex), "The text as a regular expression; absent where it is none.", ["regex(\"^a+$\") is present" => "true", "regex(\"(\") is absent" => "true"], regex;
    "cidr" "cidr" ("s": String) -> Option(&Cidr), "The network that the text is in CIDR notation; absent where it is none.", ["cidr(\"10.0.0.0/8\")" => "cidr\"10.0.0.0/8\""], cidr;
    "ip" "ip" ("s": String) -> Option(&Ip), "The address that the text is; absent where it is none.", ["ip(\"10.0.0.1\")" => "ip\"10.0.0.1\""], ip;
    "version" "version" ("s": String) -> Option(&Version), "The semantic version that the text is; missing numbers are 0; absent where it is none.", ["version(\"3.2\")" => "v\"3.2.0\""], version;
    "timestamp" "timestamp" ("s": String) -> Option(&Timestamp), "The instant of an RFC 3339 time or a date; absent where it is none.", ["timestamp(\"2027-01-31\")" => "2027-01-31"], timestamp;
    "as_string" "as_string" ("j": Option(&Json)) -> Option(&String), "The text that a Json is; absent where it is something else.", ["as_string(parse_json(\"7\")) is absent" => "true"], as_string;
    "as_int" "as_int" ("j": Option(&Json)) -> Option(&Int), "The integer that a Json is; absent where it is something else.", ["as_int(parse_json(\"7\"))" => "7"], as_int;
    "as_float" "as_float" ("j": Option(&Json)) -> Option(&Float), "The number that a Json is; absent where it is something else.", ["as_float(parse_json(\"0.5\"))" => "0.5"], as_float;
    "as_bool" "as_bool" ("j": Option(&Json)) -> Option(&Bool), "The truth value that a Json is; absent where it is something else.", ["as_bool(parse_json(\"true\"))" => "true"], as_bool;
    "as_list" "as_list" ("j": Option(&Json)) -> List(&Json), "The elements of a Json list; anything else that is there is a list of one.", ["count(as_list(parse_json(\"[1, 2]\")))" => "2", "count(as_list(parse_json(\"7\")))" => "1"], as_list;
    "as_map" "as_map" ("j": Option(&Json)) -> Option(&Map(&Json)), "The entries of a Json object; absent where it is something else.", ["as_map(parse_json(\"[]\")) is absent" => "true"], as_map;
    "origin" "origin" ("x": Anything) -> String, "Where a value comes from: \"literal\", \"default\", \"parameter\", \"reference\", … Never unknown.", ["origin(1)" => "\"literal\""], origin;
}

functions! { TIME, "time";
    "age" "age" ("t": Timestamp) -> Duration, "How long ago the instant was, seen from `now`.", ["age(now - 90d)" => "90d"], age;
}

/// A conversion of known text that may not succeed.
fn parsed(
    ctx: &mut dyn CallContext,
    args: &[Value],
    f: impl Fn(&str) -> std::option::Option<Value>,
) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Text(text) => {
            ctx.pay(text.len() as u64 / 16)?;
            f(text).unwrap_or(Value::Absent)
        }
        Value::Open(open) => perhaps_like(open),
        _ => Value::Absent,
    })
}

fn to_int(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| text.parse().ok().map(Value::Int))
}

fn to_float(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| text.parse().ok().filter(|x: &f64| x.is_finite()).map(Value::Float))
}

#[expect(clippy::cast_precision_loss, reason = "a Float is what was asked for")]
fn int_to_float(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Int(n) => Value::Float(*n as f64),
        Value::Open(open) => open_like(open),
        _ => Value::Absent,
    })
}

fn to_string(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let value = arg(ctx, args, 0)?;
    let mut builder = Builder::new();
    display::interpolate(ctx.layouts(), &mut builder, value);
    Ok(builder.finish())
}

fn parse_json(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, json::parse)
}

fn base64_decode(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| {
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).ok()?;
        std::str::from_utf8(&bytes).ok().map(Value::text)
    })
}

fn glob(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| Some(Value::Glob(Arc::from(text))))
}

fn regex(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    ctx.pay(1_000)?;
    parsed(ctx, args, |text| {
        let built = regex::RegexBuilder::new(text).size_limit(1 << 20).build();
        built.ok().map(|regex| Value::Regex(Arc::new(regex)))
    })
}

fn cidr(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| text.parse().ok().map(Value::Cidr))
}

fn ip(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| text.parse().ok().map(Value::Ip))
}

/// A version; `3` and `3.2` are `3.0.0` and `3.2.0`, as engines' versions are written.
fn version(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| {
        let core = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, rest) = text.split_at_checked(core)?;
        let missing = 2usize.saturating_sub(numbers.matches('.').count());
        let whole = format!("{numbers}{}{rest}", ".0".repeat(missing));
        semver::Version::parse(&whole).ok().map(|version| Value::Version(Arc::new(version)))
    })
}

fn timestamp(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    parsed(ctx, args, |text| crate::value::time::parse(text).map(Value::Timestamp))
}

/// A `Json` that is of one kind; an open one may turn out to be another, so its presence is open.
fn as_kind(
    ctx: &mut dyn CallContext,
    args: &[Value],
    fits: fn(&Value) -> bool,
) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Open(open) => perhaps_like(open),
        value if fits(value) => value.clone(),
        _ => Value::Absent,
    })
}

fn as_string(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    match arg(ctx, args, 0)? {
        // Text of which a part is open is certainly text.
        value @ Value::Open(open) if matches!(open.shape, Shape::Text(_) | Shape::Symbol(_)) => {
            Ok(value.clone())
        }
        _ => as_kind(ctx, args, |value| matches!(value, Value::Text(_))),
    }
}

fn as_int(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    as_kind(ctx, args, |value| matches!(value, Value::Int(_)))
}

#[expect(clippy::cast_precision_loss, reason = "a Float is what was asked for")]
fn as_float(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    if let Value::Int(n) = arg(ctx, args, 0)? {
        return Ok(Value::Float(*n as f64));
    }
    as_kind(ctx, args, |value| matches!(value, Value::Float(_)))
}

fn as_bool(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    as_kind(ctx, args, |value| matches!(value, Value::Bool(_)))
}

fn as_map(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    as_kind(ctx, args, |value| matches!(value, Value::Map(_)))
}

fn as_list(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Absent => Value::list([]),
        value @ Value::List(_) => value.clone(),
        Value::Open(open) if !matches!(open.shape, Shape::Text(_) | Shape::Symbol(_)) => {
            let tail = Some(Arc::clone(&open.cause));
            Value::List(Arc::new(Elements { items: Vec::new(), open: tail }))
        }
        value => {
            let maybe = matches!(value, Value::Open(open) if !open.present);
            let items = vec![Item { value: value.clone(), maybe }];
            Value::List(Arc::new(Elements { items, open: None }))
        }
    })
}

fn origin(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let origin = args.first().map_or(crate::value::Origin::Absent, Value::origin);
    arg(ctx, args, 0)?;
    Ok(Value::text(origin.name()))
}

fn age(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let now = ctx.now();
    Ok(match arg(ctx, args, 0)? {
        Value::Timestamp(then) => Value::Duration(now.checked_sub(*then).ok_or(Trap::Overflow)?),
        Value::Open(open) => open_like(open),
        _ => Value::Absent,
    })
}
