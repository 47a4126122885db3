//! The reader of AWS Config.

use assize::snapshot::config::{self, Record};

use super::run::{reader_engine, said};
use super::{Pieces, byte_at, sizes};

/// What is read and what is said of it is the same whatever pieces the bytes come in, and everything has a place
/// in the text.
pub fn config(data: &[u8]) {
    let whole = read(data, usize::MAX);
    for size in sizes(data) {
        assert_eq!(read(data, size), whole, "{size} bytes at a time");
    }
    let engine = reader_engine();
    let report = said(engine, |run| run.config("input", data));
    let pieces = Pieces { text: data, size: sizes(data)[2] };
    assert_eq!(said(engine, |run| run.config("input", pieces)), report);
}

fn read(data: &[u8], size: usize) -> Vec<String> {
    let adapters = &reader_engine().program.adapters;
    let mut out = Vec::new();
    let stopped = config::read(0, Pieces { text: data, size }, |record| {
        let (place, what) = match &record {
            Record::Item(item) => {
                let parts: Vec<_> =
                    adapters.iter().map(|adapter| item.value(&adapter.parts)).collect();
                (
                    item.place,
                    format!(
                        "{} {} {:?} {:?} {:?} {parts:?}",
                        item.kind, item.id, item.state, item.captured, item.broken
                    ),
                )
            }
            Record::Gap(gap) => (gap.place, format!("{gap:?}")),
            Record::Bad(place, what) => (*place, format!("bad: {what}")),
        };
        assert!(byte_at(data, place).is_some(), "{what} at {place:?}");
        out.push(format!("{place:?} {what}"));
    });
    if let Err(stopped) = stopped {
        assert!(byte_at(data, stopped.place).is_some(), "{stopped:?}");
        out.push(format!("{:?} stopped: {}", stopped.place, stopped.what));
    }
    out
}
