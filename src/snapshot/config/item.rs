//! One configuration item.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::pointer::push_key;
use crate::base::{LineColumn, Symbol};
use crate::program::projection::{Attributes, Shape};
use crate::program::{Part, Projection};
use crate::value::{Broken, Origin, Step, Text, Value, time};

use super::super::model::{Locate, Located, Resource, ResourceAttributes};
use super::super::scan::{Cursor, Fault, Kind, read_json, read_shape};
use super::document::{Document, descend};
use super::excerpt::excerpt;
use super::part::{partial, read_part};

/// What Config calls the region of resources that have none.
pub const GLOBAL: &str = "global";

/// Members that go by two names, and the one by which adapters know them.
pub(super) const NAMES: [(&str, &str); 4] = [
    ("ARN", "arn"),
    ("awsAccountId", "accountId"),
    ("configurationItemVersion", "version"),
    ("availibilityZone", "availabilityZone"),
];

/// What became of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is there.
    Recorded,
    /// It is there, and its configuration is not recorded.
    NotRecorded,
    /// It is gone.
    Deleted,
}

/// A configuration item.
#[derive(Debug)]
pub struct ConfigItem {
    /// The resource's type, in Config's words.
    pub kind: Symbol,
    /// The resource's id.
    pub id: Text,
    /// The account, where it is given.
    pub account: Option<Text>,
    /// The region, where it is given and the resource has one.
    pub region: Option<Text>,
    /// When the item was made, in microseconds since 1970.
    pub captured: Option<i64>,
    /// What became of the resource.
    pub state: State,
    /// Where the item begins.
    pub place: LineColumn,
    /// Whether it holds all that is recorded; an answer to a query holds what was asked for.
    pub whole: bool,
    /// What is wrong with it.
    pub broken: Option<Arc<Broken>>,
    input: u32,
    members: Members,
    source: Arc<Source>,
}

/// Where the members of an object stand, by the names by which adapters know them.
#[derive(Clone, Debug, Default)]
pub struct Members {
    at: IndexMap<String, usize>,
    /// Under which names they are written, where these differ.
    written: Vec<(&'static str, &'static str)>,
    /// A key that stands twice.
    twice: Option<Fault>,
}

impl Members {
    /// The members of the object at this byte.
    pub fn of(document: &Document, at: usize) -> Result<Self, Fault> {
        let mut members = Self::default();
        members.read(&mut document.cursor(at))?;
        Ok(members)
    }

    fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Fault> {
        cursor.open(b'{')?;
        let mut first = true;
        while cursor.more(b'}', first)? {
            first = false;
            cursor.space();
            let at = cursor.at();
            let key = cursor.key()?;
            let alias = NAMES.iter().find(|(written, _)| *written == key);
            let name = alias.map_or_else(|| key.to_string(), |(_, name)| (*name).to_owned());
            self.written.extend(alias.map(|(written, name)| (*name, *written)));
            cursor.space();
            if self.at.insert(name, cursor.at()).is_some() {
                let what = format!("key `{key}` stands twice in one object");
                self.twice.get_or_insert(Fault { at, what });
            }
            cursor.skip()?;
        }
        Ok(())
    }

    /// Where the member stands.
    pub fn get(&self, key: &str) -> Option<usize> {
        self.at.get(key).copied()
    }

    /// The text of a member; nothing for null.
    pub fn text(&self, document: &Document, key: &str) -> Result<Option<Text>, Fault> {
        let Some(at) = self.get(key) else { return Ok(None) };
        let mut cursor = document.cursor(at);
        match cursor.kind()? {
            Kind::Null => Ok(None),
            Kind::Text => cursor.text().map(|text| Some(Arc::from(&*text))),
            _ => Err(Fault { at, what: format!("`{key}` is no text") }),
        }
    }

    /// Their names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.at.keys().map(String::as_str)
    }

    /// Whether these are the members of an item.
    pub fn is_item(&self) -> bool {
        self.at.contains_key("resourceType")
            && ["resourceId", "configuration", "resourceName"]
                .iter()
                .any(|key| self.at.contains_key(*key))
    }
}

/// Reads the item at this byte.
pub fn read(
    document: &Arc<Document>,
    at: usize,
    members: Members,
    pointer: String,
    (input, whole): (u32, bool),
) -> Result<ConfigItem, Fault> {
    let text = |key: &str| members.text(document, key);
    if let Some(fault @ Fault { what, .. }) = &members.twice
        && ["resourceType", "resourceId"].iter().any(|key| what.contains(*key))
    {
        return Err(fault.clone());
    }
    let missing = |key: &str| Fault { at, what: format!("a configuration item has a `{key}`") };
    let kind = text("resourceType")?.ok_or_else(|| missing("resourceType"))?;
    let id = text("resourceId")?.or(text("resourceName")?);
    let id = id.ok_or_else(|| missing("resourceId"))?;
    let account = account(document, &members)?;
    let state = state(text("configurationItemStatus")?.as_deref());
    let region = text("awsRegion")?;
    let captured = captured(document, &members);
    let has_configuration = members.get("configuration").is_some();
    let source =
        Source { document: Arc::clone(document), at, pointer, written: members.written.clone() };
    let mut item = ConfigItem {
        kind: Symbol::new(&kind),
        id,
        account,
        region: region.filter(|region| &**region != GLOBAL),
        captured,
        state,
        place: document.place(at),
        whole: whole && has_configuration,
        broken: None,
        input,
        members,
        source: Arc::new(source),
    };
    item.check(document, whole);
    Ok(item)
}

