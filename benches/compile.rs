//! The typed tree to a program, verified: the library, with its controls four times, and the thirteen controls.
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
use assize::compile::{Selection, compile};
use assize::diagnostic::Diagnostics;
use assize::hir::Hir;
use assize::resolve::Root;
use criterion::{BenchmarkId, Criterion};

fn checked(roots: &[Root]) -> (Hir, Selection) {
    let (modules, sources) = common::loaded(roots);
    let mut sink = Diagnostics::new();
    let hir = check(&modules, &sources, &mut sink);
    assert!(!sink.has_errors());
    let controls = hir.controls.iter_with_idx().map(|(id, _)| id).collect();
    (hir, Selection { controls, ..Selection::default() })
}

fn benches(criterion: &mut Criterion) {
    let thirteen = |times| {
        let text = common::policy::thirteen(times);
        vec![Root { module: "thirteen".to_owned(), name: "thirteen.assize".to_owned(), text }]
    };
    let all = [
        ("library", 1, common::library_times(1)),
        ("library", 4, common::library_times(4)),
        ("thirteen", 1, thirteen(1)),
        ("thirteen", common::TIMES, thirteen(common::TIMES)),
    ];
    let mut group = criterion.benchmark_group("compile");
    for (name, times, roots) in all {
        let (hir, selection) = checked(&roots);
        group.bench_function(BenchmarkId::new(name, times), |bencher| {
            bencher.iter(|| compile(&hir, &selection).unwrap());
        });
    }
}

fn main() {
    common::main(benches);
}
