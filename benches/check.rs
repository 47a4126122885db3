//! Trees to the typed tree: the library, and with its controls four times; and what finding the modules takes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a bench may panic"
)]

#[allow(dead_code, reason = "each bench uses a part of it")]
mod common;

use assize::check::check;
use assize::diagnostic::Diagnostics;
use criterion::{BenchmarkId, Criterion};

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("check");
    for times in [1, 4] {
        let roots = common::library_times(times);
        let (modules, sources) = common::loaded(&roots);
        // Imports followed, schemas and adapters found, all of it parsed.
        group.bench_function(BenchmarkId::new("load", times), |bencher| {
            bencher.iter(|| common::loaded(&roots));
        });
        group.bench_function(BenchmarkId::new("library", times), |bencher| {
            bencher.iter(|| {
                let mut sink = Diagnostics::new();
                let hir = check(&modules, &sources, &mut sink);
                assert!(!sink.has_errors());
                hir
            });
        });
    }
}

fn main() {
    common::main(benches);
}
