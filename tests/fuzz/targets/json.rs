//! The readers of JSON against each other and against serde_json; the splitter.

use assize::base::LineColumn;
use assize::base::source::SourceFile;
use assize::snapshot::document::{self, Document, Kind, NodeId, Problem, Resolved};
use assize::snapshot::scan::{Cursor, Fault, Places, place_in, read_json};
use assize::snapshot::split::Splitter;
use assize::value::Value;
use assize::value::json::parse;
use serde_json::Value as Json;

use super::{Pieces, byte_at, bytes_at, sizes};

/// The scanner, the reader of documents and `parse_json` say what serde_json says. What they do otherwise, and
/// mean to: a key that stands twice is refused, an integer outside 64 bits is broken data or too large, and
/// the limits of depth and of the range of numbers are their own.
pub fn scan(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let skipped = whole(text, Cursor::skip);
    let read = whole(text, read_json);
    let document = document::json::read(SourceFile::new("t.json", text));
    let theirs = serde_json::from_str::<Json>(text);
    for fault in [skipped.as_ref().err(), read.as_ref().err()].into_iter().flatten() {
        assert!(text.is_char_boundary(fault.at), "{fault:?}");
        let start = LineColumn { line: 1, column: 1 };
        let place = place_in(text, start, fault.at);
        // Here a mark of the byte order is a character like any other.
        assert!(
            data.starts_with(&[0xef, 0xbb, 0xbf]) || byte_at(data, place) == Some(fault.at),
            "{fault:?}"
        );
    }
    if let Err(error) = &document {
        assert!(text.is_char_boundary(error.at as usize), "{error:?}");
    }
    let own = |what: &str| what.contains("number out of range") || what.contains("recursion limit");
    match &theirs {
        Err(error) if own(&error.to_string()) => {}
        Err(error) => {
            assert!(skipped.is_err() && read.is_err() && document.is_err(), "serde_json: {error}");
            assert!(parse(text).is_none());
        }
        Ok(json) => {
            assert_eq!(skipped.as_ref().err(), None, "serde_json reads it");
            match &document {
                Ok(document) => {
                    same_document(document, document.root, json, document.duplicates.is_empty());
                }
                Err(error) => assert_eq!(error.kind, Problem::Limit, "{error:?}"),
            }
            match &read {
                Ok(value) => {
                    same(value, json);
                    members(text, value);
                    let again = parse(text).expect("both read it");
                    assert_eq!(format!("{again:?}"), format!("{value:?}"), "parse_json");
                }
                Err(fault) => {
                    assert!(fault.what.contains("stands twice"), "{fault:?}");
                    assert!(parse(text).is_none(), "a key stands twice");
                    assert!(document.is_ok_and(|document| !document.duplicates.is_empty()));
                }
            }
        }
    }
}

/// All of the text by one way of reading.
fn whole<'t, T>(
    text: &'t str,
    read: impl Fn(&mut Cursor<'t>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut cursor = Cursor::new(text);
    let value = read(&mut cursor)?;
    cursor.end()?;
    Ok(value)
}

/// serde_json rounds the last digit of some numbers wrongly, unless it is asked to take its time.
fn near(x: f64, theirs: Option<f64>) {
    let close = |y: f64| (x - y).abs() <= x.abs() * 1e-15 + f64::MIN_POSITIVE;
    assert!(theirs.is_some_and(close), "{x} and {theirs:?}");
}

fn same(value: &Value, json: &Json) {
    match (value, json) {
        (Value::Absent, Json::Null) => {}
        (Value::Bool(a), Json::Bool(b)) => assert_eq!(a, b),
        (Value::Int(n), Json::Number(number)) => match number.as_i64() {
            Some(theirs) => assert_eq!(*n, theirs),
            // Minus zero.
            None => assert_eq!((*n, number.as_f64()), (0, Some(0.0))),
        },
        (Value::Float(x), Json::Number(number)) => near(*x, number.as_f64()),
        (Value::Broken(_), Json::Number(number)) => assert_eq!(number.as_i64(), None),
        (Value::Text(a), Json::String(b)) => assert_eq!(**a, **b),
        (Value::List(list), Json::Array(items)) => {
            assert_eq!(list.items.len(), items.len());
            list.items.iter().zip(items).for_each(|(item, json)| same(&item.value, json));
        }
        (Value::Map(map), Json::Object(members)) => {
            assert_eq!(map.entries.len(), members.len());
            for ((key, value), (name, json)) in map.entries.iter().zip(members) {
                assert_eq!(**key, **name);
                same(value, json);
            }
        }
        _ => panic!("{value:?} is not {json}"),
    }
}

