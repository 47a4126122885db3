//! Expressions to code. Each leaves its value in a register; conditions short-circuit on what is
//! definite, and open values are carried along.

use crate::base::{Span, Symbol};
use crate::builtins;
use crate::hir::{BinaryOp, Expr, ExprKind, LocalId, QuantifierKind, Question, TextPart};
use crate::program::{Attribute, Instruction, Join, LoopKind, Reg, ScalarKind, SlotIdx, TypeTest};
use crate::types::{RecordId, Type, TypeId};
use crate::value::arithmetic::Operator;
use crate::value::compare::Order;
use crate::value::{LayoutId, Value};

use super::unit::{Place, Unit, text};
use super::{adapters, kind_name, shapes};

impl Unit<'_> {
    /// Code for the expression; its value is in the register that is given back.
    pub fn expr(&mut self, expr: &Expr) -> Reg {
        if let ExprKind::Local(local) = &expr.kind
            && let Some(Place::Register(reg)) = self.places.get(local)
        {
            return *reg;
        }
        let dst = self.register();
        self.expr_into(dst, expr);
        dst
    }

    /// The same, into this register. Registers above it are free again afterwards.
    pub fn expr_into(&mut self, dst: Reg, expr: &Expr) {
        let mark = self.mark();
        self.code(dst, expr);
        self.release(mark);
    }

    fn code(&mut self, dst: Reg, expr: &Expr) {
        match self.share(expr) {
            Some(shared) => drop(self.emit(Instruction::Shared { dst, shared }, expr.span)),
            None => self.plain(dst, expr),
        }
    }

    /// Code that computes the expression here.
    pub(super) fn plain(&mut self, dst: Reg, expr: &Expr) {
        let span = expr.span;
        if let Some(value) = self.folded(expr) {
            let value = self.constant(value);
            self.emit(Instruction::Constant { dst, value }, span);
            return;
        }
        match &expr.kind {
            // Folded above.
            ExprKind::Constant(_) => {}
            ExprKind::Param(id) => {
                let param = self.param(*id);
                self.emit(Instruction::Param { dst, param }, span);
            }
            ExprKind::Local(local) => self.local(dst, *local, span),
            ExprKind::Now => drop(self.emit(Instruction::Now { dst }, span)),
            ExprKind::Field(base, field) => self.field(dst, base, field.record, &field.name, span),
            ExprKind::Attribute(base, name) => {
                let base = self.expr(base);
                let attribute = Attribute::find(name).unwrap_or(Attribute::Id);
                self.emit(Instruction::Attribute { dst, base, attribute }, span);
            }
            ExprKind::JsonField(base, name) => self.field(dst, base, None, name, span),
            ExprKind::Index(base, index) => {
                let base = self.expr(base);
                let index = self.expr(index);
                self.emit(Instruction::Index { dst, base, index }, span);
            }
            ExprKind::Call(id, args) => {
                let (first, count) = self.side_by_side(args);
                if let Some(chunk) = self.functions.get(id).copied() {
                    self.emit(Instruction::Call { dst, chunk, first, count }, span);
                }
            }
            ExprKind::Builtin(id, args) => {
                let (first, count) = self.side_by_side(args);
                if let Some(known) = builtins::find(id) {
                    let builtin = self.builtin(known.id);
                    let made = match known.is_remembered() && self.techniques.remembered {
                        true => Instruction::Remember { dst, builtin, src: first },
                        false => Instruction::Builtin { dst, builtin, first, count },
                    };
                    self.emit(made, span);
                }
            }
            ExprKind::Follow { from, target, by } => {
                let target = kind_name(self.hir, *target);
                self.join_from(dst, from, Join::Follow { target, by: by.clone() }, span);
            }
            ExprKind::Reverse { to, source, path, by } => {
                let source = kind_name(self.hir, *source);
                let join = Join::Reverse { source, path: path.clone(), by: by.clone() };
                self.join_from(dst, to, join, span);
            }
            ExprKind::Resources(kind, everywhere) => {
                self.resources(dst, *kind, *everywhere, None, span);
            }
            ExprKind::Not(inner) => {
                let src = self.expr(inner);
                self.emit(Instruction::Not { dst, src }, span);
            }
            ExprKind::Negate(inner) => {
                let src = self.expr(inner);
                self.emit(Instruction::Negate { dst, src }, span);
            }
            ExprKind::And(operands) => self.logic(dst, operands, true, span),
            ExprKind::Or(operands) => self.logic(dst, operands, false, span),
            ExprKind::Implies(left, right) => self.implies(dst, left, right, span),
            ExprKind::Coalesce(left, right) => self.coalesce(dst, left, right, span),
            ExprKind::Binary(op, left, right) => self.binary(dst, *op, left, right, span),
            ExprKind::Question(inner, question) => self.question(dst, inner, question, span),
            ExprKind::If(condition, yes, no) => self.choice(dst, condition, (yes, no), span),
            ExprKind::Quantifier { kind, nonempty, local, domain, filter, body } => {
                let kind = match kind {
                    QuantifierKind::All => LoopKind::All,
                    QuantifierKind::Any => LoopKind::Any,
                    QuantifierKind::None => LoopKind::None,
                    QuantifierKind::One => LoopKind::One,
                };
                self.quantifier(
                    dst,
                    (kind, *nonempty),
                    *local,
                    (domain, filter.as_deref()),
                    body,
                    span,
                );
            }
            ExprKind::Comprehension(element, generators) => {
                self.comprehension(dst, element, generators, LoopKind::Collect, span);
            }
            ExprKind::List(items) => {
                let (first, count) = self.side_by_side(items);
                self.emit(Instruction::List { dst, first, count }, span);
            }
            ExprKind::Record { record, spread, fields } => {
                self.record(dst, *record, spread.as_deref(), fields, span);
            }
            ExprKind::Map(fields) => {
                let keys = Value::list(fields.iter().map(|(name, _)| text(name)));
                let keys = self.constant(keys);
                let first = self.registers(fields.len());
                for (at, (_, value)) in (first.0..=u16::MAX).zip(fields) {
                    self.expr_into(Reg(at), value);
                }
                let count = count(fields.len());
                self.emit(Instruction::Map { dst, keys, first, count }, span);
            }
            ExprKind::Text(parts) => {
                let (first, count) = self.parts(parts, span);
                self.emit(Instruction::Text { dst, first, count }, span);
            }
            ExprKind::Convert(inner, record) => {
                let src = self.expr(inner);
                let layout = self.layout(*record);
                self.emit(Instruction::Convert { dst, src, layout }, span);
            }
            // Only programs with errors have these, and they are not compiled.
            ExprKind::Error => {
                let value = self.constant(Value::broken("the program has an error here"));
                self.emit(Instruction::Constant { dst, value }, span);
            }
        }
    }

    fn local(&mut self, dst: Reg, local: LocalId, span: Span) {
        match self.places.get(&local) {
            Some(Place::Register(src)) => {
                let src = *src;
                self.emit(Instruction::Move { dst, src }, span);
            }
            Some(Place::Lazy(lazy, _)) => {
                let lazy = *lazy;
                self.emit(Instruction::Force { dst, lazy }, span);
            }
            Some(Place::Same(named)) => {
                let named = *named;
                self.plain(dst, named);
            }
            None => {
                let value = self.constant(Value::broken("the name has no value here"));
                self.emit(Instruction::Constant { dst, value }, span);
            }
        }
    }

    /// The values of the expressions in registers side by side.
    fn side_by_side(&mut self, all: &[Expr]) -> (Reg, u16) {
        let first = self.registers(all.len());
        for (at, one) in (first.0..=u16::MAX).zip(all) {
            self.expr_into(Reg(at), one);
        }
        (first, count(all.len()))
    }

    /// A slot where the base is of one layout, else a look-up by name.
    fn field(
        &mut self,
        dst: Reg,
        base: &Expr,
        record: Option<RecordId>,
        name: &Symbol,
        span: Span,
    ) {
        let slot = record.and_then(|record| self.slot(record, name));
        let base = self.expr(base);
        if let Some(slot) = slot {
            self.emit(Instruction::Field { dst, base, slot }, span);
        } else {
            let name = self.constant(text(name));
            self.emit(Instruction::Named { dst, base, name }, span);
        }
    }

    /// The slot of a field.
    pub(super) fn slot(&mut self, record: RecordId, name: &Symbol) -> Option<SlotIdx> {
        let layout = self.layout(record);
        let slot = self.program.projection.layout(layout)?.slot(name)?;
        Some(SlotIdx(count(slot)))
    }

    /// `and`, `or`: what is definite ends it.
    fn logic(&mut self, dst: Reg, operands: &[Expr], and: bool, span: Span) {
        let Some((first, rest)) = operands.split_first() else { return };
        self.expr_into(dst, first);
        let mut jumps = Vec::new();
        for operand in rest {
            let to = self.here();
            jumps.push(match and {
                true => self.emit(Instruction::JumpIfFalse { condition: dst, to }, span),
                false => self.emit(Instruction::JumpIfTrue { condition: dst, to }, span),
            });
            let mark = self.mark();
            let right = self.expr(operand);
            let step = match and {
                true => Instruction::And { dst, left: dst, right },
                false => Instruction::Or { dst, left: dst, right },
            };
            self.emit(step, operand.span);
            self.release(mark);
        }
        jumps.into_iter().for_each(|jump| self.land(jump));
    }

    fn implies(&mut self, dst: Reg, left: &Expr, right: &Expr, span: Span) {
        self.expr_into(dst, left);
        self.emit(Instruction::Not { dst, src: dst }, span);
        let to = self.here();
        let jump = self.emit(Instruction::JumpIfTrue { condition: dst, to }, span);
        let right = self.expr(right);
        self.emit(Instruction::Or { dst, left: dst, right }, span);
        self.land(jump);
    }

    fn coalesce(&mut self, dst: Reg, left: &Expr, right: &Expr, span: Span) {
        let sure = !self.hir.types.is_optional(right.ty);
        if self.field_or(dst, left, (right, sure), span) {
            return;
        }
        self.expr_into(dst, left);
        let to = self.here();
        let jump = self.emit(Instruction::JumpUnlessAbsent { src: dst, to }, span);
        self.expr_into(dst, right);
        self.land(jump);
        self.emit(Instruction::Coalesced { dst, src: dst, sure }, span);
    }

    fn binary(&mut self, dst: Reg, op: BinaryOp, left: &Expr, right: &Expr, span: Span) {
        if self.equal_constant(dst, op, (left, right), span) {
            return;
        }
        let left = self.expr(left);
        let right = self.expr(right);
        let arithmetic = |operator| Instruction::Arithmetic { dst, operator, left, right };
        let order = |order| Instruction::Order { dst, order, left, right };
        let (instruction, negated) = match op {
            BinaryOp::Add => (arithmetic(Operator::Add), false),
            BinaryOp::Subtract => (arithmetic(Operator::Subtract), false),
            BinaryOp::Multiply => (arithmetic(Operator::Multiply), false),
            BinaryOp::Divide => (arithmetic(Operator::Divide), false),
            BinaryOp::Equal => (Instruction::Equal { dst, left, right }, false),
            BinaryOp::NotEqual => (Instruction::Equal { dst, left, right }, true),
            BinaryOp::Less => (order(Order::Less), false),
            BinaryOp::LessEqual => (order(Order::LessEqual), false),
            BinaryOp::Greater => (order(Order::Greater), false),
            BinaryOp::GreaterEqual => (order(Order::GreaterEqual), false),
            BinaryOp::In => (Instruction::In { dst, left, right }, false),
            BinaryOp::NotIn => (Instruction::In { dst, left, right }, true),
            BinaryOp::Matches => (Instruction::Matches { dst, left, right }, false),
        };
        self.emit(instruction, span);
        if negated {
            self.emit(Instruction::Not { dst, src: dst }, span);
        }
    }

    fn question(&mut self, dst: Reg, inner: &Expr, question: &Question, span: Span) {
        let src = self.expr(inner);
        match question {
            Question::Present => drop(self.emit(Instruction::IsPresent { dst, src }, span)),
            Question::Absent => {
                self.emit(Instruction::IsPresent { dst, src }, span);
                self.emit(Instruction::Not { dst, src: dst }, span);
            }
            Question::Known => drop(self.emit(Instruction::IsKnown { dst, src }, span)),
            Question::Unknown => {
                self.emit(Instruction::IsKnown { dst, src }, span);
                self.emit(Instruction::Not { dst, src: dst }, span);
            }
            Question::Type(ty) => {
                let test = self.test_for(*ty);
                let test = self.type_test(test);
                self.emit(Instruction::IsType { dst, src, test }, span);
            }
        }
    }

    fn test_for(&mut self, ty: TypeId) -> TypeTest {
        match self.hir.types.get(ty).clone() {
            Type::Bool => TypeTest::Scalar(ScalarKind::Bool),
            Type::Int => TypeTest::Scalar(ScalarKind::Int),
            Type::Float => TypeTest::Scalar(ScalarKind::Float),
            Type::String => TypeTest::Scalar(ScalarKind::Text),
            Type::List(inner) => TypeTest::List(Box::new(self.test_for(inner))),
            Type::Map(inner) => TypeTest::Map(Box::new(self.test_for(inner))),
            Type::Resource(kind) => TypeTest::Resource(kind_name(self.hir, kind)),
            Type::Record(record) => TypeTest::Record(self.layout(record)),
            _ => TypeTest::Anything,
        }
    }

    /// `if`: with an open condition both branches are computed, and what they agree on is known.
    fn choice(&mut self, dst: Reg, condition: &Expr, (yes, no): (&Expr, &Expr), span: Span) {
        let condition = self.expr(condition);
        let to = self.here();
        let to_no = self.emit(Instruction::JumpIfFalse { condition, to }, span);
        self.expr_into(dst, yes);
        let done = self.emit(Instruction::JumpIfTrue { condition, to }, span);
        let other = self.expr(no);
        self.emit(Instruction::Merge { dst, condition, left: dst, right: other }, span);
        let end = self.emit(Instruction::Jump { to }, span);
        self.land(to_no);
        self.expr_into(dst, no);
        self.land(done);
        self.land(end);
    }

    /// A record in braces. Fields that nobody reads have no slot, but their values are computed in the order
    /// of writing like the others: what fails in one must not depend on who else reads it.
    fn record(
        &mut self,
        dst: Reg,
        record: RecordId,
        spread: Option<&Expr>,
        fields: &[(Symbol, Expr)],
        span: Span,
    ) {
        let layout: LayoutId = self.layout(record);
        let names = shapes::slot_names(self, layout);
        let base = spread.map(|spread| self.expr(spread));
        let first = self.registers(names.len());
        let slots = || (first.0..=u16::MAX).map(Reg).zip(names.iter());
        for (name, value) in fields {
            match slots().find(|(_, slot)| *slot == name) {
                Some((slot, _)) => self.field_value(slot, layout, name, value),
                None => {
                    let unread = self.register();
                    self.expr_into(unread, value);
                }
            }
        }
        for (slot, name) in slots() {
            if fields.iter().any(|(written, _)| written == name) {
                continue;
            }
            if let Some(base) = base {
                let name = self.constant(text(name));
                self.emit(Instruction::Named { dst: slot, base, name }, span);
            } else {
                let layout = self.program.projection.layout(layout);
                let value = layout.and_then(|layout| layout.slots.get(name));
                let value = match value {
                    _ if self.lenient => adapters::unsaid(&format!("`{name}`")),
                    value => value.map_or(Value::Absent, shapes::left_out),
                };
                let value = self.constant(value);
                self.emit(Instruction::Constant { dst: slot, value }, span);
            }
        }
        let count = count(names.len());
        self.emit(Instruction::Record { dst, layout, first, count }, span);
    }

    /// A field that is written: where its value turns out absent, the schema's default stands.
    fn field_value(&mut self, dst: Reg, layout: LayoutId, name: &Symbol, value: &Expr) {
        self.expr_into(dst, value);
        let slot = self.program.projection.layout(layout).and_then(|l| l.slots.get(name));
        let default =
            slot.map(shapes::left_out).filter(|default| !matches!(default, Value::Absent));
        let optional = self.hir.types.is_optional(value.ty) && !self.lenient;
        if let (Some(default), true) = (default, optional) {
            let to = self.here();
            let jump = self.emit(Instruction::JumpUnlessAbsent { src: dst, to }, value.span);
            let default = self.constant(default);
            self.emit(Instruction::Constant { dst, value: default }, value.span);
            self.land(jump);
        }
    }

    /// The parts of a text in registers side by side.
    pub fn parts(&mut self, parts: &[TextPart], span: Span) -> (Reg, u16) {
        let first = self.registers(parts.len());
        for (at, part) in (first.0..=u16::MAX).zip(parts) {
            match part {
                TextPart::Literal(literal) => {
                    let value = self.constant(text(literal));
                    self.emit(Instruction::Constant { dst: Reg(at), value }, span);
                }
                TextPart::Expr(part) => self.expr_into(Reg(at), part),
            }
        }
        (first, count(parts.len()))
    }
}

/// Sizes are bounded by the limits of the language, far below what an operand holds.
pub(super) fn count(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}
