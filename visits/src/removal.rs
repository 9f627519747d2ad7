//! Removal of visits by their owner's hand, while others are recorded. It may end
//! half-way and be repeated: after each step the counts are those of the log. The
//! function's role may do none of it.

use std::iter::repeat_n;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use backend::Error;
use backend::transaction::{Failed, Pause, delete, transact, update};

use crate::day::{self, Day, Naming, Tally};
use crate::log::{self, Item, LINK, Log, PARTITION_KEY, PLACE, SORT_KEY, SOURCE, VISIT};
use crate::range::Range;
use crate::{key, properties, property, recording};

/// Visits of one transaction, which takes a hundred items.
const BATCH: usize = 90;

/// A property's visits, all or those of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    property: String,
    days: Range,
    is_whole: bool,
}

impl Removal {
    /// The visits of `property` from one day to another, both included.
    ///
    /// # Errors
    /// With a sentence for the owner.
    pub fn new(property: &str, from: Option<&str>, to: Option<&str>) -> Result<Self, String> {
        Ok(Self {
            property: property::parse(Some(property))?,
            days: Range::between_days(from, to)?,
            is_whole: from.is_none() && to.is_none(),
        })
    }
}

impl Log {
    /// Counts the visits that would be removed.
    ///
    /// # Errors
    /// The store's.
    pub async fn count(&self, removal: &Removal) -> Result<u64, Error> {
        let mut items = self.visits(removal).into_paginator().items().send();
        let mut visits = 0;
        while let Some(item) = items.next().await {
            visits += u64::from(removal.days.contains(&log::day(&item?)?));
        }
        Ok(visits)
    }

