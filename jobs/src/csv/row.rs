//! The cells of a row as an offer: what is no part of a value is trimmed off, and
//! what is compared with what others wrote is brought into one form.

use std::borrow::Cow;

use shared::jobs::JobOffer;

use super::header::Columns;
use crate::text;

/// The words for a missing value, beside an empty one: SQL Server's tools,
/// MySQL's and R.
const MISSING: [&str; 3] = ["NULL", "\\N", "NA"];

/// Returns true if a row is as good as an empty line.
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

/// Returns true if both lines have as many separators as a row has: a text of several lines
/// has the separators of its row on no line, and a quote too many on each.
pub(super) fn are_rows(columns: &Columns, separator: u8, lines: [&[u8]; 2]) -> bool {
    lines.into_iter().all(|line| {
        let separators = line.iter().filter(|byte| **byte == separator);
        separators.count() + 1 >= columns.len()
    })
}

/// The offer in a row, or what is wrong with it.
pub(super) fn offer(columns: &Columns, cells: Vec<Cow<'_, str>>) -> Result<JobOffer, String> {
    let mut offer = JobOffer::default();
    for (field, cell) in columns.pair(cells) {
        let value = cell.trim_matches(|char: char| {
            char.is_whitespace() || matches!(char, '\0' | '\u{1a}' | '\u{feff}')
        });
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
