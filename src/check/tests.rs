//! Tests: given resources against the schema, parameters, expectations.

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{Case, Expectation, Expr, Given, TestSet};
use crate::resolve::Kind;
use crate::syntax::ast;
use crate::syntax::ast::CaseStatement;
use crate::types::{Type, TypeId};

use super::Checker;
use super::errors::controls;
use super::errors::names;
use super::errors::tests as errors;

/// What a test may say of a resource beside its properties.
const GIVEN: &[&str] =
    &["account", "region", "arn", "name", "tags", "created", "metadata", "attributes"];

/// The verdicts that a test may expect.
const VERDICTS: &[&str] = &["pass", "fail", "unknown", "error", "manual", "not_applicable"];

impl<'a> Checker<'a> {
    /// Checks every test.
    pub(super) fn check_tests(&mut self) {
        for (module, tree) in self.each_module() {
            if tree.kind == Kind::Schema {
                continue;
            }
            self.module = module;
            for item in &tree.ast.items {
                if let ast::ItemKind::Test(decl) = &item.kind {
                    self.test(decl, item.span);
                }
            }
        }
    }

    fn test(&mut self, decl: &'a ast::TestDecl, span: Span) {
        let control = self.control_at(&decl.control);
        let mut cases = Vec::with_capacity(decl.cases.len());
        let mut seen: IndexMap<&str, Span> = IndexMap::new();
        for case in &decl.cases {
            if let Some(first) = seen.insert(&case.name.value, case.name.span) {
                self.report(errors::case_twice(&case.name.value, case.name.span, first));
            }
            cases.push(self.case(case));
        }
        if let Some(control) = control {
            let module = self.module_name();
            self.hir.tests.push(TestSet { control, module, cases, span });
        }
    }

    fn case(&mut self, written: &'a ast::Case) -> Case {
        let mut case = Case {
            name: written.name.value.clone(),
            given: Vec::new(),
            files: Vec::new(),
            sets: Vec::new(),
            expects: Vec::new(),
            span: written.span,
        };
        let mut set = IndexMap::new();
        let mut counts: IndexMap<Symbol, usize> = IndexMap::new();
        for statement in &written.statements {
            match statement {
                CaseStatement::Given(given) => self.given(given, &mut case.given, &mut counts),
                CaseStatement::GivenFile(text) => {
                    case.files.push((text.value.clone(), text.span));
                }
                CaseStatement::Set(path, value) => {
                    if let Some(value) = self.set_param(path, value, &mut set) {
                        case.sets.push(value);
                    }
                }
                CaseStatement::Expect(_) => {}
            }
        }
        let mut asked = false;
        for statement in &written.statements {
            if let CaseStatement::Expect(expect) = statement {
                asked = true;
                let ids: Vec<String> = case.given.iter().map(|g| g.id.to_string()).collect();
                let open = !case.files.is_empty();
                if let Some(expect) = self.expectation(expect, &ids, open) {
                    case.expects.push(expect);
                }
            }
        }
        if !asked {
            self.report(errors::case_expects_nothing(&written.name.value, written.name.span));
        }
        case
    }

    fn expectation(
        &mut self,
        written: &ast::Expect,
        ids: &[String],
        open: bool,
    ) -> Option<Expectation> {
        if let Some(text) = &written.resource
            && !open
            && !ids.contains(&text.value)
        {
            self.report(errors::expect_of_nothing(&text.value, text.span, ids));
        }
        let verdict = &written.verdict;
        if !VERDICTS.contains(&verdict.name.as_str()) {
            self.report(names::unknown_verdict(&verdict.name, verdict.span, VERDICTS));
            return None;
        }
        Some(Expectation {
            verdict: verdict.name.clone(),
            message: written.message.as_ref().map(|text| text.value.clone()),
            resource: written.resource.as_ref().map(|text| text.value.clone()),
            span: written.span,
        })
    }

    fn given(
        &mut self,
        written: &'a ast::Given,
        given: &mut Vec<Given>,
        counts: &mut IndexMap<Symbol, usize>,
    ) {
        let ty = self.resource_type(&written.resource.name, written.resource.span);
        let Type::Resource(record) = *self.ty(ty) else { return };
        let id = self.given_id(written, counts);
        let same = |other: &&Given| other.id == id && other.resource == record;
        if let Some(first) = given.iter().find(same) {
            let span = written.id.as_ref().map_or(written.span, |text| text.span);
            let first = first.span;
            self.report(errors::given_twice(&id, span, first));
        }
        let attributes = self.given_attributes(written);
        let mut properties: Vec<(Symbol, Expr)> = Vec::new();
        if let ast::ExprKind::Record(fields) = &written.properties.kind {
            let mut places: IndexMap<&Symbol, Span> = IndexMap::new();
            for field in fields {
                let ast::RecordField::Field(name, value) = field else {
                    self.report(errors::given_spread(written.properties.span));
                    continue;
                };
                if let Some(first) = places.insert(&name.name, name.span) {
                    self.report(super::errors::types::field_given_twice(
                        &name.name, name.span, first,
                    ));
                }
                let before = self.enter();
                self.place.test = true;
                let value = self.field_value(record, name, value);
                self.leave(before);
                if let Some(value) = value {
                    self.must_be_constant(&value);
                    properties.push((name.name.clone(), value));
                }
            }
        }
        given.push(Given { resource: record, id, attributes, properties, span: written.span });
    }

    /// The id as written, or the type's last word and a number.
    fn given_id(&self, written: &ast::Given, counts: &mut IndexMap<Symbol, usize>) -> Symbol {
        let word = written.resource.name.rsplit("::").next().unwrap_or("").to_owned();
        let count = counts.entry(written.resource.name.clone()).or_insert(0);
        *count += 1;
        match &written.id {
            Some(text) => Symbol::from(text.value.as_str()),
            None => Symbol::from(format!("{word}{count}")),
        }
    }

    fn given_attributes(&mut self, written: &ast::Given) -> Vec<(Symbol, Expr)> {
        let mut places: IndexMap<&Symbol, Span> = IndexMap::new();
        let mut attributes = Vec::with_capacity(written.attributes.len());
        for (name, value) in &written.attributes {
            if let Some(first) = places.insert(&name.name, name.span) {
                self.report(controls::said_twice(&name.name, name.span, first));
            }
            if !GIVEN.contains(&name.name.as_str()) {
                self.report(errors::unknown_given(&name.name, name.span, GIVEN));
                continue;
            }
            let Some(ty) = self.attribute_type(&name.name) else { continue };
            let value = self.test_value(value, ty);
            attributes.push((name.name.clone(), value));
        }
        attributes
    }

    fn test_value(&mut self, value: &ast::Expr, ty: TypeId) -> Expr {
        let before = self.enter();
        self.place.test = true;
        let value = self.check(value, ty);
        self.leave(before);
        self.must_be_constant(&value);
        value
    }
}
