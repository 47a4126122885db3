//! The evaluator for embedding: policies are compiled once, inputs judged as often as wanted. It opens no
//! file, asks no clock, and writes nothing: texts and readers come in, an assessment goes out.
//!
//! ```
//! use assize::engine::Engine;
//!
//! let policy = "control encrypted for v in AWS::EC2::Volume { require v.Encrypted ?? false }";
//! let engine = Engine::builder().policy("own", policy).now("2026-11-24")?.build()?;
//! let mut run = engine.run();
//! let lines = r#"{"type":"AWS::EC2::Volume","id":"vol-1","properties":{"Encrypted":false}}"#;
//! run.inventory("volumes", lines.as_bytes());
//! let assessment = run.finish();
//! assert_eq!(assessment.counts().fail, 1);
//! assert_eq!(&*assessment.outcomes[0].id, "vol-1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cancel;
mod config;
pub mod guess;
mod inventory;
mod open;
mod query;
mod run;
mod terraform;
mod select;

pub use cancel::Cancel;
pub use open::{Change, Open};
pub use query::{Answer, Query};
pub use run::Run;
pub use select::pair;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::assess::attest::{Attestation, Attestations};
use crate::assess::summary::requirements_by_control;
use crate::assess::{Assessment, Settings};
use crate::base::Sources;
use crate::check::{self, coverage};
use crate::compile::{Selection, compile};
use crate::diagnostic::{Diagnostics, render};
use crate::hir::{Expr, Hir, ParamId, Profile};
use crate::program::Program;
use crate::report::Reported;
use crate::resolve::{self, MemoryLoader, ModuleLoader, Root};
use crate::stdlib;
use crate::value::time;
use crate::vm::Limits;

use select::{SET_MODULE, profile, select, set_module};

/// The modules of the library that hold controls, frameworks and profiles: all of it. A run for one profile
/// starts sooner with [`library_for`].
pub fn library() -> Vec<Root> {
    library_where(|_| true)
}

/// The controls of the library, and the profile with this name: it brings its frameworks along. The other
/// frameworks are not even read.
pub fn library_for(profile: Option<&str>) -> Vec<Root> {
    library_where(|name| match name.strip_prefix(stdlib::PROFILES) {
        Some(own) => Some(own) == profile,
        None => !name.starts_with(stdlib::FRAMEWORKS),
    })
}

/// The modules of the library with policies whose names are wanted.
pub fn library_where(wanted: impl Fn(&str) -> bool) -> Vec<Root> {
    let policies = stdlib::MODULES.iter().filter(|(name, _)| stdlib::is_policy(name));
    let own = policies.filter(|(name, _)| wanted(name));
    own.map(|(name, text)| Root {
        module: (*name).to_owned(),
        name: format!("stdlib/{}.assize", name.replace('.', "/")),
        text: (*text).to_owned(),
    })
    .collect()
}

/// Checked policies.
#[derive(Debug)]
pub struct Policies {
    /// Their texts, for places in reports.
    pub sources: Sources,
    /// What they say.
    pub hir: Hir,
    /// The modules that were asked for, not those that they import.
    pub roots: Vec<String>,
    /// What is said of them though they are fine; empty where there is nothing.
    pub warnings: String,
}

/// Policies with errors in them.
#[derive(Debug)]
pub struct NotChecked {
    sources: Sources,
    diagnostics: Diagnostics,
}

impl NotChecked {
    /// All that is wrong, as text.
    pub fn render(&self, colour: bool) -> String {
        let text = render::to_text(&self.diagnostics.sorted(), &self.sources, colour);
        match self.diagnostics.left_out() {
            0 => text,
            more => format!("{text}and {more} more\n"),
        }
    }
}

