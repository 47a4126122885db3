//! `assize check`: controls on snapshots.

use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use crate::assess::attest::Attestations;
use crate::assess::{Assessment, Outcome, Settings, Verdict};
use crate::base::distance::closest;
use crate::compile::{Selection, compile};
use crate::hir::Profile;
use crate::program::Program;
use crate::report::json::Show as Shown;
use crate::report::{Reported, json, text};
use crate::resolve::Root;
use crate::value::time;

use super::args::{Check, FailOn, Show};
use super::attestations;
use super::inputs;
use super::lines::FileLines;
use super::policies::{Policies, load};
use super::reading::Reading;
use super::select::{SET_MODULE, pair, profile, select, set_module};
use super::{Exit, print, usage};

/// Runs the command.
pub(super) fn run(args: &Check) -> Exit {
    match start(args) {
        Ok(run) => run.go(args),
        Err(message) => usage(&message),
    }
}

/// What is set before an input is read.
pub(super) struct Run {
    pub policies: Policies,
    pub program: Program,
    pub settings: Settings,
    pub profile: Option<Profile>,
    /// What people attest.
    pub attestations: Attestations,
    /// Values of templates' parameters.
    pub parameters: Vec<(String, String)>,
    formats: Vec<(String, Option<String>)>,
}

/// Everything that can be wrong before an input is read.
fn start(args: &Check) -> Result<Run, String> {
    let parameters =
        args.parameter.iter().map(|text| pair(text, "--parameter")).collect::<Result<_, _>>()?;
    let formats = formats(args)?;
    let mut policies = load_or_stop(args, &[])?;
    if !args.set.is_empty() {
        let extra = set_module(&policies.hir, &args.set)?;
        policies = load_or_stop(args, &[extra])?;
    }
    let profile = profile(&policies.hir, args.profile.as_deref())?;
    let controls = select(&policies, profile.as_ref(), &args.control)?;
    let mut sets = profile.as_ref().map(|profile| profile.sets.clone()).unwrap_or_default();
    sets.extend(
        policies
            .hir
            .profiles
            .iter()
            .filter(|p| *p.module == *SET_MODULE)
            .flat_map(|p| p.sets.clone()),
    );
    let selection = Selection { controls, sets };
    let program = compile(&policies.hir, &selection)
        .map_err(|flaw| format!("the compiler made flawed code: {flaw:?}"))?;
    let now = match &args.now {
        Some(text) => time::parse(text)
            .ok_or_else(|| format!("--now `{text}` is no time: write 2027-01-31T10:00:00Z"))?,
        None => jiff::Timestamp::now().as_microsecond(),
    };
    let mut settings = Settings { now, ..Settings::default() };
    settings.limits.fuel = args.max_steps.unwrap_or(settings.limits.fuel);
    settings.limits.memory = args.max_memory.unwrap_or(settings.limits.memory);
    let attested = args.attestations.as_deref().map(attestations::read).transpose()?;
    let attestations = Attestations::new(attested.unwrap_or_default(), now);
    if let Some(what) = attestations.unknown(&policies.hir) {
        return Err(format!("--attestations: {what}"));
    }
    Ok(Run { policies, program, settings, profile, attestations, parameters, formats })
}

fn load_or_stop(args: &Check, extra: &[Root]) -> Result<Policies, String> {
    load(&args.policy, extra, args.color).map_err(|text| match text.contains("error[") {
        true => format!("the policies do not compile\n{text}"),
        false => format!("--policy {text}"),
    })
}

fn formats(args: &Check) -> Result<Vec<(String, Option<String>)>, String> {
    let mut out = Vec::new();
    for format in &args.format {
        let (name, file) = format
            .split_once('=')
            .map_or((format.as_str(), None), |(name, file)| (name, Some(file)));
        if !["text", "json", "jsonl"].contains(&name) {
            let near = closest(name, ["text", "json", "jsonl"]);
            let mend =
                near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("--format `{name}` is not one of text, json, jsonl{mend}"));
        }
        out.push((name.to_owned(), file.map(str::to_owned)));
    }
    Ok(out)
}

impl Run {
    fn go(&self, args: &Check) -> Exit {
        let mut reading = Reading::new(self);
        args.inputs.iter().for_each(|path| reading.path(args.source, path));
        let assessment = reading.finish();
        self.report(args, &assessment)
    }

    fn report(&self, args: &Check, assessment: &Assessment) -> Exit {
        let reported = Reported {
            assessment,
            program: &self.program,
            sources: &self.policies.sources,
            digest: inputs::digest,
        };
        let lines = FileLines::default();
        for (format, file) in &self.formats {
            let show = match (args.show, format.as_str()) {
                (Some(Show::All), _) | (None, "json" | "jsonl") => Shown::All,
                _ => Shown::Failing,
            };
            let terminal = file.is_none() && std::io::stdout().is_terminal();
            let text = match format.as_str() {
                "json" => json::object(&reported, show),
                "jsonl" => json::lines(&reported, show),
                _ => text::render(&reported, &lines, show, super::colour(args.color, terminal)),
            };
            let done = match file {
                Some(file) => write(file, &text),
                None if args.quiet && format == "text" => Exit::Clean,
                None => print(&text),
            };
            if done != Exit::Clean {
                return done;
            }
        }
        exit(args, assessment)
    }
}

fn write(file: &str, text: &str) -> Exit {
    let path = Path::new(file);
    let temporary = path.with_extension("part");
    match fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path)) {
        Ok(()) => Exit::Clean,
        Err(error) => usage(&format!("{file}: {error}")),
    }
}

fn exit(args: &Check, assessment: &Assessment) -> Exit {
    let counts = |outcome: &&Outcome| {
        let wanted = match outcome.verdict {
            Verdict::Fail => args.fail_on.contains(&FailOn::Fail),
            Verdict::Error => args.fail_on.contains(&FailOn::Error),
            Verdict::Unknown => args.fail_on.contains(&FailOn::Unknown),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Manual => false,
        };
        wanted && outcome.waiver.is_none() && !assessment.within_margin(outcome.control)
    };
    if assessment.outcomes.iter().any(|outcome| counts(&outcome)) {
        return Exit::Found;
    }
    if assessment.is_incomplete() && !args.allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}
