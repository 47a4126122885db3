//! An assessment to text: JSON, JSON lines, and the report for people, each with all findings.
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

use assize::base::LineColumn;
use assize::report::json::{self, Show};
use assize::report::text::{self, Hidden, Lines};
use criterion::{BenchmarkId, Criterion, Throughput};

/// No line can be had: what is measured is the report, not a disk.
struct NoLines;

impl Lines for NoLines {
    fn line(&self, _: &str, _: LineColumn, _: Hidden<'_>) -> Option<String> {
        None
    }
}

fn benches(criterion: &mut Criterion) {
    let engine = common::engine(1);
    let mut group = common::slow(criterion, "render");
    for (size, estate) in common::inventories() {
        let assessment = LazyLock::new(|| {
            let mut run = engine.run();
            run.inventory("estate", estate.as_bytes());
            run.finish()
        });
        group.throughput(Throughput::Elements(size));
        group.bench_function(BenchmarkId::new("json", size), |bencher| {
            let reported = engine.reported(&assessment);
            bencher.iter(|| json::object(&reported, Show::All));
        });
        group.bench_function(BenchmarkId::new("jsonl", size), |bencher| {
            let reported = engine.reported(&assessment);
            bencher.iter(|| json::lines(&reported, Show::All));
        });
        group.bench_function(BenchmarkId::new("text", size), |bencher| {
            let reported = engine.reported(&assessment);
            bencher.iter(|| text::render(&reported, &NoLines, Show::All, false));
        });
    }
}

fn main() {
    common::main(benches);
}
