//! The commands of the REPL: a colon and a word.

use crate::base::distance::did_you_mean;

/// A command with its arguments in words, and what it does.
pub const COMMANDS: &[(&str, &str, &str)] = &[
    (":help", "", "this list"),
    (":type", "EXPR", "the type of an expression"),
    (":json", "EXPR", "the value of an expression as JSON"),
    (":time", "EXPR", "how long an expression takes: to compile, to read and evaluate"),
    (":bytecode", "EXPR", "the code of an expression"),
    (":schema", "TYPE", "the properties of a resource type"),
    (":types", "[TEXT]", "the resource types with this in their name"),
    (":controls", "[TEXT]", "the controls with this in their name"),
    (":check", "[CONTROL]", "evaluates a control, or all, on what is loaded"),
    (":why", "CONTROL RESOURCE", "why a control says what it says of a resource"),
    (":load", "PATH", "takes in a snapshot"),
    (":inputs", "", "what is loaded"),
    (":reload", "", "reads the policies again"),
    (":defined", "", "what was defined here"),
    (":forget", "NAME", "takes a definition back"),
    (":save", "FILE", "writes the definitions into a policy file"),
    (":rows", "[N]", "how many rows of a list are shown; without a number, all"),
    (":quit", "", "ends"),
];

/// A line that is a command: its name and the rest.
///
/// # Errors
///
/// Where there is no such command.
pub fn parse(line: &str) -> Result<(&'static str, &str), String> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let known = COMMANDS.iter().find(|(name, ..)| {
        *name == word || word.len() > 1 && word.len() < 3 && name.starts_with(word)
    });
    match known {
        Some((name, ..)) => Ok((name, rest.trim())),
        None => {
            let mend = did_you_mean(word, COMMANDS.iter().map(|(name, ..)| *name));
            Err(format!("there is no command `{word}`{mend}; `:help` lists them"))
        }
    }
}

/// The list of commands.
pub fn help() -> String {
    let mut out = String::from(
        "An expression is evaluated over what is loaded: a resource type gives its resources,\n\
         `[x.id for x in TYPE where x.Property is absent]` the ids of some.\n\
         `let`, `fn`, `use`, `control` and other declarations are kept.\n\n",
    );
    for (name, args, what) in COMMANDS {
        let call = format!("{name} {args}");
        out.push_str(&format!("  {:<24}{what}\n", call.trim_end()));
    }
    out
}
