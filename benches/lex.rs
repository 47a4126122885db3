//! Text to tokens: the library, once and ten times.
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

use assize::base::SourceId;
use assize::diagnostic::Diagnostics;
use assize::engine::library;
use assize::syntax::lexer::lex;
use criterion::{BenchmarkId, Criterion, Throughput};

fn benches(criterion: &mut Criterion) {
    let library: String = library().into_iter().map(|root| root.text).collect();
    let mut group = criterion.benchmark_group("lex");
    for times in [1, 10] {
        let text = library.repeat(times);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("library", times), |bencher| {
            bencher.iter(|| {
                let mut sink = Diagnostics::new();
                let tokens = lex(SourceId(0), black_box(&text), &mut sink);
                assert!(!sink.has_errors());
                tokens
            });
        });
    }
}

fn main() {
    common::main(benches);
}
