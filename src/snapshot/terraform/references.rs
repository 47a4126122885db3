//! References of a configuration, followed to the resources of the plan: through variables and outputs of
//! modules, and by the keys of `count` and `for_each`.

use std::cell::Cell;

use crate::snapshot::document::NodeId;
use crate::value::Text;

use super::address::{self, Module, Part};
use super::configuration::{Written, references};
use super::find::{is_true, member};
use super::{Item, Plan, Values};

/// The attributes by which others name a resource.
pub(super) const NAMES: [&str; 3] = ["id", "arn", "name"];

/// How many steps a value's references may take.
const STEPS: u32 = 2_000;
/// How many of them one behind the other.
const DEPTH: u32 = 24;

/// What the references of an expression come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Targets {
    /// The resources that it may stand for. Of each, the resource that is named first, then those from which
    /// its attribute comes.
    pub chains: Vec<Vec<usize>>,
    /// Whether it stands for one of them, whatever else may be.
    pub bounded: bool,
    /// Whether all that it is made of is known when the plan is made.
    pub constant: bool,
    /// Whether it is made of nothing but what names resources: of a list, these are the elements.
    pub plain: bool,
    /// Whether it says nothing beside something that does: a local value, most often a condition, or a resource
    /// of which there is none.
    aside: bool,
}

impl Targets {
    fn constant() -> Self {
        Self { constant: true, ..Self::default() }
    }

    fn aside() -> Self {
        Self { aside: true, ..Self::default() }
    }

    /// Whether it stands for one resource.
    pub fn is_sure(&self) -> bool {
        self.bounded && self.chains.len() == 1
    }
}

/// Where an expression stands: the module, the key of what it stands in, and what gave the keys.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    module: Module,
    key: Option<Text>,
    for_each: Option<NodeId>,
}

impl Plan {
    /// Where the expressions of a resource stand.
    pub(super) fn scope(&self, item: &Item) -> Scope {
        let resource = self.configured(item);
        let for_each = resource.and_then(|at| member(&self.document, at, "for_each_expression"));
        Scope { module: item.module.clone(), key: item.index.clone(), for_each }
    }

    /// Where the configuration of a resource stands.
    pub(super) fn configured(&self, item: &Item) -> Option<NodeId> {
        self.configuration.resource(&address::path(&item.module), &item.kind, &item.name)
    }

    /// To what the references of an expression lead.
    pub(super) fn targets(&self, scope: &Scope, references: &[Text]) -> Targets {
        let steps = Cell::new(STEPS);
        Resolver { plan: self, steps: &steps }.all(scope, references, DEPTH)
    }
}

struct Resolver<'p> {
    plan: &'p Plan,
    steps: &'p Cell<u32>,
}

