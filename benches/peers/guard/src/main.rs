//! cfn-guard on the resources as one template, by the way of its command line, writing to memory: what its
//! library call returns is cut off once the report outgrows a buffer. It has no way to read its rules beforehand.

use std::collections::BTreeSet;

use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::Reader;
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ValidateBuilder};
use measure::{Call, Found, unusable};
use serde_json::Value;

fn main() {
    let call = Call::read();
    let [rules] = call.more.as_slice() else { unusable("which rules?") };
    if call.mode != "guard" {
        unusable(&format!("no mode `{}`", call.mode));
    }
    call.report(
        || validated(rules, &call.file).unwrap_or_else(|error| unusable(&error.to_string())),
        |report| Some(found(report).unwrap_or_else(|| unusable("the report is no such report"))),
    );
}

fn validated(rules: &str, template: &str) -> Result<String, Box<dyn std::error::Error>> {
    let command = ValidateBuilder::default()
        .rules(vec![rules.to_owned()])
        .data(vec![template.to_owned()])
        .structured(true)
        .output_format(OutputFormatType::JSON)
        .show_summary(vec![ShowSummaryType::None])
        .try_build()?;
    let mut out = Writer::new_with_err(WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()))?;
    command.execute(&mut out, &mut Reader::default())?;
    Ok(out.into_string()?)
}

/// Of each rule that is broken, the resources in the paths of the checks that failed.
fn found(report: &str) -> Option<Found> {
    let report: Value = serde_json::from_str(report).ok()?;
    let mut found = Found::default();
    for rule in report.get(0)?.get("not_compliant")?.as_array()? {
        let rule = rule.get("Rule")?;
        let number = Found::number(rule.get("name")?.as_str()?)?;
        let mut ids = BTreeSet::new();
        collect(rule.get("checks")?, &mut ids);
        ids.iter().for_each(|id| found.add(number, id));
    }
    Some(found)
}

fn collect<'a>(value: &'a Value, ids: &mut BTreeSet<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        // What a value is compared with stands under `to`; it may be a value of another resource.
        Value::Object(members) => {
            members.iter().filter(|(key, _)| *key != "to").for_each(|(key, value)| {
                match value.as_str() {
                    Some(path) if key == "path" => ids.extend(resource(path)),
                    _ => collect(value, ids),
                }
            })
        }
        _ => {}
    }
}

/// The id in `/Resources/ID/Properties/…`.
fn resource(path: &str) -> Option<&str> {
    path.strip_prefix("/Resources/")?.split('/').next()
}
