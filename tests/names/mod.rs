//! One letter wrong in any name: an error that offers the right one among at most three, unless what then
//! stands there is itself valid (these are counted).
//!
//! Every distinct name of every policy of the library, of its tests and of `policies.assize` (which has the
//! kinds of names that the library lacks) is misspelt in three ways, once for each file and kind of token.
//! `ASSIZE_ALL_NAMES=1` misspells every occurrence instead.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use assize::base::{SourceId, Sources};
use assize::check;
use assize::diagnostic::{Diagnostic, Diagnostics, Severity};
use assize::resolve::{self, MemoryLoader, Root};
use assize::syntax::lexer;
use assize::syntax::token::Token;

/// What the compiler says of a file.
fn said(module: &str, text: &str) -> Vec<Diagnostic> {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let root =
        Root { module: module.to_owned(), name: format!("{module}.assize"), text: text.to_owned() };
    let loaded = resolve::load(&[root], &MemoryLoader::default(), &mut sources, &mut sink);
    check::check(&loaded, &sources, &mut sink);
    sink.sorted().into_iter().filter(|d| d.severity == Severity::Error).cloned().collect()
}

/// A name where it stands: its bytes, and what kind of token it is.
struct Name {
    start: usize,
    end: usize,
    kind: &'static str,
}

fn names(text: &str) -> Vec<Name> {
    let mut sink = Diagnostics::new();
    let mut out = Vec::new();
    let mut sources = Sources::new();
    let id: SourceId = sources.add("names", text);
    for lexeme in lexer::lex(id, text, &mut sink) {
        let (start, end) = (lexeme.start as usize, lexeme.end as usize);
        match lexeme.token {
            Token::Name(_) => out.push(Name { start, end, kind: "name" }),
            Token::ResourceType(_) => out.push(Name { start, end, kind: "type" }),
            Token::Text(inner) if is_word(&inner) && end - start == inner.len() + 2 => {
                out.push(Name { start: start + 1, end: end - 1, kind: "text" });
            }
            _ => {}
        }
    }
    out
}

/// Text that may be an enum's value or an id.
fn is_word(text: &str) -> bool {
    text.len() > 2 && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// The name with one letter dropped, replaced, or swapped with the next one.
fn misspelt(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let at = letters.len() / 2;
    let letter = (0..letters.len())
        .map(|n| (at + n) % letters.len())
        .find(|n| letters[*n].is_ascii_alphabetic());
    let Some(at) = letter else { return Vec::new() };
    let mut dropped = letters.clone();
    dropped.remove(at);
    let mut replaced = letters.clone();
    replaced[at] = match letters[at] {
        'q' => 'k',
        'Q' => 'K',
        c if c.is_ascii_uppercase() => 'Q',
        _ => 'q',
    };
    let mut swapped = letters.clone();
    if at + 1 < letters.len()
        && letters[at + 1].is_ascii_alphabetic()
        && letters[at] != letters[at + 1]
    {
        swapped.swap(at, at + 1);
    }
    let all = [dropped, replaced, swapped];
    let all = all.into_iter().map(|letters| letters.into_iter().collect::<String>());
    all.filter(|word| word != name && !word.is_empty()).collect()
}

/// Whether an error offers the name, alone or at the end of a path, among at most three.
fn offers(said: &[Diagnostic], name: &str) -> bool {
    let is_name = |text: &str| {
        let text = text.trim_matches('"');
        text == name || text.split('.').any(|part| part == name)
    };
    said.iter().any(|diagnostic| {
        let suggested = diagnostic.suggestion.as_ref();
        let offered = diagnostic.notes.iter().filter(|note| note.starts_with("did you mean"));
        suggested.is_some_and(|suggested| is_name(&suggested.replacement))
            || offered.flat_map(|note| note.split('`').skip(1).step_by(2).take(3)).any(is_name)
    })
}

#[derive(Default)]
struct Tally {
    offered: usize,
    valid: usize,
    /// What is left is no name at all.
    no_names: usize,
    /// The misspelt name is a declaration: its uses offer the new name.
    declared: usize,
    wrong: Vec<String>,
}

fn misspell_all(module: &str, text: &str, tally: &mut Tally) {
    assert!(said(module, text).is_empty(), "{module} does not compile");
    let every = std::env::var_os("ASSIZE_ALL_NAMES").is_some();
    let mut seen = BTreeSet::new();
    // Of the library, every eighth: each mutant is a check of its module.
    let share = if module == "case_policies" || every { 1 } else { 8 };
    for name in names(text) {
        let own = &text[name.start..name.end];
        if !every && !seen.insert((own.to_owned(), name.kind)) || !seen.len().is_multiple_of(share)
        {
            continue;
        }
        for word in misspelt(own) {
            let mutant = format!("{}{word}{}", &text[..name.start], &text[name.end..]);
            let errors = said(module, &mutant);
            if errors.is_empty() {
                tally.valid += 1;
                if name.kind != "text" && std::env::var_os("ASSIZE_VALID_NAMES").is_some() {
                    println!("valid: {module}: {own} -> {word}");
                }
            } else if name.kind == "name" && errors[0].code.code == "E0101" {
                // What is left is a word of the language, or a number: the parser says what it expects.
                tally.no_names += 1;
            } else if offers(&errors, own) {
                tally.offered += 1;
            } else if offers(&errors, &word) {
                tally.declared += 1;
            } else {
                let line = text[..name.start].matches('\n').count() + 1;
                let first = &errors[0];
                let notes = first.notes.join(" / ");
                let code = first.code.code;
                tally.wrong.push(format!(
                    "{module}:{line}: {own} -> {word}: {code} {}: {notes}",
                    first.message
                ));
            }
        }
    }
}

#[test]
fn a_misspelt_name_is_an_error_that_offers_the_right_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tally = Tally::default();
    for folder in ["stdlib/aws", "stdlib/tests", "tests/names"] {
        let mut files: Vec<_> =
            fs::read_dir(root.join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|e| e == "assize")) {
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            let text = fs::read_to_string(file).unwrap();
            misspell_all(&format!("case_{stem}"), &text, &mut tally);
        }
    }
    println!(
        "{} offered, {} declarations whose uses offer the new name, {} valid, {} no names",
        tally.offered, tally.declared, tally.valid, tally.no_names
    );
    let wrong = tally.wrong.len();
    assert!(wrong == 0, "{wrong} misspellings are not mended:\n{}", tally.wrong.join("\n"));
    // `use aws.…` becomes `use as.…`, once in each file of tests; a name of one letter, nothing.
    let few = tally.offered / 50;
    assert!(tally.no_names < few, "{} misspellings are no names", tally.no_names);
    assert!(tally.offered > 1_000, "only {} names were misspelt", tally.offered);
}
