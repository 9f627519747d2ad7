//! Tells a text of several lines, which one row holds in quotes, from several rows, the
//! first of which has a quote that is not closed.

use super::dialect::Dialect;
use super::header::Columns;
use super::row;

/// The meaning of a record's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// They are one row.
    Text,
    /// They are one row, since a column that is not read may hold anything; but they look
    /// like several.
    LikeRows,
    /// They are several rows.
    Rows,
}

/// Looks at the lines of a record, which has more than one. `fits` says that its number of
/// cells is that of a row.
pub(super) fn lines(dialect: &Dialect, record: &[u8], columns: &Columns, fits: bool) -> Lines {
    let lines = record.split(|byte| matches!(byte, b'\r' | b'\n'));
    let mut lines = lines.filter(|line| !line.is_empty());
    let mut next = || lines.next().map(|line| dialect.cells(line));
    let (Some(first), Some(second)) = (next(), next()) else {
        return Lines::Text;
    };
    let (id, _) = columns.key(&first);
    let is_well_quoted = dialect.is_well_quoted(record);
    let are_rows = if is_well_quoted {
        // By its quotes it is one row. Its lines have to look much like rows to be some.
        let last = lines.next_back().map(|line| dialect.cells(line));
        row::check_columns(columns, &first).is_ok()
            && row::is_like(columns, id, &second)
            && row::is_like(columns, id, last.as_ref().unwrap_or(&second))
    } else {
        // A row with a text of several lines has its separators spread over them.
        !fits || first.len().min(second.len()) >= columns.len()
    };
    let is_ours = |column| columns.has_field(column);
    let open = first.iter().position(|cell| dialect.is_open(cell));
    match are_rows {
        false => Lines::Text,
        true if fits && is_well_quoted && !open.is_some_and(is_ours) => Lines::LikeRows,
        true => Lines::Rows,
    }
}

/// A row that is too long since a quote is open at the end of its first line.
pub(super) struct Text {
    /// Its id.
    id: Vec<u8>,
    /// True if the next line looks like a row.
    pub(super) are_rows: bool,
}

impl Text {
    /// Looks at the first lines of a record that is too long; `None` where the first line
    /// closes its quotes.
    pub(super) fn find(dialect: &Dialect, record: &[u8], columns: &Columns) -> Option<Self> {
        let mut lines = record.split(|byte| matches!(byte, b'\r' | b'\n'));
        let first = lines.next()?;
        if !dialect.toggles(first) {
            return None;
        }
        let first = dialect.cells(first);
        let second = lines.find(|line| !line.is_empty())?;
        let id = columns.key(&first).0.to_vec();
        let are_rows = row::check_columns(columns, &first).is_ok()
            && row::is_like(columns, &id, &dialect.cells(second));
        Some(Self { id, are_rows })
    }

    /// Returns true if a line looks like a row, so the quote was never closed.
    pub(super) fn ends_before(&self, dialect: &Dialect, line: &[u8], columns: &Columns) -> bool {
        row::is_like(columns, &self.id, &dialect.cells(line))
    }
}
