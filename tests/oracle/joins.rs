//! Joins by looking at every resource.

use std::sync::Arc;

use assize::base::Symbol;
use assize::snapshot::model::{Resource, SourceKind};
use assize::value::{
    Item, List, Origin, ResourceId, Segment, Shape, SymbolRef, Text, Trap, Value, segments,
};

use super::evaluator::Oracle;
use super::values::{self, Truth};

/// The resources of a type.
pub fn all(oracle: &Oracle<'_>, kind: &str, everywhere: bool) -> Value {
    let subject = (!everywhere).then(|| oracle.resource(oracle.subject));
    let ids =
        of_type(oracle, kind).filter(|id| subject.is_none_or(|s| near(oracle, s, *id, false)));
    let items = ids.map(|id| item(oracle, id, true)).collect();
    Value::List(Arc::new(List { items, open: gap(oracle, kind, subject) }))
}

fn of_type<'o>(oracle: &'o Oracle<'_>, kind: &'o str) -> impl Iterator<Item = ResourceId> + 'o {
    let all = (0u32..).zip(&oracle.snapshot.resources);
    all.filter(move |(_, resource)| *resource.kind == *kind).map(|(id, _)| ResourceId(id))
}

fn item(oracle: &Oracle<'_>, id: ResourceId, sure: bool) -> Item {
    Item { value: Value::Resource(id), maybe: !sure || oracle.resource(id).maybe.is_some() }
}

fn is_template(oracle: &Oracle<'_>, input: u32) -> bool {
    oracle.snapshot.inputs[input as usize].source == SourceKind::CloudFormation
}

fn same_if_known(a: &Value, b: &Value) -> bool {
    match (a.plain(), b.plain()) {
        (Value::Text(a), Value::Text(b)) => a == b,
        _ => true,
    }
}

/// In the subject's account, and for names that are no ARNs in its region; a template by itself.
fn near(oracle: &Oracle<'_>, subject: &Resource, id: ResourceId, region: bool) -> bool {
    let other = oracle.resource(id);
    let both = is_template(oracle, subject.input) && is_template(oracle, other.input);
    same_if_known(&subject.account, &other.account)
        && (!region || same_if_known(&subject.region, &other.region))
        && (!both || subject.input == other.input)
}

/// Why resources of the type may be missing.
fn gap(oracle: &Oracle<'_>, kind: &str, subject: Option<&Resource>) -> Option<Text> {
    let meant = |gap: &&assize::snapshot::model::Gap| {
        let of_kind = gap.kind.as_ref().is_none_or(|of| **of == *kind);
        let of_account = match (&gap.account, subject.map(|subject| subject.account.plain())) {
            (Some(account), Some(Value::Text(own))) => account == own,
            _ => true,
        };
        let of_input = subject.is_none_or(|subject| {
            let apart = is_template(oracle, gap.input) || is_template(oracle, subject.input);
            !apart || gap.input == subject.input
        });
        of_kind && of_account && of_input
    };
    oracle.snapshot.gaps.iter().find(meant).map(|gap| gap.reason.clone())
}

/// What names a resource.
enum Name {
    Text(Text),
    /// Within its template: its logical id.
    Symbol(Text),
    Open(Value),
}

/// The properties that the join asks for (else those that identify), the ARN, the id outside templates,
/// the symbol within its own.
fn names(oracle: &Oracle<'_>, id: ResourceId, by: &[Symbol]) -> Result<Vec<Name>, Trap> {
    let resource = oracle.resource(id);
    let template = is_template(oracle, resource.input);
    let mut out = vec![Name::Symbol(resource.id.clone())];
    if !template {
        out.push(Name::Text(resource.id.clone()));
    }
    let record = oracle.hir.types.find(&resource.kind).unwrap();
    let own = &oracle.hir.types.records.at(record).resource.as_ref().unwrap().identified_by;
    for property in if by.is_empty() { own } else { by } {
        let value = oracle.part(&Value::Resource(id), property);
        match values::read(&value)? {
            Value::Text(text) => out.push(Name::Text(text.clone())),
            Value::Open(open) => match &open.shape {
                // A name that is made up at creation equals no literal text, where the id stands for it.
                Shape::Any | Shape::Symbol(_) | Shape::Between(..)
                    if open.origin == Origin::Computed && (template || own.contains(property)) => {}
                Shape::Symbol(SymbolRef::Attribute { resource, .. }) => {
                    out.push(Name::Symbol(resource.clone()));
                }
                _ => out.push(Name::Open(value)),
            },
            _ => {}
        }
    }
    if let Value::Text(arn) = resource.attributes.arn.plain() {
        out.push(Name::Text(arn.clone()));
    }
    Ok(out)
}

