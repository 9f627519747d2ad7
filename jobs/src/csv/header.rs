//! The header: which column of the file is which field.

use std::str;

use shared::jobs::JobOffer;

use super::Rejected;

/// What the first record of a file said.
pub(super) enum Header {
    /// It has not come yet.
    Unread,
    /// The field of each column.
    Columns(Vec<&'static str>),
    /// It was no header, so no row can be read.
    Refused,
}

/// How a value says that it is missing, beside being empty.
const NULL: &str = "NULL";

impl Header {
    /// Reads the first record. A bad one is told once; what is told of each row
    /// after it would be the same.
    pub(super) fn parse(cells: Result<Vec<&[u8]>, String>) -> (Self, Option<String>) {
        match cells.and_then(|cells| columns(&cells)) {
            Ok(columns) => (Self::Columns(columns), None),
            Err(fault) => {
                let reason = format!("{fault}, so no row of the file can be read");
                (Self::Refused, Some(reason))
            }
        }
    }

    /// What there is to say of a file that ended before its header.
    pub(super) fn missing(&self) -> Option<Rejected> {
        matches!(self, Self::Unread).then(|| Rejected {
            line: 1,
            reason: "the file is empty: it has no header".to_owned(),
        })
    }
}

fn columns(cells: &[&[u8]]) -> Result<Vec<&'static str>, String> {
    let mut columns = Vec::new();
    for cell in cells {
        let name = str::from_utf8(cell).map_err(|_| "the header is not UTF-8")?;
        let name = name.trim();
        let known = JobOffer::FIELDS.into_iter().find(|field| *field == name);
        let Some(field) = known else {
            let name: String = name.chars().take(50).collect();
            return Err(format!("the header has an unknown column {name:?}"));
        };
        if columns.contains(&field) {
            return Err(format!("the header has the column {field:?} twice"));
        }
        columns.push(field);
    }
    match JobOffer::FIELDS.iter().find(|f| !columns.contains(f)) {
        Some(missing) => Err(format!("the header lacks the column {missing:?}")),
        None => Ok(columns),
    }
}

/// The offer in a row, or what is wrong with it.
pub(super) fn offer(columns: &[&'static str], cells: &[&[u8]]) -> Result<JobOffer, String> {
    if cells.len() != columns.len() {
        let (found, expected) = (cells.len(), columns.len());
        return Err(format!("the row has {found} columns instead of {expected}"));
    }
    let mut offer = JobOffer::default();
    for (field, cell) in columns.iter().zip(cells) {
        let value = str::from_utf8(cell).map_err(|_| format!("`{field}` is not UTF-8"))?;
        let value = value.trim();
        if value == NULL {
            continue;
        }
        let limit = JobOffer::max_bytes(field);
        if value.len() > limit {
            let bytes = value.len();
            return Err(format!(
                "`{field}` is {bytes} bytes long: at most {limit} are allowed"
            ));
        }
        // SQS takes all text but these two: they are no characters.
        if value.contains(['\u{fffe}', '\u{ffff}']) {
            return Err(format!("`{field}` contains what is no character"));
        }
        if let Some(place) = offer.get_mut(field) {
            value.clone_into(place);
        }
    }
    for (field, value) in [("id", &offer.id), ("city", &offer.city)] {
        if value.is_empty() {
            return Err(format!("`{field}` is missing"));
        }
    }
    Ok(offer)
}
