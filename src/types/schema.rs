//! Records and resource types: their fields, what is optional, what refers to what.

use indexmap::IndexMap;

use crate::base::{Idx, Span, Symbol};
use crate::value::Value;

use super::TypeId;

/// The number of a record or resource type.
pub type RecordId = Idx<RecordType>;

/// A record or resource type.
#[derive(Clone, Debug)]
pub struct RecordType {
    /// `AWS::S3::Bucket`, `AWS::S3::Bucket.Rule`, `Point`; for a record that was written in braces
    /// and has no declaration: `{ A, B }`.
    pub name: Symbol,
    /// Its fields, in order.
    pub fields: IndexMap<Symbol, Field>,
    /// What a resource type has beyond a record.
    pub resource: Option<ResourceInfo>,
    /// Whether it was declared (else it is the type of a record in braces: any record with fields
    /// that fit may stand for it).
    pub declared: bool,
    /// The doc comment.
    pub docs: String,
    /// Where it was declared.
    pub span: Option<Span>,
}

/// What a resource type has beyond a record.
#[derive(Clone, Debug, Default)]
pub struct ResourceInfo {
    /// The properties that identify a resource (the registry's primary identifier, or those behind
    /// `identified by`).
    pub identified_by: Vec<Symbol>,
}

/// A property or field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, as in the JSON.
    pub name: Symbol,
    /// Its type, without the `?`.
    pub ty: TypeId,
    /// Whether it may be left out.
    pub presence: Presence,
    /// What its text (or the texts of its list) may refer to.
    pub references: Vec<Reference>,
    /// The provider makes it: unknown where a snapshot does not give it.
    pub read_only: bool,
    /// It cannot be read back: unknown in live items.
    pub write_only: bool,
    /// Never shown.
    pub sensitive: bool,
    /// The doc comment.
    pub docs: String,
    /// Where it was declared.
    pub span: Option<Span>,
}

/// Whether a field may be left out.
#[derive(Clone, Debug)]
pub enum Presence {
    /// It must be there: reading it is never absent.
    Required,
    /// It may be absent.
    Optional,
    /// It may be left out, and then is this (a constant): reading it is never absent.
    Default(Value),
}

/// What a text refers to: `AWS::KMS::Key.Arn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The type.
    pub resource: Symbol,
    /// The property of it that is given.
    pub property: Symbol,
}
