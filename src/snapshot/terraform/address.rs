//! Addresses of resources and modules, and references to them: `module.a["x"].aws_s3_bucket.b[0].arn`.

use std::fmt::Write as _;

use crate::value::Text;

/// A name and the index behind it, as written between the brackets: `0`, `"x"`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub name: Text,
    pub index: Option<Text>,
}

/// The calls of modules that lead to a module.
pub(super) type Module = Vec<Part>;

/// The names and indexes of an address. Only the first index behind a name counts.
pub(super) fn parts(address: &str) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    let mut rest = address;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let length = index_length(inner);
            let index = inner.get(..length).unwrap_or("");
            if let Some(part) = out.last_mut().filter(|part| part.index.is_none()) {
                part.index = Some(Text::from(index));
            }
            rest = inner.get(length + 1..).unwrap_or("");
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let length = rest.find(['.', '[']).unwrap_or(rest.len());
        if length > 0 {
            out.push(Part { name: Text::from(rest.get(..length).unwrap_or("")), index: None });
        } else if !rest.starts_with('[') {
            rest = rest.get(1..).unwrap_or("");
        }
        rest = rest.get(length..).unwrap_or("");
    }
    out
}

/// The bytes up to the closing bracket; in a quoted key brackets mean nothing.
fn index_length(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b']' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// The module of an address, and what it names there.
pub(super) fn split(address: &str) -> (Module, Vec<Part>) {
    let mut module = Vec::new();
    let mut all = parts(address).into_iter().peekable();
    while all.next_if(|part| &*part.name == "module" && part.index.is_none()).is_some() {
        module.extend(all.next());
    }
    (module, all.collect())
}

/// The address of what is called so in the module.
pub(super) fn join(module: &[Part], kind: &str, name: &str, index: Option<&Text>) -> String {
    let mut out = String::new();
    for Part { name, index } in module {
        let _ = write!(out, "module.{name}");
        put_index(&mut out, index.as_ref());
        out.push('.');
    }
    let _ = write!(out, "{kind}.{name}");
    put_index(&mut out, index);
    out
}

fn put_index(out: &mut String, index: Option<&Text>) {
    if let Some(index) = index {
        let _ = write!(out, "[{index}]");
    }
}

/// The names of the calls of a module: its place in the configuration.
pub(super) fn path(module: &[Part]) -> String {
    module.iter().map(|part| &*part.name).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::{join, split};

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        for (address, modules, names) in [
            ("aws_x.y", 0, 2),
            ("aws_x.y[0]", 0, 2),
            ("module.a.aws_x.y", 1, 2),
            (r#"module.a["p.q"].module.b[1].aws_x.y["]\"["]"#, 2, 2),
        ] {
            let (module, rest) = split(address);
            assert_eq!((module.len(), rest.len()), (modules, names), "{address}");
            let made = join(&module, &rest[0].name, &rest[1].name, rest[1].index.as_ref());
            assert_eq!(made, address);
        }
        for odd in ["", ".", "[", "a[", "a[\"", "a..b", "module", "module.module.module", "]"] {
            split(odd);
        }
    }
}
