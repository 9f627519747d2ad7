//! Words for what cannot be read: those of the parsers are about their own work.

use serde_json::error::Category;

use crate::number;

pub(super) fn of_json(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match (error.classify(), line) {
        (Category::Data, _) => error
            .to_string()
            .replace(&format!(" at line {line} column {column}"), "")
            .replace("expected u64", "expected a whole number"),
        (_, 0 | 1) => format!("this is not JSON, from column {column} on"),
        _ => format!("this is not JSON, from line {line}, column {column} on"),
    }
}

pub(super) fn of_csv(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "the line has {} instead of {expected_len}",
            number::of(*len, "field")
        ),
        csv::ErrorKind::Utf8 { .. } => "this is not UTF-8".to_owned(),
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        _ => error.to_string(),
    }
}
