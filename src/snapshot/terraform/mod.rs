//! Terraform: plans and states as `terraform show -json` prints them, and state files.
//!
//! A plan is read as one tree, and no second one is made of it: of a resource the parts are read that adapters
//! ask for, each time they do. What is "known after apply" is open; where the configuration says to what such a
//! value refers, it is the symbol of that resource. What the configuration does not mention and the provider
//! fills in has the origin `default`.
//!
//! Formats: <https://developer.hashicorp.com/terraform/internals/json-format>; state files are not documented,
//! but for the code that writes them.

mod address;
mod attributes;
mod companions;
mod configuration;
mod find;
mod flat;
mod references;
mod state;
mod values;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::base::source::SourceFile;
use crate::base::{LineColumn, Symbol};
use crate::program::{Adapter, Part};
use crate::value::{Broken, Text, Value};

use super::document::{self, Document, NodeId, Pointers};
pub use attributes::resource;

use address::Module;
use companions::Companions;
use configuration::Configuration;

/// A plan or a state that was read.
#[derive(Debug)]
pub struct Plan {
    document: Document,
    pointers: Pointers,
    /// Its managed resources, without those that are deleted.
    pub items: Vec<Item>,
    /// What of it could not be read.
    pub lost: Vec<(LineColumn, String)>,
    /// What it says that it does not show.
    pub gaps: Vec<(LineColumn, String)>,
    by_address: HashMap<Text, usize>,
    /// By address without the last index.
    by_base: HashMap<Text, Vec<usize>>,
    /// The indexes of the instances of modules: by the module around them and their name.
    modules: HashMap<(Module, Text), BTreeSet<Option<Text>>>,
    configuration: Configuration,
    /// What stands for a resource that there is not.
    nothing: Item,
    /// The types that adapters make resources of.
    adapted: BTreeSet<Symbol>,
    /// What refers to the resources of a type: by that type and by the member that adapters ask for.
    companions: HashMap<(Symbol, Symbol), Companions>,
}

/// A resource, as Terraform has it.
#[derive(Debug)]
pub struct Item {
    /// Its type, in Terraform's words.
    pub kind: Symbol,
    /// Its address.
    pub address: Text,
    /// What is wrong with it.
    pub broken: Option<Arc<Broken>>,
    /// Where it stands.
    node: NodeId,
    module: Module,
    name: Text,
    index: Option<Text>,
    values: Values,
    /// Which of its values are known after apply.
    unknown: Option<NodeId>,
    sensitive: Sensitive,
    /// Whether a value that is missing may be one that is not known yet.
    partial: bool,
}

/// Where the values of a resource stand.
#[derive(Clone, Copy, Debug)]
enum Values {
    /// In an object.
    Tree(Option<NodeId>),
    /// In an object of texts whose keys are paths: `ingress.0.from_port`.
    Flat(NodeId),
}

/// Which values are secret.
#[derive(Clone, Debug)]
enum Sensitive {
    /// Those that are `true` in this tree.
    Tree(Option<NodeId>),
    /// These attributes.
    Names(BTreeSet<Text>),
}

/// A text that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where.
    pub place: LineColumn,
    /// One clause, and what to do.
    pub what: String,
}

/// Reads a plan or a state, for these adapters.
///
/// # Errors
///
/// The bytes are no text, the text is no JSON, or neither a plan nor a state of a version that is known.
pub fn read<'a>(
    adapters: impl IntoIterator<Item = &'a Adapter>,
    name: &str,
    bytes: &[u8],
) -> Result<Plan, Refused> {
    let text = document::decode(bytes).map_err(|bad| refused(&bad.error))?;
    let document =
        document::json::read(SourceFile::new(name, &text)).map_err(|error| refused(&error))?;
    let found = find::find(&document)?;
    let mut plan = Plan {
        pointers: Pointers::new(&document),
        configuration: Configuration::new(&document),
        items: found.items,
        lost: found.lost,
        gaps: found.gaps,
        by_address: HashMap::new(),
        by_base: HashMap::new(),
        modules: HashMap::new(),
        nothing: nothing(document.root),
        adapted: BTreeSet::new(),
        companions: HashMap::new(),
        document,
    };
    plan.index();
    plan.duplicates();
    let mut asked: BTreeSet<(Symbol, Symbol)> = BTreeSet::new();
    for adapter in adapters {
        plan.adapted.insert(adapter.of.clone());
        let members = adapter.parts.fields.keys().filter(|name| name.contains('.'));
        asked.extend(members.map(|name| (adapter.of.clone(), name.clone())));
    }
    let tables = asked.into_iter().map(|key| {
        let table = plan.companions_of(&key.0, &key.1);
        (key, table)
    });
    plan.companions = tables.collect();
    Ok(plan)
}

fn refused(error: &document::ReadError) -> Refused {
    let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    Refused { place: error.place, what: format!("{}{hint}", error.message) }
}

fn nothing(node: NodeId) -> Item {
    let head = find::Head { kind: Text::from(""), address: Text::from("") };
    head.item(node, Values::Tree(None), Sensitive::Tree(None))
}

impl Plan {
    fn index(&mut self) {
        let mut twice = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if let Some(first) = self.by_address.insert(item.address.clone(), at) {
                twice.extend([first, at]);
            }
            let base = address::join(&item.module, &item.kind, &item.name, None);
            self.by_base.entry(base.into()).or_default().push(at);
            for (depth, part) in item.module.iter().enumerate() {
                let outer = item.module.get(..depth).unwrap_or_default().to_vec();
                let known = self.modules.entry((outer, part.name.clone())).or_default();
                known.insert(part.index.clone());
            }
        }
        for at in twice {
            if let Some(item) = self.items.get_mut(at) {
                let reason = format!("`{}` stands twice", item.address);
                item.broken = Some(Arc::new(Broken { reason: reason.into() }));
            }
        }
    }

    /// A key that stands twice in a resource makes that resource an error. Elsewhere what the second one says
    /// is lost.
    fn duplicates(&mut self) {
        let document = &self.document;
        if document.duplicates.is_empty() {
            return;
        }
        let mut own = BTreeSet::new();
        for item in &mut self.items {
            let below = document.duplicates_below(item.node);
            if let Some(twice) = below.first() {
                let [first, second] =
                    [twice.first, twice.second].map(|at| document.file.line_column(at));
                let reason = format!(
                    "key `{}` stands twice: in line {} and in line {}",
                    twice.key, first.line, second.line
                );
                item.broken = Some(Arc::new(Broken { reason: reason.into() }));
            }
            own.extend(below.iter().map(|twice| (twice.map, twice.second)));
        }
        for twice in document.duplicates.iter().filter(|d| !own.contains(&(d.map, d.second))) {
            let what = format!("key `{}` stands twice", twice.key);
            self.lost.push((document.file.line_column(twice.second), what));
        }
    }

    /// Where the resource with this number stands.
    pub fn place(&self, at: usize) -> LineColumn {
        self.document.place(self.items.get(at).map_or(self.document.root, |item| item.node))
    }

    /// The resource with this number as an adapter sees it: of its values and of what refers to it, these
    /// parts.
    pub fn value(&self, at: usize, part: &Part) -> Value {
        values::of(self, at, part)
    }
}
