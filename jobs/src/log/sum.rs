//! Adds up the outcomes of a file's rows.

use std::collections::HashSet;

use backend::Error;

use super::load::{FILE, ROWS, VERSION, numbers};
use super::{Item, LOG, Log, Mark, PART, count, read, text};
use crate::Loaded;

/// The parts in an answer: a file of a million rows has thousands, and the numbers of
/// all its rows at once would be what this function needs the most memory for.
const PAGE: i32 = 20;

impl Log {
    /// Gives the bucket of a file, and the sums of its rows' outcomes.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn sum(&self, id: &str) -> Result<(String, Loaded), Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#log = :log")
            .expression_attribute_names("#log", LOG)
            .expression_attribute_values(":log", text(id))
            .consistent_read(true)
            .limit(PAGE);
        let mut parts = query.into_paginator().items().send();
        let mut loaded = Loaded::default();
        let mut bucket = String::new();
        while let Some(item) = parts.next().await {
            let item = item?;
            if read(&item, PART) == FILE {
                bucket = read(&item, "bucket").to_owned();
                loaded.add_file(&item);
            } else {
                loaded.add_part(&item);
            }
        }
        Ok((bucket, loaded))
    }
}

impl Loaded {
    fn add_file(&mut self, item: &Item) {
        let filled = |name: &str| Some(read(item, name).to_owned()).filter(|t| !t.is_empty());
        let notes = item.get("notes").and_then(|notes| notes.as_l().ok());
        let notes = notes
            .into_iter()
            .flatten()
            .filter_map(|note| note.as_s().ok().cloned());
        self.file = read(item, "key").to_owned();
        self.uploaded = read(item, "uploaded").to_owned();
        self.version = read(item, VERSION).to_owned();
        self.etag = read(item, "etag").to_owned();
        let refused = count(item, "refused").unwrap_or_default();
        self.read = count(item, ROWS).unwrap_or_default() + refused;
        self.refused += refused;
        self.report = filled("report");
        self.error = filled("error");
        self.notes = notes.collect();
    }

    /// Adds a part. A row that came again counts with its first outcome; one that was
    /// dead and was tried once more, with its last.
    fn add_part(&mut self, item: &Item) {
        let set = |mark| -> HashSet<&String> { numbers(item, mark).iter().collect() };
        let known = set(Mark::Known);
        let mut stored = set(Mark::Stored);
        stored.extend(numbers(item, Mark::Again));
        let stored: HashSet<_> = stored.difference(&known).copied().collect();
        let others = |mark| {
            let rows = numbers(item, mark).iter();
            rows.filter(|row| !known.contains(row) && !stored.contains(row))
                .count() as u64
        };
        self.dead += others(Mark::Dead);
        self.refused += others(Mark::Refused);
        self.already_there += known.len() as u64;
        self.stored += stored.len() as u64;
    }
}
