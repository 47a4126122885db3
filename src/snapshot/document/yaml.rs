//! YAML with places: libyaml's events, put together by rules of our own.
//!
//! libyaml's tolerance (odd indentation in quoted and flow text) is what CloudFormation's users have
//! got used to; `docs/readers.md` has the comparison. Its positions are bytes of the text.

use std::panic::{AssertUnwindSafe, Location, catch_unwind};

use indexmap::IndexMap;
use libyaml_safer::{Error, ErrorKind, Event, EventData, Mark, Parser, ScalarStyle};

use crate::base::source::SourceFile;
use crate::value::Text;

use super::compose::Composer;
use super::scalar::resolve;
use super::{Document, NodeId, Problem, ReadError, Resolved, Scalar, shared};

/// Whether a panic at this place is one that the reader catches: whoever reports panics may leave it out.
pub fn catches(place: &Location<'_>) -> bool {
    place.file().contains("libyaml-safer")
}

/// Reads a text that holds one YAML document.
///
/// # Errors
///
/// The text is no YAML, holds no or a second document, nests too deep, or its aliases stand for too
/// much.
pub fn read(file: SourceFile) -> Result<Document, ReadError> {
    // The scanner reaches past the end of a text that stops within a quoted scalar.
    let padded = format!("{}\n\n", file.text);
    let mut input = padded.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut reader = Reader {
        file: &file,
        composer: Composer::new(&file),
        anchors: IndexMap::new(),
        waiting: Vec::new(),
        documents: 0,
    };
    let mut last = 0;
    loop {
        // INVARIANT: the parser is not used again after a panic. Its scanner has one that is known
        // (a tag right before a comma in a flow list); no input may take the process down.
        let event = catch_unwind(AssertUnwindSafe(|| parser.parse()))
            .map_err(|_| unreadable(&file, last))?
            .map_err(|error| syntax(&file, &error))?;
        last = reader.byte(event.end_mark);
        if matches!(event.data, EventData::StreamEnd) {
            break;
        }
        reader.take(event)?;
    }
    reader
        .composer
        .finish()
        .ok_or_else(|| ReadError::at(&file, Problem::Yaml, 0, "the document is empty"))
}

struct Reader<'a> {
    file: &'a SourceFile,
    composer: Composer<'a>,
    anchors: IndexMap<String, NodeId>,
    /// The anchors of the lists and maps that are open.
    waiting: Vec<Option<String>>,
    documents: u32,
}

