//! The way in which a program writes its rows, as far as it shows in the rows.

use csv_core::{Reader, ReaderBuilder};

use super::separator;

/// The signs between and around the cells of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// The separator, once it is known.
    pub(super) separator: Option<u8>,
    quote: u8,
    /// True if a backslash goes before a quote inside of quotes.
    escapes: bool,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            separator: None,
            quote: b'"',
            escapes: false,
        }
    }
}

impl Dialect {
    /// The dialect of a file with this header.
    pub(super) fn of_header(line: &[u8], separator: u8) -> Self {
        let is_single = line.trim_ascii_start().starts_with(b"'");
        Self {
            separator: Some(separator),
            quote: if is_single { b'\'' } else { b'"' },
            escapes: false,
        }
    }

    pub(super) fn separator(&self) -> u8 {
        self.separator.unwrap_or(b',')
    }

    pub(super) fn reader(&self) -> Reader {
        ReaderBuilder::new()
            .delimiter(self.separator())
            .quote(self.quote)
            .escape(self.escapes.then_some(b'\\'))
            .build()
    }

    /// Returns true if a record shows that the file is written otherwise than it seemed:
    /// `line` is one that makes a single cell, and may be a header with another separator.
    pub(super) fn learn(&mut self, record: &[u8], line: Option<&[u8]>) -> bool {
        let other = line.and_then(separator::of_header);
        let other = other.filter(|other| *other != self.separator());
        let is_escaped = !self.escapes && self.holds_escape(record);
        self.escapes |= is_escaped;
        self.separator = other.or(self.separator);
        is_escaped || other.is_some()
    }

    /// Returns true if a quote after a backslash ends no cell, as MySQL and Spark write it.
    fn holds_escape(&self, record: &[u8]) -> bool {
        let ends = [self.separator(), self.quote, b'\r', b'\n'];
        record
            .windows(3)
            .any(|bytes| bytes[0] == b'\\' && bytes[1] == self.quote && !ends.contains(&bytes[2]))
    }

    /// A record that is to be read instead, if its cells show that there is one: what is in
    /// the quotes around a whole row, as it is saved after it was opened with another
    /// separator; or a row with quotes after spaces, without those.
    pub(super) fn plain(&self, record: &[u8], cells: &[&[u8]]) -> Option<Vec<u8>> {
        if let [cell] = cells {
            let is_row = cell.contains(&self.separator());
            return is_row.then(|| cell.to_vec());
        }
        let opens = |cell: &&[u8]| {
            cell.first() == Some(&b' ') && cell.trim_ascii_start().first() == Some(&self.quote)
        };
        let is_spaced = cells.iter().any(opens);
        is_spaced.then(|| self.without_spaces(record))
    }

    /// The cells of a line that may be a row, as they are written. A separator in quotes
    /// counts as one where the line does not close them.
    pub(super) fn cells<'a>(&self, line: &'a [u8]) -> Vec<&'a [u8]> {
        let mut cells = Vec::new();
        let mut start = 0;
        loop {
            let cell = &line[start..];
            let quoted = self.quoted(cell).unwrap_or_default();
            let end = cell[quoted..]
                .iter()
                .position(|byte| *byte == self.separator());
            let Some(end) = end else {
                cells.push(cell);
                return cells;
            };
            cells.push(&cell[..quoted + end]);
            start += quoted + end + 1;
        }
    }

    /// Returns true if every quote that opens a cell of a record has one that closes it
    /// right before the cell's end.
    pub(super) fn is_well_quoted(&self, record: &[u8]) -> bool {
        let mut rest = record;
        loop {
            if rest.first() == Some(&self.quote) {
                let Some(end) = self.quoted(rest) else {
                    return false;
                };
                rest = &rest[end..];
                let ends = [self.separator(), b'\r', b'\n'];
                if rest.first().is_some_and(|byte| !ends.contains(byte)) {
                    return false;
                }
            }
            let Some(end) = rest.iter().position(|byte| *byte == self.separator()) else {
                return true;
            };
            rest = &rest[end + 1..];
        }
    }

    /// Returns true if a cell, as it is written, opens quotes and does not close them.
    pub(super) fn is_open(&self, cell: &[u8]) -> bool {
        cell.first() == Some(&self.quote) && self.quoted(cell).is_none()
    }

    /// The bytes that are in quotes at the start of `text`, with their quotes.
    fn quoted(&self, text: &[u8]) -> Option<usize> {
        let inside = text.strip_prefix(&[self.quote])?;
        self.closing_quote(inside).map(|end| end + 2)
    }

    /// The place of the quote that ends a cell whose first quote is before `rest`.
    fn closing_quote(&self, rest: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let is_pair = rest.get(at + 1) == Some(&self.quote);
            match *rest.get(at)? {
                b'\\' if self.escapes => at += 2,
                byte if byte == self.quote && is_pair => at += 2,
                byte if byte == self.quote => return Some(at),
                _ => at += 1,
            }
        }
    }

    /// Returns true if a line that starts inside of quotes ends outside, or the other way.
    pub(super) fn toggles(&self, line: &[u8]) -> bool {
        let mut toggles = false;
        let mut bytes = line.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' if self.escapes => _ = bytes.next(),
                byte => toggles ^= *byte == self.quote,
            }
        }
        toggles
    }

    /// Returns true if there is a quote in what was read of cells.
    pub(super) fn has_quote(&self, bytes: &[u8]) -> bool {
        bytes.contains(&self.quote)
    }

    /// A record without the spaces between separators and quotes.
    fn without_spaces(&self, record: &[u8]) -> Vec<u8> {
        let mut tight = Vec::with_capacity(record.len());
        let mut is_quoted = false;
        let mut rest = record;
        while let Some((byte, after)) = rest.split_first() {
            let last = tight.last();
            let is_start = last.is_none_or(|last| *last == self.separator());
            if *byte == b' ' && !is_quoted {
                let end = rest.iter().position(|byte| *byte != b' ');
                let (spaces, after) = rest.split_at(end.unwrap_or(rest.len()));
                let opens = is_start && after.first() == Some(&self.quote);
                let closes = last == Some(&self.quote) && after.first() == Some(&self.separator());
                if !opens && !closes {
                    tight.extend_from_slice(spaces);
                }
                rest = after;
                continue;
            }
            if *byte == self.quote && (is_quoted || is_start) {
                is_quoted = !is_quoted;
            }
            tight.push(*byte);
            rest = after;
        }
        tight
    }
}
