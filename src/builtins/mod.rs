//! The standard functions: what the checker knows of them and how they run.
//!
//! One file a family; each function is one entry with its signature, its doc, its examples (run as
//! tests, rendered as documentation) and its code.

mod arn;
mod convert;
mod iam;
mod iam_match;
mod iam_texts;
mod list;
mod net;
pub mod signature;
mod text;

pub use signature::{Builtin, BuiltinRecord, CallContext, Example, SigType};

use crate::value::{Item, Open, Origin, Shape, Text, Trap, Value};
use std::sync::Arc;

/// Declares the functions of one module of the library.
macro_rules! functions {
    ($table:ident, $module:literal; $(
        $id:literal $name:literal ($($arg:literal: $ty:expr),*) -> $result:expr,
        $docs:literal, [$($expr:literal => $value:literal),*], $run:path;
    )*) => {
        pub(super) const $table: &[Builtin] = &[$(Builtin {
            name: $name,
            id: $id,
            module: $module,
            args: &[$(($arg, $ty)),*],
            result: $result,
            docs: $docs,
            examples: &[$(crate::builtins::Example { expr: $expr, value: $value }),*],
            run: $run,
        }),*];
    };
}
pub(crate) use functions;

const FAMILIES: &[&[Builtin]] = &[
    list::FUNCTIONS,
    text::FUNCTIONS,
    convert::FUNCTIONS,
    convert::TIME,
    net::FUNCTIONS,
    arn::FUNCTIONS,
    iam::FUNCTIONS,
];

const RECORDS: &[&[BuiltinRecord]] = &[list::RECORDS, arn::RECORDS, iam::RECORDS];

/// Every standard function, forms of one name in the order in which they are tried.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The form of a function with this id.
pub fn find(id: &str) -> Option<&'static Builtin> {
    all().find(|builtin| builtin.id == id)
}

/// Every record type that standard functions make.
pub fn records() -> impl Iterator<Item = &'static BuiltinRecord> {
    RECORDS.iter().flat_map(|family| family.iter())
}

/// An open value in the place of a result: nothing is known of it but why.
fn open_like(open: &Open) -> Value {
    let open = Open {
        shape: Shape::Any,
        present: true,
        origin: open.origin,
        cause: Arc::clone(&open.cause),
    };
    Value::Open(Arc::new(open))
}

/// The same for a result that may turn out absent.
fn perhaps_like(open: &Open) -> Value {
    let open = Open {
        shape: Shape::Any,
        present: false,
        origin: open.origin,
        cause: Arc::clone(&open.cause),
    };
    Value::Open(Arc::new(open))
}

/// The elements that are known of, and why there may be more. An open list is one with nothing but a
/// tail; an absent one is empty.
fn elements(value: &Value) -> (&[Item], Option<&Text>) {
    match value {
        Value::List(list) => (&list.items, list.open.as_ref()),
        Value::Open(open) => (&[], Some(&open.cause)),
        _ => (&[], None),
    }
}

/// An argument, read: broken is a trap. Absent stands in for an argument that is not there.
fn arg<'v>(ctx: &mut dyn CallContext, args: &'v [Value], at: usize) -> Result<&'v Value, Trap> {
    match args.get(at) {
        Some(value) => ctx.read(value),
        None => Ok(&Value::Absent),
    }
}

/// A text argument that is known, or what to give back in its place.
fn text_arg(value: &Value) -> Result<&Text, Value> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Open(open) => Err(open_like(open)),
        _ => Err(Value::Absent),
    }
}

/// A value of which only the cause is known.
fn open_for(cause: &Text) -> Value {
    Value::unknown(Origin::Computed, cause)
}
