//! Controls: their head, their subject, what parameters they read.

use std::collections::BTreeSet;

use crate::base::{Span, Symbol};
use crate::hir::visit;
use crate::hir::{Control, FunctionId, ParamId, Severity, Subject};
use crate::resolve::{Kind, ModuleId};
use crate::syntax::ast;
use crate::syntax::ast::StatementKind;
use crate::types::{RecordId, Type, TypeId};

use super::errors::controls as errors;
use super::functions::gather_calls;
use super::params::direct_params;
use super::schema::ACCOUNT;
use super::{Checker, Declared};

/// The severities, as written.
const SEVERITIES: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

/// What the head of a control says, each with its place.
#[derive(Default)]
struct Head {
    title: Option<(String, Span)>,
    severity: Option<(Severity, Span)>,
    remedy: Option<(String, Span)>,
    see: Vec<String>,
}

impl<'a> Checker<'a> {
    /// Checks every control, by module, then as written.
    pub(super) fn check_controls(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Control(decl) = &item.kind
                    && self.is_first(module, &decl.name)
                {
                    self.control(module, decl, &item.docs);
                }
            }
        }
    }

    fn control(&mut self, module: ModuleId, decl: &'a ast::ControlDecl, docs: &str) {
        let before = self.enter();
        let subject = self.subject(decl);
        let head = self.head(decl);
        let params = self.control_params(decl);
        let statements = self.statements(&decl.statements);
        let name = decl.name.name.clone();
        let module_name = self.module_name();
        let title = head.title.map_or_else(|| first_sentence(docs), |(title, _)| title);
        let body = self.leave(before);
        let mut control = Control {
            name: name.clone(),
            module: module_name,
            title,
            severity: head.severity.map_or(Severity::Medium, |(severity, _)| severity),
            remedy: head.remedy.map(|(remedy, _)| remedy),
            see: head.see,
            subject,
            params,
            reads_params: Vec::new(),
            statements,
            body,
            docs: docs.to_owned(),
            span: decl.name.span,
        };
        control.reads_params = self.reads_params(&control);
        let id = self.hir.controls.add(control);
        self.declare(module, &name, Declared::Control(Some(id)), decl.name.span);
    }

    fn subject(&mut self, decl: &ast::ControlDecl) -> Subject {
        let Some(subject) = &decl.subject else {
            let account = self.hir.types.find(ACCOUNT);
            let ty = match account {
                Some(record) => self.hir.types.intern(Type::Resource(record)),
                None => self.core.error,
            };
            let name = Symbol::from("account");
            return Subject::Account(self.place.bind(&name, ty, decl.name.span));
        };
        let name = &subject.name;
        if let [only] = subject.types.as_slice()
            && only.name == "Resource"
        {
            let ty = self.core.resource;
            return Subject::Any(self.place.bind(&name.name, ty, name.span));
        }
        let (records, ty) = self.subject_types(subject);
        Subject::Resources(self.place.bind(&name.name, ty, name.span), records)
    }

    fn subject_types(&mut self, subject: &ast::Subject) -> (Vec<RecordId>, TypeId) {
        let mut records: Vec<RecordId> = Vec::new();
        let mut types: Vec<TypeId> = Vec::new();
        let mut broken = false;
        for written in &subject.types {
            if !written.name.contains("::") {
                self.report(errors::no_subject(&written.name, written.span));
                broken = true;
                continue;
            }
            let ty = self.resource_type(&written.name, written.span);
            match *self.ty(ty) {
                Type::Resource(record) if records.contains(&record) => {
                    self.report(errors::subject_twice(&written.name, written.span));
                }
                Type::Resource(record) => {
                    records.push(record);
                    types.push(ty);
                }
                _ => broken = true,
            }
        }
        let ty = if broken { self.core.error } else { self.hir.types.union(types) };
        (records, ty)
    }

    /// Title, severity, remedy and links; each but the last once.
    fn head(&mut self, decl: &ast::ControlDecl) -> Head {
        let mut head = Head::default();
        for statement in &decl.statements {
            match &statement.kind {
                StatementKind::Title(text) => {
                    if let Some((_, first)) = head.title {
                        self.report(errors::said_twice("title", statement.span, first));
                    } else {
                        head.title = Some((text.value.clone(), statement.span));
                    }
                }
                StatementKind::Severity(word) => {
                    let known = SEVERITIES.iter().find(|s| word.name == *s.name());
                    match (known, head.severity) {
                        (None, _) => {
                            let words = SEVERITIES.map(Severity::name);
                            self.report(errors::unknown_severity(&word.name, word.span, &words));
                        }
                        (Some(_), Some((_, first))) => {
                            self.report(errors::said_twice("severity", statement.span, first));
                        }
                        (Some(severity), None) => {
                            head.severity = Some((*severity, statement.span));
                        }
                    }
                }
                StatementKind::Remedy(text) => {
                    if let Some((_, first)) = head.remedy {
                        self.report(errors::said_twice("remedy", statement.span, first));
                    } else {
                        head.remedy = Some((text.value.clone(), statement.span));
                    }
                }
                StatementKind::See(text) => head.see.push(text.value.clone()),
                _ => {}
            }
        }
        head
    }

    /// The control's own parameters: visible in its whole body.
    fn control_params(&mut self, decl: &ast::ControlDecl) -> Vec<ParamId> {
        let mut params = Vec::new();
        for statement in &decl.statements {
            let StatementKind::Param(param) = &statement.kind else { continue };
            let name = &param.name;
            if let Some(first) = self.place.params.get(&name.name) {
                let first = self.hir.params.at(*first).span;
                self.report(super::errors::declarations::declared_twice(
                    &name.name, name.span, first,
                ));
                continue;
            }
            if self.place.find(&name.name).is_some() {
                self.refuse_twice(name);
                continue;
            }
            let id = self.declare_param(param, Some(decl.name.name.clone()));
            self.param_default(id, param);
            self.place.params.insert(name.name.clone(), id);
            params.push(id);
        }
        params
    }

    /// Every parameter that a control reads, through functions and defaults too.
    fn reads_params(&self, control: &Control) -> Vec<ParamId> {
        let mut params = BTreeSet::new();
        let mut calls: BTreeSet<FunctionId> = BTreeSet::new();
        visit::control(control, &mut |expr| {
            direct_params(expr, &mut params);
            gather_calls(expr, &mut calls);
        });
        self.close_over(&mut params, calls);
        params.into_iter().collect()
    }

    /// Adds what the functions and the defaults read.
    pub(super) fn close_over(&self, params: &mut BTreeSet<ParamId>, calls: BTreeSet<FunctionId>) {
        let mut seen = calls.clone();
        let mut todo: Vec<FunctionId> = calls.into_iter().collect();
        let mut read: Vec<ParamId> = params.iter().copied().collect();
        loop {
            let mut new_calls = BTreeSet::new();
            let mut new_params = BTreeSet::new();
            if let Some(function) = todo.pop() {
                if let Some(function) = self.hir.functions.get(function) {
                    visit::function(function, &mut |expr| {
                        direct_params(expr, &mut new_params);
                        gather_calls(expr, &mut new_calls);
                    });
                }
            } else if let Some(param) = read.pop() {
                if let Some(default) = self.hir.params.get(param).and_then(|p| p.default.as_ref()) {
                    direct_params(default, &mut new_params);
                    gather_calls(default, &mut new_calls);
                }
            } else {
                return;
            }
            todo.extend(new_calls.into_iter().filter(|call| seen.insert(*call)));
            read.extend(new_params.into_iter().filter(|param| params.insert(*param)));
        }
    }
}

/// Up to the first full stop that ends a sentence, without it.
fn first_sentence(docs: &str) -> String {
    let text = docs.split("\n\n").next().unwrap_or("").replace('\n', " ");
    let text = text.trim();
    let end = text.match_indices(". ").next().map_or(text.len(), |(at, _)| at);
    let sentence = text.get(..end).unwrap_or(text);
    sentence.trim_end_matches('.').to_owned()
}
