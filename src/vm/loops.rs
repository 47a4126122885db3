//! Loops: quantifiers that fold answers, comprehensions that make lists.
//!
//! An element may be open in its presence, and the list in its end. A quantifier folds with Kleene: an
//! element that is perhaps there counts as perhaps, and so does what may follow.

use std::sync::Arc;

use crate::program::LoopKind;
use crate::value::{Answer, Item, List, Text, Trap, Value};

use super::machine::Machine;

/// A loop that runs.
#[derive(Debug)]
pub(super) struct Loop {
    kind: LoopKind,
    list: Arc<List>,
    at: usize,
    /// Whether the present element counts: it is there, and the filters hold.
    counts: Answer,
    /// What counts for the loop around it, in a comprehension.
    outer: Answer,
    answer: Answer,
    /// For `one`: how many certainly, and why perhaps more.
    certain: u32,
    perhaps_cause: Option<Text>,
    /// Whether some element counts.
    exists: Answer,
    /// What a comprehension makes.
    made: Vec<Item>,
    made_open: Option<Text>,
}

/// Begins a loop over the value: a list, nothing for absent, nothing but an open end for open.
pub(super) fn start(machine: &mut Machine<'_>, list: &Value, kind: LoopKind) -> Result<(), Trap> {
    let plain = crate::value::compare::readable(list)?;
    let items = match plain {
        Value::List(items) => Arc::clone(items),
        Value::Open(open) => Arc::new(List { items: Vec::new(), open: Some(open.cause.clone()) }),
        Value::Absent => Arc::new(List::default()),
        // Only Json that an adapter looks through can be anything else.
        _ => return Err(Trap::Broken(Text::from("expected a list"))),
    };
    if items.items.is_empty() {
        machine.note(list);
    }
    let outer = match (kind, machine.loops.last()) {
        (LoopKind::Inner, Some(outer)) => outer.counts.clone(),
        _ => Answer::Yes,
    };
    let answer = match kind {
        LoopKind::Any => Answer::No,
        _ => Answer::Yes,
    };
    machine.loops.push(Loop {
        kind,
        list: items,
        at: 0,
        counts: Answer::Yes,
        outer,
        answer,
        certain: 0,
        perhaps_cause: None,
        exists: Answer::No,
        made: Vec::new(),
        made_open: None,
    });
    Ok(())
}

/// The next element, if there is one.
pub(super) fn next(machine: &mut Machine<'_>) -> Result<Option<Value>, Trap> {
    machine.pay(1)?;
    let Some(own) = machine.loops.last_mut() else { return Ok(None) };
    let Some(item) = own.list.items.get(own.at) else { return Ok(None) };
    own.at += 1;
    own.counts.clone_from(&own.outer);
    if item.maybe {
        own.counts.and_with(&Answer::open("whether the element is in the list is open"));
    }
    let value = item.value.clone();
    Ok(Some(value))
}

/// Narrows what counts; false where the element does not.
pub(super) fn filter(machine: &mut Machine<'_>, condition: &Answer) -> bool {
    let Some(own) = machine.loops.last_mut() else { return false };
    own.counts.and_with(condition);
    own.counts != Answer::No
}

/// Folds the body's answer for the present element; whether that decides the loop.
pub(super) fn fold(machine: &mut Machine<'_>, body: Answer) -> bool {
    let Some(own) = machine.loops.last_mut() else { return true };
    own.exists.or_with(&own.counts);
    // That the element counts and the body holds of it.
    let hit = |own: &Loop, body: Answer| match own.counts {
        Answer::Yes => body,
        _ => own.counts.clone().and(body),
    };
    match own.kind {
        LoopKind::All => {
            let held = match own.counts {
                Answer::Yes => body,
                _ => (!own.counts.clone()).or(body),
            };
            own.answer.and_with(&held);
            own.answer == Answer::No
        }
        LoopKind::Any => {
            let hit = hit(own, body);
            own.answer.or_with(&hit);
            own.answer == Answer::Yes
        }
        LoopKind::None => {
            let missed = !hit(own, body);
            own.answer.and_with(&missed);
            own.answer == Answer::No
        }
        LoopKind::One => {
            match hit(own, body) {
                Answer::Yes => own.certain += 1,
                Answer::Open(cause) => {
                    own.perhaps_cause.get_or_insert(cause);
                }
                Answer::No => {}
            }
            own.certain > 1
        }
        LoopKind::Collect | LoopKind::Inner => false,
    }
}

/// Takes the value into the list that the outermost loop of the comprehension makes.
pub(super) fn collect(machine: &mut Machine<'_>, value: Value) -> Result<(), Trap> {
    machine.keep(1)?;
    let maybe = machine.loops.last().is_some_and(|own| own.counts != Answer::Yes);
    if let Some(outermost) =
        machine.loops.iter_mut().rev().find(|own| own.kind == LoopKind::Collect)
    {
        outermost.made.push(Item { value, maybe });
    }
    Ok(())
}

/// Ends the loop and gives its result.
pub(super) fn end(machine: &mut Machine<'_>, nonempty: bool) -> Value {
    let Some(own) = machine.loops.pop() else { return Value::Absent };
    let tail = own.list.open.clone();
    let answer = match own.kind {
        LoopKind::Inner => {
            // An end that is open leaves the whole list open, unless the round around it did not count.
            if let (Some(cause), Some(outer)) = (tail, outermost(machine)) {
                outer.made_open.get_or_insert(cause);
            }
            return Value::Absent;
        }
        LoopKind::Collect => {
            let open = tail.or(own.made_open);
            return Value::List(Arc::new(List { items: own.made, open }));
        }
        LoopKind::All | LoopKind::None => match tail.clone() {
            Some(cause) => own.answer.and(Answer::Open(cause)),
            None => own.answer,
        },
        LoopKind::Any => match tail.clone() {
            Some(cause) => own.answer.or(Answer::Open(cause)),
            None => own.answer,
        },
        LoopKind::One => match (own.certain, own.perhaps_cause.or_else(|| tail.clone())) {
            (0, None) => Answer::No,
            (1, None) => Answer::Yes,
            (0 | 1, Some(cause)) => Answer::Open(cause),
            _ => Answer::No,
        },
    };
    if !nonempty {
        return answer.into();
    }
    let exists = match tail {
        Some(cause) => own.exists.or(Answer::Open(cause)),
        None => own.exists,
    };
    answer.and(exists).into()
}

fn outermost<'m>(machine: &'m mut Machine<'_>) -> Option<&'m mut Loop> {
    machine.loops.iter_mut().rev().find(|own| own.kind == LoopKind::Collect)
}
