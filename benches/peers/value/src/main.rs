//! What building trees alone costs: each line to a `serde_json::Value`, which is dropped.

use measure::{Call, lines, unusable};
use serde_json::Value;

fn main() {
    // With `preserve_order` a tree costs more: it would be an easier mark to beat.
    let keys = serde_json::from_str::<Value>(r#"{"b":1,"a":2}"#).map(|value| value.to_string());
    if !matches!(keys.as_deref(), Ok(r#"{"a":2,"b":1}"#)) {
        unusable("serde_json was built with `preserve_order`: build this member by itself");
    }
    let call = Call::read();
    match call.mode.as_str() {
        "value" => call.report(
            || {
                let read = lines(&call.file, |line| match serde_json::from_str::<Value>(line) {
                    Ok(value) => drop(std::hint::black_box(value)),
                    Err(error) => unusable(&error.to_string()),
                });
                read.unwrap_or_else(|error| unusable(&error.to_string()));
            },
            |()| None,
        ),
        other => unusable(&format!("no mode `{other}`")),
    }
}
