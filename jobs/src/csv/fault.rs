//! What may be wrong with a record.

use super::records::MAX_ROW_BYTES;

/// A record that was found, and not yet taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) fault: Option<Fault>,
    /// True if it goes on beyond its first line.
    pub(super) goes_on: bool,
    /// True if quotes that open its cells are not closed right before their ends.
    pub(super) is_loose: bool,
}

/// A fault of a record that shows before its cells are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    TooLong,
    OpenQuote,
}

/// A reason why a record is no offer.
pub(super) enum Unusable {
    /// Its first line is none; the lines after it may be.
    Line(String),
    /// The whole record is none.
    Record(String),
}

impl Fault {
    pub(super) fn sentence(self) -> String {
        match self {
            Self::TooLong => format!("the row is longer than {MAX_ROW_BYTES} bytes"),
            Self::OpenQuote => "a quote is opened and not closed".to_owned(),
        }
    }
}
