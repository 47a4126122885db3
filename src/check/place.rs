//! The body that is being checked: its locals, what is known of them, what may be said here.

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use crate::base::{Span, Symbol};
use crate::hir::{Body, Local, LocalId, ParamId};
use crate::types::{Reference, TypeId};

use super::Checker;
use super::narrowing::Fact;

/// The state of a body.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// Its locals.
    pub body: Body,
    /// The names in scope, innermost last.
    pub scope: Vec<(Symbol, LocalId)>,
    /// What conditions that hold here say.
    pub facts: Vec<Fact>,
    /// The parameters of the control.
    pub params: IndexMap<Symbol, ParamId>,
    /// Whether a false answer here can only make a requirement fail. Taken (and cleared) by each
    /// expression, given on by those that keep it.
    pub positive: bool,
    /// Whether a part of a text may be absent: in the messages of requirements.
    pub message: bool,
    /// Whether `unknown` may stand here: in tests.
    pub test: bool,
    /// Whether Json is read leniently: in adapters.
    pub lenient: bool,
    /// The item of an adapter whose source knows what refers to an item.
    pub referred: Option<LocalId>,
    /// What the texts in a local may refer to.
    pub references: HashMap<LocalId, Vec<Reference>>,
    /// The requirements on which the value of a `let` depends.
    pub let_after: HashMap<LocalId, BTreeSet<u32>>,
    /// The requirements whose narrowing has been used since this was last emptied.
    pub used_after: BTreeSet<u32>,
    /// How many requirements the control has so far.
    pub requirements: u32,
}

/// Where names and facts stood before something was entered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    scope: usize,
    facts: usize,
}

impl Place {
    /// Where names and facts stand now.
    pub fn mark(&self) -> Mark {
        Mark { scope: self.scope.len(), facts: self.facts.len() }
    }

    /// Leaves everything that was entered since.
    pub fn back_to(&mut self, mark: Mark) {
        self.scope.truncate(mark.scope);
        self.facts.truncate(mark.facts);
    }

    /// Binds a name.
    pub fn bind(&mut self, name: &Symbol, ty: TypeId, span: Span) -> LocalId {
        let local = self.body.locals.add(Local { name: name.clone(), ty, span });
        self.scope.push((name.clone(), local));
        local
    }

    /// The local of this name, the innermost one.
    pub fn find(&self, name: &str) -> Option<LocalId> {
        self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, local)| *local)
    }
}

impl Checker<'_> {
    /// Starts a new body; gives the old one back at the end.
    pub(super) fn enter(&mut self) -> Place {
        std::mem::take(&mut self.place)
    }

    /// Ends a body and gives its locals.
    pub(super) fn leave(&mut self, before: Place) -> Body {
        std::mem::replace(&mut self.place, before).body
    }
}
