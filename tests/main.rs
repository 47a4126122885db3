//! All tests that are not inside the file that they test, in one binary.

/// The repository's own rules: layers, budgets.
mod tidy;
