//! Tokens, and the logos patterns of those that are regular.

use std::fmt;

use logos::Logos;

use super::ast::Tag;

/// A token of the language, as the grammar sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A keyword, an operator or a bracket, by its text.
    Fixed(Fixed),
    /// A name that is no keyword.
    Name(String),
    /// `AWS::S3::Bucket`.
    ResourceType(String),
    /// `42`.
    Int(i64),
    /// `0.5`.
    Float(f64),
    /// `2%`.
    Percent(f64),
    /// `90d`, in microseconds.
    Duration(i64),
    /// A date or a time, in microseconds since 1970 (UTC).
    Timestamp(i64),
    /// `"`, the start of a string with interpolation or escapes; its parts follow, then [`Token::TextEnd`].
    TextStart,
    /// Literal characters of a string.
    TextPart(String),
    /// `{` within a string.
    HoleStart,
    /// `}` within a string.
    HoleEnd,
    /// `"`, the end of a string.
    TextEnd,
    /// A string without holes, raw or not.
    Text(String),
    /// `re"…"` and the like, checked.
    Tagged(Tag, String),
    /// The lines of one doc comment, joined.
    Doc(String),
    /// The lines of the module's doc comment, joined.
    ModuleDoc(String),
}

/// What logos recognises by itself; the lexer does the rest by hand from here.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n]+")]
pub(super) enum Raw {
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*")]
    Word,
    #[regex(r"[A-Za-z][A-Za-z0-9]*::[A-Za-z0-9]*::[A-Za-z][A-Za-z0-9]*(::[A-Za-z][A-Za-z0-9]*)*")]
    ResourceType,
    #[regex(r"[0-9][0-9_]*")]
    Int,
    #[regex(r"[0-9][0-9_]*\.[0-9][0-9_]*([eE][+-]?[0-9]+)?")]
    Float,
    #[regex(r"[0-9][0-9_]*(\.[0-9]+)?%")]
    Percent,
    #[regex(r"[0-9][0-9_]*[A-Za-z][A-Za-z0-9_]*")]
    Duration,
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9](T[0-9:.]*([Zz]|[+-][0-9:]*)?)?")]
    Time,
    #[token("\"")]
    Quote,
    #[regex(r##"r#*""##)]
    RawQuote,
    #[token("re\"", |_| Tag::Regex)]
    #[token("glob\"", |_| Tag::Glob)]
    #[token("cidr\"", |_| Tag::Cidr)]
    #[token("ip\"", |_| Tag::Ip)]
    #[token("v\"", |_| Tag::Version)]
    TaggedQuote(Tag),
    #[regex(r"//[^\n]*", allow_greedy = true)]
    Comment,
    #[regex(r"(\?\?|\?\.|->|<-|==|!=|<=|>=|\.\.|[-+*/<>=?.,:|@(){}\[\]])")]
    Sign,
}

macro_rules! fixed {
    ($($name:ident $text:literal)*) => {
        /// Keywords, operators and brackets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the variants are the texts")]
        pub enum Fixed { $($name),* }

        impl Fixed {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// As it is written.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The one with this text.
            pub fn find(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

fixed! {
    Absent "absent" Adapter "adapter" All "all" And "and" Any "any" Approved "approved" As "as"
    Baseline "baseline" By "by" Case "case" Control "control" Covers "covers" Each "each" Else "else"
    Exclude "exclude" Expect "expect" False "false" Fn "fn" For "for" Forbid "forbid"
    Framework "framework" From "from" Given "given" Identified "identified" If "if" Implies "implies" In "in"
    Is "is" Known "known" Let "let" Limit "limit" Manual "manual" Margin "margin" Matches "matches" Met "met"
    Mode "mode" NoneWord "none" Nonempty "nonempty" Not "not" Now "now" One "one" Or "or" Param "param" Per "per"
    Present "present" Profile "profile" Reason "reason" Record "record" Remedy "remedy" Require "require"
    Requirement "requirement" Resource "resource" Return "return" See "see" Set "set" Severity "severity"
    Test "test" Then "then" Title "title" Treatment "treatment" True "true" Unknown "unknown" Until "until"
    Use "use" Waiver "waiver" When "when" Where "where"
    Coalesce "??" SafeDot "?." Follow "->" Reverse "<-" Equal "==" NotEqual "!=" LessEqual "<="
    GreaterEqual ">=" Spread ".." Minus "-" Plus "+" Star "*" Slash "/" Less "<" Greater ">" Assign "="
    Question "?" Dot "." Comma "," Colon ":" Bar "|" At "@" OpenRound "(" CloseRound ")" OpenCurly "{"
    CloseCurly "}" OpenSquare "[" CloseSquare "]"
}

impl Fixed {
    /// Whether it is a word.
    pub fn is_word(self) -> bool {
        self.text().starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

impl fmt::Display for Token {
    /// As a message names it: `` `else` ``, ``name `x` ``, `a string`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(fixed) => write!(f, "`{}`", fixed.text()),
            Self::Name(name) => write!(f, "name `{name}`"),
            Self::ResourceType(name) => write!(f, "resource type `{name}`"),
            Self::Int(n) => write!(f, "number `{n}`"),
            Self::Float(n) => write!(f, "number `{n}`"),
            Self::Percent(n) => write!(f, "percentage `{n}%`"),
            Self::Duration(_) => f.write_str("a duration"),
            Self::Timestamp(_) => f.write_str("a date"),
            Self::TextStart | Self::TextPart(_) | Self::TextEnd | Self::Text(_) => {
                f.write_str("a string")
            }
            Self::HoleStart => f.write_str("`{` in a string"),
            Self::HoleEnd => f.write_str("`}` in a string"),
            Self::Tagged(..) => f.write_str("a checked literal"),
            Self::Doc(_) | Self::ModuleDoc(_) => f.write_str("a doc comment"),
        }
    }
}
