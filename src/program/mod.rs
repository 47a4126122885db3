//! The compiled program as data; knows no front end.

pub mod codec;
pub mod cost;
pub mod instruction;
pub mod listing;
pub mod operand;
pub mod part;
pub mod projection;
pub mod verify;

pub use instruction::Instruction;
pub use operand::{
    Addr, Attribute, BuiltinIdx, ChunkIdx, ConstIdx, JoinIdx, LetIdx, LoopKind, ParamIdx, Reg,
    SharedIdx, SlotIdx, TestIdx,
};
pub use part::{Part, PartStep};
pub use projection::Projection;

use crate::base::{Span, Symbol};
use crate::value::compare::Layouts;
use crate::value::{LayoutId, Value};
use serde::{Deserialize, Serialize};

/// A word of the language; by another name, since `serde` takes a bare `&'static str` for borrowed input.
pub type Word = &'static str;

/// A whole compiled unit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Program {
    /// The constant pool.
    pub constants: Vec<Value>,
    /// All code.
    pub chunks: Vec<Chunk>,
    /// The controls that were selected, in the order of their modules.
    pub controls: Vec<Control>,
    /// The parameters that the code reads.
    pub params: Vec<Param>,
    /// The standard functions that the code calls, by id.
    #[serde(with = "codec::builtins")]
    pub builtins: Vec<&'static str>,
    /// The joins that the code asks for.
    pub joins: Vec<Join>,
    /// What is computed once for each subject: code over the subject alone, in register 0.
    pub shared: Vec<ChunkIdx>,
    /// The types that `is TYPE` tests for.
    pub tests: Vec<TypeTest>,
    /// The waivers of the selected controls.
    pub waivers: Vec<Waiver>,
    /// How other sources' items become rows.
    pub adapters: Vec<Adapter>,
    /// What is read of a snapshot.
    pub projection: Projection,
    /// The layouts of the records that standard functions make, by name.
    #[serde(with = "codec::builtin_layouts")]
    pub builtin_layouts: Vec<(&'static str, LayoutId)>,
}

/// Code that runs in a frame of its own (a function) or in that of its control (a block).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Chunk {
    /// For people: `fn world_reaches`, `require`.
    pub name: String,
    /// The code; ends with a `Return` on every path.
    pub code: Vec<Instruction>,
    /// Where each instruction comes from: the first address of a run, and its span.
    pub spans: Vec<(Addr, Span)>,
    /// How many registers its frame has.
    pub registers: u16,
    /// How many of them, from 0 on, are set when it starts.
    pub preset: u16,
    /// The frame's lazy `let`s: the register that each goes into and the block that computes it.
    pub lets: Vec<ChunkIdx>,
}

/// A parameter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Param {
    /// Its name.
    pub name: Symbol,
    /// The module that declares it.
    pub module: Symbol,
    /// The control that declares it; `None` for a module's.
    pub control: Option<Symbol>,
    /// A constant expression; `None` where a value must be set.
    pub value: Option<ChunkIdx>,
}

/// A control.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Control {
    /// Its number among the program's source declarations.
    pub source: u32,
    /// Its name.
    pub name: Symbol,
    /// Its module.
    pub module: Symbol,
    /// Its title.
    pub title: String,
    /// Its severity: `high`.
    #[serde(with = "codec::severity")]
    pub severity: Word,
    /// What it speaks of.
    pub subject: Subject,
    /// How many locals its blocks share: the subject, then the elements of each `each`. They are the
    /// first registers of every block.
    pub locals: u16,
    /// The blocks of its lazy `let`s.
    pub lets: Vec<ChunkIdx>,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// How many requirements it has: they are numbered in order of writing.
    pub requirements: u32,
    /// The parameters that it reads.
    pub params: Vec<ParamIdx>,
    /// The types of which it looks at other resources than its subject.
    pub joins: Vec<Symbol>,
    /// Its name's place.
    pub span: Span,
}

impl Control {
    /// `aws.s3.s3_bucket_versioning_enabled`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.module, self.name)
    }
}

/// What a control speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// Each resource of these types.
    Types(Vec<Symbol>),
    /// Each resource.
    Any,
    /// Each account.
    Account,
}

/// A statement of a control.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statement {
    /// What it is.
    pub kind: StatementKind,
    /// Where it stands.
    pub span: Span,
}

impl Statement {
    /// Whether it is asked once for each element of a list.
    pub fn is_each(&self) -> bool {
        matches!(self.kind, StatementKind::Each { .. })
    }
}

