//! Expressions that several controls of one type compute from the subject alone: each becomes code of its
//! own, which the machine runs once for each subject.
//!
//! Two expressions are one where they are written alike, whatever their locals are called. A `let` may have
//! been computed before an expression that names it, so such an expression is left where it is; what a `let`
//! comes to may be shared itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::hir::decl::Subject;
use crate::hir::{
    Control, Expr, ExprKind, Hir, LocalId, ParamId, Statement, StatementKind, TextPart, visit,
};

use super::Selection;

/// What computes less than this is computed again: to look it up takes as long.
const WORTH: u32 = 2;

/// Keys that occur often enough, and the parameters' values that they go by.
#[derive(Debug, Default)]
pub(super) struct Shares {
    worth: BTreeSet<String>,
    params: BTreeMap<ParamId, String>,
}

/// The body that is compiled: its subject, and the types that it may be of.
#[derive(Clone, Debug)]
pub(super) struct Body<'h> {
    subject: LocalId,
    kinds: String,
    /// `let`s that only name a property of the subject: as if it were written where they are.
    names: BTreeMap<LocalId, &'h Expr>,
}

impl<'h> Body<'h> {
    pub fn of(control: &'h Control) -> Self {
        let (subject, kinds) = match &control.subject {
            Subject::Resources(local, kinds) => (*local, format!("{kinds:?}")),
            Subject::Any(local) => (*local, "any".to_owned()),
            Subject::Account(local) => (*local, "account".to_owned()),
        };
        let mut names = BTreeMap::new();
        named(&control.statements, subject, &mut names);
        Self { subject, kinds, names }
    }

    /// The property that the `let` names.
    pub fn name(&self, local: LocalId) -> Option<&'h Expr> {
        self.names.get(&local).copied()
    }
}

/// The `let`s of statements that name a property of the subject.
fn named<'h>(
    statements: &'h [Statement],
    subject: LocalId,
    names: &mut BTreeMap<LocalId, &'h Expr>,
) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Let(bound) => {
                if let ExprKind::Field(base, _) = &bound.value.kind
                    && matches!(base.kind, ExprKind::Local(of) if of == subject)
                {
                    names.insert(bound.local, &bound.value);
                }
            }
            StatementKind::Each(each) => named(&each.body, subject, names),
            _ => {}
        }
    }
}

impl Shares {
    /// What the selected controls share.
    pub fn find(hir: &Hir, selection: &Selection) -> Self {
        let mut shares = Self::default();
        for (id, param) in hir.params.iter_with_idx() {
            let set = selection.sets.iter().rev().find(|(set, _)| *set == id);
            if let Some(value) = set.map(|(_, value)| value).or(param.default.as_ref()) {
                // Only earlier ones occur in it.
                if let Some((key, _)) = Writer::key(hir, &shares.params, None, value) {
                    shares.params.insert(id, key);
                }
            }
        }
        let controls: Vec<(Body<'_>, &Control)> = selection
            .controls
            .iter()
            .map(|id| hir.controls.at(*id))
            .map(|control| (Body::of(control), control))
            .collect();
        let mut occurs: BTreeMap<String, u32> = BTreeMap::new();
        for (body, control) in &controls {
            roots(&control.statements, &mut |root| {
                each_part(root, &mut |part| {
                    if let Some(key) = shares.key(hir, body, part) {
                        *occurs.entry(key).or_default() += 1;
                    }
                    true
                });
            });
        }
        // A part of what is shared is computed once for all of its occurrences.
        let mut remain: BTreeMap<String, u32> = BTreeMap::new();
        for (body, control) in &controls {
            roots(&control.statements, &mut |root| {
                each_part(root, &mut |part| {
                    let Some(key) = shares.key(hir, body, part) else { return true };
                    let often = occurs.get(&key).is_some_and(|count| *count > 1);
                    let count = remain.entry(key).or_default();
                    *count += 1;
                    !often || *count == 1
                });
            });
        }
        shares.worth = remain.into_iter().filter(|(_, count)| *count > 1).map(|(k, _)| k).collect();
        shares
    }

    /// The key of an expression that is shared.
    pub fn shared(&self, hir: &Hir, body: &Body<'_>, expr: &Expr) -> Option<String> {
        if self.worth.is_empty() {
            return None;
        }
        self.key(hir, body, expr).filter(|key| self.worth.contains(key))
    }

    /// The key of an expression that could be shared.
    fn key(&self, hir: &Hir, body: &Body<'_>, expr: &Expr) -> Option<String> {
        let (key, weight) = Writer::key(hir, &self.params, Some(body), expr)?;
        (weight >= WORTH).then_some(key)
    }
}

/// Calls `see` with every expression of the statements that decides something: not with their messages.
fn roots<'e>(statements: &'e [Statement], see: &mut dyn FnMut(&'e Expr)) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Let(bound) => see(&bound.value),
            StatementKind::When(condition) | StatementKind::Require { condition, .. } => {
                see(condition);
            }
            StatementKind::Each(each) => {
                see(&each.domain);
                each.filter.iter().for_each(&mut *see);
                roots(&each.body, see);
            }
            StatementKind::Manual(_) => {}
        }
    }
}

