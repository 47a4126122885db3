//! Treatments: which properties of the subject they set, under which guard rails.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{Expr, LocalId, Treatment, TreatmentMode};
use crate::resolve::Kind;
use crate::syntax::ast;
use crate::syntax::ast::TreatmentStatement;
use crate::types::{Presence, RecordId, Type, TypeId};

use super::Checker;
use super::errors::frameworks as errors;
use super::errors::names;
use super::schema::ATTRIBUTES;

/// The modes, as written.
const MODES: [(&str, TreatmentMode); 2] =
    [("propose", TreatmentMode::Propose), ("automatic", TreatmentMode::Automatic)];

impl<'a> Checker<'a> {
    /// Checks every treatment.
    pub(super) fn check_treatments(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Treatment(decl) = &item.kind
                    && self.is_first(module, &decl.name)
                {
                    self.treatment(decl);
                }
            }
        }
    }

    fn treatment(&mut self, decl: &'a ast::TreatmentDecl) {
        let Some(control) = self.control_at(&decl.control) else { return };
        let before = self.enter();
        let subject = self.bind_subject(control);
        let mut made = Treatment {
            name: decl.name.name.clone(),
            module: self.module_name(),
            control,
            subject,
            mode: TreatmentMode::Propose,
            limit: None,
            conditions: Vec::new(),
            lets: Vec::new(),
            sets: Vec::new(),
            body: crate::hir::Body::default(),
            span: decl.name.span,
        };
        let mut mode = None;
        let mut limit: Option<((i64, i64), Span)> = None;
        let mut set: IndexMap<Vec<Symbol>, Span> = IndexMap::new();
        for statement in &decl.statements {
            match statement {
                TreatmentStatement::When(cond) => {
                    let cond = self.condition(cond, false);
                    self.assume(&cond, true, None);
                    made.conditions.push(cond);
                }
                TreatmentStatement::Mode(word) => {
                    if let Some(known) = self.mode(word) {
                        self.once("mode", &mut mode, known, word.span);
                    }
                }
                TreatmentStatement::Limit(count, per, span) => {
                    if *count < 1 || *per < 1 {
                        self.report(errors::limit_out_of_range(*span));
                    }
                    self.once("limit", &mut limit, (*count, *per), *span);
                }
                TreatmentStatement::Set(target, value) => {
                    if let Some((path, value)) = self.treatment_set(subject, target, value) {
                        if let Some(first) = set.insert(path.clone(), target.span) {
                            self.report(errors::property_set_twice(target.span, first));
                        }
                        made.sets.push((path, value));
                    }
                }
                TreatmentStatement::Let(bound) => {
                    let bound = self.bind_let(bound);
                    made.lets.push(bound);
                }
            }
        }
        if made.sets.is_empty()
            && decl.statements.iter().all(|s| !matches!(s, TreatmentStatement::Set(..)))
        {
            self.report(errors::treatment_sets_nothing(&decl.name.name, decl.name.span));
        }
        made.mode = mode.map_or(TreatmentMode::Propose, |(mode, _)| mode);
        made.limit = limit.map(|(limit, _)| limit);
        made.body = self.leave(before);
        self.hir.treatments.push(made);
    }

    fn mode(&mut self, word: &ast::Ident) -> Option<TreatmentMode> {
        let known = MODES.iter().find(|(name, _)| word.name == *name);
        if known.is_none() {
            let words = MODES.map(|(name, _)| name);
            self.report(errors::unknown_mode(&word.name, word.span, &words));
        }
        known.map(|(_, mode)| *mode)
    }

    /// `set subject.A.B = value`.
    fn treatment_set(
        &mut self,
        subject: LocalId,
        target: &ast::Expr,
        value: &ast::Expr,
    ) -> Option<(Vec<Symbol>, Expr)> {
        let local = self.place.body.locals.at(subject).clone();
        let Some(path) = field_path(target, &local.name) else {
            if target.kind != ast::ExprKind::Error {
                self.report(errors::no_property_to_set(&local.name, target.span));
            }
            self.expr(value, None);
            return None;
        };
        let Some(ty) = self.settable(local.ty, &path) else {
            self.expr(value, None);
            return None;
        };
        let value = self.check(value, ty);
        Some((path.iter().map(|step| step.name.clone()).collect(), value))
    }

    /// The type of what is set; reported where it cannot be set.
    fn settable(&mut self, subject: TypeId, path: &[&ast::Ident]) -> Option<TypeId> {
        let mut ty = subject;
        for (at, step) in path.iter().enumerate() {
            let records = self.records_of(ty);
            if records.is_empty() {
                if !self.is_error(ty) {
                    let shown = self.show(ty);
                    self.report(errors::set_inside(&step.name, &shown, step.span));
                }
                return None;
            }
            if at == 0 && ATTRIBUTES.contains(&step.name.as_str()) {
                self.report(errors::set_attribute(&step.name, step.span));
                return None;
            }
            let mut joined: Option<TypeId> = None;
            for record in records {
                let field = self.set_field(record, step)?;
                joined = match joined {
                    None => Some(field),
                    Some(before) if before == field => Some(before),
                    Some(_) => {
                        self.report(errors::set_differs(&step.name, step.span));
                        return None;
                    }
                };
            }
            ty = joined?;
            if at + 1 < path.len() {
                ty = self.hir.types.present(ty);
            }
        }
        Some(ty)
    }

    fn records_of(&self, ty: TypeId) -> Vec<RecordId> {
        match self.ty(ty) {
            Type::Record(record) | Type::Resource(record) => vec![*record],
            Type::Union(members) => members.iter().flat_map(|m| self.records_of(*m)).collect(),
            _ => Vec::new(),
        }
    }

    /// The type of a property that is set: it may be set to absent where it is not required.
    fn set_field(&mut self, record: RecordId, name: &ast::Ident) -> Option<TypeId> {
        let shape = self.hir.types.records.at(record);
        let Some(field) = shape.fields.get(&name.name) else {
            let known: Vec<String> = shape.fields.keys().map(ToString::to_string).collect();
            let owner = shape.name.clone();
            self.report(names::unknown_field(&owner, &name.name, name.span, &known));
            return None;
        };
        if field.read_only {
            self.report(errors::set_read_only(&name.name, name.span));
            return None;
        }
        let (ty, required) = (field.ty, matches!(field.presence, Presence::Required));
        Some(if required { ty } else { self.hir.types.optional(ty) })
    }
}

/// The fields behind the subject's name, if the expression is that.
fn field_path<'e>(target: &'e ast::Expr, subject: &str) -> Option<Vec<&'e ast::Ident>> {
    let mut path = Vec::new();
    let mut at = target;
    loop {
        match &at.kind {
            ast::ExprKind::Field { base, field, .. } => {
                path.push(field);
                at = base;
            }
            ast::ExprKind::Name(name) if name == subject && !path.is_empty() => {
                path.reverse();
                return Some(path);
            }
            _ => return None,
        }
    }
}
