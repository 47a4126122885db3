//! CloudFormation templates, JSON or YAML, to resources.
//!
//! A template's tree is evaluated: intrinsic functions are applied as far as the template and its
//! parameters decide, and what stays open says why. The result is read by the projection's shapes, with
//! the coercions that CloudFormation makes. See
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.

mod cases;
mod coerce;
mod conditions;
mod eval;
mod functions;
mod parameters;
mod resources;
mod tree;

use std::sync::Arc;

use crate::base::LineColumn;
use crate::base::source::SourceFile;
use crate::program::Projection;

use super::document::{self, Document, Pointers};
use super::model::{Gap, Resource};

pub use cases::{Case, Cases, Choice};

/// How to read a template.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Values of parameters; of a name that stands twice, the last.
    pub parameters: &'a [(String, String)],
    /// The number of the input.
    pub input: u32,
}

/// A template that was read.
#[derive(Debug, Default)]
pub struct Template {
    /// The resources that the program asks about.
    pub resources: Vec<Resource>,
    /// What the template hides.
    pub gaps: Vec<Gap>,
    /// What is wrong in it, without stopping the rest.
    pub warnings: Vec<Warning>,
    /// What of it could not be read at all, so that the answer is incomplete.
    pub lost: Vec<Warning>,
    /// The names of its parameters.
    pub parameters: Vec<crate::value::Text>,
    /// How many resources it has, of any type.
    pub count: u64,
    /// How what it leaves open may turn out; `None` where there is nothing to tell apart.
    pub cases: Option<Cases>,
}

/// Something wrong in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Where.
    pub place: LineColumn,
    /// One clause.
    pub what: String,
}

/// A template that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where.
    pub place: LineColumn,
    /// One clause, and what to do.
    pub what: String,
}

/// The text of a template, its tree, and the ways to its nodes.
#[derive(Debug)]
pub(super) struct Source {
    pub document: Document,
    pub pointers: Pointers,
}

/// Reads a template.
///
/// # Errors
///
/// The bytes are no text, the text is neither JSON nor YAML, or it is no template.
pub fn read(
    projection: &Projection,
    options: &Options<'_>,
    name: &str,
    bytes: &[u8],
) -> Result<Template, Refused> {
    let text = document::decode(bytes).map_err(|bad| refused(&bad.error))?;
    let document = document::read(SourceFile::new(name, &text)).map_err(|error| refused(&error))?;
    if document.map(document.root).is_none() {
        let place = document.place(document.root);
        return Err(Refused {
            place,
            what: "not a template: expected a map with `Resources`".to_owned(),
        });
    }
    let pointers = Pointers::new(&document);
    let source = Arc::new(Source { document, pointers });
    resources::read(projection, options, &source, (&Case::new(), &|_, _| true))
}

fn refused(error: &document::ReadError) -> Refused {
    let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    Refused { place: error.place, what: format!("{}{hint}", error.message) }
}
