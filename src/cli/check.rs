//! `assize check`: controls on snapshots.

use std::fs::{self, File};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use crate::assess::attest::{Attestation, Attested};
use crate::assess::{Assessment, Outcome, Verdict};
use crate::base::distance::did_you_mean;
use crate::engine::{Engine, Refused, library_where, pair};
use crate::report::baseline::{Baseline, Comparison, State};
use crate::report::json::Show as Shown;
use crate::report::{Reported, json, text};
use crate::resolve::Root;
use crate::stdlib;
use crate::value::time;
use crate::vm::Limits;

use super::args::{Check, FailOn, Show};
use super::attestations;
use super::inputs;
use super::lines::FileLines;
use super::policies::{find, say_warnings, shown, told};
use super::{Exit, Make, print_by, say, usage};

/// Runs the command.
pub(super) fn run(args: &Check) -> Exit {
    match start(args) {
        Ok(checking) => checking.go(args),
        Err(message) => usage(&message),
    }
}

/// All that is set before an input is read.
struct Checking {
    engine: Engine,
    baseline: Option<Baseline>,
    formats: Vec<(String, Option<String>)>,
}

/// Everything that can be wrong before an input is read.
fn start(args: &Check) -> Result<Checking, String> {
    let parameters =
        args.parameter.iter().map(|text| pair(text, "--parameter")).collect::<Result<_, _>>()?;
    let formats = formats(args)?;
    let baseline = args.baseline.as_deref().map(baseline).transpose()?;
    let attested = args.attestations.as_deref().map(attestations::read).transpose()?;
    let attested = attested.unwrap_or_default();
    let mut found = find(&args.policy).map_err(|text| format!("--policy {text}"))?;
    found.roots.extend(of_library(args, &attested)?);
    found.loader.sources = inputs::sources(args.source, &args.inputs);
    let now = match &args.now {
        Some(text) => time::parse(text)
            .ok_or_else(|| format!("--now `{text}` is no time: write 2027-01-31T10:00:00Z"))?,
        None => jiff::Timestamp::now().as_microsecond(),
    };
    let mut limits = Limits::default();
    limits.fuel = args.max_steps.unwrap_or(limits.fuel);
    limits.memory = args.max_memory.unwrap_or(limits.memory);
    let builder = Engine::builder()
        .policies(found.roots)
        .loader(&found.loader)
        .profile(args.profile.as_deref())
        .controls(&args.control)
        .set(&args.set)
        .parameters(parameters)
        .attestations(attested)
        .at(now)
        .limits(limits);
    let engine = builder.build().map_err(|refused| match refused {
        Refused::Policies(refused) => {
            format!("the policies do not compile\n{}", told(&refused, args.color))
        }
        Refused::Setting(what) => what,
    })?;
    say_warnings(&engine.policies);
    Ok(Checking { engine, baseline, formats })
}

/// What a run needs of the library. One's own waivers and controls go with a profile of it, too; one's own
/// profile of the same name comes first.
fn of_library(args: &Check, attested: &[Attestation]) -> Result<Vec<Root>, String> {
    let own = args.policy.is_empty();
    let profile = args.profile.as_deref();
    if let Some(name) = profile.filter(|_| own)
        && !stdlib::profiles().any(|known| known == name)
    {
        let mend = match did_you_mean(name, stdlib::profiles()) {
            mend if mend.is_empty() => {
                format!("; there is {}", stdlib::profiles().collect::<Vec<_>>().join(", "))
            }
            mend => mend,
        };
        return Err(format!("there is no profile `{name}`{mend}"));
    }
    // Attestations may answer to more frameworks than the profile covers.
    let answered = |framework: &str| {
        attested.iter().any(|one| match &one.of {
            Attested::Requirement(id) => id.split(':').next() == Some(framework),
            Attested::Control(_) => false,
        })
    };
    Ok(library_where(|module| {
        if let Some(name) = module.strip_prefix(stdlib::PROFILES) {
            Some(name) == profile
        } else if let Some(name) = module.strip_prefix(stdlib::FRAMEWORKS) {
            (own || profile.is_some()) && answered(name)
        } else {
            own
        }
    }))
}

