//! The typed tree to a program: code for the selected controls and all that they call, and what of a
//! snapshot they read.

mod adapters;
mod expr;
mod fuse;
mod joins;
mod layouts;
mod loops;
mod reach;
mod shapes;
mod share;
mod statement;
mod unit;

use crate::base::Symbol;
use crate::hir::decl;
use crate::hir::{ControlId, Hir};
use crate::program::verify::{Flaw, verify};
use crate::program::{ChunkIdx, Control, Param, Program, Subject, Waiver};

use share::Shares;
use unit::Unit;

/// What to compile.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The controls, in the order in which they are reported.
    pub controls: Vec<ControlId>,
    /// Values of parameters that take the place of their defaults, as constant expressions.
    pub sets: Vec<(crate::hir::ParamId, crate::hir::Expr)>,
}

/// Ways to make code faster that change nothing of what it says; all are on, and one is turned off to measure
/// what it brings.
#[derive(Clone, Copy, Debug)]
pub struct Techniques {
    /// What several controls compute from the subject alone is computed once for each subject.
    pub shared: bool,
    /// One instruction does what several would that often stand side by side.
    pub fused: bool,
    /// A list of constants is a constant.
    pub folded: bool,
    /// What some standard functions give is kept while one subject is looked at.
    pub remembered: bool,
}

impl Default for Techniques {
    fn default() -> Self {
        Self { shared: true, fused: true, folded: true, remembered: true }
    }
}

/// Compiles the selected controls, with the waivers that speak of them.
///
/// # Errors
///
/// A flaw in what was made: a bug of the compiler, never of its input.
pub fn compile(hir: &Hir, selection: &Selection) -> Result<Program, Flaw> {
    compile_with(hir, selection, &[]).map(|(program, _)| program)
}

/// The same, with these techniques alone.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_by(
    hir: &Hir,
    selection: &Selection,
    techniques: Techniques,
) -> Result<Program, Flaw> {
    all(hir, selection, &[], techniques).map(|(program, _)| program)
}

/// The same, with constant expressions beside it: the values that a test gives.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_with(
    hir: &Hir,
    selection: &Selection,
    constants: &[&crate::hir::Expr],
) -> Result<(Program, Vec<ChunkIdx>), Flaw> {
    all(hir, selection, constants, Techniques::default())
}

/// One expression, which is shown: all of what it gives is read.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_expression(hir: &Hir, expr: &crate::hir::Expr) -> Result<(Program, ChunkIdx), Flaw> {
    let mut unit = Unit::new(hir);
    unit.shown = Some(expr.ty);
    let (program, chunks) = made(unit, &Selection::default(), &[expr])?;
    Ok((program, chunks.first().copied().unwrap_or(ChunkIdx(u32::MAX))))
}

fn all(
    hir: &Hir,
    selection: &Selection,
    constants: &[&crate::hir::Expr],
    techniques: Techniques,
) -> Result<(Program, Vec<ChunkIdx>), Flaw> {
    let mut unit = Unit::new(hir);
    unit.techniques = techniques;
    made(unit, selection, constants)
}

fn made(
    mut unit: Unit<'_>,
    selection: &Selection,
    constants: &[&crate::hir::Expr],
) -> Result<(Program, Vec<ChunkIdx>), Flaw> {
    let (hir, techniques) = (unit.hir, unit.techniques);
    if techniques.shared {
        unit.shares = Shares::find(hir, selection);
    }
    layouts::project(&mut unit, selection, constants);
    params(&mut unit, selection);
    functions(&mut unit);
    for id in &selection.controls {
        let control = control(&mut unit, *id);
        unit.program.controls.push(control);
    }
    for waiver in &hir.waivers {
        let at = selection.controls.iter().position(|id| *id == waiver.control);
        if let Some(at) = at {
            let waiver = compile_waiver(&mut unit, waiver, at);
            unit.program.waivers.push(waiver);
        }
    }
    adapters::compile(&mut unit);
    unit.places.clear();
    let chunks = constants.iter().map(|value| unit.block("given", 0, value)).collect();
    verify(&unit.program)?;
    Ok((unit.program, chunks))
}

/// Parameters, those without a value too. A set value takes the default's place.
fn params(unit: &mut Unit<'_>, selection: &Selection) {
    for (id, param) in unit.hir.params.iter_with_idx() {
        let set = selection.sets.iter().rev().find(|(set, _)| *set == id).map(|(_, value)| value);
        unit.program.params.push(Param {
            name: param.name.clone(),
            module: param.module.clone(),
            control: param.control.clone(),
            value: None,
        });
        if let Some(value) = set.or(param.default.as_ref()) {
            let chunk = unit.block(&format!("param {}", param.name), 0, value);
            if let Some(made) = unit.program.params.last_mut() {
                made.value = Some(chunk);
            }
        }
    }
}

/// Functions, callees before callers, as the typed tree has them.
fn functions(unit: &mut Unit<'_>) {
    for (id, function) in unit.hir.functions.iter_with_idx() {
        if unit.reached.functions.contains(&id) {
            unit.function(id, function);
        }
    }
}

fn control(unit: &mut Unit<'_>, id: ControlId) -> Control {
    let control = unit.hir.controls.at(id);
    let subject = match &control.subject {
        decl::Subject::Resources(_, kinds) => {
            let name = |kind| unit.hir.types.records.at(kind).name.clone();
            Subject::Types(kinds.iter().copied().map(name).collect())
        }
        decl::Subject::Any(_) => Subject::Any,
        decl::Subject::Account(_) => Subject::Account,
    };
    let code = statement::control(unit, control);
    let params = control.reads_params.iter().map(|param| unit.param(*param)).collect();
    Control {
        source: id.raw(),
        name: control.name.clone(),
        module: control.module.clone(),
        title: control.title.clone(),
        severity: control.severity.name(),
        subject,
        locals: code.locals,
        lets: code.lets,
        statements: code.statements,
        requirements: code.requirements,
        params,
        joins: queried(unit, id),
        span: control.span,
    }
}

/// The types of which the control looks at other resources than its subject.
fn queried(unit: &Unit<'_>, id: ControlId) -> Vec<Symbol> {
    let kinds = unit.reached.joins.get(&id).into_iter().flatten();
    kinds.map(|kind| kind_name(unit.hir, *kind)).collect()
}

fn compile_waiver(unit: &mut Unit<'_>, waiver: &decl::Waiver, control: usize) -> Waiver {
    let condition = waiver.condition.as_ref().map(|condition| {
        unit.bind_subject(waiver.subject);
        unit.block(&format!("waiver {}", waiver.name), 1, condition)
    });
    Waiver {
        name: waiver.name.clone(),
        control: u32::try_from(control).unwrap_or(u32::MAX),
        condition,
        until: waiver.until,
        reason: waiver.reason.clone(),
        approved_by: waiver.approved_by.clone(),
    }
}

/// The name of a resource type.
fn kind_name(hir: &Hir, kind: crate::types::RecordId) -> Symbol {
    hir.types.records.at(kind).name.clone()
}
