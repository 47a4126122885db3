//! A program on a snapshot that has been read: the thirteen controls, and at 10,000 resources 325 of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench may panic"
)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod common;

use std::sync::LazyLock;

use assize::assess::{self, Settings, Which};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

fn run(
    group: &mut BenchmarkGroup<'_, WallTime>,
    times: usize,
    size: u64,
    text: &dyn Fn() -> String,
) {
    let program = common::engine(times).program;
    let snapshot = LazyLock::new(|| common::snapshot(&program, &text()));
    group.throughput(Throughput::Elements(size));
    let name = BenchmarkId::new(format!("{}-controls", times * 13), size);
    group.bench_function(name, |bencher| {
        let snapshot = &*snapshot;
        let settings = Settings::default();
        bencher.iter(|| assess::run(&program, snapshot, &settings, Which::All, &|| false));
    });
}

fn benches(criterion: &mut Criterion) {
    let mut group = common::slow(criterion, "run");
    for (size, text) in common::inventories() {
        run(&mut group, 1, size, &|| text.clone());
        if size == 10_000 {
            run(&mut group, common::TIMES, size, &|| text.clone());
        }
    }
}

fn main() {
    common::main(benches);
}
