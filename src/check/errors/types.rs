//! Types that do not fit.

use crate::base::{Span, Symbol};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// One type where another is wanted.
pub fn mismatch(wanted: &str, found: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(code::E0310, format!("expected `{wanted}`, found `{found}`"), span)
        .label(format!("this is `{found}`"));
    match (wanted, found) {
        ("Int", "String") => out.note("a text is converted with `to_int(text)`, which is absent for other text"),
        ("Int", "Float") => out.note("an Int has no fraction: write `1`, not `1.0`"),
        ("Float", "Int") => out.note("write the literal with a fraction: `1.0`"),
        ("String", _) => out.note("a value is shown as text in a string: `\"{value}\"`"),
        ("Bool", "String") => out.note("a Bool is `true` or `false`, without quotes"),
        _ if wanted.starts_with('[') && !found.starts_with('[') => {
            out.note("a list is written `[a, b]`; of one element `[a]`")
        }
        _ if wanted.starts_with('"') && found == "String" => {
            out.note("only a literal that is one of the values, or a value of that type, may stand here")
        }
        _ => out.note("nothing is converted silently; the standard functions `to_int`, `to_string`, `version`, `cidr`, … convert"),
    }
}

/// Json used as if its type were known.
pub fn json_unconverted(text: &str, wanted: &str, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0311,
        format!("`{text}` is Json: its type is known only when it is read"),
        span,
    )
    .label("test it or convert it first");
    let convert = match wanted.trim_end_matches('?') {
        "String" => Some("as_string"),
        "Int" => Some("as_int"),
        "Bool" => Some("as_bool"),
        other if other.starts_with('"') => Some("as_string"),
        other if other.starts_with('[') => Some("as_list"),
        other if other.starts_with('{') => Some("as_map"),
        _ => None,
    };
    match convert {
        Some(function) => out
            .note(format!("convert it: `{text}.{function}()` is absent where it is something else"))
            .note(format!("or test it: `{text} is {wanted} and …`")),
        None => out.note(
            "`as_string`, `as_int`, `as_bool`, `as_list` and `as_map` convert; `is String` tests",
        ),
    }
}

/// A condition that is no Bool.
pub fn not_a_condition(text: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0312, format!("a condition is wanted, and `{text}` is `{found}`"), span)
        .label(format!("this is `{found}`, not `Bool`"))
        .note("nothing counts as true or false by itself: compare it (`x == …`, `count(xs) > 0`) or ask `x is present`")
}

/// A text that an enum lacks.
pub fn no_such_value(text: &str, span: Span, members: &[Symbol]) -> Diagnostic {
    const SHOWN: usize = 12;
    let quoted: Vec<String> = members.iter().map(|member| format!("\"{member}\"")).collect();
    let mut list: Vec<&str> = quoted.iter().take(SHOWN).map(String::as_str).collect();
    if quoted.len() > SHOWN {
        list.push("…");
    }
    Diagnostic::error(code::E0313, format!("`{text}` is not one of the values here"), span)
        .label("never equal to any of them")
        .did_you_mean(&format!("\"{text}\""), span, quoted.iter().map(String::as_str))
        .note(format!("the values are {}", list.join(", ")))
}

/// `unknown` outside a test.
pub fn unknown_outside_tests(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0314, "`unknown` stands for a value in tests and adapters only", span)
        .label("no value here")
        .note("ask whether a value is known with `x is known`")
}

/// `x is Type` where the type of `x` is known.
pub fn is_type_decided(text: &str, ty: &str, asked: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0315,
        format!("`{text}` is `{ty}`, so whether it is `{asked}` is decided already"),
        span,
    )
    .label("no question of run time")
    .note("`is Type` asks about Json and about subjects of several types")
}

/// `if` whose branches differ.
pub fn branches_differ(a: &str, a_span: Span, b: &str, b_span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0316,
        format!("the branches are of two types, `{a}` and `{b}`"),
        b_span,
    )
    .label(format!("this is `{b}`"))
    .also(a_span, format!("this is `{a}`"))
    .note("both branches of an `if` have one type")
}

/// A list of two types.
pub fn elements_differ(a: &str, before: Option<Span>, b: &str, span: Span) -> Diagnostic {
    let mut out = Diagnostic::error(
        code::E0317,
        format!("the elements of a list are of one type, and here are `{a}` and `{b}`"),
        span,
    )
    .label(format!("this is `{b}`"))
    .note("write two lists, or make the elements alike");
    if let Some(before) = before {
        out = out.also(before, format!("this is `{a}`"));
    }
    out
}

/// A record literal that lacks required fields.
pub fn fields_missing(owner: &str, missing: &[String], span: Span) -> Diagnostic {
    let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
    Diagnostic::error(code::E0318, format!("`{owner}` also needs {}", names.join(", ")), span)
        .label("required fields are missing")
        .note("the schema requires them; only tests may leave out what does not matter")
}

/// A field that is written twice.
pub fn field_given_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0319, format!("`{name}` is given twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two")
}

