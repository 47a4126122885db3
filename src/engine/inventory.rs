//! Inventories in a run: each block is read and, as far as its resources are looked at alone, judged by
//! itself; what came of it is taken in the order of the input.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use crate::assess::{Counts, Outcome, Which};
use crate::base::LineColumn;
use crate::base::threads::in_order;
use crate::snapshot::inventory::{self, Foreign, Record};
use crate::snapshot::made::Seen;
use crate::snapshot::model::{Gap, Resource, Snapshot, SourceKind};
use crate::snapshot::split::{Block, Splitter};

use super::run::{Judge, Run};

/// What came of a block.
#[derive(Debug, Default)]
struct Judged {
    /// How many resources it held, of any type.
    count: u64,
    seen: Seen,
    notes: Vec<Note>,
    /// Resources that joins may look at.
    kept: Vec<Resource>,
    outcomes: Vec<Outcome>,
    /// By control, findings of which nothing is kept.
    quiet: Vec<Counts>,
    waived: Vec<(u64, u64)>,
}

/// What a block says beside its resources.
#[derive(Debug)]
enum Note {
    Gap(Gap),
    Bad(LineColumn, String),
    Foreign(String, LineColumn),
}

impl Run<'_> {
    /// Reads an inventory and judges what can be judged as it comes.
    pub fn inventory(&mut self, name: &str, bytes: impl Read) {
        let input = self.input(name, SourceKind::Inventory);
        let bytes = self.guarded(bytes);
        let judge = self.judge();
        let mut foreign = Foreign::default();
        let mut count = 0;
        let work = |block: Block| {
            let block = Arc::new(block);
            let judged = block_judged(&judge, input, &block);
            (judged, Arc::into_inner(block))
        };
        let stopped = in_order(
            self.threads,
            work,
            |sink| Splitter::lines().blocks(bytes, sink),
            |judged: Judged| {
                count += judged.count;
                self.take(judged, (name, input), &mut foreign);
            },
        );
        if let Err(stopped) = stopped {
            self.lost(name, input, stopped.place, &stopped.what);
        }
        self.count(input, count);
    }

    fn take(&mut self, judged: Judged, (name, input): (&str, u32), foreign: &mut Foreign) {
        self.seen.take(judged.seen);
        for note in judged.notes {
            match note {
                Note::Gap(gap) => self.assessment.gaps.push(gap),
                Note::Bad(place, what) => {
                    let what = format!("this resource cannot be read: {what}");
                    self.lost(name, input, place, &what);
                }
                Note::Foreign(kind, place) => {
                    let projection = &self.engine.program.projection;
                    self.assessment.gaps.extend(foreign.judge(projection, &kind, input, place));
                }
            }
        }
        self.kept.resources.extend(judged.kept);
        self.found(judged.outcomes, &judged.quiet, &judged.waived);
    }
}

/// Reads a block and runs the controls that look at nothing but their subject.
fn block_judged(judge: &Judge<'_>, input: u32, block: &Arc<Block>) -> Judged {
    let projection = &judge.engine.program.projection;
    let mut judged = Judged::default();
    // Which source an input is of matters to joins alone, and these controls have none.
    let mut batch = Snapshot::default();
    inventory::read_block(projection, input, block, |record| {
        judged.count += u64::from(!matches!(record, Record::Gap(_) | Record::Foreign(..)));
        match record {
            Record::Resource(resource) => {
                judged.seen.resource(&resource);
                match projection.keeps(&resource.kind) {
                    true => judged.kept.push(resource),
                    false => batch.resources.push(resource),
                }
            }
            Record::Skipped(account, region) => {
                judged.seen.place(account.as_ref(), region.as_ref(), input);
            }
            Record::Foreign(kind, place) => {
                judged.notes.push(Note::Foreign(kind.to_owned(), place));
            }
            Record::Gap(gap) => judged.notes.push(Note::Gap(gap)),
            Record::Bad(place, what) => judged.notes.push(Note::Bad(place, what)),
        }
    });
    let mut passed = Vec::new();
    judged.outcomes = judge.evaluate(
        &batch,
        (Which::Alone, 1, &BTreeMap::new()),
        &mut judged.waived,
        &mut passed,
    );
    judged.quiet = vec![Counts::default(); judge.engine.program.controls.len()];
    for passed in passed {
        if let Some(counts) = judged.quiet.get_mut(passed.control as usize) {
            counts.count(passed.verdict);
        }
    }
    judged
}