impl Resolver<'_> {
    fn all(&self, scope: &Scope, references: &[Text], depth: u32) -> Targets {
        let left = self.steps.get();
        if left == 0 || depth == 0 {
            return Targets::default();
        }
        self.steps.set(left - 1);
        let heads = heads(references);
        let (keys, rest): (Vec<&Text>, Vec<&Text>) = heads
            .into_iter()
            .partition(|head| ["each.key", "each.value", "count.index"].contains(&&***head));
        let keyed = keys.iter().any(|key| &***key != "each.value");
        let gone_through = keys.is_empty() || keyed || self.is_constant(scope, depth - 1);
        let found: Vec<Targets> =
            rest.iter().map(|one| self.head(scope, one, keyed, depth - 1)).collect();
        let constant = gone_through && found.iter().all(|found| found.constant);
        let plain = keys.is_empty() && !found.is_empty() && found.iter().all(|found| found.plain);
        let telling: Vec<Targets> =
            found.into_iter().filter(|found| !found.constant && !found.aside).collect();
        // By a value that is not known the resource may be any of its kind.
        let bounded = gone_through && telling.iter().all(|found| found.bounded);
        let chains: Vec<_> = telling.into_iter().flat_map(|found| found.chains).collect();
        let bounded = bounded && !chains.is_empty();
        Targets { chains, bounded, constant, plain, aside: false }
    }

    /// Whether what is gone through is known when the plan is made.
    fn is_constant(&self, scope: &Scope, depth: u32) -> bool {
        scope.for_each.is_some_and(|at| {
            let outer = Scope { key: None, for_each: None, module: scope.module.clone() };
            self.all(&outer, &references(&self.plan.document, at), depth).constant
        })
    }

    fn head(&self, scope: &Scope, head: &str, keyed: bool, depth: u32) -> Targets {
        let parts = address::parts(head);
        let name = |at: usize| parts.get(at).map_or("", |part| &part.name);
        match name(0) {
            "var" => self.variable(scope, name(1), depth),
            "module" => self.output(scope, &parts, keyed, depth),
            "each" => self.each(scope, name(2), depth),
            "path" | "terraform" | "count" => Targets::constant(),
            "local" => Targets::aside(),
            "data" | "self" => Targets::default(),
            _ => self.resource(scope, &parts, keyed, depth),
        }
    }

    /// A variable of a module is what the call gives.
    fn variable(&self, scope: &Scope, name: &str, depth: u32) -> Targets {
        let document = &self.plan.document;
        let Some((own, outer)) = scope.module.split_last() else { return Targets::constant() };
        let call = self.plan.configuration.call(&address::path(&scope.module));
        let given = call
            .and_then(|call| member(document, call, "expressions"))
            .and_then(|all| member(document, all, name));
        let Some(given) = given else {
            return if call.is_some() { Targets::constant() } else { Targets::default() };
        };
        let scope = Scope {
            module: outer.to_vec(),
            key: own.index.clone(),
            for_each: call.and_then(|call| member(document, call, "for_each_expression")),
        };
        self.all(&scope, &references(document, given), depth)
    }

    /// An output of a module that is called.
    fn output(&self, scope: &Scope, parts: &[Part], keyed: bool, depth: u32) -> Targets {
        let (Some(call), Some(output)) = (parts.get(1), parts.get(2)) else {
            return Targets::default();
        };
        let document = &self.plan.document;
        let mut module = scope.module.clone();
        module.push(call.clone());
        let expression = self
            .plan
            .configuration
            .call(&address::path(&module))
            .and_then(|call| member(document, call, "module"))
            .and_then(|module| member(document, module, "outputs"))
            .and_then(|outputs| member(document, outputs, &output.name))
            .and_then(|output| member(document, output, "expression"));
        let Some(expression) = expression else { return Targets::default() };
        let given = references(document, expression);
        let mut indexes = match &call.index {
            Some(index) => vec![Some(index.clone())],
            None => self.plan.instances(&module),
        };
        if keyed && indexes.contains(&scope.key) {
            indexes.retain(|index| *index == scope.key);
        }
        let found: Vec<Targets> = indexes
            .into_iter()
            .map(|index| {
                let mut module = module.clone();
                if let Some(last) = module.last_mut() {
                    last.index = index;
                }
                self.all(&Scope { module, key: None, for_each: None }, &given, depth)
            })
            .collect();
        if found.is_empty() {
            return Targets::aside();
        }
        let bounded = found.iter().all(|found| found.bounded);
        let constant = found.iter().all(|found| found.constant);
        let plain = found.len() == 1 && found.iter().all(|found| found.plain);
        let chains = found.into_iter().flat_map(|found| found.chains).collect();
        Targets { chains, bounded, constant, plain, aside: false }
    }

    /// `each.value.id`, where resources are what is gone through.
    fn each(&self, scope: &Scope, attribute: &str, depth: u32) -> Targets {
        let Some(for_each) = scope.for_each.filter(|_| !attribute.is_empty()) else {
            return Targets::default();
        };
        let given = references(&self.plan.document, for_each);
        let heads = heads(&given);
        let [one] = heads.as_slice() else { return Targets::default() };
        let mut parts = address::parts(one);
        let is_resource = parts.len() == 2 && parts.first().is_some_and(|p| &*p.name != "module");
        let Some(last) = parts.last_mut().filter(|_| is_resource) else {
            return Targets::default();
        };
        last.index.get_or_insert_with(|| scope.key.clone().unwrap_or_else(|| Text::from("")));
        parts.push(Part { name: Text::from(attribute), index: None });
        self.resource(scope, &parts, true, depth)
    }

    fn resource(&self, scope: &Scope, parts: &[Part], keyed: bool, depth: u32) -> Targets {
        let (Some(kind), Some(own)) = (parts.first(), parts.get(1)) else {
            return Targets::default();
        };
        let plan = self.plan;
        let join =
            |index: Option<&Text>| address::join(&scope.module, &kind.name, &own.name, index);
        let exact = |index: Option<&Text>| plan.by_address.get(&*join(index)).copied();
        let found: Vec<usize> = match own.index.as_ref() {
            Some(index) => exact(Some(index)).into_iter().collect(),
            None => {
                let same_key =
                    scope.key.as_ref().filter(|_| keyed).and_then(|key| exact(Some(key)));
                let all = || plan.by_base.get(&*join(None)).cloned().unwrap_or_default();
                same_key.map_or_else(all, |one| vec![one])
            }
        };
        let attribute = parts.get(2).map(|part| &part.name);
        let chain = |at: usize| {
            let mut chain = vec![at];
            if let Some(attribute) = attribute {
                chain.extend(self.source(at, attribute, depth));
            }
            chain
        };
        if found.is_empty() {
            return Targets::aside();
        }
        // Many instances are many steps.
        let many = u32::try_from(found.len()).unwrap_or(u32::MAX);
        self.steps.set(self.steps.get().saturating_sub(many));
        let names = parts.len() == 3 && attribute.is_some_and(|name| NAMES.contains(&&**name));
        let plain = found.len() == 1 && names;
        let chains = found.into_iter().map(chain).collect();
        Targets { chains, bounded: true, plain, ..Targets::default() }
    }

    /// The resources from which an attribute of a resource comes, where it is not the resource's own.
    fn source(&self, at: usize, attribute: &str, depth: u32) -> Vec<usize> {
        let plan = self.plan;
        let Some(item) = plan.items.get(at) else { return Vec::new() };
        let document = &plan.document;
        let unknown = item.unknown.and_then(|at| document.get(at, attribute));
        let is_open = matches!(item.values, Values::Tree(_))
            && unknown.is_some_and(|at| is_true(document, at));
        if !is_open {
            return Vec::new();
        }
        let written = plan.configuration.written(document, plan.configured(item));
        let Written::By { references, exact: true } = written.key(document, attribute) else {
            return Vec::new();
        };
        let found = self.all(&plan.scope(item), &references, depth);
        let sure = found.is_sure();
        found.chains.into_iter().next().filter(|_| sure).unwrap_or_default()
    }
}

impl Plan {
    /// The indexes of the instances of a module, as far as they have resources.
    fn instances(&self, module: &[Part]) -> Vec<Option<Text>> {
        let Some((own, outer)) = module.split_last() else { return Vec::new() };
        self.modules
            .get(&(outer.to_vec(), own.name.clone()))
            .cloned()
            .unwrap_or_default()
            .into_iter()
            .collect()
    }
}

/// The references that are no beginning of another one.
pub(super) fn heads(references: &[Text]) -> Vec<&Text> {
    let begins = |whole: &str, start: &str| {
        whole.strip_prefix(start).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    // Terraform writes the beginnings behind what they begin.
    let mut out: Vec<&Text> = Vec::new();
    for one in references.iter().take(200) {
        let known = out.iter().any(|other| *other == one || begins(other, one));
        if !known {
            out.retain(|other| !begins(one, other));
            out.push(one);
        }
    }
    out
}
