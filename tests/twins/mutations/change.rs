//! Changes to a document at a path: taken away, left open, another value.

use serde_json::{Value, json};

use super::reads::Step;

/// The parameter that stands for what is left open.
pub const OPEN: &str = "LeftOpen";

/// A step to one place: a member or an element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    Key(String),
    Index(usize),
}

/// What becomes of the value.
#[derive(Clone, Debug)]
pub enum Change {
    Delete,
    /// A template's parameter without a value, [`OPEN`].
    Open,
    Put(Value),
}

/// The places in a document to which a path leads; the last step may lead to what is not there.
pub fn places(document: &Value, path: &[Step]) -> Vec<Vec<At>> {
    let mut out = Vec::new();
    walk(document, path, &mut Vec::new(), &mut out);
    out
}

fn walk(value: &Value, path: &[Step], at: &mut Vec<At>, out: &mut Vec<Vec<At>>) {
    let Some((step, rest)) = path.split_first() else {
        out.push(at.clone());
        return;
    };
    let inner = within_text(value);
    match (step, inner.as_ref().unwrap_or(value)) {
        (Step::Key(key), Value::Object(members)) => {
            at.push(At::Key(key.clone()));
            match members.get(key) {
                Some(member) => walk(member, rest, at, out),
                None if rest.is_empty() => out.push(at.clone()),
                None => {}
            }
            at.pop();
        }
        (Step::Each, Value::Array(items)) => {
            for (number, item) in items.iter().enumerate() {
                at.push(At::Index(number));
                walk(item, rest, at, out);
                at.pop();
            }
        }
        // What stands alone may stand for a list of one.
        (Step::Each, Value::Object(_)) => walk(value, rest, at, out),
        _ => {}
    }
}

/// Every place within the value at the place, itself left out.
pub fn inner_places(document: &Value, at: &[At]) -> Vec<Vec<At>> {
    let (mut todo, mut out) = (vec![at.to_vec()], Vec::new());
    while let Some(place) = todo.pop() {
        let Some(value) = get(document, &place) else { continue };
        let steps: Vec<At> = match within_text(&value).unwrap_or(value) {
            Value::Object(members) => members.keys().cloned().map(At::Key).collect(),
            Value::Array(items) => (0..items.len()).map(At::Index).collect(),
            _ => Vec::new(),
        };
        for step in steps {
            let place: Vec<At> = place.iter().cloned().chain([step]).collect();
            todo.push(place.clone());
            out.push(place);
        }
    }
    out.sort();
    out
}

/// JSON in a text, as AWS Config has it; policies in URL encoding are left as they are.
fn within_text(value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|text| text.starts_with(['{', '[']))?;
    serde_json::from_str(text).ok()
}

/// Whether the place is in a text that is JSON.
pub fn is_within_text(document: &Value, at: &[At]) -> bool {
    (0..at.len()).any(|end| get(document, &at[..end]).is_some_and(|value| value.is_string()))
}

/// The value at a place.
pub fn get(document: &Value, at: &[At]) -> Option<Value> {
    let Some((step, rest)) = at.split_first() else { return Some(document.clone()) };
    let inner = within_text(document);
    let value = inner.as_ref().unwrap_or(document);
    match step {
        At::Key(key) => get(value.get(key)?, rest),
        At::Index(number) => get(value.get(*number)?, rest),
    }
}

/// The document with the change made; `None` where it changes nothing.
pub fn changed(document: &Value, at: &[At], change: &Change) -> Option<Value> {
    let mut out = document.clone();
    apply(&mut out, at, change);
    (out != *document).then_some(out)
}

fn apply(value: &mut Value, at: &[At], change: &Change) {
    if let Some(mut inner) = within_text(value).filter(|_| !at.is_empty()) {
        apply(&mut inner, at, change);
        *value = json!(inner.to_string());
        return;
    }
    match at {
        [] => {
            *value = match change {
                Change::Delete => Value::Null,
                Change::Open => json!({ "Ref": OPEN }),
                Change::Put(value) => value.clone(),
            }
        }
        [At::Key(key)] if matches!(change, Change::Delete) => {
            value.as_object_mut().map(|members| members.remove(key));
        }
        [At::Index(number)] if matches!(change, Change::Delete) => {
            value.as_array_mut().map(|items| items.remove(*number));
        }
        [At::Key(key), rest @ ..] => {
            let Some(members) = value.as_object_mut() else { return };
            apply(members.entry(key).or_insert(Value::Null), rest, change);
        }
        [At::Index(number), rest @ ..] => {
            value.get_mut(*number).into_iter().for_each(|item| apply(item, rest, change));
        }
    }
}