/// The statements that do something.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum StatementKind {
    /// The control applies where the block is true.
    When(ChunkIdx),
    /// The block must be true.
    Require {
        /// Its number in the control.
        number: u32,
        /// What must hold.
        condition: ChunkIdx,
        /// What to say where it does not.
        message: ChunkIdx,
        /// The requirements that must have held for this one to be asked.
        after: Vec<u32>,
    },
    /// Once for each element.
    Each {
        /// The list.
        domain: ChunkIdx,
        /// The register of the element.
        element: Reg,
        /// Which elements.
        filter: Option<ChunkIdx>,
        /// The `let`s of its body, evaluated anew for each element.
        lets: Vec<LetIdx>,
        /// What is asked of each.
        body: Vec<Statement>,
    },
    /// A person must attest.
    Manual {
        /// Its number in the control.
        number: u32,
        /// What.
        text: String,
    },
}

/// The schema's view of another source's item. Its blocks have the item, a JSON value, in register 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Adapter {
    /// `config`, `terraform`.
    pub source: Symbol,
    /// The type of the items, in the source's own words.
    pub of: Symbol,
    /// The type of the resource that it makes of one.
    pub target: Symbol,
    /// What it reads of an item.
    pub parts: Part,
    /// The blocks of its lazy `let`s.
    pub lets: Vec<ChunkIdx>,
    /// There is such a resource only where all of these hold.
    pub conditions: Vec<ChunkIdx>,
    /// The slots of the target's layout that it sets, and their values; not converted to the slots'
    /// shapes yet.
    pub sets: Vec<(SlotIdx, ChunkIdx)>,
}

/// How resources are found from a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    /// `x -> Type`: the references are the texts in the value.
    Follow {
        /// The type of what is found.
        target: Symbol,
        /// By which of its properties; its identifiers where empty.
        by: Vec<Symbol>,
    },
    /// `r <- Type.Path`: the value is a resource.
    Reverse {
        /// The type of what is found.
        source: Symbol,
        /// The property that refers, through lists.
        path: Vec<Symbol>,
        /// By which properties of the resource; its identifiers where empty.
        by: Vec<Symbol>,
    },
    /// The resources of the type whose property equals the value or one of its elements: those that a
    /// `where` would leave out are not even looked at. The value is ignored where `key` is `None`: all.
    Resources {
        /// The type.
        kind: Symbol,
        /// Whether of every account.
        everywhere: bool,
        /// The property that is compared.
        key: Option<Symbol>,
    },
}

impl Join {
    /// The type of what is found.
    pub fn finds(&self) -> &Symbol {
        match self {
            Self::Follow { target, .. } => target,
            Self::Reverse { source, .. } => source,
            Self::Resources { kind, .. } => kind,
        }
    }
}

/// A type to test for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TypeTest {
    /// Values of one kind.
    Scalar(ScalarKind),
    /// A list whose known elements pass.
    List(Box<TypeTest>),
    /// A map whose known values pass.
    Map(Box<TypeTest>),
    /// A resource of this type.
    Resource(Symbol),
    /// A record of this layout.
    Record(LayoutId),
    /// Anything that is there.
    Anything,
}

/// Kinds of values that JSON has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the variants are the kinds")]
pub enum ScalarKind {
    Bool,
    Int,
    Float,
    Text,
}

/// A waiver.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Waiver {
    /// Its name.
    pub name: Symbol,
    /// The control, by its number in [`Program::controls`].
    pub control: u32,
    /// For which subjects; the subject is in register 0.
    pub condition: Option<ChunkIdx>,
    /// The instant from which it has no force, in microseconds since 1970.
    pub until: i64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub approved_by: String,
}

impl Program {
    /// The code of a chunk.
    pub fn chunk(&self, idx: ChunkIdx) -> Option<&Chunk> {
        self.chunks.get(idx.0 as usize)
    }

    /// Where an instruction comes from.
    pub fn span(&self, idx: ChunkIdx, at: Addr) -> Option<Span> {
        let spans = &self.chunk(idx)?.spans;
        let run = spans.partition_point(|(first, _)| *first <= at).checked_sub(1)?;
        spans.get(run).map(|(_, span)| *span)
    }
}

impl Layouts for Projection {
    fn names(&self, layout: LayoutId) -> Vec<Symbol> {
        self.layout(layout).map(|layout| layout.slots.keys().cloned().collect()).unwrap_or_default()
    }
}
