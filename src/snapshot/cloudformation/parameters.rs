//! The values of a template's parameters: from the caller, else their default; open where there is
//! neither, where the value is a secret, and where the default is only the name of the value.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::snapshot::document::{Document, NodeId, Resolved, Scalar, scalar};
use crate::value::{Open, Origin, Shape, Text};

use super::Options;
use super::tree::{Tree, TreeKind};

/// The value of each parameter.
pub(super) fn values(document: &Document, options: &Options<'_>) -> IndexMap<Text, Tree> {
    let section = document.get(document.root, "Parameters").and_then(|id| document.map(id));
    let entries = section.into_iter().flatten();
    entries
        .map(|(name, entry)| (name.clone(), value(document, options, name, entry.value)))
        .collect()
}

fn value(document: &Document, options: &Options<'_>, name: &str, declaration: NodeId) -> Tree {
    let text = |key: &str| {
        document.get(declaration, key).and_then(|id| document.scalar(id)).map(Scalar::as_text)
    };
    let kind = text("Type").unwrap_or_else(|| Arc::from("String"));
    let secret = text("NoEcho").is_some_and(|on| on.eq_ignore_ascii_case("true"));
    let given = options
        .parameters
        .iter()
        .rev()
        .find(|(key, _)| key == name)
        .map(|(_, value)| Text::from(value.as_str()));
    let default = document.get(declaration, "Default");
    let open = |origin: Origin, cause: String| {
        let cause = Arc::from(cause);
        Tree::open(declaration, Open { shape: Shape::Any, present: true, origin, cause })
    };
    if secret {
        let origin = if default.is_some() {
            Origin::SecretParameterWithDefault
        } else {
            Origin::SecretParameter
        };
        return open(origin, format!("parameter `{name}` is a secret"));
    }
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        return open(
            Origin::Parameter,
            format!("parameter `{name}` is read from the parameter store"),
        );
    }
    let node = default.unwrap_or(declaration);
    // A function is no default, in its short form as in its long one.
    let literal = default.filter(|id| document.plain_text(*id).is_some());
    let literal = match (&given, literal.and_then(|id| document.scalar(id))) {
        (Some(given), _) => given.clone(),
        (None, Some(scalar)) => scalar.as_text(),
        _ => return open(Origin::Parameter, format!("parameter `{name}` has no value")),
    };
    closed(node, &kind, &literal)
}

fn closed(node: NodeId, kind: &str, literal: &Text) -> Tree {
    let origin = Origin::Parameter;
    let is_list = kind == "CommaDelimitedList" || kind.starts_with("List<");
    let one = |text: &str| {
        let resolved = if kind.contains("Number") { scalar::number(text) } else { Resolved::Text };
        let scalar = Scalar { resolved, text: Arc::from(text) };
        Tree { kind: TreeKind::Scalar(scalar), node, origin }
    };
    if is_list {
        let parts = literal.split(',').map(str::trim).filter(|part| !part.is_empty());
        let items = parts.map(|part| (one(part), false)).collect();
        return Tree { kind: TreeKind::List(items, None), node, origin };
    }
    one(literal)
}
