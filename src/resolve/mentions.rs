//! Which resource types a file names: their schemas are loaded.

use indexmap::IndexSet;

use crate::base::Symbol;
use crate::syntax::ast::{
    AdapterStatement, CaseStatement, ControlDecl, Expr, ExprKind, FieldDecl, Generator, ItemKind,
    Let, Module, ProfileStatement, RecordField, Statement, StatementKind, Test, TextPart,
    TreatmentStatement, TypeExpr, TypeExprKind, WaiverStatement,
};

/// The resource types that the file names in places where their schema is needed. What only a
/// reference (`-> AWS::KMS::Key.Arn`) of a schema names is not among them.
pub(super) fn types(module: &Module) -> IndexSet<Symbol> {
    let mut seen = Mentions::default();
    for item in &module.items {
        seen.item(&item.kind);
    }
    seen.types
}

#[derive(Default)]
struct Mentions {
    types: IndexSet<Symbol>,
}

impl Mentions {
    fn name(&mut self, name: &Symbol) {
        if !self.types.contains(name) {
            self.types.insert(name.clone());
        }
    }

    fn item(&mut self, item: &ItemKind) {
        match item {
            ItemKind::Resource(decl) => self.fields(&decl.fields),
            ItemKind::Record(decl) => self.fields(&decl.fields),
            ItemKind::Param(decl) => {
                self.ty(&decl.ty);
                self.all(decl.default.iter());
            }
            ItemKind::Function(decl) => {
                decl.args.iter().for_each(|(_, ty)| self.ty(ty));
                self.ty(&decl.result);
                decl.lets.iter().for_each(|bound| self.bound(bound));
                self.expr(&decl.body);
            }
            ItemKind::Control(decl) => self.control(decl),
            ItemKind::Framework(_) => {}
            ItemKind::Profile(decl) => {
                for statement in &decl.statements {
                    if let ProfileStatement::Set(_, value) = statement {
                        self.expr(value);
                    }
                }
            }
            ItemKind::Treatment(decl) => {
                for statement in &decl.statements {
                    match statement {
                        TreatmentStatement::When(cond) => self.expr(cond),
                        TreatmentStatement::Set(_, value) => self.expr(value),
                        TreatmentStatement::Let(bound) => self.bound(bound),
                        TreatmentStatement::Mode(_) | TreatmentStatement::Limit(..) => {}
                    }
                }
            }
            ItemKind::Waiver(decl) => {
                for statement in &decl.statements {
                    if let WaiverStatement::Where(cond) = statement {
                        self.expr(cond);
                    }
                }
            }
            ItemKind::Adapter(decl) => {
                self.name(&decl.target.name);
                for statement in &decl.statements {
                    match statement {
                        AdapterStatement::Let(bound) => self.bound(bound),
                        AdapterStatement::Set(_, value) | AdapterStatement::When(value) => {
                            self.expr(value);
                        }
                    }
                }
            }
            ItemKind::Test(decl) => {
                for statement in decl.cases.iter().flat_map(|case| &case.statements) {
                    match statement {
                        CaseStatement::Given(given) => {
                            self.name(&given.resource.name);
                            self.expr(&given.properties);
                        }
                        CaseStatement::Set(_, value) => self.expr(value),
                        CaseStatement::GivenFile(_) | CaseStatement::Expect(_) => {}
                    }
                }
            }
        }
    }

    fn fields(&mut self, fields: &[FieldDecl]) {
        fields.iter().for_each(|field| self.ty(&field.ty));
    }

    fn control(&mut self, decl: &ControlDecl) {
        match &decl.subject {
            Some(subject) => subject.types.iter().for_each(|ty| self.name(&ty.name)),
            None => self.name(&Symbol::from("AWS::::Account")),
        }
        self.statements(&decl.statements);
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Title(_)
                | StatementKind::Severity(_)
                | StatementKind::Remedy(_)
                | StatementKind::See(_)
                | StatementKind::Manual(_)
                | StatementKind::Error => {}
                StatementKind::Param(decl) => {
                    self.ty(&decl.ty);
                    self.all(decl.default.iter());
                }
                StatementKind::Let(bound) => self.bound(bound),
                StatementKind::When(cond) => self.expr(cond),
                StatementKind::Require(cond, message) | StatementKind::Forbid(cond, message) => {
                    self.expr(cond);
                    self.all(message.iter());
                }
                StatementKind::Each(each) => {
                    self.expr(&each.domain);
                    self.all(each.filter.iter());
                    self.statements(&each.body);
                }
            }
        }
    }

    fn bound(&mut self, bound: &Let) {
        if let Some(ty) = &bound.ty {
            self.ty(ty);
        }
        self.expr(&bound.value);
    }

    fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeExprKind::Name(_) | TypeExprKind::Literal(_) | TypeExprKind::Error => {}
            TypeExprKind::Resource(name) => self.name(name),
            TypeExprKind::Record(owner, _) => self.name(&owner.name),
            TypeExprKind::List(inner)
            | TypeExprKind::Map(inner)
            | TypeExprKind::Optional(inner) => {
                self.ty(inner);
            }
            TypeExprKind::Union(members) => members.iter().for_each(|member| self.ty(member)),
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn generators(&mut self, generators: &[Generator]) {
        for generator in generators {
            self.expr(&generator.domain);
            self.all(generator.filter.iter());
        }
    }

    /// The parser caps the depth of expressions, so this recursion is shallow.
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Int(_)
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
            | ExprKind::Error => {}
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Expr(part) = part {
                        self.expr(part);
                    }
                }
            }
            ExprKind::ResourceType(name) => self.name(name),
            ExprKind::List(items) => self.all(items),
            ExprKind::Comprehension(item, generators) => {
                self.expr(item);
                self.generators(generators);
            }
            ExprKind::Record(fields) => {
                for field in fields {
                    match field {
                        RecordField::Spread(value) | RecordField::Field(_, value) => {
                            self.expr(value);
                        }
                    }
                }
            }
            ExprKind::Field { base, .. } => self.expr(base),
            ExprKind::Index(base, at) => {
                self.expr(base);
                self.expr(at);
            }
            ExprKind::Call(callee, args) => {
                self.expr(callee);
                self.all(args);
            }
            ExprKind::Follow(base, target) | ExprKind::Reverse(base, target, _) => {
                self.expr(base);
                self.name(&target.name);
            }
            ExprKind::Unary(_, operand) => self.expr(operand),
            ExprKind::Binary(_, left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Logic(_, operands) => self.all(operands),
            ExprKind::Test { operand, test, .. } => {
                self.expr(operand);
                if let Test::Type(ty) = test {
                    self.ty(ty);
                }
            }
            ExprKind::Quantifier(quantifier) => {
                self.expr(&quantifier.domain);
                self.all(quantifier.filter.iter());
                self.expr(&quantifier.body);
            }
            ExprKind::If(cond, then, otherwise) => {
                self.expr(cond);
                self.expr(then);
                self.expr(otherwise);
            }
        }
    }
}
