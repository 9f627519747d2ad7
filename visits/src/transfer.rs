//! The log as records, to take it from one store to another. The owner's
//! program uses it; the function's role may not Scan.
//!
//! Marks, keys and salts stay behind: they are of one day. What a day counts of
//! its visits is counted anew; what cannot be, its uniques, what was not
//! recorded and which names it had room for, is a record of its own.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::Error;
use backend::transfer::raise;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared::visits::{Link, SkipReason, Visit};

use crate::day::{self, Day};
use crate::log::{self, Item, Log, PARTITION_KEY, SORT_KEY, text};
use crate::recording::Recording;
use crate::{links, property, range, report};

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// A visit.
    Visit(Visit),
    /// The counts and names of a day, beside its visits.
    Day(DayRecord),
    /// A link of the owner's.
    Link(Link),
}

/// A property's day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DayRecord {
    /// The property.
    pub property_id: String,
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Visitors told apart.
    #[serde(default)]
    pub uniques: u64,
    /// The places that are named, in the order of their letters; those of all
    /// properties' day are properties.
    #[serde(default)]
    pub names: Vec<String>,
    /// The sources that are named, in the order of their letters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// Visitors who came first by one of the owner's links, by its code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub link_uniques: BTreeMap<String, u64>,
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
                let place = report::check_place(&visit.place)?;
                visit.place = place.unwrap_or_else(|| report::UNKNOWN.to_owned());
                report::check_date(&visit.date, now)?;
                report::check_source(visit.source.as_deref())?;
                report::check_link(visit.link.as_deref())?;
            }
            Self::Link(link) => {
                report::check_link(Some(&link.link))?;
                link.label = links::check_label(&link.label)?.to_owned();
                report::check_date(&link.created, now)?;
            }
            Self::Day(day) => {
                if day.property_id != day::ALL_PROPERTIES {
                    day.property_id = property::parse(Some(&day.property_id))?;
                }
                day::check_names("names", &day.names)?;
                day::check_names("sources", &day.sources)?;
                if !day.link_uniques.keys().all(|link| Link::is_code(link)) {
                    return Err(
                        "`linkUniques` has to be an object whose names are codes of links: six lower-case letters and digits."
                            .to_owned(),
                    );
                }
                if range::day(&day.day).is_none() {
                    return Err("`day` has to be a day such as 2026-11-21.".to_owned());
                }
            }
        }
        Ok(self)
    }
}

impl Log {
    /// Gives every record to `each`, links and days before visits, as long as that
    /// can take it.
    ///
    /// # Errors
    /// The store's, and those of `each`.
    pub async fn export<E: From<Error>>(
        &self,
        mut each: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        for link in self.links().await? {
            each(Record::Link(link))?;
        }
        let mut days = self.scan(day::PREFIX).into_paginator().items().send();
        while let Some(item) = days.next().await {
            let item = item.map_err(Error::from)?;
            each(Record::Day(day_record(&item)?))?;
        }
        let mut visits = self.scan(log::VISIT).into_paginator().items().send();
        while let Some(item) = visits.next().await {
            let item = item.map_err(Error::from)?;
            each(Record::Visit(log::visit(&item)?))?;
        }
        Ok(())
    }

    pub(crate) fn scan(&self, prefix: &str) -> ScanFluentBuilder {
        let scan = self.client.scan().table_name(&self.table);
        scan.filter_expression("begins_with(#sk, :prefix)")
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_values(":prefix", text(prefix))
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
            Record::Link(link) => self.import_link(&link).await,
        }
    }

    async fn import_visit(&self, visit: Visit) -> Result<bool, Error> {
        let recording = Recording::new(&visit, log::moment_of(&visit.date)?, &self.zone);
        Ok(self.record(recording).await?.is_new)
    }

    /// Names the places of a day in which its visits will be counted, and raises
    /// its counts to those of `record`.
    async fn import_day(&self, record: DayRecord) -> Result<bool, Error> {
        let key = log::key(&record.property_id, &day::sort_key(&record.day));
        let mut counts: Vec<_> = record
            .skipped
            .into_iter()
            .map(|(reason, count)| (day::skipped_attribute(reason), count))
            .collect();
        counts.push((day::UNIQUES.to_owned(), record.uniques));
        let uniques = record.link_uniques.into_iter();
        counts.extend(uniques.map(|(link, count)| (day::uniques_attribute(&link), count)));
        let mut is_new = false;
        for (attribute, count) in counts.into_iter().filter(|count| count.1 > 0) {
            is_new |= raise(&self.client, &self.table, key.clone(), &attribute, count).await?;
        }
        for (set, names) in [(day::NAMES, record.names), (day::SOURCES, record.sources)] {
            if !names.is_empty() {
                self.client
                    .update_item()
                    .table_name(&self.table)
                    .set_key(Some(key.clone()))
                    .update_expression("ADD #names :names")
                    .expression_attribute_names("#names", set)
                    .expression_attribute_values(":names", AttributeValue::Ss(names))
                    .send()
                    .await?;
            }
        }
        Ok(is_new)
    }
}

fn day_record(item: &Item) -> Result<DayRecord, Error> {
    let day = Day::of_item(item).ok_or_else(|| Error::internal("a stored day is none"))?;
    let named = |counts: Vec<(String, u64)>| {
        let mut names: Vec<_> = counts.into_iter().map(|(name, _)| name).collect();
        names.retain(|name| name != day::OTHER);
        names.sort_unstable();
        names
    };
    let link_uniques = day.links.into_iter().filter(|(.., uniques)| *uniques > 0);
    Ok(DayRecord {
        property_id: log::string(item, PARTITION_KEY)?,
        day: day.date,
        uniques: day.uniques,
        names: named(day.names),
        sources: named(day.sources),
        link_uniques: link_uniques
            .map(|(link, _, uniques)| (link, uniques))
            .collect(),
        skipped: day.skipped.into_iter().collect(),
    })
}
