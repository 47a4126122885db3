//! Templates case by case: what is unknown of a resource, or hangs on whether it exists, is decided for each way
//! in which the parameters may turn out that it hangs on (docs/language.md, "Absent and unknown").

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::program::{Control, Program};
use crate::snapshot::cloudformation::{Case, Cases, Choice, Options};
use crate::snapshot::made::Seen;
use crate::snapshot::model::{Resource, Snapshot};
use crate::value::{ResourceId, Text, Value};
use crate::vm::{Machine, World, evaluate_params};

use super::{Message, Outcome, Settings, Verdict, on_one};

/// Where findings were made.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "functions have none")]
pub struct Ground<'s> {
    /// The controls.
    pub program: &'s Program,
    /// What holds for all.
    pub settings: &'s Settings,
    /// Values of the templates' parameters.
    pub parameters: &'s [(String, String)],
    /// The resources.
    pub snapshot: &'s Snapshot,
    /// Whether to end; asked before each case.
    pub stop: &'s dyn Fn() -> bool,
}

/// Findings that hang on the same parameters of a template, by their place among all.
type Group = Vec<usize>;

/// How many cases are read for all findings together: each is a template, read anew.
const MOST: usize = 20_000;

/// Decides what can be decided case by case; `templates` are by the number of the input.
pub fn decide(ground: &Ground<'_>, templates: &BTreeMap<u32, Cases>, outcomes: &mut [Outcome]) {
    if templates.is_empty() {
        return;
    }
    let mut groups: BTreeMap<(u32, BTreeSet<Text>), Group> = BTreeMap::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let Some(cases) = templates.get(&outcome.input) else { continue };
        let Some(subject) =
            ground.snapshot.get(outcome.subject).filter(|own| is_open(outcome, own))
        else {
            continue;
        };
        let control = ground.program.controls.get(outcome.control as usize);
        let names = cases.of(|id, kind| control.is_some_and(|own| reads(own, subject, id, kind)));
        if !names.is_empty() {
            groups.entry((outcome.input, names)).or_default().push(at);
        }
    }
    let mut left = MOST;
    for ((input, names), group) in groups {
        let Some(cases) = templates.get(&input) else { continue };
        let Some(all) = cases.all(&names).filter(|all| all.len() <= left) else { continue };
        left -= all.len();
        let found = all.iter().map(|case| in_case(ground, (cases, case), &group, outcomes));
        let Some(found) = found.collect::<Option<Vec<_>>>() else { continue };
        for (number, at) in group.iter().enumerate() {
            let Some(outcome) = outcomes.get_mut(*at) else { continue };
            let each: Vec<Option<&Outcome>> =
                found.iter().map(|case| case.get(number).and_then(Option::as_ref)).collect();
            settle(outcome, &all, &each);
        }
    }
}

/// Whether another case may say something else of the resource.
fn is_open(outcome: &Outcome, subject: &Resource) -> bool {
    match outcome.verdict {
        Verdict::Unknown => true,
        Verdict::Fail | Verdict::Error | Verdict::Manual => subject.maybe.is_some(),
        Verdict::Pass | Verdict::NotApplicable => false,
    }
}

/// Whether the control may read the resource with this logical id when it looks at the subject.
fn reads(control: &Control, subject: &Resource, id: &Text, kind: &Symbol) -> bool {
    *id == subject.id && *kind == subject.kind
        || control.joins.iter().any(|joined| joined == kind || &**joined == "Resource")
}

/// What the controls of these findings come to on their subjects in a case, `None` where the subject does not
/// exist. `None` of all where the run is to end, or the case cannot be read.
fn in_case(
    ground: &Ground<'_>,
    (cases, case): (&Cases, &Case),
    group: &Group,
    outcomes: &[Outcome],
) -> Option<Vec<Option<Outcome>>> {
    if (ground.stop)() {
        return None;
    }
    let Ground { program, settings, snapshot, .. } = *ground;
    let asked: Vec<&Outcome> = group.iter().filter_map(|at| outcomes.get(*at)).collect();
    let input = asked.first().map_or(0, |outcome| outcome.input);
    let options = Options { parameters: ground.parameters, input };
    let wanted = |id: &Text, kind: &Symbol| {
        asked.iter().any(|outcome| {
            let control = program.controls.get(outcome.control as usize);
            let subject = snapshot.get(outcome.subject);
            control.zip(subject).is_some_and(|(control, own)| reads(control, own, id, kind))
        })
    };
    let template = cases.read(&program.projection, &options, case, &wanted).ok()?;
    // What the template hides stands in resources that are not read here, too.
    let gaps = snapshot.gaps.iter().filter(|gap| gap.input == input).cloned();
    let mut own = Snapshot {
        inputs: snapshot.inputs.clone(),
        resources: template.resources,
        gaps: gaps.collect(),
    };
    let mut seen = Seen::new();
    seen.template(input);
    own.resources.extend(seen.resources(&program.projection, &own.gaps));
    let world = World::new(program, &own);
    let params: Vec<Value> = evaluate_params(program, &world, settings.now)
        .into_iter()
        .map(|value| value.unwrap_or(Value::Absent))
        .collect();
    let mut machine = Machine::new(program, &world, &params, settings.now, settings.limits);
    let one = |outcome: &&Outcome| {
        let same =
            |resource: &&Resource| resource.id == outcome.id && resource.kind == outcome.kind;
        let (id, resource) = (0u32..).zip(&own.resources).find(|(_, resource)| same(resource))?;
        on_one(&mut machine, &[outcome.control], ResourceId(id), resource).into_iter().next()
    };
    Some(asked.iter().map(one).collect())
}

