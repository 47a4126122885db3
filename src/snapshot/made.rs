//! Resources that no text has: accounts and regions, made from what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{LineColumn, Symbol};
use crate::program::Projection;
use crate::value::{Origin, Step, Text, Value};

use super::model::{Gap, Locate, Located, Resource, ResourceAttributes};
use super::row;

/// The type of accounts.
pub const ACCOUNT: &str = "AWS::::Account";
/// The type of an account's regions.
pub const REGION: &str = "AWS::::Region";
/// What the account of a template's stack is called: it is not known before the stack is deployed.
pub const STACK_ACCOUNT: &str = "AWS::AccountId";
/// The same for its region.
pub const STACK_REGION: &str = "AWS::Region";

/// The way back to the text of a resource without one: its paths are its pointers.
#[derive(Debug)]
pub struct Nowhere;

impl Locate for Nowhere {
    fn locate(&self, _text: u32, path: &[Step]) -> Located {
        let mut pointer = String::new();
        for step in path {
            let part = match step {
                Step::Attribute(name) => name.to_string(),
                Step::Key(key) => key.to_string(),
                Step::Element(n) => n.to_string(),
            };
            pointer.push('/');
            pointer.push_str(&part);
        }
        Located { pointer, place: LineColumn { line: 1, column: 1 } }
    }
}

/// The accounts and regions that the inputs named, with the input that named each first.
#[derive(Debug, Default)]
pub struct Seen {
    accounts: BTreeMap<Text, u32>,
    /// By account and name.
    regions: BTreeMap<(Option<Text>, Text), u32>,
    stacks: Vec<u32>,
    /// Those that an input gives itself.
    given_accounts: BTreeSet<Text>,
    given_regions: BTreeSet<(Option<Text>, Text)>,
    /// Accounts and regions of resources that came lately.
    recent: Vec<(Option<Text>, Option<Text>, u32)>,
}

/// How many of them are looked through.
const RECENT: usize = 32;

impl Seen {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many accounts and regions were named.
    pub fn count(&self) -> usize {
        self.accounts.len() + self.regions.len()
    }

    /// A resource of this account and region.
    pub fn place(&mut self, account: Option<&Text>, region: Option<&Text>, input: u32) {
        let same = |a: Option<&Text>, b: Option<&Text>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let known = |(a, r, i): &(Option<Text>, Option<Text>, u32)| {
            *i == input && same(a.as_ref(), account) && same(r.as_ref(), region)
        };
        if self.recent.iter().any(known) {
            return;
        }
        if self.recent.len() < RECENT {
            self.recent.push((account.cloned(), region.cloned(), input));
        }
        if let Some(account) = account {
            self.accounts.entry(account.clone()).or_insert(input);
        }
        if let Some(region) = region {
            self.regions.entry((account.cloned(), region.clone())).or_insert(input);
        }
    }

    /// A resource that was read; it may itself be an account.
    pub fn resource(&mut self, resource: &Resource) {
        let account = resource.account.as_text();
        match &*resource.kind {
            ACCOUNT => drop(self.given_accounts.insert(resource.id.clone())),
            REGION => drop(self.given_regions.insert((account.cloned(), resource.id.clone()))),
            _ => {}
        }
        self.place(account, resource.region.as_text(), resource.input);
    }

    /// What was seen after all that is known.
    pub fn take(&mut self, later: Self) {
        for (account, input) in later.accounts {
            self.accounts.entry(account).or_insert(input);
        }
        for (region, input) in later.regions {
            self.regions.entry(region).or_insert(input);
        }
        self.stacks.extend(later.stacks);
        self.given_accounts.extend(later.given_accounts);
        self.given_regions.extend(later.given_regions);
    }

    /// A template: its stack will be in an account that is not known.
    pub fn template(&mut self, input: u32) {
        self.stacks.push(input);
    }

    /// The accounts and regions that the program asks about and that no input gives itself. Accounts that
    /// only a gap names are among them: that nothing of them was seen must not look like nothing to see.
    pub fn resources(&mut self, projection: &Projection, gaps: &[Gap]) -> Vec<Resource> {
        for gap in gaps {
            self.place(gap.account.as_ref(), gap.region.as_ref(), gap.input);
        }
        let text = |text: &Text| Value::Text(text.clone());
        let mut out = Vec::new();
        for (id, input) in &self.accounts {
            if !self.given_accounts.contains(id) {
                let account =
                    Made { id, identifier: text(id), account: text(id), region: open("region") };
                out.extend(account.resource(projection, ACCOUNT, *input));
            }
        }
        for (key @ (account, id), input) in &self.regions {
            if !self.given_regions.contains(key) {
                let account = account.as_ref().map_or_else(|| open("account"), text);
                let region = Made { id, identifier: text(id), account, region: text(id) };
                out.extend(region.resource(projection, REGION, *input));
            }
        }
        for input in &self.stacks {
            for (kind, id) in [(ACCOUNT, STACK_ACCOUNT), (REGION, STACK_REGION)] {
                let (id, identifier) = (&Arc::from(id), open("account or region of the stack"));
                let (account, region) = (open("account"), open("region"));
                let made = Made { id, identifier, account, region };
                out.extend(made.resource(projection, kind, *input));
            }
        }
        out
    }
}

fn open(what: &str) -> Value {
    Value::unknown(Origin::Computed, &format!("the {what} is not in the snapshot"))
}

/// An account or a region to be made.
struct Made<'m> {
    id: &'m Text,
    /// The value of the property that identifies it.
    identifier: Value,
    account: Value,
    region: Value,
}

impl Made<'_> {
    /// The resource, if the program asks about its type.
    fn resource(self, projection: &Projection, kind: &str, input: u32) -> Option<Resource> {
        let view = projection.resources.get(kind)?;
        let slots = projection.layout(view.layout).map(|layout| {
            let slots = layout.slots.iter().map(|(name, slot)| match slot.identifies {
                true => self.identifier.clone(),
                false => row::left_out(name, slot, None),
            });
            slots.collect()
        });
        let none = || Value::map([]);
        Some(Resource {
            kind: Symbol::new(kind),
            layout: Some(view.layout),
            slots: slots.unwrap_or_default(),
            id: self.id.clone(),
            account: self.account,
            region: self.region,
            attributes: ResourceAttributes {
                arn: open("ARN"),
                tags: none(),
                properties: none(),
                metadata: none(),
                attributes: none(),
                ..ResourceAttributes::default()
            },
            maybe: None,
            broken: None,
            adapter: None,
            input,
            place: LineColumn { line: 1, column: 1 },
            source: Arc::new(Nowhere),
            text: 0,
        })
    }
}
