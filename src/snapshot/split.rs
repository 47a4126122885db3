//! The text of a long input to the texts of its resources: lines, elements of an array, or of the array
//! that stands under a known key of an object.

use std::io::{self, Read};

use crate::base::LineColumn;

use super::scan::{Cursor, place_in};

/// Why reading stopped.
#[derive(Debug)]
pub struct Stopped {
    /// Where.
    pub place: LineColumn,
    /// One clause.
    pub what: String,
}

/// The longest text of one resource, in bytes.
const MAX_RESOURCE: usize = 64 << 20;

/// Cuts the input into the texts of its resources, counting lines.
#[derive(Debug)]
pub struct Splitter {
    buffer: Vec<u8>,
    /// How much of the buffer is taken: the rest is not moved for every resource.
    taken: usize,
    line: u32,
    column: u32,
    /// Whether a mark of the byte order may still come.
    at_start: bool,
    /// The key of an object whose list holds the resources.
    key: Option<&'static str>,
    mode: Mode,
    /// Whether the value that was given last took no more than a line.
    one_line: bool,
    /// Whether the array stands in an object, under the key.
    within: bool,
    /// What an array goes on with.
    expects: Expects,
    /// How many elements of the array were given.
    count: u64,
    /// How far the element at the front was looked through.
    looked: Look,
}

/// How the input goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Nothing was read before white space.
    Start,
    /// A resource a line.
    Lines,
    /// Values, one after the other, over as many lines as they take.
    Values,
    /// Elements of an array.
    Array,
    /// The rest of the object in which the array stands.
    Tail,
}

/// What may come next in an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default)]
struct Look {
    at: usize,
    depth: u32,
    quoted: bool,
    escaped: bool,
    /// Where the text began that was read last.
    text: usize,
    /// Whether that text is the key whose list is looked for.
    is_key: bool,
}

/// What looking for the end of a value came to.
enum Looked {
    /// It ends before this byte.
    Ends(usize),
    /// The list that was looked for begins at this byte.
    List(usize),
    /// The input ran out.
    More,
}

impl Splitter {
    /// Lines, or the elements of an array.
    pub fn lines() -> Self {
        Self::new(None)
    }

    /// Lines, values over several lines, the elements of an array, or those of the list under this key of
    /// an object.
    pub fn values(key: &'static str) -> Self {
        Self::new(Some(key))
    }

    fn new(key: Option<&'static str>) -> Self {
        Self {
            buffer: Vec::new(),
            taken: 0,
            line: 1,
            column: 1,
            at_start: true,
            key,
            mode: Mode::Start,
            one_line: false,
            within: false,
            expects: Expects::First,
            count: 0,
            looked: Look::default(),
        }
    }