impl Policies {
    /// Checks these modules and all that they import.
    ///
    /// # Errors
    ///
    /// All that is wrong with them.
    pub fn check(roots: Vec<Root>, loader: &dyn ModuleLoader) -> Result<Self, NotChecked> {
        let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
        let modules = resolve::load(&roots, loader, &mut sources, &mut sink);
        let hir = check::check(&modules, &sources, &mut sink);
        if sink.has_errors() {
            return Err(NotChecked { sources, diagnostics: sink });
        }
        let warnings = match sink.is_empty() {
            true => String::new(),
            false => render::to_text(&sink.sorted(), &sources, false),
        };
        let roots = roots.into_iter().map(|root| root.module).collect();
        Ok(Self { sources, hir, roots, warnings })
    }
}

/// Why an engine cannot be built.
#[derive(Debug)]
pub enum Refused {
    /// The policies do not compile.
    Policies(Box<NotChecked>),
    /// A profile, control, parameter or time is not what is meant.
    Setting(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policies(refused) => f.write_str(&refused.render(false)),
            Self::Setting(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for Refused {}

/// What an engine is made of.
#[derive(Default)]
pub struct Builder<'l> {
    roots: Vec<Root>,
    loader: Option<&'l dyn ModuleLoader>,
    profile: Option<String>,
    controls: Vec<String>,
    sets: Vec<String>,
    parameters: Vec<(String, String)>,
    attestations: Vec<Attestation>,
    now: Option<i64>,
    limits: Limits,
}

impl fmt::Debug for Builder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("roots", &self.roots).finish_non_exhaustive()
    }
}

impl<'l> Builder<'l> {
    /// Adds the text of a module.
    #[must_use]
    pub fn policy(self, module: &str, text: &str) -> Self {
        let name = format!("{}.assize", module.replace('.', "/"));
        self.policies([Root { module: module.to_owned(), name, text: text.to_owned() }])
    }

    /// Adds modules; [`library`] gives those of the library.
    #[must_use]
    pub fn policies(mut self, roots: impl IntoIterator<Item = Root>) -> Self {
        self.roots.extend(roots);
        self
    }

    /// Finds the modules that the policies import, besides those of the library.
    #[must_use]
    pub fn loader(mut self, loader: &'l dyn ModuleLoader) -> Self {
        self.loader = Some(loader);
        self
    }

    /// Evaluates for this profile.
    #[must_use]
    pub fn profile(mut self, name: Option<&str>) -> Self {
        self.profile = name.map(str::to_owned);
        self
    }

    /// Only the controls that these names or globs match, where there are any.
    #[must_use]
    pub fn controls(mut self, names: &[String]) -> Self {
        self.controls.extend_from_slice(names);
        self
    }

    /// Sets parameters of controls: `control.parameter=value` in the language's own syntax.
    #[must_use]
    pub fn set(mut self, sets: &[String]) -> Self {
        self.sets.extend_from_slice(sets);
        self
    }

    /// Values of templates' parameters.
    #[must_use]
    pub fn parameters(mut self, all: Vec<(String, String)>) -> Self {
        self.parameters.extend(all);
        self
    }

    /// What people attest.
    #[must_use]
    pub fn attestations(mut self, all: Vec<Attestation>) -> Self {
        self.attestations.extend(all);
        self
    }

    /// The instant of the runs: RFC 3339, or a date.
    ///
    /// # Errors
    ///
    /// Where the text is no time.
    pub fn now(self, text: &str) -> Result<Self, Refused> {
        let wrong = || Refused::Setting(format!("`{text}` is no time: write 2027-01-31T10:00:00Z"));
        Ok(self.at(time::parse(text).ok_or_else(wrong)?))
    }

