//! One record, as a line of text and back.

use clap::ValueEnum;
use counter::PageHits;
use csv::StringRecord;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::visits::Visit;
use visits::{DayRecord, Record as LogRecord};

use super::{Kind, fault};

/// The form in which records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// Comma-separated values with a header: RFC 4180.
    Csv,
}

/// The content of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(super) enum Record {
    Hits(PageHits),
    Log(LogRecord),
}

impl Kind {
    /// The header of a CSV file.
    pub(super) fn header(self) -> &'static str {
        match self {
            Self::Counters => "path,hits",
            Self::Visits => "id,propertyId,date,place",
        }
    }

    /// Reads a JSON object.
    ///
    /// # Errors
    /// With a sentence that says what is wrong with it.
    pub(super) fn read_json(self, line: &str, now: Timestamp) -> Result<Record, String> {
        let value: Value = serde_json::from_str(line).map_err(|error| fault::of_json(&error))?;
        match self {
            Self::Counters => hits(object(value)?),
            Self::Visits if value.get("day").is_some() => {
                log(LogRecord::Day(object::<DayRecord>(value)?), now)
            }
            Self::Visits if value.get("label").is_some() => {
                log(LogRecord::Link(object(value)?), now)
            }
            Self::Visits => log(LogRecord::Visit(object(value)?), now),
        }
    }

    /// Reads a row under this kind's header.
    ///
    /// # Errors
    /// With a sentence that says what is wrong with it.
    pub(super) fn read_row(self, row: &StringRecord, now: Timestamp) -> Result<Record, String> {
        let header = self.header().split(',').collect();
        match self {
            Self::Counters => hits(fields(row, &header)?),
            Self::Visits => log(LogRecord::Visit(fields(row, &header)?), now),
        }
    }
}

impl Record {
    pub(super) fn is_day(&self) -> bool {
        matches!(self, Self::Log(LogRecord::Day(_)))
    }

    /// The fields of a CSV row; a day has none.
    pub(super) fn row(&self) -> Option<Vec<String>> {
        match self {
            Self::Hits(page) => Some(vec![page.path.clone(), page.hits.to_string()]),
            Self::Log(LogRecord::Visit(visit)) => {
                let Visit {
                    id,
                    property_id,
                    date,
                    place,
                    ..
                } = visit.clone();
                Some(vec![id, property_id, date, place])
            }
            Self::Log(LogRecord::Day(_) | LogRecord::Link(_)) => None,
        }
    }
}

fn object<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    // A struct could be read from an array, too.
    if !value.is_object() {
        return Err("a line has to be a JSON object".to_owned());
    }
    serde_json::from_value(value).map_err(|error| fault::of_json(&error))
}

fn fields<T: DeserializeOwned>(row: &StringRecord, header: &StringRecord) -> Result<T, String> {
    row.deserialize(Some(header)).map_err(|error| {
        let field = match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.field(),
            _ => None,
        };
        let field = field.and_then(|field| usize::try_from(field).ok());
        match field.and_then(|field| Some((header.get(field)?, row.get(field)?))) {
            Some((name, text)) => format!("`{name}` cannot be \"{text}\""),
            None => fault::of_csv(&error),
        }
    })
}

fn hits(page: PageHits) -> Result<Record, String> {
    page.check().map(Record::Hits)
}

fn log(record: LogRecord, now: Timestamp) -> Result<Record, String> {
    record.check(now).map(Record::Log)
}
