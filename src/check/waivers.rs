//! Waivers: a control, a condition on its subject, an end, a reason, an approver.

use crate::base::Span;
use crate::hir::{ControlId, LocalId, Subject, Waiver};
use crate::resolve::Kind;
use crate::syntax::ast;
use crate::syntax::ast::WaiverStatement;

use super::Checker;
use super::errors::controls;
use super::errors::frameworks as errors;

/// What a waiver says, each with its place.
#[derive(Default)]
struct Said<'a> {
    control: Option<(&'a ast::Path, Span)>,
    condition: Option<(&'a ast::Expr, Span)>,
    until: Option<(i64, Span)>,
    reason: Option<(&'a str, Span)>,
    approved_by: Option<(&'a str, Span)>,
}

impl<'a> Checker<'a> {
    /// Checks every waiver.
    pub(super) fn check_waivers(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Waiver(decl) = &item.kind
                    && self.is_first(module, &decl.name)
                {
                    self.waiver(decl);
                }
            }
        }
    }

    fn waiver(&mut self, decl: &'a ast::WaiverDecl) {
        let said = self.waiver_statements(decl);
        let missing: Vec<&str> = [
            ("`control`", said.control.is_none()),
            ("`until`", said.until.is_none()),
            ("`reason`", said.reason.is_none()),
            ("`approved by`", said.approved_by.is_none()),
        ]
        .into_iter()
        .filter_map(|(word, missing)| missing.then_some(word))
        .collect();
        if !missing.is_empty() {
            self.report(errors::waiver_incomplete(&decl.name.name, &missing, decl.name.span));
        }
        for (word, text) in [("reason", said.reason), ("approved by", said.approved_by)] {
            if let Some((text, span)) = text
                && text.trim().is_empty()
            {
                self.report(errors::waiver_empty(word, span));
            }
        }
        let Some(control) = said.control.and_then(|(path, _)| self.control_at(path)) else {
            return;
        };
        let before = self.enter();
        let subject = self.bind_subject(control);
        let condition = said.condition.map(|(cond, _)| self.condition(cond, false));
        let module = self.module_name();
        let body = self.leave(before);
        let (Some((until, _)), Some((reason, _)), Some((approved_by, _))) =
            (said.until, said.reason, said.approved_by)
        else {
            return;
        };
        self.hir.waivers.push(Waiver {
            name: decl.name.name.clone(),
            module,
            control,
            subject,
            condition,
            until,
            reason: reason.to_owned(),
            approved_by: approved_by.to_owned(),
            body,
            span: decl.name.span,
        });
    }

    fn waiver_statements(&mut self, decl: &'a ast::WaiverDecl) -> Said<'a> {
        let mut said = Said::default();
        for statement in &decl.statements {
            match statement {
                WaiverStatement::Control(path) => {
                    self.once("control", &mut said.control, path, path.span);
                }
                WaiverStatement::Where(cond) => {
                    self.once("where", &mut said.condition, cond, cond.span);
                }
                WaiverStatement::Until(until, span) => {
                    self.once("until", &mut said.until, *until, *span);
                }
                WaiverStatement::Reason(text) => {
                    self.once("reason", &mut said.reason, text.value.as_str(), text.span);
                }
                WaiverStatement::ApprovedBy(text) => {
                    self.once("approved by", &mut said.approved_by, text.value.as_str(), text.span);
                }
            }
        }
        said
    }

    /// Takes what is said once; a second time is reported.
    pub(super) fn once<T>(
        &mut self,
        word: &str,
        slot: &mut Option<(T, Span)>,
        value: T,
        span: Span,
    ) {
        match slot {
            Some((_, first)) => {
                let first = *first;
                self.report(controls::said_twice(word, span, first));
            }
            None => *slot = Some((value, span)),
        }
    }

    /// Binds the subject of a control under the name that the control gives it; its parameters can be
    /// read, too.
    pub(super) fn bind_subject(&mut self, control: ControlId) -> LocalId {
        let control = self.hir.controls.at(control);
        let (Subject::Resources(local, _) | Subject::Any(local) | Subject::Account(local)) =
            &control.subject;
        let local = control.body.locals.at(*local).clone();
        let params = control.params.clone();
        for id in params {
            let name = self.hir.params.at(id).name.clone();
            self.place.params.insert(name, id);
        }
        self.place.bind(&local.name, local.ty, local.span)
    }
}
