//! The typed tree as text, for `assize dump --hir` and its golden files.
//!
//! Expressions are written in the language's own spelling where it has one, fully parenthesised;
//! locals carry their number (`rule#2`), calls of standard functions their form (`contains.list`).

use std::fmt::Write;

use crate::types::display::type_text;
use crate::value::Value;

use super::print_expr::Printer;
use super::{
    Adapter, Case, Control, Framework, Function, Hir, MarginAmount, Message, Param, Profile,
    Statement, StatementKind, Subject, TestSet, Treatment, Waiver,
};

/// The whole tree, declarations in their order. Types are not listed: a schema prints as it is written.
pub fn print(hir: &Hir) -> String {
    let mut out = String::new();
    hir.params.iter().for_each(|param| print_param(hir, param, &mut out));
    hir.functions.iter().for_each(|function| print_function(hir, function, &mut out));
    hir.controls.iter().for_each(|control| print_control(hir, control, &mut out));
    hir.frameworks.iter().for_each(|framework| print_framework(hir, framework, &mut out));
    hir.profiles.iter().for_each(|profile| print_profile(hir, profile, &mut out));
    hir.waivers.iter().for_each(|waiver| print_waiver(hir, waiver, &mut out));
    hir.treatments.iter().for_each(|treatment| print_treatment(hir, treatment, &mut out));
    hir.adapters.iter().for_each(|adapter| print_adapter(hir, adapter, &mut out));
    hir.tests.iter().for_each(|test| print_test(hir, test, &mut out));
    out
}

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $indent:expr, $($arg:tt)*) => {{
        let _ = write!($out, "{:width$}", "", width = $indent * 4);
        let _ = writeln!($out, $($arg)*);
    }};
}

fn param_path(param: &Param) -> String {
    match &param.control {
        Some(control) => format!("{}.{control}.{}", param.module, param.name),
        None => format!("{}.{}", param.module, param.name),
    }
}

fn print_param(hir: &Hir, param: &Param, out: &mut String) {
    let ty = type_text(&hir.types, param.ty);
    let default = param.default.as_ref().map(|default| Printer::constant(hir).expr(default));
    let default = default.map(|default| format!(" = {default}")).unwrap_or_default();
    line!(out, 0, "param {}: {ty}{default}", param_path(param));
}

fn print_function(hir: &Hir, function: &Function, out: &mut String) {
    let printer = Printer { hir, body: Some(&function.body) };
    let args: Vec<String> = function.args.iter().map(|arg| printer.bound(*arg)).collect();
    let result = type_text(&hir.types, function.result);
    line!(out, 0, "fn {}.{}({}) -> {result}", function.module, function.name, args.join(", "));
    for bound in &function.lets {
        line!(out, 1, "let {} = {}", printer.bound(bound.local), printer.expr(&bound.value));
    }
    line!(out, 1, "return {}", printer.expr(&function.value));
}

fn print_control(hir: &Hir, control: &Control, out: &mut String) {
    let printer = Printer { hir, body: Some(&control.body) };
    let subject = match &control.subject {
        Subject::Resources(local, _) => printer.bound(*local),
        Subject::Any(local) | Subject::Account(local) => printer.bound(*local),
    };
    let severity = control.severity.name();
    line!(out, 0, "control {}.{} for {subject} [{severity}]", control.module, control.name);
    if !control.title.is_empty() {
        line!(out, 1, "title {:?}", control.title);
    }
    if !control.reads_params.is_empty() {
        let read = control.reads_params.iter().map(|id| param_path(hir.params.at(*id)));
        line!(out, 1, "reads {}", read.collect::<Vec<_>>().join(", "));
    }
    let mut number = 0;
    for statement in &control.statements {
        print_statement(&printer, statement, 1, &mut number, out);
    }
}

