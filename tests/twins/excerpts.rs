//! Of the text of a resource that is kept to the end of the input, no more is kept than is read: the places of
//! what is read are those of the whole text.

use assize::program::Projection;
use assize::snapshot::config::{self, ConfigItem, Record as ConfigRecord};
use assize::snapshot::inventory::{self, Record};
use assize::snapshot::model::Resource;
use assize::value::{Step, Value};

use super::service::{Source, engine, services};

/// A text with what makes places hard: many lines, characters of several bytes, members that nobody reads.
fn spread(document: &serde_json::Value) -> String {
    let mut document = document.clone();
    let mut open = vec![&mut document];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(members) => {
                if members.contains_key("properties") || members.contains_key("configuration") {
                    for key in ["properties", "configuration"] {
                        if let Some(serde_json::Value::Object(inner)) = members.get_mut(key) {
                            inner.insert("ÄNobodyReads".to_owned(), "é\n\"ü".into());
                            inner.sort_keys();
                        }
                    }
                }
                open.extend(members.values_mut());
            }
            _ => {}
        }
    }
    serde_json::to_string_pretty(&document).unwrap()
}

/// The paths of all values in the value, and of something that is not there.
fn paths(value: &Value, before: &[Step], out: &mut Vec<Vec<Step>>) {
    out.push(before.to_vec());
    let inner = |step: Step| [before, &[step]].concat();
    match value.plain() {
        Value::Map(map) => {
            out.push(inner(Step::Key("NotThere".into())));
            let entries = map.entries.iter();
            entries.for_each(|(key, value)| paths(value, &inner(Step::Key(key.clone())), out));
        }
        Value::List(list) => (0u32..)
            .zip(&list.items)
            .for_each(|(n, item)| paths(&item.value, &inner(Step::Element(n)), out)),
        _ => {}
    }
}

fn inventory(text: &str, keep: bool) -> Vec<Resource> {
    let mut projection: Projection = engine().program.projection.clone();
    for view in projection.resources.values_mut() {
        view.keep = keep;
        view.attributes.properties = false;
    }
    projection.any = None;
    projection.keep_all = false;
    let mut out = Vec::new();
    let read = inventory::read(&projection, 0, text.as_bytes(), |record| {
        if let Record::Resource(resource) = record {
            out.push(resource);
        }
    });
    read.unwrap();
    out
}

#[test]
fn places_in_an_excerpt_of_a_line_are_those_of_the_line() {
    let mut compared = 0;
    for service in services() {
        let document = service.document(Source::Inventory);
        let text = spread(&document);
        let (whole, kept) = (inventory(&text, false), inventory(&text, true));
        assert_eq!(whole.len(), kept.len());
        let lines: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
        for (whole, kept) in whole.iter().zip(&kept) {
            let line = lines.iter().find(|line| line["id"] == *whole.id).unwrap();
            let layout = whole.layout.unwrap();
            let slots = &engine().program.projection.layout(layout).unwrap().slots;
            let mut all = vec![vec![]];
            for (key, value) in line["properties"].as_object().unwrap() {
                if slots.contains_key(key.as_str()) {
                    let value = assize::value::json::parse(&value.to_string()).unwrap();
                    paths(&value, &[Step::Key(key.as_str().into())], &mut all);
                }
            }
            let attributes = ["account", "region", "arn", "name", "tags", "created"];
            all.extend(attributes.map(|name| vec![Step::Attribute(name.into())]));
            for path in all {
                let (a, b) =
                    (whole.source.locate(whole.text, &path), kept.source.locate(kept.text, &path));
                assert_eq!(a, b, "{} {path:?}", whole.id);
                compared += 1;
            }
        }
    }
    assert!(compared > 2000, "{compared}");
}

#[test]
fn places_in_an_excerpt_of_an_item_are_those_of_the_item() {
    let program = &engine().program;
    let mut compared = 0;
    let mut compare = |item: &ConfigItem| {
        let adapters = program.adapters.iter().filter(|adapter| adapter.of == item.kind);
        for adapter in adapters.filter(|adapter| *adapter.source == *"config") {
            let view = program.projection.resources.get(&adapter.target).unwrap();
            let whole = item.resource(adapter.target.clone(), view.attributes).source;
            let Some(excerpt) = item.excerpt(&adapter.parts) else {
                assert!(item.broken.is_some(), "{}", item.id);
                continue;
            };
            let (of_whole, of_excerpt) = (whole.item(&adapter.parts), excerpt.item(&adapter.parts));
            assert_eq!(format!("{of_whole:?}"), format!("{of_excerpt:?}"), "{}", item.id);
            let mut all = Vec::new();
            for name in ["item", "account", "region", "arn", "name", "tags", "created"] {
                all.push(vec![Step::Attribute(name.into())]);
            }
            let value = item.value(&adapter.parts).unwrap();
            let Value::Map(members) = value.plain() else { panic!("{value:?}") };
            for (key, value) in &members.entries {
                paths(value, &[Step::Key(key.clone())], &mut all);
            }
            for path in all {
                assert_eq!(whole.locate(0, &path), excerpt.locate(0, &path), "{path:?}");
                compared += 1;
            }
        }
    };
    for service in services() {
        let text = spread(&service.document(Source::Config));
        let read = config::read(0, text.as_bytes(), |record| match record {
            ConfigRecord::Item(item) => compare(&item),
            other => panic!("{other:?}"),
        });
        read.unwrap();
    }
    assert!(compared > 2000, "{compared}");
}
