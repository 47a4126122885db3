//! The tree to text again: what is printed parses to the same tree. Comments other than doc comments are
//! not in the tree, so this is no formatter.

mod expr;

use crate::value::display;

use super::ast::{
    AdapterStatement, CaseStatement, ControlDecl, Expr, FieldDecl, FrameworkStatement,
    FunctionDecl, Item, ItemKind, Let, MarginAmount, Module, ParamDecl, Path, ProfileStatement,
    Requirement, Statement, StatementKind, Text, TreatmentStatement, Use, WaiverStatement,
};
use expr::{comparison, domain, fields, filter, postfix, quoted, ty};

/// A whole file.
pub fn module(module: &Module) -> String {
    let mut out = Printer::default();
    out.docs("//!", &module.docs);
    for import in &module.uses {
        out.line(&import_text(import));
    }
    for item in &module.items {
        out.line("");
        out.item(item);
    }
    out.text
}

/// A type.
pub fn type_of(of: &super::ast::TypeExpr) -> String {
    ty(of)
}

/// An expression.
pub fn expression(expr: &Expr) -> String {
    expr::expr(expr)
}

fn import_text(import: &Use) -> String {
    let path = path(&import.path);
    match (&import.alias, &import.names) {
        (Some(alias), _) => format!("use {path} as {}", alias.name),
        (None, Some(names)) => {
            let names: Vec<&str> = names.iter().map(|name| name.name.as_str()).collect();
            format!("use {path}.{{{}}}", names.join(", "))
        }
        (None, None) => format!("use {path}"),
    }
}

fn path(path: &Path) -> String {
    let names: Vec<&str> = path.segments.iter().map(|name| name.name.as_str()).collect();
    names.join(".")
}

fn paths(all: &[Path]) -> String {
    all.iter().map(path).collect::<Vec<_>>().join(", ")
}

fn text(text: &Text) -> String {
    quoted(&text.value)
}

fn bound(bound: &Let) -> String {
    let of = bound.ty.as_ref().map(|of| format!(": {}", ty(of))).unwrap_or_default();
    format!("let {}{of} = {}", bound.name.name, expr::expr(&bound.value))
}

fn param(param: &ParamDecl) -> String {
    let default = param.default.as_ref().map(|value| format!(" = {}", expr::expr(value)));
    format!("param {}: {}{}", param.name.name, ty(&param.ty), default.unwrap_or_default())
}

#[derive(Default)]
struct Printer {
    text: String,
    indent: usize,
}

impl Printer {
    fn line(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"    ".repeat(self.indent));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// `head {`, what is inside, `}`.
    fn block(&mut self, head: &str, inside: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.indent += 1;
        inside(self);
        self.indent -= 1;
        self.line("}");
    }

    fn docs(&mut self, mark: &str, docs: &str) {
        if !docs.is_empty() {
            for line in docs.split('\n') {
                self.line(format!("{mark} {line}").trim_end());
            }
        }
    }

    fn item(&mut self, item: &Item) {
        self.docs("///", &item.docs);
        match &item.kind {
            ItemKind::Resource(decl) => {
                let names: Vec<&str> =
                    decl.identified_by.iter().map(|name| name.name.as_str()).collect();
                let by = match names.is_empty() {
                    true => String::new(),
                    false => format!(" identified by {}", names.join(", ")),
                };
                self.fields(&format!("resource {}{by}", decl.name.name), &decl.fields);
            }
            ItemKind::Record(decl) => {
                let owner = decl.owner.as_ref().map(|owner| format!("{}.", owner.name));
                let head = format!("record {}{}", owner.unwrap_or_default(), decl.name.name);
                self.fields(&head, &decl.fields);
            }
            ItemKind::Param(decl) => self.line(&param(decl)),
            ItemKind::Function(decl) => self.function(decl),
            ItemKind::Control(decl) => self.control(decl),
            ItemKind::Framework(decl) => {
                self.block(&format!("framework {}", decl.name.name), |out| {
                    decl.statements.iter().for_each(|statement| out.framework(statement));
                });
            }
            ItemKind::Profile(decl) => self.block(&format!("profile {}", decl.name.name), |out| {
                decl.statements.iter().for_each(|statement| out.profile(statement));
            }),
            ItemKind::Treatment(decl) => {
                let head = format!("treatment {} for {}", decl.name.name, path(&decl.control));
                self.block(&head, |out| decl.statements.iter().for_each(|s| out.treatment(s)));
            }
            ItemKind::Waiver(decl) => self.block(&format!("waiver {}", decl.name.name), |out| {
                decl.statements.iter().for_each(|statement| out.waiver(statement));
            }),
            ItemKind::Adapter(decl) => {
                let (source, target, item) =
                    (&decl.source.name, &decl.target.name, &decl.item.name);
                let of = decl.of.as_ref().map(|of| format!(" in {}", of.name)).unwrap_or_default();
                self.block(&format!("adapter {source} for {target} from {item}{of}"), |out| {
                    for statement in &decl.statements {
                        out.line(&match statement {
                            AdapterStatement::When(cond) => format!("when {}", expr::expr(cond)),
                            AdapterStatement::Let(inner) => bound(inner),
                            AdapterStatement::Set(field, value) => {
                                format!("set {} = {}", field.name, expr::expr(value))
                            }
                        });
                    }
                });
            }
            ItemKind::Test(decl) => self.block(&format!("test {}", path(&decl.control)), |out| {
                for case in &decl.cases {
                    out.block(&format!("case {}", text(&case.name)), |out| {
                        case.statements.iter().for_each(|statement| out.case(statement));
                    });
                }
            }),
        }
    }

