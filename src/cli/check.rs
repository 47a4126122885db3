//! `assize check`: controls on snapshots.

use std::collections::BTreeSet;
use std::fs;
use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use crate::assess::{self, Assessment, BATCH, Outcome, Settings, Verdict, Which, judge};
use crate::base::LineColumn;
use crate::base::distance::closest;
use crate::compile::{Selection, compile};
use crate::hir::{ControlId, Hir, Profile};
use crate::program::Program;
use crate::report::json::Show as Shown;
use crate::report::text::Lines;
use crate::report::{Reported, json, text};
use crate::resolve::Root;
use crate::snapshot::cloudformation::{self, Options};
use crate::snapshot::inventory::{self, Record};
use crate::snapshot::model::{Gap, Input, Resource, Snapshot, SourceKind};
use crate::value::{Text, glob, time};

use super::args::{Check, FailOn, Show, Source};
use super::inputs::{self, Guess};
use super::policies::{Policies, load, shown};
use super::{Exit, print, say, usage};

/// Runs the command.
pub(super) fn run(args: &Check) -> Exit {
    match start(args) {
        Ok(run) => run.go(args),
        Err(message) => usage(&message),
    }
}

struct Run {
    policies: Policies,
    program: Program,
    settings: Settings,
    profile: Option<Profile>,
    parameters: Vec<(String, String)>,
    formats: Vec<(String, Option<String>)>,
}

