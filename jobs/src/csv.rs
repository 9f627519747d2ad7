//! CSV files of job offers: bytes in, rows and per-row errors out. It takes the
//! bytes as they come, and never holds more than one row.
//!
//! It reads what people's tools write: other encodings, separators and line ends. For a
//! row that cannot be used it gives the line and the reason, and reads on; without a
//! good header it can use no row.

use shared::jobs::JobOffer;

mod dialect;
mod encoding;
mod fault;
mod header;
mod kind;
mod legacy;
mod notes;
mod quoting;
mod records;
mod row;
mod separator;

use encoding::{Bytes, Reading};
use fault::{Fault, Found, Unusable};
use header::Columns;
use legacy::Legacy;
use notes::Notes;
use quoting::{Lines, Text};
use records::Records;

/// A row that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it starts on; the first of the file is 1.
    pub line: u64,
    /// The offer of the row.
    pub offer: JobOffer,
}

/// A row, or a whole file, that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The line it starts on.
    pub line: u64,
    /// The reason, in a sentence for whoever made the file.
    pub reason: String,
}

/// Reads one file.
#[derive(Default)]
pub struct Parser {
    bytes: Bytes,
    records: Records,
    header: Header,
    /// The reason why the whole file cannot be used.
    fault: Option<String>,
    /// True until that is told.
    is_untold: bool,
    /// The row that is too long, while the rest of it is passed over.
    too_long: Option<Text>,
    /// A record that was found, and waits for more text.
    waiting: Option<Found>,
    /// The encoding of what is not UTF-8, once there is some.
    legacy: Option<Legacy>,
    notes: Notes,
}

/// The outcome of reading the first record of a file.
#[derive(Default)]
enum Header {
    /// It has not come yet.
    #[default]
    Unread,
    Columns(Columns),
    /// It was no header, so no row can be read.
    Refused,
    /// The one in this line, further down, was none: until another comes, no row can be read.
    Lost(u64),
}

/// Bytes that are looked at in one go.
const STEP: usize = 64 * 1024;
/// Names of ignored columns that are kept.
const MAX_IGNORED: usize = 20;

impl std::fmt::Debug for Parser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = self.records.line();
        f.debug_struct("Parser").field("line", &line).finish()
    }
}