/// Makes one finding of what was found in all cases. One that is unknown in some case and fails in none stays
/// as it is.
fn settle(outcome: &mut Outcome, cases: &[Case], each: &[Option<&Outcome>]) {
    let of = |found: Option<&Outcome>| found.map_or(Verdict::NotApplicable, |own| own.verdict);
    let worst = each.iter().copied().map(of).max().unwrap_or(outcome.verdict);
    if worst == Verdict::Unknown {
        return;
    }
    // The same words of the same statement may be said in several cases.
    let mut said: IndexMap<(String, Option<Span>), (Message, Vec<usize>)> = IndexMap::new();
    for (at, found) in each.iter().enumerate() {
        for message in found.iter().flat_map(|found| &found.messages) {
            let key = (message.text.clone(), message.policy);
            said.entry(key).or_insert_with(|| (message.clone(), Vec::new())).1.push(at);
        }
    }
    let messages = said.into_values().map(|(message, at)| Message {
        text: match at.len() == cases.len() {
            true => message.text,
            false => format!("{} (where {})", message.text, when(cases, &at)),
        },
        ..message
    });
    outcome.messages = messages.collect();
    outcome.messages.sort_by_key(|message| std::cmp::Reverse(message.verdict));
    outcome.verdict = worst;
}

/// What each of some parameters may be.
type Choices = IndexMap<Text, Vec<Choice>>;

/// How many cases are spelt out.
const SPELT: usize = 3;

/// How many values of a parameter are spelt out.
const VALUES: usize = 4;

/// In words, when one of the cases with these numbers holds: `Environment is "dev"`.
fn when(cases: &[Case], chosen: &[usize]) -> String {
    let choices = |cases: &mut dyn Iterator<Item = &Case>| {
        let mut all = Choices::new();
        for (name, choice) in cases.flatten() {
            let known = all.entry(name.clone()).or_default();
            if !known.contains(choice) {
                known.push(choice.clone());
            }
        }
        all
    };
    let all = choices(&mut cases.iter());
    let mut sets: Vec<Choices> = chosen
        .iter()
        .filter_map(|at| cases.get(*at))
        .map(|case| choices(&mut std::iter::once(case)))
        .collect();
    for name in all.keys() {
        sets = merged(sets, name);
    }
    let spelt = sets.iter().take(SPELT).map(|set| {
        // What does not matter is left out.
        let parts = all.iter().filter_map(|(name, possible)| {
            let chosen = set.get(name)?;
            (chosen.len() < possible.len()).then(|| one_of(name, chosen, possible))
        });
        parts.collect::<Vec<_>>().join(" and ")
    });
    let spelt = spelt.collect::<Vec<_>>().join(", or ");
    match sets.len().saturating_sub(SPELT) {
        0 => spelt,
        more => format!("{spelt}, or in {more} more cases"),
    }
}

/// Makes one of all sets of cases that differ in nothing but the choices of this parameter.
fn merged(sets: Vec<Choices>, name: &Text) -> Vec<Choices> {
    let mut out: Vec<(Choices, Vec<Choice>)> = Vec::new();
    for mut rest in sets {
        let own = rest.shift_remove(name).unwrap_or_default();
        match out.iter_mut().find(|(known, _)| *known == rest) {
            Some((_, choices)) => choices.extend(own),
            None => out.push((rest, own)),
        }
    }
    let whole = |(mut rest, choices): (Choices, Vec<Choice>)| {
        rest.insert(name.clone(), choices);
        rest
    };
    out.into_iter().map(whole).collect()
}

/// That a parameter is one of these, of all that it may be.
fn one_of(name: &Text, chosen: &[Choice], possible: &[Choice]) -> String {
    let not = chosen.iter().any(|choice| matches!(choice, Choice::NoneOf(_)));
    let named = possible.iter().filter(|choice| chosen.contains(choice) != not);
    let values: Vec<String> = named
        .filter_map(|choice| match choice {
            Choice::Is(value) => Some(format!("\"{value}\"")),
            Choice::NoneOf(_) => None,
        })
        .collect();
    let word = if not { "not " } else { "" };
    let shown = values.iter().take(VALUES).cloned().collect::<Vec<_>>().join(" or ");
    match values.len().saturating_sub(VALUES) {
        0 => format!("{name} is {word}{shown}"),
        more => format!("{name} is {word}{shown} or {more} more"),
    }
}