    /// Reads all of the input and hands over each text with its place. The splitter says, at that time, how
    /// the text is reached ([`Splitter::pointer`]).
    ///
    /// # Errors
    ///
    /// Where the input cannot be read on: it cannot be read at all, it ends too early, or it is malformed
    /// between the texts.
    pub fn each(
        mut self,
        mut bytes: impl Read,
        mut sink: impl FnMut(&Self, Vec<u8>, LineColumn),
    ) -> Result<(), Stopped> {
        let mut chunk = vec![0; 256 << 10];
        loop {
            let count = match bytes.read(&mut chunk) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.stopped(format!("cannot be read on: {error}"))),
            };
            self.add(chunk.get(..count).unwrap_or(&[]));
            while let Some((text, place)) = self.next(count == 0)? {
                sink(&self, text, place);
            }
            if count == 0 {
                return Ok(());
            }
        }
    }

    /// Takes more of the input.
    fn add(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// What is not taken yet.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or(&[])
    }

    /// Reading cannot go on here.
    fn stopped(&self, what: String) -> Stopped {
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
    fn next(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        if self.at_start {
            if self.rest().len() < 3 && !end {
                return Ok(None);
            }
            self.at_start = false;
            if self.rest().starts_with(&[0xef, 0xbb, 0xbf]) {
                self.taken += 3;
            }
        }
        // A value that takes a line is followed by others that do: one that is cut off then spoils none
        // but itself.
        if self.one_line
            && let Some(byte) = self.rest().first()
        {
            if matches!(byte, b'\n' | b'\r') && self.mode == Mode::Values {
                self.mode = Mode::Lines;
            }
            self.one_line = false;
        }
        self.space();
        let Some(byte) = self.rest().first().copied() else {
            let ended = match self.mode {
                Mode::Array => self.expects == Expects::Nothing,
                Mode::Tail => false,
                Mode::Start | Mode::Lines | Mode::Values => true,
            };
            return match end && !ended {
                true => {
                    Err(self.stopped("the array does not end: the input is cut off".to_owned()))
                }
                false => Ok(None),
            };
        };
        match self.mode {
            Mode::Start => {
                self.mode = match byte {
                    b'[' => Mode::Array,
                    _ if self.key.is_some() => Mode::Values,
                    _ => Mode::Lines,
                };
                if byte == b'[' {
                    self.take(1);
                }
                self.next(end)
            }
            Mode::Lines => self.line_text(end),
            Mode::Values => self.value(end),
            Mode::Array => self.element(byte, end),
            Mode::Tail => self.tail(end),
        }
    }

    /// The pointer to the text that was given last, in the document that it is part of.
    pub fn pointer(&self) -> String {
        let at = self.count.saturating_sub(1);
        match (self.mode, self.key) {
            (Mode::Array, Some(key)) if self.within => format!("/{key}/{at}"),
            (Mode::Array, _) => format!("/{at}"),
            _ => String::new(),
        }
    }

    /// A value; the list under the key is given element by element.
    fn value(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        let place = LineColumn { line: self.line, column: self.column };
        match self.look() {
            Looked::Ends(length) => {
                self.looked = Look::default();
                let text = self.take(length.max(1));
                self.one_line = !text.contains(&b'\n');
                Ok(Some((text, place)))
            }
            Looked::List(at) => {
                self.looked = Look::default();
                let head = self.take(at + 1);
                well_formed("", &head, "]}", place)?;
                (self.mode, self.within) = (Mode::Array, true);
                (self.expects, self.count) = (Expects::First, 0);
                self.next(end)
            }
            Looked::More if end => {
                Err(self.stopped("this value does not end: the input is cut off".to_owned()))
            }
            Looked::More => self.more().map(|()| None),
        }
    }

    /// What follows the list in its object.
    fn tail(&mut self, end: bool) -> Result<Option<(Vec<u8>, LineColumn)>, Stopped> {
        if self.looked.at == 0 {
            self.looked.depth = 1;
        }
        match self.look() {
            Looked::Ends(length) => {
                self.looked = Look::default();
                let place = LineColumn { line: self.line, column: self.column };
                let tail = self.take(length);
                well_formed("{\"\":[]", &tail, "", place)?;
                (self.mode, self.within) = (Mode::Values, false);
                self.next(end)
            }
            Looked::List(_) => {
                let key = self.key.unwrap_or("");
                Err(self.stopped(format!("`{key}` stands twice in one object")))
            }
            Looked::More if end => {
                Err(self.stopped("the object does not end: the input is cut off".to_owned()))
            }
            Looked::More => self.more().map(|()| None),
        }
    }

    /// Whether more may be read.
    fn more(&self) -> Result<(), Stopped> {
        match self.rest().len() > MAX_RESOURCE {
            true => Err(self.stopped("a resource of over 64 MiB".to_owned())),
            false => Ok(()),
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
                if self.within {
                    self.mode = Mode::Tail;
                }
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
        match self.look() {
            Looked::Ends(length) => {
                self.looked = Look::default();
                self.expects = Expects::Comma;
                self.count += 1;
                Ok(Some((self.take(length), place)))
            }
            _ if end => Err(self.stopped("the input is cut off within a resource".to_owned())),
            _ => self.more().map(|()| None),
        }
    }

    /// Looks for the end of the value at the front: the bracket that closes it, or what ends a scalar.
    /// Goes on where it stopped when the input ran out.
    fn look(&mut self) -> Looked {
        let mut look = self.looked;
        let key = self.key.filter(|_| self.mode != Mode::Array).map_or(&b""[..], str::as_bytes);
        let rest = self.buffer.get(self.taken..).unwrap_or(&[]);
        while let Some(byte) = rest.get(look.at) {
            match byte {
                _ if look.escaped => look.escaped = false,
                b'\\' if look.quoted => look.escaped = true,
                b'"' => {
                    look.quoted = !look.quoted;
                    if look.depth == 1 {
                        look.is_key = !look.quoted
                            && !key.is_empty()
                            && rest.get(look.text..look.at) == Some(key);
                        look.text = look.at + 1;
                    }
                }
                _ if look.quoted => {}
                b'[' if look.depth == 1 && look.is_key => {
                    self.looked = look;
                    return Looked::List(look.at);
                }
                b'{' | b'[' => {
                    look.depth += 1;
                    look.is_key = false;
                }
                b',' | b']' if look.depth == 0 && self.mode == Mode::Array => {
                    self.looked = look;
                    return Looked::Ends(look.at);
                }
                b'\n' if look.depth == 0 && self.mode == Mode::Values => {
                    return Looked::Ends(look.at);
                }
                b'}' | b']' if look.depth > 0 => {
                    look.depth -= 1;
                    if look.depth == 0 {
                        return Looked::Ends(look.at + 1);
                    }
                }
                b',' if look.depth == 1 => look.is_key = false,
                _ => {}
            }
            look.at += 1;
        }
        self.looked = look;
        Looked::More
    }
}

/// What stands around the list of an object is read for nothing else, yet it must be JSON: checked with what
/// stands for the list in the middle.
fn well_formed(before: &str, text: &[u8], after: &str, place: LineColumn) -> Result<(), Stopped> {
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(Stopped { place, what: "no UTF-8".to_owned() });
    };
    let whole = format!("{before}{text}{after}");
    let mut cursor = Cursor::new(&whole);
    cursor.skip().and_then(|()| cursor.end()).map_err(|fault| {
        let at = fault.at.saturating_sub(before.len());
        Stopped { place: place_in(text, place, at), what: fault.what }
    })
}
