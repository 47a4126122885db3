//! What a template leaves open and can be told case by case: parameters without a value, where it says which
//! values are allowed or compares them with some; pseudo parameters that it compares with some.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use crate::base::Symbol;
use crate::program::Projection;
use crate::snapshot::document::NodeId;
use crate::value::{Answer, Text};

use super::eval::{Evaluator, long_name};
use super::tree::{Tree, TreeKind};
use super::{Options, Refused, Source, Template, parameters, resources};

/// How many cases are told apart for a finding.
pub const MOST_CASES: usize = 256;

/// How a parameter may turn out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It has this value.
    Is(Text),
    /// It has a value that is none of these.
    NoneOf(Vec<Text>),
}

/// How some parameters turn out, by name.
pub type Case = IndexMap<Text, Choice>;

/// A template whose open parameters may turn out in several ways.
#[derive(Debug)]
pub struct Cases {
    source: Arc<Source>,
    /// By parameter.
    choices: IndexMap<Text, Vec<Choice>>,
    /// By the logical id of a resource: its type, and what it hangs on.
    resources: IndexMap<Text, (Symbol, BTreeSet<Text>)>,
}

/// What is found out about open parameters while a template is evaluated.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// What was read lately.
    pub read: BTreeSet<Text>,
    /// The values that each was compared with.
    compared: IndexMap<Text, IndexSet<Text>>,
    /// By the logical id of a resource: its type, and what it hangs on.
    pub resources: IndexMap<Text, (Symbol, BTreeSet<Text>)>,
}

impl Noted {
    /// How what the template leaves open may turn out.
    pub fn cases(self, source: &Arc<Source>, parameters: &IndexMap<Text, Tree>) -> Option<Cases> {
        let document = &source.document;
        let is_open = |name: &Text| {
            parameters.get(name).is_some_and(|value| matches!(value.kind, TreeKind::Open(_)))
        };
        let mut choices = IndexMap::new();
        for name in parameters.keys().filter(|name| is_open(name)) {
            let allowed = parameters::allowed(document, name);
            if !allowed.is_empty() {
                choices.insert(name.clone(), allowed.into_iter().map(Choice::Is).collect());
            }
        }
        for (name, values) in self.compared {
            let pseudo = name.starts_with("AWS::");
            if choices.contains_key(&name) || !pseudo && !is_open(&name) {
                continue;
            }
            let may_be =
                |value: &&Text| pseudo || parameters::admits(document, &name, value.as_ref());
            let mut all: Vec<Choice> =
                values.iter().filter(may_be).cloned().map(Choice::Is).collect();
            if !all.is_empty() {
                all.push(Choice::NoneOf(values.into_iter().collect()));
                choices.insert(name, all);
            }
        }
        let source = Arc::clone(source);
        (!choices.is_empty()).then(|| Cases { source, choices, resources: self.resources })
    }
}

impl Cases {
    /// The open parameters that these resources hang on and that can be told case by case, sorted.
    pub fn of(&self, wanted: impl Fn(&Text, &Symbol) -> bool) -> BTreeSet<Text> {
        let own = self.resources.iter().filter(|(id, (kind, _))| wanted(id, kind));
        let names = own.flat_map(|(_, (_, names))| names);
        names.filter(|name| self.choices.contains_key(*name)).cloned().collect()
    }

    /// Every way in which these may turn out; `None` where there are too many.
    pub fn all(&self, names: &BTreeSet<Text>) -> Option<Vec<Case>> {
        let mut cases = vec![Case::new()];
        for name in names {
            let choices = self.choices.get(name)?;
            if cases.len().saturating_mul(choices.len()) > MOST_CASES {
                return None;
            }
            let with = |case: &Case, choice: &Choice| {
                let mut case = case.clone();
                case.insert(name.clone(), choice.clone());
                case
            };
            cases = cases
                .iter()
                .flat_map(|case| choices.iter().map(move |choice| with(case, choice)))
                .collect();
        }
        Some(cases)
    }

    /// The template as it is in a case; of its resources, those that are wanted. What the others hide is not among
    /// its gaps.
    ///
    /// # Errors
    ///
    /// As for the template itself.
    pub fn read(
        &self,
        projection: &Projection,
        options: &Options<'_>,
        case: &Case,
        wanted: &dyn Fn(&Text, &Symbol) -> bool,
    ) -> Result<Template, Refused> {
        resources::read(projection, options, &self.source, (case, wanted))
    }
}

/// Whether two values are equal of which one is an open parameter: what it is compared with is noted; known
/// not to be equal where the case says that it is none of these.
pub(super) fn compared(
    ev: &mut Evaluator<'_>,
    nodes: (NodeId, NodeId),
    trees: (&Tree, &Tree),
) -> Option<Answer> {
    let sides = [(nodes.0, trees.0, trees.1), (nodes.1, trees.1, trees.0)];
    for (node, tree, other) in sides {
        let (TreeKind::Open(_), TreeKind::Scalar(value)) = (&tree.kind, &other.kind) else {
            continue;
        };
        let Some(name) = parameter(ev, node) else { continue };
        let value = value.as_text();
        if let Some(Choice::NoneOf(values)) = ev.case.get(&name)
            && values.contains(&value)
        {
            return Some(Answer::No);
        }
        ev.noted.compared.entry(name).or_default().insert(value);
    }
    None
}

/// The parameter that the node refers to by `Ref`.
fn parameter(ev: &Evaluator<'_>, node: NodeId) -> Option<Text> {
    let tag = ev.document.node(node).and_then(|found| found.tag.as_deref());
    if tag.is_some_and(|tag| long_name(tag) == "Ref") {
        return ev.document.scalar(node).map(|scalar| scalar.text.clone());
    }
    let (name, arg) = ev.function_of(node)?;
    if name == "Ref" { ev.document.plain_text(arg).cloned() } else { None }
}
