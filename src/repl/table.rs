//! Answers as people read them: lists of resources and records as tables, all else as the language writes it.

use crate::program::Projection;
use crate::report::text::safe;
use crate::snapshot::model::{Resource, Snapshot};
use crate::value::compare::Layouts;
use crate::value::json::report;
use crate::value::{Item, ResourceId, Shape, Value, display};

/// The widest a column gets, in characters.
const WIDEST: usize = 60;

/// The value as text; of a list no more than so many rows.
pub fn table(
    projection: &Projection,
    snapshot: &Snapshot,
    value: &Value,
    most: Option<usize>,
) -> String {
    let show = Show { projection, snapshot };
    match value.plain() {
        Value::List(list) => {
            let rows = most.unwrap_or(usize::MAX);
            let shown: Vec<&Item> = list.items.iter().take(rows).collect();
            let mut out = show.rows(&shown);
            let left = list.items.len() - shown.len();
            if left > 0 {
                out.push_str(&format!("… {left} more\n"));
            }
            if let Some(cause) = &list.open {
                out.push_str(&format!("… and perhaps more: {cause}\n"));
            }
            out.push_str(&match list.items.len() {
                1 => "1 row\n".to_owned(),
                count => format!("{count} rows\n"),
            });
            out
        }
        Value::Record(_) | Value::Map(_) | Value::Resource(_) => show.fields(value),
        Value::Broken(broken) => format!("error: {}\n", broken.reason),
        Value::Open(open) => match open.shape {
            Shape::Between(least, Some(most)) => {
                format!("between {least} and {most}: {}\n", open.cause)
            }
            Shape::Between(least, None) => format!("{least} or more: {}\n", open.cause),
            _ => format!("unknown: {}\n", open.cause),
        },
        _ => format!("{}\n", safe(&show.cell(value))),
    }
}

/// The value as JSON.
pub fn json(projection: &Projection, snapshot: &Snapshot, value: &Value) -> serde_json::Value {
    match value.plain() {
        Value::Resource(id) => match snapshot.get(*id) {
            Some(resource) => serde_json::json!({
                "type": resource.kind.as_str(),
                "id": &*resource.id,
                "account": resource.account.as_text().map(ToString::to_string),
                "region": resource.region.as_text().map(ToString::to_string),
            }),
            None => serde_json::Value::Null,
        },
        Value::List(list) => {
            list.items.iter().map(|item| json(projection, snapshot, &item.value)).collect()
        }
        Value::Record(record) => {
            let names = projection.names(record.layout);
            let fields = names.iter().zip(&record.slots);
            let fields =
                fields.map(|(name, value)| (name.to_string(), json(projection, snapshot, value)));
            serde_json::Value::Object(fields.collect())
        }
        other => report(projection, other),
    }
}

struct Show<'s> {
    projection: &'s Projection,
    snapshot: &'s Snapshot,
}

/// A row: names and cells.
type Row = Vec<(String, String)>;

impl Show<'_> {
    fn rows(&self, items: &[&Item]) -> String {
        let rows: Vec<Option<Row>> = items.iter().map(|item| self.row(&item.value)).collect();
        let perhaps = |item: &Item| if item.maybe { " (perhaps)" } else { "" };
        if items.is_empty() || rows.iter().any(Option::is_none) {
            let line = |item: &&Item| safe(&self.cell(&item.value)) + perhaps(item) + "\n";
            let lines = items.iter().map(line);
            return lines.collect();
        }
        let mut names: Vec<String> = Vec::new();
        for (name, _) in rows.iter().flatten().flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let cells = |row: &Row| -> Vec<String> {
            let cell = |name: &String| {
                let found = row.iter().find(|(known, _)| known == name);
                cut(found.map_or("", |(_, cell)| cell))
            };
            names.iter().map(cell).collect()
        };
        let mut lines = vec![names.clone()];
        lines.extend(rows.iter().flatten().map(cells));
        for (line, item) in lines.iter_mut().skip(1).zip(items) {
            if let Some(last) = line.last_mut() {
                last.push_str(perhaps(item));
            }
        }
        aligned(&lines)
    }

    /// A resource or record as a row; `None` for what is neither.
    fn row(&self, value: &Value) -> Option<Row> {
        match value.plain() {
            Value::Resource(id) => Some(self.resource(*id)),
            Value::Record(record) => {
                let names = self.projection.names(record.layout);
                let fields = names.iter().zip(&record.slots);
                Some(fields.map(|(name, value)| (name.to_string(), self.cell(value))).collect())
            }
            Value::Map(map) => {
                let entries = map.entries.iter();
                Some(entries.map(|(key, value)| (key.to_string(), self.cell(value))).collect())
            }
            _ => None,
        }
    }

    fn resource(&self, id: ResourceId) -> Row {
        let Some(resource) = self.snapshot.get(id) else { return Row::new() };
        let Resource { kind, id, account, region, .. } = resource;
        let place = |value: &Value| value.as_text().map_or("?".to_owned(), ToString::to_string);
        vec![
            ("id".to_owned(), id.to_string()),
            ("type".to_owned(), kind.to_string()),
            ("account".to_owned(), place(account)),
            ("region".to_owned(), place(region)),
        ]
    }

    /// A field a line.
    fn fields(&self, value: &Value) -> String {
        let row = self.row(value).unwrap_or_default();
        if row.is_empty() {
            return "{}\n".to_owned();
        }
        let lines: Vec<Vec<String>> =
            row.into_iter().map(|(name, cell)| vec![name, safe(&cell)]).collect();
        aligned(&lines)
    }

    fn cell(&self, value: &Value) -> String {
        match value.plain() {
            Value::Resource(id) => {
                self.snapshot.get(*id).map_or_else(String::new, |own| own.id.to_string())
            }
            Value::List(list) if !list.items.is_empty() => {
                let cells: Vec<String> =
                    list.items.iter().map(|item| self.cell(&item.value)).collect();
                format!("[{}]", cells.join(", "))
            }
            Value::Broken(broken) => format!("error: {}", broken.reason),
            other => display::show(self.projection, other),
        }
    }
}

fn cut(cell: &str) -> String {
    let line = safe(cell);
    match line.char_indices().nth(WIDEST) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line,
    }
}

/// Cells under each other, two spaces between columns.
fn aligned(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = lines.iter().filter_map(|line| line.get(at));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}
