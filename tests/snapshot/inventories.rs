//! Inventories: the same, whatever pieces the bytes come in.

use assize::engine::Engine;
use assize::program::Projection;
use assize::program::projection::Attributes;
use assize::snapshot::inventory::{self, Record};
use assize::value::Step;

use super::Pieces;

/// What is read, a line each: id and place, or what is wrong and where.
fn read(text: &str, size: usize) -> Vec<String> {
    let mut projection = Projection::new();
    projection.any = Some(Attributes::default());
    let mut out = Vec::new();
    let place = |at: assize::base::LineColumn| format!("{}:{}", at.line, at.column);
    let bytes = Pieces { text: text.as_bytes(), size };
    let stopped = inventory::read(&projection, 0, bytes, |record| {
        out.push(match record {
            Record::Resource(resource) => format!("{} {}", resource.id, place(resource.place)),
            // Told once a block.
            Record::Foreign(..) => return,
            Record::Skipped(..) => "skipped".to_owned(),
            Record::Gap(gap) => format!("gap {}", place(gap.place)),
            Record::Bad(at, what) => format!("{}: {what}", place(at)),
        });
    });
    out.extend(stopped.err().map(|stopped| format!("{}: {}", place(stopped.place), stopped.what)));
    out
}

#[test]
fn pieces_change_nothing() {
    let one = r#"{"type":"T::T::T","id":"a","properties":{"x":"},{"}}"#;
    let two = r#"{"id":"é\"]","properties":{"y":[1,{}]},
  "type":"T::T::T"}"#;
    let two_line = two.replace('\n', " ");
    let gap = r#"{"gap":{"reason":"access denied"}}"#;
    for (text, wanted) in [
        (format!("{one}\n\n{two_line}\n{gap}"), &["a 1:1", "é\"] 3:1", "gap 4:1"][..]),
        (format!("\u{feff}{one}\r\n{gap}\r\n"), &["a 1:1", "gap 2:1"]),
        (format!("[{one},\n {two} , {gap}]\n"), &["a 1:2", "é\"] 2:2", "gap 3:23"]),
        ("[]".to_owned(), &[]),
        (" [ ] ".to_owned(), &[]),
        (format!("[{one}]{one}"), &["a 1:2", "1:55: text after the array"]),
        (format!("[{one},]"), &["a 1:2", "1:55: expected a resource"]),
        (format!("[,{one}]"), &["1:2: expected a resource"]),
        (format!("[{one} {one}]"), &["a 1:2", "1:55: expected `,` or `]`"]),
        (format!("[{one}"), &["a 1:2", "1:54: the array does not end: the input is cut off"]),
        (format!("[{one},"), &["a 1:2", "1:55: the array does not end: the input is cut off"]),
        ("[{\"id\":".to_owned(), &["1:2: the input is cut off within a resource"]),
    ] {
        for size in [1, 2, 3, 5, 7, 1 << 20] {
            assert_eq!(read(&text, size), wanted, "{text} in pieces of {size}");
        }
    }
}

/// A property that AWS does not give back is none that a collector can have seen to be absent.
#[test]
fn what_cannot_be_read_back_and_is_left_out_is_unknown() {
    const POLICY: &str = "
resource T::T::T identified by Id { Id: String, Seen: Bool?, Written: Bool? writeonly, Both: Bool = false writeonly }
control seen for t in T::T::T { forbid t.Seen ?? false }
control written for t in T::T::T { forbid t.Written ?? false }
control both for t in T::T::T { forbid t.Both }";
    let engine = Engine::builder().policy("own", POLICY).now("2026-11-24").unwrap();
    let engine = engine.build().unwrap();
    for (properties, wanted) in [
        (r#"{"Id":"a"}"#, ["pass", "unknown", "unknown"]),
        (r#"{"Id":"a","Seen":null,"Written":null,"Both":null}"#, ["pass", "unknown", "unknown"]),
        (r#"{"Id":"a","Seen":true,"Written":false,"Both":false}"#, ["fail", "pass", "pass"]),
    ] {
        let line = format!(r#"{{"type":"T::T::T","id":"a","properties":{properties}}}"#);
        let mut run = engine.run();
        run.inventory("inventory", line.as_bytes());
        let assessment = run.finish();
        let said: Vec<_> = assessment.outcomes.iter().map(|o| o.verdict.name()).collect();
        assert_eq!(said, wanted, "{properties}");
    }
}

/// Each element of a long list is found at its place, and the list is not looked through for each.
#[test]
fn every_element_of_a_long_list_has_its_place() {
    let items: Vec<String> = (0..20_000).map(|n| format!("{{\"n\": [{n}]}}")).collect();
    let text = format!(
        "\n  {{\"type\":\"T::T::T\",\"id\":\"a\",\"properties\":{{\"é\":[{}]}}}}\n",
        items.join(",")
    );
    let mut projection = Projection::new();
    projection.any = Some(Attributes::default());
    let mut found = 0;
    let done = inventory::read(&projection, 0, text.as_bytes(), |record| {
        let Record::Resource(resource) = record else { return };
        let line: Vec<char> = text.lines().nth(1).unwrap().chars().collect();
        for n in 0..20_000 {
            let (key, inner) = (Step::Key("é".into()), Step::Key("n".into()));
            let located = resource.source.locate(resource.text, &[key, Step::Element(n), inner]);
            assert_eq!(located.pointer, format!("/properties/é/{n}/n"));
            assert_eq!(located.place.line, 2);
            let from = located.place.column as usize - 1;
            let there: String = line[from..].iter().take(8).collect();
            assert!(there.starts_with(&format!("[{n}]")), "{n}: {there}");
            found += 1;
        }
    });
    assert!(done.is_ok() && found == 20_000);
}
