//! Strict JSON with places; iterative, so that no input can overflow the stack.

use crate::base::source::SourceFile;
use crate::value::Text;

use super::compose::Composer;
use super::scalar::number;
use super::{Document, Problem, ReadError, Resolved, Scalar, shared};

/// Reads a whole text as one JSON value.
///
/// # Errors
///
/// The text is no JSON (RFC 8259), or it nests too deep.
pub fn read(file: SourceFile) -> Result<Document, ReadError> {
    let text = Text::clone(&file.text);
    let mut reader = Reader { file: &file, text: &text, at: 0 };
    let mut composer = Composer::new(&file);
    reader.blank();
    reader.value(&mut composer)?;
    while !composer.is_closed() {
        reader.step(&mut composer)?;
    }
    reader.blank();
    if reader.peek().is_some() {
        return Err(reader.error("text after the end of the JSON value"));
    }
    composer.finish().ok_or_else(|| reader.error("no JSON value"))
}

struct Reader<'a> {
    file: &'a SourceFile,
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn here(&self) -> u32 {
        u32::try_from(self.at).unwrap_or(u32::MAX)
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn error(&self, message: impl Into<String>) -> ReadError {
        ReadError::at(self.file, Problem::Json, self.here(), message)
    }

    /// What stands here instead of what should.
    fn expected(&self, what: &str) -> ReadError {
        match self.rest().chars().next() {
            None => self.error(format!("expected {what}, found the end of the text")),
            Some(found) => self.error(format!("expected {what}, found `{}`", found.escape_debug())),
        }
    }

    /// One element or entry of the innermost list or map, or its end.
    fn step(&mut self, composer: &mut Composer<'_>) -> Result<(), ReadError> {
        if composer.wants_key() { self.entry(composer) } else { self.element(composer) }
    }

    /// A key and its value, with the comma before them unless they are the first.
    fn entry(&mut self, composer: &mut Composer<'_>) -> Result<(), ReadError> {
        self.blank();
        if self.peek() == Some(b'}') {
            return self.close(composer);
        }
        if !composer.is_fresh() {
            if self.peek() != Some(b',') {
                return Err(self.expected("`,` or `}`"));
            }
            self.at += 1;
            self.blank();
        }
        if self.peek() != Some(b'"') {
            let error = self.expected("a key in double quotes");
            return Err(match self.peek() {
                Some(b'}') => error.hint("leave out the comma before the closing brace"),
                _ => error,
            });
        }
        let start = self.here();
        let key = self.string()?;
        composer.key(key, start, self.here());
        self.blank();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        self.blank();
        self.value(composer)
    }

    /// An element, with the comma before it unless it is the first.
    fn element(&mut self, composer: &mut Composer<'_>) -> Result<(), ReadError> {
        self.blank();
        if self.peek() == Some(b']') {
            return self.close(composer);
        }
        if !composer.is_fresh() {
            if self.peek() != Some(b',') {
                return Err(self.expected("`,` or `]`"));
            }
            self.at += 1;
            self.blank();
        }
        self.value(composer)
    }

    fn close(&mut self, composer: &mut Composer<'_>) -> Result<(), ReadError> {
        self.at += 1;
        composer.end(self.here())?;
        Ok(())
    }

    /// A scalar, or the start of a list or map.
    fn value(&mut self, composer: &mut Composer<'_>) -> Result<(), ReadError> {
        let start = self.here();
        let scalar = match self.peek() {
            Some(b'{') => {
                self.at += 1;
                return composer.start_map(start, None);
            }
            Some(b'[') => {
                self.at += 1;
                return composer.start_list(start, None);
            }
            Some(b'"') => Scalar::text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        composer.scalar(scalar, None, start, self.here())?;
        Ok(())
    }

    fn word(&mut self) -> Result<Scalar, ReadError> {
        for (word, resolved) in [
            ("true", Resolved::Bool(true)),
            ("false", Resolved::Bool(false)),
            ("null", Resolved::Null),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(Scalar { resolved, text: shared(word) });
            }
        }
        Err(self.expected("a value"))
    }

    fn number(&mut self) -> Result<Scalar, ReadError> {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.rest().bytes().take_while(is_part).count();
        let text = self.rest().get(..length).unwrap_or("");
        if !is_number(text) {
            return Err(self.error(format!("`{text}` is no JSON number")));
        }
        let scalar = Scalar { resolved: number(text), text: shared(text) };
        self.at += length;
        Ok(scalar)
    }

    /// A string, from its opening quote.
    fn string(&mut self) -> Result<Text, ReadError> {
        let opening = self.at;
        self.at += 1;
        let mut out: Option<String> = None;
        let mut from = self.at;
        loop {
            let bytes = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(ahead) = bytes.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20)
            else {
                self.at = opening;
                return Err(self.error("string without its closing quote"));
            };
            self.at += ahead;
            let plain = self.text.get(from..self.at).unwrap_or("");
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(match out {
                        None => shared(plain),
                        Some(text) => Text::from(text + plain),
                    });
                }
                Some(b'\\') => {
                    let mut text = out.take().unwrap_or_default();
                    text.push_str(plain);
                    text.push(self.escape()?);
                    out = Some(text);
                    from = self.at;
                }
                _ => {
                    let error = self.error("control character in a string");
                    return Err(error.hint("write a line end as \\n and a tab as \\t"));
                }
            }
        }
    }

    /// The character of an escape, from its backslash.
    fn escape(&mut self) -> Result<char, ReadError> {
        let Some(kind) = self.text.as_bytes().get(self.at + 1) else {
            return Err(self.error("string without its closing quote"));
        };
        let character = match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => {
                let shown: String = self.rest().chars().take(2).collect();
                return Err(self.error(format!("unknown escape `{}`", shown.escape_debug())));
            }
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode(&mut self) -> Result<char, ReadError> {
        let Some(first) = self.hex(self.at) else {
            return Err(self.error("`\\u` wants four hexadecimal digits"));
        };
        if let Some(character) = char::from_u32(first) {
            self.at += 6;
            return Ok(character);
        }
        let second = match self.hex(self.at + 6) {
            Some(second @ 0xDC00..=0xDFFF) if first < 0xDC00 => second,
            _ => return Err(self.error("half a surrogate pair")),
        };
        let scalar = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        self.at += 12;
        char::from_u32(scalar).ok_or_else(|| self.error("half a surrogate pair"))
    }

    /// The number behind a `\u` that stands at the byte.
    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..)?.strip_prefix("\\u")?.get(..4)?;
        let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        all.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}

/// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let cut = |text: &str, at: usize| text.get(at..).unwrap_or("").to_owned();
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(unsigned);
    if whole == 0 || whole > 1 && unsigned.starts_with('0') {
        return false;
    }
    let mut rest = cut(unsigned, whole);
    if let Some(after) = rest.strip_prefix('.') {
        let fraction = digits(after);
        if fraction == 0 {
            return false;
        }
        rest = cut(after, fraction);
    }
    if let Some(after) = rest.strip_prefix(['e', 'E']) {
        let after = after.strip_prefix(['+', '-']).unwrap_or(after);
        let power = digits(after);
        return power > 0 && power == after.len();
    }
    rest.is_empty()
}