fn print_statement(
    printer: &Printer<'_>,
    statement: &Statement,
    indent: usize,
    number: &mut u32,
    out: &mut String,
) {
    match &statement.kind {
        StatementKind::Let(bound) => {
            line!(
                out,
                indent,
                "let {} = {}",
                printer.bound(bound.local),
                printer.expr(&bound.value)
            );
        }
        StatementKind::When(cond) => line!(out, indent, "when {}", printer.expr(cond)),
        StatementKind::Require { condition, message, forbid, after } => {
            let word = if *forbid { " (forbid)" } else { "" };
            line!(out, indent, "require #{number}{word} {}", printer.expr(condition));
            *number += 1;
            if !after.is_empty() {
                let after: Vec<String> = after.iter().map(|n| format!("#{n}")).collect();
                line!(out, indent + 1, "after {}", after.join(", "));
            }
            match message {
                Message::Written(text) => line!(out, indent + 1, "else {}", printer.expr(text)),
                Message::Made(text) => line!(out, indent + 1, "else made of {text:?}"),
            }
        }
        StatementKind::Each(each) => {
            let filter =
                each.filter.as_ref().map(|filter| format!(" where {}", printer.expr(filter)));
            let filter = filter.unwrap_or_default();
            let domain = printer.expr(&each.domain);
            line!(out, indent, "each {} in {domain}{filter}", printer.bound(each.local));
            for inner in &each.body {
                print_statement(printer, inner, indent + 1, number, out);
            }
        }
        StatementKind::Manual(text) => line!(out, indent, "manual {text:?}"),
    }
}

fn control_path(hir: &Hir, control: super::ControlId) -> String {
    let control = hir.controls.at(control);
    format!("{}.{}", control.module, control.name)
}

fn print_framework(hir: &Hir, framework: &Framework, out: &mut String) {
    line!(out, 0, "framework {}.{} {:?}", framework.module, framework.name, framework.title);
    for requirement in &framework.requirements {
        let parent = requirement.parent.map(|at| format!(" in #{at}")).unwrap_or_default();
        line!(out, 1, "requirement {:?}{parent} {:?}", requirement.id, requirement.title);
        for met in &requirement.met_by {
            let condition = met.condition.as_ref().map(|c| Printer::constant(hir).expr(c));
            let condition = condition.map(|c| format!(" when {c}")).unwrap_or_default();
            line!(out, 2, "met by {}{condition}", control_path(hir, met.control));
        }
        for text in &requirement.manual {
            line!(out, 2, "manual {text:?}");
        }
    }
    for (name, ids) in &framework.baselines {
        let ids: Vec<String> = ids.iter().map(|id| format!("{id:?}")).collect();
        line!(out, 1, "baseline {name} = [{}]", ids.join(", "));
    }
}

fn print_profile(hir: &Hir, profile: &Profile, out: &mut String) {
    line!(out, 0, "profile {}.{} {:?}", profile.module, profile.name, profile.title);
    for (framework, baseline) in &profile.covers {
        let framework = hir.frameworks.at(*framework);
        let baseline = baseline.as_ref().map(|b| format!(" baseline {b}")).unwrap_or_default();
        line!(out, 1, "covers {}.{}{baseline}", framework.module, framework.name);
    }
    for control in &profile.uses {
        line!(out, 1, "use {}", control_path(hir, *control));
    }
    for control in &profile.excludes {
        line!(out, 1, "exclude {}", control_path(hir, *control));
    }
    for (param, value) in &profile.sets {
        let path = param_path(hir.params.at(*param));
        line!(out, 1, "set {path} = {}", Printer::constant(hir).expr(value));
    }
    for margin in &profile.margins {
        let amount = match margin.amount {
            MarginAmount::Percent(percent) => format!("{percent}%"),
            MarginAmount::Count(count) => count.to_string(),
        };
        let during = margin.during.map(crate::value::display::duration);
        let during = during.map(|during| format!(" for {during}")).unwrap_or_default();
        line!(out, 1, "margin {} {amount}{during}", control_path(hir, margin.control));
    }
}

