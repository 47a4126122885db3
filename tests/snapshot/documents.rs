//! Located documents: what is read, where it stands, what is refused and with which place.

use assize::base::source::SourceFile;
use assize::snapshot::document::{
    Document, Kind, NodeId, Pointers, ReadError, Resolved, json, read, yaml,
};

fn yaml_of(text: &str) -> Result<Document, ReadError> {
    yaml::read(SourceFile::new("t.yaml", text))
}

fn json_of(text: &str) -> Result<Document, ReadError> {
    json::read(SourceFile::new("t.json", text))
}

/// The tree in one line: tags before, maps in braces, text in quotes.
fn show(document: &Document, id: NodeId) -> String {
    let node = document.node(id).unwrap();
    let tag = node.tag.as_ref().map_or(String::new(), |tag| format!("{tag} "));
    let inner = match &node.kind {
        Kind::Scalar(scalar) => match scalar.resolved {
            Resolved::Null => "null".to_owned(),
            Resolved::Bool(on) => on.to_string(),
            Resolved::Int(n) => n.to_string(),
            Resolved::Float(x) => format!("{x}f"),
            Resolved::TooLarge => format!("large {}", scalar.text),
            Resolved::Text => format!("{:?}", &*scalar.text),
        },
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(|item| show(document, *item)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(k, e)| format!("{k}: {}", show(document, e.value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
    };
    tag + &inner
}

fn shown(text: &str) -> String {
    let document = yaml_of(text).unwrap();
    show(&document, document.root)
}

fn refused(result: Result<Document, ReadError>) -> String {
    let error = result.unwrap_err();
    format!("{}:{}: {}", error.place.line, error.place.column, error.message)
}

#[test]
fn yaml_trees() {
    for (text, wanted) in [
        ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{a: 1, b: ["x", "y", "z"]}"#),
        (
            "a: !Ref X\nb: !GetAtt [A, B]\nc: !If\n  - C\n",
            r#"{a: !Ref "X", b: !GetAtt ["A", "B"], c: !If ["C"]}"#,
        ),
        ("a: !Sub\n  x: y\n", r#"{a: !Sub {x: "y"}}"#),
        (
            "a: 0755\nb: 123456789012\nc: 1.10\nd: No\ne: 2012-10-17\nf: 'no'\n",
            r#"{a: "0755", b: 123456789012, c: 1.1f, d: false, e: "2012-10-17", f: "no"}"#,
        ),
        ("a: !!str 5\nb: !!int '5'\nc: ! x\n", r#"{a: "5", b: 5, c: "x"}"#),
        ("1: a\ntrue: b\nnull: c\n", r#"{1: "a", true: "b", null: "c"}"#),
        ("a: &x {b: 1}\nc: *x\n", "{a: {b: 1}, c: {b: 1}}"),
        ("a: &x {b: 1, c: 2}\nd: {<<: *x, b: 3}\n", "{a: {b: 1, c: 2}, d: {b: 3, c: 2}}"),
        (
            "a: &x {b: 1}\ne: &y {b: 2, c: 3}\nd:\n  <<: [*x, *y]\n  f: 4\n",
            "{a: {b: 1}, e: {b: 2, c: 3}, d: {f: 4, b: 1, c: 3}}",
        ),
        ("a:\r\n  - b\r\n", r#"{a: ["b"]}"#),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", r#"{a: "x\ny\n", b: "x y"}"#),
        ("--- {a: ~}\n...\n", "{a: null}"),
        ("a:\n", "{a: null}"),
        // libyaml takes a quoted text whose second line is indented less than its key
        ("a:\n  b: 'x\n y'\n", r#"{a: {b: "x y"}}"#),
        // JSON with a comma too many
        ("{\"a\": [1, 2,],}", "{a: [1, 2]}"),
    ] {
        assert_eq!(shown(text), wanted, "{text}");
    }
}

#[test]
fn yaml_that_is_refused() {
    for (text, wanted) in [
        ("a: 1\n---\nb: 2\n", "2:1: a second document in one file"),
        ("", "1:1: the document is empty"),
        ("# nothing\n", "1:1: the document is empty"),
        ("a: *x\n", "1:4: alias `*x` has no anchor before it"),
        ("a: &x [*x]\n", "1:8: alias `*x` stands within its own anchor"),
        ("{a: b}: c\n", "1:1: a list or a map as a key"),
        ("a: b: c\n", "1:5: mapping values are not allowed in this context"),
        ("é: \"x\n", "2:1: found unexpected end of stream, while scanning a quoted scalar"),
        ("a: b\u{7}\n", "1:5: character `\\u{7}` is not allowed in YAML"),
        ("a: 1\nb:\n  <<: 5\n", "3:3: `<<` merges a map or a list of maps only"),
    ] {
        assert_eq!(refused(yaml_of(text)), wanted, "{text}");
    }
    let rendered = yaml_of("a:\n  {% if x %}\n  b: 1\n").unwrap_err();
    assert!(rendered.hint.unwrap().contains("render it first"));
}

#[test]
fn json_trees() {
    for (text, wanted) in [
        (
            r#"{"a": [1, -2.5, 1e3, true, null, "é\n\u00e9\ud834\udd1e\/"]}"#,
            "{a: [1, -2.5f, 1000f, true, null, \"é\\né𝄞/\"]}",
        ),
        ("[]", "[]"),
        (" {} ", "{}"),
        (
            "[9223372036854775807, -9223372036854775808, 9223372036854775808]",
            "[9223372036854775807, -9223372036854775808, large 9223372036854775808]",
        ),
        (r#"{"": {"<<": 1}}"#, "{: {<<: 1}}"),
    ] {
        let document = json_of(text).unwrap();
        assert_eq!(show(&document, document.root), wanted, "{text}");
    }
}

#[test]
fn json_that_is_refused() {
    for (text, wanted) in [
        ("", "1:1: expected a value, found the end of the text"),
        ("{\"a\": 1", "1:8: expected `,` or `}`, found the end of the text"),
        ("[1,]", "1:4: expected a value, found `]`"),
        ("{\"a\": 1,}", "1:9: expected a key in double quotes, found `}`"),
        ("{a: 1}", "1:2: expected a key in double quotes, found `a`"),
        ("{\"a\" 1}", "1:6: expected `:`, found `1`"),
        ("[1 2]", "1:4: expected `,` or `]`, found `2`"),
        ("{}\n x", "2:2: text after the end of the JSON value"),
        ("[01]", "1:2: `01` is no JSON number"),
        ("[1.]", "1:2: `1.` is no JSON number"),
        ("[-]", "1:2: `-` is no JSON number"),
        ("[1e]", "1:2: `1e` is no JSON number"),
        ("[\"a\\x\"]", "1:4: unknown escape `\\\\x`"),
        ("[\"\\u12\"]", "1:3: `\\u` wants four hexadecimal digits"),
        ("[\"\\ud834\"]", "1:3: half a surrogate pair"),
        ("[\"\\udd1e\"]", "1:3: half a surrogate pair"),
        ("[\"\\ud834\\u0041\"]", "1:3: half a surrogate pair"),
        ("[\"é\n\"]", "1:4: control character in a string"),
        ("[\n\"abc]", "2:1: string without its closing quote"),
        ("[nul]", "1:2: expected a value, found `n`"),
        ("[NaN]", "1:2: expected a value, found `N`"),
    ] {
        assert_eq!(refused(json_of(text)), wanted, "{text}");
    }
}

#[test]
fn duplicate_keys_are_kept_with_both_places() {
    for document in [json_of("{\"a\": {\"b\": 1,\n \"b\": 2}}"), yaml_of("a:\n  b: 1\n  b: 2\n")] {
        let document = document.unwrap();
        let twice = &document.duplicates[0];
        assert_eq!(&*twice.key, "b");
        assert_eq!(show(&document, document.root), "{a: {b: 1}}");
        let (first, second) =
            (document.file.line_column(twice.first), document.file.line_column(twice.second));
        assert_eq!(second.line, first.line + 1);
        assert_eq!(document.duplicate_below(document.root), Some(twice));
    }
}

#[test]
fn bombs_are_refused_by_count() {
    let count = 20_000;
    for unit in ["{", "? ", "? - "] {
        let error = yaml_of(&unit.repeat(count)).unwrap_err();
        assert_eq!(error.message, "a list or a map as a key", "{unit}");
    }
    for unit in ["[", "- ", "{a: ", "[a, ", "- - "] {
        let error = yaml_of(&unit.repeat(count)).unwrap_err();
        assert_eq!(error.message, "nested more than 128 levels deep", "{unit}");
    }
    for unit in ["[", "{\"a\":"] {
        let error = json_of(&unit.repeat(count)).unwrap_err();
        assert_eq!(error.message, "nested more than 128 levels deep", "{unit}");
    }
    assert!(json_of(&("[".repeat(128) + &"]".repeat(128))).is_ok());
    assert!(json_of(&("[".repeat(129) + &"]".repeat(129))).is_err());
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inner = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    let error = yaml_of(&bomb).unwrap_err();
    assert!(error.message.starts_with("aliases stand for more than"), "{}", error.message);
    let mut deep = "a0: &a0 [x]\n".to_owned();
    for level in 1..140 {
        deep.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(yaml_of(&deep).unwrap_err().message, "nested more than 128 levels deep");
}

#[test]
fn what_trips_the_scanner_is_an_error_not_a_crash() {
    for text in ["\"a\\", "[\"x\\", "'a", "%TAG", "a: !<", "!", "&", "*", "|", "a: >", "\u{85}"] {
        let _ = yaml_of(text);
    }
}

#[test]
fn json_that_is_none_is_read_as_yaml_else_its_own_error_stands() {
    let good = read(SourceFile::new("t.template", "{\"a\": [1,],}")).unwrap();
    assert_eq!(show(&good, good.root), "{a: [1]}");
    let bad = read(SourceFile::new("t.json", "{\"a\": [1}")).unwrap_err();
    assert_eq!(bad.message, "expected `,` or `]`, found `}`");
}

#[test]
fn pointers_name_the_way_with_functions_in_their_long_form() {
    let document = yaml_of("a/b:\n  - !If [c, {d~: 1}]\n").unwrap();
    let item = document.list(document.get(document.root, "a/b").unwrap()).unwrap()[0];
    let inner = document.get(document.list(item).unwrap()[1], "d~").unwrap();
    let pointer = Pointers::new(&document).pointer(inner, |id| {
        document.node(id)?.tag.as_ref().map(|tag| format!("Fn::{}", &tag[1..]))
    });
    assert_eq!(pointer, "/a~1b/0/Fn::If/1/d~0");
    assert_eq!(document.place(inner).line, 2);
    assert_eq!(document.place(inner).column, 18);
}
