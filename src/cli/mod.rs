//! The command line: one file a subcommand. The only place that reads files, the environment and the
//! clock.
#![expect(clippy::disallowed_methods, reason = "I/O lives here")]

mod args;
mod attestations;
mod check;
mod dump;
mod editor;
mod explain;
mod fmt;
mod inputs;
mod lines;
mod list;
mod policies;
mod repl;
mod schema;
mod test;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

use crate::snapshot::document::yaml;

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing found.
    Clean,
    /// Something found, or a test failed.
    Found,
    /// It did not start.
    Usage,
    /// The answer is incomplete.
    Incomplete,
}

/// Runs the program with the process' arguments.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        if info.location().is_some_and(yaml::catches) {
            return;
        }
        let _ = writeln!(
            std::io::stderr(),
            "assize: internal error: {info}\nThis is a bug of assize, not of your input: please report it."
        );
    }));
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let run = std::thread::Builder::new().stack_size(64 << 20).spawn(move || run(args));
    let exit = match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit,
        Ok(Err(_)) => return ExitCode::from(101),
        Err(_) => return ExitCode::from(2),
    };
    ExitCode::from(match exit {
        Exit::Clean => 0,
        Exit::Found => 1,
        Exit::Usage => 2,
        Exit::Incomplete => 3,
    })
}

fn run(args: Args) -> Exit {
    match args.command {
        Command::Check(check) => check::run(&check),
        Command::Test(test) => test::run(&test),
        Command::Repl(repl) => repl::run(&repl),
        Command::Fmt(fmt) => fmt::run(&fmt),
        Command::Explain { what } => explain::run(&what),
        Command::Dump(dump) => dump::run(&dump),
        Command::List(list) => list::run(&list),
        Command::Schema(schema) => schema::run(&schema),
        Command::Completions { shell } => {
            let mut command = <Args as clap::CommandFactory>::command();
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut command, "assize", &mut out);
            print(&String::from_utf8_lossy(&out))
        }
    }
}

/// Writes to standard output; a closed pipe ends the program quietly, as the shell would.
fn print(text: &str) -> Exit {
    print_by(&|out| out.write_all(text.as_bytes()))
}

/// Makes a text, on a writer.
type Make<'m> = dyn Fn(&mut dyn Write) -> std::io::Result<()> + 'm;

/// Prints a text as it is made.
fn print_by(make: &Make<'_>) -> Exit {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    match make(&mut out).and_then(|()| out.flush()) {
        Ok(()) => Exit::Clean,
        #[expect(clippy::exit, reason = "nobody reads what would come")]
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(141),
        Err(error) => usage(&format!("standard output cannot be written: {error}")),
    }
}

/// Says something on standard error.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says what is wrong with the call.
fn usage(text: &str) -> Exit {
    say(&format!("error: {text}"));
    Exit::Usage
}

/// Whether to colour what goes to a stream that is, or is not, a terminal.
fn colour(choice: args::Colour, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        args::Colour::Always => true,
        args::Colour::Never => false,
        args::Colour::Auto if set("NO_COLOR") => false,
        args::Colour::Auto if set("FORCE_COLOR") => true,
        args::Colour::Auto => terminal,
    }
}
