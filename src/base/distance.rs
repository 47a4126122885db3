//! The closest names to a misspelt one, for "did you mean".

/// At most three of the candidates that are close to `name`, closest first; equals are in the order
/// of the candidates. Close means: few edits for the length, or the same but for case.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 4);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let edits =
            if candidate.eq_ignore_ascii_case(name) { 0 } else { edits(name, candidate, limit) };
        if edits <= limit && !near.iter().any(|(_, known)| *known == candidate) {
            near.push((edits, candidate));
        }
    }
    near.sort_by_key(|(edits, _)| *edits);
    near.truncate(3);
    near.into_iter().map(|(_, candidate)| candidate).collect()
}

/// `; did you mean `x`?`, for the end of a sentence; nothing where no candidate is close.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = closest(name, candidates);
    near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Optimal string alignment distance: insertions, deletions, replacements, swaps of neighbours.
/// Anything over `limit` may come back as any number over `limit`.
fn edits(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best =
                (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(&y) && b.get(j - 1) == Some(&x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(limit + 1)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_one_letter_wrong_first() {
        let names = ["Encrypted", "KmsKeyId", "Encrypt"];
        assert_eq!(closest("Encypted", names).first(), Some(&"Encrypted"));
        assert_eq!(closest("encrypted", names).first(), Some(&"Encrypted"));
        assert!(closest("Size", names).is_empty());
    }
}
