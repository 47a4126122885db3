//! The `Resources` of a template as rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::Symbol;
use crate::program::Projection;
use crate::snapshot::document::{Document, NodeId, Resolved};
use crate::snapshot::model::{Gap, Resource, ResourceAttributes};
use crate::snapshot::row;
use crate::value::{Answer, Broken, Map, Open, Origin, Shape, SymbolRef, Text, Value};

use super::cases::{Case, Noted};
use super::coerce::{slots, to_json, to_text};
use super::conditions::named_condition;
use super::eval::Evaluator;
use super::tree::{Place, Tree, TreeKind};
use super::{Options, Refused, Source, Template, Warning, parameters};

/// What of a resource becomes its `attributes`.
const ATTRIBUTES: [&str; 6] = [
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
    "Condition",
];

/// A resource to be read: its logical id, its node, what loops bind in it.
type Todo = (Text, NodeId, Vec<(Text, Text)>);

/// Reads all resources.
pub(super) fn read(
    projection: &Projection,
    options: &Options<'_>,
    source: &Arc<Source>,
    (case, wanted): (&Case, &dyn Fn(&Text, &Symbol) -> bool),
) -> Result<Template, Refused> {
    let document = &source.document;
    let section = document.get(document.root, "Resources");
    let Some(entries) = section.and_then(|id| document.map(id)) else {
        let place = document.place(section.unwrap_or(document.root));
        let what = match section {
            Some(_) => "not a template: `Resources` is no map",
            None => "not a template: there is no `Resources`",
        };
        return Err(Refused { place, what: what.to_owned() });
    };
    let mut ev = Evaluator {
        document,
        projection,
        parameters: parameters::values(document, options, case),
        kinds: IndexMap::new(),
        conditions: IndexMap::new(),
        case,
        noted: Noted::default(),
        bound: Vec::new(),
        warnings: Vec::new(),
        lost: Vec::new(),
        hides: Vec::new(),
        work: 0,
        depth: 0,
    };
    let mut todo: Vec<Todo> = Vec::new();
    for (id, entry) in entries {
        if id.starts_with("Fn::ForEach") {
            todo.extend(ev.unroll(entry.value));
        } else if &**id == "Fn::Transform" {
            ev.hides.push((entry.value, "a macro may add resources".to_owned()));
        } else {
            todo.push((id.clone(), entry.value, Vec::new()));
        }
    }
    for (id, node, _) in &todo {
        // `!Ref X` is no type, and neither is a number or nothing at all.
        let kind = document.get(*node, "Type");
        let is_text =
            |id: &NodeId| document.scalar(*id).is_some_and(|s| s.resolved == Resolved::Text);
        if let Some(kind) = kind.filter(is_text).and_then(|id| document.plain_text(id)) {
            ev.kinds.insert(id.clone(), Symbol::new(kind));
        }
    }
    transforms(&mut ev);
    let mut template = Template { count: todo.len() as u64, ..Template::default() };
    for (id, node, bound) in todo {
        ev.bound = bound;
        if ev.kinds.get(&id).is_some_and(|kind| !wanted(&id, kind)) {
            continue;
        }
        ev.noted.read.clear();
        if let Some(resource) = one(&mut ev, options, source, &id, node) {
            let read = std::mem::take(&mut ev.noted.read);
            ev.noted.resources.insert(id, (resource.kind.clone(), read));
            template.resources.push(resource);
        }
    }
    duplicates(document, &mut ev);
    let gap = |(node, reason): (NodeId, String)| Gap {
        kind: None,
        account: None,
        region: None,
        reason: Arc::from(reason),
        input: options.input,
        place: document.place(node),
    };
    template.gaps = ev.hides.into_iter().map(gap).collect();
    template.gaps.dedup();
    template.cases = ev.noted.cases(source, &ev.parameters);
    template.parameters = ev.parameters.into_keys().collect();
    template.warnings = ev.warnings;
    template.lost = ev.lost;
    Ok(template)
}

/// Macros may add resources, but for those that AWS defines not to.
fn transforms(ev: &mut Evaluator<'_>) {
    let Some(node) = ev.document.get(ev.document.root, "Transform") else { return };
    let mut nodes: Vec<NodeId> =
        ev.document.list(node).map_or_else(|| vec![node], <[NodeId]>::to_vec);
    nodes.dedup();
    for node in nodes {
        let name = ev.document.plain_text(node).cloned().or_else(|| {
            ev.document.get(node, "Name").and_then(|name| ev.document.plain_text(name)).cloned()
        });
        match name.as_deref() {
            Some("AWS::LanguageExtensions" | "AWS::CodeDeployBlueGreen") => {}
            // Each serverless resource says for itself that it is not expanded.
            Some(name) if name.starts_with("AWS::Serverless") => {}
            Some(name) => ev.hides.push((node, format!("macro `{name}` may add resources"))),
            None => ev.hides.push((node, "a macro may add resources".to_owned())),
        }
    }
}

