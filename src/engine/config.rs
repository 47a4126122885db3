//! AWS Config in a run: items become resources through adapters; of a resource's states the latest counts.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;

use crate::base::LineColumn;
use crate::program::Program;
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
    /// more there are by it.
    fn take(&mut self, item: &ConfigItem, at: At) -> Option<i64> {
        let is_there = item.state != State::Deleted;
        let known = Known { captured: item.captured, at, is_there };
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
    /// Types that queries look for and that AWS Config cannot give: that none were found says nothing.
    pub(super) fn not_given(&mut self, kept: &Snapshot) {
        let inputs = (0u32..).zip(&self.assessment.inputs);
        let mut of_config = inputs.filter(|(_, input)| input.source == SourceKind::Config);
        let Some((input, _)) = of_config.next() else { return };
        let program = &self.engine.program;
        let asked: BTreeSet<_> = program.controls.iter().flat_map(|c| &c.joins).collect();
        for kind in asked {
            let given = program.adapters.iter().any(|a| *a.source == *SOURCE && a.target == *kind)
                || [ACCOUNT, REGION].contains(&kind.as_str())
                || kept.resources.iter().any(|resource| resource.kind == *kind);
            if !given {
                let reason = Text::from(format!("AWS Config's items give no {kind}"));
                let (kind, place) = (Some(kind.clone()), LineColumn { line: 1, column: 1 });
                let gap = Gap { kind, account: None, region: None, reason, input, place };
                self.assessment.gaps.push(gap);
            }
        }
    }
}

/// The resources that an item stands for: one for each adapter of its type; without any, one of which
/// nothing is known but that it is there.
fn resources(program: &Program, world: &World<'_>, item: &ConfigItem) -> Vec<Resource> {
    let projection = &program.projection;
    let mut out = Vec::new();
    let mut adapted = false;
    for (at, adapter) in (0u32..).zip(&program.adapters) {
        if *adapter.source != *SOURCE || adapter.of != item.kind {
            continue;
        }
        adapted = true;
        let Some(view) = projection.resources.get(&adapter.target) else { continue };
        let mut resource = item.resource(adapter.target.clone(), view.attributes);
        resource.layout = Some(view.layout);
        resource.adapter = Some(at);
        match item.value(&adapter.parts) {
            Ok(value) => {
                let Some(made) = adapt(program, world, adapter, &value) else { continue };
                resource.slots = made.slots;
                resource.maybe = made.maybe;
                resource.broken = resource.broken.or(made.broken);
            }
            Err(broken) => resource.broken = resource.broken.or(Some(broken)),
        }
        out.push(resource);
    }
    if adapted {
        return out;
    }
    if let Some(view) = projection.resources.get(&item.kind) {
        let mut resource = item.resource(item.kind.clone(), view.attributes);
        resource.layout = Some(view.layout);
        let cause = format!("there is no adapter from AWS Config to {}", item.kind);
        let layout = projection.layout(view.layout);
        resource.slots = layout.map(|layout| unknown_row(layout, &cause)).unwrap_or_default();
        out.push(resource);
    } else if let Some(any) = projection.any {
        out.push(item.resource(item.kind.clone(), any));
    }
    out
}
