//! The file of `--attestations`.

use std::fs;
use std::path::Path;

use crate::assess::attest::{Attestation, Attested};
use crate::base::distance::did_you_mean;
use crate::base::source::SourceFile;
use crate::snapshot::document::{Document, NodeId, json};
use crate::value::time;

use super::policies::shown;

const KEYS: [&str; 8] =
    ["requirement", "control", "account", "resource", "statement", "by", "on", "until"];

/// Reads all attestations of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Attestation>, String> {
    let name = shown(path);
    let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
    let document = json::read(SourceFile::new(&name, &text))
        .map_err(|error| at(&name, error.place.line, error.place.column, &error.message))?;
    let reader = Reader { document: &document, name: &name };
    let Some(items) = document.list(document.root) else {
        return Err(reader.wrong(document.root, "expected a list of attestations: `[{ … }]`"));
    };
    items.iter().map(|item| reader.one(*item)).collect()
}

fn at(name: &str, line: u32, column: u32, what: &str) -> String {
    format!("--attestations {name}:{line}:{column}: {what}")
}

struct Reader<'d> {
    document: &'d Document,
    name: &'d str,
}

impl Reader<'_> {
    fn wrong(&self, node: NodeId, what: &str) -> String {
        let place = self.document.place(node);
        at(self.name, place.line, place.column, what)
    }

    fn one(&self, item: NodeId) -> Result<Attestation, String> {
        let Some(entries) = self.document.map(item) else {
            return Err(self.wrong(item, "an attestation is an object"));
        };
        if let Some(twice) = self.document.duplicate_below(item) {
            return Err(self.wrong(item, &format!("`{}` stands twice", twice.key)));
        }
        for (key, entry) in entries {
            if !KEYS.contains(&&**key) {
                let mend = did_you_mean(key, KEYS);
                let what = format!("an attestation has no `{key}`{mend}");
                return Err(self.wrong(entry.value, &what));
            }
        }
        let of = match (self.text(item, "control")?, self.text(item, "requirement")?) {
            (Some(name), None) => Attested::Control(name),
            (None, Some(name)) => Attested::Requirement(name),
            _ => {
                let what = "an attestation is of a `control` or of a `requirement`, one of the two";
                return Err(self.wrong(item, what));
            }
        };
        let (on, until) = (self.day(item, "on")?, self.day(item, "until")?);
        if until <= on {
            return Err(self.wrong(item, "`until` is not after `on`"));
        }
        Ok(Attestation {
            of,
            account: self.text(item, "account")?,
            resource: self.text(item, "resource")?,
            statement: self.needed(item, "statement")?,
            by: self.needed(item, "by")?,
            on,
            until,
        })
    }

    fn text(&self, item: NodeId, key: &str) -> Result<Option<String>, String> {
        let Some(node) = self.document.get(item, key) else { return Ok(None) };
        match self.document.plain_text(node) {
            Some(text) => Ok(Some(text.to_string())),
            None => Err(self.wrong(node, &format!("`{key}` is no text"))),
        }
    }

    fn needed(&self, item: NodeId, key: &str) -> Result<String, String> {
        let text = self.text(item, key)?.filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| self.wrong(item, &format!("an attestation needs `{key}`")))
    }

    fn day(&self, item: NodeId, key: &str) -> Result<i64, String> {
        let text = self.needed(item, key)?;
        let node = self.document.get(item, key).unwrap_or(item);
        let what = format!("`{key}` is a date such as 2027-01-31, and `{text}` is none");
        time::parse(&text).ok_or_else(|| self.wrong(node, &what))
    }
}
