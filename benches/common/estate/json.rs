//! JSON in the order in which it is put together, whatever features serde_json has.

use std::fmt::Write;

/// A value.
#[derive(Clone, Debug)]
pub enum Json {
    Text(String),
    Number(u64),
    Truth(bool),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Json {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Json {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items)
    }
}

/// An object of these members: `object!["Key" => "env", "Size" => 8u64]`.
macro_rules! object {
    ($($key:expr => $value:expr),* $(,)?) => {
        Json::Object(vec![$(($key.to_owned(), $value.into())),*])
    };
}

/// A list of these items.
macro_rules! list {
    ($($value:expr),* $(,)?) => {
        Json::List(vec![$($value.into()),*])
    };
}

pub(crate) use {list, object};

impl Json {
    /// Adds a member to an object.
    pub fn put(&mut self, key: &str, value: impl Into<Json>) {
        if let Self::Object(members) = self {
            members.push((key.to_owned(), value.into()));
        }
    }

    /// Writes it without white space.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => quoted(text, out),
            Self::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Self::Truth(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::List(items) => {
                between(('[', ']'), items, out, Self::write);
            }
            Self::Object(members) => between(('{', '}'), members, out, |(key, value), out| {
                quoted(key, out);
                out.push(':');
                value.write(out);
            }),
        }
    }
}

fn between<T>(
    (open, close): (char, char),
    items: &[T],
    out: &mut String,
    write: impl Fn(&T, &mut String),
) {
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}