fn pair(text: &str, what: &str) -> Result<(String, String), String> {
    let (key, value) =
        text.split_once('=').ok_or_else(|| format!("{what} `{text}`: write KEY=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
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
    Ok(Run { policies, program, settings, profile, parameters, formats })
}

fn load_or_stop(args: &Check, extra: &[Root]) -> Result<Policies, String> {
    load(&args.policy, extra, args.color)
        .map_err(|text| format!("the policies do not compile\n{text}"))
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

/// The module that `--set` stands for: a profile that sets the parameters, so that names and values are
/// checked as in a policy.
const SET_MODULE: &str = "command_line";

fn set_module(hir: &Hir, sets: &[String]) -> Result<Root, String> {
    let mut uses: BTreeSet<String> = BTreeSet::new();
    let mut body = String::new();
    for set in sets {
        let (path, value) = pair(set, "--set")?;
        let (control, param) = path
            .rsplit_once('.')
            .ok_or_else(|| format!("--set `{set}`: write CONTROL.PARAM=VALUE"))?;
        let name = control.rsplit('.').next().unwrap_or(control);
        let Some(known) = hir.controls.iter().find(|known| *known.name == *name) else {
            let near = closest(name, hir.controls.iter().map(|known| known.name.as_str()));
            let mend =
                near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("--set `{set}`: there is no control `{name}`{mend}"));
        };
        uses.insert(format!("use {}.{{{}}}", known.module, known.name));
        body.push_str(&format!("    set {}.{param} = {value}\n", known.name));
    }
    let uses: Vec<String> = uses.into_iter().collect();
    let text = format!(
        "{}\nprofile command_line {{\n    title \"Set on the command line\"\n{body}}}\n",
        uses.join("\n")
    );
    Ok(Root { module: SET_MODULE.to_owned(), name: "--set".to_owned(), text })
}

fn profile(hir: &Hir, name: Option<&str>) -> Result<Option<Profile>, String> {
    let Some(name) = name else { return Ok(None) };
    let found = hir.profiles.iter().find(|profile| *profile.name == *name);
    if let Some(profile) = found {
        return Ok(Some(profile.clone()));
    }
    let near = closest(name, hir.profiles.iter().map(|profile| profile.name.as_str()));
    let mend = near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(format!("there is no profile `{name}`{mend}"))
}

/// The controls to run: of the profile, or of the modules that were asked for; of these, those named.
fn select(
    policies: &Policies,
    profile: Option<&Profile>,
    names: &[String],
) -> Result<Vec<ControlId>, String> {
    let hir = &policies.hir;
    let mut chosen: Vec<ControlId> = match profile {
        Some(profile) => of_profile(hir, profile),
        None => {
            let own = hir.controls.iter_with_idx();
            own.filter(|(_, control)| policies.roots.iter().any(|root| *root == *control.module))
                .map(|(id, _)| id)
                .collect()
        }
    };
    let name_of = |id: &ControlId| hir.controls.at(*id).name.clone();
    let is_meant = |pattern: &str, id: &ControlId| {
        let control = hir.controls.at(*id);
        glob::matches(pattern, &control.name)
            || glob::matches(pattern, &format!("{}.{}", control.module, control.name))
    };
    for pattern in names {
        if !chosen.iter().any(|id| is_meant(pattern, id)) {
            let all: Vec<_> = chosen.iter().map(name_of).collect();
            let near = closest(pattern, all.iter().map(super::super::base::symbol::Symbol::as_str));
            let mend =
                near.first().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(format!("--control `{pattern}` matches no control{mend}"));
        }
    }
    if !names.is_empty() {
        chosen.retain(|id| names.iter().any(|pattern| is_meant(pattern, id)));
    }
    if chosen.is_empty() {
        return Err("there is no control to evaluate".to_owned());
    }
    Ok(chosen)
}

fn of_profile(hir: &Hir, profile: &Profile) -> Vec<ControlId> {
    let mut out: BTreeSet<ControlId> = profile.uses.iter().copied().collect();
    for (framework, baseline) in &profile.covers {
        let framework = hir.frameworks.at(*framework);
        let ids = baseline
            .as_ref()
            .and_then(|name| framework.baselines.iter().find(|(known, _)| known == name));
        for requirement in &framework.requirements {
            if ids.is_none_or(|(_, ids)| ids.contains(&requirement.id)) {
                out.extend(requirement.met_by.iter().map(|by| by.control));
            }
        }
    }
    for control in &profile.excludes {
        out.remove(control);
    }
    out.into_iter().collect()
}

/// What has been read so far.
struct Reading<'r> {
    run: &'r Run,
    assessment: Assessment,
    kept: Snapshot,
    batch: Snapshot,
    accounts: BTreeSet<Text>,
    waived: Vec<(u64, u64)>,
}

impl Run {
    fn go(&self, args: &Check) -> Exit {
        let mut reading = Reading {
            run: self,
            assessment: Assessment::default(),
            kept: Snapshot::default(),
            batch: Snapshot::default(),
            accounts: BTreeSet::new(),
            waived: Vec::new(),
        };
        for path in &args.inputs {
            match inputs::expand(path) {
                Ok(files) if files.is_empty() => {
                    reading
                        .assessment
                        .incomplete
                        .push(format!("{}: no snapshots in this folder", shown(path)));
                }
                Ok(files) => files.iter().for_each(|file| reading.file(args, file)),
                Err(message) => reading.assessment.incomplete.push(message),
            }
        }
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
        for (format, file) in &self.formats {
            let show = match (args.show, format.as_str()) {
                (Some(Show::All), _) | (None, "json" | "jsonl") => Shown::All,
                _ => Shown::Failing,
            };
            let terminal = file.is_none() && std::io::stdout().is_terminal();
            let text = match format.as_str() {
                "json" => json::object(&reported, show),
                "jsonl" => json::lines(&reported, show),
                _ => text::render(&reported, &FileLines, show, super::colour(args.color, terminal)),
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

/// Lines of the inputs, read again for the report.
struct FileLines;

impl Lines for FileLines {
    fn line(&self, input: &str, line: u32) -> Option<String> {
        if input.ends_with(".gz") || input.ends_with(".zst") || input == "-" {
            return None;
        }
        let bytes = fs::read(input).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        text.lines().nth(line.checked_sub(1)? as usize).map(str::to_owned)
    }
}

impl Reading<'_> {
    fn input(&mut self, name: &str, source: SourceKind) -> u32 {
        let at = u32::try_from(self.assessment.inputs.len()).unwrap_or(u32::MAX);
        let name: Text = Arc::from(name);
        self.assessment.inputs.push(Input {
            name,
            source,
            resources: 0,
            bytes: 0,
            sha256: String::new(),
        });
        at
    }

    fn file(&mut self, args: &Check, path: &Path) {
        let name = shown(path);
        let (mut stream, receipt) = match inputs::open(path) {
            Ok(opened) => opened,
            Err(error) => return self.assessment.incomplete.push(format!("{name}: {error}")),
        };
        let mut start = Vec::new();
        if let Err(error) = stream.by_ref().take(64 << 10).read_to_end(&mut start) {
            return self.assessment.incomplete.push(format!("{name}: {error}"));
        }
        let guess = match args.source {
            Source::Auto => inputs::guess(&start),
            Source::Inventory => Guess::Inventory,
            Source::Cloudformation => Guess::Document,
        };
        match guess {
            Guess::Inventory => {
                self.inventory(&name, std::io::Cursor::new(start).chain(stream), &receipt);
            }
            Guess::Document => {
                let mut bytes = start;
                match stream.take(256 << 20).read_to_end(&mut bytes) {
                    Ok(_) => self.template(&name, &bytes, &receipt),
                    Err(error) => self.assessment.incomplete.push(format!("{name}: {error}")),
                }
            }
            Guess::Unsupported(what) => {
                self.assessment.incomplete.push(format!("{name}: unsupported source: {what}"));
            }
        }
    }

    fn inventory(&mut self, name: &str, bytes: impl Read, receipt: &inputs::Receipt) {
        let input = self.input(name, SourceKind::Inventory);
        let mut count = 0u64;
        let projection = &self.run.program.projection;
        let stopped = inventory::read(projection, input, bytes, |record| match record {
            Record::Resource(resource) => {
                count += 1;
                self.resource(*resource);
            }
            Record::Skipped => count += 1,
            Record::Gap(gap) => self.assessment.gaps.push(gap),
            Record::Bad(place, what) => {
                count += 1;
                self.unreadable(input, name, place, &what);
            }
        });
        if let Err(stopped) = stopped {
            let LineColumn { line, column } = stopped.place;
            self.assessment.incomplete.push(format!("{name}:{line}:{column}: {}", stopped.what));
        }
        let (sha256, bytes) = receipt.finish();
        if let Some(input) = self.assessment.inputs.get_mut(input as usize) {
            (input.resources, input.sha256, input.bytes) = (count, sha256, bytes);
        }
    }

    /// A resource whose type cannot even be read: nobody's subject, so the answer is incomplete.
    fn unreadable(&mut self, _input: u32, name: &str, place: LineColumn, what: &str) {
        let LineColumn { line, column } = place;
        self.assessment
            .incomplete
            .push(format!("{name}:{line}:{column}: this resource cannot be read: {what}"));
    }

    fn template(&mut self, name: &str, bytes: &[u8], receipt: &inputs::Receipt) {
        let input = self.input(name, SourceKind::CloudFormation);
        let options = Options { parameters: &self.run.parameters, input };
        match cloudformation::read(&self.run.program.projection, &options, name, bytes) {
            Ok(template) => {
                for warning in &template.warnings {
                    say(&format!(
                        "warning: {name}:{}:{}: {}",
                        warning.place.line, warning.place.column, warning.what
                    ));
                }
                let (sha256, bytes) = receipt.finish();
                if let Some(input) = self.assessment.inputs.get_mut(input as usize) {
                    (input.resources, input.sha256, input.bytes) = (template.count, sha256, bytes);
                }
                self.assessment.gaps.extend(template.gaps);
                // A template is small, and its parts refer to each other: all of it is kept.
                self.kept.resources.extend(template.resources);
            }
            Err(error) => {
                let LineColumn { line, column } = error.place;
                self.assessment.incomplete.push(format!("{name}:{line}:{column}: {}", error.what));
            }
        }
    }

    fn resource(&mut self, resource: Resource) {
        if let crate::value::Value::Text(account) = resource.account.plain()
            && !self.accounts.contains(account)
        {
            self.accounts.insert(account.clone());
        }
        let keep =
            self.run.program.projection.resources.get(&resource.kind).is_some_and(|view| view.keep);
        if keep {
            self.kept.resources.push(resource);
            return;
        }
        self.batch.resources.push(resource);
        if self.batch.resources.len() >= BATCH {
            self.flush();
        }
    }

    /// Runs the controls that look at nothing but their subject on what is not kept.
    fn flush(&mut self) {
        let mut batch = std::mem::take(&mut self.batch);
        batch.inputs.clone_from(&self.assessment.inputs);
        self.evaluate(&batch, Which::Alone);
    }

    fn evaluate(&mut self, snapshot: &Snapshot, which: Which) {
        let run = self.run;
        let mut outcomes = assess::run(&run.program, snapshot, &run.settings, which);
        judge::waive(&run.program, snapshot, &run.settings, &mut outcomes, &mut self.waived);
        self.assessment.outcomes.extend(outcomes);
    }

    fn finish(mut self) -> Assessment {
        let run = self.run;
        self.flush();
        let mut kept = std::mem::take(&mut self.kept);
        kept.inputs.clone_from(&self.assessment.inputs);
        kept.gaps.clone_from(&self.assessment.gaps);
        self.evaluate(&kept, Which::All);
        let mut assessment = self.assessment;
        let seen: u64 = assessment.inputs.iter().map(|input| input.resources).sum();
        if seen == 0 {
            assessment.incomplete.push("no resources were found in the inputs".to_owned());
        }
        assessment.now = run.settings.now;
        assessment.profile = run.profile.as_ref().map(|profile| profile.name.to_string());
        assessment.waivers = judge::waiver_states(&run.program, &run.settings, &self.waived);
        let unset = assess::unset(&run.program, &run.settings);
        assessment.conclude(&run.policies.hir, &run.program, run.profile.as_ref(), &unset);
        sort_gaps(&mut assessment.gaps);
        assessment
    }
}

fn sort_gaps(gaps: &mut [Gap]) {
    gaps.sort_by_key(|gap| (gap.input, gap.place));
}
