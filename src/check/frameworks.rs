//! Frameworks: requirements with unique ids, met by controls; baselines of them.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{ControlId, Expr, Framework, MetBy, Requirement};
use crate::resolve::{Kind, ModuleId};
use crate::syntax::ast;
use crate::syntax::ast::FrameworkStatement;

use super::errors::controls;
use super::errors::frameworks as errors;
use super::errors::names;
use super::{Checker, Declared};

/// The requirements of a framework so far.
#[derive(Default)]
struct Found {
    requirements: Vec<Requirement>,
    ids: IndexMap<Symbol, Span>,
}

impl<'a> Checker<'a> {
    /// Checks every framework.
    pub(super) fn check_frameworks(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Framework(decl) = &item.kind
                    && self.is_first(module, &decl.name)
                {
                    self.framework(module, decl);
                }
            }
        }
    }

    fn framework(&mut self, module: ModuleId, decl: &'a ast::FrameworkDecl) {
        let name = decl.name.name.clone();
        let mut title: Option<(String, Span)> = None;
        let mut see = Vec::new();
        let mut found = Found::default();
        for statement in &decl.statements {
            match statement {
                FrameworkStatement::Title(text) => match &title {
                    Some((_, first)) => {
                        let first = *first;
                        self.report(controls::said_twice("title", text.span, first));
                    }
                    None => title = Some((text.value.clone(), text.span)),
                },
                FrameworkStatement::See(text) => see.push(text.value.clone()),
                FrameworkStatement::Baseline(..) => {}
                FrameworkStatement::Requirement(written) => {
                    self.requirement_tree(written, &mut found);
                }
            }
        }
        let baselines = self.baselines(decl, &found);
        let framework = Framework {
            name: name.clone(),
            module: self.module_name(),
            title: title.map(|(title, _)| title).unwrap_or_default(),
            see,
            baselines,
            requirements: found.requirements,
            span: decl.name.span,
        };
        let id = self.hir.frameworks.add(framework);
        self.declare(module, &name, Declared::Framework(Some(id)), decl.name.span);
    }

    /// The requirement and those in it, parents first. Iterative: a framework may be a deep tree.
    fn requirement_tree(&mut self, root: &'a ast::Requirement, found: &mut Found) {
        let mut todo: Vec<(&'a ast::Requirement, Option<u32>)> = vec![(root, None)];
        while let Some((written, parent)) = todo.pop() {
            let id = Symbol::from(written.id.value.as_str());
            if let Some(first) = found.ids.get(&id) {
                let first = *first;
                self.report(errors::requirement_twice(&id, written.id.span, first));
            } else {
                found.ids.insert(id.clone(), written.id.span);
            }
            let met_by: Vec<MetBy> =
                written.met_by.iter().filter_map(|met| self.met_by(met)).collect();
            let number = u32::try_from(found.requirements.len()).unwrap_or(u32::MAX);
            found.requirements.push(Requirement {
                id,
                title: written.title.as_ref().map(|t| t.value.clone()).unwrap_or_default(),
                parent,
                met_by,
                manual: written.manual.iter().map(|text| text.value.clone()).collect(),
                span: written.span,
            });
            todo.extend(written.children.iter().rev().map(|child| (child, Some(number))));
        }
    }

    fn met_by(&mut self, written: &ast::MetBy) -> Option<MetBy> {
        let control = self.control_at(&written.control)?;
        let condition = written.condition.as_ref().map(|cond| self.coverage(control, cond));
        Some(MetBy { control, condition, span: written.control.span })
    }

    /// The condition of a mapping: constant, over the control's parameters.
    fn coverage(&mut self, control: ControlId, cond: &ast::Expr) -> Expr {
        let before = self.enter();
        for id in self.hir.controls.at(control).params.clone() {
            let name = self.hir.params.at(id).name.clone();
            self.place.params.insert(name, id);
        }
        let condition = self.condition(cond, false);
        self.leave(before);
        self.must_be_constant(&condition);
        condition
    }

    fn baselines(
        &mut self,
        decl: &ast::FrameworkDecl,
        found: &Found,
    ) -> Vec<(Symbol, Vec<Symbol>)> {
        let mut baselines: Vec<(Symbol, Vec<Symbol>)> = Vec::new();
        let mut places: IndexMap<Symbol, Span> = IndexMap::new();
        for statement in &decl.statements {
            let FrameworkStatement::Baseline(name, ids) = statement else { continue };
            if let Some(first) = places.get(&name.name) {
                let first = *first;
                self.report(errors::baseline_twice(&name.name, name.span, first));
                continue;
            }
            places.insert(name.name.clone(), name.span);
            let ids = self.baseline_ids(&decl.name.name, ids, found);
            baselines.push((name.name.clone(), ids));
        }
        baselines
    }

    fn baseline_ids(&mut self, framework: &str, ids: &ast::Expr, found: &Found) -> Vec<Symbol> {
        let ast::ExprKind::List(items) = &ids.kind else {
            if ids.kind != ast::ExprKind::Error {
                self.report(errors::baseline_no_list(ids.span));
            }
            return Vec::new();
        };
        let mut known = Vec::with_capacity(items.len());
        for item in items {
            let Some(id) = super::operators::plain_text(item) else {
                if item.kind != ast::ExprKind::Error {
                    self.report(errors::baseline_no_list(item.span));
                }
                continue;
            };
            if found.ids.contains_key(id.as_str()) {
                known.push(Symbol::from(id));
            } else {
                let all: Vec<String> = found.ids.keys().map(ToString::to_string).collect();
                self.report(names::unknown_requirement(framework, &id, item.span, &all));
            }
        }
        known
    }
}
