//! Which pieces begin lines, at which level; which commas are added and left out.

use std::collections::BTreeSet;

use super::super::token::Fixed as F;
use super::pieces::Piece;
use super::spaces::{Near, wants_operand};
use super::spans::Spans;

/// What becomes of a piece.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// The level of the line that it begins.
    pub line: Option<usize>,
    /// Whether a blank line stands before it and its comments.
    pub blank: bool,
    /// Whether it is a comma that is left out.
    pub dropped: bool,
    /// Whether a comma is added after it.
    pub comma: bool,
    /// What matters for the space after it.
    pub near: Near,
}

/// What braces hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Braces {
    Nothing,
    /// `use a.{b, c}`.
    Names,
    /// `{String}`.
    MapType,
    /// `{ Key: value }`, fields of a schema.
    Record,
    /// Statements.
    Block,
}

/// Of each piece what becomes of it.
#[derive(Debug)]
pub(super) struct Layout(Vec<Place>);

/// A pair of brackets, by the numbers of their pieces.
#[derive(Clone, Copy, Debug)]
struct Pair {
    open: usize,
    close: usize,
    braces: Option<Braces>,
}

impl Layout {
    pub fn of(pieces: &[Piece<'_>], spans: &Spans) -> Self {
        let pairs = pairs(pieces);
        let mut begins: Vec<bool> = (0..pieces.len()).map(|at| breaks(pieces, spans, at)).collect();
        let mut places = vec![Place::default(); pieces.len()];
        // From the outside in: whether a block is in lines hangs on what is in it as it was written.
        for pair in &pairs {
            open_or_closed(pieces, *pair, &mut begins);
        }
        for pair in &pairs {
            commas(pieces, *pair, &begins, &mut places);
        }
        for pair in &pairs {
            for at in [pair.open + 1, pair.close] {
                if let Some(place) = places.get_mut(at) {
                    place.near.braces = pair.braces;
                }
            }
        }
        for at in 1..pieces.len() {
            let sign = is_sign(pieces, at - 1);
            if let Some(place) = places.get_mut(at) {
                place.near.sign = sign;
            }
        }
        levels(pieces, &pairs, spans, &begins, &mut places);
        blanks(pieces, spans, &begins, &mut places);
        Self(places)
    }

    pub fn at(&self, at: usize) -> Place {
        self.0.get(at).copied().unwrap_or_default()
    }
}

/// Whether the piece begins a line whatever stands around it.
fn forced(pieces: &[Piece<'_>], spans: &Spans, at: usize) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let Some(before) = at.checked_sub(1).and_then(|before| pieces.get(before)) else {
        return true;
    };
    !piece.comments.is_empty()
        || before.trailing.is_some()
        || piece.is_doc()
        || before.is_doc()
        || piece.text.is_empty()
        || spans.items.contains(&piece.start)
        || spans.uses.contains(&piece.start)
}

/// A comma, a colon, a question mark and the brace of a block stay with what is before them.
fn breaks(pieces: &[Piece<'_>], spans: &Spans, at: usize) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let stays = match piece.fixed {
        Some(F::Comma | F::Colon | F::Question) => true,
        Some(F::OpenCurly) => braces(pieces, at) == Braces::Block,
        _ => false,
    };
    piece.newline && !stays || forced(pieces, spans, at)
}

/// Whether the piece is a minus with one operand.
fn is_sign(pieces: &[Piece<'_>], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| pieces.get(before));
    pieces.get(at).is_some_and(|piece| piece.fixed == Some(F::Minus))
        && before.is_none_or(wants_operand)
}

/// The pairs of brackets, each before those within it.
fn pairs(pieces: &[Piece<'_>]) -> Vec<Pair> {
    let mut open = Vec::new();
    let mut out = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if piece.opens() {
            open.push(at);
        } else if piece.closes()
            && let Some(first) = open.pop()
        {
            let braces = (piece.fixed == Some(F::CloseCurly)).then(|| braces(pieces, first));
            out.push(Pair { open: first, close: at, braces });
        }
    }
    out.sort_by_key(|pair| pair.open);
    out
}

/// What the braces hold that open here.
fn braces(pieces: &[Piece<'_>], open: usize) -> Braces {
    let before = open.checked_sub(1).and_then(|before| pieces.get(before));
    if before.is_some_and(|before| before.fixed == Some(F::Dot)) {
        return Braces::Names;
    }
    let mut inner = pieces.iter().skip(open + 1).filter(|piece| !piece.is_doc());
    let (Some(first), second) = (inner.next(), inner.next()) else { return Braces::Nothing };
    let keyed = second.is_some_and(|second| second.fixed == Some(F::Colon));
    match first.fixed {
        Some(F::CloseCurly) => Braces::Nothing,
        Some(F::Spread | F::At) => Braces::Record,
        _ if keyed => Braces::Record,
        None | Some(F::OpenSquare | F::OpenCurly | F::OpenRound) => Braces::MapType,
        Some(_) => Braces::Block,
    }
}

/// A bracket closes in a line of its own where what it opens begins in one. A block is in lines where any part
/// of it is.
fn open_or_closed(pieces: &[Piece<'_>], pair: Pair, begins: &mut [bool]) {
    let commented = pieces.get(pair.close).is_some_and(|piece| !piece.comments.is_empty())
        || pieces.get(pair.close.saturating_sub(1)).is_some_and(|piece| piece.trailing.is_some());
    let within = |range: std::ops::RangeInclusive<usize>| {
        begins.get(range).is_some_and(|all| all.contains(&true))
    };
    let empty = pair.close == pair.open + 1;
    let broken = match pair.braces {
        _ if empty => commented,
        Some(Braces::Block) => within(pair.open + 1..=pair.close),
        _ => within(pair.open + 1..=pair.open + 1),
    };
    if !empty && let Some(first) = begins.get_mut(pair.open + 1) {
        *first = broken;
    }
    if let Some(close) = begins.get_mut(pair.close) {
        *close = broken || commented;
    }
}

/// The last comma of a list: there where the list closes in a line of its own, not there else.
fn commas(pieces: &[Piece<'_>], pair: Pair, begins: &[bool], places: &mut [Place]) {
    let last = pair.close.saturating_sub(1);
    let own_line = begins.get(pair.close) == Some(&true);
    if last == pair.open || pair.braces == Some(Braces::Block) {
        return;
    }
    let Some(place) = places.get_mut(last) else { return };
    if pieces.get(last).is_some_and(|piece| piece.fixed == Some(F::Comma)) {
        // One that begins a line does so for a comment before it.
        place.dropped = !own_line && begins.get(last) != Some(&true);
        return;
    }
    let mut depth = 0usize;
    let listed = pieces.iter().take(pair.close).skip(pair.open + 1).any(|piece| {
        depth += usize::from(piece.opens());
        depth = depth.saturating_sub(usize::from(piece.closes()));
        depth == 0 && piece.fixed == Some(F::Comma)
    });
    place.comma = own_line && (listed || pair.braces == Some(Braces::Record));
}

/// A line is indented by how many lines the parts begin in that it is within; one that closes a bracket, as the
/// line that opens it.
fn levels(
    pieces: &[Piece<'_>],
    pairs: &[Pair],
    spans: &Spans,
    begins: &[bool],
    places: &mut [Place],
) {
    let end = |at: usize| pieces.get(at).map_or(0, |piece| piece.start);
    let brackets = pairs.iter().map(|pair| (end(pair.open), end(pair.close).saturating_add(1)));
    let plain = spans.parts.iter().copied().chain(brackets).map(|part| (part, false));
    let deeper = spans.deeper.iter().map(|part| (*part, true));
    let mut parts: Vec<((u32, u32), bool)> = plain.chain(deeper).collect();
    parts.sort_by_key(|((start, end), _)| (*start, std::cmp::Reverse(*end)));
    let mut parts = parts.into_iter().peekable();
    let opener: std::collections::BTreeMap<usize, usize> =
        pairs.iter().map(|pair| (pair.close, pair.open)).collect();
    // Where the parts around here end, the lines that they begin in, which count once more.
    let mut around: Vec<(u32, usize, bool)> = Vec::new();
    let mut lines: Vec<usize> = Vec::new();
    let mut line_of: Vec<usize> = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        around.retain(|(end, ..)| *end > piece.start);
        if begins.get(at) == Some(&true) {
            let opened = opener.get(&at).and_then(|open| line_of.get(*open));
            let level = match opened.and_then(|line| lines.get(*line)) {
                Some(level) => *level,
                None => {
                    let begun: BTreeSet<usize> = around.iter().map(|(_, line, _)| *line).collect();
                    begun.len() + around.iter().filter(|(.., deeper)| *deeper).count()
                }
            };
            lines.push(level);
            if let Some(place) = places.get_mut(at) {
                place.line = Some(level);
            }
        }
        let line = lines.len().saturating_sub(1);
        line_of.push(line);
        while let Some(((_, end), deeper)) = parts.next_if(|((start, _), _)| *start <= piece.start)
        {
            around.push((end, line, deeper));
        }
    }
}

/// Declarations stand apart, but for parameters of one line; else lines are left blank where they were, one at a
/// time, and none at the start or end of a block.
fn blanks(pieces: &[Piece<'_>], spans: &Spans, begins: &[bool], places: &mut [Place]) {
    let mut imported = false;
    // Whether the declaration before takes several lines; where it begins.
    let mut item: Option<usize> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let was = piece.comments.first().map_or(piece.blank, |comment| comment.blank);
        let next = pieces.get(at + 1).map_or(0, |next| next.start);
        let documented = piece.is_doc() && spans.items.contains(&next);
        let follows_docs = before.is_some_and(|before| before.is_doc() && !before.is_module_doc());
        let is_item = documented || spans.items.contains(&piece.start) && !follows_docs;
        let apart = if is_item {
            let long = item.replace(at).is_none_or(|first| {
                begins.get(first + 1..at).is_some_and(|all| all.contains(&true))
            });
            long || documented || is_long(pieces, spans, begins, at)
        } else if spans.uses.contains(&piece.start) {
            !std::mem::replace(&mut imported, true)
        } else {
            false
        };
        let Some(place) = places.get_mut(at) else { continue };
        place.blank = at > 0 && (was || apart) && !before.is_some_and(Piece::opens);
    }
}

/// Whether the declaration that begins here takes more than a line.
fn is_long(pieces: &[Piece<'_>], spans: &Spans, begins: &[bool], at: usize) -> bool {
    let rest = pieces.iter().zip(begins).skip(at + 1);
    let mut own = rest.take_while(|(piece, _)| {
        !spans.items.contains(&piece.start) && !piece.is_doc() && !piece.text.is_empty()
    });
    own.any(|(_, begins)| *begins)
}
