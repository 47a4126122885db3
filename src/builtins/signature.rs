//! What is known of a standard function before it runs.

use crate::value::compare::Layouts;
use crate::value::{LayoutId, Trap, Value};

/// A standard function, or one form of it: forms of the same name differ in their arguments, and the
/// checker takes the first whose arguments fit.
#[derive(Debug)]
pub struct Builtin {
    /// Its name in the language.
    pub name: &'static str,
    /// Unique among all forms: `contains.list`. What a saved program and the typed tree call it by.
    pub id: &'static str,
    /// The library module out of which it can also be imported: `aws.iam`, `net`, `text`, …
    /// Every standard function is known everywhere without an import.
    pub module: &'static str,
    /// The names and types of its arguments; the first is the receiver of a method call.
    pub args: &'static [(&'static str, SigType)],
    /// What it gives.
    pub result: SigType,
    /// One or two sentences of documentation.
    pub docs: &'static str,
    /// Expressions with the text of their value.
    pub examples: &'static [Example],
    /// Its code: as many arguments as `args`, of these types; any may be open, absent only where the
    /// type is an option.
    pub run: fn(&mut dyn CallContext, &[Value]) -> Result<Value, Trap>,
}

/// `expr` evaluates to `value` (both in the language's own syntax).
#[derive(Debug)]
pub struct Example {
    /// The call.
    pub expr: &'static str,
    /// What comes out.
    pub value: &'static str,
}

/// A type in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the types")]
pub enum SigType {
    Bool,
    Int,
    Float,
    /// Int or Float, the same one at each place of the signature.
    Number,
    /// Int, Float, String, Duration, Timestamp, Version, Ip: the same one at each place.
    Ordered,
    String,
    Duration,
    Timestamp,
    Ip,
    Cidr,
    Regex,
    Glob,
    Version,
    Json,
    /// Any type, the same one at each place with this number.
    Var(u8),
    List(&'static SigType),
    Map(&'static SigType),
    Option(&'static SigType),
    /// One of [`BuiltinRecord`]s, by name.
    Record(&'static str),
    /// A resource of any type.
    Resource,
    /// Any value, open and absent included; its type does not matter (`origin`).
    Anything,
}

/// A record type that standard functions make. Its layout always has all fields, in this order.
#[derive(Debug)]
pub struct BuiltinRecord {
    /// `Statement`.
    pub name: &'static str,
    /// The library module that it belongs to.
    pub module: &'static str,
    /// Its fields.
    pub fields: &'static [(&'static str, SigType)],
    /// One sentence.
    pub docs: &'static str,
}

impl Builtin {
    /// Whether what it gives for a value is kept for when it is asked again: it takes long, hangs on its
    /// argument alone, and policies ask it about the same data again and again.
    pub fn is_remembered(&self) -> bool {
        self.id == "statements"
    }
}

/// What a running function may ask of its machine.
pub trait CallContext {
    /// The run's instant, in microseconds since 1970.
    fn now(&self) -> i64;
    /// The layout of one of the [`BuiltinRecord`]s.
    fn layout(&self, record: &'static str) -> LayoutId;
    /// What the slots of records are called.
    fn layouts(&self) -> &dyn Layouts;
    /// The plain value; in a traced run it is noted that it was read. A broken value is a trap.
    fn read<'v>(&mut self, value: &'v Value) -> Result<&'v Value, Trap>;
    /// Pays for work: `steps` beyond the call itself (say, one for each element or 64 bytes).
    fn pay(&mut self, steps: u64) -> Result<(), Trap>;
}