impl Reader<'_> {
    fn error(&self, at: u32, message: impl Into<String>) -> ReadError {
        ReadError::at(self.file, Problem::Yaml, at, message)
    }

    /// The byte of a mark; those of what ends with the text may lie in the padding after it.
    fn byte(&self, mark: Mark) -> u32 {
        byte(mark).min(u32::try_from(self.file.text.len()).unwrap_or(u32::MAX))
    }

    fn take(&mut self, event: Event) -> Result<(), ReadError> {
        let (start, end) = (self.byte(event.start_mark), self.byte(event.end_mark));
        match event.data {
            EventData::StreamStart { .. }
            | EventData::StreamEnd
            | EventData::DocumentEnd { .. } => Ok(()),
            EventData::DocumentStart { .. } => {
                self.documents += 1;
                match self.documents {
                    1 => Ok(()),
                    _ => Err(self
                        .error(start, "a second document in one file")
                        .hint("split the file")),
                }
            }
            EventData::Alias { anchor } => self.alias(&anchor, start, end),
            EventData::Scalar { anchor, tag, value, style, .. } => {
                self.scalar(anchor, tag.as_deref(), &value, style, (start, end))
            }
            EventData::SequenceStart { anchor, tag, .. } => {
                self.no_key(start)?;
                self.waiting.push(anchor);
                self.composer.start_list(start, own_tag(tag.as_deref()))
            }
            EventData::MappingStart { anchor, tag, .. } => {
                self.no_key(start)?;
                self.waiting.push(anchor);
                self.composer.start_map(start, own_tag(tag.as_deref()))
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                let id = self.composer.end(end)?;
                if let (Some(Some(anchor)), Some(id)) = (self.waiting.pop(), id) {
                    self.anchors.insert(anchor, id);
                }
                Ok(())
            }
        }
    }

    fn no_key(&self, at: u32) -> Result<(), ReadError> {
        if self.composer.wants_key() {
            return Err(self
                .error(at, "a list or a map as a key")
                .hint("put text with braces in quotes: \"{{ name }}\""));
        }
        Ok(())
    }

    fn alias(&mut self, anchor: &str, start: u32, end: u32) -> Result<(), ReadError> {
        let Some(&id) = self.anchors.get(anchor) else {
            let inside = self.waiting.iter().any(|open| open.as_deref() == Some(anchor));
            return Err(match inside {
                true => {
                    self.error(start, format!("alias `*{anchor}` stands within its own anchor"))
                }
                false => self.error(start, format!("alias `*{anchor}` has no anchor before it")),
            });
        };
        if !self.composer.wants_key() {
            return self.composer.alias(id, start);
        }
        match self.composer.scalar_text(id) {
            Some(text) => self.composer.key(text, start, end),
            None => self.no_key(start)?,
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        anchor: Option<String>,
        tag: Option<&str>,
        value: &str,
        style: ScalarStyle,
        (start, end): (u32, u32),
    ) -> Result<(), ReadError> {
        let plain = style == ScalarStyle::Plain;
        if self.composer.wants_key() {
            match plain && value == "<<" && tag.is_none() {
                true => self.composer.merge_key(),
                false => self.composer.key(shared(value), start, end),
            }
            return Ok(());
        }
        let resolved = match tag.map(|tag| tag.strip_prefix(YAML_TAGS).unwrap_or("!")) {
            None if plain => resolve(value),
            Some("!") if plain && !value.is_empty() => resolve(value),
            Some("int" | "float" | "bool" | "null") => resolve(value),
            _ => Resolved::Text,
        };
        let scalar = Scalar { resolved, text: shared(value) };
        let id = self.composer.scalar(scalar, own_tag(tag), start, end)?;
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, id);
        }
        Ok(())
    }
}

/// What the tags of YAML itself begin with.
const YAML_TAGS: &str = "tag:yaml.org,2002:";

/// The tag, unless it is one of YAML itself.
fn own_tag(tag: Option<&str>) -> Option<Text> {
    tag.filter(|tag| !tag.starts_with(YAML_TAGS) && *tag != "!").map(shared)
}

fn byte(mark: Mark) -> u32 {
    u32::try_from(mark.index).unwrap_or(u32::MAX)
}

fn unreadable(file: &SourceFile, at: u32) -> ReadError {
    ReadError::at(file, Problem::Yaml, at, "the YAML after this place cannot be read")
        .hint("put a space between a tag and the comma after it")
}

/// An error of the scanner or the parser.
fn syntax(file: &SourceFile, error: &Error) -> ReadError {
    if error.kind() == ErrorKind::Reader {
        return forbidden(file);
    }
    let end = u32::try_from(file.text.len()).unwrap_or(u32::MAX);
    let at = error.problem_mark().map_or(0, byte).min(end);
    let message = match error.context() {
        Some(context) => format!("{}, {context}", error.problem()),
        None => error.problem().to_owned(),
    };
    let read = ReadError::at(file, Problem::Yaml, at, message);
    let line = file.line(read.place.line).unwrap_or("");
    if line.contains("{%") || line.contains("{{") && !line.contains("{{resolve:") {
        return read.hint("this looks like a template of a template: render it first");
    }
    match error.problem() {
        "found character that cannot start any token"
            if line.trim_start_matches(' ').starts_with('\t') =>
        {
            read.hint("indent with spaces, not with tabs")
        }
        "mapping values are not allowed in this context" => read
            .hint("put text that holds a colon and a space in quotes, and look at the indentation"),
        _ => read,
    }
}

/// A control character, which YAML takes in escapes only.
fn forbidden(file: &SourceFile) -> ReadError {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    let found = file.text.char_indices().find(|(_, c)| {
        c.is_control() && !allowed(*c) || matches!(c, '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
    });
    let (at, name) = match found {
        Some((at, c)) => (at, format!("character `{}` is not allowed in YAML", c.escape_unicode())),
        None => (0, "a character that is not allowed in YAML".to_owned()),
    };
    ReadError::at(file, Problem::Yaml, u32::try_from(at).unwrap_or(u32::MAX), name)
}
