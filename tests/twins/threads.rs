//! The report is the same, byte by byte, however many threads make it.

use assize::report::json::{self, Show};
use serde_json::json;

use super::service::{Source, engine, services};

/// Some megabytes of lines: all twins again and again under other ids, with lines between them that are none, that
/// are cut off, of gaps, of a type that is misspelt.
fn lines() -> String {
    let mut out = String::new();
    for copy in 0..18 {
        for service in services() {
            for line in service.document(Source::Inventory).as_array().unwrap() {
                let mut line = line.clone();
                line["id"] = json!(format!("{}-{copy}", line["id"].as_str().unwrap()));
                line["account"] = json!(format!("{copy:012}"));
                out.push_str(&format!("{line}\n"));
            }
        }
        out.push_str(&match copy % 4 {
            0 => "{\"type\":\"AWS::EC2::Volume\",\"id\":\"cut".to_owned(),
            1 => json!({ "gap": { "type": "AWS::EC2::Volume", "reason": "access denied" } })
                .to_string(),
            2 => json!({ "type": "AWS::EC2::Volum", "id": copy.to_string(), "properties": {} })
                .to_string(),
            _ => json!({ "type": "AWS::EC2::Volume", "id": "x", "propertys": {} }).to_string(),
        });
        out.push('\n');
    }
    out
}

#[test]
fn threads_change_nothing() {
    let lines = lines();
    assert!(lines.len() > 5 << 18, "{}", lines.len());
    let report = |threads: usize, failing: bool| {
        let mut run = engine().run().threads(threads);
        if failing {
            run = run.failing_only();
        }
        run.inventory("lines", lines.as_bytes());
        let assessment = run.finish();
        assert!(assessment.counts().fail > 1000 && !assessment.incomplete.is_empty());
        json::object(&engine().reported(&assessment), Show::Failing)
    };
    let one = report(1, false);
    for threads in [2, 8] {
        assert!(report(threads, false) == one, "{threads} threads");
        assert!(report(threads, true) == one, "{threads} threads, what fails alone is kept");
    }
}
