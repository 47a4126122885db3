//! The one table of diagnostic codes. A code is never reused; each has a page in `docs/errors`.
//!
//! E01 text and grammar · E02 names and modules · E03 types · E04 controls and other declarations ·
//! E05 limits of a program · E06 snapshots · E07 command line and configuration · W01 lints.

/// A stable code with a short name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// As printed: `E0301`.
    pub code: &'static str,
    /// A few words, in lower case: what kind of thing is wrong.
    pub name: &'static str,
}

macro_rules! codes {
    ($($code:ident $name:literal)*) => {
        $(#[doc = $name] pub const $code: Code = Code { code: stringify!($code), name: $name };)*
        /// Every code, in order.
        pub const ALL: &[Code] = &[$($code),*];
    };
}

codes! {
    E0101 "unexpected token"
    E0102 "character that begins no token"
    E0103 "unterminated string"
    E0104 "unknown escape in a string"
    E0105 "malformed literal"
    E0106 "number out of range"
    E0107 "nesting too deep"
    E0108 "chained comparison"
    E0109 "invisible character"
    E0110 "operator of another language"
}

/// The code with this text, in any case.
pub fn find(code: &str) -> Option<Code> {
    ALL.iter().copied().find(|known| known.code.eq_ignore_ascii_case(code))
}
