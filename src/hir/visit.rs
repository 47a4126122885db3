//! Walks over the typed tree: the direct parts of an expression or a statement.

use super::decl::{Adapter, Control, Function};
use super::expr::{Each, Expr, ExprKind, Message, Statement, StatementKind, TextPart};

/// Calls `visit` with each direct part of the expression.
pub fn children<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::Constant(_)
        | ExprKind::Param(_)
        | ExprKind::Local(_)
        | ExprKind::Now
        | ExprKind::Resources(..)
        | ExprKind::Error => {}
        ExprKind::Field(one, _)
        | ExprKind::Attribute(one, _)
        | ExprKind::JsonField(one, _)
        | ExprKind::Not(one)
        | ExprKind::Negate(one)
        | ExprKind::Question(one, _)
        | ExprKind::Convert(one, _)
        | ExprKind::Follow { from: one, .. }
        | ExprKind::Reverse { to: one, .. } => visit(one),
        ExprKind::Index(a, b)
        | ExprKind::Implies(a, b)
        | ExprKind::Coalesce(a, b)
        | ExprKind::Binary(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::Call(_, many)
        | ExprKind::Builtin(_, many)
        | ExprKind::And(many)
        | ExprKind::Or(many)
        | ExprKind::List(many) => many.iter().for_each(visit),
        ExprKind::If(a, b, c) => {
            visit(a);
            visit(b);
            visit(c);
        }
        ExprKind::Quantifier { domain, filter, body, .. } => {
            visit(domain);
            if let Some(filter) = filter {
                visit(filter);
            }
            visit(body);
        }
        ExprKind::Comprehension(item, generators) => {
            for generator in generators {
                visit(&generator.domain);
                if let Some(filter) = &generator.filter {
                    visit(filter);
                }
            }
            visit(item);
        }
        ExprKind::Record { spread, fields, .. } => {
            if let Some(spread) = spread {
                visit(spread);
            }
            fields.iter().for_each(|(_, value)| visit(value));
        }
        ExprKind::Map(fields) => fields.iter().for_each(|(_, value)| visit(value)),
        ExprKind::Text(parts) => {
            for part in parts {
                if let TextPart::Expr(part) = part {
                    visit(part);
                }
            }
        }
    }
}

/// Calls `visit` with each expression that stands in the adapter.
pub fn adapter<'e>(adapter: &'e Adapter, visit: &mut dyn FnMut(&'e Expr)) {
    adapter.lets.iter().for_each(|bound| visit(&bound.value));
    adapter.conditions.iter().for_each(&mut *visit);
    adapter.sets.iter().for_each(|(_, value)| visit(value));
}

/// The same, to change them.
pub fn children_mut(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut expr.kind {
        ExprKind::Constant(_)
        | ExprKind::Param(_)
        | ExprKind::Local(_)
        | ExprKind::Now
        | ExprKind::Resources(..)
        | ExprKind::Error => {}
        ExprKind::Field(one, _)
        | ExprKind::Attribute(one, _)
        | ExprKind::JsonField(one, _)
        | ExprKind::Not(one)
        | ExprKind::Negate(one)
        | ExprKind::Question(one, _)
        | ExprKind::Convert(one, _)
        | ExprKind::Follow { from: one, .. }
        | ExprKind::Reverse { to: one, .. } => visit(one),
        ExprKind::Index(a, b)
        | ExprKind::Implies(a, b)
        | ExprKind::Coalesce(a, b)
        | ExprKind::Binary(_, a, b) => {
            visit(a);
            visit(b);
        }
        ExprKind::Call(_, many)
        | ExprKind::Builtin(_, many)
        | ExprKind::And(many)
        | ExprKind::Or(many)
        | ExprKind::List(many) => many.iter_mut().for_each(visit),
        ExprKind::If(a, b, c) => {
            visit(a);
            visit(b);
            visit(c);
        }
        ExprKind::Quantifier { domain, filter, body, .. } => {
            visit(domain);
            if let Some(filter) = filter {
                visit(filter);
            }
            visit(body);
        }
        ExprKind::Comprehension(item, generators) => {
            for generator in generators {
                visit(&mut generator.domain);
                if let Some(filter) = &mut generator.filter {
                    visit(filter);
                }
            }
            visit(item);
        }
        ExprKind::Record { spread, fields, .. } => {
            if let Some(spread) = spread {
                visit(spread);
            }
            fields.iter_mut().for_each(|(_, value)| visit(value));
        }
        ExprKind::Map(fields) => fields.iter_mut().for_each(|(_, value)| visit(value)),
        ExprKind::Text(parts) => {
            for part in parts {
                if let TextPart::Expr(part) = part {
                    visit(part);
                }
            }
        }
    }
}

/// Calls `visit` with each expression of the statement, not with their parts.
pub fn statement<'e>(statement: &'e Statement, visit: &mut dyn FnMut(&'e Expr)) {
    match &statement.kind {
        StatementKind::Let(bound) => visit(&bound.value),
        StatementKind::When(cond) => visit(cond),
        StatementKind::Require { condition, message, .. } => {
            visit(condition);
            if let Message::Written(message) = message {
                visit(message);
            }
        }
        StatementKind::Each(each) => each_statement(each, visit),
        StatementKind::Manual(_) => {}
    }
}

fn each_statement<'e>(each: &'e Each, visit: &mut dyn FnMut(&'e Expr)) {
    visit(&each.domain);
    if let Some(filter) = &each.filter {
        visit(filter);
    }
    each.body.iter().for_each(|inner| statement(inner, visit));
}

/// The same, to change them.
pub fn statement_mut(statement: &mut Statement, visit: &mut dyn FnMut(&mut Expr)) {
    match &mut statement.kind {
        StatementKind::Let(bound) => visit(&mut bound.value),
        StatementKind::When(cond) => visit(cond),
        StatementKind::Require { condition, message, .. } => {
            visit(condition);
            if let Message::Written(message) = message {
                visit(message);
            }
        }
        StatementKind::Each(each) => {
            visit(&mut each.domain);
            if let Some(filter) = &mut each.filter {
                visit(filter);
            }
            each.body.iter_mut().for_each(|inner| statement_mut(inner, visit));
        }
        StatementKind::Manual(_) => {}
    }
}

/// Calls `visit` with every expression of the function, not with their parts.
pub fn function<'e>(function: &'e Function, visit: &mut dyn FnMut(&'e Expr)) {
    function.lets.iter().for_each(|bound| visit(&bound.value));
    visit(&function.value);
}

/// Calls `visit` with every expression of the control, not with their parts.
pub fn control<'e>(control: &'e Control, visit: &mut dyn FnMut(&'e Expr)) {
    control.statements.iter().for_each(|inner| statement(inner, visit));
}
