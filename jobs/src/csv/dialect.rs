//! The way in which a program writes its rows, as far as it shows in the rows.

use csv_core::{Reader, ReaderBuilder};

use super::separator;

mod plain;

/// The signs between and around the cells of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// The separator, once it is known.
    pub(super) separator: Option<u8>,
    quote: u8,
    /// True if a backslash goes before a quote that is part of a value.
    escapes: bool,
    /// The number of cells in the header.
    columns: usize,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            separator: None,
            quote: b'"',
            escapes: false,
            columns: 0,
        }
    }
}

impl Dialect {
    /// The dialect of a file with this header; `text` is its start.
    pub(super) fn of_header(line: &[u8], separator: u8, text: &[u8]) -> Self {
        let is_single = line.trim_ascii_start().starts_with(b"'");
        let mut dialect = Self {
            separator: Some(separator),
            quote: if is_single { b'\'' } else { b'"' },
            ..Self::default()
        };
        dialect.columns = dialect.cells(line).len();
        dialect.escapes = dialect.holds_escape(text);
        dialect
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

    /// Reads records whose quotes are doubled.
    pub(super) fn plain_reader(&self) -> Reader {
        let escapes = false;
        Self { escapes, ..*self }.reader()
    }

    /// Returns true if a record shows that the file is written otherwise than it seemed:
    /// `line` is one that makes a single cell, and may be a header with another separator.
    pub(super) fn learn(&mut self, record: &[u8], line: Option<&[u8]>) -> bool {
        let other = line.and_then(separator::of_header);
        let other = other.filter(|other| *other != self.separator());
        if let (Some(line), Some(_)) = (line, other) {
            self.separator = other;
            self.columns = self.cells(line).len();
        }
        let is_escaped = !self.escapes && record.contains(&b'\\') && self.is_escaped(record);
        self.escapes |= is_escaped;
        is_escaped || other.is_some()
    }

    /// Returns true if a backslash goes before quotes in a record, as MySQL, Spark and Python
    /// write it.
    fn is_escaped(&self, record: &[u8]) -> bool {
        if self.holds_escape(record) {
            return true;
        }
        let mut lines = record.split(|byte| matches!(byte, b'\r' | b'\n'));
        let line = self.without_spaces(lines.next().unwrap_or_default());
        if self.is_well_quoted(record) {
            // Without quotes around it, a cell has no quotes that are doubled.
            let cells = self.cells(&line).into_iter();
            let mut cells = cells.filter(|cell| cell.first() != Some(&self.quote));
            let is_line = lines.next().is_none();
            return is_line && cells.any(|cell| self.escaped_quotes(cell).next().is_some());
        }
        let escapes = true;
        self.escaped_quotes(&line).next().is_some()
            && Self { escapes, ..*self }.is_well_quoted(&line)
    }

    /// Returns true if a quote after a backslash ends no cell.
    fn holds_escape(&self, text: &[u8]) -> bool {
        let mut after = self.escaped_quotes(text).map(|at| &text[at + 1..]);
        after.any(|rest| rest.first() != Some(&self.quote) && !self.is_end(rest))
    }

    /// The places of quotes after a backslash that is none of two.
    fn escaped_quotes<'a>(&self, text: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let quote = self.quote;
        let mut is_escaped = false;
        text.iter().enumerate().filter_map(move |(at, byte)| {
            let was_escaped = std::mem::take(&mut is_escaped);
            is_escaped = *byte == b'\\' && !was_escaped;
            (was_escaped && *byte == quote).then_some(at)
        })
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
    /// before the cell's end, with nothing but spaces between.
    pub(super) fn is_well_quoted(&self, record: &[u8]) -> bool {
        let mut rest = record;
        loop {
            if rest.first() == Some(&self.quote) {
                let Some(end) = self.quoted(rest) else {
                    return false;
                };
                rest = &rest[end..];
                if !self.is_end(rest) {
                    return false;
                }
            }
            let Some(end) = rest.iter().position(|byte| *byte == self.separator()) else {
                return true;
            };
            rest = &rest[end + 1..];
        }
    }

    /// Returns true if a cell ends before `rest`, or before the spaces in front of it.
    fn is_end(&self, rest: &[u8]) -> bool {
        let next = rest.iter().find(|byte| **byte != b' ');
        next.is_none_or(|byte| [self.separator(), b'\r', b'\n'].contains(byte))
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
}
