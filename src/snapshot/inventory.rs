//! Inventories: our own neutral form, a resource a line (NDJSON) or one JSON array, streamed.
//!
//! `{"type","id","account"?,"region"?,"arn"?,"name"?,"tags"?,"created"?,"properties":{…}}`, keys in any
//! order; `{"gap":{"type"?,"account"?,"region"?,"reason"}}` says what the collector could not see.

use std::io::{self, Read};
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::program::projection::{Attributes, Shape};
use crate::value::{Broken, Origin, Step, Text, Value};

use super::model::{Gap, Locate, Located, Resource, ResourceAttributes};
use super::row;
use super::scan::{Cursor, Fault, Kind, read_json, read_row, read_shape};

/// The longest text of one resource, in bytes.
const MAX_RESOURCE: usize = 64 << 20;

/// What a text of an inventory turned out to be.
#[derive(Debug)]
pub enum Record {
    /// A resource that the program asks about.
    Resource(Box<Resource>),
    /// A resource of a type that nobody asks about.
    Skipped,
    /// Something that the collector could not see.
    Gap(Gap),
    /// Text that is no resource; the rest goes on.
    Bad(LineColumn, String),
}

/// Why reading stopped.
#[derive(Debug)]
pub struct Stopped {
    /// Where.
    pub place: LineColumn,
    /// One clause.
    pub what: String,
}

/// Reads an inventory and hands over each record as it is read.
///
/// # Errors
///
/// Where the input cannot be read on: it cannot be read at all, it ends too early, or an array is
/// malformed. What was handed over before stands.
pub fn read(
    projection: &Projection,
    input: u32,
    mut bytes: impl Read,
    mut sink: impl FnMut(Record),
) -> Result<u64, Stopped> {
    let mut reader =
        Splitter { buffer: Vec::new(), line: 1, column: 1, total: 0, array: None, first: true };
    let mut chunk = vec![0; 256 << 10];
    loop {
        let count = match bytes.read(&mut chunk) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reader.stopped(format!("cannot be read on: {error}"))),
        };
        reader.buffer.extend_from_slice(chunk.get(..count).unwrap_or(&[]));
        reader.total += count as u64;
        while let Some((text, place)) = reader.next(count == 0)? {
            sink(record(projection, input, &text, place));
        }
        if count == 0 {
            return Ok(reader.total);
        }
    }
}

/// Cuts the input into the texts of its resources, counting lines.
struct Splitter {
    buffer: Vec<u8>,
    line: u32,
    column: u32,
    total: u64,
    /// Whether it is an array; unknown before the first byte that is no white space.
    array: Option<bool>,
    first: bool,
}

impl Splitter {
    fn stopped(&self, what: String) -> Stopped {
        Stopped { place: LineColumn { line: self.line, column: self.column }, what }
    }

    /// Takes bytes off the front, counting lines and columns.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.buffer.split_off(count.min(self.buffer.len()));
        let taken = std::mem::replace(&mut self.buffer, rest);
        for byte in &taken {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xc0 != 0x80 {
                self.column += 1;
            }
        }
        taken
    }

    fn next(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        if self.total == self.buffer.len() as u64 && self.buffer.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.buffer.drain(..3);
        }
        self.space();
        let Some(byte) = self.buffer.first().copied() else {
            return match (end, self.array) {
                (true, Some(true)) => {
                    Err(self.stopped("the array does not end: the input is cut off".to_owned()))
                }
                _ => Ok(None),
            };
        };
        match self.array {
            None => {
                self.array = Some(byte == b'[');
                if byte == b'[' {
                    self.take(1);
                    return self.next(end);
                }
                self.line_text(end)
            }
            Some(false) => self.line_text(end),
            Some(true) => self.element(end),
        }
    }

    fn space(&mut self) {
        let count = self.buffer.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if count > 0 {
            self.take(count);
        }
    }

    fn line_text(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        let place = LineColumn { line: self.line, column: self.column };
        match memchr::memchr(b'\n', &self.buffer) {
            Some(at) => {
                let text = self.take(at);
                Ok(Some((text, place)))
            }
            None if end => {
                let len = self.buffer.len();
                Ok(Some((self.take(len), place)))
            }
            None if self.buffer.len() > MAX_RESOURCE => {
                Err(self.stopped("a line of over 64 MiB".to_owned()))
            }
            None => Ok(None),
        }
    }

    fn element(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        match self.buffer.first() {
            Some(b']') => {
                self.take(1);
                self.space();
                self.array = Some(false);
                return if self.buffer.is_empty() {
                    Ok(None)
                } else {
                    Err(self.stopped("text after the array".to_owned()))
                };
            }
            Some(b',') if !self.first => {
                self.take(1);
                self.space();
            }
            Some(_) if !self.first => return Err(self.stopped("expected `,` or `]`".to_owned())),
            _ => {}
        }
        let place = LineColumn { line: self.line, column: self.column };
        match value_length(&self.buffer) {
            Some(length) => {
                self.first = false;
                Ok(Some((self.take(length), place)))
            }
            None if end => Err(self.stopped("the input is cut off within a resource".to_owned())),
            None if self.buffer.len() > MAX_RESOURCE => {
                Err(self.stopped("a resource of over 64 MiB".to_owned()))
            }
            None => {
                // The comma is read again with more input; put it back.
                if !self.first {
                    self.buffer.insert(0, b',');
                    self.column = self.column.saturating_sub(1);
                }
                Ok(None)
            }
        }
    }
}

