//! Where the texts of an input begin and end.

use crate::base::LineColumn;
use crate::base::simd::plain_until;

use super::super::scan::{Cursor, place_in};
use super::{Cut, Stopped};

/// The longest text of one resource, in bytes.
const MAX_RESOURCE: usize = 64 << 20;

/// Cuts the input into the texts of its resources, counting lines.
#[derive(Debug)]
pub struct Splitter {
    /// How much of the block is taken.
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

    /// Finds the texts that are whole in what there is of a block.
    pub(super) fn cut(
        &mut self,
        bytes: &[u8],
        end: bool,
        out: &mut Vec<Cut>,
    ) -> Result<(), Stopped> {
        self.taken = 0;
        while let Some(cut) = self.next(bytes, end)? {
            out.push(cut);
        }
        Ok(())
    }

    /// How much of the block was taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Reading cannot go on here.
    pub(super) fn stopped(&self, what: String) -> Stopped {
        Stopped { place: LineColumn { line: self.line, column: self.column }, what }
    }

    /// Takes bytes off the front, counting lines and columns.
    fn take(&mut self, rest: &[u8], count: usize) {
        let taken = rest.get(..count).unwrap_or(rest);
        self.taken += taken.len();
        let last = memchr::memrchr(b'\n', taken);
        if let Some(last) = last {
            let lines = memchr::memchr_iter(b'\n', taken.get(..last).unwrap_or(&[])).count() + 1;
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
            self.column = 1;
        }
        let line = taken.get(last.map_or(0, |last| last + 1)..).unwrap_or(&[]);
        self.column = self.column.saturating_add(characters(line));
    }

    /// A text at the front, of this length.
    fn text(&mut self, rest: &[u8], length: usize) -> Cut {
        let element = match self.mode {
            Mode::Array => (self.key.filter(|_| self.within), Some(self.count)),
            _ => (None, None),
        };
        let place = LineColumn { line: self.line, column: self.column };
        let start = self.taken;
        self.take(rest, length);
        Cut { range: start..self.taken, place, element }
    }

