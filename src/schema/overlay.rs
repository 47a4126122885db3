//! Corrections of imported schemas, written in Assize: partial declarations whose fields replace those
//! of the registry.
//!
//! ```text
//! resource AWS::EC2::Volume {
//!     MultiAttachEnabled: Bool = false,
//!     KmsKeyId: String? -> AWS::KMS::Key.Arn | AWS::KMS::Key.KeyId,
//! }
//! ```
//!
//! A field, a record or a type that the registry does not know is a mistake, unless its doc comment begins
//! with `Not in the registry`. `identified by` replaces the registry's identifiers.

use std::collections::BTreeMap;

use crate::base::distance::did_you_mean;
use crate::base::{Sources, Span};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::render;
use crate::syntax::ast::{FieldDecl, ItemKind};
use crate::syntax::parse_module;

use super::registry::{Declaration, Registered};

/// One partial declaration.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The resource type.
    pub type_name: String,
    /// The record after the dot; empty for the resource itself.
    pub record: String,
    /// What identifies a resource; empty to leave it as it is.
    pub identified_by: Vec<String>,
    /// The fields.
    pub fields: Vec<PatchedField>,
    /// Whether the registry may not know it.
    pub added: bool,
    /// Where it stands.
    pub place: String,
}

/// A field of a partial declaration.
#[derive(Clone, Debug)]
pub struct PatchedField {
    /// Its name.
    pub name: String,
    /// The whole field as written, without its doc comment.
    pub text: String,
    /// Whether the registry may not know it.
    pub added: bool,
}

/// All partial declarations of a folder.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// In the order of the files.
    pub patches: Vec<Patch>,
}

impl Overlay {
    /// Reads a file of partial declarations.
    ///
    /// # Errors
    ///
    /// The diagnostics of a text that does not parse, rendered; or a declaration of another kind.
    pub fn read(&mut self, name: &str, text: &str) -> Result<(), String> {
        let mut sources = Sources::new();
        let id = sources.add(name, text);
        let mut sink = Diagnostics::new();
        let module = parse_module(id, text, &mut sink);
        if sink.has_errors() {
            return Err(render::to_text(&sink.sorted(), &sources, false));
        }
        for item in module.items {
            let place = format!("{name}:{}", sources.line_column(item.span).line);
            let (owner, record, identified_by, fields) = match item.kind {
                ItemKind::Resource(d) => (Some(d.name), None, d.identified_by, d.fields),
                ItemKind::Record(d) => (d.owner, Some(d.name), Vec::new(), d.fields),
                _ => {
                    let only = "an overlay holds `resource` and `record` declarations only";
                    return Err(format!("{place}: {only}"));
                }
            };
            let added = not_in_the_registry(&item.docs);
            self.patches.push(Patch {
                type_name: owner.map(|owner| owner.name.to_string()).unwrap_or_default(),
                record: record.map(|record| record.name.to_string()).unwrap_or_default(),
                identified_by: identified_by.iter().map(|id| id.name.to_string()).collect(),
                fields: fields.iter().map(|field| patched(field, added, &sources)).collect(),
                added,
                place,
            });
        }
        Ok(())
    }

    /// Types and records that the registry does not have, empty yet: their fields are the overlay's.
    pub fn complete(&self, registered: &mut Vec<Registered>) {
        for patch in self.patches.iter().filter(|patch| patch.added) {
            let known = registered.iter_mut().find(|known| known.type_name == patch.type_name);
            let declaration = Declaration { name: patch.record.clone(), ..Declaration::default() };
            match known {
                Some(known) if known.declarations.iter().all(|d| d.name != patch.record) => {
                    known.declarations.push(declaration);
                }
                None if patch.record.is_empty() => registered.push(Registered {
                    type_name: patch.type_name.clone(),
                    declarations: vec![declaration],
                    ..Registered::default()
                }),
                _ => {}
            }
        }
    }

    /// What the overlay says about types or fields that the registry does not have.
    pub fn problems(&self, registered: &[Registered]) -> Vec<String> {
        let mut out = Vec::new();
        let mut stated = BTreeMap::new();
        for patch in &self.patches {
            let Some(known) = registered.iter().find(|known| known.type_name == patch.type_name)
            else {
                let types = registered.iter().map(|known| known.type_name.as_str());
                out.push(unknown(&patch.place, &patch.type_name, types));
                continue;
            };
            let Some(declaration) = known.declarations.iter().find(|d| d.name == patch.record)
            else {
                let records = known.declarations.iter().map(|d| d.name.as_str());
                out.push(unknown(&patch.place, &patch.record, records));
                continue;
            };
            for field in &patch.fields {
                let key = (&patch.type_name, &patch.record, &field.name);
                if let Some(first) = stated.insert(key, &patch.place) {
                    let (place, name) = (&patch.place, &field.name);
                    out.push(format!("{place}: `{name}` is stated at {first} already"));
                }
                if field.added {
                    continue;
                }
                if !declaration.fields.contains_key(&field.name) {
                    let fields = declaration.fields.keys().map(String::as_str);
                    out.push(unknown(&patch.place, &field.name, fields));
                }
            }
        }
        out
    }
}

fn not_in_the_registry(docs: &str) -> bool {
    docs.starts_with("Not in the registry")
}

fn patched(field: &FieldDecl, added: bool, sources: &Sources) -> PatchedField {
    let whole = Span { start: field.name.span.start, ..field.span };
    PatchedField {
        name: field.name.name.to_string(),
        text: sources.text(whole).split_whitespace().collect::<Vec<_>>().join(" "),
        added: added || not_in_the_registry(&field.docs),
    }
}

fn unknown<'a>(place: &str, name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let mend = did_you_mean(name, candidates);
    format!("{place}: the registry does not know `{name}`{mend}")
}
