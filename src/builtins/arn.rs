//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.

use std::sync::Arc;

use super::SigType::{Option, Record, String};
use super::{Builtin, BuiltinRecord, CallContext, arg, functions, perhaps_like};
use crate::value::segments::Builder;
use crate::value::{Open, Record as RecordValue, Segment, Shape, Trap, Value};

pub(super) const RECORDS: &[BuiltinRecord] = &[BuiltinRecord {
    name: "Arn",
    module: "arn",
    fields: &[
        ("partition", String),
        ("service", String),
        ("region", String),
        ("account", String),
        ("resource", String),
    ],
    docs: "The parts of an Amazon Resource Name.",
}];

functions! { FUNCTIONS, "arn";
    "arn" "arn" ("s": String) -> Option(&Record("Arn")), "The parts of an Amazon Resource Name; absent where the text is none. Of a text that is partly known, the parts that are literal are known.", ["arn(\"arn:aws:iam::111122223333:role/ops\")?.service" => "\"iam\"", "arn(\"logs\") is absent" => "true"], arn_of;
}

fn arn_of(ctx: &mut dyn CallContext, args: &[Value]) -> Result<Value, Trap> {
    let layout = ctx.layout("Arn");
    let parts = match arg(ctx, args, 0)? {
        Value::Text(text) => parts(&[Segment::Literal(Arc::clone(text))], None),
        Value::Open(open) => match &open.shape {
            Shape::Text(segments) => match parts(segments, Some(open)) {
                Some(parts) => Some(parts),
                None if cannot_be(segments) => None,
                None => return Ok(perhaps_like(open)),
            },
            Shape::Any | Shape::Symbol(_) | Shape::Between(..) => return Ok(perhaps_like(open)),
        },
        _ => None,
    };
    Ok(parts.map_or(Value::Absent, |slots| Value::Record(Arc::new(RecordValue { layout, slots }))))
}

/// Whether the literal start rules out that it is an ARN.
fn cannot_be(segments: &[Segment]) -> bool {
    match segments.first() {
        Some(Segment::Literal(text)) => !text.starts_with("arn:") && !"arn:".starts_with(&**text),
        _ => false,
    }
}

/// The five parts behind `arn:`. An open stretch is taken to hold no colon before the resource, as is
/// true of partitions, regions and accounts.
fn parts(
    segments: &[Segment],
    open: std::option::Option<&Arc<Open>>,
) -> std::option::Option<Vec<Value>> {
    let mut builders: Vec<Builder> = vec![Builder::new()];
    for segment in segments {
        match segment {
            Segment::Open(symbol) => {
                let (open, last) = (open?, builders.last_mut()?);
                let shape = symbol.clone().map_or(Shape::Any, Shape::Symbol);
                last.value(&Value::Open(Arc::new(Open { shape, ..(**open).clone() })));
            }
            Segment::Literal(text) => {
                for (at, part) in text.split(':').enumerate() {
                    if at > 0 && builders.len() < 6 {
                        builders.push(Builder::new());
                    } else if at > 0 {
                        builders.last_mut()?.text(":");
                    }
                    builders.last_mut()?.text(part);
                }
            }
        }
    }
    let mut values = builders.into_iter().map(Builder::finish);
    match values.next() {
        Some(Value::Text(start)) if &*start == "arn" => {}
        _ => return None,
    }
    let values: Vec<Value> = values.collect();
    (values.len() == 5).then_some(values)
}
