//! The statements of a control: conditions first, then requirements that know what held before.

use crate::base::{Span, Symbol};
use crate::hir::{Each, Expr, ExprKind, Message, Statement, StatementKind};
use crate::syntax::ast;

use super::Checker;
use super::errors::controls as errors;

impl Checker<'_> {
    /// The statements of a control, in order.
    pub(super) fn statements(&mut self, statements: &[ast::Statement]) -> Vec<Statement> {
        let mut made = Vec::with_capacity(statements.len());
        let mut required = None;
        for statement in statements {
            if let ast::StatementKind::When(_) = &statement.kind
                && let Some(first) = required
            {
                self.report(errors::when_after_requirement(statement.span, first));
            }
            let requires = matches!(
                &statement.kind,
                ast::StatementKind::Require(..)
                    | ast::StatementKind::Forbid(..)
                    | ast::StatementKind::Each(_)
                    | ast::StatementKind::Manual(_)
            );
            if requires && required.is_none() {
                required = Some(statement.span);
            }
            if let Some(kind) = self.statement(statement, false) {
                made.push(Statement { kind, span: statement.span });
            }
        }
        made
    }

    fn statement(&mut self, statement: &ast::Statement, inside: bool) -> Option<StatementKind> {
        match &statement.kind {
            ast::StatementKind::Title(_)
            | ast::StatementKind::Severity(_)
            | ast::StatementKind::Remedy(_)
            | ast::StatementKind::See(_)
            | ast::StatementKind::Param(_)
            | ast::StatementKind::Error => None,
            ast::StatementKind::Let(bound) => Some(StatementKind::Let(self.bind_let(bound))),
            ast::StatementKind::When(cond) => {
                if inside {
                    self.report(errors::when_in_each(cond.span));
                }
                let cond = self.condition(cond, false);
                self.assume(&cond, true, None);
                Some(StatementKind::When(cond))
            }
            ast::StatementKind::Require(cond, message) => {
                Some(self.requirement(cond, message.as_ref(), false, statement.span))
            }
            ast::StatementKind::Forbid(cond, message) => {
                Some(self.requirement(cond, message.as_ref(), true, statement.span))
            }
            ast::StatementKind::Each(each) => Some(StatementKind::Each(self.each(each))),
            ast::StatementKind::Manual(text) => {
                // It has a number among the requirements, though nothing can hang on it.
                self.place.requirements += 1;
                Some(StatementKind::Manual(Symbol::from(text.value.as_str())))
            }
        }
    }

    /// `require` and `forbid`. What it says holds in the rest of the block.
    fn requirement(
        &mut self,
        cond: &ast::Expr,
        message: Option<&ast::Expr>,
        forbid: bool,
        span: Span,
    ) -> StatementKind {
        let outer = self.place.used_after.clone();
        let mut condition = self.condition(cond, !forbid);
        if forbid {
            let span = condition.span;
            condition = self.make(ExprKind::Not(Box::new(condition)), self.core.bool, span);
        }
        let message = match message {
            Some(message) => Message::Written(self.message(message, &condition)),
            None => Message::Made(Symbol::from(self.made_message(span))),
        };
        let after = std::mem::replace(&mut self.place.used_after, outer);
        let number = self.place.requirements;
        self.place.requirements += 1;
        self.assume(&condition, true, Some(number));
        let after = after.into_iter().collect();
        StatementKind::Require { condition, message, forbid, after }
    }

    /// The text behind `else`: said where the condition does not hold. What earlier requirements say
    /// is not used here, or this requirement would be skipped for the sake of its message.
    fn message(&mut self, message: &ast::Expr, condition: &Expr) -> Expr {
        let all = self.place.facts.clone();
        self.place.facts.retain(|fact| !fact.is_required());
        self.assume(condition, false, None);
        self.place.message = true;
        let text = self.expr(message, Some(self.core.string));
        self.place.message = false;
        self.place.facts = all;
        self.coerce(text, self.core.string)
    }

    /// The whole text of a condition on one line.
    /// What is required, as it was written: the statement without its first word. The condition's own span
    /// leaves out the parentheses around it.
    fn made_message(&self, statement: Span) -> String {
        let words: Vec<&str> = self.sources.text(statement).split_whitespace().skip(1).collect();
        words.join(" ")
    }

    /// `each x in xs where c { … }`: what its requirements use, they depend on, too.
    fn each(&mut self, each: &ast::Each) -> Each {
        let mark = self.place.mark();
        let outer = self.place.used_after.clone();
        let (domain, local) = self.element(&each.name, &each.domain);
        let filter = each.filter.as_ref().map(|filter| self.filter(filter));
        let mut body = Vec::with_capacity(each.body.len());
        for statement in &each.body {
            if let Some(kind) = self.statement(statement, true) {
                body.push(Statement { kind, span: statement.span });
            }
        }
        self.place.used_after = outer;
        self.place.back_to(mark);
        Each { local, domain, filter, body }
    }
}
