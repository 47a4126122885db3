//! What is wrong with a text, as data: a code, one primary label, more labels, notes, a mend.

pub mod code;
pub mod render;
pub mod sink;

pub use code::Code;
pub use sink::Diagnostics;

use crate::base::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The program is fine; a reader may still want to know.
    Warning,
    /// The program is not run.
    Error,
}

/// A place with a word on what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What this place is: lowercase, one clause, no final period; may be empty.
    pub text: String,
}

/// A change of the text that would mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to replace; empty to insert before `span.start`.
    pub span: Span,
    /// What to write there.
    pub replacement: String,
}

/// One message about a source text. House style: the message is lowercase, one clause, no final
/// period; user text in backticks; a note says what to do; never a Rust type name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code, with a page in `docs/errors`.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One clause.
    pub message: String,
    /// The place that it is about.
    pub primary: Label,
    /// Other places that explain it.
    pub secondary: Vec<Label>,
    /// What to do, why it matters.
    pub notes: Vec<String>,
    /// The mend, where one is known.
    pub suggestion: Option<Suggestion>,
}

impl Diagnostic {
    /// An error at the place.
    pub fn error(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: Label { span, text: String::new() },
            secondary: Vec::new(),
            notes: Vec::new(),
            suggestion: None,
        }
    }

    /// A warning at the place.
    pub fn warning(code: Code, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// Says what the primary place is.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { span, text: text.into() });
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Offers a mend.
    #[must_use]
    pub fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion { span, replacement: replacement.into() });
        self
    }

    /// Offers the closest names to a misspelt one: a note for all of them (at most three), and the
    /// first as the mend.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        name: &str,
        span: Span,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let near = crate::base::distance::closest(name, candidates);
        let Some(first) = near.first() else { return self };
        let list: Vec<String> = near.iter().map(|near| format!("`{near}`")).collect();
        let first = (*first).to_owned();
        self.note(format!("did you mean {}?", list.join(" or "))).suggest(span, first)
    }
}
