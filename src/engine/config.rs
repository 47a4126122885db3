//! AWS Config in a run: items become resources through adapters; of a resource's states the latest counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;

use crate::base::{LineColumn, Symbol};
use crate::program::{Adapter, Control, Program, Subject};
use crate::snapshot::config::{self, ConfigItem, Record, State};
use crate::snapshot::made::{ACCOUNT, REGION};
use crate::snapshot::model::{Gap, Resource, Snapshot, SourceKind};
use crate::value::Text;
use crate::vm::World;
use crate::vm::adapt::{adapt, unknown_row};

use super::Run;

/// The source, as adapters name it.
const SOURCE: &str = "config";

/// Where an item stands: its input and its place there.
type At = (u32, LineColumn);

/// The latest item of every resource. Of a resource only a digest of its name is kept: a history may be long.
#[derive(Debug, Default)]
pub struct Latest {
    states: RandomState,
    items: HashMap<(u64, u64), Known>,
    /// Items that a later one of the same resource has replaced.
    replaced: BTreeSet<At>,
    /// Of which types there were items, by account.
    recorded: BTreeMap<Option<Text>, BTreeSet<Symbol>>,
}

/// The latest item of a resource so far.
#[derive(Clone, Copy, Debug)]
struct Known {
    captured: Option<i64>,
    at: At,
    is_there: bool,
}

impl Latest {
    /// Takes an item; `None` where it is an earlier state than one that was read. Else, how many resources
    /// more there are by it. Where an item does not say when it was made, none is known to be the later:
    /// both stand.
    fn take(&mut self, item: &ConfigItem, at: At) -> Option<i64> {
        let is_there = item.state != State::Deleted;
        let known = Known { captured: item.captured, at, is_there };
        if item.captured.is_none() {
            return Some(i64::from(is_there));
        }
        let Some(before) = self.items.insert(self.key(item), known) else {
            return Some(i64::from(is_there));
        };
        if item.captured < before.captured {
            self.items.insert(self.key(item), before);
            return None;
        }
        self.replaced.insert(before.at);
        Some(i64::from(is_there) - i64::from(before.is_there))
    }

    /// 128 bits: two resources share them about never.
    fn key(&self, item: &ConfigItem) -> (u64, u64) {
        let half = |salt: u8| {
            let mut hasher = self.states.build_hasher();
            hasher.write_u8(salt);
            let parts: [&str; 4] = [
                &item.kind,
                &item.id,
                item.account.as_deref().unwrap_or(""),
                item.region.as_deref().unwrap_or(""),
            ];
            for part in parts {
                hasher.write(part.as_bytes());
                hasher.write_u8(0xff);
            }
            hasher.finish()
        };
        (half(0), half(1))
    }

    /// Whether the item at this place is a state that has passed.
    pub fn has_passed(&self, at: At) -> bool {
        self.replaced.contains(&at)
    }
}

impl Run<'_> {
    /// Reads AWS Config's items, alone, in a snapshot or a history, or in messages, and judges what can be
    /// judged as it comes. Of several items of one resource the latest counts.
    pub fn config(&mut self, name: &str, bytes: impl Read) {
        let input = self.input(name, SourceKind::Config);
        let bytes = self.guarded(bytes);
        let program = &self.engine.program;
        let nothing = Snapshot::default();
        let world = World::new(program, &nothing);
        let mut count = 0i64;
        let stopped = config::read(input, bytes, |record| match record {
            Record::Item(item) => count += self.item(program, &world, input, *item),
            Record::Gap(gap) => self.assessment.gaps.push(gap),
            Record::Bad(place, what) => {
                self.lost(name, input, place, &format!("this cannot be read: {what}"));
            }
        });
        if let Err(stopped) = stopped {
            self.lost(name, input, stopped.place, &stopped.what);
        }
        self.count(input, u64::try_from(count).unwrap_or(0));
    }

    /// Takes an item; how many resources more there are by it.
    fn item(&mut self, program: &Program, world: &World<'_>, input: u32, item: ConfigItem) -> i64 {
        if item.state != State::NotRecorded {
            let of_account = self.latest.recorded.entry(item.account.clone()).or_default();
            of_account.insert(item.kind.clone());
        }
        let Some(more) = self.latest.take(&item, (input, item.place)) else { return 0 };
        if item.state == State::Deleted {
            return more;
        }
        self.seen.place(item.account.as_ref(), item.region.as_ref(), input);
        if item.state == State::NotRecorded {
            let kind = Some(item.kind.clone());
            let (account, region) = (item.account.clone(), item.region.clone());
            let reason: Text = format!("AWS Config does not record {}", item.id).into();
            let place = item.place;
            self.assessment.gaps.push(Gap { kind, account, region, reason, input, place });
        } else {
            for resource in resources(program, world, &item) {
                self.resource(resource);
            }
        }
        more
    }
}

