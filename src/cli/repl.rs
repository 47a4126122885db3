//! `assize repl`: expressions over snapshots, in a terminal or from a pipe.

use std::fs;
use std::io::{self, BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Instant;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};

use crate::assess::Outcome;
use crate::engine::{Engine, Query, Refused, Run, pair};
use crate::program::listing::listing;
use crate::repl::complete::Names;
use crate::repl::{Asked, Session, command, is_open, json, table};
use crate::report::json::Show;
use crate::report::text;
use crate::stdlib;
use crate::value::time;

use super::args::Repl;
use super::editor::Helper;
use super::policies::{Files, find, shown, told};
use super::schema::shown_schema;
use super::{Exit, print, say, usage};
use super::{inputs, lines};

/// How many rows of a list are shown in a terminal.
const ROWS: usize = 40;

/// A session with what is loaded.
struct Explorer<'a> {
    args: &'a Repl,
    inputs: Vec<PathBuf>,
    loader: Files,
    session: Session,
    rows: Option<usize>,
    /// Whether something went wrong.
    failed: bool,
}

/// Whether the session goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    On,
    End,
}

/// Runs the command.
pub(super) fn run(args: &Repl) -> Exit {
    let terminal = io::stdin().is_terminal();
    let mut explorer = match Explorer::new(args, terminal) {
        Ok(explorer) => explorer,
        Err(problem) => return usage(&problem),
    };
    match terminal {
        true => explorer.talk(),
        false => explorer.read(),
    }
}

impl<'a> Explorer<'a> {
    fn new(args: &'a Repl, terminal: bool) -> Result<Self, String> {
        for input in &args.inputs {
            if !input.exists() {
                return Err(format!("{}: no such file or folder", shown(input)));
            }
        }
        let parameters = args
            .parameter
            .iter()
            .map(|text| pair(text, "--parameter"))
            .collect::<Result<_, _>>()?;
        let now = match &args.now {
            Some(text) => time::parse(text)
                .ok_or_else(|| format!("--now `{text}` is no time: write 2027-01-31T10:00:00Z"))?,
            None => jiff::Timestamp::now().as_microsecond(),
        };
        let found = find(&args.policy).map_err(|text| format!("--policy {text}"))?;
        let mut session = Session::new(found.roots, now, parameters);
        session.colour = super::colour(args.color, io::stderr().is_terminal());
        let rows = (terminal && io::stdout().is_terminal()).then_some(ROWS);
        let inputs = args.inputs.clone();
        Ok(Self { args, inputs, loader: found.loader, session, rows, failed: false })
    }

    /// Lines of a terminal.
    fn talk(&mut self) -> Exit {
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true);
        let editor = Editor::<Helper, FileHistory>::with_config(config.build());
        let mut editor = match editor {
            Ok(editor) => editor,
            Err(error) => return usage(&format!("the terminal cannot be used: {error}")),
        };
        let history = history();
        if let Some(path) = &history {
            let _ = editor.load_history(path);
        }
        let colour = super::colour(self.args.color, io::stdout().is_terminal());
        say(&format!("assize {}; `:help` lists the commands", env!("CARGO_PKG_VERSION")));
        loop {
            editor.set_helper(Some(Helper::new(self.names(), colour)));
            match editor.readline("> ") {
                Ok(line) => {
                    if self.line(&line) == Next::End {
                        break;
                    }
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => break,
                Err(error) => return usage(&format!("the terminal cannot be read: {error}")),
            }
        }
        if let Some(path) = &history {
            let made = path.parent().map(fs::create_dir_all);
            let saved = editor.save_history(path);
            if let (Some(Ok(())), Err(error)) = (made, saved) {
                say(&format!("note: the history is not kept: {}: {error}", shown(path)));
            }
        }
        Exit::Clean
    }