/// The item of a text that is malformed after its type and id.
pub fn faulty(document: &Arc<Document>, pointer: &str, input: u32) -> Option<ConfigItem> {
    let mut members = Members::default();
    drop(members.read(&mut document.cursor(0)));
    let known = ["resourceType", "resourceId"].iter().all(|key| members.get(key).is_some());
    let item = known.then(|| read(document, 0, members, pointer.to_owned(), (input, true)));
    item.and_then(Result::ok)
}

/// The account as text; a number where some writer made one of it.
fn account(document: &Document, members: &Members) -> Result<Option<Text>, Fault> {
    let Some(at) = members.get("accountId") else { return Ok(None) };
    let mut cursor = document.cursor(at);
    match cursor.kind()? {
        Kind::Number => cursor.number().map(|n| Some(Arc::from(format!("{n:0>12}")))),
        _ => members.text(document, "accountId"),
    }
}

/// <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html>
fn state(status: Option<&str>) -> State {
    match status {
        Some("ResourceDeleted" | "ResourceDeletedNotRecorded") => State::Deleted,
        Some("ResourceNotRecorded") => State::NotRecorded,
        _ => State::Recorded,
    }
}

/// When the item was made: text or numbers; in recordings an object, or text as a program prints it.
fn captured(document: &Document, members: &Members) -> Option<i64> {
    let at = members.get("configurationItemCaptureTime")?;
    let whole = Part { whole: true, ..Part::default() };
    match read_part(&mut document.cursor(at), &whole).ok()? {
        Value::Timestamp(at) => Some(at),
        Value::Text(text) => {
            time::parse(&text).or_else(|| time::parse(&text.replacen(' ', "T", 1)))
        }
        _ => match read_shape(&Projection::new(), &Shape::Timestamp, &mut document.cursor(at)) {
            Ok(Value::Timestamp(at)) => Some(at),
            _ => None,
        },
    }
}

impl ConfigItem {
    /// All controls that read the resource are an error.
    pub fn spoil(&mut self, LineColumn { line, column }: LineColumn, what: &str) {
        let reason = format!("{what} (line {line}, column {column})");
        self.broken.get_or_insert_with(|| Arc::new(Broken { reason: reason.into() }));
        // That it is gone, or not recorded, cannot be believed of what is wrong.
        self.state = State::Recorded;
    }

    /// What is wrong with the item as a whole.
    fn check(&mut self, document: &Document, whole: bool) {
        if let Some(fault) = self.members.twice.clone() {
            self.spoil(document.place(fault.at), &fault.what);
        }
        let Some(at) = self.members.get("configuration") else {
            if whole && self.state == State::Recorded {
                self.spoil(self.place, "the item has no `configuration`");
            }
            return;
        };
        if document.cursor(at).kind() == Ok(Kind::Null) && self.state == State::Recorded {
            self.spoil(document.place(at), "the item's `configuration` is null");
        }
    }

    /// The item as an adapter sees it.
    ///
    /// # Errors
    ///
    /// Where a part that is read is malformed.
    pub fn value(&self, part: &Part) -> Result<Value, Arc<Broken>> {
        let document = &self.source.document;
        let entries = part.fields.iter().filter_map(|(name, part)| {
            let at = self.members.get(name)?;
            Some((name.text(), read_part(&mut document.cursor(at), part)))
        });
        let mut out = Vec::new();
        for (name, value) in entries {
            let value = value.map_err(|fault| {
                let LineColumn { line, column } = document.place(fault.at);
                let reason = format!("{} (line {line}, column {column})", fault.what);
                Arc::new(Broken { reason: reason.into() })
            })?;
            out.push((name, value));
        }
        let value = Value::map(out);
        Ok(match self.whole {
            true => value,
            false => partial(value, &Arc::from(PARTIAL)),
        })
    }

    /// The way back to no more of the item than an adapter of these parts reads. None for what is wrong: all of
    /// it may be asked for.
    pub fn excerpt(&self, part: &Part) -> Option<Arc<dyn Locate>> {
        if self.broken.is_some() {
            return None;
        }
        let document = excerpt(&self.source.document, self.source.at, part)?;
        Some(Arc::new(Source {
            document: Arc::new(document),
            at: 0,
            pointer: self.source.pointer.clone(),
            written: self.source.written.clone(),
        }))
    }

    /// The resource without its row.
    pub fn resource(&self, kind: Symbol, wanted: Attributes) -> Resource {
        let open = |what: &str| {
            Value::unknown(Origin::Computed, &format!("the item does not give the {what}"))
        };
        let text = |text: &Option<Text>| text.clone().map(Value::Text);
        Resource {
            kind,
            layout: None,
            slots: Vec::new(),
            id: self.id.clone(),
            account: text(&self.account).unwrap_or_else(|| open("account")),
            region: text(&self.region).unwrap_or_else(|| open("region")),
            attributes: self.attributes(wanted),
            maybe: None,
            broken: self.broken.clone(),
            adapter: None,
            input: self.input,
            place: self.place,
            source: self.source.clone(),
            text: 0,
        }
    }

