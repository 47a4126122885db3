//! The oracle: controls straight from the typed tree, by the words of the language reference.
//!
//! No chunks, no registers, no indexes, nothing kept: every name is evaluated anew where it is used, every
//! join looks at every resource. Only the standard functions and what is decided of partly known text are
//! those of the crate (both have cases of their own).

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use assize::base::{Span, Symbol};
use assize::builtins::{self, CallContext};
use assize::hir::{
    BinaryOp, Control, Expr, ExprKind, Generator, Hir, LocalId, Message, QuantifierKind, Question,
    Statement, StatementKind, Subject, TextPart,
};
use assize::program::Program;
use assize::snapshot::model::{Resource, Snapshot};
use assize::types::{Type, TypeId};
use assize::value::compare::Layouts;
use assize::value::segments::Builder;
use assize::value::{
    Item, LayoutId, List, Map, Open, Origin, Record, ResourceId, Shape, Text, Trap, Value, display,
};

use super::joins;
use super::values::{self, Truth};

/// What became of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Failed,
    Open,
    Trapped(Trap),
    Manual,
}

/// What a control says of a resource.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    NotApplicable,
    WhenOpen,
    WhenTrapped(Trap),
    /// Of each requirement that did not hold, in order: what, where, and the message.
    Ran(Vec<(Said, Span, String)>),
}

/// Names and what they stand for.
#[derive(Clone, Default)]
struct Scope<'a>(HashMap<LocalId, Bound<'a>>);

#[derive(Clone)]
enum Bound<'a> {
    Value(Value),
    Let(&'a Expr),
}

pub struct Oracle<'a> {
    pub hir: &'a Hir,
    /// For the layouts of rows only.
    pub program: &'a Program,
    pub snapshot: &'a Snapshot,
    pub now: i64,
    pub subject: ResourceId,
    params: Rc<Vec<Value>>,
}

type Evaluated = Result<Value, Trap>;

impl<'a> Oracle<'a> {
    pub fn new(hir: &'a Hir, program: &'a Program, snapshot: &'a Snapshot, now: i64) -> Self {
        let mut oracle = Self {
            hir,
            program,
            snapshot,
            now,
            subject: ResourceId(0),
            params: Rc::new(Vec::new()),
        };
        for param in &hir.params {
            let value = param.default.as_ref().map(|value| oracle.eval(value, &Scope::default()));
            let value = value.and_then(Result::ok).unwrap_or(Value::Absent);
            Rc::make_mut(&mut oracle.params).push(value);
        }
        oracle
    }

    /// The control on the subject.
    pub fn control(&mut self, control: &'a Control, subject: ResourceId) -> Verdict {
        self.subject = subject;
        let (Subject::Resources(local, _) | Subject::Any(local) | Subject::Account(local)) =
            &control.subject;
        let mut scope = Scope::default();
        scope.0.insert(*local, Bound::Value(Value::Resource(subject)));
        // Names are bound for the whole body: where a name may be used, the checker saw to.
        lets(&control.statements, &mut scope);
        let mut applies = Truth::Yes;
        let mut trapped = None;
        for statement in &control.statements {
            let StatementKind::When(condition) = &statement.kind else { continue };
            match self.truth(condition, &scope) {
                Ok(truth) => applies = applies.and(truth),
                Err(trap) => drop(trapped.get_or_insert(trap)),
            }
            if applies == Truth::No {
                break;
            }
        }
        match (trapped, applies) {
            (Some(trap), _) => Verdict::WhenTrapped(trap),
            (None, Truth::No) => Verdict::NotApplicable,
            (None, Truth::Open) => Verdict::WhenOpen,
            (None, Truth::Yes) => {
                let mut out = Vec::new();
                let mut held = HashMap::new();
                let numbers = number(&control.statements);
                self.statements(&control.statements, &scope, &numbers, &mut held, &mut out);
                Verdict::Ran(out)
            }
        }
    }

