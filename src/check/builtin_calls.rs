//! Calls of standard functions: the first form whose arguments fit.

use std::collections::BTreeMap;

use crate::base::{Span, Symbol};
use crate::builtins;
use crate::builtins::{Builtin, SigType};
use crate::hir::{Expr, ExprKind};
use crate::syntax::ast;
use crate::types::{Type, TypeId};
use crate::value::Value;

use super::Checker;
use super::errors::calls as errors;
use super::expressions::error_expr;

/// What the variables of a signature stand for in one call.
#[derive(Default)]
struct Bindings {
    vars: BTreeMap<u8, TypeId>,
    number: Option<TypeId>,
    ordered: Option<TypeId>,
}

impl Checker<'_> {
    /// A call of the standard function of this name.
    pub(super) fn call_standard(
        &mut self,
        name: &Symbol,
        receiver: Option<Expr>,
        args: &[ast::Expr],
        at: Span,
        span: Span,
    ) -> Expr {
        let forms: Vec<&'static Builtin> =
            builtins::all().filter(|form| form.name == name.as_str()).collect();
        let given = args.len() + usize::from(receiver.is_some());
        let counted: Vec<&'static Builtin> =
            forms.iter().filter(|form| form.args.len() == given).copied().collect();
        let values = self.standard_args(&counted, receiver, args);
        if values.iter().any(|value| self.is_error(value.ty)) {
            return error_expr(self, span);
        }
        if counted.is_empty() {
            let shapes: Vec<String> = forms.iter().map(|form| signature_text(form)).collect();
            let wanted: Vec<usize> = forms.iter().map(|form| form.args.len()).collect();
            self.report(errors::wrong_count_standard(name, &wanted, given, &shapes, at));
            return error_expr(self, span);
        }
        for form in &counted {
            if let Some(result) = self.form_fits(form, &values, false) {
                let values = self.settle(form, values);
                return self.make(ExprKind::Builtin(Symbol::from(form.id), values), result, span);
            }
        }
        self.report_misfit(name, &counted, &values, at);
        error_expr(self, span)
    }

    /// The arguments, typed; with one form, its types are wished for.
    fn standard_args(
        &mut self,
        forms: &[&'static Builtin],
        receiver: Option<Expr>,
        args: &[ast::Expr],
    ) -> Vec<Expr> {
        let skip = usize::from(receiver.is_some());
        let mut values: Vec<Expr> = receiver.into_iter().collect();
        for (at, arg) in args.iter().enumerate() {
            let wish = forms.iter().find_map(|form| {
                let (_, sig) = form.args.get(at + skip)?;
                self.wish_after(form, sig, &values)
            });
            values.push(self.expr(arg, wish));
        }
        values
    }

    /// What a form wants next, where the arguments before fit it: so that a text beside a list of an
    /// enum must be one of its values.
    fn wish_after(&mut self, form: &Builtin, sig: &SigType, before: &[Expr]) -> Option<TypeId> {
        let mut bindings = Bindings::default();
        for ((_, sig), value) in form.args.iter().zip(before) {
            if !self.sig_fits(sig, value.ty, &mut bindings) {
                return None;
            }
        }
        match sig {
            SigType::Var(number) => bindings.vars.get(number).copied(),
            SigType::List(SigType::Var(number)) => {
                let element = bindings.vars.get(number).copied()?;
                Some(self.list_of(element))
            }
            _ => self.sig_wish(sig),
        }
    }

    /// The type that a signature without variables wants.
    fn sig_wish(&mut self, sig: &SigType) -> Option<TypeId> {
        if has_variables(sig) { None } else { Some(self.plain_sig(sig)) }
    }

    /// What the form gives for these arguments; `None` where they do not fit. With `present`, absence
    /// is looked over.
    fn form_fits(&mut self, form: &Builtin, values: &[Expr], present: bool) -> Option<TypeId> {
        let mut bindings = Bindings::default();
        for ((_, sig), value) in form.args.iter().zip(values) {
            let ty = if present { self.hir.types.present(value.ty) } else { value.ty };
            let literal = matches!(value.kind, ExprKind::Constant(Value::Int(_)));
            if literal && *sig == SigType::Float {
                continue;
            }
            if !self.sig_fits(sig, ty, &mut bindings) {
                return None;
            }
        }
        Some(self.sig_result(&form.result, &bindings))
    }

    fn sig_fits(&mut self, sig: &SigType, ty: TypeId, bindings: &mut Bindings) -> bool {
        if self.is_error(ty) {
            return true;
        }
        match sig {
            SigType::Anything => true,
            SigType::Option(inner) => {
                let present = self.hir.types.present(ty);
                self.sig_fits(inner, present, bindings)
            }
            _ if self.hir.types.is_optional(ty) => false,
            SigType::Number => {
                matches!(self.ty(ty), Type::Int | Type::Float) && bind(&mut bindings.number, ty)
            }
            SigType::Ordered => {
                let ty =
                    if self.hir.types.fits(ty, self.core.string) { self.core.string } else { ty };
                let ordered = matches!(
                    self.ty(ty),
                    Type::Int
                        | Type::Float
                        | Type::String
                        | Type::Duration
                        | Type::Timestamp
                        | Type::Version
                        | Type::Ip
                );
                ordered && bind(&mut bindings.ordered, ty)
            }
            SigType::Var(number) => self.bind_var(*number, ty, bindings),
            SigType::List(inner) => match *self.ty(ty) {
                Type::List(element) => self.element_fits(inner, element, bindings),
                Type::Never => true,
                _ => false,
            },
            SigType::Map(inner) => match *self.ty(ty) {
                Type::Map(element) => self.element_fits(inner, element, bindings),
                Type::Never => true,
                _ => false,
            },
            SigType::Resource => self.hir.types.fits(ty, self.core.resource),
            _ => {
                let wanted = self.plain_sig(sig);
                self.hir.types.fits(ty, wanted)
            }
        }
    }

    /// An element of a list: a variable may stand for what may be absent.
    fn element_fits(&mut self, sig: &SigType, element: TypeId, bindings: &mut Bindings) -> bool {
        match (sig, self.ty(element)) {
            (_, Type::Never) => true,
            (SigType::Var(number), _) => self.bind_var(*number, element, bindings),
            _ => self.sig_fits(sig, element, bindings),
        }
    }

    fn bind_var(&mut self, number: u8, ty: TypeId, bindings: &mut Bindings) -> bool {
        let joined = match bindings.vars.get(&number) {
            None => Some(ty),
            Some(before) => {
                let before = *before;
                // A text that an enum lacks would be found nowhere.
                match self.hir.types.comparable(before, ty) {
                    true => self.hir.types.join(before, ty),
                    false => None,
                }
            }
        };
        let Some(joined) = joined else { return false };
        bindings.vars.insert(number, joined);
        true
    }

    fn sig_result(&mut self, sig: &SigType, bindings: &Bindings) -> TypeId {
        match sig {
            SigType::Var(number) => bindings.vars.get(number).copied().unwrap_or(self.core.never),
            SigType::Number => bindings.number.unwrap_or(self.core.int),
            SigType::Ordered => bindings.ordered.unwrap_or(self.core.never),
            SigType::List(inner) => {
                let inner = self.sig_result(inner, bindings);
                self.list_of(inner)
            }
            SigType::Map(inner) => {
                let inner = self.sig_result(inner, bindings);
                self.hir.types.intern(Type::Map(inner))
            }
            SigType::Option(inner) => {
                let inner = self.sig_result(inner, bindings);
                self.hir.types.optional(inner)
            }
            _ => self.plain_sig(sig),
        }
    }

    /// Int literals where Floats are wanted.
    fn settle(&mut self, form: &Builtin, values: Vec<Expr>) -> Vec<Expr> {
        let float = self.core.float;
        let settled = form.args.iter().zip(values).map(|((_, sig), value)| match sig {
            SigType::Float => self.coerce(value, float),
            _ => value,
        });
        settled.collect()
    }

    fn report_misfit(
        &mut self,
        name: &Symbol,
        forms: &[&'static Builtin],
        values: &[Expr],
        at: Span,
    ) {
        let fits_present = forms.iter().any(|form| self.form_fits(form, values, true).is_some());
        let absent = values.iter().find(|value| self.hir.types.is_optional(value.ty));
        if let (true, Some(absent)) = (fits_present, absent) {
            let wanted = self.hir.types.present(absent.ty);
            self.report_optional(absent, wanted);
            return;
        }
        let shapes: Vec<String> = forms.iter().map(|form| signature_text(form)).collect();
        let mut given = Vec::with_capacity(values.len());
        for value in values {
            given.push((self.show(value.ty), value.span));
        }
        let json = values.iter().any(|v| self.hir.types.present(v.ty) == self.core.json);
        self.report(errors::no_form_fits(name, &shapes, &given, json, at));
    }
}

/// The same type at each place.
fn bind(slot: &mut Option<TypeId>, ty: TypeId) -> bool {
    match slot {
        Some(bound) => *bound == ty,
        None => {
            *slot = Some(ty);
            true
        }
    }
}

fn has_variables(sig: &SigType) -> bool {
    match sig {
        SigType::Number | SigType::Ordered | SigType::Var(_) | SigType::Anything => true,
        SigType::Resource => true,
        SigType::List(inner) | SigType::Map(inner) | SigType::Option(inner) => has_variables(inner),
        _ => false,
    }
}

/// `contains(text: String, part: String) -> Bool`.
fn signature_text(form: &Builtin) -> String {
    let args: Vec<String> =
        form.args.iter().map(|(name, sig)| format!("{name}: {}", sig_text(sig))).collect();
    format!("{}({}) -> {}", form.name, args.join(", "), sig_text(&form.result))
}

fn sig_text(sig: &SigType) -> String {
    match sig {
        SigType::Bool => "Bool".to_owned(),
        SigType::Int => "Int".to_owned(),
        SigType::Float => "Float".to_owned(),
        SigType::Number => "Int or Float".to_owned(),
        SigType::Ordered => "number, text or time".to_owned(),
        SigType::String => "String".to_owned(),
        SigType::Duration => "Duration".to_owned(),
        SigType::Timestamp => "Timestamp".to_owned(),
        SigType::Ip => "Ip".to_owned(),
        SigType::Cidr => "Cidr".to_owned(),
        SigType::Regex => "Regex".to_owned(),
        SigType::Glob => "Glob".to_owned(),
        SigType::Version => "Version".to_owned(),
        SigType::Json => "Json".to_owned(),
        SigType::Var(0) => "T".to_owned(),
        SigType::Var(1) => "U".to_owned(),
        SigType::Var(_) => "V".to_owned(),
        SigType::List(inner) => format!("[{}]", sig_text(inner)),
        SigType::Map(inner) => format!("{{{}}}", sig_text(inner)),
        SigType::Option(inner) => format!("{}?", sig_text(inner)),
        SigType::Record(name) => (*name).to_owned(),
        SigType::Resource => "Resource".to_owned(),
        SigType::Anything => "any value".to_owned(),
    }
}
