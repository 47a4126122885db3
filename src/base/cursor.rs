//! A strict reader of JSON text, value by value. Nesting is counted, not recursed into.

use std::borrow::Cow;

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

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// A fault here.
    pub fn fault<T>(&self, what: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { at: self.at, what: what.into() })
    }

    /// Passes over white space.
    pub fn space(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
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
    pub fn kind(&mut self) -> Result<Kind, Fault> {
        self.space();
        match self.byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::List),
            Some(b'"') => Ok(Kind::Text),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(other) => self
                .fault(format!("expected a value, found `{}`", char::from(other).escape_debug())),
            None => self.fault("the text ends where a value is expected"),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(());
        }
        self.fault("expected a value")
    }

    /// `null`.
    pub fn null(&mut self) -> Result<(), Fault> {
        self.space();
        self.word("null")
    }

    /// `true`, `false`.
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
        let digits = |cursor: &mut Self| {
            let from = cursor.at;
            while cursor.byte().is_some_and(|b| b.is_ascii_digit()) {
                cursor.at += 1;
            }
            cursor.at - from
        };
        let zero = self.byte() == Some(b'0');
        let whole = digits(self);
        if whole == 0 || (zero && whole > 1) {
            return self.fault("malformed number");
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if digits(self) == 0 {
                return self.fault("malformed number");
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if digits(self) == 0 {
                return self.fault("malformed number");
            }
        }
        Ok(self.since(start))
    }

    /// A string, unescaped.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.space();
        if self.byte() != Some(b'"') {
            return self.fault("expected a string");
        }
        self.at += 1;
        let start = self.at;
        loop {
            match self.byte() {
                Some(b'"') => {
                    let text = self.since(start);
                    self.at += 1;
                    return Ok(Cow::Borrowed(text));
                }
                Some(b'\\') => return self.escaped(start),
                Some(control) if control < 0x20 => {
                    return self.fault("control character in a string");
                }
                Some(_) => self.at += 1,
                None => return self.fault("the text ends within a string"),
            }
        }
    }

    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, Fault> {
        let mut out = self.since(start).to_owned();
        loop {
            let plain = self.at;
            while !matches!(self.byte(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(self.since(plain));
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return self.fault("control character in a string"),
                None => return self.fault("the text ends within a string"),
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
    pub fn open(&mut self, bracket: u8) -> Result<(), Fault> {
        self.space();
        if self.byte() != Some(bracket) {
            return self.fault(format!("expected `{}`", char::from(bracket)));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fault(format!("nested more than {MAX_DEPTH} levels deep"));
        }
        self.at += 1;
        Ok(())
    }

    /// Whether there is another member or element; leaves the object or list where there is none.
    pub fn more(&mut self, close: u8, first: bool) -> Result<bool, Fault> {
        self.space();
        match self.byte() {
            Some(byte) if byte == close => {
                self.at += 1;
                self.depth -= 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                self.space();
                if self.byte() == Some(close) {
                    return self.fault("a comma before the closing bracket");
                }
                Ok(true)
            }
            Some(_) if first => Ok(true),
            Some(_) => self.fault(format!("expected `,` or `{}`", char::from(close))),
            None => self.fault(format!("the text ends where `{}` is expected", char::from(close))),
        }
    }

    /// A member's key and its colon.
    pub fn key(&mut self) -> Result<Cow<'a, str>, Fault> {
        let key = self.text()?;
        self.space();
        if self.byte() != Some(b':') {
            return self.fault("expected `:` after a key");
        }
        self.at += 1;
        Ok(key)
    }

    /// Passes over a value, checking it.
    pub fn skip(&mut self) -> Result<(), Fault> {
        // The closing brackets of what is open.
        let mut open: Vec<u8> = Vec::new();
        let mut first = true;
        loop {
            if let Some(close) = open.last().copied() {
                if !self.more(close, first)? {
                    open.pop();
                    first = false;
                    if open.is_empty() {
                        return Ok(());
                    }
                    continue;
                }
                if close == b'}' {
                    self.key()?;
                }
            }
            first = false;
            match self.kind()? {
                Kind::Null => self.null()?,
                Kind::Bool => drop(self.bool()?),
                Kind::Number => drop(self.number()?),
                Kind::Text => drop(self.text()?),
                Kind::List => {
                    self.open(b'[')?;
                    open.push(b']');
                    first = true;
                }
                Kind::Object => {
                    self.open(b'{')?;
                    open.push(b'}');
                    first = true;
                }
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }
}
