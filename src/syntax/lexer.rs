//! Text to tokens.
//!
//! logos recognises what is regular; strings are read by hand, since `"port {port}"` holds tokens in
//! its hole: the example gives `TextStart`, `TextPart("port ")`, `HoleStart`, `Name("port")`,
//! `HoleEnd`, `TextEnd`. A hole may hold braces and strings of its own; a stack remembers which brace
//! ends which. A string without holes is one `Text`.

use logos::Logos;

use crate::base::{SourceId, Span};
use crate::diagnostic::Diagnostics;

use super::ast::Tag;
use super::errors;
use super::literal;
use super::token::{Fixed, Raw, Token};

/// How deep brackets and holes may nest.
pub const MAX_DEPTH: usize = 128;

/// How many tokens may stand within the outermost brackets of a declaration: whatever is counted of one (the
/// registers of its expressions, its `let`s, its requirements) fits in 16 bits.
pub const MAX_TOKENS: usize = 60_000;

/// A token and where it stands, in bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Lexeme {
    /// The token.
    pub token: Token,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// What is open around the place that is read.
enum Open {
    /// A bracket of the program.
    Bracket,
    /// A hole of a string; the string goes on after its `}`.
    Hole,
}

struct Lexer<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
    open: Vec<Open>,
    out: Vec<Lexeme>,
    /// How many tokens there were when no bracket was open last.
    outside: usize,
    sink: &'a mut Diagnostics,
}

/// The tokens of the text. What is no token is reported and left out.
pub fn lex(source: SourceId, text: &str, sink: &mut Diagnostics) -> Vec<Lexeme> {
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer = Lexer { source, text, at, open: Vec::new(), out: Vec::new(), outside: 0, sink };
    lexer.refuse_invisible();
    lexer.run();
    lexer.out
}

