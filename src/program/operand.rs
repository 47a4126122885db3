//! What instructions work on: registers, places in tables, attributes, kinds of loops.

use serde::{Deserialize, Serialize};

/// A register of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Reg(pub u16);

/// An entry of the constant pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstIdx(pub u32);

/// An instruction of the same chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Addr(pub u32);

/// A chunk of the program: a function, a block of a control, a constant expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChunkIdx(pub u32);

/// A slot of a row or a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotIdx(pub u16);

/// A standard function, in the program's table of those that it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuiltinIdx(pub u16);

/// A join, in the program's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinIdx(pub u16);

/// A test for a type, in the program's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestIdx(pub u16);

/// A parameter, in the program's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParamIdx(pub u16);

/// What is computed once for each subject, in the program's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SharedIdx(pub u16);

/// A lazily evaluated `let` of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetIdx(pub u16);

/// A common attribute of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the attributes")]
pub enum Attribute {
    Id,
    Type,
    Account,
    Region,
    Arn,
    Name,
    Tags,
    Created,
    Properties,
    Metadata,
    Attributes,
}

impl Attribute {
    /// Every attribute.
    pub const ALL: [Self; 11] = [
        Self::Id,
        Self::Type,
        Self::Account,
        Self::Region,
        Self::Arn,
        Self::Name,
        Self::Tags,
        Self::Created,
        Self::Properties,
        Self::Metadata,
        Self::Attributes,
    ];

    /// Its name in the language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Type => "type",
            Self::Account => "account",
            Self::Region => "region",
            Self::Arn => "arn",
            Self::Name => "name",
            Self::Tags => "tags",
            Self::Created => "created",
            Self::Properties => "properties",
            Self::Metadata => "metadata",
            Self::Attributes => "attributes",
        }
    }

    /// The attribute with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }
}

/// How a loop folds its rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopKind {
    /// True where the body is true of every element.
    All,
    /// True where the body is true of some element.
    Any,
    /// True where the body is true of no element.
    None,
    /// True where the body is true of exactly one element.
    One,
    /// Makes a list; the outermost loop of a comprehension.
    Collect,
    /// An inner loop of a comprehension: what it collects goes to the outermost.
    Inner,
}
