//! One expression over snapshots: what a person asks, not what a control requires.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assess::Settings;
use crate::assess::attest::Attestations;
use crate::base::Sources;
use crate::compile::compile_expression;
use crate::hir::Expr;
use crate::program::{ChunkIdx, Program};
use crate::snapshot::model::Snapshot;
use crate::value::Value;
use crate::vm::{Limits, Machine, World, evaluate_params};

use super::{Engine, Policies, Refused, Run};

/// A compiled expression.
#[derive(Debug)]
pub struct Query {
    engine: Engine,
    chunk: ChunkIdx,
}

/// What an expression came to.
#[derive(Debug)]
pub struct Answer {
    /// The value; broken where it could not be computed.
    pub value: Value,
    /// What was read for it.
    pub snapshot: Snapshot,
    /// Why the answer may lack something.
    pub incomplete: Vec<String>,
}

impl Query {
    /// Compiles an expression of these policies. `now` is in microseconds since 1970.
    ///
    /// # Errors
    ///
    /// A flaw in what the compiler made.
    pub fn new(
        policies: Policies,
        expr: &Expr,
        now: i64,
        parameters: Vec<(String, String)>,
    ) -> Result<Self, Refused> {
        let (program, chunk) = compile_expression(&policies.hir, expr)
            .map_err(|flaw| Refused::Setting(format!("the compiler made flawed code: {flaw:?}")))?;
        let engine = Engine {
            policies: Arc::new(policies),
            program,
            profile: None,
            sets: Vec::new(),
            settings: Settings { now, limits: Limits::default() },
            parameters,
            attestations: Attestations::new(Vec::new(), now),
            requirements: BTreeMap::new(),
        };
        Ok(Self { engine, chunk })
    }

    /// The texts of the policies that it is of.
    pub fn sources(&self) -> &Sources {
        &self.engine.policies.sources
    }

    /// The code.
    pub fn program(&self) -> &Program {
        &self.engine.program
    }

    /// The code of the expression.
    pub fn chunk(&self) -> ChunkIdx {
        self.chunk
    }

    /// Reads the inputs, which `read` gives to a run, and evaluates the expression over what they hold.
    pub fn ask(&self, read: impl FnOnce(&mut Run<'_>)) -> Answer {
        let mut run = self.engine.run();
        read(&mut run);
        let (snapshot, incomplete) = run.into_snapshot();
        let program = &self.engine.program;
        let world = World::new(program, &snapshot);
        let now = self.engine.settings.now;
        let params: Vec<Value> = evaluate_params(program, &world, now)
            .into_iter()
            .map(|value| value.unwrap_or(Value::Absent))
            .collect();
        let mut machine = Machine::new(program, &world, &params, now, Limits::default());
        let value = machine.constant(self.chunk);
        Answer { value, snapshot, incomplete }
    }
}
