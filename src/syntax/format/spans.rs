//! Where the parts of a tree begin and end, for what is indented in what.

use std::collections::BTreeSet;

use crate::base::Span;

use super::super::ast::{
    AdapterStatement, CaseStatement, Expr, ExprKind, FieldDecl, FrameworkStatement, Item, ItemKind,
    Let, MetBy, Module, ParamDecl, Path, ProfileStatement, RecordField, Requirement, Statement,
    StatementKind, TreatmentStatement, WaiverStatement,
};

/// What is known of places in a text.
#[derive(Debug, Default)]
pub(super) struct Spans {
    /// From the first byte of a part to the byte after its last.
    pub parts: Vec<(u32, u32)>,
    /// Conditions that are chains or `if`s, of requirements with a message: they are indented once more, so that
    /// the requirement's own `else` stands out.
    pub deeper: Vec<(u32, u32)>,
    /// Where declarations begin, their docs apart.
    pub items: BTreeSet<u32>,
    /// Where imports begin.
    pub uses: BTreeSet<u32>,
}

impl Spans {
    /// Those of a file, in order; of two that begin in the same place, the longer comes first.
    pub fn of(module: &Module) -> Self {
        let mut out = Self::default();
        for import in &module.uses {
            out.part(import.span);
            out.uses.insert(import.span.start);
        }
        module.items.iter().for_each(|item| out.item(item));
        out.parts.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
        out
    }

    fn part(&mut self, span: Span) {
        self.parts.push((span.start, span.end));
    }

    fn item(&mut self, item: &Item) {
        self.part(item.span);
        self.items.insert(item.span.start);
        match &item.kind {
            ItemKind::Resource(decl) => self.fields(&decl.fields),
            ItemKind::Record(decl) => self.fields(&decl.fields),
            ItemKind::Param(param) => self.param(param),
            ItemKind::Function(function) => {
                function.lets.iter().for_each(|own| self.bound(own));
                self.expr(&function.body);
            }
            ItemKind::Control(control) => self.statements(&control.statements),
            ItemKind::Framework(framework) => {
                for statement in &framework.statements {
                    match statement {
                        FrameworkStatement::Baseline(_, ids) => self.expr(ids),
                        FrameworkStatement::Requirement(own) => self.requirement(own),
                        FrameworkStatement::Title(_) | FrameworkStatement::See(_) => {}
                    }
                }
            }
            ItemKind::Profile(profile) => profile.statements.iter().for_each(|own| match own {
                ProfileStatement::Use(paths) | ProfileStatement::Exclude(paths) => {
                    self.paths(paths);
                }
                ProfileStatement::Set(path, value) => self.set(path.span, value),
                ProfileStatement::Title(_)
                | ProfileStatement::Covers(..)
                | ProfileStatement::Margin(_) => {}
            }),
            ItemKind::Treatment(treatment) => {
                treatment.statements.iter().for_each(|own| match own {
                    TreatmentStatement::When(condition) => self.expr(condition),
                    TreatmentStatement::Set(place, value) => self.set(place.span, value),
                    TreatmentStatement::Let(own) => self.bound(own),
                    TreatmentStatement::Mode(_) | TreatmentStatement::Limit(..) => {}
                });
            }
            ItemKind::Waiver(waiver) => waiver.statements.iter().for_each(|own| {
                if let WaiverStatement::Where(condition) = own {
                    self.expr(condition);
                }
            }),
            ItemKind::Adapter(adapter) => adapter.statements.iter().for_each(|own| match own {
                AdapterStatement::When(condition) => self.expr(condition),
                AdapterStatement::Let(own) => self.bound(own),
                AdapterStatement::Set(field, value) => self.set(field.span, value),
            }),
            ItemKind::Test(test) => {
                let statements = test.cases.iter().flat_map(|case| &case.statements);
                statements.for_each(|own| self.case_statement(own));
            }
        }
    }

    fn case_statement(&mut self, statement: &CaseStatement) {
        match statement {
            CaseStatement::Given(given) => {
                self.part(given.span);
                given.attributes.iter().for_each(|(name, value)| self.set(name.span, value));
                self.expr(&given.properties);
            }
            CaseStatement::Set(path, value) => self.set(path.span, value),
            CaseStatement::Expect(expect) => self.part(expect.span),
            CaseStatement::GivenFile(_) => {}
        }
    }

