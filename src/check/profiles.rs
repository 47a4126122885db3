//! Profiles: what is covered, with which values of parameters, within which margins.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{ControlId, Expr, FrameworkId, Margin, MarginAmount, ParamId, Profile};
use crate::resolve::Kind;
use crate::syntax::ast;
use crate::syntax::ast::ProfileStatement;
use crate::value::Value;

use super::Checker;
use super::errors::controls;
use super::errors::frameworks as errors;
use super::errors::names;
use super::evaluate::{evaluate, param_values};

impl<'a> Checker<'a> {
    /// Checks every profile.
    pub(super) fn check_profiles(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Profile(decl) = &item.kind
                    && self.is_first(module, &decl.name)
                {
                    let profile = self.profile(decl);
                    self.warn_of_lost_coverage(&profile);
                    self.hir.profiles.push(profile);
                }
            }
        }
    }

    fn profile(&mut self, decl: &'a ast::ProfileDecl) -> Profile {
        let mut profile = Profile {
            name: decl.name.name.clone(),
            module: self.module_name(),
            title: String::new(),
            covers: Vec::new(),
            uses: Vec::new(),
            excludes: Vec::new(),
            sets: Vec::new(),
            margins: Vec::new(),
            span: decl.name.span,
        };
        let mut title: Option<Span> = None;
        let mut set: IndexMap<ParamId, Span> = IndexMap::new();
        for statement in &decl.statements {
            match statement {
                ProfileStatement::Title(text) => {
                    if let Some(first) = title {
                        self.report(controls::said_twice("title", text.span, first));
                    }
                    title = Some(text.span);
                    profile.title.clone_from(&text.value);
                }
                ProfileStatement::Covers(path, baseline) => {
                    if let Some(id) = self.framework_at(path) {
                        let baseline =
                            baseline.as_ref().and_then(|name| self.baseline_of(id, name));
                        profile.covers.push((id, baseline));
                    }
                }
                ProfileStatement::Use(paths) => {
                    profile.uses.extend(paths.iter().filter_map(|path| self.control_at(path)));
                }
                ProfileStatement::Exclude(paths) => self.exclude(paths, &mut profile),
                ProfileStatement::Set(path, value) => {
                    if let Some((id, value)) = self.set_param(path, value, &mut set) {
                        profile.sets.push((id, value));
                    }
                }
                ProfileStatement::Margin(margin) => {
                    if let Some(margin) = self.margin(margin, &profile.margins) {
                        profile.margins.push(margin);
                    }
                }
            }
        }
        profile
    }

    fn exclude(&mut self, paths: &[ast::Path], profile: &mut Profile) {
        for path in paths {
            let Some(control) = self.control_at(path) else { continue };
            if profile.uses.contains(&control) {
                let name = super::lookup::path_text(path);
                self.report(errors::used_and_excluded(&name, path.span));
            }
            profile.excludes.push(control);
        }
    }

    fn baseline_of(&mut self, framework: FrameworkId, name: &ast::Ident) -> Option<Symbol> {
        let framework = self.hir.frameworks.at(framework);
        if framework.baselines.iter().any(|(known, _)| *known == name.name) {
            return Some(name.name.clone());
        }
        let known: Vec<String> =
            framework.baselines.iter().map(|(known, _)| known.to_string()).collect();
        let owner = framework.name.clone();
        self.report(names::unknown_baseline(&owner, &name.name, name.span, &known));
        None
    }

    /// `set path = value` in a profile or a test: the parameter, and the value as one of its type.
    pub(super) fn set_param(
        &mut self,
        path: &ast::Path,
        value: &ast::Expr,
        set: &mut IndexMap<ParamId, Span>,
    ) -> Option<(ParamId, Expr)> {
        let Some(id) = self.param_at(path) else {
            let before = self.enter();
            self.expr(value, None);
            self.leave(before);
            return None;
        };
        if let Some(first) = set.insert(id, path.span) {
            let name = super::lookup::path_text(path);
            self.report(errors::param_set_twice(&name, path.span, first));
        }
        let ty = self.hir.params.at(id).ty;
        Some((id, self.constant_expr(value, ty)))
    }

    fn margin(&mut self, written: &ast::Margin, before: &[Margin]) -> Option<Margin> {
        let control = self.control_at(&written.control)?;
        if let Some(first) = before.iter().find(|margin| margin.control == control) {
            let name = super::lookup::path_text(&written.control);
            let first = first.span;
            self.report(errors::margin_twice(&name, written.span, first));
        }
        let amount = match written.amount {
            ast::MarginAmount::Percent(percent) => {
                if !(0.0..=100.0).contains(&percent) {
                    self.report(errors::margin_out_of_range(written.span));
                }
                MarginAmount::Percent(percent)
            }
            ast::MarginAmount::Count(count) => {
                if count < 0 {
                    self.report(errors::margin_out_of_range(written.span));
                }
                MarginAmount::Count(count)
            }
        };
        Some(Margin { control, amount, during: written.during, span: written.span })
    }

    /// A mapping that holds only for some values of parameters is lost by a profile with others.
    fn warn_of_lost_coverage(&mut self, profile: &Profile) {
        let params = param_values(&self.hir, &profile.sets);
        let mut lost: Vec<(Symbol, ControlId, Span, Option<Span>)> = Vec::new();
        for (framework, baseline) in &profile.covers {
            let framework = self.hir.frameworks.at(*framework);
            let ids = framework.baselines.iter().find(|(name, _)| Some(name) == baseline.as_ref());
            for requirement in &framework.requirements {
                if ids.is_some_and(|(_, ids)| !ids.contains(&requirement.id)) {
                    continue;
                }
                for met in &requirement.met_by {
                    let Some(condition) = &met.condition else { continue };
                    let holds = evaluate(condition, &params);
                    if matches!(holds.as_ref().map(Value::plain), Some(Value::Bool(false))) {
                        let set = profile.sets.iter().find(|(id, _)| reads(condition, *id));
                        let set = set.map(|(_, value)| value.span);
                        lost.push((requirement.id.clone(), met.control, condition.span, set));
                    }
                }
            }
        }
        for (requirement, control, condition, set) in lost {
            let control = self.hir.controls.at(control).name.clone();
            let text = self.source_text(condition);
            let place = (set.unwrap_or(profile.span), condition);
            self.report(errors::coverage_lost(&profile.name, &requirement, &control, &text, place));
        }
    }
}

/// Whether an expression reads the parameter itself.
fn reads(expr: &Expr, param: ParamId) -> bool {
    let mut read = std::collections::BTreeSet::new();
    super::params::direct_params(expr, &mut read);
    read.contains(&param)
}
