//! One style for policies: how tokens are spaced, how lines are indented, where blank lines stand. Lines are broken
//! where their author broke them; every comment stays, and so does every token, but for commas before a closing
//! bracket.

mod layout;
mod pieces;
mod spaces;
mod spans;

use crate::base::SourceId;
use crate::diagnostic::Diagnostics;

use super::lexer::lex;
use super::parse_module;
use layout::Layout;
use pieces::Piece;
use spans::Spans;

/// The columns of one level.
const INDENT: usize = 4;

/// The text in the one style; `None` where it does not parse: the sink says why.
pub fn format(source: SourceId, text: &str, sink: &mut Diagnostics) -> Option<String> {
    let known = sink.len();
    let module = parse_module(source, text, sink);
    if sink.len() > known {
        return None;
    }
    let tokens = lex(source, text, &mut Diagnostics::new());
    let spans = Spans::of(&module);
    let pieces = pieces::of(text, &tokens);
    let layout = Layout::of(&pieces, &spans);
    Some(written(&pieces, &layout))
}

/// The pieces in their lines.
fn written(pieces: &[Piece<'_>], layout: &Layout) -> String {
    let mut out = String::new();
    let mut before: Option<&Piece<'_>> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let place = layout.at(at);
        if place.dropped {
            continue;
        }
        match place.line {
            Some(level) => {
                let inside = level + usize::from(piece.closes());
                for (number, comment) in piece.comments.iter().enumerate() {
                    let blank = if number == 0 { place.blank } else { comment.blank };
                    line(&mut out, blank, inside);
                    out.push_str(comment.text);
                }
                let blank = if piece.comments.is_empty() { place.blank } else { piece.blank };
                line(&mut out, blank && !piece.closes() && !piece.text.is_empty(), level);
                whole(&mut out, piece, level);
            }
            None => {
                if before.is_some_and(|before| spaces::between(before, piece, place.near)) {
                    out.push(' ');
                }
                whole(&mut out, piece, 0);
            }
        }
        if place.comma {
            out.push(',');
        }
        if let Some(comment) = piece.trailing {
            out.push(' ');
            out.push_str(comment);
        }
        before = Some(piece);
    }
    out.truncate(out.trim_end().len());
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Begins a line at this level, after a blank one or not.
fn line(out: &mut String, blank: bool, level: usize) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() {
        out.push_str(if blank { "\n\n" } else { "\n" });
    }
    out.extend(std::iter::repeat_n(' ', level * INDENT));
}

/// A piece; the lines of a doc comment stand under each other.
fn whole(out: &mut String, piece: &Piece<'_>, level: usize) {
    if !piece.is_doc() {
        return out.push_str(piece.text);
    }
    let mut lines = piece.text.lines().map(str::trim).filter(|text| !text.is_empty());
    out.push_str(lines.next().unwrap_or(""));
    for text in lines {
        line(out, false, level);
        out.push_str(text);
    }
}
