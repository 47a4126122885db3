//! Networks and addresses. The whole internet is a network whose prefix has no bits: `0.0.0.0/0`, `::/0`.

use std::net::IpAddr;

use ipnet::IpNet;

use super::SigType::{Bool, Cidr, Int, Ip, String};
use super::{Builtin, CallContext, arg, functions, open_like};
use crate::value::segments;
use crate::value::{Answer, Shape, Trap, Value};

functions! { FUNCTIONS, "net";
    "contains.ip" "contains" ("net": Cidr, "address": Ip) -> Bool, "Whether the address is in the network.", ["contains(cidr\"10.0.0.0/8\", ip\"10.1.2.3\")" => "true"], contains;
    "contains.cidr" "contains" ("net": Cidr, "other": Cidr) -> Bool, "Whether the whole of the other network is in the network.", ["contains(cidr\"10.0.0.0/8\", cidr\"10.1.0.0/16\")" => "true"], contains;
    "overlaps" "overlaps" ("net": Cidr, "other": Cidr) -> Bool, "Whether the networks share an address.", ["overlaps(cidr\"10.0.0.0/8\", cidr\"10.1.0.0/16\")" => "true"], overlaps;
    "prefix_length" "prefix_length" ("net": Cidr) -> Int, "The length of the network's prefix, in bits.", ["prefix_length(cidr\"10.0.0.0/8\")" => "8"], prefix_length;
    "is_private.cidr" "is_private" ("net": Cidr) -> Bool, "Whether the whole network is private (RFC 1918, RFC 4193), loopback or link-local.", ["is_private(cidr\"10.0.0.0/8\")" => "true"], is_private;
    "is_private.ip" "is_private" ("address": Ip) -> Bool, "Whether the address is private (RFC 1918, RFC 4193), loopback or link-local.", ["is_private(ip\"8.8.8.8\")" => "false"], is_private;
    "is_private.text" "is_private" ("s": String) -> Bool, "The same of a network or address in text; false for a text that is neither.", ["is_private(\"192.168.0.0/16\")" => "true"], is_private_text;
    "is_world.cidr" "is_world" ("net": Cidr) -> Bool, "Whether the network is the whole internet.", ["is_world(cidr\"0.0.0.0/0\")" => "true"], is_world;
    "is_world.text" "is_world" ("s": String) -> Bool, "The same of a network in text; false for a text that is none.", ["is_world(\"::/0\")" => "true"], is_world_text;
}

fn network(value: &Value) -> Option<IpNet> {
    match value {
        Value::Cidr(net) => Some(*net),
        Value::Ip(ip) => Some(IpNet::from(*ip)),
        _ => None,
    }
}

/// A question about two networks.
fn both(
    ctx: &mut dyn CallContext,
    args: &[Value],
    f: fn(&IpNet, &IpNet) -> bool,
) -> Result<Value, Trap> {
    let (a, b) = (arg(ctx, args, 0)?, arg(ctx, args, 1)?);
    Ok(match (a, b) {
        (Value::Open(open), _) | (_, Value::Open(open)) => open_like(open),
        _ => Value::Bool(network(a).zip(network(b)).is_some_and(|(a, b)| f(&a, &b))),
    })
}

fn contains(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    both(ctx, args, |a, b| a.contains(b))
}

fn overlaps(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    both(ctx, args, |a, b| a.contains(b) || b.contains(a))
}

fn one(
    ctx: &mut dyn CallContext,
    args: &[Value],
    f: impl Fn(&IpNet) -> Value,
) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Open(open) => open_like(open),
        value => network(value).map_or(Value::Absent, |net| f(&net)),
    })
}

fn prefix_length(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    one(ctx, args, |net| Value::Int(i64::from(net.prefix_len())))
}

/// Networks of which no address is reached from the internet.
const PRIVATE: [&str; 8] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];

fn private(net: &IpNet) -> bool {
    PRIVATE.iter().filter_map(|text| text.parse::<IpNet>().ok()).any(|known| known.contains(net))
}

fn is_private(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    one(ctx, args, |net| Value::Bool(private(net)))
}

fn parse(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

fn is_private_text(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Open(open) => open_like(open),
        Value::Text(text) => Value::Bool(parse(text).is_some_and(|net| private(&net))),
        _ => Value::Bool(false),
    })
}

fn world(net: &IpNet) -> bool {
    net.prefix_len() == 0
}

fn is_world(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    one(ctx, args, |net| Value::Bool(world(net)))
}

fn is_world_text(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    Ok(match arg(ctx, args, 0)? {
        Value::Text(text) => Value::Bool(text.parse().is_ok_and(|net| world(&net))),
        Value::Open(open) => match &open.shape {
            // A text that cannot end in /0 is not the world, whatever its open parts are.
            Shape::Text(_) => {
                match segments::holds(&Value::Open(open.clone()), true, "/0", false) {
                    Answer::No => Value::Bool(false),
                    _ => open_like(open),
                }
            }
            Shape::Any | Shape::Symbol(_) | Shape::Between(..) => open_like(open),
        },
        _ => Value::Bool(false),
    })
}
