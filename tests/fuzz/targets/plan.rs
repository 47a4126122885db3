//! The reader of Terraform's plans and states.

use std::sync::Arc;

use assize::base::Symbol;
use assize::program::projection::Attributes;
use assize::snapshot::document;
use assize::snapshot::model::Locate;
use assize::snapshot::terraform::{self, Plan, Refused};
use assize::value::{Step, Value};

use super::byte_at;
use super::run::{reader_engine, said};

/// What is read stands in the text, is the same in another encoding, and the engine says the same twice.
pub fn plan(data: &[u8]) {
    let engine = reader_engine();
    let report = said(engine, |run| run.terraform("p", data));
    assert_eq!(said(engine, |run| run.terraform("p", data)), report);
    let Ok(text) = document::decode(data) else { return };
    let read = read(text.as_bytes());
    places(&text, &read);
    let mark = [0xff, 0xfe].into_iter();
    let bytes: Vec<u8> = mark.chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    // A mark in the text itself would be the first of two.
    if !text.starts_with('\u{feff}') {
        assert_eq!(
            said(engine, |run| run.terraform("p", &bytes)),
            said(engine, |run| run.terraform("p", text.as_bytes()))
        );
    }
}

fn read(data: &[u8]) -> Result<Arc<Plan>, Refused> {
    let adapters = &reader_engine().program.adapters;
    terraform::read(adapters.iter().filter(|adapter| *adapter.source == *"terraform"), "p", data)
        .map(Arc::new)
}

fn places(text: &str, read: &Result<Arc<Plan>, Refused>) {
    let inside = |place| byte_at(text.as_bytes(), place).is_some() || text.starts_with('\u{feff}');
    let plan = match read {
        Ok(plan) => plan,
        Err(refused) => return assert!(inside(refused.place), "{refused:?}"),
    };
    for (place, what) in plan.lost.iter().chain(&plan.gaps) {
        assert!(inside(*place), "{what}");
    }
    for (at, item) in plan.items.iter().enumerate().take(20) {
        assert!(inside(plan.place(at)), "{item:?}");
        for adapter in &reader_engine().program.adapters {
            let value = plan.value(at, &adapter.parts);
            let resource =
                terraform::resource(plan, at, Symbol::from("T"), Attributes::default(), 0);
            let mut path = vec![Step::Attribute("item".into())];
            located(&*resource.source, &value, &mut path, &inside, &mut 200);
        }
    }
}

/// Every part of a value has a place.
fn located(
    source: &dyn Locate,
    value: &Value,
    path: &mut Vec<Step>,
    inside: &dyn Fn(assize::base::LineColumn) -> bool,
    left: &mut u32,
) {
    if *left == 0 || path.len() > 8 {
        return;
    }
    *left -= 1;
    let found = source.locate(0, path);
    assert!(inside(found.place), "{found:?}");
    let mut inner = |step: Step, value: &Value| {
        path.push(step);
        located(source, value, path, inside, left);
        path.pop();
    };
    match value.plain() {
        Value::Map(map) => {
            map.entries.iter().for_each(|(key, value)| inner(Step::Key(key.clone()), value));
        }
        Value::List(list) => {
            (0..).zip(&list.items).for_each(|(n, item)| inner(Step::Element(n), &item.value));
        }
        _ => {}
    }
}
