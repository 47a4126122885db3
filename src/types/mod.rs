//! Types and the schema model: what the checker computes with and what readers coerce by.

pub mod display;
mod relations;
pub mod schema;

pub use schema::{Field, Presence, RecordId, RecordType, Reference, ResourceInfo};

use indexmap::{IndexMap, IndexSet};

use crate::base::{Arena, Idx, Symbol};

/// The number of an interned type: equal numbers, equal types.
pub type TypeId = Idx<Type>;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Something wrong, already reported: fits everywhere, silences follow-ups.
    Error,
    /// The type with no values: what `[]` holds, and what `absent` would be if it were there.
    Never,
    /// `Bool`.
    Bool,
    /// `Int`, 64 bits.
    Int,
    /// `Float`.
    Float,
    /// `String`.
    String,
    /// `Duration`.
    Duration,
    /// `Timestamp`.
    Timestamp,
    /// `Ip`.
    Ip,
    /// `Cidr`.
    Cidr,
    /// `Regex`.
    Regex,
    /// `Glob`.
    Glob,
    /// `Version`.
    Version,
    /// `Json`: anything.
    Json,
    /// One of these texts, in the order of their declaration.
    Enum(Vec<Symbol>),
    /// `[T]`.
    List(TypeId),
    /// `{T}`.
    Map(TypeId),
    /// `T?`; never of an optional.
    Option(TypeId),
    /// A record, declared or written in braces.
    Record(RecordId),
    /// A resource of this type.
    Resource(RecordId),
    /// One of these resources, or one of these records: what all have may be used. Two at least.
    Union(Vec<TypeId>),
    /// `Resource`: any type, the common attributes only.
    AnyResource,
}

/// Every type and every record of a program.
#[derive(Clone, Debug)]
pub struct Types {
    interned: IndexSet<Type>,
    /// Every record and resource type, declared or anonymous.
    pub records: Arena<RecordType>,
    /// The declared ones by their full name: `AWS::S3::Bucket`, `AWS::S3::Bucket.Rule`, `Point`.
    /// Records without owner are local to their module: `module.path.Point` is their key.
    pub by_name: IndexMap<Symbol, RecordId>,
}

impl Default for Types {
    fn default() -> Self {
        Self { interned: IndexSet::new(), records: Arena::new(), by_name: IndexMap::new() }
    }
}

impl Types {
    /// No types yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the type.
    pub fn intern(&mut self, ty: Type) -> TypeId {
        let (at, _) = self.interned.insert_full(ty);
        TypeId::new(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The type with this number.
    pub fn get(&self, id: TypeId) -> &Type {
        self.interned.get_index(id.index()).unwrap_or(&Type::Error)
    }

    /// `T?`; an optional stays as it is.
    pub fn optional(&mut self, id: TypeId) -> TypeId {
        match self.get(id) {
            Type::Option(_) | Type::Error => id,
            _ => self.intern(Type::Option(id)),
        }
    }

    /// `T` of a `T?`; any other type stays as it is.
    pub fn present(&self, id: TypeId) -> TypeId {
        match self.get(id) {
            Type::Option(inner) => *inner,
            _ => id,
        }
    }

    /// Whether it is a `T?`.
    pub fn is_optional(&self, id: TypeId) -> bool {
        matches!(self.get(id), Type::Option(_))
    }

    /// The declared record or resource type with this full name.
    pub fn find(&self, name: &str) -> Option<RecordId> {
        self.by_name.get(name).copied()
    }
}
