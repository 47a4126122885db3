//! The formatter: what it gives is formatted, says the same, and has every comment.

use std::fs;
use std::path::{Path, PathBuf};

use assize::base::Sources;
use assize::diagnostic::{Diagnostics, render};
use assize::syntax::format::format;
use assize::syntax::lexer::lex;
use assize::syntax::print;

use crate::oracle::Writer;

fn formatted(text: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("test.assize", text);
    let mut sink = Diagnostics::new();
    let done = format(id, text, &mut sink);
    done.unwrap_or_else(|| panic!("{}\n{text}", render::to_text(&sink.sorted(), &sources, false)))
}

/// The comments that are no doc comments, in order.
fn comments(text: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let id = sources.add("test.assize", text);
    let mut out = Vec::new();
    let mut from = 0;
    let tokens = lex(id, text, &mut Diagnostics::new());
    let ends = tokens.iter().map(|token| (token.start as usize, token.end as usize));
    for (start, end) in ends.chain([(text.len(), text.len())]) {
        let between = text[from..start].lines().map(str::trim);
        out.extend(between.filter(|line| line.starts_with("//")).map(str::to_owned));
        from = end;
    }
    out
}

/// Formats the text, and holds it to what a formatter promises.
fn held(text: &str) -> String {
    let once = formatted(text);
    assert_eq!(formatted(&once), once, "formatted twice:\n{text}");
    let (before, after) = (super::parse(text).0, super::parse(&once).0);
    assert_eq!(print::module(&after), print::module(&before), "{text}");
    assert_eq!(comments(&once), comments(text), "{text}\n---\n{once}");
    once
}

fn policies(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(policies(&path));
        } else if path.extension().is_some_and(|e| e == "assize") {
            out.push(path);
        }
    }
    out.sort();
    out
}

#[test]
fn what_we_ship_is_formatted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = policies(&root.join("stdlib"));
    files.extend(policies(&root.join("policies")));
    assert!(files.len() > 100);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let formatted = held(&text);
        let other = text.lines().zip(formatted.lines()).find(|(is, should)| is != should);
        assert_eq!(other, None, "{}: run `assize fmt`", file.display());
        assert!(text == formatted, "{}: run `assize fmt`", file.display());
    }
}

#[test]
fn the_examples_of_the_design_keep_what_they_say() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    if super::super::shared_or_left_out(&shared) {
        for file in policies(&shared.join("design/examples")) {
            held(&fs::read_to_string(file).unwrap());
        }
    }
}

/// A generator of numbers that is the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The same tokens with other space between them, lines broken anywhere, and comments.
fn mangled(text: &str, dice: &mut Dice) -> String {
    let mut sources = Sources::new();
    let id = sources.add("test.assize", text);
    let tokens = lex(id, text, &mut Diagnostics::new());
    let mut out = String::new();
    let (mut strings, mut end) = (0u32, 0);
    for token in tokens {
        let start = token.start as usize;
        if strings > 0 {
            out.push_str(&text[end..start]);
        } else {
            let apart = start > end;
            match dice.roll(12) {
                0 => out.push_str("\n\n\n  "),
                1 | 2 => out.push('\n'),
                3 => out.push_str(&format!(" // note {}\n", dice.roll(100))),
                4 => out.push_str(&format!("\n  // a line {}  \n", dice.roll(100))),
                _ if apart => out.push_str(if dice.roll(2) == 0 { " " } else { "   " }),
                _ => {}
            }
        }
        end = token.end as usize;
        out.push_str(&text[start..end]);
        match token.token {
            assize::syntax::token::Token::TextStart => strings += 1,
            assize::syntax::token::Token::TextEnd => strings -= 1,
            assize::syntax::token::Token::Doc(_) | assize::syntax::token::Token::ModuleDoc(_) => {
                out.push('\n');
            }
            _ => {}
        }
    }
    out
}

/// `ASSIZE_PROGRAMS` says how many.
#[test]
fn random_programs_keep_what_they_say() {
    let count = std::env::var("ASSIZE_PROGRAMS").map_or(600, |n| n.parse().unwrap());
    let mut dice = Dice(7);
    let mut lines = 0;
    for _ in 0..count {
        let bytes: Vec<u8> = (0..1500).map(|_| u8::try_from(dice.roll(256)).unwrap()).collect();
        let program = Writer::new(&bytes, false).module();
        let mangled = mangled(&program, &mut dice);
        lines += held(&mangled).lines().count();
        held(&program);
    }
    assert!(lines > count * 10);
}

#[test]
fn a_text_in_no_style_gets_one() {
    let text = "//! A module.\nuse  net.{ is_world ,}\nparam a:Int=-1 // one\nparam b : [String]= [\"x\",\n\"y\"]\n\
        /// Doc.\ncontrol c for v in AWS::EC2::Volume{\n\n title \"t\"\n   let m :{String}?=v.tags\n// why\n\
        require (v.Encrypted??false) and f( a )\n or v.Size<3 else \"{v.id}  no\"\n\
        each x in [ 1,2 ,] where x>- 1 {require x==1}\n\n}\n\nfn f(n:Int,)->Bool={n:n}.n>0\n";
    let wanted = r#"//! A module.

use net.{is_world}

param a: Int = -1 // one

param b: [String] = ["x",
    "y"]

/// Doc.
control c for v in AWS::EC2::Volume {
    title "t"
    let m: {String}? = v.tags
    // why
    require (v.Encrypted ?? false) and f(a)
            or v.Size < 3
        else "{v.id}  no"
    each x in [1, 2] where x > -1 { require x == 1 }
}

fn f(n: Int) -> Bool = { n: n }.n > 0
"#;
    let text = text.replace("v.Size<3 else", "v.Size<3\nelse");
    assert_eq!(held(&text), wanted);
}

#[test]
fn what_does_not_parse_is_left_alone() {
    let mut sources = Sources::new();
    let text = "control c { require }";
    let id = sources.add("test.assize", text);
    let mut sink = Diagnostics::new();
    assert_eq!(format(id, text, &mut sink), None);
    assert!(!sink.is_empty());
}
