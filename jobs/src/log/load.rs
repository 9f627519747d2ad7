//! A load: one file on its way into the table. Sets of row numbers say which rows are
//! through, since a row that comes twice is in a set once.

use std::collections::{BTreeMap, HashSet};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use backend::Error;
use jiff::Timestamp;

use super::{EXPIRES, Item, LOADS, Log, count, key, number, read, text};
use crate::version;

/// The rows whose numbers share an item: each row writes its item anew, and a write
/// costs by the item's size.
const PART_ROWS: u64 = 500;

/// The item of the file itself; the others are called by their number.
pub(super) const FILE: &str = "file";
pub(super) const VERSION: &str = "version";
pub(super) const ROWS: &str = "rows";
const PARTS: &str = "parts";

/// One file, as the bucket's event names it.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The id that its rows carry.
    pub(crate) id: String,
    pub(crate) bucket: String,
    pub(crate) key: String,
    /// The time at which it was put, by the bucket's clock.
    pub(crate) uploaded: Timestamp,
    pub(crate) sequencer: Option<String>,
}

/// The end of a file: all of its rows are in the queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ended {
    pub(crate) etag: String,
    /// Rows that were sent to the queue, those that it refused among them.
    pub(crate) sent: u64,
    /// Rows in the report beside those.
    pub(crate) refused: u64,
    /// The key of the report, if there is one.
    pub(crate) report: Option<String>,
    pub(crate) notes: Vec<String>,
    /// The reason why the file was not read.
    pub(crate) error: Option<String>,
}

/// The outcome of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// The row was new to the table, and is stored.
    Stored,
    /// The table had the same already, or something newer.
    Known,
    /// It came again after it was one of the above.
    Again,
    /// It will not be tried again.
    Dead,
    /// The queue did not take it.
    Refused,
}

impl Mark {
    pub(super) const ALL: [Self; 5] = [
        Self::Stored,
        Self::Known,
        Self::Again,
        Self::Dead,
        Self::Refused,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Known => "known",
            Self::Again => "again",
            Self::Dead => "dead",
            Self::Refused => "refused",
        }
    }
}

