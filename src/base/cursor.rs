//! A strict reader of JSON text, value by value. Nesting is counted, not recursed into.

#![expect(clippy::inline_always, reason = "measured: the calls cost as much as what they do")]

use std::borrow::Cow;

use super::simd::plain_until;

/// How deep JSON may nest.
pub const MAX_DEPTH: usize = 128;

/// What is wrong with a text, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The byte.
    pub at: usize,
    /// One clause.
    pub what: String,
}

/// What a value begins like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants are the kinds of JSON")]
pub enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

/// A place in a JSON text.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of the text.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The byte that is read next.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The text from a byte on up to here.
    pub fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or("")
    }

    /// Reads on at a byte.
    #[must_use]
    pub fn moved(&self, at: usize) -> Self {
        Self { at, ..self.clone() }
    }

    #[inline(always)]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// A fault here.
    #[cold]
    #[inline(never)]
    pub fn fault<T>(&self, what: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { at: self.at, what: what.into() })
    }

    /// Passes over white space.
    #[inline(always)]
    pub fn space(&mut self) {
        while self.byte().is_some_and(|byte| byte <= b' ') {
            if !matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                return;
            }
            self.at += 1;
        }
    }

    /// Nothing may follow but white space.
    pub fn end(&mut self) -> Result<(), Fault> {
        self.space();
        match self.byte() {
            None => Ok(()),
            Some(_) => self.fault("text after the end of the value"),
        }
    }

    /// What the next value is.
    #[inline]
    pub fn kind(&mut self) -> Result<Kind, Fault> {
        self.space();
        match self.byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::List),
            Some(b'"') => Ok(Kind::Text),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            _ => self.no_value(),
        }
    }

    #[cold]
    #[inline(never)]
    fn no_value<T>(&self) -> Result<T, Fault> {
        match self.byte() {
            Some(other) => self
                .fault(format!("expected a value, found `{}`", char::from(other).escape_debug())),
            None => self.fault("the text ends where a value is expected"),
        }
    }

    #[inline(always)]
    fn word(&mut self, word: &str) -> Result<(), Fault> {
        let rest = self.text.as_bytes().get(self.at..);
        if rest.is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            self.at += word.len();
            return Ok(());
        }
        self.fault("expected a value")
    }

    /// `null`.
    #[inline]
    pub fn null(&mut self) -> Result<(), Fault> {
        self.space();
        self.word("null")
    }

    /// `true`, `false`.
    #[inline]
    pub fn bool(&mut self) -> Result<bool, Fault> {
        self.space();
        if self.byte() == Some(b't') {
            return self.word("true").map(|()| true);
        }
        self.word("false").map(|()| false)
    }

    /// A number, as it is written.
    pub fn number(&mut self) -> Result<&'a str, Fault> {
        self.space();
        let start = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.byte() == Some(b'0');
        let whole = self.digits();
        if whole == 0 || (zero && whole > 1) {
            return self.fault("malformed number");
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.fault("malformed number");
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.fault("malformed number");
            }
        }
        Ok(self.since(start))
    }

    /// Passes over digits; how many.
    #[inline(always)]
    fn digits(&mut self) -> usize {
        let from = self.at;
        while self.byte().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - from
    }

    /// A string, unescaped.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.quote()?;
        let start = self.at;
        self.at = plain_until(self.text.as_bytes(), start);
        if self.byte() == Some(b'"') {
            let text = self.since(start);
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// Passes over a string, checking it.
    #[inline(always)]
    fn pass_text(&mut self) -> Result<(), Fault> {
        self.quote()?;
        self.at = plain_until(self.text.as_bytes(), self.at);
        if self.byte() == Some(b'"') {
            self.at += 1;
            return Ok(());
        }
        self.pass_escapes()
    }

    /// Passes over the rest of a string that is not plain up to its end.
    #[inline(never)]
    fn pass_escapes(&mut self) -> Result<(), Fault> {
        loop {
            self.at = plain_until(self.text.as_bytes(), self.at);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => drop(self.escape()?),
                _ => return self.broken_text(),
            }
        }
    }

    #[inline(always)]
    fn quote(&mut self) -> Result<(), Fault> {
        self.space();
        if self.byte() != Some(b'"') {
            return self.fault("expected a string");
        }
        self.at += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn broken_text<T>(&self) -> Result<T, Fault> {
        match self.byte() {
            Some(_) => self.fault("control character in a string"),
            None => self.fault("the text ends within a string"),
        }
    }

    /// The rest of a string that is not plain up to its end.
    fn escaped(&mut self, start: usize) -> Result<String, Fault> {
        let mut out = self.since(start).to_owned();
        loop {
            let plain = self.at;
            self.at = plain_until(self.text.as_bytes(), plain);
            out.push_str(self.since(plain));
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return self.broken_text(),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let c = match self.byte() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return self.fault("unknown escape in a string"),
        };
        self.at += 1;
        Ok(c)
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(code) => {
                self.at += 4;
                Ok(code)
            }
            None => self.fault("malformed \\u escape"),
        }
    }

    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
                return self.fault("half of a surrogate pair");
            }
            self.at += 2;
            let second = self.hex()?;
            if !(0xdc00..0xe000).contains(&second) {
                return self.fault("half of a surrogate pair");
            }
            0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
        } else {
            first
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.fault("half of a surrogate pair"),
        }
    }

    /// Enters an object or a list.
    #[inline(always)]
    pub fn open(&mut self, bracket: u8) -> Result<(), Fault> {
        self.space();
        if self.byte() != Some(bracket) || self.depth == MAX_DEPTH {
            return self.not_open(bracket);
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn not_open(&mut self, bracket: u8) -> Result<(), Fault> {
        match self.byte() {
            Some(byte) if byte == bracket => {
                self.fault(format!("nested more than {MAX_DEPTH} levels deep"))
            }
            _ => self.fault(format!("expected `{}`", char::from(bracket))),
        }
    }

    /// Whether there is another member or element; leaves the object or list where there is none.
    #[inline(always)]
    pub fn more(&mut self, close: u8, first: bool) -> Result<bool, Fault> {
        self.space();
        match self.byte() {
            Some(b',') if !first => {
                self.at += 1;
                self.space();
                if self.byte() == Some(close) {
                    return self.fault("a comma before the closing bracket");
                }
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(_) if first => Ok(true),
            _ => self.no_more(close),
        }
    }

    #[cold]
    #[inline(never)]
    fn no_more<T>(&self, close: u8) -> Result<T, Fault> {
        let close = char::from(close);
        match self.byte() {
            Some(_) => self.fault(format!("expected `,` or `{close}`")),
            None => self.fault(format!("the text ends where `{close}` is expected")),
        }
    }

    /// A member's key and its colon.
    #[inline]
    pub fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        let key = self.text()?;
        self.colon()?;
        Ok(key)
    }

    #[inline(always)]
    fn colon(&mut self) -> Result<(), Fault> {
        self.space();
        if self.byte() != Some(b':') {
            return self.fault("expected `:` after a key");
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over a value, checking it.
    pub fn skip(&mut self) -> Result<(), Fault> {
        // One bit a level that was entered here, the innermost lowest: set where it is an object.
        let mut objects = 0u128;
        let outside = self.depth;
        loop {
            let mut first = false;
            self.space();
            match self.byte() {
                Some(b'"') => self.pass_text()?,
                Some(b'{') => {
                    self.open(b'{')?;
                    objects = objects << 1 | 1;
                    first = true;
                }
                Some(b'[') => {
                    self.open(b'[')?;
                    objects <<= 1;
                    first = true;
                }
                Some(b'-' | b'0'..=b'9') => drop(self.number()?),
                Some(b't') => self.word("true")?,
                Some(b'f') => self.word("false")?,
                Some(b'n') => self.word("null")?,
                _ => return self.no_value(),
            }
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let close = if objects & 1 == 1 { b'}' } else { b']' };
                if self.more(close, first)? {
                    break;
                }
                objects >>= 1;
                first = false;
            }
            if objects & 1 == 1 {
                self.pass_text()?;
                self.colon()?;
            }
        }
    }
}
