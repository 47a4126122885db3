//! Bytes to rows: an inventory in memory, read by the projection of the thirteen controls. Each row is dropped.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench may panic"
)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod common;

use std::hint::black_box;

use assize::snapshot::inventory::{self, Record};
use criterion::{BenchmarkId, Criterion, Throughput};

fn benches(criterion: &mut Criterion) {
    let engine = common::engine(1);
    let projection = &engine.program.projection;
    let mut group = common::slow(criterion, "read");
    for (size, text) in common::inventories() {
        group.throughput(Throughput::Elements(size));
        group.bench_function(BenchmarkId::new("inventory", size), |bencher| {
            let bytes = text.as_bytes();
            bencher.iter(|| {
                let mut wrong = 0;
                let read = inventory::read(projection, 0, bytes, |record| {
                    wrong += u32::from(matches!(record, Record::Bad(..)));
                    black_box(record);
                });
                assert!(read.is_ok() && wrong == 0);
            });
        });
    }
}

fn main() {
    common::main(benches);
}
