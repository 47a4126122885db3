//! The instruction set, as a table: each variant's doc is one equation over registers.
//!
//! `R[x]` is a register of the frame, `K[x]` a constant, `L` the innermost loop. A condition is a value
//! that is true, false or open. Operands named `dst` are written, all others are read.

use serde::{Deserialize, Serialize};

use crate::value::{LayoutId, arithmetic, compare};

use super::operand::{
    Addr, Attribute, BuiltinIdx, ChunkIdx, ConstIdx, JoinIdx, LetIdx, LoopKind, ParamIdx, Reg,
    SharedIdx, SlotIdx, TestIdx,
};

/// One step of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Instruction {
    /// `R[dst] <- K[value]`
    Constant {
        /// Written.
        dst: Reg,
        /// Which.
        value: ConstIdx,
    },
    /// `R[dst] <- R[src]`
    Move {
        /// Written.
        dst: Reg,
        /// Read.
        src: Reg,
    },
    /// `R[dst] <- parameter`
    Param {
        /// Written.
        dst: Reg,
        /// Which.
        param: ParamIdx,
    },
    /// `R[dst] <- the run's instant`
    Now {
        /// Written.
        dst: Reg,
    },
    /// `R[dst] <- let`, evaluated now if it was not yet.
    Force {
        /// Written.
        dst: Reg,
        /// Which.
        lazy: LetIdx,
    },
    /// `R[dst] <- chunk(subject)`, computed now if it was not yet for this subject.
    Shared {
        /// Written.
        dst: Reg,
        /// Which.
        shared: SharedIdx,
    },
    /// `R[dst] <- R[base].slot ?? K[other]`: what [`Field`](Self::Field),
    /// [`JumpUnlessAbsent`](Self::JumpUnlessAbsent), [`Constant`](Self::Constant) and
    /// [`Coalesced`](Self::Coalesced) do, and as many steps.
    FieldOr {
        /// Written.
        dst: Reg,
        /// A record or resource of one layout.
        base: Reg,
        /// Which slot.
        slot: SlotIdx,
        /// What stands for one that is absent.
        other: ConstIdx,
        /// Whether that is certainly there.
        sure: bool,
    },
    /// `R[dst] <- R[base].slot`; absent of absent, open of open.
    Field {
        /// Written.
        dst: Reg,
        /// A record or resource of one layout.
        base: Reg,
        /// Which slot.
        slot: SlotIdx,
    },
    /// `R[dst] <- R[base].K[name]`, looked up by name: of a record or resource of any layout, or of a map.
    Named {
        /// Written.
        dst: Reg,
        /// A record, a resource, a map.
        base: Reg,
        /// A text.
        name: ConstIdx,
    },
    /// `R[dst] <- attribute of R[base]`
    Attribute {
        /// Written.
        dst: Reg,
        /// A resource.
        base: Reg,
        /// Which.
        attribute: Attribute,
    },
    /// `R[dst] <- R[base][R[index]]`; absent where there is none.
    Index {
        /// Written.
        dst: Reg,
        /// A list or a map.
        base: Reg,
        /// A number or a text.
        index: Reg,
    },
    /// `R[dst] <- chunk(R[first], …)`; the arguments are moved: their registers have no value any more.
    Call {
        /// Written.
        dst: Reg,
        /// The function's code.
        chunk: ChunkIdx,
        /// The first of its arguments, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `R[dst] <- builtin(R[first], …)`
    Builtin {
        /// Written.
        dst: Reg,
        /// Which.
        builtin: BuiltinIdx,
        /// The first of its arguments, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `R[dst] <- builtin(R[src])`, kept for when it is called with the very same value again.
    Remember {
        /// Written.
        dst: Reg,
        /// Which: what it gives hangs on nothing but its argument.
        builtin: BuiltinIdx,
        /// Its argument.
        src: Reg,
    },
    /// `R[dst] <- the resources that the join finds from R[src]`
    Join {
        /// Written.
        dst: Reg,
        /// References, a resource, or keys.
        src: Reg,
        /// Which.
        join: JoinIdx,
    },
    /// `R[dst] <- not R[src]`
    Not {
        /// Written.
        dst: Reg,
        /// A condition.
        src: Reg,
    },
    /// `R[dst] <- -R[src]`
    Negate {
        /// Written.
        dst: Reg,
        /// A number or a duration.
        src: Reg,
    },
    /// `R[dst] <- R[left] and R[right]`
    And {
        /// Written.
        dst: Reg,
        /// A condition.
        left: Reg,
        /// A condition.
        right: Reg,
    },
    /// `R[dst] <- R[left] or R[right]`
    Or {
        /// Written.
        dst: Reg,
        /// A condition.
        left: Reg,
        /// A condition.
        right: Reg,
    },
    /// `R[dst] <- R[left] OP R[right]`
    Arithmetic {
        /// Written.
        dst: Reg,
        /// Which.
        operator: arithmetic::Operator,
        /// Left operand.
        left: Reg,
        /// Right operand.
        right: Reg,
    },
    /// `R[dst] <- R[left] == R[right]`
    Equal {
        /// Written.
        dst: Reg,
        /// Left operand.
        left: Reg,
        /// Right operand.
        right: Reg,
    },
    /// `R[dst] <- R[left] == K[right]`: two steps, as [`Constant`](Self::Constant) and
    /// [`Equal`](Self::Equal) are.
    EqualConstant {
        /// Written.
        dst: Reg,
        /// Left operand.
        left: Reg,
        /// Right operand.
        right: ConstIdx,
    },
    /// `R[dst] <- R[left] < R[right]` and the like
    Order {
        /// Written.
        dst: Reg,
        /// Which.
        order: compare::Order,
        /// Left operand.
        left: Reg,
        /// Right operand.
        right: Reg,
    },
    /// `R[dst] <- R[left] in R[right]`
    In {
        /// Written.
        dst: Reg,
        /// Left operand.
        left: Reg,
        /// Right operand.
        right: Reg,
    },
    /// `R[dst] <- R[left] matches R[right]`
    Matches {
        /// Written.
        dst: Reg,
        /// A text.
        left: Reg,
        /// A pattern.
        right: Reg,
    },
    /// `R[dst] <- R[src] is present`
    IsPresent {
        /// Written.
        dst: Reg,
        /// Read.
        src: Reg,
    },
    /// `R[dst] <- R[src] is known`: never open itself.
    IsKnown {
        /// Written.
        dst: Reg,
        /// Read.
        src: Reg,
    },
    /// `R[dst] <- R[src] is TYPE`
    IsType {
        /// Written.
        dst: Reg,
        /// Read.
        src: Reg,
        /// Which type.
        test: TestIdx,
    },
    /// `R[dst] <- R[src]`, but of an open value whose presence is open nothing is known any more, for it
    /// may turn out to be the right side of a `??`.
    Coalesced {
        /// Written.
        dst: Reg,
        /// Read.
        src: Reg,
        /// Whether the right side is certainly there.
        sure: bool,
    },
    /// `R[dst] <- R[left]` where it equals `R[right]`, else open: what `if` gives when its condition is
    /// open.
    Merge {
        /// Written.
        dst: Reg,
        /// The condition, for the reason.
        condition: Reg,
        /// One branch.
        left: Reg,
        /// The other.
        right: Reg,
    },
    /// `R[dst] <- [R[first], …]`
    List {
        /// Written.
        dst: Reg,
        /// The first of its elements, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `R[dst] <- record of the layout with slots R[first], …`
    Record {
        /// Written.
        dst: Reg,
        /// Which.
        layout: LayoutId,
        /// The first of its slots, which stand side by side.
        first: Reg,
        /// How many: as many as the layout has.
        count: u16,
    },
    /// `R[dst] <- R[src] as a record of the layout`, by the names of its fields.
    Convert {
        /// Written.
        dst: Reg,
        /// A record.
        src: Reg,
        /// Which.
        layout: LayoutId,
    },
    /// `R[dst] <- { K[keys][0]: R[first], … }`; absent values are left out.
    Map {
        /// Written.
        dst: Reg,
        /// A list of texts.
        keys: ConstIdx,
        /// The first of its values, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `R[dst] <- text of R[first], …`; open parts stay open.
    Text {
        /// Written.
        dst: Reg,
        /// The first of its parts, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `R[dst] <- text of R[first], …` for a person: open parts are `unknown`.
    Message {
        /// Written.
        dst: Reg,
        /// The first of its parts, which stand side by side.
        first: Reg,
        /// How many.
        count: u16,
    },
    /// `goto to`
    Jump {
        /// Where.
        to: Addr,
    },
    /// `if R[condition] is true: goto to`
    JumpIfTrue {
        /// A condition.
        condition: Reg,
        /// Where.
        to: Addr,
    },
    /// `if R[condition] is false: goto to`
    JumpIfFalse {
        /// A condition.
        condition: Reg,
        /// Where.
        to: Addr,
    },
    /// `if R[src] is not absent: goto to`
    JumpUnlessAbsent {
        /// Read.
        src: Reg,
        /// Where.
        to: Addr,
    },
    /// `L <- loop over R[list]`
    LoopStart {
        /// A list.
        list: Reg,
        /// How rounds are folded.
        kind: LoopKind,
    },
    /// `R[dst] <- next element of L, or goto exit`
    LoopNext {
        /// Written.
        dst: Reg,
        /// Where to go when there is none.
        exit: Addr,
    },
    /// `the element counts where R[condition]; if it is false: goto skip`
    LoopFilter {
        /// A condition.
        condition: Reg,
        /// The loop's `LoopNext`.
        skip: Addr,
    },
    /// `fold R[body] into L; if that decides it: goto exit`
    LoopFold {
        /// A condition.
        body: Reg,
        /// Where to go when it is decided.
        exit: Addr,
    },
    /// `append R[value] to the list of the outermost loop of the comprehension`
    LoopCollect {
        /// The element.
        value: Reg,
    },
    /// `R[dst] <- result of L`, and the loop around it is the innermost again; with `nonempty`, false
    /// where no element counted.
    LoopEnd {
        /// Written.
        dst: Reg,
        /// Whether some element must count.
        nonempty: bool,
    },
    /// `the chunk's value is R[src]`; it is moved, unless it is one of the frame's locals.
    Return {
        /// Read.
        src: Reg,
    },
}