    fn statements(
        &self,
        statements: &'a [Statement],
        scope: &Scope<'a>,
        numbers: &HashMap<*const Statement, u32>,
        held: &mut HashMap<u32, bool>,
        out: &mut Vec<(Said, Span, String)>,
    ) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Let(_) | StatementKind::When(_) => {}
                StatementKind::Require { condition, message, after, .. } => {
                    if after.iter().any(|earlier| held.get(earlier) == Some(&false)) {
                        continue;
                    }
                    let said = match self.truth(condition, scope) {
                        Ok(Truth::Yes) => None,
                        Ok(Truth::No) => Some(Said::Failed),
                        Ok(Truth::Open) => Some(Said::Open),
                        Err(trap) => Some(Said::Trapped(trap)),
                    };
                    held.insert(numbers[&std::ptr::from_ref(statement)], said.is_none());
                    if let Some(said) = said {
                        out.push((said, statement.span, self.message(message, scope)));
                    }
                }
                StatementKind::Each(each) => {
                    let span = statement.span;
                    let list = self
                        .eval(&each.domain, scope)
                        .and_then(|list| values::read(&list).cloned());
                    let (items, open) = match list {
                        Ok(Value::List(list)) => (list.items.clone(), list.open.is_some()),
                        Ok(Value::Open(_)) => (Vec::new(), true),
                        Ok(_) => (Vec::new(), false),
                        Err(trap) => {
                            out.push((
                                Said::Trapped(trap),
                                span,
                                "the list could not be read".to_owned(),
                            ));
                            continue;
                        }
                    };
                    for item in items {
                        let mut inner = scope.clone();
                        inner.0.insert(each.local, Bound::Value(item.value));
                        let mut counts = if item.maybe { Truth::Open } else { Truth::Yes };
                        if let Some(filter) = &each.filter {
                            match self.truth(filter, &inner) {
                                Ok(truth) => counts = counts.and(truth),
                                Err(trap) => {
                                    let what = "the filter could not be evaluated".to_owned();
                                    out.push((Said::Trapped(trap), span, what));
                                    continue;
                                }
                            }
                        }
                        if counts == Truth::No {
                            continue;
                        }
                        let from = out.len();
                        self.statements(&each.body, &inner, numbers, held, out);
                        if counts == Truth::Open {
                            for (said, ..) in &mut out[from..] {
                                if *said == Said::Failed {
                                    *said = Said::Open;
                                }
                            }
                        }
                    }
                    if open {
                        let what = "there may be more elements than are known".to_owned();
                        out.push((Said::Open, span, what));
                    }
                }
                StatementKind::Manual(text) => {
                    out.push((Said::Manual, statement.span, text.to_string()));
                }
            }
        }
    }

    fn message(&self, message: &Message, scope: &Scope<'a>) -> String {
        let parts = match message {
            Message::Made(text) => return text.chars().take(200).collect(),
            Message::Written(Expr { kind: ExprKind::Text(parts), .. }) => parts,
            Message::Written(other) => {
                return match self.eval(other, scope) {
                    Ok(value) => display::show(&self.program.projection, &value),
                    Err(_) => "trapped".to_owned(),
                };
            }
        };
        let mut out = String::new();
        for part in parts {
            match part {
                TextPart::Literal(text) => out.push_str(text),
                TextPart::Expr(part) => match self.eval(part, scope) {
                    Ok(value) => match value.plain() {
                        Value::Resource(id) => out.push_str(&self.resource(*id).id),
                        _ => out.push_str(&display::show(&self.program.projection, &value)),
                    },
                    Err(_) => return "trapped".to_owned(),
                },
            }
        }
        out.chars().take(200).collect()
    }

    pub fn resource(&self, id: ResourceId) -> &'a Resource {
        &self.snapshot.resources[id.0 as usize]
    }

    fn truth(&self, expr: &Expr, scope: &Scope<'a>) -> Result<Truth, Trap> {
        Ok(Truth::of(values::read(&self.eval(expr, scope)?)?))
    }

    fn eval(&self, expr: &Expr, scope: &Scope<'a>) -> Evaluated {
        Ok(match &expr.kind {
            ExprKind::Constant(value) => value.clone(),
            ExprKind::Param(id) => self.params[id.raw() as usize].clone(),
            ExprKind::Local(local) => match &scope.0[local] {
                Bound::Value(value) => value.clone(),
                Bound::Let(value) => self.eval(value, scope)?,
            },
            ExprKind::Now => Value::Timestamp(self.now),
            ExprKind::Field(base, field) => self.part(&self.eval(base, scope)?, &field.name),
            ExprKind::JsonField(base, name) => self.part(&self.eval(base, scope)?, name),
            ExprKind::Attribute(base, name) => self.attribute(&self.eval(base, scope)?, name),
            ExprKind::Index(base, index) => {
                let (base, index) = (self.eval(base, scope)?, self.eval(index, scope)?);
                let index = values::read(&index)?;
                values::index(values::read(&base)?, index)
            }
            ExprKind::Call(id, args) => {
                let function = self.hir.functions.at(*id);
                let mut inner = Scope::default();
                for (name, arg) in function.args.iter().zip(args) {
                    inner.0.insert(*name, Bound::Value(self.eval(arg, scope)?));
                }
                for bound in &function.lets {
                    inner.0.insert(bound.local, Bound::Let(&bound.value));
                }
                self.eval(&function.value, &inner)?
            }
            ExprKind::Builtin(id, args) => {
                let args = self.all(args, scope)?;
                (builtins::find(id).unwrap().run)(&mut Context(self), &args)?
            }
            ExprKind::Follow { from, target, by } => {
                let kind = &self.hir.types.records.at(*target).name;
                joins::follow(self, &self.eval(from, scope)?, kind, by)?
            }
            ExprKind::Reverse { to, source, path, by } => {
                let kind = &self.hir.types.records.at(*source).name;
                joins::reverse(self, &self.eval(to, scope)?, kind, path, by)?
            }
            ExprKind::Resources(kind, everywhere) => {
                let kind = &self.hir.types.records.at(*kind).name;
                joins::all(self, kind, *everywhere)
            }
            ExprKind::Not(inner) => self.truth(inner, scope)?.not().value(),
            ExprKind::Negate(inner) => values::negate(values::read(&self.eval(inner, scope)?)?)?,
            ExprKind::And(operands) => {
                let mut out = Truth::Yes;
                for operand in operands {
                    if out == Truth::No {
                        break;
                    }
                    out = out.and(self.truth(operand, scope)?);
                }
                out.value()
            }
            ExprKind::Or(operands) => {
                let mut out = Truth::No;
                for operand in operands {
                    if out == Truth::Yes {
                        break;
                    }
                    out = out.or(self.truth(operand, scope)?);
                }
                out.value()
            }
            ExprKind::Implies(left, right) => {
                let left = self.truth(left, scope)?.not();
                if left == Truth::Yes {
                    return Ok(left.value());
                }
                left.or(self.truth(right, scope)?).value()
            }
            ExprKind::Coalesce(left, right) => {
                let left = self.eval(left, scope)?;
                match left.plain() {
                    Value::Absent => self.eval(right, scope)?,
                    Value::Open(open) if !open.present => {
                        let present = !self.hir.types.is_optional(right.ty);
                        values::open(present, open.origin)
                    }
                    _ => left,
                }
            }
            ExprKind::Binary(op, left, right) => {
                let (left, right) = (self.eval(left, scope)?, self.eval(right, scope)?);
                self.binary(*op, values::read(&left)?, values::read(&right)?)?
            }
            ExprKind::Question(inner, question) => {
                self.question(&self.eval(inner, scope)?, question)?.value()
            }
            ExprKind::If(condition, yes, no) => match self.truth(condition, scope)? {
                Truth::Yes => self.eval(yes, scope)?,
                Truth::No => self.eval(no, scope)?,
                Truth::Open => {
                    let (yes, no) = (self.eval(yes, scope)?, self.eval(no, scope)?);
                    self.either(&yes, &no)?
                }
            },
            ExprKind::Quantifier { kind, nonempty, local, domain, filter, body } => {
                let list = self.eval(domain, scope)?;
                let fold = Fold { kind: *kind, nonempty: *nonempty, local: *local };
                self.quantifier(&fold, values::read(&list)?, filter.as_deref(), body, scope)?
            }
            ExprKind::Comprehension(element, generators) => {
                let mut list = List::default();
                self.generate(element, generators, Truth::Yes, scope, &mut list)?;
                Value::List(Arc::new(list))
            }
            ExprKind::List(items) => Value::list(self.all(items, scope)?),
            ExprKind::Record { record, spread, fields } => {
                let name = &self.hir.types.records.at(*record).name;
                let base = spread.as_ref().map(|base| self.eval(base, scope)).transpose()?;
                let mut written = HashMap::new();
                for (name, value) in fields {
                    written.insert(name.clone(), self.eval(value, scope)?);
                }
                self.record(name, base.as_ref(), &written)
            }
            ExprKind::Map(fields) => {
                let mut map = Map::default();
                for (name, value) in fields {
                    let value = self.eval(value, scope)?;
                    if !matches!(value.plain(), Value::Absent) {
                        map.entries.insert(name.text(), value);
                    }
                }
                Value::Map(Arc::new(map))
            }
            ExprKind::Text(parts) => {
                let mut builder = Builder::new();
                for part in parts {
                    match part {
                        TextPart::Literal(text) => builder.text(text),
                        TextPart::Expr(part) => {
                            let value = self.eval(part, scope)?;
                            values::read(&value)?;
                            display::interpolate(&self.program.projection, &mut builder, &value);
                        }
                    }
                }
                builder.finish()
            }
            ExprKind::Convert(inner, record) => {
                let value = self.eval(inner, scope)?;
                let name = &self.hir.types.records.at(*record).name;
                match values::read(&value)? {
                    Value::Record(_) => {
                        let fields = HashMap::new();
                        let layout = self.layout(name);
                        match self.layout_of(value.plain()) {
                            Some(own) if own != layout => self.taken(layout, &value, &fields),
                            _ => value,
                        }
                    }
                    _ => value,
                }
            }
            ExprKind::Error => unreachable!("the program has no errors"),
        })
    }

    fn all(&self, exprs: &[Expr], scope: &Scope<'a>) -> Result<Vec<Value>, Trap> {
        exprs.iter().map(|expr| self.eval(expr, scope)).collect()
    }

    fn layout(&self, name: &str) -> LayoutId {
        let mut all = self.program.projection.layouts();
        all.find(|(_, layout)| *layout.name == *name).map(|(id, _)| id).unwrap()
    }

    fn layout_of(&self, value: &Value) -> Option<LayoutId> {
        match value {
            Value::Record(record) => Some(record.layout),
            _ => None,
        }
    }

    /// A record in braces: of the fields that anything reads.
    fn record(&self, name: &str, base: Option<&Value>, written: &HashMap<Symbol, Value>) -> Value {
        let layout = self.layout(name);
        if let Some(base) = base {
            return self.taken(layout, base, written);
        }
        let slots = &self.program.projection.layout(layout).unwrap().slots;
        let slots = slots.iter().map(|(name, slot)| match written.get(name) {
            Some(value) if !matches!(value.plain(), Value::Absent) => value.clone(),
            _ => match &slot.presence {
                assize::program::projection::Presence::Default(value) => {
                    value.clone().marked(Origin::Default)
                }
                _ => Value::Absent,
            },
        });
        Value::Record(Arc::new(Record { layout, slots: slots.collect() }))
    }

    fn taken(&self, layout: LayoutId, base: &Value, written: &HashMap<Symbol, Value>) -> Value {
        let names = self.program.projection.names(layout);
        let slots = names.iter().map(|name| match written.get(name) {
            Some(value) => value.clone(),
            None => self.part(base, name),
        });
        Value::Record(Arc::new(Record { layout, slots: slots.collect() }))
    }

    /// A property, a field, an entry.
    pub fn part(&self, base: &Value, name: &str) -> Value {
        let slot = |layout: LayoutId, slots: &[Value]| {
            let at = self.program.projection.layout(layout).unwrap().slot(name)?;
            slots.get(at).cloned()
        };
        match base.plain() {
            Value::Record(record) => slot(record.layout, &record.slots).unwrap_or(Value::Absent),
            Value::Resource(id) => {
                let resource = self.resource(*id);
                match (&resource.broken, resource.layout) {
                    (Some(broken), _) => Value::Broken(broken.clone()),
                    (None, Some(layout)) => slot(layout, &resource.slots).unwrap_or(Value::Absent),
                    (None, None) => Value::Absent,
                }
            }
            Value::Map(_) => values::index(base.plain(), &Value::text(name)),
            Value::Open(open) => values::open(false, open.origin),
            Value::Broken(_) => base.clone(),
            _ => Value::Absent,
        }
    }

    fn attribute(&self, base: &Value, name: &str) -> Value {
        let id = match base.plain() {
            Value::Resource(id) => *id,
            Value::Open(open) => return values::open(false, open.origin),
            Value::Broken(_) => return base.clone(),
            _ => return Value::Absent,
        };
        let resource = self.resource(id);
        let own = &resource.attributes;
        match name {
            "id" => Value::Text(resource.id.clone()),
            "type" => Value::Text(resource.kind.text()),
            "account" => resource.account.clone(),
            "region" => resource.region.clone(),
            "arn" => own.arn.clone(),
            "name" => own.name.clone(),
            "tags" => own.tags.clone(),
            "created" => own.created.clone(),
            "properties" => own.properties.clone(),
            "metadata" => own.metadata.clone(),
            "attributes" => own.attributes.clone(),
            other => unreachable!("{other}"),
        }
    }

    fn binary(&self, op: BinaryOp, a: &Value, b: &Value) -> Evaluated {
        let layouts = &self.program.projection;
        Ok(match op {
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                return values::arithmetic(op, a, b);
            }
            BinaryOp::Equal => values::equal(layouts, a, b)?.value(),
            BinaryOp::NotEqual => values::equal(layouts, a, b)?.not().value(),
            BinaryOp::In => values::within(layouts, a, b)?.value(),
            BinaryOp::NotIn => values::within(layouts, a, b)?.not().value(),
            BinaryOp::Less => values::less(a, b, true).value(),
            BinaryOp::LessEqual => values::less(a, b, false).value(),
            BinaryOp::Greater => values::less(b, a, true).value(),
            BinaryOp::GreaterEqual => values::less(b, a, false).value(),
            BinaryOp::Matches => values::matches(a, b).value(),
        })
    }

    fn question(&self, value: &Value, question: &Question) -> Result<Truth, Trap> {
        let plain = values::read(value)?;
        let present = match plain {
            Value::Absent => Truth::No,
            Value::Open(open) if !open.present => Truth::Open,
            _ => Truth::from(value.origin() != Origin::Default),
        };
        Ok(match question {
            Question::Present => present,
            Question::Absent => present.not(),
            Question::Known => Truth::from(!matches!(plain, Value::Open(_))),
            Question::Unknown => Truth::from(matches!(plain, Value::Open(_))),
            Question::Type(ty) => self.is_type(plain, *ty),
        })
    }

    fn is_type(&self, value: &Value, ty: TypeId) -> Truth {
        let value = value.plain();
        let ty = self.hir.types.get(ty);
        match (ty, value) {
            (_, Value::Absent) => Truth::No,
            (Type::String, Value::Open(open))
                if open.present && matches!(open.shape, Shape::Text(_) | Shape::Symbol(_)) =>
            {
                Truth::Yes
            }
            (_, Value::Open(_)) => Truth::Open,
            (Type::Bool, Value::Bool(_))
            | (Type::Int, Value::Int(_))
            | (Type::Float, Value::Float(_))
            | (Type::String, Value::Text(_)) => Truth::Yes,
            (Type::List(inner), Value::List(list)) => {
                let all = list.items.iter().map(|item| match item.maybe {
                    true => self.is_type(&item.value, *inner).or(Truth::Open),
                    false => self.is_type(&item.value, *inner),
                });
                let all = all.fold(Truth::Yes, Truth::and);
                if list.open.is_some() { all.and(Truth::Open) } else { all }
            }
            (Type::Map(inner), Value::Map(map)) => {
                let all = map.entries.values().map(|value| self.is_type(value, *inner));
                let all = all.fold(Truth::Yes, Truth::and);
                if map.open.is_some() { all.and(Truth::Open) } else { all }
            }
            (Type::Resource(kind), Value::Resource(id)) => {
                Truth::from(self.resource(*id).kind == self.hir.types.records.at(*kind).name)
            }
            (Type::Record(record), Value::Record(own)) => {
                Truth::from(own.layout == self.layout(&self.hir.types.records.at(*record).name))
            }
            (Type::Json, _) => Truth::Yes,
            _ => Truth::No,
        }
    }

    /// What an `if` gives whose condition is open: what both branches agree on.
    fn either(&self, yes: &Value, no: &Value) -> Evaluated {
        let (a, b) = (values::read(yes)?, values::read(no)?);
        if matches!((a, b), (Value::Absent, Value::Absent))
            || values::equal(&self.program.projection, a, b)? == Truth::Yes
        {
            return Ok(yes.clone());
        }
        let sure = |value: &Value| match value {
            Value::Absent => false,
            Value::Open(open) => open.present,
            _ => true,
        };
        Ok(values::open(sure(a) && sure(b), Origin::Computed))
    }

    fn quantifier(
        &self,
        fold: &Fold,
        list: &Value,
        filter: Option<&Expr>,
        body: &Expr,
        scope: &Scope<'a>,
    ) -> Evaluated {
        let (items, open) = values::elements(list);
        // How many elements certainly and perhaps count, and of these, hold and do not hold.
        let (mut exists, mut hits, mut misses) = (Truth::No, Vec::new(), Vec::new());
        for item in items {
            let mut inner = scope.clone();
            inner.0.insert(fold.local, Bound::Value(item.value));
            let mut counts = if item.maybe { Truth::Open } else { Truth::Yes };
            if let Some(filter) = filter {
                counts = counts.and(self.truth(filter, &inner)?);
            }
            if counts == Truth::No {
                continue;
            }
            let holds = self.truth(body, &inner)?;
            exists = exists.or(counts);
            hits.push(counts.and(holds));
            misses.push(counts.and(holds.not()));
            if fold.decided(&hits, &misses) {
                break;
            }
        }
        let tail = if open { Truth::Open } else { Truth::No };
        let any = |all: &[Truth]| all.iter().copied().fold(tail, Truth::or);
        let answer = match fold.kind {
            QuantifierKind::All => any(&misses).not(),
            QuantifierKind::Any => any(&hits),
            QuantifierKind::None => any(&hits).not(),
            QuantifierKind::One => {
                let certain = hits.iter().filter(|hit| **hit == Truth::Yes).count();
                let perhaps = open || hits.contains(&Truth::Open);
                match (certain, perhaps) {
                    (0, false) | (2.., _) => Truth::No,
                    (1, false) => Truth::Yes,
                    (0 | 1, true) => Truth::Open,
                }
            }
        };
        let exists = exists.or(tail);
        Ok(if fold.nonempty { answer.and(exists) } else { answer }.value())
    }

    fn generate(
        &self,
        element: &Expr,
        generators: &[Generator],
        counts: Truth,
        scope: &Scope<'a>,
        out: &mut List,
    ) -> Result<(), Trap> {
        let Some((first, rest)) = generators.split_first() else {
            let value = self.eval(element, scope)?;
            out.items.push(Item { value, maybe: counts != Truth::Yes });
            return Ok(());
        };
        let list = self.eval(&first.domain, scope)?;
        let (items, open) = values::elements(values::read(&list)?);
        if open {
            out.open.get_or_insert_with(|| Text::from("open"));
        }
        for item in items {
            let mut inner = scope.clone();
            inner.0.insert(first.local, Bound::Value(item.value));
            let mut counts = if item.maybe { counts.and(Truth::Open) } else { counts };
            if let Some(filter) = &first.filter {
                counts = counts.and(self.truth(filter, &inner)?);
            }
            if counts != Truth::No {
                self.generate(element, rest, counts, &inner, out)?;
            }
        }
        Ok(())
    }
}

