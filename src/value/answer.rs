//! Yes, no, or not to be known: Kleene's three values, with what would have to be known.

use std::sync::Arc;

use super::{Open, Origin, Shape, Text, Value};

/// The answer to a question about values.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be known: the reason names what would have to be.
    Open(Text),
}

impl Answer {
    /// Open for this reason.
    pub fn open(cause: &str) -> Self {
        Self::Open(Arc::from(cause))
    }

    /// Both: false beats open beats true.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Open(cause), _) | (_, Self::Open(cause)) => Self::Open(cause),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// One of them: true beats open beats false.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Open(cause), _) | (_, Self::Open(cause)) => Self::Open(cause),
            (Self::No, Self::No) => Self::No,
        }
    }

    /// Becomes [`Answer::and`] of the two.
    pub fn and_with(&mut self, other: &Self) {
        match (&*self, other) {
            (Self::No, _) | (Self::Open(_), Self::Open(_)) | (_, Self::Yes) => {}
            (_, Self::No) => *self = Self::No,
            (Self::Yes, Self::Open(_)) => *self = other.clone(),
        }
    }

    /// Becomes [`Answer::or`] of the two.
    pub fn or_with(&mut self, other: &Self) {
        match (&*self, other) {
            (Self::Yes, _) | (Self::Open(_), Self::Open(_)) | (_, Self::No) => {}
            (_, Self::Yes) => *self = Self::Yes,
            (Self::No, Self::Open(_)) => *self = other.clone(),
        }
    }

    /// The answer of a boolean value. What is neither `Bool` nor open cannot stand where a condition
    /// is wanted, and is not true.
    pub fn of(value: &Value) -> Self {
        match value.plain() {
            Value::Bool(true) => Self::Yes,
            Value::Open(open) => Self::Open(Arc::clone(&open.cause)),
            _ => Self::No,
        }
    }
}

impl std::ops::Not for Answer {
    type Output = Self;

    /// Not it: open stays open.
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Open(cause) => Self::Open(cause),
        }
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<Answer> for Value {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Yes => Self::Bool(true),
            Answer::No => Self::Bool(false),
            Answer::Open(cause) => {
                let (shape, origin) = (Shape::Any, Origin::Computed);
                Self::Open(Arc::new(Open { shape, present: true, origin, cause }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Answer;

    /// Kleene's tables and De Morgan's laws, over all pairs.
    #[test]
    fn the_tables_hold() {
        let all = [Answer::Yes, Answer::No, Answer::open("x")];
        for a in &all {
            assert_eq!(!!a.clone(), *a);
            for b in &all {
                assert_eq!(a.clone().and(b.clone()), b.clone().and(a.clone()));
                assert_eq!(a.clone().or(b.clone()), b.clone().or(a.clone()));
                let (mut both, mut either) = (a.clone(), a.clone());
                both.and_with(b);
                either.or_with(b);
                assert_eq!((both, either), (a.clone().and(b.clone()), a.clone().or(b.clone())));
                assert_eq!(!(a.clone().and(b.clone())), (!a.clone()).or(!b.clone()));
            }
        }
        assert_eq!(Answer::No.and(Answer::open("x")), Answer::No);
        assert_eq!(Answer::Yes.or(Answer::open("x")), Answer::Yes);
        assert_eq!(Answer::Yes.and(Answer::open("x")), Answer::open("x"));
    }
}
