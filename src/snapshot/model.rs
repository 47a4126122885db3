//! What every reader gives: resources as rows of typed slots, gaps, and the way back to the text.

use std::fmt;
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::program::Part;
use crate::value::{Broken, LayoutId, ResourceId, Step, Text, Value};

/// A set of resources and what is not covered. Immutable once read.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What was read, in order.
    pub inputs: Vec<Input>,
    /// The resources that the program asks about, in the order of the inputs.
    pub resources: Vec<Resource>,
    /// What the snapshot says that it does not cover.
    pub gaps: Vec<Gap>,
}

impl Snapshot {
    /// The resource with this number.
    pub fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(id.0 as usize)
    }
}

/// One input of a run.
#[derive(Clone, Debug)]
pub struct Input {
    /// As the user named it; `-` for standard input.
    pub name: Text,
    /// What it is.
    pub source: SourceKind,
    /// How many resources it held, of any type.
    pub resources: u64,
    /// Its size in bytes, decompressed.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal; empty where the embedder computed none.
    pub sha256: String,
}

/// The kinds of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the words")]
pub enum SourceKind {
    CloudFormation,
    Inventory,
    Config,
    Terraform,
    /// The `given` resources of a test case.
    Test,
}

impl SourceKind {
    /// As in the report: `cloudformation`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CloudFormation => "cloudformation",
            Self::Inventory => "inventory",
            Self::Config => "config",
            Self::Terraform => "terraform",
            Self::Test => "test",
        }
    }
}

/// A resource: a row of its type's layout and its common attributes.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its type.
    pub kind: Symbol,
    /// The layout of `slots`; `None` for a type of which only attributes are read.
    pub layout: Option<LayoutId>,
    /// The properties that are read, by slot.
    pub slots: Vec<Value>,
    /// Its id: the logical id in a template, the `id` of an inventory.
    pub id: Text,
    /// The account, as text; open where the snapshot does not say.
    pub account: Value,
    /// The region, as text; open where the snapshot does not say.
    pub region: Value,
    /// The attributes that the program reads; `Value::Absent` for one that it does not.
    pub attributes: ResourceAttributes,
    /// Why it is open whether the resource exists at all (a template's open `Condition`).
    pub maybe: Option<Text>,
    /// Why every control that reads it is an `error` (a duplicate key in it, one bad line).
    pub broken: Option<Arc<Broken>>,
    /// The number of the adapter that made its row, in the program.
    pub adapter: Option<u32>,
    /// The number of its input in [`Snapshot::inputs`].
    pub input: u32,
    /// Where it begins in its input.
    pub place: LineColumn,
    /// The way from a property back to the text: one for all resources that were read together.
    pub source: Arc<dyn Locate>,
    /// The number of its text there.
    pub text: u32,
}

/// The common attributes that take work to make.
#[derive(Clone, Debug)]
pub struct ResourceAttributes {
    /// Text, or open.
    pub arn: Value,
    /// Text, absent, or open.
    pub name: Value,
    /// A map of texts; empty where there are none.
    pub tags: Value,
    /// A timestamp, absent, or open.
    pub created: Value,
    /// All properties, as JSON.
    pub properties: Value,
    /// A template's `Metadata`, as JSON; an empty map elsewhere.
    pub metadata: Value,
    /// A template's `DeletionPolicy`, `DependsOn` and so on, as JSON; an empty map elsewhere.
    pub attributes: Value,
}

impl Default for ResourceAttributes {
    fn default() -> Self {
        Self {
            arn: Value::Absent,
            name: Value::Absent,
            tags: Value::Absent,
            created: Value::Absent,
            properties: Value::Absent,
            metadata: Value::Absent,
            attributes: Value::Absent,
        }
    }
}

/// Where a value stands in its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// RFC 6901 pointer in the input's document: `/Resources/Data/Properties/Encrypted`. In NDJSON it
    /// is within the line's document.
    pub pointer: String,
    /// The place of the value; for one that is absent, of the innermost thing around it.
    pub place: LineColumn,
}

/// Finds values of a resource in its text. Only asked about findings, so it may take its time.
pub trait Locate: fmt::Debug + Send + Sync {
    /// In the text with this number, the place of the value at the end of the path, or, where it is absent,
    /// of the innermost thing on the path that is there (the pointer is still that of the whole path).
    fn locate(&self, text: u32, path: &[Step]) -> Located;

    /// These parts of the source's own item, where an adapter made the row of one.
    fn item(&self, _parts: &Part) -> Option<Value> {
        None
    }
}

/// What a snapshot does not cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The type; `None` for any.
    pub kind: Option<Symbol>,
    /// The account; `None` for any.
    pub account: Option<Text>,
    /// The region; `None` for any.
    pub region: Option<Text>,
    /// Why: ``access denied``, ``macro `X` may add resources``.
    pub reason: Text,
    /// The number of its input.
    pub input: u32,
    /// Where it is said.
    pub place: LineColumn,
}
