//! Frameworks, profiles, waivers, treatments and adapters that say something wrong.

use crate::base::Span;
use crate::base::distance::did_you_mean;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// An id of a requirement twice.
pub fn requirement_twice(id: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0420, format!("requirement `{id}` is stated twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("ids are unique in a framework; put all that it is met by into one place")
}

/// A baseline twice.
pub fn baseline_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0420, format!("baseline `{name}` is stated twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two")
}

/// A baseline that is no list of texts.
pub fn baseline_no_list(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0421, "a baseline is a list of requirement ids", span)
        .label("not an id in quotes")
        .note("write `baseline name = [\"1.1\", \"1.2\"]`")
}

/// A control that a profile adds and leaves out.
pub fn used_and_excluded(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        code::E0422,
        format!("`{name}` is added and left out by the same profile"),
        span,
    )
    .label("left out here")
    .note("keep `use` or `exclude`")
}

/// A parameter that is set twice.
pub fn param_set_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0423, format!("`{name}` is set twice"), span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two")
}

/// A property that is set twice.
pub fn property_set_twice(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0423, "the same property is set twice", span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two; a choice is written `if … then … else …`")
}

/// A margin twice.
pub fn margin_twice(name: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0424, format!("`{name}` has two margins"), span)
        .label("again here")
        .also(first, "first here")
        .note("keep one of the two")
}

/// A margin that is no share.
pub fn margin_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0424, "a margin is a number of resources, or 0% to 100% of them", span)
        .label("out of range")
        .note("write `margin control 2%` or `margin control 3`")
}

/// A profile whose parameters lose the coverage of a requirement.
pub fn coverage_lost(
    profile: &str,
    requirement: &str,
    control: &str,
    condition: &str,
    (set, mapped): (Span, Span),
) -> Diagnostic {
    Diagnostic::warning(
        code::W0101,
        format!(
            "under profile `{profile}`, `{control}` no longer meets requirement `{requirement}`"
        ),
        set,
    )
    .label("this value is looser than the framework asks")
    .also(mapped, "the framework counts the control only where this holds")
    .note(format!("`{requirement}` is reported as uncovered unless `{condition}` holds"))
}

/// A waiver that does not say all that it must.
pub fn waiver_incomplete(name: &str, missing: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error(code::E0425, format!("waiver `{name}` lacks {}", missing.join(", ")), span)
        .label("an exception needs all of it")
        .note("a waiver names its control, the date until which it holds, the reason, and who approved it")
}

/// An empty reason or approver.
pub fn waiver_empty(word: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0425, format!("`{word}` of a waiver is empty"), span)
        .label("nothing is said here")
        .note("an auditor reads it: say why, and who answers for it")
}

/// `mode automatc`.
pub fn unknown_mode(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    Diagnostic::error(code::E0426, format!("there is no mode `{name}`"), span)
        .label("not a mode")
        .did_you_mean(name, span, known.iter().copied())
        .note(format!("the modes are {}", known.join(" and ")))
}

/// `limit 0 per 0s`.
pub fn limit_out_of_range(span: Span) -> Diagnostic {
    Diagnostic::error(code::E0426, "a limit allows at least one correction in some time", span)
        .label("out of range")
        .note("write `limit 5 per 1h`")
}

/// A treatment without `set`.
pub fn treatment_sets_nothing(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0427, format!("treatment `{name}` sets nothing"), span)
        .label("no `set` in it")
        .note("say what to correct: `set subject.Property = value`")
}

/// `set other.Property`.
pub fn no_property_to_set(subject: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0427, format!("a treatment sets properties of `{subject}`"), span)
        .label("not a property of the subject")
        .note(format!("write `set {subject}.Property = value`"))
}

/// `set subject.List.Field`.
pub fn set_inside(field: &str, ty: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0427, format!("`{field}` cannot be set inside `{ty}`"), span)
        .label("not a field of a record")
        .note("set the whole list: `set subject.Xs = [{ ..x, Field: value } for x in subject.Xs]`")
}

/// `set subject.account`.
pub fn set_attribute(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0428, format!("`{name}` is an attribute, which nothing can set"), span)
        .label("not a property")
        .note("only properties of the schema are set")
}

/// `set subject.Arn`.
pub fn set_read_only(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0428, format!("`{name}` is read-only: the provider makes it"), span)
        .label("cannot be set")
        .note("set a property from which it follows")
}

/// A property of several types that cannot be set alike.
pub fn set_differs(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(code::E0428, format!("`{name}` differs among the types of the subject"), span)
        .label("no single type")
        .note("write a control and a treatment for each type")
}

/// Two adapters from one source to one type.
pub fn adapter_twice(source: &str, target: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(code::E0429, format!("`{target}` has two adapters from `{source}`"), span)
        .label("again here")
        .also(first, "first here")
        .note("put all that is set into one adapter")
}

/// An adapter from a source that no reader has.
pub fn unknown_source(name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let mend = did_you_mean(name, known.iter().copied());
    Diagnostic::error(code::E0435, format!("there is no source `{name}`{mend}"), span)
        .label("no reader gives its items")
        .note(format!("adapters read items from: {}", known.join(", ")))
}

/// `in TYPE` with a type that the source has not.
pub fn items_of_no_type(source: &str, of: &str, own_words: bool, span: Span) -> Diagnostic {
    let note = match own_words {
        true => "write `in` and the type as Terraform calls it: `from r in acme_volume`",
        false => "AWS Config has the types of the schema: `from item in Acme::Disk::Volume`",
    };
    Diagnostic::error(code::E0437, format!("`{of}` is no type of `{source}`"), span)
        .label("no item is of this type")
        .note(note)
}

/// An adapter that asks for what there is not yet when it runs.
pub fn beyond_the_item(what: &str, span: Span, adapter: Span) -> Diagnostic {
    Diagnostic::error(code::E0436, format!("an adapter cannot read {what}"), span)
        .label("not in the item")
        .also(adapter, "read for this adapter")
        .note("an adapter says what one item means; what follows from it is for a control to ask")
}