fn print_waiver(hir: &Hir, waiver: &Waiver, out: &mut String) {
    let printer = Printer { hir, body: Some(&waiver.body) };
    let control = control_path(hir, waiver.control);
    line!(out, 0, "waiver {}.{} of {control}", waiver.module, waiver.name);
    if let Some(condition) = &waiver.condition {
        line!(out, 1, "where {}", printer.expr(condition));
    }
    line!(out, 1, "until {}", Printer::value(&Value::Timestamp(waiver.until)));
    line!(out, 1, "reason {:?}", waiver.reason);
    line!(out, 1, "approved by {:?}", waiver.approved_by);
}

fn print_treatment(hir: &Hir, treatment: &Treatment, out: &mut String) {
    let printer = Printer { hir, body: Some(&treatment.body) };
    let control = control_path(hir, treatment.control);
    line!(out, 0, "treatment {}.{} of {control}", treatment.module, treatment.name);
    line!(out, 1, "mode {:?}", treatment.mode);
    if let Some((count, per)) = treatment.limit {
        line!(out, 1, "limit {count} per {}", crate::value::display::duration(per));
    }
    for bound in &treatment.lets {
        line!(out, 1, "let {} = {}", printer.bound(bound.local), printer.expr(&bound.value));
    }
    for condition in &treatment.conditions {
        line!(out, 1, "when {}", printer.expr(condition));
    }
    for (path, value) in &treatment.sets {
        let path: Vec<&str> = path.iter().map(crate::base::Symbol::as_str).collect();
        line!(out, 1, "set {} = {}", path.join("."), printer.expr(value));
    }
}

fn print_adapter(hir: &Hir, adapter: &Adapter, out: &mut String) {
    let printer = Printer { hir, body: Some(&adapter.body) };
    let target = &hir.types.records.at(adapter.target).name;
    let item = printer.bound(adapter.item);
    line!(out, 0, "adapter {} for {target} from {item} in {}", adapter.source, adapter.of);
    for condition in &adapter.conditions {
        line!(out, 1, "when {}", printer.expr(condition));
    }
    for bound in &adapter.lets {
        line!(out, 1, "let {} = {}", printer.bound(bound.local), printer.expr(&bound.value));
    }
    for (name, value) in &adapter.sets {
        line!(out, 1, "set {name} = {}", printer.expr(value));
    }
}

fn print_test(hir: &Hir, test: &TestSet, out: &mut String) {
    line!(out, 0, "test {} in {}", control_path(hir, test.control), test.module);
    for case in &test.cases {
        print_case(hir, case, out);
    }
}

fn print_case(hir: &Hir, case: &Case, out: &mut String) {
    let printer = Printer::constant(hir);
    line!(out, 1, "case {:?}", case.name);
    for (file, _) in &case.files {
        line!(out, 2, "given {file:?}");
    }
    for given in &case.given {
        let attributes = given.attributes.iter();
        let attributes =
            attributes.map(|(name, value)| format!("@{name}: {}", printer.expr(value)));
        let properties = given.properties.iter();
        let properties = properties.map(|(name, value)| format!("{name}: {}", printer.expr(value)));
        let all: Vec<String> = attributes.chain(properties).collect();
        let ty = &hir.types.records.at(given.resource).name;
        line!(out, 2, "given {ty} {:?} {{ {} }}", given.id, all.join(", "));
    }
    for (param, value) in &case.sets {
        line!(out, 2, "set {} = {}", param_path(hir.params.at(*param)), printer.expr(value));
    }
    for expect in &case.expects {
        let message = expect.message.as_ref().map(|text| format!(" {text:?}")).unwrap_or_default();
        let of = expect.resource.as_ref().map(|id| format!(" for {id:?}")).unwrap_or_default();
        line!(out, 2, "expect {}{message}{of}", expect.verdict);
    }
}