    fn attributes(&self, wanted: Attributes) -> ResourceAttributes {
        let open = |what: &str| {
            Value::perhaps(Origin::Computed, &format!("the item does not give the {what}"))
        };
        let get = |wanted: bool, key: &str, what: &str| match self.members.get(key) {
            _ if !wanted => Value::Absent,
            Some(at) => self.read(at, key),
            None => open(what),
        };
        let properties = match get(wanted.properties, "configuration", "configuration") {
            Value::Text(text) => read_json(&mut Cursor::new(&text)).unwrap_or(Value::Text(text)),
            value => value,
        };
        ResourceAttributes {
            arn: get(wanted.arn, "arn", "ARN"),
            name: get(wanted.name, "resourceName", "name"),
            tags: if wanted.tags { self.tags() } else { Value::Absent },
            created: get(wanted.created, "resourceCreationTime", "time of creation"),
            properties,
            metadata: Value::map([]),
            attributes: Value::map([]),
        }
    }

    fn read(&self, at: usize, key: &str) -> Value {
        let mut cursor = self.source.document.cursor(at);
        let read = match key {
            "resourceCreationTime" => {
                read_shape(&Projection::new(), &Shape::Timestamp, &mut cursor)
            }
            "configuration" => read_json(&mut cursor),
            _ => read_shape(&Projection::new(), &Shape::Text, &mut cursor),
        };
        read.unwrap_or_else(|fault| Value::broken(&fault.what))
    }

    /// Tags as an object, or as a list of objects with a key and a value.
    fn tags(&self) -> Value {
        let open = || Value::perhaps(Origin::Computed, "the item does not give the tags");
        let Some(at) = self.members.get("tags") else { return open() };
        let whole = Part { whole: true, ..Part::default() };
        match read_part(&mut self.source.document.cursor(at), &whole) {
            Ok(Value::Absent) => Value::map([]),
            Ok(Value::List(list)) => {
                let pair = |value: &Value| {
                    let Value::Map(map) = value else { return None };
                    let get = |a: &str, b: &str| map.entries.get(a).or_else(|| map.entries.get(b));
                    let key = get("key", "Key").and_then(Value::as_text)?;
                    Some((key.clone(), get("value", "Value")?.clone()))
                };
                let pairs: Option<Vec<_>> =
                    list.items.iter().map(|item| pair(&item.value)).collect();
                pairs.map_or_else(|| Value::broken("expected tags"), Value::map)
            }
            Ok(value @ Value::Map(_)) => value,
            Ok(_) => Value::broken("expected tags: an object, or a list of keys and values"),
            Err(fault) => Value::broken(&fault.what),
        }
    }
}

const PARTIAL: &str = "the answer to a query holds only what was asked for";

/// The way back to the item.
#[derive(Debug)]
struct Source {
    document: Arc<Document>,
    at: usize,
    pointer: String,
    written: Vec<(&'static str, &'static str)>,
}

impl Source {
    /// The keys from the item to the value.
    fn keys(&self, path: &[Step]) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for (n, step) in path.iter().enumerate() {
            match step {
                Step::Attribute(name) if n == 0 => match name.as_str() {
                    "item" => {}
                    "account" => keys.push("accountId".to_owned()),
                    "region" => keys.push("awsRegion".to_owned()),
                    "name" => keys.push("resourceName".to_owned()),
                    "created" => keys.push("resourceCreationTime".to_owned()),
                    "properties" => keys.push("configuration".to_owned()),
                    other => keys.push(other.to_owned()),
                },
                Step::Attribute(name) => keys.push(name.to_string()),
                Step::Key(key) => keys.push(key.to_string()),
                Step::Element(n) => keys.push(n.to_string()),
            }
        }
        if let Some(first) = keys.first_mut()
            && let Some((_, written)) = self.written.iter().find(|(name, _)| name == first)
        {
            *first = (*written).to_owned();
        }
        keys
    }
}

impl Locate for Source {
    fn locate(&self, _text: u32, path: &[Step]) -> Located {
        let keys = self.keys(path);
        let mut pointer = self.pointer.clone();
        for key in &keys {
            push_key(&mut pointer, key);
        }
        let mut place = (Arc::clone(&self.document), self.at);
        for key in &keys {
            match descend(&place.0, place.1, key) {
                Some(inner) => place = inner,
                None => break,
            }
        }
        Located { pointer, place: place.0.place(place.1) }
    }

    fn item(&self, part: &Part) -> Option<Value> {
        let members = Members::of(&self.document, self.at).ok()?;
        let entries = part.fields.iter().filter_map(|(name, part)| {
            let at = members.get(name)?;
            Some((name.text(), read_part(&mut self.document.cursor(at), part).ok()?))
        });
        Some(Value::map(entries.collect::<Vec<_>>()))
    }
}
