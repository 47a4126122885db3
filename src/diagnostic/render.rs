//! Diagnostics as text, through codespan-reporting.

use codespan_reporting::diagnostic::{self as codespan, LabelStyle};
use codespan_reporting::files::{self, Files};
use codespan_reporting::term;

use crate::base::{SourceId, Sources, Span};

use super::{Diagnostic, Severity};

/// The sources, as codespan wants to see them.
struct View<'a>(&'a Sources);

impl<'a> Files<'a> for View<'a> {
    type FileId = SourceId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: SourceId) -> Result<&'a str, files::Error> {
        Ok(&self.0.get(id).ok_or(files::Error::FileMissing)?.name)
    }

    fn source(&'a self, id: SourceId) -> Result<&'a str, files::Error> {
        Ok(&self.0.get(id).ok_or(files::Error::FileMissing)?.text)
    }

    fn line_index(&'a self, id: SourceId, byte: usize) -> Result<usize, files::Error> {
        let file = self.0.get(id).ok_or(files::Error::FileMissing)?;
        let byte = u32::try_from(byte).unwrap_or(u32::MAX);
        Ok(file.line_column(byte).line.saturating_sub(1) as usize)
    }

    fn line_range(
        &'a self,
        id: SourceId,
        line: usize,
    ) -> Result<std::ops::Range<usize>, files::Error> {
        let file = self.0.get(id).ok_or(files::Error::FileMissing)?;
        let number = u32::try_from(line + 1).unwrap_or(u32::MAX);
        let max = file.lines() as usize;
        let start =
            file.line_start(number).ok_or(files::Error::LineTooLarge { given: line, max })?;
        let end = file.line_start(number + 1).map_or(file.text.len(), |next| next as usize);
        Ok(start as usize..end)
    }
}

/// The longest line that is shown, in bytes: a text may be one line of megabytes.
const LONG: usize = 2_000;

/// Whether a line that the span touches is too long to be shown.
fn is_long(sources: &Sources, span: Span) -> bool {
    let Some(file) = sources.get(span.source) else { return false };
    let lines = [span.start, span.end].map(|byte| file.line_column(byte).line);
    lines.iter().any(|line| file.line(*line).is_some_and(|text| text.len() > LONG))
}

/// The diagnostics as text, in the order given, without colour or with ANSI colour.
pub fn to_text(diagnostics: &[&Diagnostic], sources: &Sources, colour: bool) -> String {
    let config = term::Config { chars: term::Chars::ascii(), ..term::Config::default() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let shown = to_codespan(diagnostic, sources);
        let done = if colour {
            let mut ansi = term::termcolor::Ansi::new(Vec::new());
            let done = term::emit_to_write_style(&mut ansi, &config, &View(sources), &shown);
            out.push_str(&String::from_utf8_lossy(&ansi.into_inner()));
            done
        } else {
            term::emit_to_string(&mut out, &config, &View(sources), &shown)
        };
        if done.is_err() {
            // The place is outside the text, which only a bug makes: the message still counts.
            out.extend([diagnostic.code.code, ": ", &diagnostic.message, "\n"]);
        }
    }
    out
}

fn to_codespan(diagnostic: &Diagnostic, sources: &Sources) -> codespan::Diagnostic<SourceId> {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
    };
    let label = |style, span: Span, text: &str| {
        codespan::Label::new(style, span.source, span.start as usize..span.end as usize)
            .with_message(text)
    };
    let primary = diagnostic.primary.span;
    let mut labels = vec![label(LabelStyle::Primary, primary, &diagnostic.primary.text)];
    for second in &diagnostic.secondary {
        labels.push(label(LabelStyle::Secondary, second.span, &second.text));
    }
    let mut notes = diagnostic.notes.clone();
    let mut spans = diagnostic.secondary.iter().map(|label| label.span).chain([primary]);
    if spans.any(|span| is_long(sources, span)) {
        labels.clear();
        let (name, place) = (sources.name(primary.source), sources.line_column(primary));
        notes.insert(0, format!("at {name}:{}:{}, in a long line", place.line, place.column));
    }
    if let Some(mend) = &diagnostic.suggestion {
        let old = sources.text(mend.span);
        notes.push(match (old.is_empty(), mend.replacement.is_empty()) {
            (true, _) => format!("help: write `{}` here", mend.replacement),
            (false, true) => format!("help: leave out `{old}`"),
            (false, false) => format!("help: replace `{old}` with `{}`", mend.replacement),
        });
    }
    codespan::Diagnostic::new(severity)
        .with_code(diagnostic.code.code)
        .with_message(&diagnostic.message)
        .with_labels(labels)
        .with_notes(notes)
}
