//! Code for quantifiers and comprehensions.

use crate::base::Span;
use crate::hir::{Expr, ExprKind, Generator, LocalId};
use crate::program::{Instruction, LoopKind, Reg};

use super::unit::{Place, Unit};
use super::{adapters, joins};

impl Unit<'_> {
    /// The list of a loop: resources of a type are looked up by a key where the filter compares one.
    fn domain(&mut self, local: LocalId, domain: &Expr, filter: Option<&Expr>) -> Reg {
        if let (ExprKind::Resources(kind, everywhere), Some(filter)) = (&domain.kind, filter)
            && let Some((key, value)) = joins::key(self.hir, *kind, local, filter)
            && self.is_sure(value)
        {
            let dst = self.register();
            self.resources(dst, *kind, *everywhere, Some((key, value)), domain.span);
            return dst;
        }
        let list = self.expr(domain);
        if self.lenient { self.list_or_open(list, domain.span) } else { list }
    }

    /// A list that an adapter's source leaves out may have anything in it.
    fn list_or_open(&mut self, list: Reg, span: Span) -> Reg {
        let dst = self.register();
        self.emit(Instruction::Move { dst, src: list }, span);
        let to = self.here();
        let there = self.emit(Instruction::JumpUnlessAbsent { src: dst, to }, span);
        let value = self.constant(adapters::unsaid("the list that is looked through"));
        self.emit(Instruction::Constant { dst, value }, span);
        self.land(there);
        dst
    }

    pub(super) fn quantifier(
        &mut self,
        dst: Reg,
        (kind, nonempty): (LoopKind, bool),
        local: LocalId,
        (domain, filter): (&Expr, Option<&Expr>),
        body: &Expr,
        span: Span,
    ) {
        let list = self.domain(local, domain, filter);
        self.emit(Instruction::LoopStart { list, kind }, span);
        let element = self.register();
        self.places.insert(local, Place::Register(element));
        let next = self.here();
        self.emit(Instruction::LoopNext { dst: element, exit: next }, span);
        let mark = self.mark();
        if let Some(filter) = filter {
            let condition = self.expr(filter);
            self.emit(Instruction::LoopFilter { condition, skip: next }, filter.span);
            self.release(mark);
        }
        let body_reg = self.expr(body);
        let fold = self.emit(Instruction::LoopFold { body: body_reg, exit: next }, body.span);
        self.emit(Instruction::Jump { to: next }, span);
        self.land(next);
        self.land(fold);
        self.emit(Instruction::LoopEnd { dst, nonempty }, span);
    }

    pub(super) fn comprehension(
        &mut self,
        dst: Reg,
        element: &Expr,
        generators: &[Generator],
        kind: LoopKind,
        span: Span,
    ) {
        let Some((first, rest)) = generators.split_first() else {
            let value = self.expr(element);
            self.emit(Instruction::LoopCollect { value }, element.span);
            return;
        };
        let list = self.domain(first.local, &first.domain, first.filter.as_ref());
        self.emit(Instruction::LoopStart { list, kind }, span);
        let item = self.register();
        self.places.insert(first.local, Place::Register(item));
        let next = self.here();
        self.emit(Instruction::LoopNext { dst: item, exit: next }, span);
        let mark = self.mark();
        if let Some(filter) = &first.filter {
            let condition = self.expr(filter);
            self.emit(Instruction::LoopFilter { condition, skip: next }, filter.span);
            self.release(mark);
        }
        let inner = self.register();
        self.comprehension(inner, element, rest, LoopKind::Inner, span);
        self.emit(Instruction::Jump { to: next }, span);
        self.land(next);
        self.emit(Instruction::LoopEnd { dst, nonempty: false }, span);
    }
}