impl Parser {
    /// Gives the next row, and takes the bytes that it has read off `input`; `None`
    /// when all of them are read.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Result<Row, Rejected>> {
        loop {
            if let Some(row) = self.next_found() {
                return Some(row);
            }
            if input.is_empty() {
                return None;
            }
            let (bytes, rest) = input.split_at(input.len().min(STEP));
            *input = rest;
            let kind = self.bytes.push(bytes, self.records.text());
            self.refuse(kind);
        }
    }

    /// Gives the rows that are left after the file's last byte, one for each call.
    pub fn finish(&mut self) -> Option<Result<Row, Rejected>> {
        let kind = self.bytes.finish(self.records.text());
        self.refuse(kind);
        self.records.end();
        if let Some(row) = self.next_found() {
            return Some(row);
        }
        if matches!(self.header, Header::Unread) {
            self.refuse_file("the file is empty: it has no header".to_owned());
        }
        self.next_found()
    }

    /// The reason why no row of the file can be read, if there is one. It was given as if
    /// it were a row, too, and is no row.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Says what was guessed and left out, for whoever made the file.
    pub fn notes(&self) -> Vec<String> {
        let (charset, preamble) = (self.bytes.charset(), self.records.preamble());
        self.notes.sentences(charset, self.legacy, preamble)
    }

    fn refuse(&mut self, kind: Option<&'static str>) {
        if let Some(kind) = kind {
            self.refuse_file(format!(
                "the file is {kind} and not CSV, so no row of it can be read"
            ));
        }
    }

    fn refuse_file(&mut self, reason: String) {
        self.header = Header::Refused;
        self.fault = Some(reason);
        self.is_untold = true;
    }

    fn next_found(&mut self) -> Option<Result<Row, Rejected>> {
        if std::mem::take(&mut self.is_untold) {
            let reason = self.fault.clone().unwrap_or_default();
            return Some(Err(Rejected { line: 1, reason }));
        }
        if !self.skip_text() {
            return None;
        }
        loop {
            let waiting = self.waiting.take();
            let found = waiting.map_or_else(|| self.records.find(), Some)?;
            if !self.knows_encoding(found) {
                self.waiting = Some(found);
                return None;
            }
            let line = self.records.line();
            let outcome = self.read(found);
            match &outcome {
                Err(Unusable::Line(_)) => self.records.take_line(),
                _ => self.records.take(),
            }
            match outcome {
                Ok(None) => {}
                Ok(Some(offer)) => return Some(Ok(Row { line, offer })),
                Err(Unusable::Line(reason) | Unusable::Record(reason)) => {
                    return Some(Err(Rejected { line, reason }));
                }
            }
        }
    }

    /// Passes over the rest of a row that is too long: up to the line that closes its quote,
    /// or a line that looks like a row. `false` where more has to come.
    fn skip_text(&mut self) -> bool {
        while let (Some(text), Header::Columns(columns)) = (&self.too_long, &self.header) {
            let Some((dialect, line)) = self.records.next_line() else {
                return false;
            };
            let is_row = text.ends_before(dialect, line, columns);
            if is_row || dialect.toggles(line) {
                self.too_long = None;
            }
            if !is_row {
                self.records.take_line();
            }
        }
        true
    }

    /// Finds out the encoding of the record that was found; `false` where too few bytes
    /// have come to tell.
    fn knows_encoding(&mut self, found: Found) -> bool {
        if self.legacy.is_some() || found.fault.is_some() {
            return true;
        }
        if self.bytes.charset().reading(self.records.written().1) != Ok(Reading::Legacy) {
            return true;
        }
        let sample = self.records.sample(legacy::SAMPLE_BYTES);
        self.legacy = sample.map(legacy::detect);
        self.legacy.is_some()
    }

    /// Reads a record as an offer; `None` for a good header, an empty row, and any row
    /// after a bad header.
    fn read(&mut self, found: Found) -> Result<Option<JobOffer>, Unusable> {
        let cells = self.records.cells();
        match &self.header {
            Header::Refused => return Ok(None),
            _ if found.fault.is_none() && row::is_blank(&cells) => return Ok(None),
            Header::Unread => {}
            _ if found.fault.is_none() && row::is_rule(&cells) => {
                let reason = "it is a line of dashes, and no job offer";
                return Err(Unusable::Record(reason.to_owned()));
            }
            _ if found.fault.is_some() || !header::may_be(&cells) => {
                return self.read_row(found).map(Some);
            }
            _ => {}
        }
        let charset = self.bytes.charset();
        // The names of our columns are ASCII, so any other cell may be damaged.
        let reading = charset
            .reading(self.records.written().1)
            .unwrap_or(Reading::Utf8);
        let names: Vec<_> = cells
            .iter()
            .map(|cell| encoding::text(reading, self.legacy, cell))
            .collect();
        let columns = match found.fault {
            Some(fault) => Err(fault.sentence()),
            None => Columns::parse(&names),
        };
        match (&self.header, columns) {
            (Header::Unread, Ok(columns)) => {
                self.notes.ignored = columns.ignored.clone();
                self.notes.ignored.truncate(MAX_IGNORED);
                self.header = Header::Columns(columns);
                Ok(None)
            }
            (Header::Unread, Err(fault)) => {
                self.header = Header::Refused;
                let reason = format!("{fault}, so no row of the file can be read");
                self.fault = Some(reason.clone());
                Err(Unusable::Record(reason))
            }
            // Its columns may be in another order than those before.
            (_, Ok(columns)) => {
                self.header = Header::Columns(columns);
                let reason = "it is a header again, and no job offer";
                Err(Unusable::Record(reason.to_owned()))
            }
            (_, Err(fault)) if header::is_broken(&names) => {
                self.header = Header::Lost(self.records.line());
                let reason = format!("it is a header again, but {fault}");
                Err(Unusable::Record(reason))
            }
            (_, Err(_)) => self.read_row(found).map(Some),
        }
    }

    fn read_row(&mut self, found: Found) -> Result<JobOffer, Unusable> {
        let open_quote = || Unusable::Line(Fault::OpenQuote.sentence());
        if let (Some(Fault::TooLong), Header::Columns(columns)) = (found.fault, &self.header) {
            let (dialect, record) = self.records.written();
            self.too_long = Text::find(dialect, record, columns);
        }
        if let Some(fault) = found.fault {
            let are_rows = self.too_long.as_ref().is_none_or(|text| text.are_rows);
            return Err(match found.goes_on && are_rows {
                true => open_quote(),
                false => Unusable::Line(fault.sentence()),
            });
        }
        let columns = match &mut self.header {
            Header::Columns(columns) => columns,
            Header::Lost(line) => {
                let reason = format!("the header of the row, in line {line}, cannot be used");
                return Err(Unusable::Record(reason));
            }
            Header::Unread | Header::Refused => return Err(Unusable::Record(String::new())),
        };
        let cells = self.records.cells();
        let (dialect, record) = self.records.written();
        let fits = match found.is_loose {
            true => row::check_loose_columns(columns, &cells),
            false => row::check_columns(columns, &cells),
        };
        let line = self.records.line();
        if found.goes_on {
            match quoting::lines(dialect, record, columns, fits.is_ok()) {
                Lines::Rows => return Err(open_quote()),
                Lines::LikeRows => self.notes.like_rows.add(line),
                Lines::Text => {}
            }
        }
        fits.map_err(Unusable::Record)?;
        if found.is_loose {
            self.notes.loose.add(line);
        }
        let has_tail = cells.len() > columns.len();
        columns.has_tail.get_or_insert(has_tail);
        let charset = self.bytes.charset();
        let Ok(reading) = charset.reading(record) else {
            let bad = columns.pair(cells).find(|(_, cell)| !charset.reads(cell));
            let field = bad.map_or("a column that is not read".into(), |(f, _)| {
                format!("`{f}`")
            });
            let reason = format!("{field} is not {}", charset.name());
            return Err(Unusable::Record(reason));
        };
        match reading {
            Reading::Legacy => self.notes.fallbacks.add(line),
            Reading::Utf8 if encoding::has_loss(self.records.bytes()) => {
                self.notes.losses.add(line);
            }
            Reading::Utf8 => {}
        }
        let cells = cells.iter();
        let cells = cells.map(|cell| encoding::text(reading, self.legacy, cell));
        row::offer(columns, cells.collect()).map_err(Unusable::Record)
    }
}
