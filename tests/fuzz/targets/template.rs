//! The reader of templates, JSON and YAML.

use assize::base::source::SourceFile;
use assize::snapshot::cloudformation::{self, Options, Template};
use assize::snapshot::document::{self, Document, Kind, NodeId, Resolved};
use assize::value::Step;

use super::byte_at;
use super::run::{reader_engine, said};

/// A template in JSON, read as JSON and as YAML: the same resources where both read it.
pub fn json(data: &[u8]) {
    let Some(text) = decoded(data) else { return };
    let one = read("t.json", data);
    places(&text, &one);
    if document::json::read(SourceFile::new("t.json", &text)).is_err() {
        return;
    }
    let other = read("t.yaml", data);
    places(&text, &other);
    if let (Ok(one), Ok(other)) = (&one, &other) {
        assert_eq!(shown(one), shown(other), "read as JSON and as YAML");
    }
}

/// A template in YAML: the nodes stand in the text and in each other; a tree that JSON can hold gives the same
/// resources when it is written as JSON.
pub fn yaml(data: &[u8]) {
    let Some(text) = decoded(data) else { return };
    let template = read("t.yaml", data);
    places(&text, &template);
    let document = match document::yaml::read(SourceFile::new("t.yaml", &text)) {
        Ok(document) => document,
        Err(error) => {
            assert!(text.is_char_boundary(error.at as usize), "{error:?}");
            return;
        }
    };
    within(&text, &document);
    if let Ok(template) = template
        && document.duplicates.is_empty()
        && let Some(json) = as_json(&document, document.root, &mut 0)
    {
        let other = read("t.json", json.as_bytes()).unwrap_or_else(|why| panic!("{why:?}: {json}"));
        assert_eq!(shown(&template), shown(&other), "written as {json}");
    }
}

/// The text of the bytes, and that what is said of them is the same twice.
fn decoded(data: &[u8]) -> Option<String> {
    let engine = reader_engine();
    let report = said(engine, |run| run.template("t", data));
    assert_eq!(said(engine, |run| run.template("t", data)), report);
    match document::decode(data) {
        Ok(text) => Some(text),
        Err(bad) => {
            assert_eq!(bad.error.at as usize, bad.before.len());
            None
        }
    }
}

type Read = Result<Template, cloudformation::Refused>;

fn read(name: &str, data: &[u8]) -> Read {
    let parameters = [("Given".to_owned(), "yes".to_owned())];
    let options = Options { parameters: &parameters, input: 0 };
    cloudformation::read(&reader_engine().program.projection, &options, name, data)
}

/// All that is said of a template stands at a place in it.
fn places(text: &str, read: &Read) {
    let inside = |place| byte_at(text.as_bytes(), place).is_some() || text.starts_with('\u{feff}');
    match read {
        Err(refused) => assert!(inside(refused.place), "{refused:?}"),
        Ok(template) => {
            for warning in template.warnings.iter().chain(&template.lost) {
                assert!(inside(warning.place), "{warning:?}");
            }
            for gap in &template.gaps {
                assert!(inside(gap.place), "{gap:?}");
            }
            for resource in &template.resources {
                assert!(inside(resource.place), "{}", resource.id);
                let key = |key: &str| Step::Key(key.into());
                for path in
                    [vec![], vec![key("Count")], vec![key("Rules"), Step::Element(0), key("Port")]]
                {
                    let located = resource.source.locate(resource.text, &path);
                    assert!(inside(located.place), "{located:?}");
                }
            }
        }
    }
}

/// The template without places.
fn shown(template: &Template) -> String {
    let resources: Vec<String> = template
        .resources
        .iter()
        .map(|resource| {
            format!(
                "{} {} {:?} {:?} {:?} {:?}",
                resource.kind,
                resource.id,
                resource.slots,
                resource.attributes,
                resource.maybe,
                resource.broken
            )
        })
        .collect();
    let gaps: Vec<_> = template.gaps.iter().map(|gap| (&gap.kind, &gap.reason)).collect();
    let whats = |all: &[cloudformation::Warning]| {
        all.iter().map(|warning| warning.what.clone()).collect::<Vec<_>>()
    };
    format!(
        "{resources:#?}\n{gaps:?}\n{:?}\n{:?}\n{:?} {}",
        whats(&template.warnings),
        whats(&template.lost),
        template.parameters,
        template.count
    )
}

/// Every node is a stretch of the text.
fn within(text: &str, document: &Document) {
    let mut open = vec![document.root];
    let mut seen = vec![false; document.len()];
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        let node = document.node(id).expect("a node of the document");
        let (start, end) = (node.start as usize, node.end as usize);
        assert!(start <= end && text.get(start..end).is_some(), "{node:?}");
        match &node.kind {
            Kind::List(items) => open.extend(items),
            Kind::Map(entries) => {
                for entry in entries.values() {
                    let (start, end) = (entry.key_start as usize, entry.key_end as usize);
                    assert!(start <= end && text.get(start..end).is_some(), "{entry:?}");
                    open.push(entry.value);
                }
            }
            Kind::Scalar(_) => {}
        }
    }
}

/// The tree as JSON; `None` for one with tags, with scalars that are written as JSON has none, or of which aliases
/// make something large.
fn as_json(document: &Document, id: NodeId, written: &mut u32) -> Option<String> {
    *written += 1;
    let node = document.node(id)?;
    if node.tag.is_some() || *written > 5_000 {
        return None;
    }
    let text = |text: &str| serde_json::to_string(text).ok();
    match &node.kind {
        Kind::List(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| as_json(document, *item, written)).collect();
            Some(format!("[{}]", items?.join(",")))
        }
        Kind::Map(entries) => {
            let entries: Option<Vec<String>> = entries
                .iter()
                .map(|(key, entry)| {
                    Some(format!("{}:{}", text(key)?, as_json(document, entry.value, written)?))
                })
                .collect();
            Some(format!("{{{}}}", entries?.join(",")))
        }
        Kind::Scalar(scalar) => match scalar.resolved {
            Resolved::Text => text(&scalar.text),
            Resolved::Null => Some("null".to_owned()),
            // As it is written, which is what a schema that wants text reads.
            _ => serde_json::from_str::<serde_json::Value>(&scalar.text)
                .is_ok()
                .then(|| scalar.text.to_string()),
        },
    }
}
