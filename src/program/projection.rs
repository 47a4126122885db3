//! What a program reads of a snapshot: the resource types, and of each record the fields.
//!
//! There is one [`Layout`] a record or resource type, with one slot for each field that the
//! program reads anywhere (through any control, function, join or adapter). The readers fill rows
//! of slots by it and skip all else; an instruction reads a slot by its number.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::base::{Arena, Idx, Names, Symbol};
use crate::value::{LayoutId, LayoutMark, Text, Value};

/// All that a program reads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Projection {
    layouts: Arena<Layout>,
    /// The resource types that the program asks about. A resource of another type is skipped
    /// (counted only), unless [`Projection::any`] is set.
    pub resources: Names<ResourceView>,
    /// Some control speaks of every resource (`for r in Resource`): rows with no slots are wanted
    /// for the types that [`Projection::resources`] does not name; these attributes of them.
    pub any: Option<Attributes>,
    /// A control that speaks of every resource joins: every row must be kept to the end of the input.
    pub keep_all: bool,
    /// Every resource type that has a schema in the library, sorted: a template's resource of another type
    /// is a gap, since what it makes is not known.
    pub known_types: Vec<Symbol>,
    /// The properties that some schema of the program marks sensitive: a line of an input that
    /// holds one is not shown.
    pub sensitive: Vec<Sensitive>,
}

/// A property that is not shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sensitive {
    /// The resource type in which it stands, however deep; `None` for a record of no type.
    pub owner: Option<Symbol>,
    /// Its name.
    pub name: Symbol,
}

/// What is read of the resources of one type.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResourceView {
    /// The slots of a row.
    pub layout: LayoutId,
    /// Which common attributes are read besides `id`, `type`, `account`, `region`.
    pub attributes: Attributes,
    /// Whether rows must be kept to the end of the input: the type is the target or source of a
    /// join, or its controls join. Else a row may go as soon as its controls have run.
    pub keep: bool,
    /// The properties that identify a resource, those of them that are in the layout.
    pub identified_by: Vec<Symbol>,
}

/// Which common attributes are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are the attributes")]
#[expect(clippy::struct_excessive_bools, reason = "a set of named attributes")]
pub struct Attributes {
    pub arn: bool,
    pub name: bool,
    pub tags: bool,
    pub created: bool,
    pub properties: bool,
    pub metadata: bool,
    pub attributes: bool,
}

/// The slots of a record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Layout {
    /// The record's or resource's type.
    pub name: Symbol,
    /// The slots, in order.
    pub slots: Names<Slot>,
    /// A row of live data that gives nothing; made by the reader that first wants it.
    #[serde(skip)]
    pub blank: OnceLock<Vec<Value>>,
}

/// A field that is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Slot {
    /// How its JSON is read.
    pub shape: Shape,
    /// Whether it may be left out.
    pub presence: Presence,
    /// The provider makes it: where a snapshot does not give it, it is open, not broken or absent.
    /// In a template it is the symbol of that attribute.
    pub read_only: bool,
    /// It cannot be read back: where a live item does not give it, it is open.
    pub write_only: bool,
    /// Whether the field identifies its resource, or is the target of some reference of the
    /// program's schemas: symbols of it differ from resource to resource.
    pub identifies: bool,
}

/// Whether a field may be left out of the data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Presence {
    /// It must be there: where it is not, the slot is broken (``required property `X` is missing``).
    Required,
    /// Then the slot is absent.
    Optional,
    /// Then the slot is this, marked with the origin `default`.
    Default(Value),
}

/// How a piece of JSON becomes a value. Templates coerce scalars by it, as CloudFormation does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Shape {
    /// `true`, `false`.
    Bool,
    /// 64 bits.
    Int,
    /// A number.
    Float,
    /// Text.
    Text,
    /// One of these texts; another text is broken data (``expected one of …, found …``).
    Enum(Vec<Text>),
    /// RFC 3339 text, or a number of seconds (with a fraction) or milliseconds since 1970.
    Timestamp,
    /// A duration of the language in text; only in schemas of one's own.
    Duration,
    /// Text in CIDR notation.
    Cidr,
    /// Text of an address.
    Ip,
    /// Text of a semantic version.
    Version,
    /// Anything, as it is: objects are maps.
    Json,
    /// A JSON array.
    List(Box<Shape>),
    /// A JSON object with any keys.
    Map(Box<Shape>),
    /// A JSON object read by a layout.
    Record(LayoutId),
}

impl Projection {
    /// Whether a property of this name is not shown of a resource of this type.
    pub fn hides(&self, kind: &str, name: &str) -> bool {
        let of = |own: &Sensitive| own.owner.as_ref().is_none_or(|owner| **owner == *kind);
        self.sensitive.iter().any(|own| *own.name == *name && of(own))
    }

    /// Whether rows of this type must be kept to the end of the input.
    pub fn keeps(&self, kind: &str) -> bool {
        self.keep_all || self.resources.get(kind).is_some_and(|view| view.keep)
    }

    /// Nothing is read.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a layout in. Layouts may refer to each other and to themselves.
    pub fn add_layout(&mut self, layout: Layout) -> LayoutId {
        let idx = self.layouts.add(layout);
        Idx::<LayoutMark>::new(idx.raw())
    }

    /// The layout; an empty one where the number is foreign.
    pub fn layout(&self, id: LayoutId) -> Option<&Layout> {
        self.layouts.get(Idx::new(id.raw()))
    }

    /// The layout, to be filled.
    pub fn layout_mut(&mut self, id: LayoutId) -> Option<&mut Layout> {
        let idx = Idx::new(id.raw());
        self.layouts.get(idx)?;
        Some(self.layouts.at_mut(idx))
    }

    /// All layouts, with their numbers.
    pub fn layouts(&self) -> impl Iterator<Item = (LayoutId, &Layout)> {
        self.layouts.iter_with_idx().map(|(idx, layout)| (Idx::new(idx.raw()), layout))
    }
}

impl Layout {
    /// A layout without slots.
    pub fn new(name: Symbol) -> Self {
        Self { name, slots: Names::default(), blank: OnceLock::new() }
    }

    /// The number of the field's slot.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get_index_of(name)
    }
}
