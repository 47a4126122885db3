//! `assize explain`: what a code means, what a control asks.

use std::fmt::Write;

use crate::base::distance::did_you_mean;
use crate::diagnostic::code;

use super::args::Colour;
use super::policies::load_controls;
use super::{Exit, print, say, usage};

/// The pages of the codes, by code.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// Runs the command.
pub(super) fn run(what: &str) -> Exit {
    if let Some(code) = code::find(what) {
        let page = PAGES.iter().find(|(known, _)| *known == code.code).map(|(_, page)| *page);
        return match page {
            Some(page) => print(page),
            None => print(&format!("{}: {}\n", code.code, code.name)),
        };
    }
    let policies = match load_controls(Colour::Auto) {
        Ok(policies) => policies,
        Err(text) => {
            say(&text);
            return Exit::Usage;
        }
    };
    let wanted = what.rsplit('.').next().unwrap_or(what);
    let Some(control) = policies.hir.controls.iter().find(|control| *control.name == *wanted)
    else {
        let names = policies.hir.controls.iter().map(|control| control.name.as_str());
        let mend = did_you_mean(what, names.chain(code::ALL.iter().map(|code| code.code)));
        return usage(&format!("`{what}` is neither a code nor a control of the library{mend}"));
    };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}.{}  [{}]\n{}\n",
        control.module,
        control.name,
        control.severity.name(),
        control.title
    );
    let docs = control.docs.trim();
    if docs.trim_end_matches('.') != control.title {
        let _ = writeln!(out, "{docs}");
    }
    if let Some(remedy) = &control.remedy {
        let _ = writeln!(out, "\nRemedy: {remedy}");
    }
    for see in &control.see {
        let _ = writeln!(out, "See: {see}");
    }
    print(&out)
}
