//! What may be absent where a value is needed: each message names it and offers the mends.

use crate::base::Span;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::code;

/// A value that may be absent, as messages speak of it.
#[derive(Clone, Debug)]
pub struct Absent {
    /// Where it stands.
    pub span: Span,
    /// As written.
    pub text: String,
    /// Its type, as written.
    pub ty: String,
    /// What could stand for absence.
    pub default: Option<String>,
    /// Which link may be missing.
    pub why: Option<String>,
    /// Whether a question about it is remembered.
    pub simple: bool,
}

fn start(code: code::Code, message: String, absent: &Absent) -> Diagnostic {
    let label = match &absent.why {
        Some(why) => format!("{why}; this is `{}`", absent.ty),
        None => format!("this is `{}`", absent.ty),
    };
    Diagnostic::error(code, message, absent.span).label(label)
}

/// The text with `?? default` behind it.
fn with_default(out: Diagnostic, absent: &Absent) -> Diagnostic {
    match &absent.default {
        Some(default) => out.suggest(absent.span, format!("({} ?? {default})", absent.text)),
        None => out,
    }
}

/// `T?` where `T` is wanted.
pub fn may_be_absent(absent: &Absent, wanted: &str) -> Diagnostic {
    let message = format!("`{}` may be absent, and `{wanted}` is needed here", absent.text);
    let mut out = start(code::E0301, message, absent);
    if absent.simple {
        out = out.note(format!("ask first: `{} is present and …`", absent.text));
    }
    if let Some(default) = &absent.default {
        out = out.note(format!(
            "or say what absence means: `{} ?? {default}`, if `{default}` is what it means",
            absent.text
        ));
    } else {
        out = out.note(format!("or say what absence means: `{} ?? …`", absent.text));
    }
    with_default(out, absent)
}

/// A field of what may be absent.
pub fn field_of_absent(absent: &Absent) -> Diagnostic {
    let message = format!("`{}` may be absent, so it may have no fields", absent.text);
    start(code::E0302, message, absent)
        .note(format!("write `{}?.…`: the whole is absent where `{0}` is", absent.text))
        .note(format!("or ask first: `{} is present and …`", absent.text))
}

/// `x == v` where false could make a requirement pass.
pub fn optional_equality(absent: &Absent, whole: &str, span: Span, simple: bool) -> Diagnostic {
    let message = format!("`{}` may be absent, and absence would decide here unseen", absent.text);
    let mut out = start(code::E0303, message, absent)
        .also(span, "false where it is absent, which can make a requirement pass here")
        .note("absent equals no value; only where false can do no more than fail a requirement may it stay unsaid");
    if simple {
        out = out.note(format!(
            "write `{} is present and {whole}` to count absence as different",
            absent.text
        ));
    }
    if let Some(default) = &absent.default {
        out = out.note(format!(
            "or give absence a value: `{}`",
            whole.replacen(&absent.text, &format!("{} ?? {default}", absent.text), 1)
        ));
    }
    with_default(out, absent)
}

/// `!=`, `<`, `in`, `+` on what may be absent.
pub fn optional_operand(absent: &Absent, operator: &str) -> Diagnostic {
    let message = format!("`{}` may be absent, and `{operator}` needs a value", absent.text);
    let mut out = start(code::E0304, message, absent);
    if absent.simple {
        out = out.note(format!("ask first: `{} is present and …`", absent.text));
    }
    if let Some(default) = &absent.default {
        out = out.note(format!("or say what absence means: `{} ?? {default}`", absent.text));
    }
    with_default(out, absent)
}

/// A list that may be absent, gone through.
pub fn optional_list(absent: &Absent) -> Diagnostic {
    let message = format!("`{}` may be absent, and a list is needed here", absent.text);
    start(code::E0305, message, absent)
        .note(format!("write `{} ?? []` where absence means no elements", absent.text))
        .note(format!("or ask first: `{} is present and …`", absent.text))
        .suggest(absent.span, format!("({} ?? [])", absent.text))
}
