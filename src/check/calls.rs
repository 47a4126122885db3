//! Calls: functions of the program, method calls, `everywhere`.

use crate::base::{Span, Symbol};
use crate::hir::{Expr, ExprKind, FunctionId};
use crate::resolve::{ModuleId, Target};
use crate::syntax::ast;
use crate::types::{Type, TypeId};

use super::errors::calls as errors;
use super::errors::names;
use super::expressions::error_expr;
use super::lookup::{Callee, is_standard};
use super::{Checker, Declared};

impl Checker<'_> {
    /// `f(a)`, `x.f(a)`, `module.f(a)`, `everywhere(TYPE)`.
    pub(super) fn call(&mut self, callee: &ast::Expr, args: &[ast::Expr], span: Span) -> Expr {
        match &callee.kind {
            ast::ExprKind::Name(name) => self.call_name(name, args, callee.span, span),
            ast::ExprKind::Field { base, field, safe } => {
                if let ast::ExprKind::Name(name) = &base.kind
                    && self.place.find(name).is_none()
                    && !self.place.params.contains_key(name)
                    && let Some((module, path)) = self.find_module(name)
                {
                    return self.call_in_module(module, &path, field, args, span);
                }
                if *safe {
                    let text = self.source_text(base.span);
                    self.report(errors::safe_call(&text, &field.name, field.span));
                    return self.give_up(args, span);
                }
                self.call_method(base, field, args, span)
            }
            _ => {
                let text = self.source_text(callee.span);
                self.report(errors::not_callable(&text, callee.span));
                self.give_up(args, span)
            }
        }
    }

    /// Reads the arguments for their own mistakes.
    fn give_up(&mut self, args: &[ast::Expr], span: Span) -> Expr {
        for arg in args {
            self.expr(arg, None);
        }
        error_expr(self, span)
    }

    fn call_name(&mut self, name: &Symbol, args: &[ast::Expr], at: Span, span: Span) -> Expr {
        if self.place.find(name).is_some() || self.place.params.contains_key(name) {
            self.report(errors::not_a_function(name, "a value", at));
            return self.give_up(args, span);
        }
        match self.find_function(name) {
            Some(Callee::Function(id)) => self.call_function(id, None, args, at, span),
            Some(Callee::Standard(standard)) => self.call_standard(&standard, None, args, at, span),
            None if name == "everywhere" => self.everywhere(args, at, span),
            None => {
                if let Some(other) = self.find_declared(name) {
                    self.report(errors::not_a_function(name, other.what(), at));
                } else {
                    let known = self.functions_in_scope();
                    self.report(names::unknown_function(name, at, &known));
                }
                self.give_up(args, span)
            }
        }
    }

    /// The function of this name: of this module, imported, or standard.
    fn find_function(&self, name: &str) -> Option<Callee> {
        if let Some(Declared::Function(id)) = self.find_declared(name) {
            return Some(Callee::Function(id));
        }
        if let Some(import) = self.module_at(self.module)?.imports.get(name)
            && let Target::Standard(standard) = &import.target
        {
            return Some(Callee::Standard(standard.clone()));
        }
        is_standard(name).then(|| Callee::Standard(Symbol::from(name)))
    }

    fn call_in_module(
        &mut self,
        module: Option<ModuleId>,
        path: &Symbol,
        name: &ast::Ident,
        args: &[ast::Expr],
        span: Span,
    ) -> Expr {
        let declared = module.and_then(|module| self.declared_in(module, &name.name));
        if let Some(Declared::Function(id)) = declared {
            return self.call_function(id, None, args, name.span, span);
        }
        let builtins = crate::builtins::all().filter(|b| b.module == path.as_str());
        let mut known: Vec<String> = builtins.map(|builtin| builtin.name.to_owned()).collect();
        if known.iter().any(|known| *known == *name.name) {
            return self.call_standard(&name.name, None, args, name.span, span);
        }
        if let Some(other) = declared {
            self.report(errors::not_a_function(&name.name, other.what(), name.span));
            return self.give_up(args, span);
        }
        if let Some(module) = module {
            known.extend(self.names_of(module, |d| matches!(d, Declared::Function(_))));
        }
        self.report(names::unknown_in_module(path, &name.name, name.span, &known));
        self.give_up(args, span)
    }

    /// `x.f(a)` is `f(x, a)`: a function that can be called here, or one of the module that declares
    /// the type of `x`.
    fn call_method(
        &mut self,
        receiver: &ast::Expr,
        name: &ast::Ident,
        args: &[ast::Expr],
        span: Span,
    ) -> Expr {
        let receiver = self.expr(receiver, None);
        let own = match self.find_declared(&name.name) {
            Some(Declared::Function(id)) => Some(Callee::Function(id)),
            _ => self.function_of_type(receiver.ty, &name.name).map(Callee::Function),
        };
        match own.or_else(|| self.find_function(&name.name)) {
            Some(Callee::Function(id)) => {
                self.call_function(id, Some(receiver), args, name.span, span)
            }
            Some(Callee::Standard(standard)) => {
                self.call_standard(&standard, Some(receiver), args, name.span, span)
            }
            None => {
                if !self.is_error(receiver.ty) {
                    let mut known = self.functions_in_scope();
                    if let Some(module) = self.module_of_type(receiver.ty) {
                        known.extend(self.names_of(module, |d| matches!(d, Declared::Function(_))));
                    }
                    self.report(names::unknown_function(&name.name, name.span, &known));
                }
                self.give_up(args, span)
            }
        }
    }

    fn module_of_type(&self, ty: TypeId) -> Option<ModuleId> {
        match self.ty(self.hir.types.present(ty)) {
            Type::Record(record) | Type::Resource(record) => {
                self.record_modules.get(record).copied()
            }
            _ => None,
        }
    }

    fn function_of_type(&self, ty: TypeId, name: &str) -> Option<FunctionId> {
        match self.declared_in(self.module_of_type(ty)?, name) {
            Some(Declared::Function(id)) => Some(id),
            _ => None,
        }
    }

    fn everywhere(&mut self, args: &[ast::Expr], at: Span, span: Span) -> Expr {
        match args {
            [ast::Expr { kind: ast::ExprKind::ResourceType(name), span: type_span, .. }] => {
                self.resources(name, true, *type_span, span)
            }
            _ => {
                self.report(errors::everywhere_needs_type(at));
                self.give_up(args, span)
            }
        }
    }

    /// A call of a function of the program.
    fn call_function(
        &mut self,
        id: FunctionId,
        receiver: Option<Expr>,
        args: &[ast::Expr],
        at: Span,
        span: Span,
    ) -> Expr {
        let Some(signature) = self.signatures.get(id.index()) else {
            return self.give_up(args, span);
        };
        let (wanted, result) = (signature.args.clone(), signature.result);
        let decl = signature.decl;
        let given = args.len() + usize::from(receiver.is_some());
        if given != wanted.len() {
            let names: Vec<String> = decl.args.iter().map(|(n, _)| n.name.to_string()).collect();
            let place = decl.name.span;
            self.report(errors::wrong_count(&decl.name.name, &names, given, at, Some(place)));
            return self.give_up(args, span);
        }
        let mut values = Vec::with_capacity(wanted.len());
        let mut wanted = wanted.into_iter();
        if let (Some(receiver), Some(ty)) =
            (receiver, receiver_type(&mut wanted, given, args.len()))
        {
            values.push(self.coerce(receiver, ty));
        }
        for (arg, ty) in args.iter().zip(wanted) {
            values.push(self.check(arg, ty));
        }
        self.make(ExprKind::Call(id, values), result, span)
    }
}

/// The type of the receiver, where there is one.
fn receiver_type(
    wanted: &mut impl Iterator<Item = TypeId>,
    given: usize,
    args: usize,
) -> Option<TypeId> {
    if given > args { wanted.next() } else { None }
}
