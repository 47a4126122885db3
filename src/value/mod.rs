//! The run-time value: known, absent, open (unknown in some way) or broken.
//!
//! Absent, open and false are three things (language.md, section 5). A value that a snapshot gives
//! may also be *broken*: its text does not fit its schema, which counts only when it is read.

pub mod answer;
pub mod arithmetic;
pub mod compare;
pub mod display;
pub mod glob;
pub mod json;
pub mod open;
pub mod segments;
pub mod shared;
pub mod time;
pub mod trap;

pub use answer::Answer;
pub use open::{Open, Origin, Segment, Shape, SymbolRef};
pub use trap::{Limit, Trap};

use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::sync::Arc;

use indexmap::IndexMap;
use ipnet::IpNet;

use crate::base::{Idx, Symbol};

/// Shared text.
pub type Text = Arc<str>;

/// A value in a register, a slot or a constant. Cheap to clone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Value {
    /// Known not to be there. JSON `null` outside templates reads as this, too.
    Absent,
    /// `true`, `false`.
    Bool(bool),
    /// 64 bits; overflow is an error.
    Int(i64),
    /// Never NaN, never infinite.
    Float(f64),
    /// Text; an enum's value is its text.
    Text(Text),
    /// Microseconds.
    Duration(i64),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// An address.
    Ip(IpAddr),
    /// A network in CIDR notation, host bits kept as written.
    Cidr(IpNet),
    /// A compiled regular expression.
    Regex(#[serde(with = "saved_regex")] Arc<regex::Regex>),
    /// A glob pattern (`*`, `?`, `[a-z]`), by its text.
    Glob(Text),
    /// A semantic version.
    Version(Arc<semver::Version>),
    /// A list. Also a JSON array.
    List(Arc<List>),
    /// A map from text. Also a JSON object.
    Map(Arc<Map>),
    /// A record of a layout.
    Record(Arc<Record>),
    /// A resource of the snapshot.
    Resource(ResourceId),
    /// Unknown in some way.
    Open(Arc<Open>),
    /// A value with a word on how it came about: a default, a parameter's value, a coerced text; in a
    /// traced run (the second run that finds the evidence) every value of a resource, absent, open
    /// and broken ones too, with its path. Whoever consumes a value goes through [`Value::plain`].
    /// INVARIANT: never nested directly in another `Marked`.
    Marked(Arc<Marked>),
    /// Data that breaks its schema: reading it is an `error`.
    Broken(Arc<Broken>),
}

/// A list; its elements may be open in three ways: the value, the presence, the tail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct List {
    /// The elements known of.
    pub items: Vec<Item>,
    /// Why there may be more elements than these; `None` where these are all.
    pub open: Option<Text>,
}

/// An element of a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Item {
    /// The element.
    pub value: Value,
    /// Whether it is open that it is in the list at all.
    pub maybe: bool,
}

/// A map from text, in the order of the source.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Map {
    /// The entries known of. An entry whose presence is open holds an [`Open`] that says so.
    pub entries: Entries,
    /// Why there may be more entries than these.
    pub open: Option<Text>,
}

/// Values by key.
pub type Entries = IndexMap<Text, Value, foldhash::fast::RandomState>;

/// Names a layout of the program's projection.
pub type LayoutId = Idx<LayoutMark>;

/// What a [`LayoutId`] counts; the layouts themselves are in `program::projection`.
#[derive(Debug)]
pub struct LayoutMark;

/// A record: one value a slot of its layout.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Which slots there are.
    pub layout: LayoutId,
    /// The values, by slot.
    pub slots: Vec<Value>,
}

/// The number of a resource in its snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceId(pub u32);

/// A value and how it came about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Marked {
    /// The value: not `Marked`.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
    /// The text that stood in the snapshot, where the schema wanted another type.
    pub coerced_from: Option<Text>,
    /// Which place of the snapshot it is, in a traced run.
    pub path: Option<Arc<Path>>,
}

/// A place in the snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Path {
    /// Of which resource.
    pub resource: ResourceId,
    /// The way there; never empty.
    pub steps: Vec<Step>,
}

/// A step from a resource to a value in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Step {
    /// A common attribute (`id`, `tags`, …); only as the first step.
    Attribute(Symbol),
    /// A property, a field, or a key of a map; as the first step, a property.
    Key(Text),
    /// An element of a list, from 0, counted as the evaluator sees the list.
    Element(u32),
}

/// Why a value cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// What is wrong: lowercase, one clause: ``expected Int, found text `"abc"` ``.
    pub reason: Text,
}

impl Value {
    /// Text.
    pub fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// A closed list of these.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        let items = values.into_iter().map(|value| Item { value, maybe: false }).collect();
        Self::List(Arc::new(List { items, open: None }))
    }

    /// A closed map of these.
    pub fn map(entries: impl IntoIterator<Item = (Text, Self)>) -> Self {
        Self::Map(Arc::new(Map { entries: entries.into_iter().collect(), open: None }))
    }

    /// A value of which only this is known: it is there, and why it is open.
    pub fn unknown(origin: Origin, cause: &str) -> Self {
        Self::Open(Arc::new(Open {
            shape: Shape::Any,
            present: true,
            origin,
            cause: Arc::from(cause),
        }))
    }

    /// A value of which not even the presence is known.
    pub fn perhaps(origin: Origin, cause: &str) -> Self {
        Self::Open(Arc::new(Open {
            shape: Shape::Any,
            present: false,
            origin,
            cause: Arc::from(cause),
        }))
    }

    /// Data that breaks its schema.
    pub fn broken(reason: &str) -> Self {
        Self::Broken(Arc::new(Broken { reason: Arc::from(reason) }))
    }

    /// The value with a word on how it came about; open and broken values are given back as they are.
    #[must_use]
    pub fn marked(self, origin: Origin) -> Self {
        match self {
            Self::Open(_) | Self::Broken(_) => self,
            Self::Marked(old) => Self::Marked(Arc::new(Marked { origin, ..(*old).clone() })),
            value => {
                Self::Marked(Arc::new(Marked { value, origin, coerced_from: None, path: None }))
            }
        }
    }

    /// The value without its mark.
    pub fn plain(&self) -> &Self {
        match self {
            Self::Marked(marked) => &marked.value,
            other => other,
        }
    }

    /// The text that the value certainly is.
    pub fn as_text(&self) -> Option<&Text> {
        match self.plain() {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Where the value came from (language.md, section 5: never unknown).
    pub fn origin(&self) -> Origin {
        match self {
            Self::Absent => Origin::Absent,
            Self::Open(open) => open.origin,
            Self::Marked(marked) => marked.origin,
            _ => Origin::Literal,
        }
    }
}

/// Regular expressions are saved as their text.
mod saved_regex {
    use std::sync::Arc;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        regex: &Arc<regex::Regex>,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.serialize_str(regex.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<regex::Regex>, D::Error> {
        let text = String::deserialize(from)?;
        let built = regex::RegexBuilder::new(&text).size_limit(1 << 20).build();
        built.map(Arc::new).map_err(D::Error::custom)
    }
}
