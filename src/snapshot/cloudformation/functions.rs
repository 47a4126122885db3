//! Intrinsic functions and conditions.

use std::sync::Arc;

use base64::Engine;

use crate::base::distance::did_you_mean;
use crate::snapshot::document::{NodeId, Resolved, Scalar};
use crate::value::compare::{self};
use crate::value::segments::Builder;
use crate::value::{Answer, Open, Origin, Shape, SymbolRef, Text, Value};

use super::cases::Choice;
use super::coerce::{to_json, to_text};
use super::conditions::{NoRecords, condition_function, condition_of, named_condition};
use super::eval::{Evaluator, from_text};
use super::tree::{Tree, TreeKind};

/// Applies the function to the content of `arg`; the result stands at `node`.
pub(super) fn apply(ev: &mut Evaluator<'_>, name: &str, node: NodeId, arg: NodeId) -> Tree {
    let mut tree = match name {
        "Ref" => reference(ev, node, arg),
        "Fn::GetAtt" => get_att(ev, node, arg),
        "Fn::Sub" => sub(ev, node, arg),
        "Fn::Join" => join(ev, node, arg),
        "Fn::Select" => select(ev, node, arg),
        "Fn::Split" => split(ev, node, arg),
        "Fn::FindInMap" => find_in_map(ev, node, arg),
        "Fn::If" => choice(ev, node, arg),
        "Fn::Base64" => base64(ev, node, arg),
        "Fn::Length" => length(ev, node, arg),
        "Fn::ToJsonString" => Evaluator::open(
            node,
            Origin::Computed,
            "the text of `Fn::ToJsonString` is made at deployment",
        ),
        "Fn::ImportValue" => {
            Evaluator::open(node, Origin::Reference, "the value is imported from another stack")
        }
        "Fn::GetAZs" => Evaluator::open(
            node,
            Origin::Computed,
            "the zones of the region are known at deployment",
        ),
        "Fn::Cidr" => Evaluator::open(
            node,
            Origin::Computed,
            "the blocks of `Fn::Cidr` are made at deployment",
        ),
        "Fn::Transform" => {
            ev.hides.push((node, "a macro may add resources".to_owned()));
            Evaluator::open(node, Origin::Computed, "the value is made by a macro")
        }
        "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" | "Condition" => {
            truth(node, condition_function(ev, name, node, arg))
        }
        other => {
            ev.warn(
                node,
                format!("`{other}` is no function of CloudFormation: its value counts as unknown"),
            );
            Evaluator::open(
                node,
                Origin::Computed,
                format!("the value of `{other}` is made at deployment"),
            )
        }
    };
    tree.node = node;
    tree
}

/// The content of an argument: of a tagged node, its own.
fn content(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    if node == arg { ev.content(arg) } else { ev.eval(arg) }
}

/// The elements of an argument list, unevaluated.
pub(super) fn elements(ev: &Evaluator<'_>, arg: NodeId) -> Vec<NodeId> {
    ev.document.list(arg).map(<[NodeId]>::to_vec).unwrap_or_default()
}

fn truth(node: NodeId, answer: Answer) -> Tree {
    let literal = |text: &str, on: bool| {
        let scalar = Scalar { resolved: Resolved::Bool(on), text: Arc::from(text) };
        Tree { kind: TreeKind::Scalar(scalar), node, origin: Origin::Computed }
    };
    match answer {
        Answer::Yes => literal("true", true),
        Answer::No => literal("false", false),
        Answer::Open(cause) => Evaluator::open(node, Origin::Computed, cause.to_string()),
    }
}

fn reference(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let Value::Text(name) = to_text(&content(ev, node, arg)) else {
        ev.warn(node, "`Ref` takes the name of a parameter or resource");
        return Evaluator::open(node, Origin::Reference, "`Ref` of something that is no name");
    };
    named(ev, node, &name)
}

/// What `Ref` gives.
fn named(ev: &mut Evaluator<'_>, node: NodeId, name: &str) -> Tree {
    if let Some((_, value)) = ev.bound.iter().rev().find(|(bound, _)| &**bound == name) {
        return Tree::text(node, value, Origin::Literal);
    }
    if let Some((name, value)) = ev.parameters.get_key_value(name) {
        if matches!(value.kind, TreeKind::Open(_)) {
            ev.noted.read.insert(name.clone());
        }
        return value.clone();
    }
    if ev.kinds.contains_key(name) {
        return attribute(ev, node, name, "Ref");
    }
    match name {
        "AWS::NoValue" => Tree { kind: TreeKind::Absent, node, origin: Origin::Absent },
        _ if name.starts_with("AWS::") => {
            if let Some(Choice::Is(value)) = ev.case.get(name) {
                return Tree::text(node, value, Origin::Reference);
            }
            ev.noted.read.insert(Text::from(name));
            let shape = Shape::Symbol(SymbolRef::Pseudo(name.into()));
            let cause = Arc::from(format!("`{name}` is known at deployment"));
            Tree::open(node, Open { shape, present: true, origin: Origin::Reference, cause })
        }
        _ => {
            let names = ev.parameters.keys().chain(ev.kinds.keys()).map(|name| &**name);
            let mend = did_you_mean(name, names);
            ev.warn(node, format!("the template has no parameter or resource `{name}`{mend}"));
            Evaluator::open(node, Origin::Reference, format!("`{name}` is not in the template"))
        }
    }
}

