//! What each control reads: properties of resources as the schema has them, and parts of AWS Config's items.

use std::collections::{BTreeMap, BTreeSet};

use assize::compile::{Selection, compile};
use assize::program::projection::Shape;
use assize::program::{Part, Program};
use serde_json::{Value, json};

use super::super::service::engine;

/// A step into a document; [`Step::Each`] stands for every element of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Key(String),
    Each,
}

/// `BucketEncryption.ServerSideEncryptionConfiguration[].BucketKeyEnabled`.
pub fn path_text(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Key(key) if out.is_empty() => out.push_str(key),
            Step::Key(key) => out.push_str(&format!(".{key}")),
            Step::Each => out.push_str("[]"),
        }
    }
    out
}

/// What is read of a document at a path.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Values that may stand there by the schema.
    pub values: Vec<Value>,
    /// A value that may not stand there by the schema.
    pub wrong: Option<Value>,
    /// The provider makes it: in a template it cannot stand.
    pub made: bool,
    /// All that stands in it is read, too.
    pub whole: bool,
    /// The controls that read it.
    pub controls: BTreeSet<String>,
}

/// What is read of the documents of one kind, by path.
pub type Reads = BTreeMap<Vec<Step>, Read>;

/// What controls read: of resources by type, of items by type, and which types each looks at.
#[derive(Default)]
pub struct AllReads {
    pub properties: BTreeMap<String, Reads>,
    pub items: BTreeMap<String, Reads>,
    pub kinds: BTreeMap<String, BTreeSet<String>>,
}

/// What every control of the library reads.
pub fn all() -> AllReads {
    let hir = &engine().policies.hir;
    let mut out = AllReads::default();
    for (id, control) in hir.controls.iter_with_idx() {
        let selection = Selection { controls: vec![id], sets: Vec::new() };
        let program = compile(hir, &selection).unwrap();
        let name = control.name.to_string();
        for (kind, view) in &program.projection.resources {
            out.kinds.entry(name.clone()).or_default().insert(kind.to_string());
            let shape = Shape::Record(view.layout);
            let reads = out.properties.entry(kind.to_string()).or_default();
            shaped(&program, &shape, &mut Vec::new(), &name, reads, 0);
        }
        let projection = &program.projection.resources;
        for adapter in program.adapters.iter().filter(|a| projection.contains_key(&a.target)) {
            let reads = out.items.entry(adapter.of.to_string()).or_default();
            part(&adapter.parts, &mut Vec::new(), &name, reads);
        }
    }
    out
}

fn note<'r>(reads: &'r mut Reads, path: &[Step], control: &str) -> &'r mut Read {
    let read = reads.entry(path.to_vec()).or_default();
    read.controls.insert(control.to_owned());
    read
}

/// The properties within a shape; records that hold themselves are followed a few levels.
fn shaped(
    program: &Program,
    shape: &Shape,
    path: &mut Vec<Step>,
    control: &str,
    reads: &mut Reads,
    depth: usize,
) {
    if !path.is_empty() {
        let read = note(reads, path, control);
        read.whole |= matches!(shape, Shape::Json | Shape::Map(_));
        if read.wrong.is_none() {
            read.values = values(shape);
            read.wrong = Some(wrong(shape));
        }
    }
    match shape {
        Shape::List(inner) => {
            path.push(Step::Each);
            shaped(program, inner, path, control, reads, depth);
            path.pop();
        }
        Shape::Record(layout) if depth < 6 => {
            for (name, slot) in &program.projection.layout(*layout).unwrap().slots {
                path.push(Step::Key(name.to_string()));
                shaped(program, &slot.shape, path, control, reads, depth + 1);
                note(reads, path, control).made |= slot.read_only;
                path.pop();
            }
        }
        _ => {}
    }
}

/// Values of a shape that controls may tell apart.
fn values(shape: &Shape) -> Vec<Value> {
    match shape {
        Shape::Bool => vec![json!(true), json!(false)],
        Shape::Int | Shape::Float => [0, 1, 22, 443, 65_535].map(|n| json!(n)).to_vec(),
        Shape::Enum(words) => words.iter().map(|word| json!(&**word)).collect(),
        Shape::Text => vec![json!("another"), json!("")],
        Shape::List(_) => vec![json!([])],
        _ => Vec::new(),
    }
}

/// A value that no coercion makes one of the shape.
fn wrong(shape: &Shape) -> Value {
    match shape {
        Shape::List(_) | Shape::Map(_) | Shape::Record(_) | Shape::Json => json!(7.5),
        _ => json!({ "wrong": [] }),
    }
}

fn part(of: &Part, path: &mut Vec<Step>, control: &str, reads: &mut Reads) {
    if !path.is_empty() {
        note(reads, path, control).whole |= of.whole;
    }
    for (name, inner) in &of.fields {
        path.push(Step::Key(name.to_string()));
        part(inner, path, control, reads);
        path.pop();
    }
    if let Some(inner) = &of.elements {
        path.push(Step::Each);
        part(inner, path, control, reads);
        path.pop();
    }
}
