//! What a condition that holds says of names and stable paths: present, or of a type.

use crate::base::Symbol;
use crate::hir::{BinaryOp, Expr, ExprKind, LocalId, ParamId, Question};
use crate::types::{Type, TypeId};
use crate::value::Value;

use super::Checker;

/// Where a stable path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Local(LocalId),
    Param(ParamId),
}

/// A name, or fields and constant indexes from one: its value is the same wherever it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StablePath {
    origin: Origin,
    steps: Vec<Symbol>,
}

/// What is known of a path.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    path: StablePath,
    /// A type that it has; without, it is present.
    ty: Option<TypeId>,
    /// The requirement that says so: what uses this is skipped where that did not hold.
    after: Option<u32>,
}

impl Fact {
    /// Whether it is a requirement that says so.
    pub fn is_required(&self) -> bool {
        self.after.is_some()
    }
}

/// The stable path of an expression, if it is one.
pub(crate) fn path_of(expr: &Expr) -> Option<StablePath> {
    let mut steps = Vec::new();
    let mut at = expr;
    let origin = loop {
        match &at.kind {
            ExprKind::Local(local) => break Origin::Local(*local),
            ExprKind::Param(param) => break Origin::Param(*param),
            ExprKind::Field(base, field) => {
                steps.push(field.name.clone());
                at = base;
            }
            ExprKind::Attribute(base, name) => {
                steps.push(Symbol::from(format!("@{name}")));
                at = base;
            }
            ExprKind::JsonField(base, name) => {
                steps.push(name.clone());
                at = base;
            }
            ExprKind::Index(base, index) => {
                let ExprKind::Constant(constant) = &index.kind else { return None };
                steps.push(match constant.plain() {
                    Value::Text(text) => Symbol::new(text),
                    Value::Int(number) => Symbol::from(format!("[{number}]")),
                    _ => return None,
                });
                at = base;
            }
            _ => return None,
        }
    };
    steps.reverse();
    Some(StablePath { origin, steps })
}

impl Checker<'_> {
    /// The expression with the type that is known of it here, and whether it is known to be present.
    /// `short` says that it stands in a chain that may stop at an absent link.
    pub(super) fn narrow(&mut self, mut expr: Expr, short: bool) -> (Expr, bool) {
        if self.place.facts.is_empty() {
            return (expr, false);
        }
        let Some(path) = path_of(&expr) else { return (expr, false) };
        let mut present = false;
        let mut after = Vec::new();
        for fact in self.place.facts.iter().filter(|fact| fact.path == path) {
            let better = match fact.ty {
                Some(ty) => ty != expr.ty,
                None => self.hir.types.is_optional(expr.ty) || short && !present,
            };
            if let (true, Some(requirement)) = (better, fact.after) {
                after.push(requirement);
            }
            present = true;
            expr.ty = fact.ty.unwrap_or_else(|| self.hir.types.present(expr.ty));
        }
        self.place.used_after.extend(after);
        (expr, present)
    }

    /// Takes the condition for true from here on; `after` is the requirement that says so.
    pub(super) fn assume(&mut self, condition: &Expr, holds: bool, after: Option<u32>) {
        let mut facts = self.facts(condition, holds);
        for fact in &mut facts {
            fact.after = after;
        }
        self.place.facts.extend(facts);
    }

    /// What is known where the condition is true (`holds`) or false.
    fn facts(&self, condition: &Expr, holds: bool) -> Vec<Fact> {
        match (&condition.kind, holds) {
            (ExprKind::Not(inner), _) => self.facts(inner, !holds),
            (ExprKind::And(parts), true) | (ExprKind::Or(parts), false) => {
                parts.iter().flat_map(|part| self.facts(part, holds)).collect()
            }
            (ExprKind::And(parts), false) | (ExprKind::Or(parts), true) => {
                let mut parts = parts.iter();
                let first = parts.next().map(|part| self.facts(part, holds)).unwrap_or_default();
                parts.fold(first, |known, part| {
                    let other = self.facts(part, holds);
                    let both =
                        |fact: &Fact| other.iter().any(|o| o.path == fact.path && o.ty == fact.ty);
                    known.into_iter().filter(both).collect()
                })
            }
            (ExprKind::Implies(left, right), false) => {
                let mut facts = self.facts(left, true);
                facts.extend(self.facts(right, false));
                facts
            }
            (ExprKind::Question(operand, Question::Present), true)
            | (ExprKind::Question(operand, Question::Absent), false) => self.present(operand),
            (ExprKind::Question(operand, Question::Type(ty)), true) => {
                let mut facts = self.present(operand);
                if let Some(path) = path_of(operand) {
                    facts.push(Fact { path, ty: Some(*ty), after: None });
                }
                facts
            }
            (ExprKind::Question(operand, Question::Type(ty)), false) => self.without(operand, *ty),
            (ExprKind::Binary(BinaryOp::Equal, left, right), true) => {
                let mut facts = Vec::new();
                for side in [left, right] {
                    if self.hir.types.is_optional(side.ty) {
                        facts.extend(self.present(side));
                    }
                }
                facts
            }
            _ => Vec::new(),
        }
    }

    /// The path is present, and so is everything on the way to it that might not have been.
    fn present(&self, expr: &Expr) -> Vec<Fact> {
        let mut facts = Vec::new();
        let mut at = expr;
        loop {
            if self.hir.types.is_optional(at.ty)
                && let Some(path) = path_of(at)
            {
                facts.push(Fact { path, ty: None, after: None });
            }
            at = match &at.kind {
                ExprKind::Field(base, _)
                | ExprKind::Attribute(base, _)
                | ExprKind::JsonField(base, _)
                | ExprKind::Index(base, _) => base,
                _ => return facts,
            };
        }
    }

    /// A union that is not of this type is one of the others.
    fn without(&self, operand: &Expr, ty: TypeId) -> Vec<Fact> {
        let (Some(path), Type::Union(members)) = (path_of(operand), self.ty(operand.ty)) else {
            return Vec::new();
        };
        let mut rest = members.iter().filter(|member| **member != ty);
        match (rest.next(), rest.next()) {
            (Some(only), None) => vec![Fact { path, ty: Some(*only), after: None }],
            _ => Vec::new(),
        }
    }
}
