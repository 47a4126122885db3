//! A control on a subject: its statements, each caught when it traps.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::base::Span;
use crate::program::{ChunkIdx, Control, LetIdx, Program, Statement, StatementKind, Waiver};
use crate::value::{Answer, ResourceId, Text, Trap, Value};

use super::machine::{Limits, Machine};
use super::outcome::{Finding, Outcome, Read, Result_};
use super::world::World;

/// What is said of a list whose end is open.
pub const MORE: &str = "there may be more elements than are known";

/// The values of all parameters, by their number, from their defaults and what was set. A parameter that
/// has no value, or whose value traps, is `Err`.
pub fn evaluate_params(
    program: &Program,
    world: &World<'_>,
    now: i64,
) -> Vec<Result<Value, Option<Trap>>> {
    let mut values: Vec<Result<Value, Option<Trap>>> = Vec::new();
    for param in &program.params {
        let value = match param.value {
            Some(block) => {
                let known: Vec<Value> =
                    values.iter().map(|value| value.clone().unwrap_or(Value::Absent)).collect();
                let mut machine = Machine::new(program, world, &known, now, Limits::default());
                machine.begin(Value::Absent, 0, &[]);
                machine.block(block).map_err(Some)
            }
            None => Err(None),
        };
        values.push(value);
    }
    values
}

/// Whether the control passes the subject, or does not apply to it (false); `None` where there is more to
/// say, or may be: then [`run_control`] says it.
pub fn passes<'p>(
    machine: &mut Machine<'p>,
    control: &'p Control,
    subject: ResourceId,
) -> Option<bool> {
    if control.statements.iter().any(Statement::is_each) {
        return None;
    }
    machine.refuel();
    machine.subject = Some(subject);
    machine.trace = None;
    let mut begun = false;
    let mut holds = |block: ChunkIdx| {
        let value = match machine.block_kept(block) {
            Some(known) => known,
            None => {
                if !std::mem::replace(&mut begun, true) {
                    machine.begin(Value::Resource(subject), control.locals, &control.lets);
                }
                machine.block(block).ok()?
            }
        };
        match value.plain() {
            Value::Bool(holds) => Some(*holds),
            _ => None,
        }
    };
    for statement in &control.statements {
        let StatementKind::When(condition) = statement.kind else { continue };
        if !holds(condition)? {
            return Some(false);
        }
    }
    for statement in &control.statements {
        match statement.kind {
            StatementKind::Require { condition, .. } => holds(condition).filter(|held| *held)?,
            StatementKind::When(_) => continue,
            StatementKind::Each { .. } | StatementKind::Manual { .. } => return None,
        };
    }
    Some(true)
}

/// Runs the control on the subject. In a traced run each finding carries what was read for it.
pub fn run_control<'p>(
    machine: &mut Machine<'p>,
    control: &'p Control,
    subject: ResourceId,
    traced: bool,
) -> Outcome {
    machine.refuel();
    machine.subject = Some(subject);
    machine.trace = traced.then(IndexMap::new);
    machine.begin(Value::Resource(subject), control.locals, &control.lets);
    let mut held = std::mem::take(&mut machine.held);
    held.clear();
    held.resize(control.requirements as usize, true);
    let mut run = Run { machine, outcome: Outcome::default(), held };
    run.control(control);
    let Run { outcome, held, .. } = run;
    machine.held = held;
    outcome
}

/// Whether the waiver's condition holds of the subject.
pub fn run_waiver(
    machine: &mut Machine<'_>,
    waiver: &Waiver,
    subject: ResourceId,
) -> Result<Answer, Trap> {
    let Some(condition) = waiver.condition else { return Ok(Answer::Yes) };
    machine.refuel();
    machine.subject = Some(subject);
    machine.trace = None;
    machine.begin(Value::Resource(subject), 1, &[]);
    let value = machine.block(condition)?;
    Ok(Answer::of(&value))
}

struct Run<'m, 'p> {
    machine: &'m mut Machine<'p>,
    outcome: Outcome,
    /// Of each requirement, whether it held so far.
    held: Vec<bool>,
}

