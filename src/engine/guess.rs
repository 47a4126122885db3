//! What an input is, by the keys with which it begins.

use crate::snapshot::document::decode;
use crate::snapshot::scan::{Cursor, Kind};

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// A resource a line, or an array of them.
    Inventory,
    /// AWS Config's items, alone, in a list, or in messages about them.
    Config,
    /// A plan or a state of Terraform.
    Terraform,
    /// Something that is read whole: a template.
    Document,
    /// Of a kind that is not read yet.
    Unsupported(&'static str),
}

/// How much of an input is looked at to find out what it is, in bytes.
pub const HEAD: u64 = 64 << 10;

/// What the start of an input looks like: by the keys of its first object, as far as they are in the
/// start. What is no JSON is a template in YAML, if it is anything.
pub fn guess(start: &[u8]) -> Guess {
    if start.starts_with(b"PK\x03\x04") {
        return Guess::Unsupported(
            "a saved plan is no text: `terraform show -json PLAN` prints it",
        );
    }
    let is_wide = start.iter().take(4).any(|byte| *byte == 0 || *byte >= 0xfe);
    let text = match is_wide {
        // The start may end within a letter.
        true => decode(start).unwrap_or_else(|cut| cut.before),
        false => {
            let plain = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
            String::from_utf8_lossy(plain).into_owned()
        }
    };
    let text = text.trim_start();
    let list = text.starts_with('[');
    let keys = keys(Cursor::new(text.trim_start_matches(|c: char| c == '[' || c.is_whitespace())));
    let has = |key: &str| keys.iter().any(|known| known == key);
    let any = |all: &[&str]| all.iter().any(|key| has(key));
    match () {
        () if any(&["Resources", "AWSTemplateFormatVersion"]) => Guess::Document,
        () if any(&[
            "format_version",
            "terraform_version",
            "planned_values",
            "resource_changes",
        ]) || has("lineage") && has("serial") =>
        {
            Guess::Terraform
        }
        () if has("@level") && has("@message") => Guess::Unsupported(
            "the log of a run of Terraform: `terraform show -json PLAN` prints the plan",
        ),
        () if is_config(&has) => Guess::Config,
        () if has("type") && has("id") || has("gap") || list => Guess::Inventory,
        () => Guess::Document,
    }
}

/// Configuration items, alone, in a snapshot, or in a message about them.
fn is_config(has: &dyn Fn(&str) -> bool) -> bool {
    let item = has("resourceType") && (has("configuration") || has("awsAccountId"));
    let message = has("TopicArn") && has("Message") || has("detail-type") && has("detail");
    let named = [
        "configurationItems",
        "configurationItem",
        "configurationItemStatus",
        "invokingEvent",
        "baseConfigurationItems",
        "resourceIdentifiers",
        "EvaluationResults",
    ];
    let query = has("Results") && has("QueryInfo");
    item || message || query || named.iter().any(|key| has(key))
}

/// The keys of the object at the start, as far as the text goes; of a recorded answer, those of its data,
/// too.
fn keys(mut cursor: Cursor<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    if cursor.kind() != Ok(Kind::Object) || cursor.open(b'{').is_err() {
        return out;
    }
    let mut first = true;
    while cursor.more(b'}', first) == Ok(true) {
        first = false;
        let Ok(key) = cursor.key() else { break };
        if key == "data" && out.iter().any(|known| known == "status_code") {
            out.extend(keys(cursor.clone()));
        }
        out.push(key.into_owned());
        if cursor.skip().is_err() {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Guess, guess};

    #[test]
    fn inputs_are_told_apart_by_their_first_keys() {
        let plan = Guess::Terraform;
        let config = Guess::Config;
        for (text, wanted) in [
            ("AWSTemplateFormatVersion: 2010-09-09\n", Guess::Document),
            ("", Guess::Document),
            (r#"{"Resources": {"type": 1, "id": 2}}"#, Guess::Document),
            (r#"{"type": "A", "properties": {}, "id": "x"}"#, Guess::Inventory),
            ("\u{feff}{\"gap\": {}}", Guess::Inventory),
            ("[]", Guess::Inventory),
            (r#"[{"id": "x", "type": "A"}"#, Guess::Inventory),
            (r#"{"format_version":"1.2","planned_values":{"type":1,"id":2}"#, plan),
            (r#"{"planned_values": {"cut": ["#, plan),
            (r#"{"version": 4, "serial": 1, "lineage": "", "resources": []}"#, plan),
            (r#"[{"configurationItemStatus": "OK"}]"#, config),
            (r#"{"fileVersion": "1.0", "configurationItems": ["#, config),
            (r#"{"Type": "Notification", "TopicArn": "t", "Message": "m"}"#, config),
            (r#"{"invokingEvent": "{}"}"#, config),
        ] {
            assert_eq!(guess(text.as_bytes()), wanted, "{text}");
            let text = text.trim_start_matches('\u{feff}');
            let mark = [0xff, 0xfe].into_iter();
            let utf16 = mark.chain(text.encode_utf16().flat_map(u16::to_le_bytes));
            assert_eq!(guess(&utf16.collect::<Vec<u8>>()), wanted, "{text} in UTF-16");
        }
        for refused in [&b"PK\x03\x04"[..], br#"{"@level":"info","@message":"Terraform 1.9"}"#] {
            assert!(matches!(guess(refused), Guess::Unsupported(_)));
        }
    }
}