fn baseline(path: &Path) -> Result<Baseline, String> {
    let name = shown(path);
    let text = fs::read_to_string(path).map_err(|error| format!("--baseline {name}: {error}"))?;
    Baseline::read(&text).map_err(|why| format!("--baseline {name}: {why}"))
}

fn formats(args: &Check) -> Result<Vec<(String, Option<String>)>, String> {
    let mut out = Vec::new();
    for format in &args.format {
        let (name, file) = format
            .split_once('=')
            .map_or((format.as_str(), None), |(name, file)| (name, Some(file)));
        if !["text", "json", "jsonl"].contains(&name) {
            let mend = did_you_mean(name, ["text", "json", "jsonl"]);
            return Err(format!("--format `{name}` is not one of text, json, jsonl{mend}"));
        }
        out.push((name.to_owned(), file.map(str::to_owned)));
    }
    Ok(out)
}

impl Checking {
    fn go(&self, args: &Check) -> Exit {
        let jobs = args.jobs.map(usize::from);
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let mut run = self.engine.run().threads(jobs.unwrap_or_else(cores));
        if self.baseline.is_none()
            && self.formats.iter().all(|(f, _)| shows(args, f) == Shown::Failing)
        {
            run = run.failing_only();
        }
        args.inputs.iter().for_each(|path| inputs::read(&mut run, args.source, path));
        run.warnings().iter().for_each(|warning| say(&format!("warning: {warning}")));
        let assessment = run.finish();
        self.report(args, &assessment)
    }

    fn report(&self, args: &Check, assessment: &Assessment) -> Exit {
        let reported = self.engine.reported(assessment);
        let reported = Reported { digest: inputs::digest, ..reported };
        let comparison = self.baseline.as_ref().map(|baseline| baseline.compare(&reported));
        let reported = Reported { comparison: comparison.as_ref(), ..reported };
        let lines = FileLines::default();
        for (format, file) in &self.formats {
            let show = shows(args, format);
            let terminal = file.is_none() && std::io::stdout().is_terminal();
            let colour = super::colour(args.color, terminal);
            let make = |out: &mut dyn Write| match format.as_str() {
                "json" => out.write_all(json::object(&reported, show).as_bytes()),
                "jsonl" => json::write_lines(&reported, show, out),
                _ => out.write_all(text::render(&reported, &lines, show, colour).as_bytes()),
            };
            let done = match file {
                Some(file) => write(file, &make),
                None if args.quiet && format == "text" => Exit::Clean,
                None => print_by(&make),
            };
            if done != Exit::Clean {
                return done;
            }
        }
        exit(args, assessment, comparison.as_ref())
    }
}

/// Which findings a format shows.
fn shows(args: &Check, format: &str) -> Shown {
    match (args.show, format) {
        (Some(Show::All), _) | (None, "json" | "jsonl") => Shown::All,
        _ => Shown::Failing,
    }
}

fn write(file: &str, make: &Make<'_>) -> Exit {
    let path = Path::new(file);
    let temporary = path.with_extension("part");
    let written = File::create(&temporary).and_then(|file| {
        let mut out = BufWriter::new(file);
        make(&mut out)?;
        out.flush()
    });
    match written.and_then(|()| fs::rename(&temporary, path)) {
        Ok(()) => Exit::Clean,
        Err(error) => usage(&format!("{file}: {error}")),
    }
}

fn exit(args: &Check, assessment: &Assessment, comparison: Option<&Comparison>) -> Exit {
    let counts = |outcome: &&Outcome| {
        let wanted = match outcome.verdict {
            Verdict::Fail => args.fail_on.contains(&FailOn::Fail),
            Verdict::Error => args.fail_on.contains(&FailOn::Error),
            Verdict::Unknown => args.fail_on.contains(&FailOn::Unknown),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Manual => false,
        };
        wanted && outcome.waiver.is_none() && !assessment.within_margin(outcome.control)
    };
    // What an earlier report has already is known; all else counts.
    let known =
        |at: usize| comparison.is_some_and(|one| one.states.get(at) == Some(&Some(State::Still)));
    let mut all = assessment.outcomes.iter().enumerate();
    if all.any(|(at, outcome)| !known(at) && counts(&outcome)) {
        return Exit::Found;
    }
    if assessment.is_incomplete() && !args.allow_incomplete {
        Exit::Incomplete
    } else {
        Exit::Clean
    }
}
