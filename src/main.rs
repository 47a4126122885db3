//! The `assize` program: arguments to exit code.

fn main() {}
