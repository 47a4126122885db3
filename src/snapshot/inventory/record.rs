//! The text of one resource to its row.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::distance::did_you_mean;
use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::program::projection::{Attributes, ResourceView, Shape};
use crate::value::{Broken, Origin, Text, Value};

use super::super::model::{Gap, Resource, ResourceAttributes};
use super::super::scan::{Cursor, Fault, Kind, Places, place_in, read_json, read_row, read_shape};
use super::Record;
use super::foreign::Foreign;
use super::source::Source;

/// A resource, a gap, or what is wrong with the text.
pub(super) fn read(
    projection: &Projection,
    input: u32,
    bytes: &[u8],
    start: LineColumn,
    foreign: &mut Foreign,
) -> Record {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Record::Bad(start, "no UTF-8".to_owned());
    };
    let bad = |fault: Fault| Record::Bad(place_in(text, start, fault.at), fault.what);
    let mut members = Members::default();
    if let Err(fault) = members.read(text) {
        // A text that ends too early was cut off: more than this resource may be gone.
        if fault.at >= text.trim_end().len() {
            return bad(fault);
        }
        members.fault.get_or_insert(fault);
    }
    if let Some((kind, account, region, reason)) = members.gap {
        let gap = Gap { kind, account, region, reason, input, place: start };
        return members.fault.map_or(Record::Gap(gap), bad);
    }
    // Once type and id are known, what is wrong concerns this resource alone.
    let (Some(kind), Some(id)) = (members.kind.take(), members.id.take()) else {
        let missing = || Fault { at: 0, what: "a resource has a `type` and an `id`".to_owned() };
        return bad(members.fault.unwrap_or_else(missing));
    };
    if !projection.resources.contains_key(kind.as_str()) {
        foreign.judge(projection, &kind, input, start);
    }
    finish(projection, members, (&kind, &id), (input, start, text))
}

/// The members of a resource, before its type is known.
#[derive(Default)]
struct Members {
    kind: Option<String>,
    id: Option<String>,
    account: Option<Value>,
    region: Option<Value>,
    arn: Option<Value>,
    name: Option<Value>,
    tags: Option<Value>,
    created: Option<Value>,
    /// Where the properties begin.
    properties: Option<usize>,
    /// Type, account, region, reason.
    gap: Option<GapParts>,
    /// The first thing that is wrong.
    fault: Option<Fault>,
}

const MEMBERS: [&str; 10] =
    ["type", "id", "account", "region", "arn", "name", "tags", "created", "properties", "gap"];

impl Members {
    /// Reads all members; goes on after one that is wrong in itself.
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let mut cursor = Cursor::new(text);
        if cursor.kind()? != Kind::Object {
            let what = "expected a resource: an object with `type`, `id` and `properties`";
            return cursor.fault(what);
        }
        let mut seen: BTreeSet<String> = BTreeSet::new();
        cursor.open(b'{')?;
        while cursor.more(b'}', seen.is_empty())? {
            cursor.space();
            let at = cursor.at();
            let key = cursor.key()?.into_owned();
            cursor.space();
            let before = cursor.clone();
            let known = match seen.contains(&key) {
                true => {
                    if ["type", "id"].contains(&&*key) {
                        (self.kind, self.id) = (None, None);
                    }
                    Err(Fault { at, what: format!("key `{key}` stands twice in one object") })
                }
                false => self.member(&key, at, &mut cursor),
            };
            if let Err(fault) = known {
                self.fault.get_or_insert(fault);
                cursor = before;
                cursor.skip()?;
            }
            seen.insert(key);
        }
        cursor.end()
    }

    fn member(&mut self, key: &str, at: usize, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        let texts = Shape::Map(Box::new(Shape::Text));
        match key {
            "type" => self.kind = Some(cursor.text()?.into_owned()),
            "id" => self.id = Some(cursor.text()?.into_owned()),
            "account" => self.account = Some(text(cursor)?),
            "region" => self.region = Some(text(cursor)?),
            "arn" => self.arn = Some(text(cursor)?),
            "name" => self.name = Some(text(cursor)?),
            "tags" => self.tags = Some(read_shape(&Projection::new(), &texts, cursor)?),
            "created" => {
                self.created = Some(read_shape(&Projection::new(), &Shape::Timestamp, cursor)?);
            }
            "properties" => {
                let begins = cursor.at();
                if cursor.kind()? != Kind::Object {
                    return cursor.fault("`properties` is no object");
                }
                cursor.skip()?;
                self.properties = Some(begins);
            }
            "gap" => self.gap = Some(gap(cursor)?),
            other => {
                let mend = did_you_mean(other, MEMBERS);
                return Err(Fault { at, what: format!("a resource has no `{other}`{mend}") });
            }
        }
        Ok(())
    }
}