    /// Removes visits, what is counted of them, and what tells their visitors
    /// apart. Gives the number of visits.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove(&self, removal: &Removal) -> Result<u64, Error> {
        let mut removed = 0;
        // What somebody else was busy with is left for the next round.
        while let Some(some) = self.remove_round(removal).await? {
            removed += some;
        }
        self.forget_visitors(removal).await?;
        let days = self.of_days(removal, day::PREFIX);
        let mut days = days.into_paginator().items().send();
        while let Some(day) = days.next().await {
            self.forget_day(&removal.property, &day?).await?;
        }
        self.forget_answers(removal).await?;
        if removal.is_whole {
            self.forget_property(&removal.property).await?;
        }
        Ok(removed)
    }

    /// The visits among which the removal's are: the owner's clocks may have been those
    /// of another zone.
    fn visits(&self, removal: &Removal) -> QueryFluentBuilder {
        let Range { from, to } = removal.days.in_utc();
        let (low, high) = (format!("{VISIT}{from}"), format!("{VISIT}{to}"));
        self.between(&removal.property, low, high)
            .consistent_read(true)
    }

    /// Removes the visits that are there, and gives their number; nothing where there
    /// are none.
    async fn remove_round(&self, removal: &Removal) -> Result<Option<u64>, Error> {
        let mut items = self.visits(removal).into_paginator().items().send();
        let (mut removed, mut batch) = (None, Vec::new());
        loop {
            let item = items.next().await.transpose()?;
            let is_end = item.is_none();
            if let Some(item) = item {
                let day = log::day(&item)?;
                if removal.days.contains(&day) {
                    batch.push((day, item));
                }
            }
            if is_end || batch.len() == BATCH {
                for visits in batch.chunk_by(|a, b| a.0 == b.0) {
                    let more = self.remove_visits(&removal.property, visits).await?;
                    removed = Some(removed.unwrap_or(0) + more);
                }
                batch.clear();
            }
            if is_end {
                return Ok(removed);
            }
        }
    }

    /// The items of the removal's days whose sort key starts with `prefix`.
    fn of_days(&self, removal: &Removal, prefix: &str) -> QueryFluentBuilder {
        let Range { from, to } = &removal.days;
        let (low, high) = (format!("{prefix}{from}"), format!("{prefix}{to}"));
        self.between(&removal.property, low, high)
            .consistent_read(true)
    }

    /// Removes `visits`, which are of one day.
    async fn remove_visits(&self, property: &str, visits: &[(String, Item)]) -> Result<u64, Error> {
        let mut pause = Pause::default();
        loop {
            let parts = self.parts(property, visits).await?;
            let failed = transact(&self.client, parts).await?;
            if failed.is_empty() {
                return Ok(visits.len() as u64);
            }
            // Somebody else removes them, too.
            if failed.iter().any(|f| matches!(f, Failed::Condition(_))) {
                return Ok(0);
            }
            pause.wait().await;
        }
    }

    async fn parts(
        &self,
        property: &str,
        visits: &[(String, Item)],
    ) -> Result<Vec<TransactWriteItem>, Error> {
        let mut of_property = Vec::new();
        let hours = visits.iter().map(|(_, visit)| log::hour(visit));
        let hours: Vec<_> = hours.collect::<Result<_, _>>()?;
        for ((_, visit), hour) in visits.iter().zip(&hours) {
            let text = |name: &str| Some(visit.get(name)?.as_s().ok()?.as_str());
            of_property.push(Tally {
                source: text(SOURCE).map(|source| (source, Naming::Named)),
                link: text(LINK),
                hour: hour.get("2026-11-21T".len()..),
                ..Tally::new(text(PLACE).unwrap_or_default(), Naming::Named)
            });
        }
        let of_all = vec![Tally::new(property, Naming::Named); visits.len()];
        let mut parts = Vec::new();
        for (_, visit) in visits {
            parts.push(delete(self.removal_of(visit).map_err(Error::internal)?));
        }
        for (partition, tallies) in [(property, of_property), (day::ALL_PROPERTIES, of_all)] {
            let Some((date, _)) = visits.first() else {
                continue;
            };
            let key = log::key(partition, &day::sort_key(date));
            if let Some(item) = self.item(key.clone()).await? {
                let taken = day::take(&self.table, key, &item, tallies);
                parts.push(update(taken.map_err(Error::internal)?));
            }
        }
        Ok(parts)
    }

    fn removal_of(&self, item: &Item) -> Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key_of(item)))
            .condition_expression("attribute_exists(#sk)")
            .expression_attribute_names("#sk", SORT_KEY)
            .build()
    }

    /// Removes what tells visitors apart, and takes those visitors from their days.
    async fn forget_visitors(&self, removal: &Removal) -> Result<(), Error> {
        let marks = self.of_days(removal, recording::UNIQUE);
        let mut pages = marks.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page?;
            let of_days = page.items().chunk_by(|a, b| day_of(a) == day_of(b));
            for marks in of_days.flat_map(|marks| marks.chunks(BATCH)) {
                self.remove_marks(&removal.property, marks).await?;
            }
        }
        Ok(())
    }

    /// Removes the marks of some visitors of one day.
    async fn remove_marks(&self, property: &str, marks: &[Item]) -> Result<(), Error> {
        let date = marks.first().and_then(day_of).unwrap_or_default();
        let day = log::key(property, &day::sort_key(date));
        let mut pause = Pause::default();
        loop {
            let mut parts = Vec::new();
            for mark in marks {
                parts.push(delete(self.removal_of(mark).map_err(Error::internal)?));
            }
            let taken = day::take_visitors(&self.table, day.clone(), marks.len());
            parts.push(update(taken.map_err(Error::internal)?));
            let failed = transact(&self.client, parts).await?;
            if failed.is_empty() {
                return Ok(());
            }
            // The day is gone, or somebody else removes them, too.
            if failed.iter().any(|f| matches!(f, Failed::Condition(_))) {
                for mark in marks {
                    self.delete(mark).await?;
                }
                return Ok(());
            }
            pause.wait().await;
        }
    }

    /// Removes a day that has no visits any more, and the property's name among
    /// those of the day of all properties.
    async fn forget_day(&self, property: &str, item: &Item) -> Result<(), Error> {
        let sort_key = log::string(item, SORT_KEY)?;
        self.empty_day(property, &sort_key, item).await?;
        let gone = day::remove_empty(self.client.delete_item().table_name(&self.table))
            .set_key(Some(key_of(item)))
            .send()
            .await;
        is_done(gone.map_err(aws_sdk_dynamodb::Error::from))?;
        let all = log::key(day::ALL_PROPERTIES, &sort_key);
        let forgotten =
            day::forget_name(self.client.update_item().table_name(&self.table), property);
        let forgotten = forgotten.set_key(Some(all)).send().await;
        is_done(forgotten.map_err(aws_sdk_dynamodb::Error::from))
    }

    /// Takes from a day what it counts of visits that had their time, so that none of
    /// it is in the log any more. A visit that comes meanwhile keeps the day.
    async fn empty_day(&self, property: &str, sort_key: &str, item: &Item) -> Result<(), Error> {
        let counted = Day::of_item(item).filter(|day| day.visits > 0);
        let Some(Day { date, visits, .. }) = counted else {
            return Ok(());
        };
        let days = Removal::new(property, Some(&date), Some(&date)).map_err(Error::internal)?;
        let mut visits_left = self.visits(&days).into_paginator().items().send();
        while let Some(visit) = visits_left.next().await {
            if log::day(&visit?)? == date {
                return Ok(());
            }
        }
        let all = log::key(day::ALL_PROPERTIES, sort_key);
        let mut pause = Pause::default();
        loop {
            let day = day::remove_at(&self.table, key_of(item), visits);
            let mut parts = vec![delete(day.map_err(Error::internal)?)];
            if let Some(item) = self.item(all.clone()).await? {
                let tallies = repeat_n(Tally::new(property, Naming::Named), visits as usize);
                let taken = day::take(&self.table, all.clone(), &item, tallies);
                parts.push(update(taken.map_err(Error::internal)?));
            }
            if !transact(&self.client, parts).await?.contains(&Failed::Busy) {
                return Ok(());
            }
            pause.wait().await;
        }
    }

    /// Removes the answers that are kept for repeats of the removed visits.
    async fn forget_answers(&self, removal: &Removal) -> Result<(), Error> {
        let (low, high) = (key::PREFIX.to_owned(), format!("{}\u{7f}", key::PREFIX));
        let keys = self.between(&removal.property, low, high);
        let mut keys = keys.consistent_read(true).into_paginator().items().send();
        while let Some(item) = keys.next().await {
            let item = item?;
            // An answer that is no visit's has no date.
            let is_of_days = || log::day(&item).is_ok_and(|day| removal.days.contains(&day));
            if removal.is_whole || is_of_days() {
                self.delete(&item).await?;
            }
        }
        Ok(())
    }

    /// Makes room for another property, unless this one has visits again.
    async fn forget_property(&self, property: &str) -> Result<(), Error> {
        let rest = self.between(property, VISIT.to_owned(), format!("{VISIT}~"));
        let rest = rest.consistent_read(true).limit(1).send().await?;
        if !rest.items().is_empty() {
            return Ok(());
        }
        let known = log::key(property, properties::KNOWN);
        let mut pause = Pause::default();
        loop {
            let parts = vec![
                delete(self.removal_of(&known).map_err(Error::internal)?),
                update(properties::count_one_less(&self.table).map_err(Error::internal)?),
            ];
            let failed = transact(&self.client, parts).await?;
            if !failed.contains(&Failed::Busy) {
                return Ok(());
            }
            pause.wait().await;
        }
    }

    async fn delete(&self, item: &Item) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table);
        delete.set_key(Some(key_of(item))).send().await?;
        Ok(())
    }
}

/// The day of a visitor's mark.
fn day_of(mark: &Item) -> Option<&str> {
    let mark = mark.get(SORT_KEY)?.as_s().ok()?;
    Some(mark.strip_prefix(recording::UNIQUE)?.split_once('#')?.0)
}

pub(crate) fn key_of(item: &Item) -> Item {
    let of_key = |name: &&String| *name == PARTITION_KEY || *name == SORT_KEY;
    let names = item.keys().filter(of_key);
    names
        .map(|name| (name.clone(), item[name].clone()))
        .collect()
}

/// A condition that does not hold leaves what is there.
pub(crate) fn is_done<T>(outcome: Result<T, aws_sdk_dynamodb::Error>) -> Result<(), Error> {
    match outcome {
        Ok(_) | Err(aws_sdk_dynamodb::Error::ConditionalCheckFailedException(_)) => Ok(()),
        Err(error) => Err(Error::internal(error)),
    }
}