    /// Lines of a pipe: an input that is open goes on in the next line.
    fn read(&mut self) -> Exit {
        let mut pending = String::new();
        for line in io::stdin().lock().lines() {
            let line = match line {
                Ok(line) => line,
                Err(error) => return usage(&format!("standard input: {error}")),
            };
            if !pending.is_empty() {
                pending.push('\n');
            }
            pending.push_str(&line);
            if !pending.trim_start().starts_with(':')
                && is_open(&pending)
                && !pending.trim().is_empty()
            {
                continue;
            }
            if self.line(&std::mem::take(&mut pending)) == Next::End {
                return self.exit();
            }
        }
        self.line(&pending);
        self.exit()
    }

    fn exit(&self) -> Exit {
        if self.failed { Exit::Usage } else { Exit::Clean }
    }

    fn names(&self) -> Names {
        let controls = |text: &str| {
            let names = text.lines().filter_map(|line| line.strip_prefix("control "));
            let names = names.filter_map(|rest| rest.split_whitespace().next());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        Names {
            defined: self.session.defined.iter().map(|own| own.name.clone()).collect(),
            controls: self
                .session
                .policies
                .iter()
                .chain([&self.session.module()])
                .flat_map(|root| controls(&root.text))
                .collect(),
        }
    }

    /// Does what a line asks.
    fn line(&mut self, line: &str) -> Next {
        let only_comments = |line: &str| line.trim().is_empty() || line.trim().starts_with("//");
        if line.lines().all(only_comments) {
            return Next::On;
        }
        let done = match line.trim_start().starts_with(':') {
            true => command::parse(line).and_then(|(name, rest)| self.command(name, rest)),
            false => self.ask(line).map(|()| Next::On),
        };
        done.unwrap_or_else(|problem| {
            self.failed = true;
            say(&problem);
            Next::On
        })
    }

    fn ask(&mut self, text: &str) -> Result<(), String> {
        let asked = self.session.ask(text, &self.loader).map_err(|wrong| wrong.0)?;
        if let Asked::Expression(query, _) = asked {
            let answer = query.ask(|run| self.read_into(run));
            answer.incomplete.iter().for_each(|why| say(&format!("incomplete: {why}")));
            let projection = &query.program().projection;
            print(&table(projection, &answer.snapshot, &answer.value, self.rows));
        }
        Ok(())
    }

    fn read_into(&self, run: &mut Run<'_>) {
        self.inputs.iter().for_each(|path| inputs::read(run, self.args.source, path));
    }

    /// The expression, compiled, with its type.
    fn query(&mut self, text: &str) -> Result<(Box<Query>, String), String> {
        if text.is_empty() {
            return Err("an expression is wanted".to_owned());
        }
        match self.session.ask(text, &self.loader).map_err(|wrong| wrong.0)? {
            Asked::Expression(query, ty) => Ok((query, ty)),
            Asked::Defined(name) => {
                Err(format!("`{name}` is a definition; an expression is wanted"))
            }
        }
    }

    fn command(&mut self, name: &str, rest: &str) -> Result<Next, String> {
        match name {
            ":quit" => return Ok(Next::End),
            ":help" => print(&command::help()),
            ":type" => {
                let (_, ty) = self.query(rest)?;
                print(&format!("{ty}\n"))
            }
            ":json" => {
                let (query, _) = self.query(rest)?;
                let answer = query.ask(|run| self.read_into(run));
                answer.incomplete.iter().for_each(|why| say(&format!("incomplete: {why}")));
                let value = json(&query.program().projection, &answer.snapshot, &answer.value);
                print(&format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()))
            }
            ":time" => self.time(rest)?,
            ":bytecode" => {
                let (query, _) = self.query(rest)?;
                print(&listing(query.sources(), query.program()))
            }
            ":schema" => print(&shown_schema(rest)?),
            ":types" => print(&holding(stdlib::known_types(), rest)),
            ":controls" => {
                let names = self.names().controls;
                print(&holding(names.iter().map(String::as_str), rest))
            }
            ":check" => self.check(rest, None)?,
            ":why" => {
                let (control, resource) = rest
                    .split_once(char::is_whitespace)
                    .ok_or("write `:why CONTROL RESOURCE`: the resource by its id")?;
                self.check(control, Some(resource.trim()))?
            }
            ":load" => {
                let path = PathBuf::from(rest);
                if rest.is_empty() || !path.exists() {
                    return Err(format!("`{rest}`: no such file or folder"));
                }
                self.inputs.push(path);
                self.inputs()
            }
            ":inputs" => self.inputs(),
            ":reload" => {
                let found = find(&self.args.policy).map_err(|text| format!("--policy {text}"))?;
                (self.session.policies, self.loader) = (found.roots, found.loader);
                print(&format!("{} policies\n", self.session.policies.len()))
            }
            ":defined" => {
                let all = self.session.defined.iter().map(|own| format!("{}\n", own.text));
                print(&all.collect::<String>())
            }
            ":forget" => {
                let count = self.session.defined.len();
                self.session.defined.retain(|own| own.name != rest);
                if self.session.defined.len() == count {
                    return Err(format!(
                        "`{rest}` was not defined here; `:defined` lists what was"
                    ));
                }
                Exit::Clean
            }
            ":save" => self.save(rest)?,
            _ => {
                self.rows = match rest {
                    "" => None,
                    text => {
                        Some(text.parse().map_err(|_| format!("`{text}` is no number of rows"))?)
                    }
                };
                Exit::Clean
            }
        };
        Ok(Next::On)
    }