impl<'p> Run<'_, 'p> {
    /// First all `when`s, then all else.
    fn control(&mut self, control: &'p Control) {
        let mut applies = Answer::Yes;
        let mut trapped = None;
        for statement in &control.statements {
            let StatementKind::When(condition) = statement.kind else { continue };
            match self.ask(condition) {
                Ok(answer) => {
                    if answer != Answer::Yes && self.outcome.span.is_none() || answer == Answer::No
                    {
                        self.outcome.span = Some(statement.span);
                    }
                    applies = applies.and(answer);
                }
                Err(trap) => drop(trapped.get_or_insert((trap, statement.span))),
            }
            if applies == Answer::No {
                break;
            }
        }
        if applies != Answer::Yes || trapped.is_some() {
            self.outcome.evidence = self.take_trace();
        }
        match (applies, trapped) {
            // A fault is never turned into "does not apply" by another condition.
            (_, Some((trap, span))) => {
                self.outcome.applies = Some(Result_::Trapped(trap));
                self.outcome.span = Some(span);
            }
            (Answer::No, None) => self.outcome.applies = Some(Result_::Failed),
            (Answer::Open(cause), None) => self.outcome.applies = Some(Result_::Open(cause)),
            (Answer::Yes, None) => {
                self.machine.untrace();
                self.statements(&control.statements);
            }
        }
    }

    fn ask(&mut self, block: ChunkIdx) -> Result<Answer, Trap> {
        let value = self.machine.block(block)?;
        self.machine.operand(&value).map(Answer::of)
    }

    fn take_trace(&mut self) -> Vec<Read> {
        let reads = self.machine.trace.as_mut().map(std::mem::take).unwrap_or_default();
        reads.into_iter().map(|(path, value)| Read { path, value }).collect()
    }

    fn statements(&mut self, statements: &'p [Statement]) {
        for statement in statements {
            match &statement.kind {
                StatementKind::When(_) => {}
                StatementKind::Require { number, condition, message, after } => {
                    let skipped = after
                        .iter()
                        .any(|earlier| self.held.get(*earlier as usize) == Some(&false));
                    if !skipped {
                        self.require(*number, *condition, *message, statement.span);
                    }
                }
                StatementKind::Each { domain, element, filter, lets, body } => {
                    let element = usize::from(element.0);
                    self.each((*domain, *filter), element, lets, body, statement.span);
                }
                StatementKind::Manual { text, .. } => {
                    self.outcome.asked += 1;
                    self.finding(Result_::Manual, text.clone(), statement.span);
                }
            }
        }
    }

    fn require(&mut self, number: u32, condition: ChunkIdx, message: ChunkIdx, span: Span) {
        self.outcome.asked += 1;
        self.machine.untrace();
        let result = match self.ask(condition) {
            // In an `each` it may have failed for an element before this one.
            Ok(Answer::Yes) => return self.note_held(number, true),
            Ok(Answer::No) => Result_::Failed,
            Ok(Answer::Open(cause)) => Result_::Open(cause),
            Err(trap) => Result_::Trapped(trap),
        };
        self.note_held(number, false);
        let evidence = self.take_trace();
        let text = match self.machine.block(message) {
            Ok(value) => crate::value::display::show(&self.machine.program.projection, &value),
            Err(trap) => format!("the message could not be made: {}", describe(&trap)),
        };
        let shown = self.take_trace();
        self.outcome.findings.push(Finding { result, message: text, span, evidence, shown });
    }

    fn note_held(&mut self, number: u32, held: bool) {
        if let Some(known) = self.held.get_mut(number as usize) {
            *known = held;
        }
    }

    fn finding(&mut self, result: Result_, message: String, span: Span) {
        let evidence = self.take_trace();
        let shown = Vec::new();
        self.outcome.findings.push(Finding { result, message, span, evidence, shown });
    }

    /// Once for each element. An element that may be missing turns a failure into an open result, and so
    /// does an end that is open: what may follow may fail.
    fn each(
        &mut self,
        (domain, filter): (ChunkIdx, Option<ChunkIdx>),
        element: usize,
        lets: &[LetIdx],
        body: &'p [Statement],
        span: Span,
    ) {
        self.machine.untrace();
        let list = self.machine.block(domain);
        let list = match list.and_then(|value| self.machine.operand(&value).cloned()) {
            Ok(list) => list,
            Err(trap) => {
                self.outcome.asked += 1;
                return self.finding(
                    Result_::Trapped(trap),
                    "the list could not be read".to_owned(),
                    span,
                );
            }
        };
        let (list, open) = match list {
            Value::List(list) => (Some(Arc::clone(&list)), list.open.clone()),
            Value::Open(open) => (None, Some(open.cause.clone())),
            _ => (None, None),
        };
        let domain_trace = self.take_trace();
        for item in list.iter().flat_map(|list| &list.items) {
            let mut counts = if item.maybe {
                Answer::open("whether the element is in the list is open")
            } else {
                Answer::Yes
            };
            self.enter(element, lets, item.value.clone());
            if let Some(filter) = filter {
                match self.ask(filter) {
                    Ok(answer) => counts = counts.and(answer),
                    Err(trap) => {
                        self.outcome.asked += 1;
                        self.finding(
                            Result_::Trapped(trap),
                            "the filter could not be evaluated".to_owned(),
                            span,
                        );
                        continue;
                    }
                }
            }
            if counts == Answer::No {
                continue;
            }
            let before = self.outcome.findings.len();
            self.statements(body);
            if let Answer::Open(cause) = counts {
                self.soften(before, &cause);
            }
        }
        self.enter(element, lets, Value::Absent);
        if let Some(cause) = open {
            self.outcome.asked += 1;
            self.outcome.findings.push(Finding {
                result: Result_::Open(cause),
                message: MORE.to_owned(),
                span,
                evidence: domain_trace,
                shown: Vec::new(),
            });
        }
    }

    fn enter(&mut self, element: usize, lets: &[LetIdx], value: Value) {
        self.machine.set_local(element, value);
        lets.iter().for_each(|lazy| self.machine.forget(*lazy));
    }

    /// Failures of an element that perhaps does not count are open.
    fn soften(&mut self, from: usize, cause: &Text) {
        for finding in self.outcome.findings.iter_mut().skip(from) {
            if finding.result == Result_::Failed {
                finding.result = Result_::Open(cause.clone());
            }
        }
    }
}

/// A trap in words.
pub fn describe(trap: &Trap) -> String {
    match trap {
        Trap::Broken(reason) => reason.to_string(),
        Trap::Overflow => "a number does not fit in 64 bits".to_owned(),
        Trap::DivisionByZero => "division by zero".to_owned(),
        Trap::Limit(limit) => {
            let what = match limit {
                crate::value::Limit::Fuel => "steps was reached (--max-steps)",
                crate::value::Limit::Memory => "memory was reached (--max-memory)",
                crate::value::Limit::Depth => "128 calls in each other was reached",
            };
            format!("the limit of {what}")
        }
    }
}
