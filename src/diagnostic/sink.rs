//! Where phases put their diagnostics, so that one run reports many.

use super::{Diagnostic, Severity};

/// How many errors are kept, and how many warnings: nobody reads more, and a text of nothing but mistakes has
/// one for every letter.
pub const MAX_KEPT: usize = 200;

/// The diagnostics of a run, in the order in which they were found until [`Diagnostics::sorted`].
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    errors: usize,
    left_out: usize,
}

impl Diagnostics {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one in. The same message at the same place is kept once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.all.contains(&diagnostic) {
            return;
        }
        let is_error = diagnostic.severity == Severity::Error;
        let kept = if is_error { self.errors } else { self.all.len() - self.errors };
        if kept >= MAX_KEPT {
            self.left_out += 1;
            return;
        }
        self.errors += usize::from(is_error);
        self.all.push(diagnostic);
    }

    /// Whether there is an error among them.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many were not kept.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All, by source, then place, then code.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.all.iter().collect();
        all.sort_by_key(|d| (d.primary.span, d.code));
        all
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}