/// The symbol of a resource's attribute.
fn attribute(ev: &mut Evaluator<'_>, node: NodeId, resource: &str, attribute: &str) -> Tree {
    let Some(kind) = ev.kinds.get(resource).cloned() else {
        let mend = did_you_mean(resource, ev.kinds.keys().map(|name| &**name));
        ev.warn(node, format!("the template has no resource `{resource}`{mend}"));
        return Evaluator::open(
            node,
            Origin::Reference,
            format!("`{resource}` is not in the template"),
        );
    };
    let view = ev.projection.resources.get(&kind);
    let slot = view
        .and_then(|view| ev.projection.layout(view.layout))
        .and_then(|layout| layout.slots.get(attribute));
    let identifies =
        attribute == "Ref" || attribute == "Arn" || slot.is_some_and(|slot| slot.identifies);
    let shape = Shape::Symbol(SymbolRef::Attribute {
        resource: Arc::from(resource),
        kind,
        attribute: attribute.into(),
        identifies,
    });
    let cause = Arc::from(format!("`{attribute}` of `{resource}` is known at deployment"));
    Tree::open(node, Open { shape, present: true, origin: Origin::Reference, cause })
}

fn get_att(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let path = match content(ev, node, arg).kind {
        TreeKind::List(items, None) => {
            let parts: Vec<Value> = items.iter().map(|(item, _)| to_text(item)).collect();
            let texts: Option<Vec<Text>> = parts
                .into_iter()
                .map(|part| match part {
                    Value::Text(text) => Some(text),
                    _ => None,
                })
                .collect();
            texts.map(|texts| texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
        }
        TreeKind::Scalar(scalar) => Some(scalar.text.to_string()),
        _ => None,
    };
    match path.as_deref().and_then(|path| path.split_once('.')) {
        Some((resource, name)) => attribute(ev, node, resource, name),
        None => {
            ev.warn(node, "`Fn::GetAtt` takes a resource and one of its attributes");
            Evaluator::open(node, Origin::Reference, "the attribute that is asked for is open")
        }
    }
}

fn sub(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let (template, own) = match parts.as_slice() {
        [template, own] => (to_text(&ev.eval(*template)), ev.document.map(*own).cloned()),
        [template] => (to_text(&ev.eval(*template)), None),
        _ => (to_text(&content(ev, node, arg)), None),
    };
    let Value::Text(template) = template else {
        return from_text(node, &template, Origin::Computed);
    };
    let mut builder = Builder::new();
    let mut rest: &str = &template;
    while let Some((before, after)) = rest.split_once("${") {
        builder.text(before);
        let Some((name, next)) = after.split_once('}') else {
            builder.text("${");
            rest = after;
            continue;
        };
        rest = next;
        if let Some(literal) = name.strip_prefix('!') {
            builder.text(&format!("${{{literal}}}"));
            continue;
        }
        let name = name.trim();
        let value = match own.as_ref().and_then(|own| own.get(name)) {
            Some(entry) => ev.eval(entry.value),
            None => match name.split_once('.') {
                Some((resource, path)) => attribute(ev, node, resource, path),
                None => named(ev, node, name),
            },
        };
        builder.value(&to_text(&value));
    }
    builder.text(rest);
    from_text(node, &builder.finish(), Origin::Computed)
}

fn join(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let [delimiter, list] = parts.as_slice() else {
        ev.warn(node, "`Fn::Join` takes a delimiter and a list");
        return Evaluator::open(node, Origin::Computed, "the text is made at deployment");
    };
    let delimiter = to_text(&ev.eval(*delimiter));
    let mut builder = Builder::new();
    match ev.eval(*list).kind {
        TreeKind::List(items, None) => {
            for (at, (item, maybe)) in items.iter().enumerate() {
                if *maybe {
                    builder.value(&Value::unknown(
                        Origin::Computed,
                        "a part of the text may be left out",
                    ));
                    continue;
                }
                if at > 0 {
                    builder.value(&delimiter);
                }
                builder.value(&to_text(item));
            }
        }
        TreeKind::Open(open) => builder.value(&Value::unknown(open.origin, &open.cause)),
        _ => builder.value(&Value::unknown(Origin::Computed, "the list that is joined is open")),
    }
    from_text(node, &builder.finish(), Origin::Computed)
}

fn select(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let [index, list] = parts.as_slice() else {
        ev.warn(node, "`Fn::Select` takes an index and a list");
        return Evaluator::open(node, Origin::Computed, "the element is chosen at deployment");
    };
    let index = match to_text(&ev.eval(*index)) {
        Value::Text(text) => text.trim().parse::<usize>().ok(),
        _ => None,
    };
    match (index, ev.eval(*list).kind) {
        (Some(index), TreeKind::List(items, None)) if items.iter().all(|(_, maybe)| !maybe) => {
            match items.into_iter().nth(index) {
                Some((item, _)) => item,
                None => {
                    ev.warn(
                        node,
                        format!(
                            "`Fn::Select` asks for element {index}, which the list does not have"
                        ),
                    );
                    Evaluator::open(node, Origin::Computed, "the list has no such element")
                }
            }
        }
        (_, TreeKind::Open(open)) => Evaluator::open(node, open.origin, open.cause.to_string()),
        _ => Evaluator::open(node, Origin::Computed, "the element is chosen at deployment"),
    }
}

fn split(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let [delimiter, text] = parts.as_slice() else {
        ev.warn(node, "`Fn::Split` takes a delimiter and a text");
        return Evaluator::open(node, Origin::Computed, "the list is made at deployment");
    };
    match (to_text(&ev.eval(*delimiter)), to_text(&ev.eval(*text))) {
        (Value::Text(delimiter), Value::Text(text)) if !delimiter.is_empty() => {
            let items = text
                .split(&*delimiter)
                .map(|part| (Tree::text(node, part, Origin::Computed), false));
            Tree { kind: TreeKind::List(items.collect(), None), node, origin: Origin::Computed }
        }
        (_, Value::Open(open)) | (Value::Open(open), _) => {
            Evaluator::open(node, open.origin, open.cause.to_string())
        }
        _ => Evaluator::open(node, Origin::Computed, "the list is made at deployment"),
    }
}

fn find_in_map(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let (keys, default) = match parts.as_slice() {
        [a, b, c] => ([*a, *b, *c], None),
        [a, b, c, more] => ([*a, *b, *c], ev.document.get(*more, "DefaultValue")),
        _ => {
            ev.warn(node, "`Fn::FindInMap` takes a map and two keys");
            return Evaluator::open(node, Origin::Computed, "the value is found at deployment");
        }
    };
    let mut at = ev.document.get(ev.document.root, "Mappings");
    for key in keys {
        let key = match to_text(&ev.eval(key)) {
            Value::Text(key) => key,
            Value::Open(open) => return Evaluator::open(node, open.origin, open.cause.to_string()),
            _ => {
                return Evaluator::open(node, Origin::Computed, "the value is found at deployment");
            }
        };
        at = at.and_then(|at| ev.document.get(at, &key));
        if at.is_none() {
            if let Some(default) = default {
                return ev.eval(default);
            }
            ev.warn(node, format!("the mappings have no `{key}` here"));
            return Evaluator::open(
                node,
                Origin::Computed,
                format!("the mappings have no `{key}`"),
            );
        }
    }
    match at {
        Some(at) => ev.eval(at),
        None => Evaluator::open(node, Origin::Computed, "the template has no mappings"),
    }
}

fn choice(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    let parts = elements(ev, arg);
    let [condition, yes, no] = parts.as_slice() else {
        ev.warn(node, "`Fn::If` takes a condition and two values");
        return Evaluator::open(node, Origin::Computed, "the value is chosen at deployment");
    };
    let answer = match ev.document.plain_text(*condition).cloned() {
        Some(name) => named_condition(ev, *condition, &name),
        None => condition_of(ev, *condition),
    };
    let cause = match answer {
        Answer::Yes => return ev.eval(*yes),
        Answer::No => return ev.eval(*no),
        Answer::Open(cause) => cause,
    };
    let (yes, no) = (ev.eval(*yes), ev.eval(*no));
    let absent = |tree: &Tree| matches!(tree.kind, TreeKind::Absent);
    if absent(&yes) && absent(&no) {
        return yes;
    }
    if !absent(&yes)
        && !absent(&no)
        && compare::equal(&NoRecords, &to_json(&yes), &to_json(&no)) == Ok(Answer::Yes)
    {
        return yes;
    }
    let certain = |tree: &Tree| match &tree.kind {
        TreeKind::Absent => false,
        TreeKind::Open(open) => open.present,
        _ => true,
    };
    let present = certain(&yes) && certain(&no);
    Tree::open(node, Open { shape: Shape::Any, present, origin: Origin::Computed, cause })
}

fn base64(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    match to_text(&content(ev, node, arg)) {
        Value::Text(text) => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(text.as_bytes());
            Tree::text(node, &encoded, Origin::Computed)
        }
        Value::Open(open) => Evaluator::open(node, open.origin, open.cause.to_string()),
        _ => Evaluator::open(node, Origin::Computed, "the text is made at deployment"),
    }
}

fn length(ev: &mut Evaluator<'_>, node: NodeId, arg: NodeId) -> Tree {
    match content(ev, node, arg).kind {
        TreeKind::List(items, None) if items.iter().all(|(_, maybe)| !maybe) => {
            let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let scalar =
                Scalar { resolved: Resolved::Int(count), text: Arc::from(count.to_string()) };
            Tree { kind: TreeKind::Scalar(scalar), node, origin: Origin::Computed }
        }
        _ => {
            Evaluator::open(node, Origin::Computed, "the length of the list is known at deployment")
        }
    }
}