/// Why a resource of this type may make others that the template does not show.
fn hidden(kind: &str) -> Option<String> {
    let own = kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource";
    if own {
        return Some(format!("custom resource `{kind}` may make resources"));
    }
    if kind == "AWS::CloudFormation::Stack" {
        return Some("the template of a nested stack is not at hand".to_owned());
    }
    if kind.ends_with("::MODULE") {
        return Some(format!("module `{kind}` is not expanded"));
    }
    if kind.starts_with("AWS::Serverless::") {
        return Some(format!("`{kind}` is not expanded"));
    }
    None
}

fn one(
    ev: &mut Evaluator<'_>,
    options: &Options<'_>,
    source: &Arc<Source>,
    id: &Text,
    node: NodeId,
) -> Option<Resource> {
    let document = ev.document;
    let Some(kind) = ev.kinds.get(id).cloned() else {
        let what = match document.get(node, "Type") {
            Some(_) => format!("the `Type` of resource `{id}` is no text"),
            None => format!("resource `{id}` has no `Type`"),
        };
        ev.lose(node, what);
        return None;
    };
    let exists = match document.get(node, "Condition").map(|name| document.plain_text(name)) {
        Some(Some(name)) => named_condition(ev, node, name),
        Some(None) => Answer::open("the `Condition` is no name"),
        None => Answer::Yes,
    };
    if exists == Answer::No {
        return None;
    }
    if let Some(reason) = hidden(&kind) {
        ev.hides.push((node, reason));
    }
    let view = ev.projection.resources.get(&kind);
    let wanted = match (view, ev.projection.any) {
        (Some(view), _) => view.attributes,
        (None, Some(any)) => any,
        (None, None) => return None,
    };
    let properties = document.get(node, "Properties").filter(|id| {
        let null = document.scalar(*id).is_some_and(|s| s.resolved == Resolved::Null);
        !null
    });
    let tree = properties.map(|properties| Arc::new(ev.eval(properties)));
    let layout = view.and_then(|view| ev.projection.layout(view.layout));
    let mut broken = broken_by_duplicate(document, id, node);
    let own = Some((id, &kind));
    let row = match (layout, tree.as_deref().map(|tree| &tree.kind)) {
        (None, _) => Vec::new(),
        (Some(layout), None) => row::empty(layout, own),
        (Some(layout), Some(TreeKind::Map(entries, open))) => {
            slots(ev.projection, layout, |name| entries.get(name), open.as_ref(), own)
        }
        (Some(layout), Some(TreeKind::Open(open))) => {
            layout.slots.iter().map(|_| Value::perhaps(open.origin, &open.cause)).collect()
        }
        (Some(_), Some(_)) => {
            broken.get_or_insert_with(|| {
                Arc::new(Broken { reason: Arc::from("`Properties` is no map") })
            });
            Vec::new()
        }
    };
    let identifier = view.and_then(|view| view.identified_by.first());
    let name = identifier.and_then(|name| layout?.slot(name)).and_then(|at| row.get(at)).cloned();
    let part = |ev: &mut Evaluator<'_>, key: &str, on: bool| match document.get(node, key) {
        Some(id) if on => to_json(&ev.eval(id)),
        _ => Value::map([]),
    };
    let attributes = ResourceAttributes {
        arn: symbol(id, &kind, "Arn"),
        name: name.unwrap_or(Value::Absent),
        tags: tags(tree.as_deref()),
        created: Value::Absent,
        properties: if wanted.properties {
            tree.as_deref().map_or_else(|| Value::map([]), to_json)
        } else {
            Value::Absent
        },
        metadata: part(ev, "Metadata", wanted.metadata),
        attributes: attributes(ev, node, wanted.attributes),
    };
    Some(Resource {
        adapter: None,
        layout: view.map(|view| view.layout),
        slots: row,
        id: id.clone(),
        account: pseudo("AWS::AccountId"),
        region: pseudo("AWS::Region"),
        attributes,
        maybe: match exists {
            Answer::Open(cause) => Some(cause),
            Answer::Yes | Answer::No => None,
        },
        broken,
        input: options.input,
        place: key_place(document, id, node),
        source: Arc::new(Place { source: Arc::clone(source), resource: node, properties: tree }),
        text: 0,
        kind,
    })
}

/// Where the logical id stands, or the resource of a loop.
fn key_place(document: &Document, id: &str, node: NodeId) -> crate::base::LineColumn {
    let section =
        document.get(document.root, "Resources").and_then(|section| document.map(section));
    match section.and_then(|section| section.get(id)) {
        Some(entry) => document.file.line_column(entry.key_start),
        None => document.place(node),
    }
}

