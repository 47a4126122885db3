//! Resources that no text has: accounts and regions, made from what was seen.

use std::collections::BTreeSet;
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
    fn locate(&self, path: &[Step]) -> Located {
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
    accounts: BTreeSet<(Text, u32)>,
    regions: BTreeSet<(Option<Text>, Text, u32)>,
    stacks: Vec<u32>,
    given: BTreeSet<(Symbol, Text)>,
}

impl Seen {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A resource of this account and region.
    pub fn place(&mut self, account: Option<&Text>, region: Option<&Text>, input: u32) {
        if let Some(account) = account
            && !self.accounts.iter().any(|(known, _)| known == account)
        {
            self.accounts.insert((account.clone(), input));
        }
        if let Some(region) = region
            && !self.regions.iter().any(|(a, r, _)| a.as_ref() == account && r == region)
        {
            self.regions.insert((account.cloned(), region.clone(), input));
        }
    }

    /// A resource that was read; it may itself be an account.
    pub fn resource(&mut self, resource: &Resource) {
        let text = |value: &Value| match value.plain() {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        if [ACCOUNT, REGION].contains(&&*resource.kind) {
            self.given.insert((resource.kind.clone(), resource.id.clone()));
        }
        let (account, region) = (text(&resource.account), text(&resource.region));
        self.place(account.as_ref(), region.as_ref(), resource.input);
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
        let mut out = Vec::new();
        for (account, input) in &self.accounts {
            out.extend(self.one(
                projection,
                (ACCOUNT, "AccountId", account),
                Some(account),
                *input,
            ));
        }
        for (account, region, input) in &self.regions {
            let field = (REGION, "RegionName", region);
            out.extend(self.one(projection, field, account.as_ref(), *input).map(|mut made| {
                made.region = Value::Text(region.clone());
                made
            }));
        }
        for input in &self.stacks {
            let account: Text = Arc::from(STACK_ACCOUNT);
            let region: Text = Arc::from(STACK_REGION);
            out.extend(self.one(projection, (ACCOUNT, "AccountId", &account), None, *input));
            out.extend(self.one(projection, (REGION, "RegionName", &region), None, *input));
        }
        out
    }

    fn one(
        &self,
        projection: &Projection,
        (kind, field, id): (&str, &str, &Text),
        account: Option<&Text>,
        input: u32,
    ) -> Option<Resource> {
        let kind = Symbol::new(kind);
        let view = projection.resources.get(&kind)?;
        if self.given.contains(&(kind.clone(), id.clone())) {
            return None;
        }
        let open = |what: &str| {
            Value::unknown(Origin::Computed, &format!("the {what} is not in the snapshot"))
        };
        let known = !id.starts_with("AWS::");
        let slots = projection.layout(view.layout).map(|layout| {
            let slot = |(name, slot)| match name == field {
                true if known => Value::Text(id.clone()),
                true => open("account or region of the stack"),
                false => row::left_out(name, slot, None),
            };
            layout.slots.iter().map(|(name, s): (&Symbol, _)| slot((&**name, s))).collect()
        });
        Some(Resource {
            kind,
            layout: Some(view.layout),
            slots: slots.unwrap_or_default(),
            id: id.clone(),
            account: account
                .map_or_else(|| open("account"), |account| Value::Text(account.clone())),
            region: open("region"),
            attributes: ResourceAttributes {
                arn: open("ARN"),
                tags: Value::map([]),
                ..ResourceAttributes::default()
            },
            maybe: None,
            broken: None,
            input,
            place: LineColumn { line: 1, column: 1 },
            source: Arc::new(Nowhere),
        })
    }
}
