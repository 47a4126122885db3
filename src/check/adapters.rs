//! Adapters: the schema's view of another source's item, read leniently.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{Adapter, Expr, ExprKind, visit};
use crate::resolve::Kind;
use crate::syntax::ast;
use crate::syntax::ast::AdapterStatement;
use crate::types::Type;

use super::Checker;
use super::errors::frameworks as errors;

/// The sources whose items adapters read.
const SOURCES: [&str; 2] = ["config", "terraform"];

/// The source that has types of its own, and knows which resources refer to one.
const TERRAFORM: &str = "terraform";

impl<'a> Checker<'a> {
    /// Checks every adapter.
    pub(super) fn check_adapters(&mut self) {
        let mut seen: IndexMap<(Symbol, Symbol, Symbol), Span> = IndexMap::new();
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Adapter(decl) = &item.kind {
                    let (source, target) = (decl.source.name.clone(), decl.target.name.clone());
                    let key = (source, target, items_of(decl));
                    let library = tree.kind == Kind::Library;
                    // One's own adapter takes the place of the library's. Where policies are wrong, what
                    // the library's adapters make of them says nothing.
                    if library && (seen.contains_key(&key) || self.sink.has_errors()) {
                        continue;
                    }
                    if let Some(first) = seen.insert(key, decl.target.span) {
                        let (source, target) = (&decl.source.name, &decl.target.name);
                        let span = decl.target.span;
                        self.report(errors::adapter_twice(source, target, span, first));
                    }
                    self.adapter(decl, item.span);
                }
            }
        }
    }

    fn adapter(&mut self, decl: &'a ast::AdapterDecl, span: Span) {
        if !SOURCES.contains(&decl.source.name.as_str()) {
            self.report(errors::unknown_source(&decl.source.name, decl.source.span, &SOURCES));
        }
        let ty = self.resource_type(&decl.target.name, decl.target.span);
        let before = self.enter();
        self.place.lenient = true;
        let item = self.place.bind(&decl.item.name, self.core.json, decl.item.span);
        let own_words = *decl.source.name == *TERRAFORM;
        if own_words {
            self.place.referred = Some(item);
        }
        let of = items_of(decl);
        if of.contains("::") == own_words && SOURCES.contains(&decl.source.name.as_str()) {
            let span = decl.of.as_ref().unwrap_or(&decl.target).span;
            self.report(errors::items_of_no_type(&decl.source.name, &of, own_words, span));
        }
        let (mut lets, mut conditions) = (Vec::new(), Vec::new());
        let mut sets: Vec<(Symbol, Expr)> = Vec::new();
        let mut places: IndexMap<Symbol, Span> = IndexMap::new();
        for statement in &decl.statements {
            match statement {
                AdapterStatement::Let(bound) => {
                    let bound = self.bind_let(bound);
                    lets.push(bound);
                }
                AdapterStatement::When(condition) => {
                    conditions.push(self.condition(condition, false));
                }
                AdapterStatement::Set(name, value) => {
                    let Type::Resource(record) = *self.ty(ty) else {
                        self.expr(value, None);
                        continue;
                    };
                    if let Some(first) = places.insert(name.name.clone(), name.span) {
                        self.report(errors::property_set_twice(name.span, first));
                    }
                    if let Some(value) = self.field_value(record, name, value) {
                        sets.push((name.name.clone(), value));
                    }
                }
            }
        }
        let body = self.leave(before);
        if let Type::Resource(target) = *self.ty(ty) {
            let (source, of) = (decl.source.name.clone(), items_of(decl));
            let adapter = Adapter { source, target, of, item, conditions, lets, sets, body, span };
            self.beyond_the_item(&adapter);
            self.hir.adapters.push(adapter);
        }
    }

    /// An adapter sees its item and nothing else: it runs before there are a snapshot, values of parameters
    /// and an instant to ask for.
    fn beyond_the_item(&mut self, adapter: &Adapter) {
        let mut found = Vec::new();
        let mut todo: Vec<&Expr> = Vec::new();
        visit::adapter(adapter, &mut |part| todo.push(part));
        let mut called = BTreeSet::new();
        while let Some(expr) = todo.pop() {
            let what = match &expr.kind {
                ExprKind::Now => Some("the run's instant"),
                ExprKind::Builtin(name, _) if *name == *"age" => Some("the run's instant"),
                ExprKind::Param(_) => Some("a parameter"),
                ExprKind::Resources(..) | ExprKind::Follow { .. } | ExprKind::Reverse { .. } => {
                    Some("other resources")
                }
                _ => None,
            };
            found.extend(what.map(|what| (what, expr.span)));
            if let ExprKind::Call(id, _) = &expr.kind
                && called.insert(*id)
            {
                visit::function(self.hir.functions.at(*id), &mut |part| todo.push(part));
            }
            visit::children(expr, &mut |part| todo.push(part));
        }
        for (what, span) in found {
            self.report(errors::beyond_the_item(what, span, adapter.span));
        }
    }
}

/// The type of the items that the adapter reads.
fn items_of(decl: &ast::AdapterDecl) -> Symbol {
    decl.of.as_ref().unwrap_or(&decl.target).name.clone()
}
