//! Statements of controls to blocks: each expression is a chunk over the control's locals.

use crate::hir::decl::Subject;
use crate::hir::{self, Control, Expr, ExprKind, LocalId, Message, Statement as Source};
use crate::program::{ChunkIdx, Instruction, LetIdx, Reg, Statement, StatementKind};
use crate::value::Value;

use super::expr::count;
use super::share::Body;
use super::unit::{Place, Unit};

/// The compiled body of a control.
#[derive(Default)]
pub(super) struct Code {
    pub locals: u16,
    pub lets: Vec<ChunkIdx>,
    pub statements: Vec<Statement>,
    pub requirements: u32,
}

/// Compiles a control's statements.
pub(super) fn control<'h>(unit: &mut Unit<'h>, control: &'h Control) -> Code {
    let subject = match &control.subject {
        Subject::Resources(local, _) | Subject::Any(local) | Subject::Account(local) => *local,
    };
    unit.bind_subject(subject);
    let mut elements = vec![subject];
    each_elements(&control.statements, &mut elements);
    let mut code = Code { locals: count(elements.len()), ..Code::default() };
    for (at, element) in (0u16..).zip(&elements) {
        unit.places.insert(*element, Place::Register(Reg(at)));
    }
    let body = Body::of(control);
    unit.sharing = unit.techniques.shared.then(|| body.clone());
    let mut writer = Writer { unit, control, body, code: &mut code };
    let statements = writer.statements(&control.statements, &mut Vec::new());
    unit.sharing = None;
    code.statements = statements;
    code
}

/// The elements of every `each`, in order of writing: each has a register of its own.
fn each_elements(statements: &[Source], out: &mut Vec<LocalId>) {
    for statement in statements {
        if let hir::StatementKind::Each(each) = &statement.kind {
            out.push(each.local);
            each_elements(&each.body, out);
        }
    }
}

struct Writer<'a, 'h> {
    unit: &'a mut Unit<'h>,
    control: &'h Control,
    body: Body<'h>,
    code: &'a mut Code,
}

impl<'h> Writer<'_, 'h> {
    fn block(&mut self, name: &str, value: &Expr) -> ChunkIdx {
        let locals = self.code.locals;
        self.unit.block(name, locals, value)
    }

    fn number(&mut self) -> u32 {
        self.code.requirements += 1;
        self.code.requirements - 1
    }

    /// `lets` takes the numbers of the `let`s of this level.
    fn statements(&mut self, all: &'h [Source], lets: &mut Vec<LetIdx>) -> Vec<Statement> {
        let mut out = Vec::new();
        for statement in all {
            let kind = match &statement.kind {
                hir::StatementKind::Let(bound) => {
                    if let Some(named) = self.body.name(bound.local) {
                        self.unit.places.insert(bound.local, Place::Same(named));
                        continue;
                    }
                    let name = self.control.body.locals.at(bound.local).name.clone();
                    let block = self.block(&format!("let {name}"), &bound.value);
                    let lazy = LetIdx(count(self.code.lets.len()));
                    self.code.lets.push(block);
                    lets.push(lazy);
                    let sure = self.unit.is_sure(&bound.value);
                    self.unit.places.insert(bound.local, Place::Lazy(lazy, sure));
                    continue;
                }
                hir::StatementKind::When(condition) => {
                    StatementKind::When(self.block("when", condition))
                }
                hir::StatementKind::Require { condition, message, after, .. } => {
                    let number = self.number();
                    let condition = self.block("require", condition);
                    let message = self.message(message, statement);
                    StatementKind::Require { number, condition, message, after: after.clone() }
                }
                hir::StatementKind::Each(each) => self.each(each),
                hir::StatementKind::Manual(text) => {
                    StatementKind::Manual { number: self.number(), text: text.to_string() }
                }
            };
            out.push(Statement { kind, span: statement.span });
        }
        out
    }

    fn each(&mut self, each: &'h hir::Each) -> StatementKind {
        let domain = self.block("each", &each.domain);
        let filter = each.filter.as_ref().map(|filter| self.block("where", filter));
        let element = match self.unit.places.get(&each.local) {
            Some(Place::Register(reg)) => *reg,
            _ => Reg(0),
        };
        let mut lets = Vec::new();
        let body = self.statements(&each.body, &mut lets);
        StatementKind::Each { domain, element, filter, lets, body }
    }

    /// A message shows open parts as `unknown`, so it has an instruction of its own.
    fn message(&mut self, message: &Message, statement: &Source) -> ChunkIdx {
        let sharing = self.unit.sharing.take();
        let chunk = self.message_block(message, statement);
        self.unit.sharing = sharing;
        chunk
    }

    fn message_block(&mut self, message: &Message, statement: &Source) -> ChunkIdx {
        let locals = self.code.locals;
        let span = statement.span;
        match message {
            Message::Written(Expr { kind: ExprKind::Text(parts), .. }) => {
                let write = |unit: &mut Unit<'_>| {
                    let dst = unit.register();
                    let (first, count) = unit.parts(parts, span);
                    unit.emit(Instruction::Message { dst, first, count }, span);
                    dst
                };
                self.unit.chunk_of("message", locals, write, span)
            }
            Message::Written(other) => self.block("message", other),
            Message::Made(text) => {
                let constant = Expr {
                    kind: ExprKind::Constant(Value::Text(text.text())),
                    ty: self.any_type(),
                    span,
                };
                self.block("message", &constant)
            }
        }
    }

    /// A constant's code does not look at its type.
    fn any_type(&self) -> crate::types::TypeId {
        crate::types::TypeId::new(0)
    }
}
