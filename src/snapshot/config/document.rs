//! A JSON text, perhaps itself a string in another one, and places in it.

use std::sync::Arc;

use crate::base::LineColumn;

use super::super::scan::{Cursor, Fault, Kind, Places};

/// A JSON text.
#[derive(Debug)]
pub struct Document {
    /// The text.
    pub text: Arc<str>,
    places: Places,
    stands: Stands,
}

/// Where a document stands.
#[derive(Debug)]
enum Stands {
    /// In the input; its places are those of the input.
    Free,
    /// In the string at this byte of another document.
    In(Arc<Document>, usize),
}

impl Document {
    /// A text of the input.
    pub fn new(text: Arc<str>, start: LineColumn) -> Self {
        Self { places: Places::new(Arc::clone(&text), start), text, stands: Stands::Free }
    }

    /// What was copied of a text of the input.
    pub fn of_places(places: Places) -> Self {
        Self { text: Arc::clone(places.text()), places, stands: Stands::Free }
    }

    /// Whether it stands in the input, not in a string of another text.
    pub fn is_free(&self) -> bool {
        matches!(self.stands, Stands::Free)
    }

    /// The text that the string at this byte holds.
    pub fn inside(document: &Arc<Self>, at: usize) -> Result<Self, Fault> {
        let text = Cursor::new(&document.text).moved(at).text()?;
        let text: Arc<str> = Arc::from(&*text);
        let places = Places::new(Arc::clone(&text), LineColumn { line: 1, column: 1 });
        Ok(Self { text, places, stands: Stands::In(Arc::clone(document), at) })
    }

    /// A cursor at this byte.
    pub fn cursor(&self, at: usize) -> Cursor<'_> {
        Cursor::new(&self.text).moved(at)
    }

    /// The place in the input of a byte of this text.
    pub fn place(&self, at: usize) -> LineColumn {
        match &self.stands {
            Stands::Free => self.places.place(at),
            Stands::In(outer, string) => {
                let token = outer.text.get(*string..).unwrap_or("");
                outer.place(*string + escaped_length(token, at))
            }
        }
    }
}

/// How many bytes of a JSON string, its quote included, make this many bytes of its value.
fn escaped_length(token: &str, value: usize) -> usize {
    let (mut raw, mut made) = (1, 0);
    let mut rest = token.get(1..).unwrap_or("");
    while made < value {
        let (from, to) = match rest.as_bytes() {
            [] => break,
            [b'\\', b'u', ..] => unicode_escape(rest),
            [b'\\', ..] => (2, 1),
            _ => rest.chars().next().map_or((1, 1), |c| (c.len_utf8(), c.len_utf8())),
        };
        raw += from;
        made += to;
        rest = rest.get(from..).unwrap_or("");
    }
    raw
}

/// The bytes of an escape by code unit, or of a pair of them, and of the character that it stands for.
fn unicode_escape(text: &str) -> (usize, usize) {
    let unit = |at: usize| text.get(at..at + 4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
    let (Some(first), second) = (unit(2), unit(8)) else { return (2, 1) };
    let units = std::iter::once(first).chain(second);
    match char::decode_utf16(units).next() {
        Some(Ok(c)) if c.len_utf16() == 2 => (12, c.len_utf8()),
        Some(Ok(c)) => (6, c.len_utf8()),
        _ => (6, 3),
    }
}

/// Where the member or element of the value at this byte stands; the document may be a string's.
pub fn descend(document: &Arc<Document>, at: usize, key: &str) -> Option<(Arc<Document>, usize)> {
    let mut cursor = document.cursor(at);
    if cursor.kind() == Ok(Kind::Text) {
        let inner = Arc::new(Document::inside(document, cursor.at()).ok()?);
        return descend(&inner, 0, key);
    }
    document.places.descend(at, key).map(|inner| (Arc::clone(document), inner))
}

#[cfg(test)]
mod tests {
    use super::escaped_length;

    #[test]
    fn places_in_strings_are_those_of_the_escaped_text() {
        let token = r#""a\"b\u00e9\ud83d\udd12é\nz" tail"#;
        for (made, raw) in [(0, 1), (1, 2), (2, 4), (3, 5), (5, 11), (9, 23), (11, 25), (12, 27)] {
            assert_eq!(escaped_length(token, made), raw, "{made}");
        }
    }
}
