//! What is JSON and what is not, case by case, and near every case: what the readers accept, and the values that they
//! read, are those of serde_json. The deviations are the last list.

use assize::snapshot::scan::Cursor;
use assize::value::json::parse;

use crate::fuzz::targets;

/// Texts that are JSON.
const ACCEPTED: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "1",
    "-1",
    "10",
    "1234567890",
    "0.0",
    "-0.0",
    "1.5",
    "-1.5",
    "1e5",
    "1E5",
    "1e+5",
    "1e-5",
    "1.5e10",
    "0e0",
    "0E-0",
    "123e65",
    "9223372036854775807",
    "-9223372036854775808",
    "1.7976931348623157e308",
    "5e-324",
    "\"\"",
    "\"a\"",
    "\"\\\"\"",
    "\"\\\\\"",
    "\"\\/\"",
    "\"\\b\\f\\n\\r\\t\"",
    "\"\\u0041\"",
    "\"\\u00e9\"",
    "\"\\uD834\\uDD1E\"",
    "\"\\ud834\\udd1e\"",
    "\"\\u0000\"",
    "\"\\uffff\"",
    "\"é\"",
    "\"€\"",
    "\"𝄞\"",
    "\"\u{7f}\"",
    "\"\u{2028}\u{2029}\"",
    "\" \"",
    "\"/\"",
    "\"0123456789abcdef\"",
    "\"0123456789abcde\\n\"",
    "\"0123456789abcdefg\\u0041\"",
    "\"a long text, longer than two blocks of sixteen bytes\"",
    "[]",
    "[ ]",
    "[1]",
    "[1,2]",
    "[1 , 2]",
    "[[]]",
    "[[],[]]",
    "[{}]",
    "[null,true,false,1,\"\"]",
    "{}",
    "{ }",
    "{\"a\":1}",
    "{\"a\":1,\"b\":2}",
    "{\"a\" : 1 , \"b\" : 2}",
    "{\"\":0}",
    "{\"a\":{}}",
    "{\"a\":{\"b\":{\"c\":[]}}}",
    "{\"a\\u0062\":1}",
    "{\"a\":[{\"b\":[1,{\"c\":null}]}]}",
    " 1",
    "1 ",
    "\t1\n",
    "\r\n{\r\n}\r\n",
    " \n\t\r[ \n\t\r1 \n\t\r, \n\t\r2 \n\t\r] \n\t\r",
    "{\n  \"a\": [\n    1\n  ]\n}\n",
    "{\"a\":\"}\",\"b\":\"]\"}",
    "[\"[\",\"{\",\"\\\\\"]",
    "\"\\u005C\"",
    "\"\\\\u005c\"",
    "[\"\\\\\",\"\\\"\"]",
];

/// Texts that are not.
const REFUSED: &[&str] = &[
    "",
    " ",
    "\n",
    "nul",
    "nulll",
    "NULL",
    "True",
    "tru",
    "truee",
    "fals",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "-",
    "+1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "-.5",
    "1.e5",
    "1e",
    "1e+",
    "1e-",
    "1.5e",
    "0x10",
    "1_000",
    "1,000",
    "1 2",
    "--1",
    "1-",
    "0.1.2",
    "1ee5",
    "1e5.5",
    "١",
    "\"",
    "\"a",
    "a\"",
    "'a'",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\a\"",
    "\"\\ \"",
    "\"\\0\"",
    "\"\\u\"",
    "\"\\u1\"",
    "\"\\u12\"",
    "\"\\u123\"",
    "\"\\u123g\"",
    "\"\\U0041\"",
    "\"\\u 041\"",
    "\"\\u+041\"",
    "\"\\ud834\"",
    "\"\\ud834x\"",
    "\"\\ud834\\n\"",
    "\"\\ud834\\u0041\"",
    "\"\\udd1e\"",
    "\"\\udd1e\\ud834\"",
    "\"\\ud834\\ud834\"",
    "\"\u{0}\"",
    "\"\u{1}\"",
    "\"\u{1f}\"",
    "\"\n\"",
    "\"\t\"",
    "\"\r\"",
    "\"0123456789abcdef\n\"",
    "\"0123456789abcde\t\"",
    "\"\\\n\"",
    "[",
    "]",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[,]",
    "[1 2]",
    "[1,,2]",
    "[1;2]",
    "[1}",
    "[\"a\":1]",
    "[]]",
    "[1]x",
    "{",
    "}",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1",
    "{\"a\":1,",
    "{\"a\":1,}",
    "{,}",
    "{,\"a\":1}",
    "{\"a\"}",
    "{\"a\",\"b\"}",
    "{\"a\" 1}",
    "{\"a\"::1}",
    "{\"a\":1:2}",
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "{null:1}",
    "{[]:1}",
    "{\"a\":1]",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,,\"b\":2}",
    "{}{}",
    "[][]",
    "{}x",
    "[1]2",
    "{} // x",
    "/**/{}",
    "#{}",
    "\u{feff}1",
    "\u{feff}{}",
    "\u{a0}1",
    "1\u{a0}",
    "\u{2003}[]",
    "\u{b}1",
    "\u{c}1",
    "[\u{b}]",
    "(1)",
    "<a>",
    "*",
    "@",
    "$",
    "[*]",
    "[a",
    "[tru]",
    "[nul",
    "[-]",
    "[1e]",
    "[\"a]",
    "{\"a\":tru}",
    "{\"a\":\"a",
];