type GapParts = (Option<Symbol>, Option<Text>, Option<Text>, Text);

/// A gap with a member that is no text, or of another name, would cover something else than was meant.
fn gap(cursor: &mut Cursor<'_>) -> Result<GapParts, Fault> {
    const PARTS: [&str; 4] = ["type", "account", "region", "reason"];
    let at = cursor.at();
    let Value::Map(map) = read_json(cursor)? else {
        return Err(Fault { at, what: "`gap` is no object".to_owned() });
    };
    for (key, value) in &map.entries {
        if !PARTS.contains(&&**key) {
            let mend = did_you_mean(key, PARTS);
            return Err(Fault { at, what: format!("a gap has no `{key}`{mend}") });
        }
        if !matches!(value, Value::Text(_) | Value::Absent) {
            return Err(Fault { at, what: format!("the gap's `{key}` is no text") });
        }
    }
    let get = |name: &str| map.entries.get(name).and_then(Value::as_text).cloned();
    let reason = get("reason").unwrap_or_else(|| Arc::from("no reason given"));
    Ok((get("type").map(|kind| Symbol::new(&kind)), get("account"), get("region"), reason))
}

fn text(cursor: &mut Cursor<'_>) -> Result<Value, Fault> {
    read_shape(&Projection::new(), &Shape::Text, cursor)
}

fn finish(
    projection: &Projection,
    mut members: Members,
    (kind, id): (&str, &str),
    (input, start, text): (u32, LineColumn, &str),
) -> Record {
    let view = projection.resources.get(kind);
    let wanted = match (view, projection.any) {
        (Some(view), _) => view.attributes,
        (None, Some(any)) => any,
        (None, None) => {
            let text = |value: Option<Value>| value.as_ref().and_then(Value::as_text).cloned();
            return Record::Skipped(text(members.account), text(members.region));
        }
    };
    let (slots, attributes) = match parts(projection, &members, (view, wanted), text) {
        Ok(parts) => parts,
        Err(fault) => {
            members.fault.get_or_insert(fault);
            Default::default()
        }
    };
    let broken = members.fault.take().map(|fault| {
        let LineColumn { line, column } = place_in(text, start, fault.at);
        Arc::new(Broken { reason: format!("{} (line {line}, column {column})", fault.what).into() })
    });
    let open = |name: &str| {
        Value::unknown(Origin::Computed, &format!("the inventory does not give the {name}"))
    };
    let resource = Resource {
        adapter: None,
        kind: Symbol::new(kind),
        layout: view.map(|view| view.layout),
        slots,
        id: Arc::from(id),
        account: members.account.unwrap_or_else(|| open("account")),
        region: members.region.unwrap_or_else(|| open("region")),
        attributes,
        maybe: None,
        broken,
        input,
        place: start,
        source: Arc::new(Source(Places::new(Arc::from(text), start))),
    };
    Record::Resource(Box::new(resource))
}

/// The row, and the attributes that are read.
fn parts(
    projection: &Projection,
    members: &Members,
    (view, wanted): (Option<&ResourceView>, Attributes),
    text: &str,
) -> Result<(Vec<Value>, ResourceAttributes), Fault> {
    let slots = match (view, members.properties) {
        (Some(view), Some(at)) => {
            read_row(projection, view.layout, &mut Cursor::new(text).moved(at))?
        }
        // A collector that gives no properties has not seen any: that is not the same as an empty set.
        (Some(_), None) => {
            return Err(Fault { at: 0, what: "the resource has no `properties`".to_owned() });
        }
        (None, _) => Vec::new(),
    };
    Ok((slots, attributes(members, wanted, text)?))
}

fn attributes(
    members: &Members,
    wanted: Attributes,
    text: &str,
) -> Result<ResourceAttributes, Fault> {
    let open = |name: &str| {
        Value::unknown(Origin::Computed, &format!("the inventory does not give the {name}"))
    };
    let properties = match (wanted.properties, members.properties) {
        (true, Some(at)) => read_json(&mut Cursor::new(text).moved(at))?,
        (true, None) => Value::map([]),
        (false, _) => Value::Absent,
    };
    Ok(ResourceAttributes {
        arn: members.arn.clone().unwrap_or_else(|| open("ARN")),
        name: members.name.clone().unwrap_or(Value::Absent),
        tags: members.tags.clone().unwrap_or_else(|| Value::map([])),
        created: members.created.clone().unwrap_or(Value::Absent),
        properties,
        metadata: Value::map([]),
        attributes: Value::map([]),
    })
}
