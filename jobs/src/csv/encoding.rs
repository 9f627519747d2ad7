//! The encoding of a file. UTF-16 shows in the first bytes, and is turned into UTF-8 as
//! it comes. All other bytes stay as they are, and each record is taken for UTF-8 or
//! for an older encoding by itself, so that nothing that was read before has to be
//! undone.

use std::borrow::Cow;

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};

use super::kind;
use super::legacy::Legacy;

/// Turns a file's bytes into text as they come.
pub(super) enum Bytes {
    /// The first bytes, until there are enough to tell the encoding.
    Unknown(Vec<u8>),
    /// Bytes that stay as they are; `declared` if a byte order mark says UTF-8.
    Utf8 { declared: bool },
    /// UTF-16, decoded as it comes; `None` after its end.
    Utf16(Option<Box<Decoder>>),
    /// A file of another kind, which is not read.
    Refused,
}

/// An encoding in which the cells of a record may be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8, as the file declares.
    Utf8,
    /// UTF-16, which is UTF-8 by now.
    Utf16,
    /// Not declared: each record shows its own.
    Unknown,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

impl Default for Bytes {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl Bytes {
    /// Appends the text of `bytes` to `text`, and names the kind of a file that is no
    /// CSV.
    pub(super) fn push(&mut self, bytes: &[u8], text: &mut Vec<u8>) -> Option<&'static str> {
        match self {
            Self::Unknown(start) => {
                start.extend_from_slice(bytes);
                if start.len() < kind::BYTES {
                    return None;
                }
                self.decide(text)
            }
            Self::Utf8 { .. } => {
                text.extend_from_slice(bytes);
                None
            }
            Self::Utf16(decoder) => {
                if let Some(decoder) = decoder {
                    decode(decoder, bytes, text, false);
                }
                None
            }
            Self::Refused => None,
        }
    }

    /// Appends the rest, once the file has ended.
    pub(super) fn finish(&mut self, text: &mut Vec<u8>) -> Option<&'static str> {
        let kind = match self {
            Self::Unknown(_) => self.decide(text),
            _ => None,
        };
        if let Self::Utf16(decoder) = self
            && let Some(mut decoder) = decoder.take()
        {
            decode(&mut decoder, &[], text, true);
        }
        kind
    }

    pub(super) fn charset(&self) -> Charset {
        match self {
            Self::Utf8 { declared: true } => Charset::Utf8,
            Self::Utf16(_) => Charset::Utf16,
            _ => Charset::Unknown,
        }
    }

    fn decide(&mut self, text: &mut Vec<u8>) -> Option<&'static str> {
        let Self::Unknown(start) = self else {
            return None;
        };
        let start = std::mem::take(start);
        let kind = kind::name(&start);
        *self = if kind.is_some() {
            Self::Refused
        } else if let Some(encoding) = utf_16(&start) {
            Self::Utf16(Some(Box::new(encoding.new_decoder_with_bom_removal())))
        } else {
            let declared = start.starts_with(BOM);
            Self::Utf8 { declared }
        };
        kind.or_else(|| self.push(&start, text))
    }
}

/// Recognizes UTF-16 by its byte order mark or, as some exports have none, by a zero in
/// every other byte.
pub(super) fn utf_16(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn decode(decoder: &mut Decoder, mut bytes: &[u8], text: &mut Vec<u8>, last: bool) {
    let most = decoder.max_utf8_buffer_length(bytes.len());
    let mut free = text.len();
    // The decoder gives a number for all inputs of less than half the address space.
    text.resize(free + most.unwrap_or_default(), 0);
    loop {
        let (result, read, written, _) = decoder.decode_to_utf8(bytes, &mut text[free..], last);
        free += written;
        bytes = &bytes[read..];
        if result == encoding_rs::CoderResult::InputEmpty {
            break;
        }
    }
    text.truncate(free);
}

/// The encoding that a record turned out to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Utf8,
    /// The older encoding, one for all lines of the file that are not UTF-8.
    Legacy,
}

