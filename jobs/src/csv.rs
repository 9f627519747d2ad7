//! CSV files of job offers: bytes in, rows and per-row errors out. It takes the
//! bytes as they come, and never holds more than one row.
//!
//! A row that cannot be used is said to be so, with its line and why, and the
//! rows after it are read; without a good header no row can be.

use csv_core::{ReadRecordResult, Reader};
use shared::jobs::JobOffer;

mod header;

use header::Header;

/// Bytes of a row: all of its values at their longest, with room to spare.
const MAX_ROW_BYTES: usize = 64 * 1024;
/// More columns than this are too many, whatever the header says.
const MAX_COLUMNS: usize = 64;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A row that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it starts on; the header's is 1.
    pub line: u64,
    /// What it says.
    pub offer: JobOffer,
}

/// A row, or a whole file, that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The line it starts on.
    pub line: u64,
    /// Why, in a sentence for whoever made the file.
    pub reason: String,
}

/// Reads one file.
pub struct Parser {
    core: Reader,
    cells: Box<[u8]>,
    cells_len: usize,
    ends: [usize; MAX_COLUMNS],
    ends_len: usize,
    /// Bytes of the byte order mark seen so far, or all where there is none.
    bom: usize,
    /// Line of the next byte.
    line: u64,
    /// The line that the record under way starts on, if one is.
    start: Option<u64>,
    /// The line that the record ends on.
    last: u64,
    fault: Option<Fault>,
    header: Header,
}

/// What is wrong with a record before its cells are looked at.
#[derive(Clone, Copy)]
enum Fault {
    TooLong,
    TooManyColumns,
    OpenQuote,
}

impl std::fmt::Debug for Parser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parser").field("line", &self.line).finish()
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self {
            core: Reader::new(),
            cells: vec![0; MAX_ROW_BYTES].into(),
            cells_len: 0,
            ends: [0; MAX_COLUMNS],
            ends_len: 0,
            bom: 0,
            line: 1,
            start: None,
            last: 1,
            fault: None,
            header: Header::Unread,
        }
    }
}

impl Parser {
    /// The next row in `input`, of which what was read is taken off; `None` when
    /// all of it is.
    pub fn next(&mut self, input: &mut &[u8]) -> Option<Result<Row, Rejected>> {
        self.skip_bom(input);
        loop {
            if self.start.is_none() {
                self.skip_blank_lines(input);
            }
            if input.is_empty() {
                return None;
            }
            if self.read_record(input)
                && let Some(row) = self.take_record()
            {
                return Some(row);
            }
        }
    }

    /// The last row, where no line break ends it, or what is wrong with the
    /// file's end.
    pub fn finish(mut self) -> Option<Result<Row, Rejected>> {
        if (1..BOM.len()).contains(&self.bom) {
            let seen = self.bom;
            self.bom = BOM.len();
            self.read_record(&mut &BOM[..seen]);
        }
        if self.start.is_none() {
            return self.header.missing().map(Err);
        }
        let last = self.last;
        if !self.read_record(&mut b"\n".as_slice()) {
            // Not even a line break ends it.
            self.fault = Some(Fault::OpenQuote);
        }
        self.last = last;
        self.take_record()
    }

    /// Windows' programs start their UTF-8 with it, and it may come in pieces.
    fn skip_bom(&mut self, input: &mut &[u8]) {
        while self.bom < BOM.len() {
            match input.split_first() {
                None => return,
                Some((byte, rest)) if *byte == BOM[self.bom] => {
                    self.bom += 1;
                    *input = rest;
                }
                Some(_) => {
                    let seen = self.bom;
                    self.bom = BOM.len();
                    self.read_record(&mut &BOM[..seen]);
                }
            }
        }
    }

    fn skip_blank_lines(&mut self, input: &mut &[u8]) {
        while let Some((byte @ (b'\r' | b'\n'), rest)) = input.split_first() {
            self.line += u64::from(*byte == b'\n');
            *input = rest;
        }
    }

    /// Reads on to the end of a record; `false` where the input ends first.
    fn read_record(&mut self, input: &mut &[u8]) -> bool {
        while !input.is_empty() {
            self.start.get_or_insert(self.line);
            let (result, read, written, ended) = self.core.read_record(
                input,
                &mut self.cells[self.cells_len..],
                &mut self.ends[self.ends_len..],
            );
            let (before, end) = input[..read].split_at(read.saturating_sub(1));
            self.last = self.line + newlines(before);
            self.line = self.last + newlines(end);
            *input = &input[read..];
            self.cells_len += written;
            self.ends_len += ended;
            match result {
                ReadRecordResult::Record => return true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
                // The rest of the record is read over what is there.
                ReadRecordResult::OutputFull => {
                    self.fault = Some(Fault::TooLong);
                    self.cells_len = 0;
                }
                ReadRecordResult::OutputEndsFull => {
                    self.fault = Some(Fault::TooManyColumns);
                    self.ends_len = 0;
                }
            }
        }
        false
    }

    /// What the record says; nothing for a good header, and nothing for a row
    /// after a bad one.
    fn take_record(&mut self) -> Option<Result<Row, Rejected>> {
        let line = self.start.take().unwrap_or(self.line);
        let ends = &self.ends[..std::mem::take(&mut self.ends_len)];
        let cells = &self.cells[..std::mem::take(&mut self.cells_len)];
        let outcome = match self.fault.take() {
            Some(fault) => Err(fault.sentence()),
            None => Ok(split(cells, ends)),
        };
        let outcome = match &self.header {
            Header::Unread => {
                let (header, fault) = Header::parse(outcome);
                self.header = header;
                Err(fault?)
            }
            Header::Refused => return None,
            Header::Columns(columns) => outcome.and_then(|cells| header::offer(columns, &cells)),
        };
        let last = self.last;
        Some(match outcome {
            Ok(offer) => Ok(Row { line, offer }),
            Err(mut reason) => {
                if last > line {
                    reason.push_str(&format!(
                        " (it goes on to line {last}: is a quote missing?)"
                    ));
                }
                Err(Rejected { line, reason })
            }
        })
    }
}

fn split<'a>(cells: &'a [u8], ends: &[usize]) -> Vec<&'a [u8]> {
    let mut start = 0;
    let mut cell = |end| {
        let cell = &cells[start..end];
        start = end;
        cell
    };
    ends.iter().map(|end| cell(*end)).collect()
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

impl Fault {
    fn sentence(self) -> String {
        match self {
            Self::TooLong => format!("the row is longer than {MAX_ROW_BYTES} bytes"),
            Self::TooManyColumns => format!("the row has more than {MAX_COLUMNS} columns"),
            Self::OpenQuote => "a quote is opened and not closed".to_owned(),
        }
    }
}