impl Log {
    /// Begins a load, and gives the version of its lines: the same one when it is
    /// begun again.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn begin(&self, load: &Load) -> Result<String, Error> {
        let get = self.client.get_item().table_name(&self.table);
        let get = get.set_key(Some(key(&load.id, FILE))).consistent_read(true);
        let known = get.send().await?.item.unwrap_or_default();
        if known.contains_key(VERSION) {
            return Ok(read(&known, VERSION).to_owned());
        }
        let time = match &load.sequencer {
            Some(sequencer) => self.arrival(load.uploaded, sequencer).await?,
            None => self.now(load.uploaded).await?,
        };
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(&load.id, FILE)))
            .update_expression(
                "SET #version = if_not_exists(#version, :version), #bucket = :bucket, \
                 #key = :key, #uploaded = :uploaded, #expires = :expires",
            )
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_names("#bucket", "bucket")
            .expression_attribute_names("#key", "key")
            .expression_attribute_names("#uploaded", "uploaded")
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":version", text(version::at(time)))
            .expression_attribute_values(":bucket", text(&load.bucket))
            .expression_attribute_values(":key", text(&load.key))
            .expression_attribute_values(":uploaded", text(version::at(load.uploaded)))
            .expression_attribute_values(":expires", self.expires_after(LOADS))
            .return_values(ReturnValue::AllNew);
        let file = update.send().await?.attributes.unwrap_or_default();
        Ok(read(&file, VERSION).to_owned())
    }

    /// Notes the number of a file's rows, and returns true if all of them are through.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn end(&self, id: &str, ended: &Ended) -> Result<bool, Error> {
        let notes = ended.notes.iter().map(text).collect();
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id, FILE)))
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":expires", self.expires_after(LOADS))
            .return_values(ReturnValue::AllNew);
        let mut assignments = vec!["#expires = :expires".to_owned()];
        let values = [
            (ROWS, number(ended.sent)),
            ("refused", number(ended.refused)),
            ("etag", text(&ended.etag)),
            ("report", text(ended.report.as_deref().unwrap_or_default())),
            ("error", text(ended.error.as_deref().unwrap_or_default())),
            ("notes", AttributeValue::L(notes)),
        ];
        for (name, value) in values {
            assignments.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value);
        }
        let update = update.update_expression(format!("SET {}", assignments.join(", ")));
        let file = update.send().await?.attributes.unwrap_or_default();
        // Only now is the number of rows in the last part known.
        if ended.sent.is_multiple_of(PART_ROWS) {
            return Ok(is_complete(&file));
        }
        let last = ended.sent / PART_ROWS;
        let update = self.client.update_item().table_name(&self.table);
        let update = update
            .set_key(Some(key(id, &part(last))))
            .update_expression("SET #rows = :rows, #expires = :expires")
            .expression_attribute_names("#rows", ROWS)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":rows", number(ended.sent % PART_ROWS))
            .expression_attribute_values(":expires", self.expires_after(LOADS))
            .return_values(ReturnValue::AllNew);
        let item = update.send().await?.attributes.unwrap_or_default();
        match is_through(&item) {
            true => self.end_part(id, last).await,
            false => Ok(false),
        }
    }

    /// Notes the outcomes of rows of one file, and returns true if all of its rows are
    /// through now.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn note(&self, id: &str, rows: &[(u64, Mark)]) -> Result<bool, Error> {
        let mut parts: BTreeMap<u64, BTreeMap<Mark, Vec<String>>> = BTreeMap::new();
        for (row, mark) in rows {
            let marks = parts.entry(row / PART_ROWS).or_default();
            marks
                .entry(*mark)
                .or_default()
                .push((row % PART_ROWS).to_string());
        }
        let mut is_complete = false;
        for (number, marks) in parts {
            let item = self.add(id, number, marks).await?;
            if is_through(&item) {
                is_complete |= self.end_part(id, number).await?;
            }
        }
        Ok(is_complete)
    }

    async fn add(
        &self,
        id: &str,
        number: u64,
        marks: BTreeMap<Mark, Vec<String>>,
    ) -> Result<Item, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key(id, &part(number))))
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":expires", self.expires_after(LOADS))
            .return_values(ReturnValue::AllNew);
        let mut additions = Vec::new();
        for (mark, rows) in marks {
            let name = mark.name();
            additions.push(format!("#{name} :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), AttributeValue::Ns(rows));
        }
        let additions = additions.join(", ");
        let update = update.update_expression(format!("ADD {additions} SET #expires = :expires"));
        Ok(update.send().await?.attributes.unwrap_or_default())
    }

    /// Notes that all rows of a part are through.
    async fn end_part(&self, id: &str, number: u64) -> Result<bool, Error> {
        let update = self.client.update_item().table_name(&self.table);
        let update = update
            .set_key(Some(key(id, FILE)))
            .update_expression("ADD #parts :part")
            .expression_attribute_names("#parts", PARTS)
            .expression_attribute_values(":part", AttributeValue::Ns(vec![number.to_string()]))
            .return_values(ReturnValue::AllNew);
        let file = update.send().await?.attributes.unwrap_or_default();
        Ok(is_complete(&file))
    }
}

/// Returns true if all parts of a file are through, as far as their number is known.
fn is_complete(file: &Item) -> bool {
    let through = file.get(PARTS).and_then(|parts| parts.as_ns().ok());
    let through = through.map_or(0, Vec::len) as u64;
    count(file, ROWS).is_some_and(|rows| through >= rows.div_ceil(PART_ROWS))
}

fn is_through(part: &Item) -> bool {
    let rows = count(part, ROWS).unwrap_or(PART_ROWS);
    let numbers: HashSet<_> = Mark::ALL
        .iter()
        .flat_map(|mark| numbers(part, *mark))
        .collect();
    numbers.len() as u64 >= rows
}

/// The numbers of the rows of a part that have this outcome.
pub(super) fn numbers(part: &Item, mark: Mark) -> &[String] {
    let numbers = part.get(mark.name()).and_then(|value| value.as_ns().ok());
    numbers.map_or(&[], Vec::as_slice)
}

fn part(number: u64) -> String {
    format!("{number:012}")
}
