//! The values of literals, checked: numbers, durations, dates, escapes, patterns.

use super::ast::Tag;
use super::token::Token;
use crate::value::time;

/// What is wrong with a literal: one clause, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// One clause, lowercase.
    pub what: String,
    /// What to do.
    pub mend: String,
}

fn problem(what: impl Into<String>, mend: impl Into<String>) -> Problem {
    Problem { what: what.into(), mend: mend.into() }
}

/// `1_000`.
pub(super) fn int(text: &str) -> Result<Token, Problem> {
    text.replace('_', "").parse().map(Token::Int).map_err(|_| {
        problem(
            format!("`{text}` does not fit in 64 bits"),
            "the largest Int is 9223372036854775807",
        )
    })
}

/// `0.5`.
pub(super) fn float(text: &str) -> Result<Token, Problem> {
    match text.replace('_', "").parse::<f64>() {
        Ok(n) if n.is_finite() => Ok(Token::Float(n)),
        _ => Err(problem(format!("`{text}` is no finite number"), "write a smaller number")),
    }
}

/// `2%`, `0.5%`.
pub(super) fn percent(text: &str) -> Result<Token, Problem> {
    let digits = text.trim_end_matches('%').replace('_', "");
    match digits.parse::<f64>() {
        Ok(n) if n <= 100.0 => Ok(Token::Percent(n)),
        _ => Err(problem(format!("`{text}` is over 100%"), "a percentage is 0% to 100%")),
    }
}

/// `90d`, in microseconds.
pub(super) fn duration(text: &str) -> Result<Token, Problem> {
    let digits = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).unwrap_or((text, ""));
    let Some((_, micros)) = time::UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(problem(
            format!("`{text}` is neither a number nor a duration"),
            "durations are written 2w, 90d, 12h, 30m, 15s, 250ms",
        ));
    };
    let number: Option<i64> = number.replace('_', "").parse().ok();
    match number.and_then(|n| n.checked_mul(*micros)) {
        Some(n) => Ok(Token::Duration(n)),
        None => Err(problem(format!("`{text}` is too long a duration"), "write a shorter one")),
    }
}

/// `2027-01-31` (midnight UTC) or `2027-01-31T10:00:00Z`, in microseconds since 1970.
pub(super) fn timestamp(text: &str) -> Result<Token, Problem> {
    time::parse(text).map(Token::Timestamp).ok_or_else(|| {
        problem(
            format!("`{text}` is no date of the calendar"),
            "dates are written 2027-01-31, times 2027-01-31T10:00:00Z",
        )
    })
}

/// The escape at the start of the text: its character and its length; or the length of what is none.
pub(super) fn escape(text: &str) -> Result<(char, usize), usize> {
    let mut chars = text.chars();
    chars.next();
    match chars.next() {
        Some('n') => Ok(('\n', 2)),
        Some('t') => Ok(('\t', 2)),
        Some('r') => Ok(('\r', 2)),
        Some(c @ ('"' | '\\' | '{' | '}')) => Ok((c, 2)),
        Some('u') => {
            let inner = text
                .get(2..)
                .and_then(|rest| rest.strip_prefix('{'))
                .and_then(|rest| rest.split_once('}'));
            let Some((digits, _)) = inner else { return Err(2) };
            let len = digits.len() + 4;
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() <= 6);
            code.and_then(char::from_u32).map(|c| (c, len)).ok_or(len)
        }
        Some('\n') | None => Err(1),
        Some(other) => Err(1 + other.len_utf8()),
    }
}

/// Whether the inside of a checked literal is well formed.
pub(super) fn check(tag: Tag, text: &str) -> Result<(), Problem> {
    match tag {
        Tag::Regex => {
            regex::RegexBuilder::new(text).size_limit(1 << 20).build().map(drop).map_err(|error| {
                let last = error
                    .to_string()
                    .lines()
                    .last()
                    .unwrap_or("")
                    .trim_start_matches("error: ")
                    .to_owned();
                problem(
                    format!("malformed regular expression: {last}"),
                    "look-around and back-references are not supported",
                )
            })
        }
        Tag::Glob => glob(text),
        Tag::Cidr => text.parse::<ipnet::IpNet>().map(drop).map_err(|_| {
            problem(
                format!("`{text}` is no network in CIDR notation"),
                "write an address and a prefix length: 10.0.0.0/8",
            )
        }),
        Tag::Ip => text.parse::<std::net::IpAddr>().map(drop).map_err(|_| {
            problem(
                format!("`{text}` is no IP address"),
                "write an address: 10.0.0.1 or 2001:db8::1",
            )
        }),
        Tag::Version => semver::Version::parse(text).map(drop).map_err(|_| {
            problem(format!("`{text}` is no semantic version"), "write three numbers: 3.2.6")
        }),
    }
}

/// A glob is `*`, `?`, `[a-z]` and characters that stand for themselves.
fn glob(text: &str) -> Result<(), Problem> {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '[' && !chars.any(|c| c == ']') {
            return Err(problem(
                "malformed glob: `[` without `]`",
                "write [[] for the character itself",
            ));
        }
    }
    Ok(())
}

/// A well-formed stand-in for a literal that was reported.
pub(super) fn harmless(tag: Tag) -> &'static str {
    match tag {
        Tag::Regex | Tag::Glob => "",
        Tag::Cidr => "0.0.0.0/32",
        Tag::Ip => "0.0.0.0",
        Tag::Version => "0.0.0",
    }
}