/// Where the readers mean to do otherwise than serde_json: text, whether it is well formed, whether it has a value.
const DEVIATIONS: &[(&str, bool, bool)] = &[
    // A key that stands twice is refused where it is read; a value that is passed over is not looked into.
    ("{\"a\":1,\"a\":2}", true, false),
    ("{\"a\":1,\"\\u0061\":2}", true, false),
    ("[{\"b\":{\"a\":1,\"a\":1}}]", true, false),
    // An integer outside 64 bits is broken data, which counts when it is read.
    ("9223372036854775808", true, true),
    ("-9223372036854775809", true, true),
    ("123456789012345678901234567890", true, true),
    // So is a number too large for a float; serde_json refuses it.
    ("1e400", true, true),
    ("-1e400", true, true),
];

fn is_json(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip().and_then(|()| cursor.end()).is_ok()
}

#[test]
fn what_is_json_is_what_serde_json_says() {
    let same = targets::named("scan");
    for (all, wanted) in [(ACCEPTED, true), (REFUSED, false)] {
        for text in all {
            assert_eq!(is_json(text), wanted, "{text:?}");
            assert_eq!(parse(text).is_some(), wanted, "{text:?}");
            let theirs = serde_json::from_str::<serde_json::Value>(text);
            assert_eq!(theirs.is_ok(), wanted, "{text:?}");
            same(text.as_bytes());
        }
    }
    for (text, well_formed, has_value) in DEVIATIONS {
        assert_eq!((is_json(text), parse(text).is_some()), (*well_formed, *has_value), "{text}");
    }
}

/// Every text cut off anywhere, with a byte left out, doubled or changed, and in something else.
#[test]
fn what_is_nearly_json_is_what_serde_json_says() {
    let same = targets::named("scan");
    let bytes = [
        b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'0', b'-', b'.', b'e', b' ', b'\n', 1,
        0xc3,
    ];
    let mut tried = 0;
    let mut near = |text: &[u8]| {
        tried += 1;
        same(text);
    };
    for text in ACCEPTED.iter().chain(REFUSED).map(|text| text.as_bytes()) {
        for at in 0..=text.len() {
            near(&text[..at]);
            near(&[&text[..at], &text[(at + 1).min(text.len())..]].concat());
            for byte in bytes {
                near(&[&text[..at], &[byte], &text[at..]].concat());
                near(&[&text[..at], &[byte], &text[(at + 1).min(text.len())..]].concat());
            }
        }
        near(&[b"[", text, b"]"].concat());
        near(&[b"{\"0123456789abcdef\":", text, b"}"].concat());
    }
    assert!(tried > 50_000, "{tried}");
}

/// Nesting ends at the same depth whatever nests, and whoever reads.
#[test]
fn nesting_ends_at_128_levels() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}0{}", open.repeat(depth), close.repeat(depth));
        assert!(is_json(&nested(128)) && parse(&nested(128)).is_some());
        assert!(!is_json(&nested(129)) && parse(&nested(129)).is_none());
        assert!(!is_json(&open.repeat(100_000)));
    }
}
