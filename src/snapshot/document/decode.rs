//! Bytes to text: UTF-8 or UTF-16, with a byte order mark or without.

use crate::base::source::SourceFile;

use super::{Problem, ReadError};

/// How the bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
}

/// The text of the bytes, without its byte order mark.
///
/// # Errors
///
/// The bytes are no text in the encoding that they seem to be in; the text up to there is given, too, so
/// that a message can show the place.
pub fn decode(bytes: &[u8]) -> Result<String, Undecodable> {
    let (encoding, rest) = detect(bytes);
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(rest) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                let valid = rest.get(..error.valid_up_to()).unwrap_or_default();
                let before = String::from_utf8_lossy(valid).into_owned();
                let byte = rest.get(error.valid_up_to()).copied().unwrap_or_default();
                Err(undecodable(before, &format!("byte 0x{byte:02X} is not UTF-8")))
            }
        },
        Encoding::Utf16Little => utf16(rest, u16::from_le_bytes),
        Encoding::Utf16Big => utf16(rest, u16::from_be_bytes),
    }
}

/// Bytes that are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// The text up to the bytes that are none.
    pub before: String,
    /// What is wrong there, as an error at the end of that text.
    pub error: ReadError,
}

/// By the byte order mark; without one, by the zero byte that every ASCII character has in UTF-16.
fn detect(bytes: &[u8]) -> (Encoding, &[u8]) {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Encoding::Utf8, rest),
        [0xFF, 0xFE, rest @ ..] => (Encoding::Utf16Little, rest),
        [0xFE, 0xFF, rest @ ..] => (Encoding::Utf16Big, rest),
        [1..=0x7F, 0, 1..=0x7F, 0, ..] => (Encoding::Utf16Little, bytes),
        [0, 1..=0x7F, 0, 1..=0x7F, ..] => (Encoding::Utf16Big, bytes),
        _ => (Encoding::Utf8, bytes),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Undecodable> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(lone) => {
                let message =
                    format!("0x{:04X} is half a character of UTF-16", lone.unpaired_surrogate());
                return Err(undecodable(text, &message));
            }
        }
    }
    match odd {
        [] => Ok(text),
        _ => Err(undecodable(text, "the text ends within a character of UTF-16")),
    }
}

fn undecodable(before: String, message: &str) -> Undecodable {
    let file = SourceFile::new("", &before);
    let at = u32::try_from(before.len()).unwrap_or(u32::MAX);
    let error = ReadError::at(&file, Problem::Encoding, at, message)
        .hint("save the file as UTF-8, or as UTF-16 with a byte order mark");
    Undecodable { before, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, mark: bool, little: bool) -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn encodings() {
        let text = "{\"a\": \"é𝄞\"}\r\n";
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(format!("\u{FEFF}{text}").as_bytes()).unwrap(), text);
        for mark in [true, false] {
            for little in [true, false] {
                assert_eq!(decode(&utf16(text, mark, little)).unwrap(), text);
            }
        }
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let wrong = decode(b"a: 1\nb\xC3\xA9: \xFF").unwrap_err();
        assert_eq!((wrong.error.place.line, wrong.error.place.column), (2, 5));
        assert_eq!(wrong.error.message, "byte 0xFF is not UTF-8");
        let lone = decode(&[0xFF, 0xFE, b'a', 0, 0x00, 0xD8]).unwrap_err();
        assert_eq!(lone.error.message, "0xD800 is half a character of UTF-16");
        assert!(decode(&[0xFF, 0xFE, b'a']).is_err());
    }
}
