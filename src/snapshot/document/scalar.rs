//! Scalars, and what a plain one resolves to.
//!
//! Every scalar keeps its text, so that a schema may still read `0755`, `1.10`, an account number or
//! `No` as the text that was written.

use crate::value::Text;

/// A value that is neither list nor map.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// What it is where no schema says otherwise.
    pub resolved: Resolved,
    /// Its text: of a string, its characters; of all else, what is written.
    pub text: Text,
}

/// What a scalar is where no schema says otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolved {
    /// `null`, `~`, nothing at all.
    Null,
    /// `true`, `no`, `ON`.
    Bool(bool),
    /// 64 bits.
    Int(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// A number that neither 64 bits nor a float hold.
    TooLarge,
    /// All else; dates and numbers with a leading zero, too.
    Text,
}

impl Scalar {
    /// Text.
    pub fn text(text: Text) -> Self {
        Self { resolved: Resolved::Text, text }
    }

    /// The text of a scalar where text is wanted: as written, but the booleans of YAML in their one
    /// form.
    pub fn as_text(&self) -> Text {
        match self.resolved {
            Resolved::Bool(true) if self.text.eq_ignore_ascii_case("true") => Text::from("true"),
            Resolved::Bool(false) if self.text.eq_ignore_ascii_case("false") => Text::from("false"),
            _ => Text::clone(&self.text),
        }
    }
}

/// What a plain scalar of YAML resolves to, by the rules of YAML 1.1 as far as CloudFormation
/// follows them.
pub fn resolve(text: &str) -> Resolved {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Resolved::Bool(true)
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Resolved::Bool(false)
        }
        _ => number(text),
    }
}

/// The number that the text is, or `Text`.
pub fn number(text: &str) -> Resolved {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = split_digits(digits);
    if rest.is_empty() {
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if whole.is_empty() || leading_zero {
            return Resolved::Text;
        }
        return text.parse().map_or(Resolved::TooLarge, Resolved::Int);
    }
    let (fraction, exponent) = match rest.strip_prefix('.') {
        Some(after) => split_digits(after),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() || !is_exponent(exponent) {
        return Resolved::Text;
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Resolved::Float(number),
        Ok(_) => Resolved::TooLarge,
        Err(_) => Resolved::Text,
    }
}

fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Nothing, or `e`, a sign if any, and digits.
fn is_exponent(text: &str) -> bool {
    let Some(power) = text.strip_prefix(['e', 'E']) else { return text.is_empty() };
    let digits = power.strip_prefix(['-', '+']).unwrap_or(power);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_resolve_as_cloudformation_reads_them() {
        for (text, wanted) in [
            ("", Resolved::Null),
            ("~", Resolved::Null),
            ("No", Resolved::Bool(false)),
            ("ON", Resolved::Bool(true)),
            ("nO", Resolved::Text),
            ("0", Resolved::Int(0)),
            ("-5", Resolved::Int(-5)),
            ("+5", Resolved::Int(5)),
            ("0755", Resolved::Text),
            ("123456789012", Resolved::Int(123_456_789_012)),
            ("9223372036854775808", Resolved::TooLarge),
            ("1.10", Resolved::Float(1.1)),
            (".5", Resolved::Float(0.5)),
            ("1e3", Resolved::Float(1000.0)),
            ("1e400", Resolved::TooLarge),
            ("1.2.3", Resolved::Text),
            ("2012-10-17", Resolved::Text),
            ("12:30:45", Resolved::Text),
            ("1_000", Resolved::Text),
            ("0x1F", Resolved::Text),
            (".", Resolved::Text),
            ("-", Resolved::Text),
            (".inf", Resolved::Text),
            ("é", Resolved::Text),
        ] {
            assert_eq!(resolve(text), wanted, "{text}");
        }
    }
}
