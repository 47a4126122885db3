//! What may follow in a line: commands, types, properties by the schema, functions, names of the session.

use crate::base::{SourceId, Symbol};
use crate::builtins;
use crate::diagnostic::Diagnostics;
use crate::stdlib;
use crate::syntax::ast::{FieldDecl, ItemKind, Module, TypeExpr, TypeExprKind};
use crate::syntax::parse_module;
use crate::syntax::token::Fixed;

use super::command::COMMANDS;

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is inserted.
    pub text: String,
    /// What is listed: with the type, of a property.
    pub shown: String,
}

impl Candidate {
    fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { shown: text.clone(), text }
    }
}

/// The names that a session knows beside those of the language.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// What was defined.
    pub defined: Vec<String>,
    /// The controls.
    pub controls: Vec<String>,
}

/// Where the word begins that ends at `at`, and how it may go on.
pub fn complete(line: &str, at: usize, names: &Names) -> (usize, Vec<Candidate>) {
    let before = line.get(..at).unwrap_or(line);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let start = before.rfind(|c| !is_word(c)).map_or(0, |last| {
        last + before.get(last..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
    });
    let word = before.get(start..).unwrap_or("");
    let head = before.get(..start).unwrap_or("");
    let mut all = match (head.trim(), word.starts_with(':')) {
        ("", true) => COMMANDS.iter().map(command).collect(),
        (":check" | ":why", _) => names.controls.iter().map(Candidate::plain).collect(),
        (":schema", _) => stdlib::known_types().map(Candidate::plain).collect(),
        _ => match head.strip_suffix("?.").or_else(|| head.strip_suffix('.')) {
            Some(base) => properties(base).unwrap_or_default(),
            None => words(names),
        },
    };
    all.retain(|candidate| candidate.text.starts_with(word) && candidate.text != word);
    all.sort_by(|a, b| a.text.cmp(&b.text));
    all.dedup_by(|a, b| a.text == b.text);
    (start, all)
}

/// A command; a space follows where it takes something.
fn command((name, args, _): &(&str, &str, &str)) -> Candidate {
    let space = if args.is_empty() { "" } else { " " };
    Candidate { text: format!("{name}{space}"), shown: (*name).to_owned() }
}

fn words(names: &Names) -> Vec<Candidate> {
    let mut out: Vec<Candidate> = stdlib::known_types().map(Candidate::plain).collect();
    out.extend(names.defined.iter().map(Candidate::plain));
    out.extend(builtins::all().map(|builtin| Candidate::plain(builtin.name)));
    out.extend(
        Fixed::ALL.iter().filter(|fixed| fixed.is_word()).map(|own| Candidate::plain(own.text())),
    );
    out
}

/// The properties of what stands before a dot: `b`, of which the line says `b in AWS::S3::Bucket`, or a part
/// of it.
fn properties(base: &str) -> Option<Vec<Candidate>> {
    let start = base.rfind(|c: char| !(c.is_ascii_alphanumeric() || "_.?".contains(c)));
    let path = base.get(start.map_or(0, |at| at + 1)..)?;
    let mut steps = path.split('.').map(|step| step.trim_end_matches('?'));
    let variable = steps.next()?;
    let resource = type_of(base, variable)?;
    let module = schema(&resource)?;
    let mut fields = fields_of(&module, &resource, None)?;
    for step in steps {
        let field = fields.iter().find(|field| *field.name.name == *step)?;
        let (owner, record) = record_of(&field.ty)?;
        fields = fields_of(&module, owner.as_deref().unwrap_or(&resource), Some(&record))?;
    }
    let property = |field: &FieldDecl| {
        let ty = crate::syntax::print::type_of(&field.ty);
        Candidate { text: field.name.name.to_string(), shown: format!("{}: {ty}", field.name.name) }
    };
    let mut out: Vec<Candidate> = fields.iter().map(property).collect();
    if !path.contains('.') {
        let attributes = crate::program::Attribute::ALL.iter();
        out.extend(attributes.map(|attribute| Candidate::plain(attribute.name())));
    }
    Some(out)
}

/// The resource type of a variable, by the last `variable in TYPE` of the line.
fn type_of(line: &str, variable: &str) -> Option<String> {
    let bound = format!("{variable} in ");
    let at = line.rmatch_indices(&bound).find(|(at, _)| {
        let before = line.get(..*at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })?;
    let rest = line.get(at.0 + bound.len()..)?.trim_start();
    let rest = rest.strip_prefix("everywhere(").unwrap_or(rest);
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == ':')).unwrap_or(rest.len());
    let name = rest.get(..end)?.trim_end_matches(':');
    name.contains("::").then(|| name.to_owned())
}

fn schema(resource: &str) -> Option<Module> {
    let text = stdlib::schema_module(resource).and_then(stdlib::module)?;
    Some(parse_module(SourceId(0), text, &mut Diagnostics::new()))
}

fn fields_of(module: &Module, resource: &str, record: Option<&Symbol>) -> Option<Vec<FieldDecl>> {
    module.items.iter().find_map(|item| match (&item.kind, record) {
        (ItemKind::Resource(decl), None) if *decl.name.name == *resource => {
            Some(decl.fields.clone())
        }
        (ItemKind::Record(decl), Some(record)) => {
            let owned = decl.owner.as_ref().is_none_or(|owner| *owner.name == *resource);
            (owned && decl.name.name == *record).then(|| decl.fields.clone())
        }
        _ => None,
    })
}

/// The record that a type is, optional or not.
fn record_of(ty: &TypeExpr) -> Option<(Option<String>, Symbol)> {
    match &ty.kind {
        TypeExprKind::Optional(inner) => record_of(inner),
        TypeExprKind::Record(owner, name) => {
            Some((Some(owner.name.to_string()), name.name.clone()))
        }
        TypeExprKind::Name(name) => Some((None, name.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, complete};

    fn texts(line: &str) -> Vec<String> {
        let names = Names { defined: vec!["mine".to_owned()], controls: vec!["c_one".to_owned()] };
        complete(line, line.len(), &names).1.into_iter().map(|own| own.text).collect()
    }

    #[test]
    fn what_may_follow_is_offered() {
        assert_eq!(texts(":sc"), [":schema "]);
        assert_eq!(texts(":check c"), ["c_one"]);
        assert_eq!(texts("mi"), ["min", "mine"]);
        assert!(texts("count(AWS::S3::Buc").contains(&"AWS::S3::Bucket".to_owned()));
        let line = "any b in AWS::S3::Bucket: b.BucketEnc";
        assert_eq!(texts(line), ["BucketEncryption"]);
        let line = "any b in AWS::S3::Bucket: b.BucketEncryption?.Serv";
        assert_eq!(texts(line), ["ServerSideEncryptionConfiguration"]);
        let line = "all v in everywhere(AWS::EC2::Volume): v.acc";
        assert_eq!(texts(line), ["account"]);
        assert_eq!(texts("nobody.x"), Vec::<String>::new());
        assert_eq!(
            texts("ä m"),
            ["m", "manual", "margin", "matches", "max", "met", "min", "mine", "mode"][1..]
        );
    }
}
