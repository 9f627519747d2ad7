//! Any bytes at all are rows or faults, the same in whatever pieces they come; and
//! of a file in any encoding, with any separator and any line ends, each row is an
//! offer or a line of the report.

#![no_main]

use jobs::csv::{Parser, Rejected, Row};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use shared::jobs::JobOffer;

/// A file, as it is to be made.
#[derive(Arbitrary, Debug)]
enum File<'a> {
    Bytes(&'a [u8]),
    BelowHeader(&'a [u8]),
    Rows {
        encoding: Encoding,
        separator: Separator,
        rows: Vec<(LineEnd, Vec<String>)>,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Separator {
    Comma,
    Semicolon,
    Tab,
    Bar,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

fuzz_target!(|input: (u8, File<'_>)| {
    let (step, file) = input;
    let (bytes, count) = match file {
        File::Bytes(bytes) => (bytes.to_vec(), None),
        File::BelowHeader(bytes) => {
            let header = JobOffer::FIELDS.join(",") + "\n";
            ([header.as_bytes(), bytes].concat(), None)
        }
        File::Rows {
            encoding,
            separator,
            rows,
        } => (write(encoding, separator, &rows), Some(rows.len())),
    };
    let rows = parse(&bytes, bytes.len().max(1));
    assert_eq!(rows, parse(&bytes, usize::from(step).max(1)));
    if let Some(count) = count {
        assert_eq!(rows.len(), count);
    }
    check(rows);
});

fn check(rows: Vec<Result<Row, Rejected>>) {
    let mut last = 0;
    for row in rows {
        let (line, offer) = match row {
            Ok(Row { line, offer }) => (line, offer),
            Err(Rejected { line, reason }) => {
                assert!(!reason.is_empty());
                (line, JobOffer::default())
            }
        };
        assert!(line > last, "line {line} comes after line {last}");
        last = line;
        for (field, value) in offer.into_values() {
            assert!(value.len() <= JobOffer::max_bytes(field));
        }
    }
}

fn parse(file: &[u8], step: usize) -> Vec<Result<Row, Rejected>> {
    let mut parser = Parser::default();
    let mut rows = Vec::new();
    for mut bytes in file.chunks(step) {
        while let Some(row) = parser.next(&mut bytes) {
            rows.push(row);
        }
    }
    while let Some(row) = parser.finish() {
        rows.push(row);
    }
    rows
}

/// A file of rows whose cells are all in quotes, so that what a cell holds ends
/// neither cell nor row.
fn write(encoding: Encoding, separator: Separator, rows: &[(LineEnd, Vec<String>)]) -> Vec<u8> {
    let separator = match separator {
        Separator::Comma => ",",
        Separator::Semicolon => ";",
        Separator::Tab => "\t",
        Separator::Bar => "|",
    };
    let mut text = JobOffer::FIELDS.join(separator) + "\n";
    for (line_end, cells) in rows {
        let cells = (0..JobOffer::FIELDS.len()).map(|n| {
            let value = cells.get(n).map_or("", String::as_str);
            format!("\"{}\"", value.replace(['"', '\r', '\n'], "\"\""))
        });
        let mut cells: Vec<_> = cells.collect();
        // Neither is an empty row, nor the header once more.
        cells[0].insert(1, '1');
        text.push_str(&cells.join(separator));
        text.push_str(match line_end {
            LineEnd::Lf => "\n",
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
        });
    }
    match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8WithMark => format!("\u{feff}{text}").into_bytes(),
        Encoding::Utf16Le => utf_16(&text, u16::to_le_bytes),
        Encoding::Utf16Be => utf_16(&text, u16::to_be_bytes),
        // As far as its letters go, those of Latin-1 are its own.
        Encoding::Windows1252 => text.chars().map(latin).collect(),
    }
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(bytes).collect()
}

fn latin(char: char) -> u8 {
    u8::try_from(char).unwrap_or(b'?')
}
