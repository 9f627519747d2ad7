//! A badge as SVG: a label on grey, and the number on a colour.

use std::fmt::Write;

use super::Badge;

/// Space beside a text, in pixels.
const PADDING: f64 = 6.0;
const HEIGHT: u32 = 20;

/// The badge with `message` on its right.
pub(super) fn picture(badge: &Badge, message: &str) -> String {
    let Badge {
        label,
        color,
        is_square,
    } = badge;
    let left = if label.is_empty() {
        0.0
    } else {
        width(label) + 2.0 * PADDING
    };
    let right = width(message) + 2.0 * PADDING;
    let whole = left + right;
    let radius = if *is_square { 0 } else { 3 };
    let (label, message) = (escaped(label), escaped(message));
    let name = if label.is_empty() {
        message.clone()
    } else {
        format!("{label}: {message}")
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.0}\" height=\"{HEIGHT}\" \
         role=\"img\" aria-label=\"{name}\"><title>{name}</title>\
         <clipPath id=\"c\"><rect width=\"{whole:.0}\" height=\"{HEIGHT}\" rx=\"{radius}\"/></clipPath>\
         <g clip-path=\"url(#c)\"><path fill=\"#555\" d=\"M0 0h{left:.0}v{HEIGHT}H0z\"/>\
         <path fill=\"{color}\" d=\"M{left:.0} 0h{right:.0}v{HEIGHT}h-{right:.0}z\"/></g>\
         <g text-anchor=\"middle\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\">"
    );
    let ink = if is_light(color) { "#333" } else { "#fff" };
    for (text, start, end, ink) in [(&label, 0.0, left, "#fff"), (&message, left, whole, ink)] {
        if !text.is_empty() {
            let (middle, length) = ((start + end) / 2.0, end - start - 2.0 * PADDING);
            // The length holds in whatever font the reader has.
            let _ = write!(
                svg,
                "<text x=\"{middle:.1}\" y=\"14\" fill=\"{ink}\" textLength=\"{length:.1}\" \
                 lengthAdjust=\"spacingAndGlyphs\">{text}</text>"
            );
        }
    }
    svg + "</g></svg>"
}

/// The width of a text in Verdana of 11 pixels, about.
fn width(text: &str) -> f64 {
    let widths = text.chars().map(|letter| match letter {
        'i' | 'j' | 'l' | 'I' | '\'' | '|' => 3.4,
        ' ' | ',' | '.' | ':' | ';' | 'f' | 't' | '!' | '(' | ')' | '[' | ']' => 4.3,
        'r' | '-' | '/' | '\\' | '"' => 5.0,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 10.3,
        '+' | '<' | '=' | '>' | '~' | '#' | '&' => 8.8,
        'A'..='Z' => 7.6,
        ' '..='~' => 6.8,
        // Letters of other scripts may be as wide as they are high.
        _ => 11.0,
    });
    widths.sum::<f64>().ceil()
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML has no such characters.
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// True if dark letters are easier to read on `color`: by its luma of Rec. 601.
fn is_light(color: &str) -> bool {
    let digits: Vec<_> = color
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    let parts = match *digits.as_slice() {
        [red, green, blue] => [red * 17, green * 17, blue * 17],
        [a, b, c, d, e, f] => [a * 16 + b, c * 16 + d, e * 16 + f],
        _ => return false,
    };
    parts[0] * 299 + parts[1] * 587 + parts[2] * 114 > 175_000
}