    /// The instant of the runs, in microseconds since 1970.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.now = Some(now);
        self
    }

    /// What a control may use on a resource.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Compiles all of it.
    ///
    /// # Errors
    ///
    /// Where the policies do not compile, a name that was given is none of theirs, or no instant is set.
    pub fn build(self) -> Result<Engine, Refused> {
        // A time that nobody set would give force to what has long ended.
        let unset = || Refused::Setting("the instant of the runs is not set".to_owned());
        let settings = Settings { now: self.now.ok_or_else(unset)?, limits: self.limits };
        let none = MemoryLoader::default();
        let loader = self.loader.unwrap_or(&none);
        let check = |roots: Vec<Root>| {
            Policies::check(roots, loader).map_err(|refused| Refused::Policies(Box::new(refused)))
        };
        let mut policies = check(self.roots.clone())?;
        if !self.sets.is_empty() {
            let own = policies.roots.clone();
            let extra = set_module(&policies.hir, &self.sets).map_err(Refused::Setting)?;
            policies = check(self.roots.into_iter().chain([extra]).collect())?;
            policies.roots = own;
        }
        let profile = profile(&policies.hir, self.profile.as_deref()).map_err(Refused::Setting)?;
        let controls =
            select(&policies, profile.as_ref(), &self.controls).map_err(Refused::Setting)?;
        let mut sets = profile.as_ref().map(|profile| profile.sets.clone()).unwrap_or_default();
        let set_here = policies.hir.profiles.iter().filter(|p| *p.module == *SET_MODULE);
        sets.extend(set_here.flat_map(|profile| profile.sets.clone()));
        // A control whose mapping is lost still runs; it is not counted for the requirement.
        let lost = coverage::lost(&policies.hir, &sets);
        coverage::forget(&mut policies.hir, &lost);
        let selection = Selection { controls, sets };
        let program = compiled(&policies.hir, &selection)?;
        let sets = selection.sets;
        let attestations = Attestations::new(self.attestations, settings.now);
        if let Some(what) = attestations.unknown(&policies.hir) {
            return Err(Refused::Setting(format!("an attestation: {what}")));
        }
        let parameters = self.parameters;
        let requirements = requirements_by_control(&policies.hir);
        let policies = Arc::new(policies);
        Ok(Engine {
            policies,
            program,
            profile,
            sets,
            settings,
            parameters,
            attestations,
            requirements,
        })
    }
}

fn compiled(hir: &Hir, selection: &Selection) -> Result<Program, Refused> {
    compile(hir, selection)
        .map_err(|flaw| Refused::Setting(format!("the compiler made flawed code: {flaw:?}")))
}

/// Compiled policies, ready to judge inputs; to be shared among threads.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What was compiled.
    pub policies: Arc<Policies>,
    /// The code.
    pub program: Program,
    /// The profile, where one was asked for.
    pub profile: Option<Profile>,
    sets: Vec<(ParamId, Expr)>,
    pub(crate) settings: Settings,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) attestations: Attestations,
    pub(crate) requirements: BTreeMap<u32, Arc<[String]>>,
}

impl Engine {
    /// An engine to be made.
    pub fn builder<'l>() -> Builder<'l> {
        Builder::default()
    }

    /// The same policies with fewer controls: those that these names or globs match.
    ///
    /// # Errors
    ///
    /// Where a name matches none of the profile's or, without one, of the policies' controls.
    pub fn only(&self, names: &[String]) -> Result<Self, Refused> {
        let controls =
            select(&self.policies, self.profile.as_ref(), names).map_err(Refused::Setting)?;
        let selection = Selection { controls, sets: self.sets.clone() };
        let program = compiled(&self.policies.hir, &selection)?;
        Ok(Self { program, ..self.clone() })
    }

    /// What a report of the assessment is made of, for [`crate::report::json`] and
    /// [`crate::report::text`]. Findings have no fingerprints until `digest` is set to a SHA-256.
    pub fn reported<'a>(&'a self, assessment: &'a Assessment) -> Reported<'a> {
        Reported {
            assessment,
            program: &self.program,
            sources: &self.policies.sources,
            digest: |_| String::new(),
            comparison: None,
        }
    }

    /// A run over inputs that are to come.
    pub fn run(&self) -> Run<'_> {
        Run::new(self)
    }
}
