//! From the bytes of a file to its text, whichever editor has saved it.

/// The text of `bytes`, and what had to be mended for it.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) note: Option<&'static str>,
}

/// Decodes UTF-8 and UTF-16, each with a byte order mark or without one. What
/// is neither is taken for Windows-1252, the only other encoding in which the
/// editors of Windows save by default.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // JSON starts with two characters of ASCII, so half of the first four
        // bytes are zeros.
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded {
            text: text.to_owned(),
            note: None,
        },
        Err(_) => Decoded {
            text: bytes.iter().map(|byte| windows_1252(*byte)).collect(),
            note: Some("The file is not in UTF-8; it is read as Windows-1252."),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text = char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    Decoded {
        text,
        note: Some("The file is in UTF-16; JSON is meant to be in UTF-8."),
    }
}

/// Replaces each escape that is half of a character, as a text has that was cut
/// between the two (RFC 8259, section 8.2), and returns where they stand. The
/// text keeps its length.
pub(super) fn mend_halves(text: &mut String) -> Vec<usize> {
    let mut halves = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        at += found;
        at += match (escaped_unit(text, at), escaped_unit(text, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                text.replace_range(at..at + 6, "\\ufffd");
                halves.push(at);
                6
            }
            // The backslash and the character that it escapes.
            _ => 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    halves
}

/// The UTF-16 code unit of the escape `\uXXXX` at `at`, if there is one.
fn escaped_unit(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hexadecimal
        .then(|| u16::from_str_radix(digits, 16).ok())
        .flatten()
}

/// The characters from 0x80 to 0x9F of Windows-1252; the others are Latin-1's.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
