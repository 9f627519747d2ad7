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

/// Checks that a row has the columns of its file; empty ones may follow.
pub(super) fn check_columns(columns: &Columns, cells: &[&[u8]]) -> Result<(), String> {
    let expected = columns.len();
    let found = match cells.get(expected..) {
        Some(more) if is_blank(more) => return Ok(()),
        _ => cells.len(),
    };
    let noun = if found == 1 { "column" } else { "columns" };
    Err(format!("the row has {found} {noun} instead of {expected}"))
}

/// Reads the offer of a row; the error is the fault, in a sentence.
pub(super) fn offer(columns: &Columns, cells: Vec<Cow<'_, str>>) -> Result<JobOffer, String> {
    let mut offer = JobOffer::default();
    for (field, cell) in columns.pair(cells) {
        let value = cell.trim_matches(|char: char| {
            char.is_whitespace() || matches!(char, '\0' | '\u{1a}' | '\u{feff}')
        });
        let value = without_formula(value);
        if value.is_empty() || MISSING.contains(&value) {
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

/// The text in `="…"`, in which exports hide numbers from Excel that have zeros in front.
fn without_formula(value: &str) -> &str {
    let text = value.strip_prefix("=\"");
    let text = text.and_then(|text| text.strip_suffix('"'));
    text.filter(|text| !text.contains('"'))
        .unwrap_or(value)
        .trim()
}
