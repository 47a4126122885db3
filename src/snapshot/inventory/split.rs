//! The text of an inventory to the texts of its resources.

use crate::base::LineColumn;

use super::Stopped;

/// The longest text of one resource, in bytes.
const MAX_RESOURCE: usize = 64 << 20;

/// Cuts the input into the texts of its resources, counting lines.
pub(super) struct Splitter {
    buffer: Vec<u8>,
    /// How much of the buffer is taken: the rest is not moved for every resource.
    taken: usize,
    line: u32,
    column: u32,
    /// Whether a mark of the byte order may still come.
    at_start: bool,
    /// Whether it is an array; unknown before the first byte that is no white space.
    array: Option<bool>,
    /// What an array goes on with.
    expects: Expects,
    /// How far the element at the front was looked through.
    looked: Look,
}

/// What may come next in an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    /// An element, or the end: nothing was read yet.
    First,
    /// A comma, or the end.
    Comma,
    /// An element: a comma was read.
    Element,
    /// Nothing: the array has ended.
    Nothing,
}

/// How far a value was looked through for its end.
#[derive(Clone, Copy, Default)]
struct Look {
    at: usize,
    depth: u32,
    quoted: bool,
    escaped: bool,
}

impl Splitter {
    pub fn new() -> Self {
        Self {
            buffer: Vec::new(),
            taken: 0,
            line: 1,
            column: 1,
            at_start: true,
            array: None,
            expects: Expects::First,
            looked: Look::default(),
        }
    }

    /// Takes more of the input.
    pub fn add(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// What is not taken yet.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or(&[])
    }

    /// Reading cannot go on here.
    pub fn stopped(&self, what: String) -> Stopped {
        Stopped { place: LineColumn { line: self.line, column: self.column }, what }
    }

    /// Takes bytes off the front, counting lines and columns.
    fn take(&mut self, count: usize) -> Vec<u8> {
        let rest = self.rest();
        let taken = rest.get(..count).unwrap_or(rest).to_vec();
        self.taken += taken.len();
        for byte in &taken {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xc0 != 0x80 {
                self.column += 1;
            }
        }
        taken
    }

    /// The next resource's text and place; `None` where more input is needed, or none is left.
    pub fn next(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        if self.at_start {
            if self.rest().len() < 3 && !end {
                return Ok(None);
            }
            self.at_start = false;
            if self.rest().starts_with(&[0xef, 0xbb, 0xbf]) {
                self.taken += 3;
            }
        }
        self.space();
        let Some(byte) = self.rest().first().copied() else {
            return match (end, self.array) {
                (true, Some(true)) if self.expects != Expects::Nothing => {
                    Err(self.stopped("the array does not end: the input is cut off".to_owned()))
                }
                _ => Ok(None),
            };
        };
        match self.array {
            None => {
                self.array = Some(byte == b'[');
                if byte == b'[' {
                    self.take(1);
                }
                self.next(end)
            }
            Some(false) => self.line_text(end),
            Some(true) => self.element(byte, end),
        }
    }

    fn space(&mut self) {
        let count = self.rest().iter().take_while(|b| b.is_ascii_whitespace()).count();
        if count > 0 && self.looked.at == 0 {
            self.take(count);
        }
    }

    fn line_text(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        let place = LineColumn { line: self.line, column: self.column };
        match memchr::memchr(b'\n', self.rest()) {
            Some(at) => {
                let text = self.take(at);
                Ok(Some((text, place)))
            }
            None if end => {
                let len = self.rest().len();
                Ok(Some((self.take(len), place)))
            }
            None if self.rest().len() > MAX_RESOURCE => {
                Err(self.stopped("a line of over 64 MiB".to_owned()))
            }
            None => Ok(None),
        }
    }

    fn element(&mut self, byte: u8, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        match (byte, self.expects) {
            (b']', Expects::First | Expects::Comma) => {
                self.take(1);
                self.expects = Expects::Nothing;
                return self.next(end);
            }
            (b',', Expects::Comma) => {
                self.take(1);
                self.expects = Expects::Element;
                return self.next(end);
            }
            (_, Expects::Nothing) => return Err(self.stopped("text after the array".to_owned())),
            (b',' | b']', _) => return Err(self.stopped("expected a resource".to_owned())),
            (_, Expects::Comma) => return Err(self.stopped("expected `,` or `]`".to_owned())),
            (_, Expects::First | Expects::Element) => {}
        }
        let place = LineColumn { line: self.line, column: self.column };
        if self.look() {
            let length = std::mem::take(&mut self.looked).at;
            self.expects = Expects::Comma;
            return Ok(Some((self.take(length), place)));
        }
        if end {
            return Err(self.stopped("the input is cut off within a resource".to_owned()));
        }
        if self.rest().len() > MAX_RESOURCE {
            return Err(self.stopped("a resource of over 64 MiB".to_owned()));
        }
        Ok(None)
    }

    /// Looks for the end of the value at the front: the bracket that closes it, or what ends a scalar.
    /// Goes on where it stopped when the input ran out.
    fn look(&mut self) -> bool {
        let mut look = self.looked;
        while let Some(byte) = self.rest().get(look.at) {
            match byte {
                _ if look.escaped => look.escaped = false,
                b'\\' if look.quoted => look.escaped = true,
                b'"' => look.quoted = !look.quoted,
                _ if look.quoted => {}
                b'{' | b'[' => look.depth += 1,
                b',' | b']' if look.depth == 0 => {
                    self.looked = look;
                    return true;
                }
                b'}' | b']' if look.depth > 0 => {
                    look.depth -= 1;
                    if look.depth == 0 {
                        look.at += 1;
                        self.looked = look;
                        return true;
                    }
                }
                _ => {}
            }
            look.at += 1;
        }
        self.looked = look;
        false
    }
}