impl Run<'_> {
    /// What queries look for and the items do not give, so that it says nothing that none was found: types
    /// that AWS Config does not have, and in each account those of which there is not one item. A recorder
    /// may leave a type out, and a message has one item alone.
    pub(super) fn not_given(&mut self, kept: &Snapshot) {
        let inputs = (0u32..).zip(&self.assessment.inputs);
        let mut of_config = inputs.filter(|(_, input)| input.source == SourceKind::Config);
        let Some((input, _)) = of_config.next() else { return };
        let program = &self.engine.program;
        let types: BTreeSet<&str> = kept.resources.iter().map(|found| &*found.kind).collect();
        // An inventory says itself what it could not see.
        let source = |input: u32| self.assessment.inputs.get(input as usize).map(|i| i.source);
        let inventory =
            |found: &&Resource| source(found.input).is_some_and(|s| s == SourceKind::Inventory);
        let listed: BTreeSet<&str> =
            kept.resources.iter().filter(inventory).map(|found| &*found.kind).collect();
        let asks = |control: &&Control| match &control.subject {
            Subject::Types(kinds) => kinds.iter().any(|kind| types.contains(kind.as_str())),
            Subject::Any | Subject::Account => true,
        };
        let asked: BTreeSet<_> =
            program.controls.iter().filter(asks).flat_map(|control| &control.joins).collect();
        let gap = |kind: &Symbol, account: Option<Text>, reason: String| Gap {
            kind: Some(kind.clone()),
            account,
            region: None,
            reason: reason.into(),
            input,
            place: LineColumn { line: 1, column: 1 },
        };
        for kind in asked {
            let adapters = program.adapters.iter();
            let adapters: Vec<_> =
                adapters.filter(|a| *a.source == *SOURCE && a.target == *kind).collect();
            // One that sets nothing says that what is asked for stands in the items of another type.
            let elsewhere =
                adapters.iter().any(|adapter| adapter.of != *kind && adapter.sets.is_empty());
            let is_made = [ACCOUNT, REGION].contains(&kind.as_str());
            if elsewhere || is_made || listed.contains(kind.as_str()) {
                continue;
            }
            if adapters.is_empty() && !types.contains(kind.as_str()) {
                let reason = format!("AWS Config's items give no {kind}");
                self.assessment.gaps.push(gap(kind, None, reason));
            }
            let given = |recorded: &BTreeSet<Symbol>| {
                adapters.is_empty() || adapters.iter().any(|adapter| recorded.contains(&adapter.of))
            };
            for (account, _) in self.latest.recorded.iter().filter(|(_, kinds)| !given(kinds)) {
                let reason = format!("there is no item of {kind}: it may not be recorded");
                self.assessment.gaps.push(gap(kind, account.clone(), reason));
            }
        }
    }
}

/// The resources that an item stands for: one for each adapter of its type; without any, one of which
/// nothing is known but that it is there.
fn resources(program: &Program, world: &World<'_>, item: &ConfigItem) -> Vec<Resource> {
    let projection = &program.projection;
    let of_item = |adapter: &&Adapter| *adapter.source == *SOURCE && adapter.of == item.kind;
    let mut out = Vec::new();
    for (at, adapter) in (0u32..).zip(&program.adapters).filter(|(_, adapter)| of_item(adapter)) {
        out.extend(adapted(program, world, item, (at, adapter)));
    }
    let has_own = program.adapters.iter().filter(of_item).any(|a| a.target == item.kind);
    match (projection.resources.get(&item.kind), projection.any) {
        _ if has_own => {}
        (Some(view), _) if out.is_empty() => {
            let mut resource = item.resource(item.kind.clone(), view.attributes);
            resource.layout = Some(view.layout);
            let cause = format!("there is no adapter from AWS Config to {}", item.kind);
            let layout = projection.layout(view.layout);
            resource.slots = layout.map(|layout| unknown_row(layout, &cause)).unwrap_or_default();
            out.push(resource);
        }
        // What adapters make of it besides does not stand for the resource itself.
        (None, Some(any)) => out.push(item.resource(item.kind.clone(), any)),
        _ => {}
    }
    out
}

/// The resource that an adapter makes of the item, if there is one.
fn adapted(
    program: &Program,
    world: &World<'_>,
    item: &ConfigItem,
    (at, adapter): (u32, &Adapter),
) -> Option<Resource> {
    let view = program.projection.resources.get(&adapter.target)?;
    let mut resource = item.resource(adapter.target.clone(), view.attributes);
    resource.layout = Some(view.layout);
    resource.adapter = Some(at);
    match item.value(&adapter.parts) {
        Ok(value) => match adapt(program, world, adapter, &value) {
            Some(made) => {
                resource.slots = made.slots;
                resource.maybe = made.maybe;
                resource.broken = resource.broken.or(made.broken);
            }
            // What is wrong in itself cannot say that it is no resource.
            None if item.broken.is_some() && adapter.target == item.kind => {}
            None => return None,
        },
        Err(broken) => resource.broken = resource.broken.or(Some(broken)),
    }
    if program.projection.keeps(&adapter.target)
        && let Some(excerpt) = item.excerpt(&adapter.parts)
    {
        resource.source = excerpt;
    }
    Some(resource)
}
