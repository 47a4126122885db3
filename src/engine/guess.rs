//! What an input is, by how it begins.

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// A resource a line, or an array of them.
    Inventory,
    /// Something that is read whole: a template.
    Document,
    /// Of a kind that is not read yet.
    Unsupported(&'static str),
}

/// What the start of an input looks like.
pub fn guess(start: &[u8]) -> Guess {
    let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    let first = start.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(start.len());
    let rest = String::from_utf8_lossy(start.get(first..).unwrap_or(&[]));
    let line = rest.lines().next().unwrap_or("");
    let has = |text: &str, key: &str| text.contains(&format!("\"{key}\""));
    let head: String = rest.chars().take(4096).collect();
    if rest.starts_with('{')
        && serde_json::from_str::<serde_json::Value>(line).is_ok()
        && (has(line, "type") && has(line, "id") || has(line, "gap"))
        && !has(line, "Resources")
    {
        return Guess::Inventory;
    }
    if has(&head, "configurationItems")
        || has(&head, "configurationItem")
        || has(&head, "configurationItemStatus")
    {
        return Guess::Unsupported("an AWS Config snapshot");
    }
    if has(&head, "terraform_version") {
        return Guess::Unsupported("a Terraform plan");
    }
    if rest.starts_with('[') {
        return Guess::Inventory;
    }
    Guess::Document
}
