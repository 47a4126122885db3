//! Functions: bodies checked against signatures, circles of calls refused, callees put before callers.

use std::collections::BTreeSet;

use crate::base::{Arena, Idx, Span};
use crate::hir::visit;
use crate::hir::{Expr, ExprKind, Function, FunctionId, Let};
use crate::resolve::ModuleId;
use crate::syntax::ast;
use crate::types::TypeId;

use super::Checker;
use super::errors::declarations as errors;

/// The longest chain of functions that call each other: the machine has a frame for each.
const MAX_CHAIN: usize = 64;

/// A function of the program before its body is checked.
pub(crate) struct Signature<'a> {
    pub module: ModuleId,
    pub decl: &'a ast::FunctionDecl,
    pub item: &'a ast::Item,
    pub args: Vec<TypeId>,
    pub result: TypeId,
}

impl Checker<'_> {
    /// Checks all bodies, and puts the functions in order.
    pub(super) fn check_functions(&mut self) {
        let mut functions = Vec::with_capacity(self.signatures.len());
        for at in 0..self.signatures.len() {
            if let Some(function) = self.function(at) {
                functions.push(function);
            }
        }
        self.put_in_order(functions);
    }

    fn function(&mut self, at: usize) -> Option<Function> {
        let signature = self.signatures.get(at)?;
        let (decl, docs) = (signature.decl, signature.item.docs.clone());
        let (types, result) = (signature.args.clone(), signature.result);
        self.module = signature.module;
        let before = self.enter();
        let mut args = Vec::with_capacity(types.len());
        for ((name, _), ty) in decl.args.iter().zip(types) {
            self.refuse_twice(name);
            args.push(self.place.bind(&name.name, ty, name.span));
        }
        let mut lets = Vec::with_capacity(decl.lets.len());
        for bound in &decl.lets {
            lets.push(self.bind_let(bound));
        }
        let value = self.check(&decl.body, result);
        let module = self.module_name();
        let body = self.leave(before);
        let name = decl.name.name.clone();
        let span = decl.name.span;
        Some(Function { name, module, args, result, lets, value, body, docs, span })
    }

    /// `let name: T = e`.
    pub(super) fn bind_let(&mut self, bound: &ast::Let) -> Let {
        let used = std::mem::take(&mut self.place.used_after);
        let value = match &bound.ty {
            Some(ty) => {
                let ty = self.type_expr(ty);
                let value = self.check(&bound.value, ty);
                Expr { ty, ..value }
            }
            None => self.expr(&bound.value, None),
        };
        let references = self.references_of(&value);
        self.refuse_twice(&bound.name);
        let local = self.place.bind(&bound.name.name, value.ty, bound.name.span);
        self.place.references.insert(local, references);
        let after = std::mem::replace(&mut self.place.used_after, used);
        if !after.is_empty() {
            self.place.let_after.insert(local, after);
        }
        Let { local, value }
    }

    /// A name that is bound already would hide the other: refused.
    pub(super) fn refuse_twice(&mut self, name: &ast::Ident) {
        if let Some(local) = self.place.find(&name.name) {
            let first = self.place.body.locals.at(local).span;
            self.report(errors::bound_twice(&name.name, name.span, first));
        }
    }

    /// Callees before callers; circles are reported. The numbers in the bodies are the new ones after.
    fn put_in_order(&mut self, functions: Vec<Function>) {
        let calls: Vec<BTreeSet<FunctionId>> = functions.iter().map(calls_of).collect();
        let (order, depths) = self.visit_all(&functions, &calls);
        let mut new = vec![FunctionId::new(0); functions.len()];
        for (at, old) in order.iter().enumerate() {
            if let Some(slot) = new.get_mut(*old) {
                *slot = Idx::new(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        for (at, depth) in depths.iter().enumerate() {
            if let (true, Some(function)) = (*depth == MAX_CHAIN + 1, functions.get(at)) {
                self.report(errors::chain_too_long(&function.name, MAX_CHAIN, function.span));
            }
        }
        let mut slots: Vec<Option<Function>> = functions.into_iter().map(Some).collect();
        let mut ordered = Arena::new();
        for old in order {
            if let Some(mut function) = slots.get_mut(old).and_then(Option::take) {
                function.lets.iter_mut().for_each(|bound| renumber(&mut bound.value, &new));
                renumber(&mut function.value, &new);
                ordered.add(function);
            }
        }
        self.hir.functions = ordered;
        self.renumber_signatures(&new);
    }

    /// The names of the modules and the signatures speak of the new numbers, too.
    fn renumber_signatures(&mut self, new: &[FunctionId]) {
        for named in self.names.iter_mut().flat_map(indexmap::IndexMap::values_mut) {
            if let super::Declared::Function(id) = &mut named.declared
                && let Some(better) = new.get(id.index())
            {
                *id = *better;
            }
        }
        let mut moved: Vec<(FunctionId, Signature<'_>)> =
            new.iter().copied().zip(std::mem::take(&mut self.signatures)).collect();
        moved.sort_by_key(|(id, _)| *id);
        self.signatures = moved.into_iter().map(|(_, signature)| signature).collect();
        for id in 0..self.hir.params.len() {
            let id = Idx::new(u32::try_from(id).unwrap_or(u32::MAX));
            if let Some(default) = &mut self.hir.params.at_mut(id).default {
                renumber(default, new);
            }
        }
    }

    /// The functions in the order in which they are left, with the length of the longest chain of
    /// calls from each. Iterative: chains may be long.
    fn visit_all(
        &mut self,
        functions: &[Function],
        calls: &[BTreeSet<FunctionId>],
    ) -> (Vec<usize>, Vec<usize>) {
        let mut order = Vec::with_capacity(functions.len());
        let mut depths = vec![0_usize; functions.len()];
        let mut open = vec![false; functions.len()];
        for start in 0..functions.len() {
            if depths.get(start) != Some(&0) {
                continue;
            }
            let mut path: Vec<(usize, Vec<usize>)> = vec![(start, callees(calls, start))];
            mark(&mut open, start, true);
            while let Some((at, rest)) = path.last_mut() {
                let at = *at;
                match rest.pop() {
                    Some(next) if open.get(next) == Some(&true) => {
                        self.report_recursion(functions, &path, next);
                    }
                    Some(next) if depths.get(next) == Some(&0) => {
                        mark(&mut open, next, true);
                        path.push((next, callees(calls, next)));
                    }
                    Some(_) => {}
                    None => {
                        let below = callees(calls, at).into_iter();
                        let deepest = below.filter_map(|c| depths.get(c)).max().copied();
                        if let Some(depth) = depths.get_mut(at) {
                            *depth = deepest.unwrap_or(0) + 1;
                        }
                        mark(&mut open, at, false);
                        order.push(at);
                        path.pop();
                    }
                }
            }
        }
        (order, depths)
    }

    fn report_recursion(
        &mut self,
        functions: &[Function],
        path: &[(usize, Vec<usize>)],
        back_to: usize,
    ) {
        let circle: Vec<usize> =
            path.iter().map(|(at, _)| *at).skip_while(|at| *at != back_to).collect();
        let mut names: Vec<String> = Vec::new();
        let mut places: Vec<(Span, String)> = Vec::new();
        for (nth, at) in circle.iter().enumerate() {
            let (Some(function), Some(next)) =
                (functions.get(*at), circle.get(nth + 1).or_else(|| circle.first()))
            else {
                continue;
            };
            names.push(function.name.to_string());
            let callee = functions.get(*next).map_or("", |f| f.name.as_str());
            let wanted = Idx::new(u32::try_from(*next).unwrap_or(u32::MAX));
            if let Some(span) = call_place(function, wanted) {
                places.push((span, format!("`{}` calls `{callee}` here", function.name)));
            }
        }
        if let Some(first) = names.first().cloned() {
            names.push(first);
        }
        let span = circle.first().and_then(|at| functions.get(*at)).map(|function| function.span);
        if let Some(span) = span {
            self.report(errors::recursion(&names, span, &places));
        }
    }
}

fn callees(calls: &[BTreeSet<FunctionId>], at: usize) -> Vec<usize> {
    calls.get(at).into_iter().flatten().rev().map(|id| id.index()).collect()
}

fn mark(open: &mut [bool], at: usize, value: bool) {
    if let Some(slot) = open.get_mut(at) {
        *slot = value;
    }
}

fn calls_of(function: &Function) -> BTreeSet<FunctionId> {
    let mut calls = BTreeSet::new();
    visit::function(function, &mut |expr| gather_calls(expr, &mut calls));
    calls
}

/// The functions that an expression calls itself.
pub(crate) fn gather_calls(expr: &Expr, into: &mut BTreeSet<FunctionId>) {
    if let ExprKind::Call(id, _) = &expr.kind {
        into.insert(*id);
    }
    visit::children(expr, &mut |child| gather_calls(child, into));
}

/// Where a function calls another.
fn call_place(function: &Function, callee: FunctionId) -> Option<Span> {
    let mut found = None;
    visit::function(function, &mut |expr| {
        if found.is_none() {
            found = call_in(expr, callee);
        }
    });
    found
}

fn call_in(expr: &Expr, callee: FunctionId) -> Option<Span> {
    if matches!(&expr.kind, ExprKind::Call(id, _) if *id == callee) {
        return Some(expr.span);
    }
    let mut found = None;
    visit::children(expr, &mut |child| {
        if found.is_none() {
            found = call_in(child, callee);
        }
    });
    found
}

fn renumber(expr: &mut Expr, new: &[FunctionId]) {
    if let ExprKind::Call(id, _) = &mut expr.kind
        && let Some(better) = new.get(id.index())
    {
        *id = *better;
    }
    visit::children_mut(expr, &mut |child| renumber(child, new));
}
