//! Phone numbers as links dial them, by RFC 3966.

/// The words before an extension.
const EXTENSIONS: [&str; 6] = ["extension", "ext.", "ext", "durchwahl", "poste", "x"];

/// The first number of a text, with its extension; none where the text holds no
/// number.
pub(crate) fn dialled(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let (number, extension) = split_extension(first(text));
    // The (0) of `+44 (0)113 …` is dialled inside the country only.
    let abroad = number.trim_start_matches(|c: char| !c.is_numeric() && c != '+' && c != '＋');
    let is_abroad = abroad.starts_with(['+', '＋']) || abroad.starts_with("00");
    let number = match is_abroad {
        true => abroad.replace("(0)", ""),
        false => abroad.to_owned(),
    };
    let digits = digits(&number);
    // Three digits are an emergency call, and more than fifteen are no number.
    if !(4..=17).contains(&digits.len()) {
        return None;
    }
    let plus = if abroad.starts_with(['+', '＋']) {
        "+"
    } else {
        ""
    };
    let extension = extension
        .map(|digits| format!(";ext={digits}"))
        .unwrap_or_default();
    Some(format!("{plus}{digits}{extension}"))
}

/// The text up to where another number starts.
fn first(text: &str) -> &str {
    let has_number = |at: &usize| digits(&text[..*at]).len() > 5;
    let places = |mark: &str| -> Option<usize> {
        text.match_indices(mark).map(|(at, _)| at).find(has_number)
    };
    // A slash parts numbers, and also an area code from the rest: 030/123.
    let marks = [",", ";", "|", "\n", "/", " or ", "+"];
    let at = marks.into_iter().filter_map(places).min();
    match at {
        // An extension may stand after a comma.
        Some(at) if split_extension(text).1.is_some() && digits(&text[at..]).len() < 6 => text,
        Some(at) => &text[..at],
        None => text,
    }
}

/// The number, and the digits after a word for an extension.
fn split_extension(text: &str) -> (&str, Option<String>) {
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return (text, None);
    }
    for word in EXTENSIONS {
        if let Some(at) = lower.find(word) {
            let extension = digits(&text[at..]);
            if (1..=6).contains(&extension.len()) && digits(&text[..at]).len() > 3 {
                return (&text[..at], Some(extension));
            }
        }
    }
    (text, None)
}

/// The digits of a text, as ASCII has them.
fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '0'..='9' => Some(c),
            '\u{660}'..='\u{669}' => char::from_digit(c as u32 - 0x660, 10),
            '\u{6F0}'..='\u{6F9}' => char::from_digit(c as u32 - 0x6F0, 10),
            '\u{FF10}'..='\u{FF19}' => char::from_digit(c as u32 - 0xFF10, 10),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn a_link_dials_the_first_number_and_its_extension() {
        for (text, number) in [
            ("+44 (0)113 496 0184", "+441134960184"),
            ("+1 (555) 010-9999 ext. 42", "+15550109999;ext=42"),
            ("+1 555 010 9999, ext 42", "+15550109999;ext=42"),
            ("030 1234567 / 0171 7654321", "0301234567"),
            ("030/1234567", "0301234567"),
            ("+49 30 1234567, +49 171 7654321", "+49301234567"),
            ("+49301234567 or 0171 7654321", "+49301234567"),
            ("tel:+1-555-010-9999", "+15550109999"),
            ("Mobile: 0171 7654321", "01717654321"),
            ("0171 7654321 x9", "01717654321;ext=9"),
            ("٠٥٠ ٠٠٠ ٠٠٠٠", "0500000000"),
        ] {
            assert_eq!(dialled(text).as_deref(), Some(number), "{text}");
        }
        for text in ["Upon request", "", "n/a", "call 112"] {
            assert_eq!(dialled(text), None, "{text}");
        }
    }
}
