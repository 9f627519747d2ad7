//! A CSV file whose columns are found by their names.

use std::io::Read;

use csv::{Reader, StringRecord};

use super::super::fault;
use super::Outcome;

/// The rows of a CSV file, and where its columns are.
pub(super) struct Table<R> {
    reader: Reader<R>,
    header: StringRecord,
}

/// One row.
pub(super) struct Row<'a> {
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl<R: Read> Table<R> {
    pub(super) fn new(content: R) -> Outcome<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(content);
        let header = reader
            .headers()
            .map_err(|error| fault::of_csv(&error))?
            .clone();
        let header = header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}'));
        Ok(Self {
            header: header.collect(),
            reader,
        })
    }

    /// The names of the columns, to be changed.
    pub(super) fn header(&mut self) -> &mut StringRecord {
        &mut self.header
    }

    pub(super) fn has(&self, columns: &[&str]) -> bool {
        columns
            .iter()
            .all(|column| self.header.iter().any(|name| name == *column))
    }

    /// Gives each row to `each`.
    pub(super) fn rows(mut self, mut each: impl FnMut(Row<'_>) -> Outcome<()>) -> Outcome<()> {
        let mut record = StringRecord::new();
        while self
            .reader
            .read_record(&mut record)
            .map_err(|error| fault::of_csv(&error))?
        {
            let row = Row {
                header: &self.header,
                record: &record,
            };
            let line = record.position().map_or(0, csv::Position::line);
            each(row).map_err(|sentence| format!("line {line}: {sentence}"))?;
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    /// The text in a column; empty where there is none.
    pub(super) fn text(&self, column: &str) -> &'a str {
        let index = self.header.iter().position(|name| name == column);
        index
            .and_then(|index| self.record.get(index))
            .unwrap_or_default()
            .trim()
    }

    /// The whole number in a column.
    pub(super) fn number(&self, column: &str) -> Outcome<u64> {
        let text = self.text(column);
        text.parse()
            .map_err(|_| format!("`{column}` cannot be \"{text}\""))
    }
}