/// Whether an open value may be the text.
fn may_be(value: &Value, text: &str) -> bool {
    match super::evaluator::is_open(value).map(|open| &open.shape) {
        Some(Shape::Text(parts)) => segments::may_be(parts, text),
        Some(Shape::Any | Shape::Symbol(_)) => true,
        _ => false,
    }
}

/// `x -> Type`.
pub fn follow(
    oracle: &Oracle<'_>,
    from: &Value,
    kind: &Symbol,
    by: &[Symbol],
) -> Result<Value, Trap> {
    let subject = oracle.resource(oracle.subject);
    let mut found = Found::new(oracle, kind);
    let mut open = None;
    let mut references = Vec::new();
    flatten(from, true, &mut references, &mut open)?;
    for id in of_type(oracle, kind) {
        if let Err(trap) = names(oracle, id, by)
            && near(oracle, subject, id, false)
        {
            return Err(trap);
        }
    }
    for (reference, sure) in references {
        let hit =
            |found: &mut Found<'_, '_>, named: &dyn Fn(&Name, ResourceId) -> bool, region, sure| {
                let mut any = false;
                for id in of_type(oracle, kind) {
                    let names = names(oracle, id, by).unwrap_or_default();
                    if near(oracle, subject, id, region) && names.iter().any(|name| named(name, id))
                    {
                        found.put(id, sure);
                        any = true;
                    }
                }
                any
            };
        match &reference {
            Value::Text(text) => {
                let region = !text.starts_with("arn:");
                let exact = |name: &Name, _| matches!(name, Name::Text(own) if own == text);
                if !hit(&mut found, &exact, region, sure) {
                    let perhaps =
                        |name: &Name, _| matches!(name, Name::Open(own) if may_be(own, text));
                    hit(&mut found, &perhaps, region, false);
                    open = true.into();
                }
            }
            Value::Open(value) => {
                let symbol = match &value.shape {
                    Shape::Symbol(SymbolRef::Attribute { resource, .. }) => Some(resource),
                    _ => None,
                };
                let exact = |name: &Name, id: ResourceId| {
                    matches!((name, symbol), (Name::Symbol(own), Some(wanted)) if own == wanted)
                        && oracle.resource(id).input == subject.input
                };
                if symbol.is_none() || !hit(&mut found, &exact, false, sure && value.present) {
                    open = true.into();
                }
            }
            _ => {}
        }
    }
    Ok(found.list(open.is_some()))
}

/// The references in a value, through lists, and whether they are certainly there.
fn flatten(
    value: &Value,
    sure: bool,
    out: &mut Vec<(Value, bool)>,
    open: &mut Option<bool>,
) -> Result<(), Trap> {
    match values::read(value)? {
        Value::List(list) => {
            if list.open.is_some() {
                *open = Some(true);
            }
            // Left to right would do as well, but a fault in the last one is said first.
            for item in list.items.iter().rev() {
                flatten(&item.value, sure && !item.maybe, out, open)?;
            }
        }
        other => out.push((other.clone(), sure)),
    }
    Ok(())
}

/// `r <- Type.Path`.
pub fn reverse(
    oracle: &Oracle<'_>,
    to: &Value,
    kind: &Symbol,
    path: &[Symbol],
    by: &[Symbol],
) -> Result<Value, Trap> {
    let mut subject = oracle.resource(oracle.subject);
    let mut found = Found::new(oracle, kind);
    let mut open = gap(oracle, kind, Some(subject)).is_some();
    let to = match values::read(to)? {
        Value::Resource(id) => Some(*id),
        Value::Open(_) => {
            open = true;
            None
        }
        _ => None,
    };
    if let Some(to) = to {
        subject = oracle.resource(to);
        names(oracle, to, by)?;
    }
    for id in of_type(oracle, kind) {
        let mut references = Vec::new();
        let walked =
            walk(oracle, &oracle.part(&Value::Resource(id), &path[0]), &path[1..], &mut references);
        match walked {
            Err(trap) if near(oracle, subject, id, false) => return Err(trap),
            _ => {}
        }
        let Some(to) = to else { continue };
        let mut truth = Truth::No;
        for reference in &references {
            for name in names(oracle, to, by).unwrap_or_default() {
                let region = match (&name, reference) {
                    (Name::Text(text), Value::Text(_)) => !text.starts_with("arn:"),
                    _ => false,
                };
                if near(oracle, subject, id, region) {
                    truth = truth.or(refers(oracle, to, id, &name, reference));
                }
            }
        }
        if truth != Truth::No {
            found.put(id, truth == Truth::Yes);
        }
    }
    Ok(found.list(open))
}