/// What a quantifier does.
struct Fold {
    kind: QuantifierKind,
    nonempty: bool,
    local: LocalId,
}

impl Fold {
    /// Whether no further element is looked at.
    fn decided(&self, hits: &[Truth], misses: &[Truth]) -> bool {
        let certain = |all: &[Truth]| all.iter().filter(|one| **one == Truth::Yes).count();
        match self.kind {
            QuantifierKind::All => certain(misses) > 0,
            QuantifierKind::Any | QuantifierKind::None => certain(hits) > 0,
            QuantifierKind::One => certain(hits) > 1,
        }
    }
}

/// Every `let` of the statements, those within an `each` too.
fn lets<'a>(statements: &'a [Statement], scope: &mut Scope<'a>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Let(bound) => {
                scope.0.insert(bound.local, Bound::Let(&bound.value));
            }
            StatementKind::Each(each) => lets(&each.body, scope),
            _ => {}
        }
    }
}

/// The numbers of the requirements, in order of writing.
fn number(statements: &[Statement]) -> HashMap<*const Statement, u32> {
    fn walk(statements: &[Statement], next: &mut u32, out: &mut HashMap<*const Statement, u32>) {
        for statement in statements {
            match &statement.kind {
                StatementKind::Require { .. } | StatementKind::Manual(_) => {
                    out.insert(statement, *next);
                    *next += 1;
                }
                StatementKind::Each(each) => walk(&each.body, next, out),
                _ => {}
            }
        }
    }
    let (mut next, mut out) = (0, HashMap::new());
    walk(statements, &mut next, &mut out);
    out
}

/// An oracle, to a standard function.
struct Context<'c, 'a>(&'c Oracle<'a>);

impl CallContext for Context<'_, '_> {
    fn now(&self) -> i64 {
        self.0.now
    }
    fn layout(&self, record: &'static str) -> LayoutId {
        let known = self.0.program.builtin_layouts.iter().find(|(name, _)| *name == record);
        known.map(|(_, layout)| *layout).unwrap()
    }
    fn layouts(&self) -> &dyn Layouts {
        &self.0.program.projection
    }
    fn read<'v>(&mut self, value: &'v Value) -> Result<&'v Value, Trap> {
        values::read(value)
    }
    fn pay(&mut self, _steps: u64) -> Result<(), Trap> {
        Ok(())
    }
}

/// An open value, of which only the reason is lost.
pub fn is_open(value: &Value) -> Option<&Open> {
    match value.plain() {
        Value::Open(open) => Some(open),
        _ => None,
    }
}
