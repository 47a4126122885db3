//! The reader of inventories.

use assize::snapshot::inventory::{self, Record};
use assize::snapshot::model::Resource;
use assize::value::Step;

use super::run::{reader_engine, said};
use super::{Pieces, byte_at, sizes};

/// What is read and what is said of it is the same whatever pieces the bytes come in; everything has a place in
/// the text; lines of whole resources are the same as the elements of an array.
pub fn inventory(data: &[u8]) {
    let whole = read(data, usize::MAX);
    for size in sizes(data) {
        assert_eq!(read(data, size), whole, "{size} bytes at a time");
    }
    let engine = reader_engine();
    let report = said(engine, |run| run.inventory("input", data));
    let pieces = Pieces { text: data, size: sizes(data)[2] };
    assert_eq!(said(engine, |run| run.inventory("input", pieces)), report);
    as_array(data, &whole);
}

/// The record without its place, a line each.
fn read(data: &[u8], size: usize) -> Vec<(String, String)> {
    let projection = &reader_engine().program.projection;
    let mut out = Vec::new();
    let stopped = inventory::read(projection, 0, Pieces { text: data, size }, |record| {
        let (place, what) = match &record {
            // Told once a block.
            Record::Foreign(..) => return,
            Record::Resource(resource) => {
                places(data, resource);
                (Some(resource.place), without_place(resource))
            }
            Record::Skipped(account, region) => (None, format!("skipped {account:?} {region:?}")),
            Record::Gap(gap) => (
                Some(gap.place),
                format!("gap {:?} {:?} {:?} {}", gap.kind, gap.account, gap.region, gap.reason),
            ),
            Record::Bad(place, what) => (Some(*place), format!("bad: {what}")),
        };
        if let Some(place) = place {
            assert!(byte_at(data, place).is_some(), "{what} at {place:?}");
        }
        out.push((format!("{place:?}"), what));
    });
    if let Err(stopped) = stopped {
        assert!(byte_at(data, stopped.place).is_some(), "{stopped:?}");
        out.push((format!("{:?}", stopped.place), format!("stopped: {}", stopped.what)));
    }
    out
}

fn without_place(resource: &Resource) -> String {
    // Why it is broken says where.
    let broken =
        resource.broken.as_ref().map(|why| why.reason.split(" (line").next().map(str::to_owned));
    format!(
        "{} {} {:?} {:?} {:?} {:?} {broken:?}",
        resource.kind,
        resource.id,
        resource.account,
        resource.region,
        resource.slots,
        resource.attributes
    )
}

/// Where the parts of a resource stand is in the text, too.
fn places(data: &[u8], resource: &Resource) {
    let key = |key: &str| Step::Key(key.into());
    for path in [
        vec![],
        vec![key("Count")],
        vec![key("Rules"), Step::Element(0), key("Port")],
        vec![Step::Attribute("tags".into()), key("team")],
    ] {
        let located = resource.source.locate(resource.text, &path);
        assert!(byte_at(data, located.place).is_some(), "{located:?}");
    }
}

/// Of lines of which each is a resource, the array of them gives the same.
fn as_array(data: &[u8], whole: &[(String, String)]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let lines: Vec<&str> =
        text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_object = |line: &&str| {
        line.starts_with('{') && serde_json::from_str::<serde_json::Value>(line).is_ok()
    };
    if lines.is_empty() || !lines.iter().all(is_object) {
        return;
    }
    let array = format!("[{}]", lines.join(",\n"));
    let told =
        |all: &[(String, String)]| all.iter().map(|(_, what)| what.clone()).collect::<Vec<_>>();
    assert_eq!(told(&read(array.as_bytes(), usize::MAX)), told(whole));
}
