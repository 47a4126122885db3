//! Globs: `*` is any text, `?` any one character, `[a-z]` and `[!a-z]` one of a set; a glob takes the
//! whole text and tells letters by case.

use std::collections::BTreeSet;

/// A part of a glob.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Star,
    One,
    Set { negated: bool, ranges: Vec<(char, char)> },
    Literal(char),
}

fn parts(glob: &str) -> Vec<Part> {
    let mut out = Vec::new();
    let mut chars = glob.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(match c {
            '*' => Part::Star,
            '?' => Part::One,
            '[' => {
                let negated = chars.next_if(|c| matches!(c, '!' | '^')).is_some();
                let mut ranges = Vec::new();
                let mut first = true;
                while let Some(low) = chars.next_if(|c| *c != ']' || first) {
                    first = false;
                    let mut ahead = chars.clone();
                    let ranged =
                        ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
                    let high = if ranged { chars.nth(1).unwrap_or(low) } else { low };
                    ranges.push((low, high));
                }
                chars.next();
                Part::Set { negated, ranges }
            }
            c => Part::Literal(c),
        });
    }
    out
}

impl Part {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Star | Self::One => true,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
            Self::Literal(literal) => *literal == c,
        }
    }
}

/// Whether the glob takes the whole text: time is the product of the lengths at worst.
pub fn matches(glob: &str, text: &str) -> bool {
    let parts = parts(glob);
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part) = (0, 0);
    // Where to go on after a star that took too little.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        let c = text.get(at).copied().unwrap_or('\0');
        match parts.get(part) {
            Some(Part::Star) => {
                star = Some((part, at));
                part += 1;
            }
            Some(other) if other.takes(c) => {
                part += 1;
                at += 1;
            }
            _ => match star {
                Some((star_part, star_at)) => {
                    part = star_part + 1;
                    at = star_at + 1;
                    star = Some((star_part, star_at + 1));
                }
                None => return false,
            },
        }
    }
    parts.get(part..).unwrap_or(&[]).iter().all(|part| *part == Part::Star)
}

/// A pattern of `*` and `?` over characters: what IAM policies and partly known texts are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wild {
    /// This very character.
    Char(char),
    /// Any one character.
    One,
    /// Any text.
    Any,
}

/// The text as a pattern of `*` and `?`.
pub fn wild(text: &str) -> Vec<Wild> {
    let part = |c| match c {
        '*' => Wild::Any,
        '?' => Wild::One,
        c => Wild::Char(c),
    };
    text.chars().map(part).collect()
}

/// How many states an inclusion may take; only patterns made for the purpose need more.
const MAX_STATES: usize = 20_000;

/// Whether every text of the `inner` pattern is one of `outer`; `None` where that would take too long to
/// find out (`*a` with dozens of `?` after it).
///
/// The characters that neither pattern names are all alike, so one of them stands for them.
pub fn covers(outer: &[Wild], inner: &[Wild]) -> Option<bool> {
    let mut alphabet: Vec<Option<char>> = vec![None];
    for part in outer.iter().chain(inner) {
        if let Wild::Char(c) = part
            && !alphabet.contains(&Some(*c))
        {
            alphabet.push(Some(*c));
        }
    }
    // A place in `inner`, with all places in `outer` that the same text may have led to.
    let start = (0, close(outer, vec![0]));
    let mut seen = BTreeSet::from([start.clone()]);
    let mut todo = vec![start];
    while let Some((at, places)) = todo.pop() {
        if inner.get(at..).unwrap_or(&[]).iter().all(|part| *part == Wild::Any)
            && !places.contains(&outer.len())
        {
            return Some(false);
        }
        let mut steps = Vec::new();
        if inner.get(at) == Some(&Wild::Any) {
            steps.push((at + 1, places.clone()));
        }
        for c in &alphabet {
            let next_at = match inner.get(at) {
                Some(Wild::Any) => at,
                Some(Wild::One) => at + 1,
                Some(Wild::Char(own)) if *c == Some(*own) => at + 1,
                _ => continue,
            };
            let mut next = Vec::new();
            for place in &places {
                match outer.get(*place) {
                    Some(Wild::Any) => next.push(*place),
                    Some(Wild::One) => next.push(place + 1),
                    Some(Wild::Char(own)) if *c == Some(*own) => next.push(place + 1),
                    _ => {}
                }
            }
            steps.push((next_at, close(outer, next)));
        }
        for step in steps {
            if seen.len() > MAX_STATES {
                return None;
            }
            if seen.insert(step.clone()) {
                todo.push(step);
            }
        }
    }
    Some(true)
}

/// A `*` may be left out: the places, with those behind it; sorted, each once.
fn close(outer: &[Wild], mut places: Vec<usize>) -> Vec<usize> {
    let mut at = 0;
    while let Some(place) = places.get(at).copied() {
        if outer.get(place) == Some(&Wild::Any) && !places.contains(&(place + 1)) {
            places.push(place + 1);
        }
        at += 1;
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// Whether some text is of both patterns.
pub fn overlap(a: &[Wild], b: &[Wild]) -> bool {
    let width = b.len() + 1;
    let mut seen = vec![false; (a.len() + 1) * width];
    let mut todo = vec![(0, 0)];
    while let Some((i, j)) = todo.pop() {
        match seen.get_mut(i * width + j) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        match (a.get(i), b.get(j)) {
            (None, None) => return true,
            (Some(Wild::Any), Some(Wild::Any)) => todo.extend([(i + 1, j), (i, j + 1)]),
            (Some(Wild::Any), Some(_)) => todo.extend([(i + 1, j), (i, j + 1)]),
            (Some(_), Some(Wild::Any)) => todo.extend([(i, j + 1), (i + 1, j)]),
            (Some(Wild::Any), None) => todo.push((i + 1, j)),
            (None, Some(Wild::Any)) => todo.push((i, j + 1)),
            (Some(Wild::Char(x)), Some(Wild::Char(y))) if x != y => {}
            (Some(_), Some(_)) => todo.push((i + 1, j + 1)),
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{covers, matches, overlap, wild};

    #[test]
    fn globs_take_the_whole_text() {
        for (glob, text, expected) in [
            ("prod-*", "prod-1", true),
            ("prod-*", "a-prod-1", false),
            ("*a*b", "xxaayb", true),
            ("*a*b", "xxaayc", false),
            ("?x", "ax", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]]", "]", true),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(glob, text), expected, "{glob} {text}");
        }
    }

    /// Against all texts of up to four characters over a small alphabet.
    #[test]
    fn inclusion_and_overlap_agree_with_brute_force() {
        let texts = |alphabet: &str, len: usize| {
            let mut all = vec![String::new()];
            let mut last = all.clone();
            for _ in 0..len {
                last = last
                    .iter()
                    .flat_map(|t| alphabet.chars().map(move |c| format!("{t}{c}")))
                    .collect();
                all.extend(last.clone());
            }
            all
        };
        let patterns = texts("a?*", 3);
        let words = texts("abz", 5);
        for outer in &patterns {
            for inner in &patterns {
                let all = words.iter().filter(|w| matches(inner, w)).all(|w| matches(outer, w));
                assert_eq!(covers(&wild(outer), &wild(inner)), Some(all), "{outer} covers {inner}");
                let some = words.iter().any(|w| matches(inner, w) && matches(outer, w));
                assert_eq!(overlap(&wild(outer), &wild(inner)), some, "{outer} overlaps {inner}");
            }
        }
    }
}