    fn fields(&mut self, fields: &[FieldDecl]) {
        for field in fields {
            self.part(field.span);
            field.default.iter().for_each(|value| self.expr(value));
        }
    }

    fn param(&mut self, param: &ParamDecl) {
        self.part(param.span);
        param.default.iter().for_each(|value| self.expr(value));
    }

    fn bound(&mut self, bound: &Let) {
        self.part(bound.span);
        self.expr(&bound.value);
    }

    /// A place and what is set there.
    fn set(&mut self, place: Span, value: &Expr) {
        self.part(place.to(value.span));
        self.expr(value);
    }

    fn paths(&mut self, paths: &[Path]) {
        if let (Some(first), Some(last)) = (paths.first(), paths.last()) {
            self.part(first.span.to(last.span));
        }
    }

    fn requirement(&mut self, requirement: &Requirement) {
        let end = |met: &MetBy| met.condition.as_ref().map_or(met.control.span, |own| own.span);
        if let (Some(first), Some(last)) = (requirement.met_by.first(), requirement.met_by.last()) {
            self.part(first.control.span.to(end(last)));
        }
        requirement
            .met_by
            .iter()
            .filter_map(|met| met.condition.as_ref())
            .for_each(|own| self.expr(own));
        requirement.children.iter().for_each(|child| self.requirement(child));
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.part(statement.span);
            match &statement.kind {
                StatementKind::Param(param) => self.param(param),
                StatementKind::Let(own) => self.bound(own),
                StatementKind::When(condition) => self.expr(condition),
                StatementKind::Require(condition, message)
                | StatementKind::Forbid(condition, message) => {
                    self.expr(condition);
                    let chained = matches!(condition.kind, ExprKind::Logic(..) | ExprKind::If(..));
                    if chained && message.is_some() {
                        self.deeper.push((condition.span.start, condition.span.end));
                    }
                    message.iter().for_each(|message| self.expr(message));
                }
                StatementKind::Each(each) => {
                    self.expr(&each.domain);
                    each.filter.iter().for_each(|filter| self.expr(filter));
                    self.statements(&each.body);
                }
                StatementKind::Title(_)
                | StatementKind::Severity(_)
                | StatementKind::Remedy(_)
                | StatementKind::See(_)
                | StatementKind::Manual(_)
                | StatementKind::Error => {}
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        // The `else` of an `if` that begins a line stands under it.
        if !matches!(expr.kind, ExprKind::If(..)) {
            self.part(expr.span);
        }
        match &expr.kind {
            ExprKind::List(items) | ExprKind::Logic(_, items) => {
                items.iter().for_each(|item| self.expr(item));
            }
            ExprKind::Comprehension(element, generators) => {
                self.expr(element);
                for generator in generators {
                    self.expr(&generator.domain);
                    generator.filter.iter().for_each(|filter| self.expr(filter));
                }
            }
            ExprKind::Record(fields) => fields.iter().for_each(|field| match field {
                RecordField::Spread(value) => self.expr(value),
                RecordField::Field(name, value) => self.set(name.span, value),
            }),
            ExprKind::Field { base, .. }
            | ExprKind::Follow(base, _)
            | ExprKind::Reverse(base, ..)
            | ExprKind::Unary(_, base)
            | ExprKind::Test { operand: base, .. } => self.expr(base),
            ExprKind::Index(left, right) | ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Call(callee, args) => {
                self.expr(callee);
                args.iter().for_each(|arg| self.expr(arg));
            }
            ExprKind::Quantifier(quantifier) => {
                self.expr(&quantifier.domain);
                quantifier.filter.iter().for_each(|filter| self.expr(filter));
                self.expr(&quantifier.body);
            }
            ExprKind::If(condition, yes, no) => {
                [condition, yes, no].into_iter().for_each(|part| self.expr(part));
            }
            // The holes of a text stay as they are.
            ExprKind::Text(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Percent(_)
            | ExprKind::Duration(_)
            | ExprKind::Timestamp(_)
            | ExprKind::Tagged(..)
            | ExprKind::Bool(_)
            | ExprKind::Now
            | ExprKind::Unknown
            | ExprKind::Absent
            | ExprKind::Name(_)
            | ExprKind::ResourceType(_)
            | ExprKind::Error => {}
        }
    }
}