    fn fields(&mut self, head: &str, fields: &[FieldDecl]) {
        self.block(head, |out| {
            for field in fields {
                out.docs("///", &field.docs);
                let mut line = format!("{}: {}", field.name.name, ty(&field.ty));
                for (at, reference) in field.references.iter().enumerate() {
                    line.push_str(if at == 0 { " -> " } else { " | " });
                    let (of, property) = (&reference.resource.name, &reference.property.name);
                    line.push_str(&format!("{of}.{property}"));
                }
                if let Some(default) = &field.default {
                    line.push_str(&format!(" = {}", expr::expr(default)));
                }
                field.marks.iter().for_each(|mark| line.push_str(&format!(" {}", mark.name)));
                out.line(&(line + ","));
            }
        });
    }

    fn function(&mut self, decl: &FunctionDecl) {
        let args: Vec<String> =
            decl.args.iter().map(|(name, of)| format!("{}: {}", name.name, ty(of))).collect();
        let head = format!("fn {}({}) -> {}", decl.name.name, args.join(", "), ty(&decl.result));
        let value = expr::expr(&decl.body);
        if !decl.block {
            return self.line(&format!("{head} = {value}"));
        }
        self.block(&head, |out| {
            decl.lets.iter().for_each(|inner| out.line(&bound(inner)));
            out.line(&format!("return {value}"));
        });
    }

    fn control(&mut self, decl: &ControlDecl) {
        let subject = decl.subject.as_ref().map(|subject| {
            let types: Vec<&str> = subject.types.iter().map(|of| of.name.as_str()).collect();
            format!(" for {} in {}", subject.name.name, types.join(" | "))
        });
        let head = format!("control {}{}", decl.name.name, subject.unwrap_or_default());
        self.block(&head, |out| decl.statements.iter().for_each(|s| out.statement(s)));
    }

    fn statement(&mut self, statement: &Statement) {
        let otherwise = |message: Option<&Expr>| {
            message.map(|message| format!(" else {}", expr::expr(message))).unwrap_or_default()
        };
        let line = match &statement.kind {
            StatementKind::Title(title) => format!("title {}", text(title)),
            StatementKind::Severity(word) => format!("severity {}", word.name),
            StatementKind::Remedy(remedy) => format!("remedy {}", text(remedy)),
            StatementKind::See(see) => format!("see {}", text(see)),
            StatementKind::Param(inner) => {
                self.docs("///", &inner.docs);
                param(inner)
            }
            StatementKind::Let(inner) => bound(inner),
            StatementKind::When(condition) => format!("when {}", expr::expr(condition)),
            StatementKind::Require(condition, message) => {
                format!("require {}{}", expr::expr(condition), otherwise(message.as_ref()))
            }
            StatementKind::Forbid(condition, message) => {
                format!("forbid {}{}", expr::expr(condition), otherwise(message.as_ref()))
            }
            StatementKind::Each(each) => {
                let filter = filter(each.filter.as_ref());
                let head = format!("each {} in {}{filter}", each.name.name, domain(&each.domain));
                return self.block(&head, |out| each.body.iter().for_each(|s| out.statement(s)));
            }
            StatementKind::Manual(what) => format!("manual {}", text(what)),
            StatementKind::Error => "<error>".to_owned(),
        };
        self.line(&line);
    }

