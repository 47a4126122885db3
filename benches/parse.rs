//! Text to tree, tokens included: the library, each module with its declarations once and ten times.
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
use assize::syntax::parse_module;
use criterion::{BenchmarkId, Criterion, Throughput};

/// A module with what stands after its imports so many times: a parser does not mind names that are given twice.
fn repeated(text: &str, times: usize) -> String {
    let leads = |line: &&str| line.starts_with("use ") || line.starts_with("//!");
    let last = text.lines().collect::<Vec<_>>().iter().rposition(leads);
    let imports = last.map_or(0, |at| at + 1);
    let length = text.split_inclusive('\n').take(imports).map(str::len).sum();
    let (head, declarations) = text.split_at(length);
    format!("{head}{}", declarations.repeat(times))
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for times in [1, 10] {
        let texts: Vec<String> = library().iter().map(|root| repeated(&root.text, times)).collect();
        let bytes: usize = texts.iter().map(String::len).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(BenchmarkId::new("library", times), |bencher| {
            bencher.iter(|| {
                for text in &texts {
                    let mut sink = Diagnostics::new();
                    black_box(parse_module(SourceId(0), text, &mut sink));
                    assert!(!sink.has_errors());
                }
            });
        });
    }
}

fn main() {
    common::main(benches);
}
