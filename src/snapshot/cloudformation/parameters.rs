//! The values of a template's parameters: from the caller, else their default; open where there is
//! neither, where the value is a secret, and where the default is only the name of the value.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::snapshot::document::{Document, NodeId, Resolved, Scalar, scalar};
use crate::value::{Open, Origin, Shape, Text};

use super::Options;
use super::cases::{Case, Choice};
use super::tree::{Tree, TreeKind};

/// The value of each parameter.
pub(super) fn values(
    document: &Document,
    options: &Options<'_>,
    case: &Case,
) -> IndexMap<Text, Tree> {
    let section = document.get(document.root, "Parameters").and_then(|id| document.map(id));
    let entries = section.into_iter().flatten();
    entries
        .map(|(name, entry)| {
            (name.clone(), value(document, options, (name, case.get(name)), entry.value))
        })
        .collect()
}

/// The values that a parameter may have; none where it does not say, and where its value is not itself one of
/// them.
pub(super) fn allowed(document: &Document, name: &str) -> Vec<Text> {
    let Some(declaration) = declared(document, name).filter(|id| is_plain(document, *id)) else {
        return Vec::new();
    };
    let list = document.get(declaration, "AllowedValues").and_then(|id| document.list(id));
    let value = |id: &NodeId| {
        document.plain_text(*id)?;
        let scalar = document.scalar(*id).filter(|scalar| scalar.resolved != Resolved::Null)?;
        Some(scalar.as_text())
    };
    // With one among them that is no value, the parameter may be anything.
    list.into_iter().flatten().map(value).collect::<Option<_>>().unwrap_or_default()
}

/// Whether a parameter that does not list its values may have this one.
pub(super) fn admits(document: &Document, name: &str, value: &str) -> bool {
    let Some(declaration) = declared(document, name).filter(|id| is_plain(document, *id)) else {
        return false;
    };
    let bound = |key| text(document, declaration, key).and_then(|text| text.parse::<usize>().ok());
    let length = value.chars().count();
    bound("MinLength").is_none_or(|least| length >= least)
        && bound("MaxLength").is_none_or(|most| length <= most)
}

fn declared(document: &Document, name: &str) -> Option<NodeId> {
    document.get(document.root, "Parameters").and_then(|section| document.get(section, name))
}

/// The text of a member of a declaration.
fn text(document: &Document, declaration: NodeId, key: &str) -> Option<Text> {
    document.get(declaration, key).and_then(|id| document.scalar(id)).map(Scalar::as_text)
}

/// Whether the value that is given is the parameter's value, may be told, and is one.
fn is_plain(document: &Document, declaration: NodeId) -> bool {
    let kind = text(document, declaration, "Type").unwrap_or_else(|| Arc::from("String"));
    !is_secret(document, declaration) && !is_stored(&kind) && !is_list(&kind)
}

fn is_secret(document: &Document, declaration: NodeId) -> bool {
    text(document, declaration, "NoEcho").is_some_and(|on| on.eq_ignore_ascii_case("true"))
}

fn is_stored(kind: &str) -> bool {
    kind.starts_with("AWS::SSM::Parameter::Value")
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

fn value(
    document: &Document,
    options: &Options<'_>,
    (name, choice): (&str, Option<&Choice>),
    declaration: NodeId,
) -> Tree {
    let kind = text(document, declaration, "Type").unwrap_or_else(|| Arc::from("String"));
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
    if is_secret(document, declaration) {
        let origin = if default.is_some() {
            Origin::SecretParameterWithDefault
        } else {
            Origin::SecretParameter
        };
        return open(origin, format!("parameter `{name}` is a secret"));
    }
    if is_stored(&kind) {
        return open(
            Origin::Parameter,
            format!("parameter `{name}` is read from the parameter store"),
        );
    }
    let node = default.unwrap_or(declaration);
    // A function is no default, in its short form as in its long one.
    let literal = default.filter(|id| document.plain_text(*id).is_some());
    let literal = match (&given, choice, literal.and_then(|id| document.scalar(id))) {
        (Some(given), _, _) => given.clone(),
        (None, Some(Choice::Is(chosen)), _) => chosen.clone(),
        (None, _, Some(scalar)) => scalar.as_text(),
        _ => return open(Origin::Parameter, format!("parameter `{name}` has no value")),
    };
    closed(node, &kind, &literal)
}

fn closed(node: NodeId, kind: &str, literal: &Text) -> Tree {
    let origin = Origin::Parameter;
    let one = |text: &str| {
        let resolved = if kind.contains("Number") { scalar::number(text) } else { Resolved::Text };
        let scalar = Scalar { resolved, text: Arc::from(text) };
        Tree { kind: TreeKind::Scalar(scalar), node, origin }
    };
    if is_list(kind) {
        let parts = literal.split(',').map(str::trim).filter(|part| !part.is_empty());
        let items = parts.map(|part| (one(part), false)).collect();
        return Tree { kind: TreeKind::List(items, None), node, origin };
    }
    one(literal)
}