impl Charset {
    /// The encoding's name for reports.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf16 => "UTF-16",
            Self::Utf8 | Self::Unknown => "UTF-8",
        }
    }

    /// Returns true if a cell is in the encoding that the file declares.
    pub(super) fn reads(self, cell: &[u8]) -> bool {
        // The decoder writes this character in the place of a broken one.
        let is_whole = |text: &str| self != Self::Utf16 || !text.contains('\u{fffd}');
        str::from_utf8(cell).is_ok_and(is_whole)
    }

    /// Chooses the encoding in which a record is read.
    ///
    /// # Errors
    /// If the record breaks the encoding that the file declares, or if only a part of
    /// it is UTF-8.
    pub(super) fn reading(self, record: &[u8]) -> Result<Reading, ()> {
        if record.is_ascii() {
            return Ok(Reading::Utf8);
        }
        let is_unknown = self == Self::Unknown;
        match str::from_utf8(record) {
            Ok(text) if is_unknown && is_utf_8_by_chance(text) => Ok(Reading::Legacy),
            Err(_) if is_unknown && !holds_utf_8(record) => Ok(Reading::Legacy),
            _ if self.reads(record) => Ok(Reading::Utf8),
            _ => Err(()),
        }
    }
}

/// Returns true if UTF-8 holds U+FFFD, which programs write for what they cannot read.
pub(super) fn has_loss(text: &[u8]) -> bool {
    !text.is_ascii() && text.windows(3).any(|bytes| bytes == "\u{fffd}".as_bytes())
}

/// Decodes a cell; `legacy` is the older encoding.
pub(super) fn text(reading: Reading, legacy: Option<Legacy>, cell: &[u8]) -> Cow<'_, str> {
    match (reading, legacy) {
        (Reading::Legacy, Some(legacy)) => legacy.decode(cell),
        // The whole record is UTF-8 and separators are ASCII, so each cell is UTF-8.
        _ => String::from_utf8_lossy(cell),
    }
}

fn is_utf_8_by_chance(text: &str) -> bool {
    let (usual, strange) = count(text);
    strange > 0 && strange >= usual
}

/// Returns true for damaged UTF-8: at least half of the letters beyond ASCII are valid,
/// which those of other encodings seldom are.
fn holds_utf_8(record: &[u8]) -> bool {
    let (mut letters, mut faults) = (0, 0);
    for chunk in record.utf8_chunks() {
        letters += count(chunk.valid()).0;
        faults += usize::from(!chunk.invalid().is_empty());
    }
    letters > 0 && letters >= faults
}

/// Counts the signs beyond ASCII: those that some language has where they stand, and those
/// that none has.
fn count(text: &str) -> (usize, usize) {
    let (mut usual, mut strange) = (0, 0);
    // The sign is the third.
    let mut around = [' '; 4];
    for next in text.chars().chain([' ']) {
        around.rotate_left(1);
        around[3] = next;
        match around[2] {
            char if char.is_ascii() => {}
            _ if is_strange(around) => strange += 1,
            _ => usual += 1,
        }
    }
    (usual, strange)
}

/// Letters of the phonetic alphabet that languages have, too: Azerbaijani, and many of Africa.
const PHONETIC_LETTERS: &str = "ɓɔɖɗəɛɣɨɩɲʉʊʋʌʒ";

/// Returns true for a sign where no language has it. In older encodings, two letters and signs
/// in a row may happen to be one in UTF-8: `É·` of Windows-1252 is one of the phonetic
/// alphabet, `’é` of Mac Roman is Armenian, and Chinese in GBK starts with marks.
fn is_strange([first, before, char, after]: [char; 4]) -> bool {
    let is_mark = |char: char| ('\u{300}'..='\u{36f}').contains(&char);
    let is_far = |char: char| ('\u{480}'..='\u{7ff}').contains(&char);
    let is_latin = |char: char| char.is_alphabetic() && char < '\u{250}';
    let is_phonetic = |char| matches!(char, '\u{250}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}');
    match char {
        // Whole words of them are phonetic, or small capitals.
        _ if is_phonetic(char) && (is_phonetic(before) || is_phonetic(after)) => false,
        '\u{250}'..='\u{2af}' => {
            let is_inside = first.is_uppercase() && before.is_uppercase();
            is_inside || !PHONETIC_LETTERS.contains(char)
        }
        _ if is_mark(char) => !before.is_alphabetic() && !is_mark(before),
        _ if is_far(char) => {
            (is_latin(before) || is_latin(after)) && !is_far(before) && !is_far(after)
        }
        _ => false,
    }
}
