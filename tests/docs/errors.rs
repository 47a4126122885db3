//! The pages of diagnostic codes: each code has one, and its examples do what the page says.

use std::fs;
use std::path::Path;

use assize::base::Sources;
use assize::check;
use assize::diagnostic::{Diagnostics, code};
use assize::resolve::{self, MemoryLoader, Root};

/// The codes that are said of a module.
fn codes(text: &str) -> Vec<&'static str> {
    let (mut sources, mut sink) = (Sources::new(), Diagnostics::new());
    let root = Root { module: "page".into(), name: "page.assize".into(), text: text.to_owned() };
    let loaded = resolve::load(&[root], &MemoryLoader::default(), &mut sources, &mut sink);
    check::check(&loaded, &sources, &mut sink);
    sink.sorted().iter().map(|diagnostic| diagnostic.code.code).collect()
}

/// The blocks of a page: what stands behind the backticks, and the text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n')).collect()
}

/// Codes that a short example cannot show; the tests of diagnostics do.
const NO_EXAMPLE: [&str; 5] = ["E0107", "E0111", "E0203", "E0205", "E0406"];

#[test]
fn every_code_has_a_page_whose_examples_are_true() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/errors");
    let mut wrong = Vec::new();
    for known in code::ALL {
        let Ok(page) = fs::read_to_string(folder.join(format!("{}.md", known.code))) else {
            wrong.push(format!("{} has no page", known.code));
            continue;
        };
        if !page.starts_with(&format!("# {}: {}\n", known.code, known.name)) {
            wrong.push(format!("the page of {} has another title", known.code));
        }
        let mut shown = false;
        for (kind, text) in blocks(&page) {
            let said = codes(text);
            match kind {
                "assize wrong" if said.contains(&known.code) => shown = true,
                "assize wrong" => {
                    wrong.push(format!("{}: the wrong example gives {said:?}", known.code));
                }
                "assize" if said.is_empty() => {}
                other => wrong.push(format!("{}: `{other}` gives {said:?}", known.code)),
            }
        }
        if !shown && !NO_EXAMPLE.contains(&known.code) {
            wrong.push(format!("{} shows no example", known.code));
        }
    }
    let pages = fs::read_dir(folder).unwrap().count();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(pages, code::ALL.len(), "a page of a code that there is no more");
}