/// How long the value at the start is: to the bracket that closes it, or to what ends a scalar.
fn value_length(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0u32;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b',' | b']' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// The text of one resource, kept to find places in it.
#[derive(Debug)]
struct Source {
    text: Text,
    start: LineColumn,
}

fn place_in(text: &str, start: LineColumn, at: usize) -> LineColumn {
    let before = text.get(..at).unwrap_or(text);
    let lines = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or("").chars().count();
    let lines = u32::try_from(lines).unwrap_or(u32::MAX);
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    match lines {
        0 => LineColumn { line: start.line, column: start.column + column },
        _ => LineColumn { line: start.line + lines, column: column + 1 },
    }
}

fn record(projection: &Projection, input: u32, bytes: &[u8], start: LineColumn) -> Record {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => return Record::Bad(start, "no UTF-8".to_owned()),
    };
    match resource(projection, input, text, start) {
        Ok(record) => record,
        Err(fault) => Record::Bad(place_in(text, start, fault.at), fault.what),
    }
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
    properties: Option<usize>,
}

const MEMBERS: [&str; 9] =
    ["type", "id", "account", "region", "arn", "name", "tags", "created", "properties"];

fn resource(
    projection: &Projection,
    input: u32,
    text: &str,
    start: LineColumn,
) -> Result<Record, Fault> {
    let mut cursor = Cursor::new(text);
    if cursor.kind()? != Kind::Object {
        return cursor.fault("expected a resource: an object with `type`, `id` and `properties`");
    }
    let mut members = Members::default();
    let mut seen: Vec<String> = Vec::new();
    cursor.open(b'{')?;
    while cursor.more(b'}', seen.is_empty())? {
        cursor.space();
        let at = cursor.at();
        let key = cursor.key()?.into_owned();
        if seen.contains(&key) {
            return Err(Fault { at, what: format!("key `{key}` stands twice in one object") });
        }
        member(&mut members, &key, &mut cursor, at, (input, start, text)).or_else(|other| {
            match other {
                Member::Fault(fault) => Err(fault),
                Member::Gap(gap) => {
                    seen.push("gap".to_owned());
                    members.kind = Some(String::new());
                    members.id = gap.kind.as_ref().map(ToString::to_string);
                    members.name = Some(Value::Text(gap.reason));
                    members.account = gap.account.map(Value::Text);
                    members.region = gap.region.map(Value::Text);
                    Ok(())
                }
            }
        })?;
        seen.push(key);
    }
    cursor.end()?;
    if seen.iter().any(|key| key == "gap") {
        let text_of = |value: Option<Value>| match value {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        let reason = text_of(members.name).unwrap_or_else(|| Arc::from("no reason given"));
        let (account, region) = (text_of(members.account), text_of(members.region));
        let kind = members.id.map(Symbol::from);
        return Ok(Record::Gap(Gap { kind, account, region, reason, input, place: start }));
    }
    let missing =
        |name: &str| Fault { at: 0, what: format!("a resource has a `{name}`; this one has none") };
    let kind = members.kind.take().ok_or_else(|| missing("type"))?;
    let id = members.id.take().ok_or_else(|| missing("id"))?;
    finish(projection, members, (&kind, &id), (input, start, text))
}

enum Member {
    Fault(Fault),
    Gap(Gap),
}

impl From<Fault> for Member {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

fn member(
    members: &mut Members,
    key: &str,
    cursor: &mut Cursor<'_>,
    at: usize,
    (input, place, _): (u32, LineColumn, &str),
) -> Result<(), Member> {
    match key {
        "type" => members.kind = Some(cursor.text()?.into_owned()),
        "id" => members.id = Some(cursor.text()?.into_owned()),
        "account" => members.account = Some(text(cursor)?),
        "region" => members.region = Some(text(cursor)?),
        "arn" => members.arn = Some(text(cursor)?),
        "name" => members.name = Some(text(cursor)?),
        "tags" => {
            members.tags =
                Some(read_shape(&Projection::new(), &Shape::Map(Box::new(Shape::Text)), cursor)?);
        }
        "created" => {
            members.created = Some(read_shape(&Projection::new(), &Shape::Timestamp, cursor)?);
        }
        "properties" => {
            cursor.space();
            members.properties = Some(cursor.at());
            if cursor.kind()? != Kind::Object {
                return Err(Fault {
                    at: cursor.at(),
                    what: "`properties` is no object".to_owned(),
                }
                .into());
            }
            cursor.skip()?;
        }
        "gap" => {
            let Value::Map(map) = read_json(cursor)? else {
                return Err(Fault { at, what: "`gap` is no object".to_owned() }.into());
            };
            let get = |name: &str| match map.entries.get(name) {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            };
            let reason = get("reason").unwrap_or_else(|| Arc::from("no reason given"));
            let kind = get("type").map(|kind| Symbol::new(&kind));
            return Err(Member::Gap(Gap {
                kind,
                account: get("account"),
                region: get("region"),
                reason,
                input,
                place,
            }));
        }
        other => {
            let near = crate::base::distance::closest(other, MEMBERS);
            let mend =
                near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Fault { at, what: format!("a resource has no `{other}`{mend}") }.into());
        }
    }
    Ok(())
}

fn text(cursor: &mut Cursor<'_>) -> Result<Value, Fault> {
    read_shape(&Projection::new(), &Shape::Text, cursor)
}

fn finish(
    projection: &Projection,
    members: Members,
    (kind, id): (&str, &str),
    (input, start, text): (u32, LineColumn, &str),
) -> Result<Record, Fault> {
    let view = projection.resources.get(kind);
    let wanted = match (view, projection.any) {
        (Some(view), _) => view.attributes,
        (None, Some(any)) => any,
        (None, None) => return Ok(Record::Skipped),
    };
    let mut broken = None;
    let slots = match view {
        Some(view) => {
            let layout = projection.layout(view.layout);
            match members.properties {
                Some(at) => read_row(projection, view.layout, &mut Cursor::new(text).moved(at))
                    .unwrap_or_else(|fault| {
                        let place = place_in(text, start, fault.at);
                        let reason = format!(
                            "{} (line {}, column {})",
                            fault.what, place.line, place.column
                        );
                        broken = Some(Arc::new(Broken { reason: Arc::from(reason) }));
                        Vec::new()
                    }),
                None => layout.map(|layout| row::empty(layout, None)).unwrap_or_default(),
            }
        }
        None => Vec::new(),
    };
    let open = |name: &str| {
        Value::unknown(Origin::Computed, &format!("the inventory does not give the {name}"))
    };
    let attributes = attributes(&members, wanted, text)?;
    let resource = Resource {
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
        source: Arc::new(Source { text: Arc::from(text), start }),
    };
    Ok(Record::Resource(Box::new(resource)))
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

impl Locate for Source {
    fn locate(&self, path: &[Step]) -> Located {
        let mut pointer = String::new();
        let mut keys: Vec<String> = Vec::new();
        for step in path {
            match step {
                Step::Attribute(name) => keys.push(name.to_string()),
                Step::Key(key) => {
                    if keys.is_empty() {
                        keys.push("properties".to_owned());
                    }
                    keys.push(key.to_string());
                }
                Step::Element(n) => keys.push(n.to_string()),
            }
        }
        for key in &keys {
            pointer.push('/');
            pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        }
        let mut cursor = Cursor::new(&self.text);
        let mut at = 0;
        for key in &keys {
            match descend(&mut cursor, key) {
                Ok(true) => at = cursor.at(),
                _ => break,
            }
        }
        Located { pointer, place: place_in(&self.text, self.start, at) }
    }
}

/// Moves to the member or element; false where there is none.
fn descend(cursor: &mut Cursor<'_>, key: &str) -> Result<bool, Fault> {
    match cursor.kind()? {
        Kind::Object => {
            cursor.open(b'{')?;
            let mut first = true;
            while cursor.more(b'}', first)? {
                first = false;
                let found = cursor.key()? == key;
                cursor.space();
                if found {
                    return Ok(true);
                }
                cursor.skip()?;
            }
            Ok(false)
        }
        Kind::List => {
            cursor.open(b'[')?;
            let wanted: usize = key.parse().unwrap_or(usize::MAX);
            let mut at = 0;
            while cursor.more(b']', at == 0)? {
                cursor.space();
                if at == wanted {
                    return Ok(true);
                }
                cursor.skip()?;
                at += 1;
            }
            Ok(false)
        }
        _ => Ok(false),
    }
}
