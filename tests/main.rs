//! All tests that are not inside the file that they test, in one binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    clippy::unreachable,
    clippy::float_cmp,
    clippy::cast_precision_loss,
    reason = "a test may panic, and reads its own files"
)]

/// The repository's own rules: layers, budgets.
mod tidy;
/// Text to tree: tokens, trees, recovery.
mod syntax;

/// Whether `../shared`, with the real inputs, is there. A clone without it leaves those tests out and
/// says so; CI asks for them.
fn shared_or_left_out(shared: &std::path::Path) -> bool {
    let there = shared.is_dir();
    assert!(
        there || std::env::var_os("ASSIZE_REQUIRE_SHARED").is_none(),
        "{} is missing",
        shared.display()
    );
    if !there {
        println!("left out: {} is not there", shared.display());
    }
    there
}

/// Schemas: import from the registry, overlays.
mod schema;
/// Name resolution and types on whole programs.
mod check;

/// Readers: text to located trees, trees to resources.
mod snapshot;
/// Cases with known verdicts.
mod cases;
/// The program from outside.
mod cli;
/// Real templates.
mod corpus;
/// The pages' examples.
mod docs;
/// The library's frameworks and profiles.
mod frameworks;
/// Bad programs with their rendered diagnostics.
mod ui;

/// The machine against a second evaluator that walks the typed tree.
mod oracle;

/// Misspelt names: what is offered.
mod names;

/// What expressions come to.
mod conformance;

/// The policy sets of two organisations, as their pages show them.
mod policies;

/// Compiled programs: listings, saved form, proof.
mod program;

/// The same resource in three sources.
mod twins;

/// What the fuzz targets look at, on seeds and on all that was found.
mod fuzz;

/// Planted defects: the list of them is sound.
mod defects;
