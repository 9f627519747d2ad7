//! How new what is stored of an offer is, so that an older word never replaces a
//! newer one, in whatever order they arrive and however often.

use jiff::Timestamp;

/// The version of what is said now.
pub(crate) fn now(now: Timestamp) -> String {
    now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// The version of a line of a file: a later file wins, and in one file the later
/// line. Versions compare as text.
pub(crate) fn of_line(uploaded: Timestamp, line: u64) -> String {
    format!("{}#{line:012}", now(uploaded))
}
