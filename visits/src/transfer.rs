//! The log as records, to take it from one store to another. The owner's
//! program uses it; the function's role may not Scan.
//!
//! Marks, keys and salts stay behind: they are of one day. What a day counts of
//! its visits is counted anew; what cannot be, its uniques and what was not
//! recorded, is a record of its own.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::error::SdkError;
use backend::Error;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::visits::{SkipReason, Visit};

use crate::day::{self, Day};
use crate::log::{self, Log, PARTITION_KEY, number};
use crate::recording::Recording;
use crate::{property, range, report};

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// A visit.
    Visit(Visit),
    /// What is known of a day beside its visits.
    Day(DayRecord),
}

/// A property's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DayRecord {
    /// What was visited.
    pub property_id: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Visitors told apart.
    #[serde(default)]
    pub uniques: u64,
    /// Page views that were not recorded.
    #[serde(default)]
    pub skipped: BTreeMap<SkipReason, u64>,
}

impl Record {
    /// Checks what the function checks of a request.
    ///
    /// # Errors
    /// With a sentence for the owner.
    pub fn check(mut self, now: Timestamp) -> Result<Self, String> {
        match &mut self {
            Self::Visit(visit) => {
                let is_id = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
                if visit.id.len() != 36 || !visit.id.bytes().all(is_id) {
                    return Err("`id` has to be a UUID.".to_owned());
                }
                visit.property_id = property::parse(Some(&visit.property_id))?;
                visit.place = report::check_place(&visit.place)?;
                report::check_date(&visit.date, now)?;
            }
            Self::Day(day) => {
                day.property_id = property::parse(Some(&day.property_id))?;
                if range::day(&day.day).is_none() {
                    return Err("`day` has to be a day such as 2026-11-21.".to_owned());
                }
            }
        }
        Ok(self)
    }
}

impl Log {
    /// Gives every record to `each`, as long as that can take it.
    ///
    /// # Errors
    /// The store's, and those of `each`.
    pub async fn export<E: From<Error>>(
        &self,
        mut each: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        let scan = self.client.scan().table_name(&self.table);
        let mut items = scan.into_paginator().items().send();
        while let Some(item) = items.next().await {
            let item = item.map_err(Error::from)?;
            if log::is_visit(&item) {
                each(Record::Visit(log::visit(&item)?))?;
            } else if let Some(day) = Day::of_item(&item) {
                let record = DayRecord {
                    property_id: log::string(&item, PARTITION_KEY)?,
                    day: day.date,
                    uniques: day.uniques,
                    skipped: day.skipped.into_iter().collect(),
                };
                if record.uniques > 0 || !record.skipped.is_empty() {
                    each(Record::Day(record))?;
                }
            }
        }
        Ok(())
    }

    /// Stores a checked record, unless it is there. Says whether it was not.
    /// May be repeated.
    ///
    /// # Errors
    /// The store's.
    pub async fn import(&self, record: Record) -> Result<bool, Error> {
        match record {
            Record::Visit(visit) => self.import_visit(visit).await,
            Record::Day(day) => self.import_day(day).await,
        }
    }

    async fn import_visit(&self, visit: Visit) -> Result<bool, Error> {
        let moment =
            range::moment(&visit.date).ok_or_else(|| Error::internal("a checked date is none"))?;
        let recording = Recording {
            visit: &visit,
            moment,
            mark: None,
            key: None,
        };
        Ok(self.record(recording).await?.is_new)
    }

    /// Raises a day's counts to those of `record`, and never lowers them.
    async fn import_day(&self, record: DayRecord) -> Result<bool, Error> {
        let skipped = record.skipped.into_iter();
        let mut counts: Vec<_> = skipped
            .map(|(reason, count)| (day::skipped_attribute(reason), count))
            .collect();
        counts.push((day::UNIQUES.to_owned(), record.uniques));
        let mut is_new = false;
        for (attribute, count) in counts.into_iter().filter(|count| count.1 > 0) {
            let key = log::key(&record.property_id, &day::sort_key(&record.day));
            let update = self
                .client
                .update_item()
                .table_name(&self.table)
                .set_key(Some(key))
                .update_expression("SET #count = :count")
                .condition_expression("attribute_not_exists(#count) OR #count < :count")
                .expression_attribute_names("#count", attribute)
                .expression_attribute_values(":count", number(count))
                .send()
                .await;
            match update {
                Ok(_) => is_new = true,
                Err(SdkError::ServiceError(e))
                    if e.err().is_conditional_check_failed_exception() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(is_new)
    }
}
