//! The one table of diagnostic codes. A code is never reused; each has a page in `docs/errors`.
//!
//! E01 text and grammar · E02 names and modules · E03 types · E04 controls and other declarations ·
//! W01 lints.

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
    E0107 "nesting too deep"
    E0108 "chained comparison"
    E0109 "invisible character"
    E0110 "operator of another language"
    E0111 "declaration too long"
    E0201 "unknown module"
    E0202 "unknown name in an import"
    E0203 "imports in a circle"
    E0204 "name declared twice"
    E0205 "too many modules"
    E0206 "name bound twice"
    E0207 "type or property declared twice"
    E0210 "unknown resource type"
    E0211 "unknown type"
    E0212 "unknown name"
    E0213 "unknown function"
    E0214 "unknown property"
    E0215 "unknown attribute"
    E0216 "unknown control"
    E0217 "unknown parameter"
    E0218 "unknown framework"
    E0219 "unknown baseline"
    E0220 "unknown requirement"
    E0221 "not a value"
    E0222 "unknown verdict"
    E0301 "may be absent"
    E0302 "field of what may be absent"
    E0303 "equality with what may be absent"
    E0304 "operator on what may be absent"
    E0305 "list that may be absent"
    E0310 "type mismatch"
    E0311 "Json not converted"
    E0312 "not a condition"
    E0313 "not a value of the enum"
    E0314 "unknown outside tests"
    E0315 "type already known"
    E0316 "branches differ"
    E0317 "elements differ"
    E0318 "required fields missing"
    E0319 "field given twice"
    E0320 "no record to update"
    E0321 "no fields"
    E0322 "types of a subject differ"
    E0323 "wrong index"
    E0324 "not a list"
    E0325 "not a reference"
    E0326 "nothing refers so"
    E0327 "impossible union"
    E0330 "comparison with absent"
    E0331 "never equal"
    E0332 "list compared with an element"
    E0333 "no order"
    E0334 "never an element"
    E0335 "in something that is no list"
    E0336 "matches without a pattern"
    E0337 "arithmetic not defined"
    E0338 "default of another type"
    E0340 "not a function"
    E0341 "everywhere without a type"
    E0342 "wrong number of arguments"
    E0343 "arguments do not fit"
    E0401 "property called as an attribute"
    E0402 "unknown mark"
    E0403 "not a constant"
    E0404 "parameter read before it is set"
    E0405 "recursion"
    E0406 "chain of calls too long"
    E0410 "unknown severity"
    E0411 "said twice"
    E0412 "when in the wrong place"
    E0413 "subject is no resource type"
    E0420 "requirement or baseline stated twice"
    E0421 "baseline is no list of ids"
    E0422 "control added and left out"
    E0423 "set twice"
    E0424 "wrong margin"
    E0425 "incomplete waiver"
    E0426 "wrong guard rail"
    E0427 "nothing to set"
    E0428 "cannot be set"
    E0429 "adapter declared twice"
    E0430 "case named twice"
    E0431 "case expects nothing"
    E0432 "expectation of no given resource"
    E0433 "resource given twice"
    E0434 "wrong form of a given resource"
    E0435 "unknown source"
    E0436 "adapter reads beyond its item"
    E0437 "items of a type that the source has not"
    W0101 "profile loses coverage"
}

/// The code with this text, in any case.
pub fn find(code: &str) -> Option<Code> {
    ALL.iter().copied().find(|known| known.code.eq_ignore_ascii_case(code))
}
