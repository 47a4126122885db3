//! Programs as bytes: saved once, loaded where no front end is wanted.
//!
//! A first line with a mark and the version of the form, then the program as JSON. A program of another
//! version is refused, never guessed at; what is loaded is proved as what was compiled is.

use std::fmt;

use super::Program;
use super::verify::{Flaw, verify};

/// Begins every saved program; the version and a line end follow.
const MARK: &[u8] = b"ASSIZE PROGRAM ";

/// The version of the form: it changes whenever an instruction, a table or an encoding does.
pub const VERSION: u32 = 4;

/// Why bytes are no program to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// They do not begin as a saved program does.
    NoProgram,
    /// They were saved by another version; this is theirs.
    OtherVersion(u32),
    /// They are cut off or damaged.
    Damaged(String),
    /// What they say is no sound program.
    Flawed(Flaw),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => f.write_str("this is no saved program"),
            Self::OtherVersion(version) => {
                write!(
                    f,
                    "the program was saved in form {version}, and this is form {VERSION}: compile it anew"
                )
            }
            Self::Damaged(why) => write!(f, "the saved program is damaged: {why}"),
            Self::Flawed(flaw) => write!(f, "the saved program is not sound: {}", flaw.what),
        }
    }
}

impl std::error::Error for LoadError {}

/// The program as bytes.
///
/// # Errors
///
/// Where a value cannot be written; none that a compiler makes.
pub fn save(program: &Program) -> Result<Vec<u8>, LoadError> {
    let damaged = |error: serde_json::Error| LoadError::Damaged(error.to_string());
    let mut out = MARK.to_vec();
    out.extend(VERSION.to_string().bytes());
    out.push(b'\n');
    serde_json::to_writer(&mut out, program).map_err(damaged)?;
    Ok(out)
}

/// The program that these bytes hold, proved.
///
/// # Errors
///
/// Where they hold none, or one of another version, or are damaged.
pub fn load(bytes: &[u8]) -> Result<Program, LoadError> {
    let rest = bytes.strip_prefix(MARK).ok_or(LoadError::NoProgram)?;
    let line = rest.iter().position(|byte| *byte == b'\n').ok_or(LoadError::NoProgram)?;
    let (version, body) = rest.split_at(line);
    let version = std::str::from_utf8(version).ok().and_then(|text| text.parse().ok());
    match version {
        Some(VERSION) => {}
        Some(other) => return Err(LoadError::OtherVersion(other)),
        None => return Err(LoadError::NoProgram),
    }
    let damaged = |error: serde_json::Error| LoadError::Damaged(error.to_string());
    let program = serde_json::from_slice::<Program>(body).map_err(damaged)?;
    verify(&program).map_err(LoadError::Flawed)?;
    Ok(program)
}

/// The names of standard functions, found again in the library.
pub(super) mod builtins {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::builtins::find;

    pub(crate) fn serialize<S: Serializer>(
        ids: &[&'static str],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        ids.serialize(out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<&'static str>, D::Error> {
        let ids = Vec::<String>::deserialize(from)?;
        let known = |id: &String| {
            let missing = || D::Error::custom(format!("there is no standard function `{id}`"));
            find(id).map(|builtin| builtin.id).ok_or_else(missing)
        };
        ids.iter().map(known).collect()
    }
}

/// The layouts of the records that standard functions make.
pub(super) mod builtin_layouts {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::builtins::records;
    use crate::value::LayoutId;

    pub(crate) fn serialize<S: Serializer>(
        all: &[(&'static str, LayoutId)],
        out: S,
    ) -> Result<S::Ok, S::Error> {
        all.serialize(out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<(&'static str, LayoutId)>, D::Error> {
        let all = Vec::<(String, LayoutId)>::deserialize(from)?;
        let known = |(name, layout): &(String, LayoutId)| {
            let missing = || D::Error::custom(format!("there is no standard record `{name}`"));
            let found = records().find(|record| record.name == name);
            found.map(|record| (record.name, *layout)).ok_or_else(missing)
        };
        all.iter().map(known).collect()
    }
}

/// The words for severities.
pub(super) mod severity {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    const WORDS: [&str; 5] = ["info", "low", "medium", "high", "critical"];

    pub(crate) fn serialize<S: Serializer>(word: &&'static str, out: S) -> Result<S::Ok, S::Error> {
        word.serialize(out)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<&'static str, D::Error> {
        let word = String::deserialize(from)?;
        let missing = || D::Error::custom(format!("there is no severity `{word}`"));
        WORDS.iter().copied().find(|known| **known == *word).ok_or_else(missing)
    }
}
