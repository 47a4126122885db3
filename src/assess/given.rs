//! The resources that a test gives: values of the language to rows.

use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::hir::{Given, Hir};
use crate::program::{ChunkIdx, Program};
use crate::snapshot::made::Nowhere;
use crate::snapshot::model::{Input, Resource, ResourceAttributes, Snapshot, SourceKind};
use crate::snapshot::row;
use crate::value::{Origin, Text, Value};
use crate::vm::{Machine, World};

use super::Settings;

/// The resources of a test case; `chunks` are its values, attributes first, in the order of the case.
pub fn snapshot(
    hir: &Hir,
    program: &Program,
    settings: &Settings,
    given: &[Given],
    chunks: &[ChunkIdx],
) -> Snapshot {
    let none = Snapshot::default();
    let world = World::new(program, &none);
    let params = crate::vm::evaluate_params(program, &world, settings.now);
    let params: Vec<Value> =
        params.into_iter().map(|value| value.unwrap_or(Value::Absent)).collect();
    let mut machine = Machine::new(program, &world, &params, settings.now, settings.limits);
    let mut values = chunks.iter().map(|chunk| machine.constant(*chunk));
    let resources: Vec<Resource> = given
        .iter()
        .map(|given| {
            let attributes: Vec<(Symbol, Value)> = given
                .attributes
                .iter()
                .map(|(name, _)| (name.clone(), values.next().unwrap_or(Value::Absent)))
                .collect();
            let properties: Vec<(Symbol, Value)> = given
                .properties
                .iter()
                .map(|(name, _)| (name.clone(), values.next().unwrap_or(Value::Absent)))
                .collect();
            resource(hir, program, given, &attributes, &properties)
        })
        .collect();
    let input = Input {
        name: Arc::from("test"),
        source: SourceKind::Test,
        resources: resources.len() as u64,
        bytes: 0,
        sha256: String::new(),
    };
    Snapshot { inputs: vec![input], resources, gaps: Vec::new() }
}

fn resource(
    hir: &Hir,
    program: &Program,
    given: &Given,
    attributes: &[(Symbol, Value)],
    properties: &[(Symbol, Value)],
) -> Resource {
    let kind = hir.types.records.at(given.resource).name.clone();
    let view = program.projection.resources.get(&kind);
    let layout = view.and_then(|view| program.projection.layout(view.layout));
    let slots = layout.map(|layout| {
        let slots = layout.slots.iter().map(|(name, slot)| {
            let written =
                properties.iter().find(|(written, _)| written == name).map(|(_, value)| value);
            match written {
                Some(value) if !matches!(value.plain(), Value::Absent) => value.clone(),
                _ => row::left_out(name, slot, None),
            }
        });
        slots.collect()
    });
    let get = |name: &str| {
        attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    };
    let open = |name: &str| Value::unknown(Origin::Computed, &format!("the test gives no {name}"));
    let all = Value::map(properties.iter().map(|(name, value)| (name.text(), value.clone())));
    let id: Text = given.id.text();
    Resource {
        kind,
        layout: view.map(|view| view.layout),
        slots: slots.unwrap_or_default(),
        id,
        account: get("account").unwrap_or_else(|| open("account")),
        region: get("region").unwrap_or_else(|| open("region")),
        attributes: ResourceAttributes {
            arn: get("arn").unwrap_or_else(|| open("ARN")),
            name: get("name").unwrap_or(Value::Absent),
            tags: get("tags").unwrap_or_else(|| Value::map([])),
            created: get("created").unwrap_or(Value::Absent),
            properties: all,
            metadata: get("metadata").unwrap_or_else(|| Value::map([])),
            attributes: get("attributes").unwrap_or_else(|| Value::map([])),
        },
        maybe: None,
        broken: None,
        adapter: None,
        input: 0,
        place: LineColumn { line: 1, column: 1 },
        source: Arc::new(Nowhere),
        text: 0,
    }
}
