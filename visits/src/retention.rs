//! The time for which single visits are kept. What is counted of their days stays.

use std::num::NonZeroU16;

use aws_sdk_dynamodb::types::AttributeValue;
use backend::{Error, environment};
use jiff::{SignedDuration, Timestamp};

use crate::log::{self, DATE, Item, Log, SORT_KEY, VISIT, number};
use crate::removal::{is_done, key_of};
use crate::salts::EXPIRES;

/// The days after its date for which a visit is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention(NonZeroU16);

/// `VISIT_RETENTION_DAYS` is no number of days.
#[derive(Debug, thiserror::Error)]
#[error("environment variable VISIT_RETENTION_DAYS has to be a whole number up to 65535")]
pub struct BadRetention;

impl Retention {
    /// So many days; none where visits are kept for good.
    pub fn of_days(days: u16) -> Option<Self> {
        NonZeroU16::new(days).map(Self)
    }

    /// Reads `VISIT_RETENTION_DAYS`. Unset or 0, visits are kept for good.
    ///
    /// # Errors
    /// When it is no number of days.
    pub fn from_env() -> Result<Option<Self>, BadRetention> {
        let days = environment::optional("VISIT_RETENTION_DAYS").unwrap_or("0".to_owned());
        days.parse().map(Self::of_days).map_err(|_| BadRetention)
    }

    fn time(self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.0.get()))
    }

    /// The date of the oldest visit that is kept at `now`.
    pub(crate) fn start(self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.time()).unwrap_or(Timestamp::MIN)
    }

    /// The second at which a visit of `moment` is to go. DynamoDB deletes nothing
    /// that should have gone more than five years ago, so it is a day ago at most.
    pub(crate) fn end(self, moment: Timestamp, now: Timestamp) -> i64 {
        let end = moment.saturating_add(self.time()).unwrap_or(Timestamp::MAX);
        let yesterday = now.saturating_sub(SignedDuration::from_hours(24));
        end.max(yesterday.unwrap_or(now)).as_second()
    }
}

impl Log {
    /// Counts the visits to which [`Log::set_ends`] would give another end.
    ///
    /// # Errors
    /// The store's.
    pub async fn count_ends(
        &self,
        retention: Option<Retention>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut visits = self.scan(VISIT).into_paginator().items().send();
        let mut others = 0;
        while let Some(visit) = visits.next().await {
            let visit = visit?;
            others += u64::from(!has_end(&visit, end_of(&visit, retention, now)?, now));
        }
        Ok(others)
    }

    /// Gives the visits that are there the end that `retention` says, and gives the
    /// number of those that had another. May be repeated.
    ///
    /// # Errors
    /// The store's.
    pub async fn set_ends(
        &self,
        retention: Option<Retention>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let mut visits = self.scan(VISIT).into_paginator().items().send();
        let mut changed = 0;
        while let Some(visit) = visits.next().await {
            let visit = visit?;
            let end = end_of(&visit, retention, now)?;
            if !has_end(&visit, end, now) {
                self.set_end(&visit, end).await?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    /// Writes the end of a visit that is still there.
    async fn set_end(&self, visit: &Item, end: Option<i64>) -> Result<(), Error> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key_of(visit)))
            .condition_expression("attribute_exists(#sk)")
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_names("#expires", EXPIRES);
        let update = match end {
            Some(end) => update
                .update_expression("SET #expires = :end")
                .expression_attribute_values(":end", number(end.unsigned_abs())),
            None => update.update_expression("REMOVE #expires"),
        };
        let updated = update.send().await;
        is_done(updated.map_err(aws_sdk_dynamodb::Error::from))
    }
}

fn end_of(
    visit: &Item,
    retention: Option<Retention>,
    now: Timestamp,
) -> Result<Option<i64>, Error> {
    let date = log::moment_of(&log::string(visit, DATE)?)?;
    Ok(retention.map(|retention| retention.end(date, now)))
}

/// True if a visit has this end, or is about to be deleted as it should be.
fn has_end(visit: &Item, end: Option<i64>, now: Timestamp) -> bool {
    let known = visit.get(EXPIRES).map(AttributeValue::as_n);
    let known = known.and_then(|known| known.ok()?.parse().ok());
    let is_past = |end: Option<i64>| end.is_some_and(|end| end <= now.as_second());
    known == end || (is_past(known) && is_past(end))
}
