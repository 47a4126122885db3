//! Partly known text: what its literal parts decide.

use std::sync::Arc;

use super::answer::Answer;
use super::glob::{self, Wild};
use super::{Open, Origin, Segment, Shape, SymbolRef, Text, Value};

/// The segments as a pattern in which an open one is any text.
fn pattern(segments: &[Segment]) -> Vec<Wild> {
    let mut out = Vec::new();
    for segment in segments {
        match segment {
            Segment::Literal(text) => out.extend(text.chars().map(Wild::Char)),
            Segment::Open(_) => out.push(Wild::Any),
        }
    }
    out
}

/// Whether the whole may turn out to be this text.
pub fn may_be(segments: &[Segment], text: &str) -> bool {
    let literal: Vec<Wild> = text.chars().map(Wild::Char).collect();
    glob::overlap(&pattern(segments), &literal)
}

/// Whether two partly known texts are the same, where that is known.
pub fn same(a: &[Segment], b: &[Segment]) -> Option<bool> {
    let named = |segment: &Segment| !matches!(segment, Segment::Open(None));
    if a == b && a.iter().all(named) {
        return Some(true);
    }
    (!glob::overlap(&pattern(a), &pattern(b))).then_some(false)
}

/// Whether the glob takes the whole.
pub fn glob(segments: &[Segment], glob: &str, open: &Open) -> Answer {
    if glob.contains('[') {
        return Answer::Open(open.cause.clone());
    }
    let (wanted, pattern) = (glob::wild(glob), pattern(segments));
    if glob::covers(&wanted, &pattern) == Some(true) {
        Answer::Yes
    } else if glob::overlap(&wanted, &pattern) {
        Answer::Open(open.cause.clone())
    } else {
        Answer::No
    }
}

/// Whether it starts with, ends with or contains the text, by the glob that says so.
pub fn holds(value: &Value, before: bool, text: &str, after: bool) -> Answer {
    match value.plain() {
        Value::Text(whole) => match (before, after) {
            (false, _) => whole.starts_with(text).into(),
            (true, false) => whole.ends_with(text).into(),
            (true, true) => whole.contains(text).into(),
        },
        Value::Open(open) => {
            if text.is_empty() {
                return Answer::Yes;
            }
            let Shape::Text(segments) = &open.shape else {
                return Answer::Open(open.cause.clone());
            };
            let mut wanted = Vec::new();
            wanted.extend(before.then_some(Wild::Any));
            wanted.extend(text.chars().map(Wild::Char));
            wanted.extend(after.then_some(Wild::Any));
            let pattern = pattern(segments);
            let literal_has_it = before
                && after
                && segments.iter().any(|s| matches!(s, Segment::Literal(l) if l.contains(text)));
            if literal_has_it || glob::covers(&wanted, &pattern) == Some(true) {
                Answer::Yes
            } else if glob::overlap(&wanted, &pattern) {
                Answer::Open(open.cause.clone())
            } else {
                Answer::No
            }
        }
        _ => Answer::No,
    }
}

/// Builds text out of known and open parts.
#[derive(Debug, Default)]
pub struct Builder {
    segments: Vec<Segment>,
    literal: String,
    cause: Option<Text>,
    origin: Option<Origin>,
}

impl Builder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds characters.
    pub fn text(&mut self, text: &str) {
        self.literal.push_str(text);
    }

    /// Adds a text value: known, partly known or open. What is no text counts as open.
    pub fn value(&mut self, value: &Value) {
        match value.plain() {
            Value::Text(text) => self.text(text),
            Value::Open(open) => {
                self.cause.get_or_insert_with(|| Arc::clone(&open.cause));
                let secret = matches!(
                    open.origin,
                    Origin::SecretParameter
                        | Origin::SecretParameterWithDefault
                        | Origin::DynamicSecret
                );
                if secret || self.origin.is_none() {
                    self.origin = Some(open.origin);
                }
                match &open.shape {
                    Shape::Text(segments) => segments.iter().for_each(|segment| match segment {
                        Segment::Literal(text) => self.text(text),
                        Segment::Open(symbol) => self.open(symbol.clone()),
                    }),
                    Shape::Symbol(symbol) => self.open(Some(symbol.clone())),
                    Shape::Any | Shape::Between(..) => self.open(None),
                }
            }
            _ => {
                self.cause.get_or_insert_with(|| Arc::from("a part of the text is no text"));
                self.open(None);
            }
        }
    }

    fn open(&mut self, symbol: Option<SymbolRef>) {
        self.flush();
        // Two open stretches side by side are one, unless a symbol tells them apart.
        if symbol.is_some() || !matches!(self.segments.last(), Some(Segment::Open(None))) {
            self.segments.push(Segment::Open(symbol));
        }
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            let literal = std::mem::take(&mut self.literal);
            self.segments.push(Segment::Literal(Arc::from(literal)));
        }
    }

    /// The text: known, a lone symbol, open, or partly known.
    pub fn finish(mut self) -> Value {
        if self.segments.is_empty() {
            return Value::text(&self.literal);
        }
        self.flush();
        let shape = match self.segments.as_slice() {
            [Segment::Open(Some(symbol))] => Shape::Symbol(symbol.clone()),
            [Segment::Open(None)] => Shape::Any,
            _ => Shape::Text(self.segments),
        };
        let origin = self.origin.unwrap_or(Origin::Computed);
        let cause = self.cause.unwrap_or_else(|| Arc::from("a part of the text is open"));
        Value::Open(Arc::new(Open { shape, present: true, origin, cause }))
    }
}

/// The known and open characters of a value, where it is text: `None` for an open stretch.
pub fn stretches(value: &Value) -> Option<Vec<Option<Text>>> {
    match value.plain() {
        Value::Text(text) => Some(vec![Some(Arc::clone(text))]),
        Value::Open(open) => match &open.shape {
            Shape::Text(segments) => Some(
                segments
                    .iter()
                    .map(|segment| match segment {
                        Segment::Literal(text) => Some(Arc::clone(text)),
                        Segment::Open(_) => None,
                    })
                    .collect(),
            ),
            Shape::Any | Shape::Symbol(_) => Some(vec![None]),
            Shape::Between(..) => None,
        },
        _ => None,
    }
}
