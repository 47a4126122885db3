//! The front end: tokens, trees, programs.

use std::sync::OnceLock;

use assize::base::{SourceId, Sources, Span};
use assize::diagnostic::{Diagnostics, render};
use assize::syntax::lexer::{Lexeme, lex};
use assize::syntax::token::Token;
use assize::syntax::{parse_expression, parse_module, print};

use super::run;

/// Tokens stand in order, on the borders of characters, and between them is nothing but white space, comments
/// and what a message speaks of; tokens up to where no text is open are the same where the text ends there.
pub fn lexer(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let source = SourceId(0);
    let mut sink = Diagnostics::new();
    let tokens = lex(source, text, &mut sink);
    let spans: Vec<Span> = sink.sorted().iter().map(|found| found.primary.span).collect();
    for span in &spans {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start <= end && text.get(start..end).is_some(), "{span:?}");
    }
    let mut end = 0;
    for token in &tokens {
        let (start, stop) = (token.start as usize, token.end as usize);
        assert!(start <= stop && text.get(start..stop).is_some(), "{token:?}");
        assert!(start >= end, "{token:?} begins before {end}");
        if sink.left_out() == 0 {
            said(text, end, start, &spans);
        }
        end = stop;
    }
    // Of mistakes without number not all are told; that there are more is.
    let told = sink.left_out() == 0;
    if told && !sink.sorted().iter().any(|found| found.message.contains("deep")) {
        said(text, end, text.len(), &spans);
    }
    prefixes(text, &tokens);
}

/// Between tokens stands what needs no token, or what was complained about.
fn said(text: &str, from: usize, to: usize, spans: &[Span]) {
    let mut at = from;
    let between = &text[from..to];
    for line in between.split_inclusive('\n') {
        let code = line.split("//").next().unwrap_or("");
        for (offset, c) in code.char_indices() {
            let byte = u32::try_from(at + offset).expect("a short text");
            let hides = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            let fine = c.is_ascii_whitespace()
                || hides
                || spans.iter().any(|span| (span.start..span.end).contains(&byte));
            assert!(fine, "{c:?} at {byte} was passed over in silence");
        }
        at += line.len();
    }
}

/// The text cut off after a token gives that token and those before it.
fn prefixes(text: &str, tokens: &[Lexeme]) {
    let mut open = 0u32;
    let step = tokens.len() / 24 + 1;
    for (at, lexeme) in tokens.iter().enumerate() {
        match lexeme.token {
            Token::TextStart => open += 1,
            Token::TextEnd => open = open.saturating_sub(1),
            _ => {}
        }
        if open > 0 || at % step != 0 {
            continue;
        }
        let mut sink = Diagnostics::new();
        let found = lex(SourceId(0), &text[..lexeme.end as usize], &mut sink);
        assert_eq!(found, tokens[..=at], "cut off after token {at}");
    }
}

/// The tree without its spans, as text, and the text that it prints to; `None` where something is said of it.
fn tree(text: &str) -> Option<(String, String)> {
    let mut sources = Sources::new();
    let id = sources.add("t.assize", text);
    let mut sink = Diagnostics::new();
    let module = parse_module(id, text, &mut sink);
    if !sink.is_empty() {
        assert!(!render::to_text(&sink.sorted(), &sources, false).is_empty());
        return None;
    }
    Some((without_spans(&format!("{module:?}")), print::module(&module)))
}

/// Spans are `Span { … }` with no braces in them but those of the source's number.
fn without_spans(debug: &str) -> String {
    let mut parts = debug.split("Span { ");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        out.push_str(part.split_once(" }").map_or(part, |(_, after)| after));
    }
    out
}

/// What parses prints to a text that parses to the same tree, and prints as the same text again.
pub fn parser(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut sources = Sources::new();
    let id = sources.add("t.assize", text);
    let mut sink = Diagnostics::new();
    drop(parse_expression(id, text, &mut sink));
    drop(render::to_text(&sink.sorted(), &sources, false));
    let Some((before, printed)) = tree(text) else { return };
    let Some((after, again)) = tree(&printed) else {
        panic!("what was printed is refused:\n{printed}")
    };
    assert_eq!(before, after, "another tree of\n{printed}");
    assert_eq!(printed, again, "printed again it is another text");
}

/// A text as a module: whatever the checker lets through compiles, is proved, is the same saved and loaded, and
/// runs on a small snapshot to the end.
pub fn checker(data: &[u8]) {
    static SNAPSHOT: OnceLock<run::Inputs> = OnceLock::new();
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some(engine) = run::engine_of(text) else { return };
    let inputs = SNAPSHOT.get_or_init(run::Inputs::small);
    run::is_saved_and_loaded(&engine.program);
    let said = run::assessment(&engine, inputs);
    assert_eq!(said, run::assessment(&engine, inputs), "run again it says something else");
}
