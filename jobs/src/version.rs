//! The version of an offer, so that an older offer never replaces a newer one, in
//! whatever order they arrive and however often. Versions have the times of the log's
//! clock, which never goes back.

use jiff::Timestamp;

/// The version of a write at a time.
pub(crate) fn at(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The version of a line of a file: a later file wins, and in one file the later
/// line. Versions compare as text.
pub(crate) fn of_line(file: &str, line: u64) -> String {
    format!("{file}#{line:012}")
}
