//! Text to tree.

/// Formatted, same tree.
mod format;
/// Print, parse, same tree.
mod round_trip;

use std::fs;
use std::path::Path;

use assize::base::Sources;
use assize::diagnostic::{Diagnostics, render};
use assize::syntax::ast::{ExprKind, Module};
use assize::syntax::{parse_expression, parse_module};

fn parse(text: &str) -> (Module, String) {
    let mut sources = Sources::new();
    let id = sources.add("test.assize", text);
    let mut sink = Diagnostics::new();
    let module = parse_module(id, text, &mut sink);
    (module, render::to_text(&sink.sorted(), &sources, false))
}

#[test]
fn the_examples_of_the_design_parse() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if !super::shared_or_left_out(&shared) {
        return;
    }
    let mut files: Vec<_> =
        fs::read_dir(shared.join("design/examples")).unwrap().map(|e| e.unwrap().path()).collect();
    files.push(shared.join("bench/policies/controls.assize"));
    files.retain(|file| file.extension().is_some_and(|e| e == "assize"));
    assert!(files.len() >= 5);
    for file in files {
        let (module, messages) = parse(&fs::read_to_string(&file).unwrap());
        assert_eq!(messages, "", "{}", file.display());
        assert!(!module.items.is_empty());
    }
}

#[test]
fn the_library_parses() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "assize") {
                let (_, messages) = parse(&fs::read_to_string(&path).unwrap());
                assert_eq!(messages, "", "{}", path.display());
            }
        }
    }
}

#[test]
fn deep_nesting_is_refused_on_a_small_stack() {
    let openers = ["(", "[", "{", "not ", "- ", "\"{", "if ", "any x in ", "f(", "{ a: "];
    let chains = [" + a", ".b", " ?? a", " implies a", "[0]", "(1)", " -> AWS::S3::Bucket"];
    let mut texts: Vec<String> = openers.iter().map(|o| o.repeat(40_000 / o.len())).collect();
    texts.extend(chains.iter().map(|c| format!("a{}", c.repeat(10_000))));
    let run = move || {
        for text in texts {
            let mut sink = Diagnostics::new();
            let mut sources = Sources::new();
            let id = sources.add("deep", &text);
            drop(parse_expression(id, &text, &mut sink));
            drop(parse_module(id, &format!("control c {{ require {text} }}"), &mut sink));
            assert!(sink.has_errors());
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

/// What a program would count in more than 16 bits is refused before it is one.
#[test]
fn long_declarations_are_refused() {
    let texts = [
        format!("control c {{ require 1 in [{}] }}", "1, ".repeat(40_000)),
        format!("control c {{ {} }}", "let a = 1\n".repeat(20_000)),
        format!("param p: String = \"{}\"", "{a}".repeat(30_000)),
    ];
    for text in texts {
        let (_, messages) = parse(&text);
        assert!(messages.contains("E0111"), "{}", messages.get(..300).unwrap_or(&messages));
    }
    let (module, messages) = parse(&"param p: [Int] = [1, 2, 3]\n".repeat(10_000));
    assert_eq!((module.items.len(), &*messages), (10_000, ""));
}

/// A text of nothing but mistakes is refused at once, with the first of them.
#[test]
fn mistakes_without_number_are_not_all_told() {
    let (_, messages) = parse(&"$ ".repeat(100_000));
    assert!(messages.len() < 100_000, "{} bytes", messages.len());
    assert!(messages.contains("at test.assize:1:3, in a long line"), "{messages}");
    let refused = assize::engine::Policies::check(
        vec![assize::resolve::Root {
            module: "m".to_owned(),
            name: "m.assize".to_owned(),
            text: "$\n".repeat(1_000),
        }],
        &assize::resolve::MemoryLoader::default(),
    );
    let text = refused.unwrap_err().render(false);
    assert!(text.ends_with("\nand 800 more\n"), "{text}");
}

#[test]
fn long_conditions_are_not_deep() {
    let text = format!("a{}", " and a".repeat(5_000));
    let mut sink = Diagnostics::new();
    let mut sources = Sources::new();
    let id = sources.add("long", &text);
    let expr = parse_expression(id, &text, &mut sink);
    assert!(!sink.has_errors());
    assert!(matches!(expr.kind, ExprKind::Logic(_, operands) if operands.len() == 5_001));
}

#[test]
fn one_run_reports_many_errors() {
    let (module, messages) = parse(
        "control a for x in AWS::S3::Bucket {\n  requre x.y\n  require z == null\n  let = 3\n  require true\n}\n\
         control b { require 1 < 2 < 3 && true }\n",
    );
    assert_eq!(module.items.len(), 2, "{messages}");
    for code in ["E0101", "E0108", "E0110"] {
        assert!(messages.contains(code), "{code} is missing in\n{messages}");
    }
    assert!(messages.contains("did you mean `require`"), "{messages}");
}
