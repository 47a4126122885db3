//! Names that stand for nothing: each offers the names that may be meant.

use crate::base::{Span, Symbol};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

fn strs(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str)
}

/// `given AWS::S3::Buckte`.
pub fn unknown_resource_type(name: &str, span: Span, known: &[Symbol]) -> Diagnostic {
    Diagnostic::error(code::E0210, format!("there is no resource type `{name}`"), span)
        .label("no schema declares this type")
        .did_you_mean(name, span, known.iter().map(Symbol::as_str))
        .note("a type without a schema in the library can be declared with `resource TYPE { … }`")
}

/// `x: Strin`.
pub fn unknown_type(name: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0211, format!("there is no type `{name}`"), span)
        .label("not a type")
        .did_you_mean(name, span, strs(known))
        .note("a type is built in (`String`, `Int`, `[Bool]`, …), a record, or a resource type")
}

/// `AWS::EC2::SecurityGroup.Ingres`.
pub fn unknown_record(owner: &str, name: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0211, format!("`{owner}` has no record type `{name}`"), span)
        .label("not declared in the schema")
        .did_you_mean(name, span, strs(known))
        .note("the record types of a resource type are those of its schema")
}

/// A name that nothing here declares.
pub fn unknown_name(name: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0212, format!("nothing here is called `{name}`"), span)
        .label("not bound in this scope")
        .did_you_mean(name, span, strs(known))
        .note("names come from the subject, `let`, `param`, quantifiers, and imports with `use`")
}

/// `starts_wiht(a, b)`.
pub fn unknown_function(name: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0213, format!("there is no function `{name}`"), span)
        .label("not a function that can be called here")
        .did_you_mean(name, span, strs(known))
        .note("a function is standard, declared with `fn`, or imported with `use module.{name}`")
}

/// `storage.nothing`.
pub fn unknown_in_module(module: &str, name: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0213, format!("module `{module}` has no `{name}`"), span)
        .label("not declared there")
        .did_you_mean(name, span, strs(known))
        .note("functions and parameters of a module are used as `module.name`")
}

/// `bucket.BucketNam`.
pub fn unknown_field(owner: &str, name: &str, span: Span, known: &[String]) -> Diagnostic {
    let out = Diagnostic::error(code::E0214, format!("`{owner}` has no property `{name}`"), span)
        .label("not in the schema")
        .did_you_mean(name, span, strs(known));
    if owner.contains("::") && !owner.contains('.') {
        return out.note(format!(
            "what the schema does not name yet is read as JSON: `….properties[\"{name}\"]`"
        ));
    }
    out
}

/// A property that one type of a union lacks.
pub fn field_not_in_all(
    lacking: &str,
    having: Option<&str>,
    name: &str,
    span: Span,
    known: &[String],
) -> Diagnostic {
    let out = Diagnostic::error(code::E0214, format!("`{lacking}` has no property `{name}`"), span)
        .label("not a property of every type that this may be");
    match having {
        Some(having) => out.note(format!(
            "`{having}` has it; ask for the type first: `x is {having} and x.{name} …`"
        )),
        None => out.did_you_mean(name, span, strs(known)),
    }
}

/// `resource.idd` of a `Resource`.
pub fn unknown_attribute(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0215, format!("a resource has no attribute `{name}`"), span)
        .label("not a common attribute")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("every resource has {}", known.join(", ")))
}

/// A path to a control that is not there.
pub fn unknown_control(path: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0216, format!("there is no control `{path}`"), span)
        .label("not a control")
        .did_you_mean(path, span, strs(known))
        .note("a control of another module is named `module.control` after `use module`")
}

/// A path to a parameter that is not there.
pub fn unknown_param(path: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0217, format!("there is no parameter `{path}`"), span)
        .label("not a parameter")
        .did_you_mean(path, span, strs(known))
        .note("a parameter is set as `control.param` or `module.param`, `module.control.param` from outside")
}

/// `set control.parm`.
pub fn unknown_param_of(control: &str, name: &str, span: Span, known: &[String]) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0217,
        format!("control `{control}` has no parameter `{name}`"),
        span,
    )
    .label("not a parameter of it")
    .did_you_mean(name, span, strs(known));
    if known.is_empty() { out.note(format!("`{control}` has no parameters")) } else { out }
}

/// `covers nothing`.
pub fn unknown_framework(path: &str, span: Span, known: &[String]) -> Diagnostic {
    Diagnostic::error(code::E0218, format!("there is no framework `{path}`"), span)
        .label("not a framework")
        .did_you_mean(path, span, strs(known))
        .note("a framework of another module is named `module.framework` after `use module`")
}

/// `covers f baseline nothing`.
pub fn unknown_baseline(framework: &str, name: &str, span: Span, known: &[String]) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0219,
        format!("framework `{framework}` has no baseline `{name}`"),
        span,
    )
    .label("not a baseline of it")
    .did_you_mean(name, span, strs(known));
    if known.is_empty() { out.note(format!("`{framework}` names no baselines")) } else { out }
}

/// `baseline b = ["9.9.9"]`.
pub fn unknown_requirement(framework: &str, id: &str, span: Span, known: &[String]) -> Diagnostic {
    let quoted: Vec<String> = known.iter().map(|id| format!("\"{id}\"")).collect();
    Diagnostic::error(
        code::E0220,
        format!("framework `{framework}` has no requirement `{id}`"),
        span,
    )
    .label("not a requirement of it")
    .did_you_mean(&format!("\"{id}\""), span, strs(&quoted))
    .note("a baseline lists the ids of requirements of its framework")
}

/// A function, a module, a control in a place for a value.
pub fn not_a_value(name: &str, what: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(code::E0221, format!("`{name}` is {what}, not a value"), span)
        .label("a value is wanted here");
    match what {
        "a function" | "a standard function" => {
            out.note(format!("call it: `{name}(…)`, or `value.{name}()`"))
        }
        "a module" => out.note(format!("name something in it: `{name}.…`")),
        _ => out.note("values are literals, parameters, names that are bound here, and calls"),
    }
}

/// `expect failed`.
pub fn unknown_verdict(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0222, format!("there is no verdict `{name}`"), span)
        .label("not a verdict")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("the verdicts are {}", known.join(", ")))
}