/// Whether the reference of one resource is the name of the other.
fn refers(
    oracle: &Oracle<'_>,
    to: ResourceId,
    from: ResourceId,
    name: &Name,
    reference: &Value,
) -> Truth {
    let one_input = oracle.resource(to).input == oracle.resource(from).input;
    let symbol_of = |shape: &Shape| match shape {
        Shape::Symbol(SymbolRef::Attribute { resource, .. }) => Some(resource.clone()),
        _ => None,
    };
    match (name, reference) {
        (Name::Text(name), Value::Text(reference)) => (name == reference).into(),
        (Name::Symbol(name), Value::Open(open)) => match &open.shape {
            Shape::Symbol(_) => {
                Truth::from(one_input && symbol_of(&open.shape).as_ref() == Some(name))
            }
            Shape::Text(parts) => {
                let own = &oracle.resource(to).id;
                let has = parts.iter().any(|part| {
                    matches!(part, Segment::Open(Some(SymbolRef::Attribute { resource, .. })) if resource == own)
                });
                if has { Truth::Open } else { Truth::No }
            }
            Shape::Any => Truth::Open,
            Shape::Between(..) => Truth::No,
        },
        (Name::Text(name), Value::Open(open)) => match &open.shape {
            Shape::Symbol(SymbolRef::Attribute { .. }) => Truth::No,
            _ if may_be(reference, name) => Truth::Open,
            _ => Truth::No,
        },
        (Name::Open(name), Value::Text(reference)) if may_be(name, reference) => Truth::Open,
        (Name::Open(_), Value::Open(open)) if symbol_of(&open.shape).is_none() => Truth::Open,
        _ => Truth::No,
    }
}

/// The values at the end of a path, through lists and records.
fn walk(
    oracle: &Oracle<'_>,
    value: &Value,
    path: &[Symbol],
    out: &mut Vec<Value>,
) -> Result<(), Trap> {
    match (value.plain(), path.split_first()) {
        (Value::List(list), _) => {
            for item in &list.items {
                if item.maybe {
                    out.push(values::open(false, Origin::Computed));
                } else {
                    walk(oracle, &item.value, path, out)?;
                }
            }
            if list.open.is_some() {
                out.push(values::open(false, Origin::Computed));
            }
        }
        (Value::Absent, _) => {}
        (Value::Record(_) | Value::Map(_), Some((first, rest))) => {
            walk(oracle, &oracle.part(value, first), rest, out)?;
        }
        (plain, _) => out.push(values::read(plain)?.clone()),
    }
    Ok(())
}

/// What a join has found.
struct Found<'o, 'a> {
    oracle: &'o Oracle<'a>,
    kind: Symbol,
    sure: Vec<ResourceId>,
    perhaps: Vec<ResourceId>,
}

impl<'o, 'a> Found<'o, 'a> {
    fn new(oracle: &'o Oracle<'a>, kind: &Symbol) -> Self {
        Self { oracle, kind: kind.clone(), sure: Vec::new(), perhaps: Vec::new() }
    }

    fn put(&mut self, id: ResourceId, sure: bool) {
        if sure { self.sure.push(id) } else { self.perhaps.push(id) }
    }

    fn list(self, open: bool) -> Value {
        let ids = of_type(self.oracle, &self.kind)
            .filter(|id| self.sure.contains(id) || self.perhaps.contains(id));
        let items = ids.map(|id| item(self.oracle, id, self.sure.contains(&id))).collect();
        Value::List(Arc::new(List { items, open: open.then(|| Text::from("open")) }))
    }
}
