//! Finds the records of a file, and holds one at a time. A record has the number of its
//! first line, whatever ends the lines; a quote that is not closed spoils its own line
//! and none after it.

use csv_core::{ReadRecordResult, Reader};

use super::dialect::Dialect;
use super::fault::{Fault, Found};
use super::separator::{self, FirstLine};

/// The most bytes of a row: all of its values at their longest, with room to spare.
pub(super) const MAX_ROW_BYTES: usize = 64 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";
/// The sign with which old systems end a text, Ctrl-Z.
const END_OF_TEXT: u8 = 0x1a;

/// Finds the records in the text that was pushed.
pub(super) struct Records {
    raw: Vec<u8>,
    /// The start in `raw` of the record under way.
    start: usize,
    /// Its line; the first is 1.
    line: u64,
    /// True if a line feed at `start` belongs to the line before.
    after_return: bool,
    /// The number of its bytes that `core` has read.
    read: usize,
    core: Option<Reader>,
    dialect: Dialect,
    /// The last line before the header that says something else.
    preamble: u64,
    cells: Box<[u8]>,
    cells_len: usize,
    ends: Box<[usize]>,
    ends_len: usize,
    /// True while the rest of a line that is too long is passed over.
    is_skipping: bool,
    /// True when no more text will come.
    has_ended: bool,
}

impl Default for Records {
    fn default() -> Self {
        Self {
            raw: Vec::new(),
            start: 0,
            line: 1,
            after_return: false,
            read: 0,
            core: None,
            dialect: Dialect::default(),
            preamble: 0,
            // One more than is ever read, so that neither is ever full.
            cells: vec![0; MAX_ROW_BYTES + 2].into(),
            cells_len: 0,
            ends: vec![0; MAX_ROW_BYTES + 2].into(),
            ends_len: 0,
            is_skipping: false,
            has_ended: false,
        }
    }
}

impl Records {
    /// The buffer to which more text is appended.
    pub(super) fn text(&mut self) -> &mut Vec<u8> {
        if self.start >= MAX_ROW_BYTES {
            self.raw.drain(..self.start);
            self.start = 0;
        }
        &mut self.raw
    }

    /// Says that there is no more text.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }

    /// The last line before the header that says something else, or 0.
    pub(super) fn preamble(&self) -> u64 {
        self.preamble
    }

