//! Operators on values that they are not made for.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// A type with its place.
type Side<'a> = (&'a str, Span);

/// `x == absent`.
pub fn compared_with_absent(other: &str, negated: bool, span: Span) -> Diagnostic {
    let question = if negated { "is present" } else { "is absent" };
    Diagnostic::error(code::E0330, "absent equals no value, not even itself", span)
        .label("always the same answer")
        .note(format!("ask `{other} {question}`"))
        .suggest(span, format!("{other} {question}"))
}

/// Types of which no values are equal.
pub fn incomparable(
    (a, a_span): Side<'_>,
    (b, b_span): Side<'_>,
    span: Span,
    hint: Option<String>,
) -> Diagnostic {
    Diagnostic::error(code::E0331, format!("`{a}` and `{b}` are never equal"), span)
        .label("always the same answer")
        .also(a_span, format!("this is `{a}`"))
        .also(b_span, format!("this is `{b}`"))
        .note(hint.unwrap_or_else(|| "compare values of one type".to_owned()))
}

/// `xs == x`.
pub fn list_with_element(list: &str, item: &str, negated: bool, span: Span) -> Diagnostic {
    let mend = if negated { "not in" } else { "in" };
    Diagnostic::error(
        code::E0332,
        format!("`{list}` is a list, and `{item}` is what it holds"),
        span,
    )
    .label("a list never equals one of its elements")
    .note(format!("write `{item} {mend} {list}`, or `any x in {list}: x == {item}`"))
    .suggest(span, format!("{item} {mend} {list}"))
}

/// `<` on what has no order.
pub fn unordered(
    operator: &str,
    ((a, a_span), (b, b_span)): (Side<'_>, Side<'_>),
    span: Span,
    hint: Option<String>,
) -> Diagnostic {
    Diagnostic::error(code::E0333, format!("`{operator}` does not order `{a}` and `{b}`"), span)
        .label("no order between these")
        .also(a_span, format!("this is `{a}`"))
        .also(b_span, format!("this is `{b}`"))
        .note(hint.unwrap_or_else(|| {
            "numbers, texts, durations, times, versions and addresses are ordered, each among themselves"
                .to_owned()
        }))
}

/// An element that a list can never hold.
pub fn not_an_element(item: &str, item_span: Span, list: &str, list_span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0334,
        format!("a list of type `{list}` never holds a `{item}`"),
        item_span,
    )
    .label(format!("this is `{item}`"))
    .also(list_span, format!("this is `{list}`"))
    .note("both sides must be of one type; `to_int` and `to_string` convert")
}

/// A key that is no text.
pub fn not_a_key(ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0334, format!("the keys of a map are texts, and this is `{ty}`"), span)
        .label(format!("this is `{ty}`"))
        .note("ask about the values with `in values(m)`")
}

/// `"10.0.0.1" in cidr"…"`.
pub fn not_an_address(item: &str, block: &str, ty: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0334,
        format!("a network holds addresses, and `{item}` is `{ty}`"),
        span,
    )
    .label("no address");
    if ty == "Cidr" {
        return out.note(format!("a network in a network is `contains({block}, {item})`"));
    }
    out.note("an address is written `ip\"10.0.0.1\"`")
}

/// `"a" in text`.
pub fn in_text(item: &str, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0335, format!("`in` looks into lists, and `{text}` is a text"), span)
        .label("not a list")
        .note(format!("a part of a text is found with `contains({text}, {item})`"))
        .suggest(span, format!("contains({text}, {item})"))
}

/// `x in json`.
pub fn in_json(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0311,
        format!("`{text}` is Json: whether it is a list is known only when it is read"),
        span,
    )
    .label("convert it first")
    .note(format!("write `… in ({text}.as_list() ?? [])`"))
}

/// `x in 3`.
pub fn no_container(text: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0335,
        format!("`in` looks into lists, maps and networks, and `{text}` is `{ty}`"),
        span,
    )
    .label("holds nothing")
    .note(format!("for one value write `== {text}`"))
}

/// `x matches "…"`.
pub fn match_no_pattern(text: &str, ty: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0336,
        format!("`matches` takes a pattern, and this is `{ty}`"),
        span,
    )
    .label("no pattern");
    if text.starts_with('"') {
        return out
            .note(format!("a regular expression is `re{text}` (found anywhere), a glob `glob{text}` (the whole text)"))
            .suggest(span, format!("re{text}"));
    }
    out.note("`regex(text)` and `glob(text)` make patterns of texts")
}

/// `3 matches re"…"`.
pub fn match_no_text(text: &str, ty: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0336,
        format!("`matches` looks at a text, and `{text}` is `{ty}`"),
        span,
    )
    .label("no text");
    if ty.starts_with('[') {
        return out.note(format!("try each: `any x in {text}: x matches …`"));
    }
    out.note(format!("the text of a value is `\"{{{text}}}\"`"))
}

/// `-"a"`.
pub fn cannot_negate(ty: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0337,
        format!("`-` takes a number or a duration, and this is `{ty}`"),
        span,
    )
    .label("nothing to negate");
    if ty == "Bool" { out.note("the opposite of a condition is `not …`") } else { out }
}

/// `1 + "a"`.
pub fn no_arithmetic(
    operator: &str,
    ((a, a_span), (b, b_span)): (Side<'_>, Side<'_>),
    span: Span,
    texts: bool,
) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0337,
        format!("`{operator}` is not defined for `{a}` and `{b}`"),
        span,
    )
    .label("no result")
    .also(a_span, format!("this is `{a}`"))
    .also(b_span, format!("this is `{b}`"));
    if texts {
        return out.note("a value is put into a text by `\"{value}\"`");
    }
    match (a, b) {
        ("Int", "Float") | ("Float", "Int") => out.note("write the Int with a fraction: `1.0`"),
        _ => out.note(
            "numbers with numbers, durations with durations and times, texts and lists with `+`",
        ),
    }
}

/// `a ?? b` of two types.
pub fn default_differs((a, a_span): Side<'_>, (b, b_span): Side<'_>, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0338, format!("the default is `{b}`, and the value is `{a}`"), b_span)
        .label(format!("this is `{b}`"))
        .also(a_span, format!("this is `{a}` where it is present"))
        .also(span, "both sides of `??` give one value")
        .note(format!("write a default of type `{a}`"))
}
