//! Which pieces of a line have a space between them.

use super::super::token::Fixed as F;
use super::layout::Braces;
use super::pieces::Piece;

/// What is known of two neighbours beside themselves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Near {
    /// Whether the first is a minus of one operand.
    pub sign: bool,
    /// What the braces hold of which the first opens, or the second closes, a pair.
    pub braces: Option<Braces>,
}

/// Whether a space stands between two pieces that are neighbours in a line.
pub(super) fn between(before: &Piece<'_>, after: &Piece<'_>, near: Near) -> bool {
    let tight = matches!(near.braces, Some(Braces::Names | Braces::MapType | Braces::Nothing));
    match (before.fixed, after.fixed) {
        _ if near.sign => false,
        (
            _,
            Some(
                F::Comma
                | F::Colon
                | F::Dot
                | F::SafeDot
                | F::Question
                | F::CloseRound
                | F::CloseSquare,
            ),
        )
        | (Some(F::Dot | F::SafeDot | F::At | F::Spread | F::OpenRound | F::OpenSquare), _) => {
            false
        }
        (Some(F::OpenCurly), _) | (_, Some(F::CloseCurly)) => !tight,
        (_, Some(F::OpenRound | F::OpenSquare)) => !takes_brackets(before),
        _ => true,
    }
}

/// Whether a bracket right after the piece belongs to it: it is called, or indexed.
fn takes_brackets(before: &Piece<'_>) -> bool {
    match before.fixed {
        None => before.is_word(),
        Some(F::CloseRound | F::CloseSquare | F::CloseCurly) => true,
        Some(fixed) => fixed.is_word() && !is_operator(fixed),
    }
}

/// Whether an operand may follow the piece: a minus after it has one operand.
pub(super) fn wants_operand(before: &Piece<'_>) -> bool {
    match before.fixed {
        None => false,
        Some(F::CloseRound | F::CloseSquare | F::CloseCurly) => false,
        Some(fixed) => !fixed.is_word() || is_operator(fixed),
    }
}

/// Words that stand before an operand, not for one.
fn is_operator(fixed: F) -> bool {
    matches!(
        fixed,
        F::And
            | F::Or
            | F::Not
            | F::Implies
            | F::In
            | F::Matches
            | F::Is
            | F::If
            | F::Then
            | F::Else
            | F::Where
            | F::When
            | F::Require
            | F::Forbid
            | F::Return
            | F::Nonempty
            | F::For
            | F::By
    )
}
