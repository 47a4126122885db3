//! A text as what is never taken apart: tokens, strings whole with their holes, and the comments between.

use super::super::lexer::Lexeme;
use super::super::token::{Fixed, Token};

/// A token, or a whole string, and what stands before it.
#[derive(Debug)]
pub(super) struct Piece<'t> {
    /// As it is written; empty for the end of the text.
    pub text: &'t str,
    /// The keyword, operator or bracket that it is.
    pub fixed: Option<Fixed>,
    kind: Kind,
    /// Its first byte.
    pub start: u32,
    /// Whether a line ends before it.
    pub newline: bool,
    /// Whether a line is left blank right before it.
    pub blank: bool,
    /// The comments before it, each in a line of its own.
    pub comments: Vec<Comment<'t>>,
    /// The comment after it in its line.
    pub trailing: Option<&'t str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Doc,
    ModuleDoc,
    /// A name, a type, a literal.
    Word,
    Fixed,
    End,
}

/// A comment that is no doc comment.
#[derive(Debug)]
pub(super) struct Comment<'t> {
    pub text: &'t str,
    /// Whether a line is left blank before it.
    pub blank: bool,
}

impl Piece<'_> {
    pub fn is_doc(&self) -> bool {
        matches!(self.kind, Kind::Doc | Kind::ModuleDoc)
    }

    pub fn is_module_doc(&self) -> bool {
        self.kind == Kind::ModuleDoc
    }

    pub fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub fn opens(&self) -> bool {
        matches!(self.fixed, Some(Fixed::OpenRound | Fixed::OpenSquare | Fixed::OpenCurly))
    }

    pub fn closes(&self) -> bool {
        matches!(self.fixed, Some(Fixed::CloseRound | Fixed::CloseSquare | Fixed::CloseCurly))
    }
}

/// The pieces of a text that parses, and its end.
pub(super) fn of<'t>(text: &'t str, tokens: &[Lexeme]) -> Vec<Piece<'t>> {
    let mut out: Vec<Piece<'t>> = Vec::new();
    let mut from = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut strings = 0usize;
    for token in tokens {
        let (start, end) = (token.start as usize, token.end as usize);
        if strings > 0 {
            // Within a string: it grows up to here.
            if let Some(last) = out.last_mut() {
                last.text = text.get(last.start as usize..end).unwrap_or("");
            }
        } else {
            let fixed = match token.token {
                Token::Fixed(fixed) => Some(fixed),
                _ => None,
            };
            let kind = match token.token {
                Token::Fixed(_) => Kind::Fixed,
                Token::Doc(_) => Kind::Doc,
                Token::ModuleDoc(_) => Kind::ModuleDoc,
                _ => Kind::Word,
            };
            let own = text.get(start..end).unwrap_or("").trim_end();
            let between = text.get(from..start).unwrap_or("");
            let piece = piece((own, token.start), (fixed, kind), between, out.last_mut());
            out.push(piece);
        }
        match token.token {
            Token::TextStart => strings += 1,
            Token::TextEnd => strings = strings.saturating_sub(1),
            _ => {}
        }
        from = end;
    }
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let rest = text.get(from..).unwrap_or("");
    let last = piece(("", end), (None, Kind::End), rest, out.last_mut());
    out.push(last);
    out
}

/// A piece with what stands between the one before and it.
fn piece<'t>(
    (text, start): (&'t str, u32),
    (fixed, kind): (Option<Fixed>, Kind),
    between: &'t str,
    before: Option<&mut Piece<'t>>,
) -> Piece<'t> {
    let mut comments = Vec::new();
    let mut blank = false;
    let mut lines = between.split('\n').map(str::trim);
    let same_line = lines.next().unwrap_or("");
    if !same_line.is_empty() {
        match before {
            Some(before) => before.trailing = Some(same_line),
            None => comments.push(Comment { text: same_line, blank: false }),
        }
    }
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        // What follows the last line end is the piece's own line.
        let own = lines.peek().is_none();
        if line.is_empty() {
            blank |= !own;
        } else {
            comments.push(Comment { text: line, blank: std::mem::take(&mut blank) });
        }
    }
    let newline = between.contains('\n');
    Piece { text, fixed, kind, start, newline, blank, comments, trailing: None }
}
