//! What may be known of an unknown value.

use serde::{Deserialize, Serialize};
use std::fmt;

use crate::base::Symbol;

use super::Text;

/// An unknown value, and all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Open {
    /// What is known of the value.
    pub shape: Shape,
    /// Whether it is certainly there: `is present` is true then, else unknown.
    pub present: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// What would have to be known: ``parameter `AdminCidr` has no value``.
    pub cause: Text,
}

/// What is known of an unknown value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Shape {
    /// Nothing.
    Any,
    /// An attribute of a resource of the same template, or a pseudo parameter: equal to itself.
    Symbol(SymbolRef),
    /// Text of which parts are literal. Two segments at least, or one that is open.
    Text(Vec<Segment>),
    /// A number between the bounds, both included; `None` is no bound. What `count` gives for a
    /// list with elements that are open.
    Between(i64, Option<i64>),
}

/// A stretch of partly known text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Segment {
    /// These very characters.
    Literal(Text),
    /// Any text, the empty one too, unless a symbol stands for it (then: that symbol's text).
    Open(Option<SymbolRef>),
}

/// The text that a `Ref`, a `Fn::GetAtt` or a pseudo parameter of a template stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SymbolRef {
    /// An attribute of a resource of the same template.
    Attribute {
        /// The resource's logical id.
        resource: Text,
        /// The resource's type.
        kind: Symbol,
        /// The attribute: `Arn`, `GroupId`; `Ref` for what `Ref` gives.
        attribute: Symbol,
        /// Whether two resources never share it: a primary identifier or the target of a reference.
        identifies: bool,
    },
    /// `AWS::Region` and the like.
    Pseudo(Symbol),
}

/// Where a value comes from. The names are those of the language's `origin(x)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "language.md, section 5, says what each is")]
pub enum Origin {
    Literal,
    Default,
    Absent,
    Parameter,
    SecretParameter,
    SecretParameterWithDefault,
    DynamicSecret,
    Reference,
    Computed,
    Redacted,
}

impl Origin {
    /// Every origin.
    pub const ALL: [Self; 10] = [
        Self::Literal,
        Self::Default,
        Self::Absent,
        Self::Parameter,
        Self::SecretParameter,
        Self::SecretParameterWithDefault,
        Self::DynamicSecret,
        Self::Reference,
        Self::Computed,
        Self::Redacted,
    ];

    /// The name in the language: `"secret_parameter"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Literal => "literal",
            Self::Default => "default",
            Self::Absent => "absent",
            Self::Parameter => "parameter",
            Self::SecretParameter => "secret_parameter",
            Self::SecretParameterWithDefault => "secret_parameter_with_default",
            Self::DynamicSecret => "dynamic_secret",
            Self::Reference => "reference",
            Self::Computed => "computed",
            Self::Redacted => "redacted",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
