//! The one form in which the texts of offers are stored, asked for and compared.

use shared::jobs::JobOffer;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Brings letters with accents into the form that most systems write (NFC): macOS
/// writes a letter and its accent one after the other.
pub(crate) fn nfc(text: String) -> String {
    match is_nfc(&text) {
        true => text,
        false => text.nfc().collect(),
    }
}

/// Brings a value of `field` into the form in which it is stored and asked for: in a city
/// or a keyword, a fixed space is one like the others.
pub(crate) fn form(field: &str, text: String) -> String {
    let is_fixed = |char: char| matches!(char, '\u{a0}' | '\u{202f}');
    match matches!(field, "city" | "keyword") && text.contains(is_fixed) {
        true => nfc(text.replace(is_fixed, " ")),
        false => nfc(text),
    }
}

/// Brings a value of `field` into the form in which it is stored. A value that offers
/// are found by is one line.
///
/// # Errors
/// The fault, as words that follow the field's name.
pub(crate) fn clean(field: &str, value: &str) -> Result<String, String> {
    let is_key = matches!(field, "id" | "city" | "keyword");
    let is_break = |char: char| matches!(char, '\t' | '\n' | '\r');
    // SQS does not take the last two, which are no characters.
    let is_refused = |char: &char| {
        (char.is_control() && !is_break(*char)) || matches!(char, '\u{fffe}' | '\u{ffff}')
    };
    if let Some(char) = value.chars().find(is_refused) {
        let code = u32::from(char);
        return Err(format!("contains the control character U+{code:04X}"));
    }
    let value = match is_key {
        true => value.replace("\r\n", " ").replace(is_break, " "),
        false => value.to_owned(),
    };
    let value = form(field, value);
    let (bytes, limit) = (value.len(), JobOffer::max_bytes(field));
    if bytes > limit {
        return Err(format!(
            "is {bytes} bytes long: at most {limit} are allowed"
        ));
    }
    Ok(value)
}