/// Of a key that stands twice, one keeps the first and the other the last: then values are not compared.
fn same_document(document: &Document, id: NodeId, json: &Json, compared: bool) {
    let node = document.node(id).expect("a node of the document");
    match (&node.kind, json) {
        _ if !compared => {}
        (Kind::List(items), Json::Array(elements)) => {
            assert_eq!(items.len(), elements.len());
            items
                .iter()
                .zip(elements)
                .for_each(|(item, json)| same_document(document, *item, json, true));
        }
        (Kind::Map(entries), Json::Object(members)) => {
            assert_eq!(entries.len(), members.len());
            for ((key, entry), (name, json)) in entries.iter().zip(members) {
                assert_eq!(**key, **name);
                same_document(document, entry.value, json, true);
            }
        }
        (Kind::Scalar(scalar), json) => match (scalar.resolved, json) {
            (Resolved::Null, Json::Null) => {}
            (Resolved::Bool(a), Json::Bool(b)) => assert_eq!(a, *b),
            (Resolved::Int(n), Json::Number(number)) => {
                assert!(number.as_i64() == Some(n) || (n == 0 && number.as_f64() == Some(0.0)));
            }
            (Resolved::Float(x), Json::Number(number)) => near(x, number.as_f64()),
            (Resolved::TooLarge, Json::Number(number)) => assert_eq!(number.as_i64(), None),
            (Resolved::Text, Json::String(text)) => assert_eq!(*scalar.text, **text),
            other => panic!("{other:?}"),
        },
        (kind, json) => panic!("{kind:?} is not {json}"),
    }
}

/// Each member and element is found again by its key, and is what was read.
fn members(text: &str, value: &Value) {
    let start = LineColumn { line: 1, column: 1 };
    let places = Places::new(text.into(), start);
    let one = |key: &str, wanted: &Value| {
        let at = places.descend(0, key).unwrap_or_else(|| panic!("{key} is not found"));
        assert_eq!(places.place(at), place_in(text, start, at), "{key}");
        let mut cursor = Cursor::new(text).moved(at);
        let found = read_json(&mut cursor).expect("it was read before");
        assert_eq!(format!("{found:?}"), format!("{wanted:?}"), "{key}");
        let mut skipped = Cursor::new(text).moved(at);
        skipped.skip().expect("it was read before");
        assert_eq!(skipped.at(), cursor.at(), "{key}");
    };
    // A fuzzer that looks at what is compared writes it.
    let other = "a key that few have";
    let has = matches!(value, Value::Map(map) if map.entries.contains_key(other));
    assert!(has || places.descend(0, other).is_none());
    match value {
        Value::Map(map) => map.entries.iter().take(8).for_each(|(key, value)| one(key, value)),
        Value::List(list) => {
            list.items
                .iter()
                .take(8)
                .enumerate()
                .for_each(|(n, item)| one(&n.to_string(), &item.value));
        }
        _ => {}
    }
}

/// What the splitter cuts off is the same whatever pieces the bytes come in; each text stands at its place, one
/// after the other; where it stops is a place of the text.
pub fn split(data: &[u8]) {
    for key in [None, Some("configurationItems"), Some("x")] {
        let splitter = || key.map_or_else(Splitter::lines, Splitter::values);
        let cut = |size: usize| {
            let mut out = Vec::new();
            let stopped = splitter().each(Pieces { text: data, size }, |text, cut| {
                out.push((text.to_vec(), cut.place, cut.pointer()));
            });
            (out, stopped.err().map(|stopped| (stopped.place, stopped.what)))
        };
        let (texts, stopped) = cut(usize::MAX);
        for size in sizes(data) {
            assert_eq!(
                cut(size),
                (texts.clone(), stopped.clone()),
                "{key:?}, {size} bytes at a time"
            );
        }
        let mut end = 0;
        for (text, place, pointer) in &texts {
            let mut places = bytes_at(data, *place).into_iter();
            let found = places.find(|at| *at >= end && data[*at..].starts_with(text));
            let at = found.unwrap_or_else(|| panic!("{pointer} is not at {place:?}"));
            end = at + text.len();
        }
        if let Some((place, what)) = stopped {
            assert!(byte_at(data, place).is_some(), "{what} at {place:?}");
        }
    }
}