    /// The line of the record that was found.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The bytes of its cells, one after the other, without quotes and separators.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.cells[..self.cells_len]
    }

    /// Its cells.
    pub(super) fn cells(&self) -> Vec<&[u8]> {
        let mut start = 0;
        let mut cell = |end| {
            let cell = &self.cells[start..end];
            start = end;
            cell
        };
        let ends = &self.ends[..self.ends_len];
        ends.iter().map(|end| cell(*end)).collect()
    }

    /// The record as it is written, and the way in which it is.
    pub(super) fn written(&self) -> (&Dialect, &[u8]) {
        let record = &self.raw[self.start..self.start + self.read];
        (&self.dialect, record)
    }

    /// The next line, as far as a row may go; `None` where more has to come.
    pub(super) fn next_line(&mut self) -> Option<(&Dialect, &[u8])> {
        if self.is_skipping && !self.skip_line() {
            return None;
        }
        let rest = &self.raw[self.start..];
        let end = line_end(rest);
        let has_come = end.is_some() || self.has_ended || rest.len() > MAX_ROW_BYTES;
        let line = &rest[..end.unwrap_or(rest.len()).min(MAX_ROW_BYTES)];
        (has_come && !rest.is_empty()).then_some((&self.dialect, line))
    }

    /// The text from the record on: `bytes` of it, or all up to the end of the file;
    /// `None` where more has to come.
    pub(super) fn sample(&self, bytes: usize) -> Option<&[u8]> {
        let rest = &self.raw[self.start..];
        match rest.get(..bytes) {
            None if self.has_ended => Some(rest),
            sample => sample,
        }
    }

    /// Reads to the end of a record; `None` where the text ends first.
    pub(super) fn find(&mut self) -> Option<Found> {
        if self.is_skipping && !self.skip_line() {
            return None;
        }
        if self.read == 0 && !self.skip_to_record() {
            return None;
        }
        if self.core.is_none() && !self.look_at_first_lines() {
            return None;
        }
        let core = self.core.as_mut()?;
        let last = self.raw.len().min(self.start + MAX_ROW_BYTES + 1);
        let unread = &self.raw[self.start + self.read..last];
        let mut result = ReadRecordResult::InputEmpty;
        if !unread.is_empty() {
            let cells = &mut self.cells[self.cells_len..];
            let ends = &mut self.ends[self.ends_len..];
            let (outcome, read, written, ended) = core.read_record(unread, cells, ends);
            result = outcome;
            self.read += read;
            self.cells_len += written;
            self.ends_len += ended;
        }
        let fault = match result {
            ReadRecordResult::Record => None,
            _ if self.read > MAX_ROW_BYTES => Some(Fault::TooLong),
            _ if self.has_ended => return self.find_last(),
            _ => return None,
        };
        let inside = self.read - usize::from(fault.is_none());
        self.found(fault, inside)
    }

    /// The record at the end of the text, which no line break ends.
    fn find_last(&mut self) -> Option<Found> {
        let core = self.core.as_mut()?;
        let cells = &mut self.cells[self.cells_len..];
        let ends = &mut self.ends[self.ends_len..];
        let (result, _, written, ended) = core.read_record(b"\n", cells, ends);
        self.cells_len += written;
        self.ends_len += ended;
        let fault = match result {
            ReadRecordResult::Record => None,
            _ => Some(Fault::OpenQuote),
        };
        self.found(fault, self.read)
    }

    /// The record that was found, unless it shows that records are written otherwise: then
    /// it is read again.
    fn found(&mut self, fault: Option<Fault>, inside: usize) -> Option<Found> {
        let record = &self.raw[self.start..self.start + inside];
        let end = line_end(record);
        let is_one_cell = fault.is_none() && self.ends_len == 1;
        let line = &record[..end.unwrap_or(inside)];
        let line = Some(line).filter(|_| is_one_cell);
        if self.dialect.learn(record, line) {
            self.core = Some(self.dialect.reader());
            self.restart();
            return self.find();
        }
        let is_odd = fault.is_none() && self.dialect.may_be_odd(record);
        let is_loose = is_odd && !self.dialect.is_well_quoted(record);
        if is_one_cell || is_odd {
            let row = self.dialect.plain(record, &self.cells(), is_loose);
            if let Some(row) = row {
                self.read_instead(row);
            }
        }
        Some(Found {
            fault,
            goes_on: end.is_some(),
            is_loose,
        })
    }

    /// Takes the cells of `row` for those of the record, if it is one row.
    fn read_instead(&mut self, mut row: Vec<u8>) {
        row.push(b'\n');
        let (mut cells, mut ends) = (vec![0; row.len() + 1], vec![0; row.len() + 1]);
        let mut core = self.dialect.plain_reader();
        let (outcome, read, written, ended) = core.read_record(&row, &mut cells, &mut ends);
        if outcome == ReadRecordResult::Record && read == row.len() {
            self.cells[..written].copy_from_slice(&cells[..written]);
            self.ends[..ended].copy_from_slice(&ends[..ended]);
            (self.cells_len, self.ends_len) = (written, ended);
        }
    }

    /// Goes on after the record that was found.
    pub(super) fn take(&mut self) {
        self.advance(self.read);
        self.restart();
    }

    /// Goes on after the first line of the record that was found.
    pub(super) fn take_line(&mut self) {
        self.restart();
        self.skip_line();
    }

    fn restart(&mut self) {
        self.read = 0;
        self.cells_len = 0;
        self.ends_len = 0;
        if let Some(core) = &mut self.core {
            core.reset();
        }
    }

    /// Passes over the rest of the line; `false` where it has not come yet.
    fn skip_line(&mut self) -> bool {
        let rest = &self.raw[self.start..];
        let end = line_end(rest);
        self.advance(end.map_or(rest.len(), |end| end + 1));
        self.is_skipping = end.is_none();
        end.is_some()
    }

    /// Passes over line breaks, and over the marks that start and end a text: they
    /// stand between records where files were joined.
    fn skip_to_record(&mut self) -> bool {
        loop {
            match &self.raw[self.start..] {
                [] => return false,
                [b'\r' | b'\n' | END_OF_TEXT | 0, ..] => self.advance(1),
                rest if rest.starts_with(BOM) => self.advance(BOM.len()),
                rest if BOM.starts_with(rest) && !self.has_ended => return false,
                _ => return true,
            }
        }
    }

    /// Finds the header and the separator of its cells; `false` where too little text has
    /// come.
    fn look_at_first_lines(&mut self) -> bool {
        loop {
            let rest = &self.raw[self.start..];
            let has_all = self.has_ended || rest.len() > MAX_ROW_BYTES;
            let end = line_end(rest);
            if end.is_none() && !has_all {
                return false;
            }
            let rest = &rest[..rest.len().min(MAX_ROW_BYTES)];
            let line = &rest[..end.unwrap_or(rest.len()).min(rest.len())];
            match separator::read(line, self.dialect.separator) {
                FirstLine::Separator(separator) => self.dialect.separator = Some(separator),
                FirstLine::Comment => {}
                // What the rows show has to be known before the first is read.
                FirstLine::Header(_) | FirstLine::Other(_) if !has_all => return false,
                FirstLine::Other(_) if separator::is_before_header(rest) => {
                    self.preamble = self.line;
                }
                FirstLine::Header(separator) | FirstLine::Other(separator) => {
                    self.dialect = Dialect::of_header(line, separator, rest);
                    self.core = Some(self.dialect.reader());
                    return true;
                }
            }
            if !self.skip_line() || !self.skip_to_record() {
                return false;
            }
        }
    }

    fn advance(&mut self, bytes: usize) {
        for byte in &self.raw[self.start..self.start + bytes] {
            let ends = *byte == b'\r' || (*byte == b'\n' && !self.after_return);
            self.line += u64::from(ends);
            self.after_return = *byte == b'\r';
        }
        self.start += bytes;
    }
}

fn line_end(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| matches!(byte, b'\r' | b'\n'))
}
