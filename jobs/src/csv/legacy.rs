//! Guesses the encoding of text that is not Unicode by its letters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

use super::encoding::{Charset, Reading};

/// The most bytes that are looked at, from the first line on that is not UTF-8.
pub(super) const SAMPLE_BYTES: usize = 64 * 1024;

/// Fewer signs beyond ASCII than this prove little.
const FEW: usize = 8;

/// Guesses the encoding of the lines of `sample` that are not UTF-8: Windows-1252,
/// unless another fits clearly better.
pub(super) fn detect(sample: &[u8]) -> &'static Encoding {
    let lines = sample.split_inclusive(|byte| matches!(byte, b'\r' | b'\n'));
    let lines: Vec<u8> = lines
        .filter(|line| Charset::Unknown.reading(line) == Ok(Reading::Legacy))
        .flatten()
        .copied()
        .collect();
    let western = letters(&lines, WINDOWS_1252);
    let signs = lines.iter().filter(|byte| !byte.is_ascii()).count();
    if signs < FEW && western > 0 {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&lines, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    // The detector is made for pages of the Web, and does not know Mac Roman, in which
    // Excel writes on a Mac.
    let others = letters(&lines, encoding).max(western);
    match encoding.is_single_byte() && letters(&lines, MACINTOSH) > others {
        true => MACINTOSH,
        false => encoding,
    }
}

/// The name of an encoding in a report.
pub(super) fn name(encoding: &'static Encoding) -> String {
    match encoding.name() {
        "macintosh" => "Mac Roman".to_owned(),
        name => name.replace("windows-", "Windows-"),
    }
}

/// Counts the signs that stand where a word has letters, less those that cannot stand
/// where they do.
fn letters(text: &[u8], encoding: &'static Encoding) -> i64 {
    let text = encoding.decode_without_bom_handling(text).0;
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    let mut sum = 0;
    while let Some(char) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if !char.is_ascii() {
            sum += letter(before, char, after);
        }
        before = char;
    }
    sum
}

fn letter(before: char, char: char, after: char) -> i64 {
    let touches = before.is_alphabetic() || after.is_alphabetic();
    let is_inside = before.is_alphabetic() && after.is_alphabetic();
    let is_capital_inside =
        before.is_lowercase() || (before.is_alphabetic() && after.is_lowercase());
    match char {
        'ƒ' | 'ˆ' | '‡' | '†' | '‰' | '\u{80}'..='\u{9f}' if touches => -2,
        '’' | '·' | '\u{a0}' => i64::from(is_inside),
        char if char.is_uppercase() && is_capital_inside => -2,
        char if char.is_alphabetic() => i64::from(touches),
        _ if is_inside => -2,
        _ => 0,
    }
}
