//! Conditions: what of a template is there, and which side of an `Fn::If` counts.

use std::sync::Arc;

use crate::base::Symbol;
use crate::base::distance::did_you_mean;
use crate::snapshot::document::NodeId;
use crate::value::compare::{self, Layouts};
use crate::value::{Answer, LayoutId, Origin, Text, Value};

use super::cases::compared;
use super::coerce::to_json;
use super::eval::{Evaluator, long_name};
use super::functions::{apply, elements};
use super::tree::{Tree, TreeKind};

/// Records do not stand in templates.
pub(super) struct NoRecords;

impl Layouts for NoRecords {
    fn names(&self, _layout: LayoutId) -> Vec<Symbol> {
        Vec::new()
    }
}

/// Whether a condition of the template holds.
pub(super) fn named_condition(ev: &mut Evaluator<'_>, at: NodeId, name: &str) -> Answer {
    let name = ev.substitute(name);
    match ev.conditions.get(&*name) {
        Some(Some((answer, read))) => {
            ev.noted.read.extend(read.iter().cloned());
            return answer.clone();
        }
        Some(None) => {
            ev.warn(at, format!("condition `{name}` depends on itself"));
            return Answer::open("a condition depends on itself");
        }
        None => {}
    }
    let section = ev.document.get(ev.document.root, "Conditions");
    let Some(node) = section.and_then(|section| ev.document.get(section, &name)) else {
        let names: Vec<Text> = section
            .and_then(|s| ev.document.map(s))
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default();
        let mend = did_you_mean(&name, names.iter().map(|name| &**name));
        ev.warn(at, format!("the template has no condition `{name}`{mend}"));
        return Answer::Open(Arc::from(format!("condition `{name}` is not in the template")));
    };
    let key: Text = Arc::from(name.as_str());
    ev.conditions.insert(key.clone(), None);
    let before = std::mem::take(&mut ev.noted.read);
    ev.depth += 1;
    let answer = if ev.depth > 128 {
        Answer::open("conditions are nested too deep")
    } else {
        condition_of(ev, node)
    };
    ev.depth -= 1;
    let answer = match answer {
        Answer::Open(cause) => {
            Answer::Open(Arc::from(format!("condition `{name}` is open: {cause}")))
        }
        known => known,
    };
    let read = std::mem::replace(&mut ev.noted.read, before);
    ev.noted.read.extend(read.iter().cloned());
    ev.conditions.insert(key, Some((answer.clone(), read)));
    answer
}

/// Whether the condition that stands here holds.
pub(super) fn condition_of(ev: &mut Evaluator<'_>, node: NodeId) -> Answer {
    let tag = ev.document.node(node).and_then(|n| n.tag.clone());
    if let Some(tag) = tag {
        return condition_function(ev, &long_name(&tag), node, node);
    }
    let entries = ev.document.map(node);
    let single = entries.and_then(|entries| entries.first().filter(|_| entries.len() == 1));
    if let Some((name, arg)) = single.map(|(key, entry)| (key.to_string(), entry.value)) {
        return condition_function(ev, &name, node, arg);
    }
    ev.warn(node, "this is no condition");
    Answer::open("this is no condition")
}

pub(super) fn condition_function(
    ev: &mut Evaluator<'_>,
    name: &str,
    node: NodeId,
    arg: NodeId,
) -> Answer {
    let parts = elements(ev, arg);
    match (name, parts.as_slice()) {
        ("Condition", _) => match ev.document.scalar(arg).map(|scalar| scalar.text.clone()) {
            Some(name) => named_condition(ev, node, &name),
            None => Answer::open("this is no condition"),
        },
        ("Fn::Not", [one]) => !condition_of(ev, *one),
        ("Fn::And", [_, ..]) => {
            parts.iter().fold(Answer::Yes, |answer, part| answer.and(condition_of(ev, *part)))
        }
        ("Fn::Or", [_, ..]) => {
            parts.iter().fold(Answer::No, |answer, part| answer.or(condition_of(ev, *part)))
        }
        ("Fn::Equals", [a, b]) => {
            let nodes = (*a, *b);
            let (a, b) = (ev.eval(*a), ev.eval(*b));
            if let Some(answer) = compared(ev, nodes, (&a, &b)) {
                return answer;
            }
            let same = compare::equal(&NoRecords, &comparable(&a), &comparable(&b));
            same.unwrap_or_else(|_| Answer::open("the values cannot be compared"))
        }
        _ => {
            let shown = apply_as_value(ev, name, node, arg);
            Answer::of(&to_json(&shown))
        }
    }
}

/// A condition that is some other function: its value, where that is a truth value.
fn apply_as_value(ev: &mut Evaluator<'_>, name: &str, node: NodeId, arg: NodeId) -> Tree {
    match name {
        "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => {
            ev.warn(node, format!("`{name}` does not take these"));
            Evaluator::open(node, Origin::Computed, "this is no condition")
        }
        _ => apply(ev, name, node, arg),
    }
}

/// Scalars compare by their text, as CloudFormation compares them.
fn comparable(tree: &Tree) -> Value {
    match &tree.kind {
        TreeKind::Scalar(scalar) => Value::Text(scalar.as_text()),
        _ => to_json(tree),
    }
}
