//! The arguments, from which help and completions are made.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Compliance as code: typed controls over snapshots of cloud resources.
#[derive(Debug, Parser)]
#[command(name = "assize", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit status of check: 0 all is well, 1 something was found, 2 it did not start, \
3 the answer is incomplete, 101 a bug.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Evaluate controls on snapshots ('-' is standard input; a folder is walked; .gz and .zst are opened)
    Check(Box<Check>),
    /// Run the tests in policies
    Test(Test),
    /// Explore snapshots
    Repl(Repl),
    /// Format policies
    Fmt(Fmt),
    /// Say what a diagnostic code means, or what a control asks
    #[command(after_help = "Examples:\n  assize explain E0302\n  assize explain encrypted_volumes")]
    Explain {
        /// A code such as E0302, or the name of a control of the library
        what: String,
    },
    /// Print a middle station of the compiler
    #[command(after_help = "Example:\n  assize dump --bytecode policies/storage.assize")]
    Dump(Dump),
    /// List what the library has
    List(List),
    /// Import or show resource schemas
    #[command(subcommand)]
    Schema(Schema),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `assize check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  assize check template.yaml
  assize check --policy policies --control 's3_*' template.yaml
  assize check --format json=report.json --format text inventory.ndjson.gz
  collect | assize check --fail-on fail,unknown -

Exit status:
  0  all is well
  1  something of --fail-on was found outside waivers and margins
  2  it did not start
  3  nothing was found, but the answer is incomplete: errors, unknowns, unreadable input, no resources")]
pub struct Check {
    /// Files or folders with snapshots; '-' is standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Evaluate for this profile
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Policies: files or folders; without, the controls of the library
    #[arg(long, value_name = "PATH")]
    pub policy: Vec<PathBuf>,
    /// Only these controls: names or globs
    #[arg(long, value_name = "NAME|GLOB")]
    pub control: Vec<String>,
    /// What the inputs are
    #[arg(long, value_enum, default_value_t = Source::Auto)]
    pub source: Source,
    /// Values of template parameters
    #[arg(long, value_name = "KEY=VALUE")]
    pub parameter: Vec<String>,
    /// Values of controls' parameters, in the language's own syntax
    #[arg(long, value_name = "CONTROL.PARAM=VALUE")]
    pub set: Vec<String>,
    /// An earlier JSON report: says what is new, still there, fixed; only what is new makes the status 1
    #[arg(long, value_name = "REPORT")]
    pub baseline: Option<PathBuf>,
    /// What people attest, as JSON: answers to what controls and requirements leave to them
    #[arg(long, value_name = "FILE")]
    pub attestations: Option<PathBuf>,
    /// The instant of the run, RFC 3339; without, now
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// text, json or jsonl; with =FILE into a file; repeatable
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "text")]
    pub format: Vec<String>,
    /// Which findings to show: text shows those that are not well, json all
    #[arg(long, value_enum)]
    pub show: Option<Show>,
    /// What makes the exit status 1
    #[arg(long, value_delimiter = ',', default_value = "fail", value_name = "VERDICTS")]
    pub fail_on: Vec<FailOn>,
    /// Exit 0 although the answer is incomplete
    #[arg(long)]
    pub allow_incomplete: bool,
    /// Threads that read and judge; as many as there are cores if not given
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Steps that a control may take on a resource
    #[arg(long, value_name = "N")]
    pub max_steps: Option<u64>,
    /// Bytes of values that a control may make on a resource
    #[arg(long, value_name = "BYTES")]
    pub max_memory: Option<u64>,
    /// Write no report for people
    #[arg(long, short)]
    pub quiet: bool,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// Kinds of inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    Auto,
    Cloudformation,
    Config,
    Inventory,
    Terraform,
}

/// Which findings to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Show {
    Failing,
    All,
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    Fail,
    Error,
    Unknown,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// `assize test`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  assize test policies\n\nExit status: 0 all passed, 1 some failed, 2 the policies do not compile."
)]
pub struct Test {
    /// Files or folders with tests; without, the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Only cases whose control or name holds this text
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// `assize repl`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  assize repl template.yaml
  assize repl --policy policies inventory.ndjson.gz
  echo ':types bucket' | assize repl

In it, `:help` lists the commands.")]
pub struct Repl {
    /// Files or folders with snapshots
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Policies: files or folders; without, the library
    #[arg(long, value_name = "PATH")]
    pub policy: Vec<PathBuf>,
    /// What the inputs are
    #[arg(long, value_enum, default_value_t = Source::Auto)]
    pub source: Source,
    /// Values of template parameters
    #[arg(long, value_name = "KEY=VALUE")]
    pub parameter: Vec<String>,
    /// The instant of all evaluations, RFC 3339; without, now
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// `assize fmt`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  assize fmt
  assize fmt --check policies
  assize fmt --diff policies/storage.assize
  assize fmt - < policy.assize

Exit status: 0 all is well, 1 something would be formatted (--check, --diff), 2 something does not parse.")]
pub struct Fmt {
    /// Files or folders with policies, '-' is standard input; without, the current folder
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; list what would be formatted
    #[arg(long, conflicts_with = "diff")]
    pub check: bool,
    /// Change nothing; show what would change
    #[arg(long)]
    pub diff: bool,
    /// Colours
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    pub color: Colour,
}

/// `assize dump`.
#[derive(Debug, clap::Args)]
pub struct Dump {
    /// The tokens
    #[arg(long, group = "stage")]
    pub tokens: bool,
    /// The tree as written
    #[arg(long, group = "stage")]
    pub ast: bool,
    /// The typed tree
    #[arg(long, group = "stage")]
    pub hir: bool,
    /// The code
    #[arg(long, group = "stage")]
    pub bytecode: bool,
    /// What is read of a snapshot
    #[arg(long, group = "stage")]
    pub projection: bool,
    /// What each control may cost: loops in each other, instructions, joins
    #[arg(long, group = "stage")]
    pub cost: bool,
    /// A policy
    pub file: PathBuf,
}

/// `assize list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  assize list profiles
  assize list requirements --of fedramp_moderate

Coverage: automated, controls decide it; manual, a person must attest it; uncovered, nothing answers it.")]
pub struct List {
    /// What to list
    #[arg(value_enum)]
    pub what: Listed,
    /// Requirements of this profile or framework only
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// Policies: files or folders; without, the library
    #[arg(long, value_name = "PATH")]
    pub policy: Vec<PathBuf>,
    /// text or json
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub format: ListFormat,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    Controls,
    Frameworks,
    Profiles,
    Requirements,
    Types,
}

/// Formats of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Text,
    Json,
}

/// `assize schema`.
#[derive(Debug, Subcommand)]
pub enum Schema {
    /// Make schema files out of CloudFormation registry schemas
    Import {
        /// A folder of registry schemas (JSON)
        folder: PathBuf,
        /// A folder of overlays
        #[arg(long)]
        overlay: Option<PathBuf>,
        /// Where to write the files; without, to standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Print the declaration of a resource type
    Show {
        /// AWS::S3::Bucket
        name: String,
    },
}