    /// The next resource's text and place; `None` where more input is needed, or none is left.
    fn next(&mut self, bytes: &[u8], end: bool) -> Result<Option<Cut>, Stopped> {
        if self.at_start {
            if bytes.len() < 3 && !end {
                return Ok(None);
            }
            self.at_start = false;
            if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
                self.taken += 3;
            }
        }
        // A value that takes a line is followed by others that do: one that is cut off then spoils none
        // but itself.
        if self.one_line
            && let Some(byte) = bytes.get(self.taken)
        {
            if matches!(byte, b'\n' | b'\r') && self.mode == Mode::Values {
                self.mode = Mode::Lines;
            }
            self.one_line = false;
        }
        self.space(bytes);
        let rest = bytes.get(self.taken..).unwrap_or(&[]);
        let Some(byte) = rest.first().copied() else {
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
                    self.take(rest, 1);
                }
                self.next(bytes, end)
            }
            Mode::Lines => self.line_text(rest, end),
            Mode::Values => self.value(bytes, end),
            Mode::Array => self.element(bytes, byte, end),
            Mode::Tail => self.tail(bytes, end),
        }
    }

    /// A value; the list under the key is given element by element.
    fn value(&mut self, bytes: &[u8], end: bool) -> Result<Option<Cut>, Stopped> {
        let rest = bytes.get(self.taken..).unwrap_or(&[]);
        match self.look(rest) {
            Looked::Ends(length) => {
                self.looked = Look::default();
                let line = self.line;
                let cut = self.text(rest, length.max(1));
                self.one_line = self.line == line;
                Ok(Some(cut))
            }
            Looked::List(at) => {
                self.looked = Look::default();
                let head = rest.get(..=at).unwrap_or(&[]);
                well_formed("", head, "]}", LineColumn { line: self.line, column: self.column })?;
                self.take(rest, at + 1);
                (self.mode, self.within) = (Mode::Array, true);
                (self.expects, self.count) = (Expects::First, 0);
                self.next(bytes, end)
            }
            Looked::More if end => {
                Err(self.stopped("this value does not end: the input is cut off".to_owned()))
            }
            Looked::More => self.more(rest).map(|()| None),
        }
    }

    /// What follows the list in its object.
    fn tail(&mut self, bytes: &[u8], end: bool) -> Result<Option<Cut>, Stopped> {
        if self.looked.at == 0 {
            self.looked.depth = 1;
        }
        let rest = bytes.get(self.taken..).unwrap_or(&[]);
        match self.look(rest) {
            Looked::Ends(length) => {
                self.looked = Look::default();
                let place = LineColumn { line: self.line, column: self.column };
                well_formed("{\"\":[]", rest.get(..length).unwrap_or(rest), "", place)?;
                self.take(rest, length);
                (self.mode, self.within) = (Mode::Values, false);
                self.next(bytes, end)
            }
            Looked::List(_) => {
                let key = self.key.unwrap_or("");
                Err(self.stopped(format!("`{key}` stands twice in one object")))
            }
            Looked::More if end => {
                Err(self.stopped("the object does not end: the input is cut off".to_owned()))
            }
            Looked::More => self.more(rest).map(|()| None),
        }
    }

    /// Whether more may be read.
    fn more(&self, rest: &[u8]) -> Result<(), Stopped> {
        match rest.len() > MAX_RESOURCE {
            true => Err(self.stopped("a resource of over 64 MiB".to_owned())),
            false => Ok(()),
        }
    }

    fn space(&mut self, bytes: &[u8]) {
        let rest = bytes.get(self.taken..).unwrap_or(&[]);
        let count = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if count > 0 && self.looked.at == 0 {
            self.take(rest, count);
        }
    }

    fn line_text(&mut self, rest: &[u8], end: bool) -> Result<Option<Cut>, Stopped> {
        match memchr::memchr(b'\n', rest) {
            Some(at) => {
                let range = self.taken..self.taken + at;
                let place = LineColumn { line: self.line, column: self.column };
                self.taken += at + 1;
                (self.line, self.column) = (self.line.saturating_add(1), 1);
                Ok(Some(Cut { range, place, element: (None, None) }))
            }
            None if end => Ok(Some(self.text(rest, rest.len()))),
            None if rest.len() > MAX_RESOURCE => {
                Err(self.stopped("a line of over 64 MiB".to_owned()))
            }
            None => Ok(None),
        }
    }

    fn element(&mut self, bytes: &[u8], byte: u8, end: bool) -> Result<Option<Cut>, Stopped> {
        let rest = bytes.get(self.taken..).unwrap_or(&[]);
        match (byte, self.expects) {
            (b']', Expects::First | Expects::Comma) => {
                self.take(rest, 1);
                self.expects = Expects::Nothing;
                if self.within {
                    self.mode = Mode::Tail;
                }
                return self.next(bytes, end);
            }
            (b',', Expects::Comma) => {
                self.take(rest, 1);
                self.expects = Expects::Element;
                return self.next(bytes, end);
            }
            (_, Expects::Nothing) => return Err(self.stopped("text after the array".to_owned())),
            (b',' | b']', _) => return Err(self.stopped("expected a resource".to_owned())),
            (_, Expects::Comma) => return Err(self.stopped("expected `,` or `]`".to_owned())),
            (_, Expects::First | Expects::Element) => {}
        }
        match self.look(rest) {
            Looked::Ends(length) => {
                self.looked = Look::default();
                self.expects = Expects::Comma;
                let cut = self.text(rest, length);
                self.count += 1;
                Ok(Some(cut))
            }
            _ if end => Err(self.stopped("the input is cut off within a resource".to_owned())),
            _ => self.more(rest).map(|()| None),
        }
    }

    /// Looks for the end of the value at the front: the bracket that closes it, or what ends a scalar.
    /// Goes on where it stopped when the input ran out.
    fn look(&mut self, rest: &[u8]) -> Looked {
        let mut look = self.looked;
        let key = self.key.filter(|_| self.mode != Mode::Array).map_or(&b""[..], str::as_bytes);
        loop {
            if look.quoted && !look.escaped {
                look.at = plain_until(rest, look.at);
            }
            let Some(byte) = rest.get(look.at) else { break };
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

/// How many characters the bytes begin. Few at a time fit a byte, and sixteen bytes a register.
fn characters(bytes: &[u8]) -> u32 {
    let count = |few: &[u8]| {
        few.iter().fold(0u8, |count, byte| count.wrapping_add(u8::from(byte & 0xc0 != 0x80)))
    };
    let all: usize = bytes.chunks(usize::from(u8::MAX)).map(|few| usize::from(count(few))).sum();
    u32::try_from(all).unwrap_or(u32::MAX)
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