/// Calls `see` with the expression and, as long as it says so, with the parts of what it saw.
fn each_part<'e>(root: &'e Expr, see: &mut dyn FnMut(&'e Expr) -> bool) {
    let mut todo = vec![root];
    while let Some(next) = todo.pop() {
        if see(next) {
            visit::children(next, &mut |part| todo.push(part));
        }
    }
}

/// Writes an expression down.
struct Writer<'w> {
    hir: &'w Hir,
    params: &'w BTreeMap<ParamId, String>,
    body: Option<&'w Body<'w>>,
    bound: Vec<LocalId>,
    out: String,
    weight: u32,
}

impl<'w> Writer<'w> {
    /// The key and how much there is to compute; `None` where it hangs on more than the subject.
    fn key(
        hir: &'w Hir,
        params: &'w BTreeMap<ParamId, String>,
        body: Option<&'w Body<'w>>,
        expr: &Expr,
    ) -> Option<(String, u32)> {
        let out = body.map(|body| body.kinds.clone()).unwrap_or_default();
        let mut writer = Self { hir, params, body, bound: Vec::new(), out, weight: 0 };
        writer.expr(expr)?;
        Some((writer.out, writer.weight))
    }

    fn say(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(what);
    }

    fn expr(&mut self, expr: &Expr) -> Option<()> {
        if let ExprKind::Local(local) = expr.kind
            && let Some(named) = self.body.and_then(|body| body.name(local))
        {
            return self.expr(named);
        }
        let optional = if self.hir.types.is_optional(expr.ty) { "?" } else { "" };
        self.say(format_args!("{optional}("));
        self.head(expr)?;
        self.parts(expr)?;
        self.out.push(')');
        Some(())
    }

