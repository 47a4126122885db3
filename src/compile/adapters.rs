//! Adapters: blocks over an item, and what of the item they read.

use std::collections::HashMap;

use crate::base::Symbol;
use crate::hir::{self, BinaryOp, Expr, ExprKind, LocalId, Question, visit};
use crate::program::{Adapter, ChunkIdx, LetIdx, Part, PartStep, SlotIdx};
use crate::value::{Origin, Value};

use super::expr::count;
use super::kind_name;
use super::unit::{Place, Unit};

/// What a source does not say: perhaps there, perhaps not.
pub(super) fn unsaid(name: &str) -> Value {
    let cause = format!("the source's item does not give {name}");
    Value::perhaps(Origin::Computed, &cause)
}

/// Compiles the adapters of the types that the program asks about, as far as it reads them.
pub(super) fn compile(unit: &mut Unit<'_>) {
    unit.lenient = true;
    for adapter in &unit.hir.adapters {
        let target = kind_name(unit.hir, adapter.target);
        if unit.program.projection.resources.contains_key(&target) {
            let made = one(unit, adapter, target);
            unit.program.adapters.push(made);
        }
    }
    unit.lenient = false;
}

fn one(unit: &mut Unit<'_>, adapter: &hir::Adapter, target: Symbol) -> Adapter {
    let slots: Vec<Symbol> = {
        let projection = &unit.program.projection;
        let layout = projection.resources.get(&target).and_then(|v| projection.layout(v.layout));
        layout.map(|layout| layout.slots.keys().cloned().collect()).unwrap_or_default()
    };
    let read: Vec<(SlotIdx, &Symbol, &Expr)> = (0..count(slots.len()))
        .zip(&slots)
        .filter_map(|(at, name)| {
            let (_, value) = adapter.sets.iter().find(|(set, _)| set == name)?;
            Some((SlotIdx(at), name, value))
        })
        .collect();
    unit.bind_subject(adapter.item);
    let mut lets = Vec::new();
    for (at, bound) in (0u16..).zip(&adapter.lets) {
        let name = &adapter.body.locals.at(bound.local).name;
        lets.push(unit.block(&format!("let {name}"), 1, &bound.value));
        let sure = unit.is_sure(&bound.value);
        unit.places.insert(bound.local, Place::Lazy(LetIdx(at), sure));
    }
    let block = |unit: &mut Unit<'_>, name: &str, value| -> ChunkIdx { unit.block(name, 1, value) };
    let conditions = adapter.conditions.iter().map(|c| block(unit, "when", c)).collect();
    let sets = read
        .iter()
        .map(|(slot, name, value)| (*slot, block(unit, &format!("set {name}"), value)))
        .collect();
    let values = adapter.conditions.iter().chain(read.iter().map(|(_, _, value)| *value));
    let parts = Walk::over(adapter, values);
    let (source, of) = (adapter.source.clone(), adapter.of.clone());
    Adapter { source, of, target, parts, lets, conditions, sets }
}

/// Finds which parts of the item expressions read.
struct Walk {
    parts: Part,
    /// The parts of the item that each local may be.
    locals: HashMap<LocalId, Vec<Vec<PartStep>>>,
}

impl Walk {
    fn over<'e>(adapter: &hir::Adapter, values: impl Iterator<Item = &'e Expr>) -> Part {
        let locals = HashMap::from([(adapter.item, vec![Vec::new()])]);
        let mut walk = Self { parts: Part::default(), locals };
        for bound in &adapter.lets {
            let found = walk.refers(&bound.value);
            walk.locals.insert(bound.local, found);
        }
        values.for_each(|value| walk.whole(value));
        walk.parts
    }

    /// All of the value is read.
    fn whole(&mut self, expr: &Expr) {
        for path in self.refers(expr) {
            self.parts.add(&path);
        }
    }

    /// Only whether the value is there.
    fn presence(&mut self, expr: &Expr) {
        for path in self.refers(expr) {
            self.parts.at(&path);
        }
    }

    /// The parts of the item that the value may be; what it reads on the way is noted.
    fn refers(&mut self, expr: &Expr) -> Vec<Vec<PartStep>> {
        match &expr.kind {
            ExprKind::Local(local) => self.locals.get(local).cloned().unwrap_or_default(),
            ExprKind::JsonField(base, name) => self.step(base, PartStep::Field(name.clone())),
            ExprKind::Index(base, index) => {
                self.whole(index);
                match &index.kind {
                    ExprKind::Constant(Value::Text(key)) => {
                        self.step(base, PartStep::Field(Symbol::new(key)))
                    }
                    ExprKind::Constant(Value::Int(_)) => self.step(base, PartStep::Elements),
                    _ => {
                        self.whole(base);
                        Vec::new()
                    }
                }
            }
            ExprKind::Coalesce(a, b) | ExprKind::Binary(BinaryOp::Add, a, b) => self.either(a, b),
            ExprKind::If(condition, a, b) => {
                self.whole(condition);
                self.either(a, b)
            }
            ExprKind::Comprehension(item, generators) => {
                for generator in generators {
                    self.bind(generator.local, &generator.domain);
                    generator.filter.iter().for_each(|filter| self.whole(filter));
                }
                self.whole(item);
                Vec::new()
            }
            ExprKind::Quantifier { local, domain, filter, body, .. } => {
                self.bind(*local, domain);
                filter.iter().for_each(|filter| self.whole(filter));
                self.whole(body);
                Vec::new()
            }
            ExprKind::Question(one, Question::Present | Question::Absent) => {
                self.presence(one);
                Vec::new()
            }
            ExprKind::Builtin(name, args) if *name == *"origin" => {
                args.iter().for_each(|one| self.presence(one));
                Vec::new()
            }
            _ => {
                visit::children(expr, &mut |part| self.whole(part));
                Vec::new()
            }
        }
    }

    fn step(&mut self, base: &Expr, step: PartStep) -> Vec<Vec<PartStep>> {
        let mut found = self.refers(base);
        found.iter_mut().for_each(|path| path.push(step.clone()));
        found
    }

    fn either(&mut self, a: &Expr, b: &Expr) -> Vec<Vec<PartStep>> {
        let mut found = self.refers(a);
        found.extend(self.refers(b));
        found
    }

    fn bind(&mut self, local: LocalId, domain: &Expr) {
        let found = self.step(domain, PartStep::Elements);
        // A list of which no element is read is still looked at for how long it is.
        found.iter().for_each(|path| {
            self.parts.at(path);
        });
        self.locals.insert(local, found);
    }
}
