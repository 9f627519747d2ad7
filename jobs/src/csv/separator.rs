//! Finds the separator of a file's cells in its first lines.

use super::{header, row};

/// The purpose of a line before the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstLine {
    /// It names the separator, as Excel has it: `sep=;`.
    Separator(u8),
    /// It is a remark, such as PowerShell's `#TYPE`, or the upper edge of a table.
    Comment,
    /// It is the header, whose cells this byte separates.
    Header(u8),
}

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Reads a line; `hint` is the separator that a line before it named.
pub(super) fn read(line: &[u8], hint: Option<u8>) -> FirstLine {
    if let Some(separator) = named(line) {
        return FirstLine::Separator(separator);
    }
    let candidates = hint.into_iter().chain(SEPARATORS);
    let known = candidates.map(|separator| (separator, known_names(line, separator)));
    // Of several that are as good, the first.
    let best = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
    let (separator, names) = best.unwrap_or((b',', 0));
    if names < 2 && (line.starts_with(b"#") || row::is_rule(&[line])) {
        return FirstLine::Comment;
    }
    FirstLine::Header(separator)
}

fn named(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let value = match line.split_at_checked(4)? {
        (word, value) if word.eq_ignore_ascii_case(b"sep=") => value,
        _ => return None,
    };
    match value {
        // A tab is trimmed off.
        [] | b"\\t" | b"\\t\"" | b"\t\"" | b"\"" => Some(b'\t'),
        [separator] | [separator, b'"'] if separator.is_ascii() => Some(*separator),
        // Some programs end every line with as many separators as there are columns.
        [separator, rest @ ..] if rest.iter().all(|byte| b",;\t|\"".contains(byte)) => {
            Some(*separator)
        }
        _ => None,
    }
}

fn known_names(line: &[u8], separator: u8) -> usize {
    let names = line.split(|byte| *byte == separator);
    let known = names.filter(|name| header::field(&String::from_utf8_lossy(name)).is_some());
    known.count()
}