    /// What the expression is, but for its parts.
    fn head(&mut self, expr: &Expr) -> Option<()> {
        self.weight += match &expr.kind {
            ExprKind::Constant(_) | ExprKind::Param(_) | ExprKind::Local(_) | ExprKind::Now => 0,
            ExprKind::Call(..) | ExprKind::Builtin(..) => 3,
            ExprKind::Quantifier { .. }
            | ExprKind::Comprehension(..)
            | ExprKind::Follow { .. }
            | ExprKind::Reverse { .. }
            | ExprKind::Resources(..) => WORTH,
            _ => 1,
        };
        match &expr.kind {
            ExprKind::Constant(value) => self.say(format_args!("{value:?}")),
            ExprKind::Param(id) => match self.params.get(id) {
                Some(value) => self.say(format_args!("param {value}")),
                None => self.say(format_args!("param {id:?}")),
            },
            ExprKind::Local(local) if self.body.is_some_and(|body| body.subject == *local) => {
                self.out.push_str("subject");
            }
            ExprKind::Local(local) => {
                let at = self.bound.iter().position(|known| known == local)?;
                self.say(format_args!("local {at}"));
            }
            ExprKind::Now => self.out.push_str("now"),
            ExprKind::Field(_, field) => {
                self.say(format_args!("field {:?} {:?}", field.record, field.name));
            }
            ExprKind::Attribute(_, name) => self.say(format_args!("attribute {name:?}")),
            ExprKind::JsonField(_, name) => self.say(format_args!("json {name:?}")),
            ExprKind::Index(..) => self.out.push_str("index"),
            ExprKind::Call(id, _) => self.say(format_args!("call {id:?}")),
            ExprKind::Builtin(id, _) => self.say(format_args!("builtin {id:?}")),
            ExprKind::Follow { target, by, .. } => {
                self.say(format_args!("follow {target:?} {by:?}"));
            }
            ExprKind::Reverse { source, path, by, .. } => {
                self.say(format_args!("reverse {source:?} {path:?} {by:?}"));
            }
            ExprKind::Resources(kind, everywhere) => {
                self.say(format_args!("resources {kind:?} {everywhere}"));
            }
            ExprKind::Not(_) => self.out.push_str("not"),
            ExprKind::Negate(_) => self.out.push_str("negate"),
            ExprKind::And(_) => self.out.push_str("and"),
            ExprKind::Or(_) => self.out.push_str("or"),
            ExprKind::Implies(..) => self.out.push_str("implies"),
            ExprKind::Coalesce(..) => self.out.push_str("coalesce"),
            ExprKind::Binary(op, ..) => self.say(format_args!("binary {op:?}")),
            ExprKind::Question(_, question) => self.say(format_args!("is {question:?}")),
            ExprKind::If(..) => self.out.push_str("if"),
            ExprKind::Quantifier { kind, nonempty, filter, .. } => {
                let filtered = filter.is_some();
                self.say(format_args!("quantifier {kind:?} {nonempty} {filtered}"));
            }
            ExprKind::Comprehension(_, generators) => {
                let filtered: Vec<bool> = generators.iter().map(|g| g.filter.is_some()).collect();
                self.say(format_args!("comprehension {filtered:?}"));
            }
            ExprKind::List(_) => self.out.push_str("list"),
            ExprKind::Record { record, spread, fields } => {
                let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
                self.say(format_args!("record {record:?} {} {names:?}", spread.is_some()));
            }
            ExprKind::Map(fields) => {
                let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
                self.say(format_args!("map {names:?}"));
            }
            ExprKind::Text(parts) => {
                for part in parts {
                    match part {
                        TextPart::Literal(literal) => self.say(format_args!("text {literal:?}")),
                        TextPart::Expr(_) => self.out.push_str("text {}"),
                    }
                }
            }
            ExprKind::Convert(_, record) => self.say(format_args!("convert {record:?}")),
            ExprKind::Error => return None,
        }
        Some(())
    }

    /// The parts, with the locals that the expression binds for them.
    fn parts(&mut self, expr: &Expr) -> Option<()> {
        let outer = self.bound.len();
        match &expr.kind {
            ExprKind::Quantifier { local, domain, filter, body, .. } => {
                self.expr(domain)?;
                self.bound.push(*local);
                if let Some(filter) = filter {
                    self.expr(filter)?;
                }
                self.expr(body)?;
            }
            ExprKind::Comprehension(item, generators) => {
                for generator in generators {
                    self.expr(&generator.domain)?;
                    self.bound.push(generator.local);
                    if let Some(filter) = &generator.filter {
                        self.expr(filter)?;
                    }
                }
                self.expr(item)?;
            }
            _ => {
                let mut fine = Some(());
                visit::children(expr, &mut |part| fine = fine.and_then(|()| self.expr(part)));
                fine?;
            }
        }
        self.bound.truncate(outer);
        Some(())
    }
}