    fn framework(&mut self, statement: &FrameworkStatement) {
        match statement {
            FrameworkStatement::Title(title) => self.line(&format!("title {}", text(title))),
            FrameworkStatement::See(see) => self.line(&format!("see {}", text(see))),
            FrameworkStatement::Baseline(name, ids) => {
                self.line(&format!("baseline {} = {}", name.name, expr::expr(ids)));
            }
            FrameworkStatement::Requirement(requirement) => self.requirement(requirement),
        }
    }

    fn requirement(&mut self, requirement: &Requirement) {
        let title = requirement.title.as_ref().map(|title| format!(" {}", text(title)));
        let head = format!("requirement {}{}", text(&requirement.id), title.unwrap_or_default());
        self.block(&head, |out| {
            let met_by: Vec<String> = requirement
                .met_by
                .iter()
                .map(|by| match &by.condition {
                    Some(condition) => {
                        format!("{} when {}", path(&by.control), comparison(condition))
                    }
                    None => path(&by.control),
                })
                .collect();
            if !met_by.is_empty() {
                out.line(&format!("met by {}", met_by.join(", ")));
            }
            requirement.manual.iter().for_each(|what| out.line(&format!("manual {}", text(what))));
            requirement.children.iter().for_each(|child| out.requirement(child));
        });
    }

    fn profile(&mut self, statement: &ProfileStatement) {
        self.line(&match statement {
            ProfileStatement::Title(title) => format!("title {}", text(title)),
            ProfileStatement::Covers(framework, baseline) => {
                let baseline = baseline.as_ref().map(|name| format!(" baseline {}", name.name));
                format!("covers {}{}", path(framework), baseline.unwrap_or_default())
            }
            ProfileStatement::Use(all) => format!("use {}", paths(all)),
            ProfileStatement::Exclude(all) => format!("exclude {}", paths(all)),
            ProfileStatement::Set(place, value) => {
                format!("set {} = {}", path(place), expr::expr(value))
            }
            ProfileStatement::Margin(margin) => {
                let amount = match margin.amount {
                    MarginAmount::Percent(percent) => format!("{percent}%"),
                    MarginAmount::Count(count) => count.to_string(),
                };
                let during = margin.during.map(|time| format!(" for {}", display::duration(time)));
                format!("margin {} {amount}{}", path(&margin.control), during.unwrap_or_default())
            }
        });
    }

    fn treatment(&mut self, statement: &TreatmentStatement) {
        self.line(&match statement {
            TreatmentStatement::When(condition) => format!("when {}", expr::expr(condition)),
            TreatmentStatement::Mode(word) => format!("mode {}", word.name),
            TreatmentStatement::Limit(count, time, _) => {
                format!("limit {count} per {}", display::duration(*time))
            }
            TreatmentStatement::Set(place, value) => {
                format!("set {} = {}", postfix(place), expr::expr(value))
            }
            TreatmentStatement::Let(inner) => bound(inner),
        });
    }

    fn waiver(&mut self, statement: &WaiverStatement) {
        self.line(&match statement {
            WaiverStatement::Control(control) => format!("control {}", path(control)),
            WaiverStatement::Where(condition) => format!("where {}", expr::expr(condition)),
            WaiverStatement::Until(time, _) => format!("until {}", display::timestamp(*time)),
            WaiverStatement::Reason(reason) => format!("reason {}", text(reason)),
            WaiverStatement::ApprovedBy(by) => format!("approved by {}", text(by)),
        });
    }

    fn case(&mut self, statement: &CaseStatement) {
        self.line(&match statement {
            CaseStatement::Given(given) => {
                let id = given.id.as_ref().map(|id| format!(" {}", text(id))).unwrap_or_default();
                let attribute = |(name, value): &(_, _)| attribute(name, value);
                let mut all: Vec<String> = given.attributes.iter().map(attribute).collect();
                all.extend(fields(&given.properties));
                format!("given {}{id} {{ {} }}", given.resource.name, all.join(", "))
            }
            CaseStatement::GivenFile(file) => format!("given {}", text(file)),
            CaseStatement::Set(place, value) => {
                format!("set {} = {}", path(place), expr::expr(value))
            }
            CaseStatement::Expect(expect) => {
                let message = expect.message.as_ref().map(|message| format!(" {}", text(message)));
                let resource = expect.resource.as_ref().map(|id| format!(" for {}", text(id)));
                let (message, resource) =
                    (message.unwrap_or_default(), resource.unwrap_or_default());
                format!("expect {}{message}{resource}", expect.verdict.name)
            }
        });
    }
}

fn attribute(name: &super::ast::Ident, value: &Expr) -> String {
    format!("@{}: {}", name.name, expr::expr(value))
}