fn symbol(id: &Text, kind: &Symbol, attribute: &str) -> Value {
    let shape = Shape::Symbol(SymbolRef::Attribute {
        resource: id.clone(),
        kind: kind.clone(),
        attribute: attribute.into(),
        identifies: true,
    });
    let cause = Arc::from(format!("`{attribute}` of `{id}` is known at deployment"));
    Value::Open(Arc::new(Open { shape, present: true, origin: Origin::Reference, cause }))
}

fn pseudo(name: &str) -> Value {
    let shape = Shape::Symbol(SymbolRef::Pseudo(name.into()));
    let cause = Arc::from(format!("`{name}` is known at deployment"));
    Value::Open(Arc::new(Open { shape, present: true, origin: Origin::Reference, cause }))
}

/// `Tags`, a list of keys and values or a map, as a map of texts. A tag whose key cannot be told may be any:
/// the map is open then.
fn tags(properties: Option<&Tree>) -> Value {
    let (entries, more) = match properties.map(|tree| &tree.kind) {
        Some(TreeKind::Map(entries, more)) => (entries, more),
        Some(TreeKind::Open(open)) => return Value::perhaps(open.origin, &open.cause),
        _ => return Value::map([]),
    };
    let mut out = Map { entries: crate::value::Entries::default(), open: more.clone() };
    match entries.get("Tags").map(|tags| &tags.kind) {
        Some(TreeKind::Map(tags, more)) => {
            let there = tags.iter().filter(|(_, value)| !matches!(value.kind, TreeKind::Absent));
            out.entries.extend(there.map(|(key, value)| (key.clone(), to_text(value))));
            out.open.clone_from(more);
        }
        Some(TreeKind::List(items, more)) => {
            out.open.clone_from(more);
            for (item, _) in items {
                match pair(item) {
                    Ok((key, value)) => drop(out.entries.insert(key, value)),
                    Err(cause) => drop(out.open.get_or_insert(cause)),
                }
            }
        }
        Some(TreeKind::Open(open)) => return Value::Open(Arc::clone(open)),
        Some(TreeKind::Scalar(_)) => return Value::broken("expected tags, found a text"),
        Some(TreeKind::Absent) => out.open = None,
        None => {}
    }
    Value::Map(Arc::new(out))
}

/// The key and value of a tag, or why its key cannot be told.
fn pair(tag: &Tree) -> Result<(Text, Value), Text> {
    let unread = || Text::from("a tag of the template cannot be read");
    match &tag.kind {
        TreeKind::Map(tag, _) => match tag.get("Key").map(to_text) {
            Some(Value::Text(key)) => {
                Ok((key, tag.get("Value").map_or_else(|| Value::text(""), to_text)))
            }
            Some(Value::Open(open)) => Err(open.cause.clone()),
            _ => Err(unread()),
        },
        TreeKind::Open(open) => Err(open.cause.clone()),
        _ => Err(unread()),
    }
}

fn attributes(ev: &mut Evaluator<'_>, node: NodeId, wanted: bool) -> Value {
    if !wanted {
        return Value::map([]);
    }
    let mut out: Vec<(Text, Value)> = Vec::new();
    for name in ATTRIBUTES {
        if let Some(id) = ev.document.get(node, name) {
            out.push((Arc::from(name), to_json(&ev.eval(id))));
        }
    }
    Value::map(out)
}

/// A key that stands twice, in the resource or as its logical id.
fn broken_by_duplicate(document: &Document, id: &str, node: NodeId) -> Option<Arc<Broken>> {
    let section = document.get(document.root, "Resources");
    let all = section.map_or(&[][..], |section| document.duplicates_in(section));
    let own = all.iter().find(|twice| &*twice.key == id);
    let twice = own.or_else(|| document.duplicate_below(node))?;
    let (first, second) =
        (document.file.line_column(twice.first), document.file.line_column(twice.second));
    let reason = format!(
        "key `{}` stands twice: in line {} and in line {}",
        twice.key, first.line, second.line
    );
    Some(Arc::new(Broken { reason: Arc::from(reason) }))
}

/// Every key that stands twice is said. In a resource it makes that resource an error; elsewhere what the
/// second one says is lost.
fn duplicates(document: &Document, ev: &mut Evaluator<'_>) {
    let resources = document.get(document.root, "Resources");
    let below = resources.map(|resources| document.duplicates_below(resources)).unwrap_or_default();
    let below: BTreeSet<NodeId> = below.iter().map(|twice| twice.map).collect();
    for twice in &document.duplicates {
        let (first, second) =
            (document.file.line_column(twice.first), document.file.line_column(twice.second));
        let what = format!("key `{}` stands twice: first in line {}", twice.key, first.line);
        let warning = Warning { place: second, what };
        // The second of two resources with one logical id may be of a type that somebody asks about.
        if below.contains(&twice.map) && Some(twice.map) != resources {
            ev.warnings.push(warning);
        } else {
            ev.lost.push(warning);
        }
    }
}