    fn inputs(&self) -> Exit {
        let names = self.inputs.iter().map(|path| format!("{}\n", shown(path)));
        print(&names.collect::<String>())
    }

    fn time(&mut self, text: &str) -> Result<Exit, String> {
        let begun = Instant::now();
        let (query, _) = self.query(text)?;
        let compiled = begun.elapsed();
        let begun = Instant::now();
        let answer = query.ask(|run| self.read_into(run));
        let asked = begun.elapsed();
        Ok(print(&format!(
            "compiled in {:.1} ms, read and evaluated in {:.1} ms, {} resources kept\n",
            compiled.as_secs_f64() * 1e3,
            asked.as_secs_f64() * 1e3,
            answer.snapshot.resources.len(),
        )))
    }

    fn save(&self, file: &str) -> Result<Exit, String> {
        if file.is_empty() {
            return Err("write `:save FILE`".to_owned());
        }
        let path = Path::new(file);
        if path.exists() {
            return Err(format!("{file} is there already"));
        }
        fs::write(path, self.session.saved()).map_err(|error| format!("{file}: {error}"))?;
        Ok(print(&format!("saved to {file}; a file has no `let`s\n")))
    }

    /// The report of a control, or of all; of one resource alone where one is named.
    fn check(&self, control: &str, resource: Option<&str>) -> Result<Exit, String> {
        let mut roots = self.session.policies.clone();
        roots.push(self.session.module());
        let controls: Vec<String> =
            (!control.is_empty()).then(|| control.to_owned()).into_iter().collect();
        let engine = Engine::builder()
            .policies(roots)
            .loader(&self.loader)
            .controls(&controls)
            .parameters(self.session.parameters.clone())
            .at(self.session.now)
            .build();
        let engine = engine.map_err(|refused| match refused {
            Refused::Policies(refused) => told(&refused, self.args.color),
            Refused::Setting(what) => what,
        })?;
        let mut run = engine.run();
        self.read_into(&mut run);
        let mut assessment = run.finish();
        let mut show = Show::Failing;
        if let Some(id) = resource {
            assessment.outcomes.retain(|outcome: &Outcome| *outcome.id == *id);
            if assessment.outcomes.is_empty() {
                return Err(format!("`{control}` does not speak of a resource `{id}`"));
            }
            show = Show::All;
        }
        let reported = engine.reported(&assessment);
        let colour = super::colour(self.args.color, io::stdout().is_terminal());
        Ok(print(&text::render(&reported, &lines::FileLines::default(), show, colour)))
    }
}

/// The names with this text in them, a line each.
fn holding<'n>(names: impl Iterator<Item = &'n str>, text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let mut found: Vec<&str> =
        names.filter(|name| name.to_ascii_lowercase().contains(&text)).collect();
    found.sort_unstable();
    found.push("");
    found.join("\n")
}

/// Where what was typed is kept from one session to the next.
fn history() -> Option<PathBuf> {
    let folder =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state =
        folder("XDG_STATE_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("assize/history"))
}