/// Two `..` in one record.
pub fn spread_twice(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0319, "a record is updated from one other only", span)
        .label("a second `..`")
        .also(first, "the first")
        .note("write the fields of one of them out")
}

/// `..x` of something that is no record.
pub fn no_record_to_update(found: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0320, format!("`..` takes a record, and this is `{found}`"), span)
        .label("no record")
        .note("only records are updated; a resource's properties are read, not rebuilt")
}

/// A field of something without fields.
pub fn no_fields(text: &str, ty: &str, field: &str, span: Span) -> Diagnostic {
    let out =
        Diagnostic::error(code::E0321, format!("`{text}` is `{ty}`, which has no fields"), span)
            .label(format!("no `{field}` here"));
    if ty.starts_with('[') {
        return out.note(format!(
            "a list is gone through: `any x in {text}: x.{field} …`, or `[x.{field} for x in {text}]`"
        ));
    }
    if ty.starts_with('{') {
        return out
            .note(format!("the value of a key is `{text}[\"{field}\"]`, which may be absent"));
    }
    out.note("fields belong to records, resources and Json")
}

/// A property whose types differ among the types of a subject.
pub fn union_differs(name: &str, a: &str, b: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0322,
        format!("`{name}` is `{a}` in one type of the subject and `{b}` in another"),
        span,
    )
    .label("no single type")
    .note("ask for the type first (`x is TYPE and …`), or write a control for each")
}

/// An index of something that has none.
pub fn not_indexable(text: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0323, format!("`{text}` is `{ty}`, which has no elements"), span)
        .label("neither a list nor a map")
        .note("`xs[0]` is an element of a list, `m[\"key\"]` a value of a map or of Json")
}

/// A Json index that is neither a number nor a text.
pub fn json_index(ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0323,
        format!("Json is indexed by a number or a text, not by `{ty}`"),
        span,
    )
    .label(format!("this is `{ty}`"))
    .note("`j[0]` is an element of an array, `j[\"key\"]` a field of an object")
}

/// `xs[-1]`.
pub fn negative_index(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0323, "a negative index is always absent", span)
        .label("there is no element before the first")
        .note("indexes count from 0; the last element is `xs[count(xs) - 1]`")
}

/// What a value that is no list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A map.
    Map,
    /// Json.
    Json,
    /// Anything else.
    Other,
}

/// Something that is gone through and is no list.
pub fn not_a_list(text: &str, ty: &str, what: Container, span: Span) -> Diagnostic {
    let out =
        Diagnostic::error(code::E0324, format!("a list is wanted, and `{text}` is `{ty}`"), span)
            .label("cannot be gone through");
    match what {
        Container::Map => {
            out.note(format!("go through `keys({text})`, `values({text})` or `entries({text})`"))
        }
        Container::Json => out.note(format!("convert it: `{text}.as_list() ?? []`")),
        Container::Other => out.note(format!("a list of it alone is `[{text}]`")),
    }
}

/// `x -> Type` of something that is no text.
pub fn no_reference(text: &str, ty: &str, target: &str, resource: bool, span: Span) -> Diagnostic {
    let out = Diagnostic::error(
        code::E0325,
        format!("`{text}` is `{ty}`, and `->` follows the text of a reference"),
        span,
    )
    .label("no reference");
    if resource {
        return out.note(format!(
            "follow one of its properties, or ask who refers to it: `{text} <- {target}.Property`"
        ));
    }
    out.note("a reference is a String or a list of them: an id, a name or an ARN")
}

/// `r <- …` of something that is no resource.
pub fn no_resource(text: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0326,
        format!("`{text}` is `{ty}`, and `<-` asks who refers to a resource"),
        span,
    )
    .label("no resource")
    .note("the subject is a resource, and so is every element of `x -> TYPE`")
}

/// The property behind `<-` holds no text.
pub fn no_reference_property(name: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0326,
        format!("`{name}` is `{ty}`, which cannot refer to a resource"),
        span,
    )
    .label("no text")
    .note(
        "name the field with the text, with the path to it in parentheses: `TYPE.(Property.Field)`",
    )
}

/// `r <- Type.Property` where the property refers to resources of other types.
pub fn refers_to_another(wanted: &str, other: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0326, format!("this never refers to `{wanted}`"), span)
        .label(format!("it refers to `{other}`"))
        .note("name a property that does, or say in the schema that this one does: `-> TYPE.Property`")
}

/// A value of an enum twice.
pub fn enum_value_twice(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0327, format!("`{text}` is among the values twice"), span)
        .label("again here")
        .note("leave one of them out")
}

/// A union of what has no unions.
pub fn no_union(ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0327, format!("`{ty}` cannot be part of a union"), span)
        .label("neither a text nor a resource type")
        .note("a union is of literal texts (`\"a\" | \"b\"`) or of resource types")
}

/// A union of texts and types.
pub fn mixed_union(span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0327,
        "a union is of literal texts or of resource types, not of both",
        span,
    )
    .label("both here")
    .note("use `String` or `Json` where anything may stand")
}
