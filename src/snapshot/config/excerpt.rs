//! Of the text of an item, what an adapter and the common attributes read: for a resource that is kept to the end
//! of the input.

use crate::program::Part;

use super::super::scan::{Cursor, Excerpt, Fault, Kind};
use super::document::Document;
use super::item::NAMES;

/// The members by which attributes are read.
const ATTRIBUTES: [&str; 6] =
    ["accountId", "awsRegion", "arn", "resourceName", "resourceCreationTime", "tags"];

/// The parts of the item at this byte; `None` where it stands in a string of another text.
pub(super) fn excerpt(document: &Document, at: usize, part: &Part) -> Option<Document> {
    let start = document.is_free().then(|| document.place(at))?;
    let text = document.text.get(at..)?;
    let mut copier = Copier { cursor: Cursor::new(text), excerpt: Excerpt::new(text, start) };
    let wanted = |key: &str| {
        let name = NAMES.iter().find(|(written, _)| *written == key).map_or(key, |(_, name)| name);
        let own = ATTRIBUTES.contains(&name).then(|| Part { whole: true, ..Part::default() });
        own.or_else(|| part.fields.get(name).cloned())
    };
    copier.object(wanted).ok()?;
    Some(Document::of_places(copier.excerpt.finish()))
}

struct Copier<'t> {
    cursor: Cursor<'t>,
    excerpt: Excerpt<'t>,
}

impl Copier<'_> {
    /// Of an object, the members of which something is wanted.
    fn object(&mut self, wanted: impl Fn(&str) -> Option<Part>) -> Result<(), Fault> {
        self.bracket(b'{')?;
        let (mut first, mut between) = (true, "");
        while self.cursor.more(b'}', first)? {
            first = false;
            self.cursor.space();
            let at = self.cursor.at();
            let key = self.cursor.key()?;
            match wanted(&key) {
                Some(part) => {
                    self.excerpt.add(between);
                    between = ",";
                    self.excerpt.copy(at..self.cursor.at());
                    self.value(&part)?;
                }
                None => self.cursor.skip()?,
            }
        }
        self.excerpt.add("}");
        Ok(())
    }

    fn value(&mut self, part: &Part) -> Result<(), Fault> {
        match (self.cursor.kind()?, &part.elements) {
            (Kind::Object, _) if !part.whole && !part.fields.is_empty() => {
                self.object(|key| part.fields.get(key).cloned())
            }
            (Kind::List, Some(element)) if !part.whole => self.list(element),
            _ => {
                let at = self.cursor.at();
                self.cursor.skip()?;
                self.excerpt.copy(at..self.cursor.at());
                Ok(())
            }
        }
    }

    /// Of a list, the same of each element.
    fn list(&mut self, element: &Part) -> Result<(), Fault> {
        self.bracket(b'[')?;
        let (mut first, mut between) = (true, "");
        while self.cursor.more(b']', first)? {
            first = false;
            self.excerpt.add(between);
            between = ",";
            self.value(element)?;
        }
        self.excerpt.add("]");
        Ok(())
    }

    fn bracket(&mut self, bracket: u8) -> Result<(), Fault> {
        self.cursor.space();
        let at = self.cursor.at();
        self.cursor.open(bracket)?;
        self.excerpt.copy(at..self.cursor.at());
        Ok(())
    }
}