/// Whether the character hides or reorders what a reader sees.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl<'a> Lexer<'a> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, to_u32(start), to_u32(end))
    }

    fn push(&mut self, token: Token, start: usize, end: usize) {
        self.out.push(Lexeme { token, start: to_u32(start), end: to_u32(end) });
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn refuse_invisible(&mut self) {
        let from = self.at;
        let hidden =
            self.text.get(from..).unwrap_or("").char_indices().filter(|(_, c)| is_invisible(*c));
        for (at, c) in hidden.take(20) {
            let span = self.span(from + at, from + at + c.len_utf8());
            self.sink.push(errors::invisible_character(c, span));
        }
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            let mut raw = Raw::lexer(self.text.get(self.at..).unwrap_or(""));
            let Some(found) = raw.next() else { break };
            let start = self.at + raw.span().start;
            let end = self.at + raw.span().end;
            self.at = end;
            match found {
                Ok(kind) => self.token(kind, start, end),
                Err(()) => self.no_token(start),
            }
            if self.open.len() > MAX_DEPTH {
                self.sink.push(errors::too_deep(self.span(start, end), MAX_DEPTH));
                break;
            }
            if self.open.is_empty() {
                self.outside = self.out.len();
            } else if self.out.len() - self.outside > MAX_TOKENS {
                self.sink.push(errors::too_long(self.span(start, end), MAX_TOKENS));
                break;
            }
        }
    }

    /// A character that begins no token: reported, with its like after it, and passed over.
    fn no_token(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or("");
        let c = rest.chars().next().unwrap_or(' ');
        if c == '\'' {
            // Somebody's idea of a string: take it whole, so that it is one mistake.
            let line = rest.lines().next().unwrap_or("");
            let inner = line.get(1..).and_then(|rest| rest.split_once('\''));
            if let Some((inner, _)) = inner {
                let end = start + inner.len() + 2;
                self.sink.push(errors::single_quotes(self.span(start, end), inner));
                self.push(Token::Text(inner.to_owned()), start, end);
                self.at = end;
                return;
            }
        }
        let operator = ["&&", "||", "!", ";"].iter().find(|op| rest.starts_with(**op));
        let len = operator.map_or(c.len_utf8(), |op| op.len());
        self.at = start + len;
        let span = self.span(start, self.at);
        match operator {
            Some(&"&&") => {
                self.sink.push(errors::foreign_operator("&&", "and", span));
                self.push(Token::Fixed(Fixed::And), start, self.at);
            }
            Some(&"!") => {
                self.sink.push(errors::foreign_operator("!", "not", span));
                self.push(Token::Fixed(Fixed::Not), start, self.at);
            }
            Some(&";") => self.sink.push(errors::semicolon(span)),
            _ if is_invisible(c) => {}
            _ => self.sink.push(errors::no_token(c, span)),
        }
    }

    fn token(&mut self, kind: Raw, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or("");
        match kind {
            Raw::Word => {
                let token = match Fixed::find(text) {
                    Some(fixed) => Token::Fixed(fixed),
                    None => Token::Name(text.to_owned()),
                };
                self.push(token, start, end);
            }
            Raw::Sign => self.sign(start, end),
            Raw::ResourceType => self.push(Token::ResourceType(text.to_owned()), start, end),
            Raw::Quote => self.string(start),
            Raw::RawQuote => self.raw_string(start, end),
            Raw::TaggedQuote(tag) => self.tagged(tag, start, end),
            Raw::Comment => self.comment(start, end),
            Raw::Int | Raw::Float | Raw::Percent | Raw::Duration | Raw::Time => {
                // What is malformed counts as some literal of its kind, so that nothing more is said of it.
                let (parsed, some) = match kind {
                    Raw::Int => (literal::int(text), Token::Int(0)),
                    Raw::Float => (literal::float(text), Token::Float(0.0)),
                    Raw::Percent => (literal::percent(text), Token::Percent(0.0)),
                    Raw::Duration => (literal::duration(text), Token::Duration(0)),
                    _ => (literal::timestamp(text), Token::Timestamp(0)),
                };
                match parsed {
                    Ok(token) => self.push(token, start, end),
                    Err(problem) => {
                        let span = self.span(start, end);
                        self.sink.push(errors::malformed(&problem, span));
                        self.push(some, start, end);
                    }
                }
            }
        }
    }

    fn sign(&mut self, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or("");
        if text == "|" && self.text.get(end..).unwrap_or("").starts_with('|') {
            self.at = end + 1;
            let span = self.span(start, self.at);
            self.sink.push(errors::foreign_operator("||", "or", span));
            self.push(Token::Fixed(Fixed::Or), start, self.at);
            return;
        }
        let Some(fixed) = Fixed::find(text) else { return };
        match fixed {
            Fixed::OpenRound | Fixed::OpenSquare | Fixed::OpenCurly => {
                self.open.push(Open::Bracket);
            }
            Fixed::CloseRound | Fixed::CloseSquare => {
                if matches!(self.open.last(), Some(Open::Bracket)) {
                    self.open.pop();
                }
            }
            Fixed::CloseCurly => {
                if let Some(Open::Hole) = self.open.pop() {
                    self.push(Token::HoleEnd, start, end);
                    self.string_body(start);
                    return;
                }
            }
            _ => {}
        }
        self.push(Token::Fixed(fixed), start, end);
    }

    /// A string whose opening quote is read: one `Text`, or the start of a string with holes.
    fn string(&mut self, start: usize) {
        let (part, stop) = self.characters(start);
        if stop == Stop::Hole {
            self.push(Token::TextStart, start, start + 1);
            if !part.is_empty() {
                self.push(Token::TextPart(part), start + 1, self.at - 1);
            }
            self.push(Token::HoleStart, self.at - 1, self.at);
            self.open.push(Open::Hole);
        } else {
            self.push(Token::Text(part), start, self.at);
        }
    }

    /// The rest of a string after one of its holes.
    fn string_body(&mut self, start: usize) {
        let from = self.at;
        let (part, stop) = self.characters(start);
        // Where the text is cut off no quote was read.
        let end = if stop == Stop::Cut { self.at } else { self.at - 1 };
        if !part.is_empty() {
            self.push(Token::TextPart(part), from, end);
        }
        if stop == Stop::Hole {
            self.push(Token::HoleStart, end, self.at);
            self.open.push(Open::Hole);
        } else {
            self.push(Token::TextEnd, end, self.at);
        }
    }

    /// Characters up to a quote or a hole, which is read too; `start` is where the string began.
    fn characters(&mut self, start: usize) -> (String, Stop) {
        let mut out = String::new();
        loop {
            let Some(c) = self.rest().chars().next() else {
                self.sink.push(errors::unterminated(self.span(start, self.at)));
                return (out, Stop::Cut);
            };
            match c {
                '"' => {
                    self.at += 1;
                    return (out, Stop::Quote);
                }
                '{' => {
                    self.at += 1;
                    return (out, Stop::Hole);
                }
                '\n' => {
                    self.sink.push(errors::unterminated(self.span(start, self.at)));
                    return (out, Stop::Cut);
                }
                '\\' => self.escape(&mut out),
                _ => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let rest = self.rest();
        match literal::escape(rest) {
            Ok((c, len)) => {
                out.push(c);
                self.at += len;
            }
            Err(len) => {
                let span = self.span(self.at, self.at + len);
                let text = rest.get(..len).unwrap_or("\\").to_owned();
                self.at += len;
                self.sink.push(errors::unknown_escape(&text, span));
            }
        }
    }

    fn raw_string(&mut self, start: usize, end: usize) {
        let hashes = end.saturating_sub(start + 2);
        let close = format!("\"{}", "#".repeat(hashes));
        let rest = self.rest();
        let (inner, len) = match rest.find(&close) {
            Some(at) => (rest.get(..at).unwrap_or("").to_owned(), at + close.len()),
            None => {
                let span = self.span(start, self.text.len());
                self.sink.push(errors::unterminated(span));
                (rest.to_owned(), rest.len())
            }
        };
        self.at += len;
        self.push(Token::Text(inner), start, self.at);
    }

    fn tagged(&mut self, tag: Tag, start: usize, end: usize) {
        let mut inner = String::new();
        let mut chars = self.rest().char_indices();
        let mut len = None;
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    len = Some(at + 1);
                    break;
                }
                '\n' => break,
                '\\' => match chars.next() {
                    Some((_, '"')) => inner.push('"'),
                    Some((_, other)) => inner.extend(['\\', other]),
                    None => inner.push('\\'),
                },
                _ => inner.push(c),
            }
        }
        let Some(len) = len else {
            let line = self.rest().lines().next().unwrap_or("").len();
            self.at += line;
            self.sink.push(errors::unterminated(self.span(start, self.at)));
            return;
        };
        self.at += len;
        if let Err(problem) = literal::check(tag, &inner) {
            let span = self.span(end, self.at - 1);
            self.sink.push(errors::malformed(&problem, span));
            inner = literal::harmless(tag).to_owned();
        }
        self.push(Token::Tagged(tag, inner), start, self.at);
    }

    fn comment(&mut self, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or("").trim_end_matches('\r');
        let module = text.strip_prefix("//!");
        let doc = text.strip_prefix("///").filter(|rest| !rest.starts_with('/'));
        let Some(line) = module.or(doc) else { return };
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        let same = self.out.last_mut().filter(|last| last.end <= to_u32(start));
        if let Some(last) = same {
            let joined = match (&mut last.token, module.is_some()) {
                (Token::ModuleDoc(lines), true) | (Token::Doc(lines), false) => Some(lines),
                _ => None,
            };
            if let Some(lines) = joined {
                lines.push('\n');
                lines.push_str(line);
                last.end = to_u32(end);
                return;
            }
        }
        let token = match module {
            Some(_) => Token::ModuleDoc(line.to_owned()),
            None => Token::Doc(line.to_owned()),
        };
        self.push(token, start, end);
    }
}

#[derive(PartialEq, Eq)]
enum Stop {
    /// The quote that ends the text was read.
    Quote,
    /// The brace that begins a hole was read.
    Hole,
    /// The line ends, or all does.
    Cut,
}

/// Texts are refused long before 4 GiB.
fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
