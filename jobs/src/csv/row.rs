//! Turns the cells of a row into an offer: trims what is no part of a value, and brings
//! values that are compared into one form.

use std::borrow::Cow;

use shared::jobs::JobOffer;

use super::header::Columns;
use crate::text;

/// The words for a missing value, beside an empty one: those of databases and their
/// tools, of R, pandas, SAS and Excel.
const MISSING: [&str; 11] = [
    "NULL", "null", "\\N", "[NULL]", "(null)", "<null>", "NA", "NaN", "nan", ".", "#N/A",
];

/// Returns true if no cell of a row holds anything but blanks.
pub(super) fn is_blank(cells: &[&[u8]]) -> bool {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1a);
    cells.iter().all(|cell| cell.iter().all(is_blank))
}

/// Returns true if a row is a line of dashes, which clients of databases draw under a header
/// and around a table.
pub(super) fn is_rule(cells: &[&[u8]]) -> bool {
    let mut bytes = cells.iter().copied().flatten().peekable();
    bytes.peek().is_some() && bytes.all(|byte| b"-=+|: ".contains(byte))
}

/// Checks that a row has the columns of its file; empty ones may follow. A single one is
/// rather the trace of a separator inside of a value, unless the file has it in other rows.
pub(super) fn check_columns(columns: &Columns, cells: &[&[u8]]) -> Result<(), String> {
    let expected = columns.len();
    let may_follow = |more: &[&[u8]]| match (more.len(), columns.has_tail) {
        (1, Some(has_tail)) => has_tail,
        (1, None) => !is_shifted(columns, cells),
        _ => true,
    };
    match cells.get(expected..) {
        Some(more) if is_blank(more) && may_follow(more) => Ok(()),
        _ => Err(wrong_columns(columns, cells)),
    }
}

/// Checks the same for a row whose quotes are in disorder, which may have separators inside of
/// them: empty columns follow only where the file has them.
pub(super) fn check_loose_columns(columns: &Columns, cells: &[&[u8]]) -> Result<(), String> {
    match cells.len() > columns.len() && columns.has_tail != Some(true) {
        true => Err(wrong_columns(columns, cells)),
        false => check_columns(columns, cells),
    }
}

fn wrong_columns(columns: &Columns, cells: &[&[u8]]) -> String {
    let (found, expected) = (cells.len(), columns.len());
    let noun = if found == 1 { "column" } else { "columns" };
    format!("the row has {found} {noun} instead of {expected}")
}

/// Returns true if a line looks like a row of a file in which `other` is an id: it has the
/// columns of the file, with a city, and an id that has digits where the other has some.
pub(super) fn is_like(columns: &Columns, other: &[u8], line: &[&[u8]]) -> bool {
    let has_digit = |id: &[u8]| id.iter().any(u8::is_ascii_digit);
    let (id, city) = columns.key(line);
    !id.is_empty()
        && !city.is_empty()
        && has_digit(id) == has_digit(other)
        && check_columns(columns, line).is_ok()
}

/// Returns true if values stand under the names of others: an address without any of its
/// signs, or a date without a digit.
fn is_shifted(columns: &Columns, cells: &[&[u8]]) -> bool {
    columns.pair(cells.iter().copied()).any(|(field, cell)| {
        let Ok(value) = str::from_utf8(cell.trim_ascii()) else {
            return false;
        };
        let is_strange = match field {
            "url" => !value.contains(['.', ':', '/']),
            "created_date" => !value.contains(|char: char| char.is_numeric()),
            _ => false,
        };
        is_strange && !is_missing(value)
    })
}

/// Returns true for a value that says that there is none.
fn is_missing(value: &str) -> bool {
    value.is_empty() || MISSING.contains(&value)
}

/// Reads the offer of a row; the error is the fault, in a sentence.
pub(super) fn offer(columns: &Columns, cells: Vec<Cow<'_, str>>) -> Result<JobOffer, String> {
    let mut offer = JobOffer::default();
    for (field, cell) in columns.pair(cells) {
        let value = cell.trim_matches(is_unseen);
        let value = without_formula(value);
        if is_missing(value) {
            continue;
        }
        let value = text::clean(field, value).map_err(|fault| format!("`{field}` {fault}"))?;
        if let Some(place) = offer.get_mut(field) {
            *place = value;
        }
    }
    for (field, value) in [("id", &offer.id), ("city", &offer.city)] {
        if value.is_empty() {
            return Err(format!("`{field}` is missing"));
        }
    }
    Ok(offer)
}

/// Returns true for spaces and signs that nobody sees: ends of texts, spaces without width
/// and marks of the direction, which come along where a text is copied from a page.
fn is_unseen(char: char) -> bool {
    let is_mark = matches!(char, '\0' | '\u{1a}' | '\u{200b}' | '\u{200e}' | '\u{200f}');
    let is_mark = is_mark || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}');
    is_mark || char.is_whitespace()
}

/// The text in `="…"`, in which exports hide numbers from Excel that have zeros in front.
fn without_formula(value: &str) -> &str {
    let text = value.strip_prefix("=\"");
    let text = text.and_then(|text| text.strip_suffix('"'));
    text.filter(|text| !text.contains('"'))
        .unwrap_or(value)
        .trim()
}
