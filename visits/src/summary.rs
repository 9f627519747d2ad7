//! The counts of a property's days, added up: a Query over one small item a day,
//! however many visits there were.

use std::collections::HashMap;

use backend::Error;
use jiff::civil::Date;
use shared::visits::{
    DayCount, DayVisits, Link, LinkCount, PlaceCount, PropertyCount, SkipCount, SkipReason,
    SourceCount, Summary,
};

use crate::day::{self, Day, OTHER};
use crate::log::Log;
use crate::range::Range;

/// Rows of a list; the rest are one row, the last.
const MAX_ROWS: usize = 100;
/// Days with visits in one answer. Anybody may report visits of any day, and a
/// day's item may have 10 kB.
const MAX_DAYS: usize = 366;

impl Log {
    /// The counts of `property`, and those of all properties, in the first days
    /// of `range` that have any.
    pub(crate) async fn summary(
        &self,
        property: &str,
        range: &Range,
        today: Date,
    ) -> Result<Summary, Error> {
        let (mut days, mut all, links) = tokio::try_join!(
            self.days(property, range),
            self.days(day::ALL_PROPERTIES, range),
            self.links(),
        )?;
        // Both lists end where the first of them is full.
        let beyond = |days: &[Day]| days.get(MAX_DAYS).map(|day| day.date.clone());
        let next = beyond(&days).into_iter().chain(beyond(&all)).min();
        if let Some(next) = &next {
            days.retain(|day| day.date < *next);
            all.retain(|day| day.date < *next);
        }
        let counted = || days.iter().filter(|day| day.visits > 0);
        Ok(Summary {
            property_id: property.to_owned(),
            time_zone: self.zone.name().to_owned(),
            today: today.to_string(),
            visits: days.iter().map(|day| day.visits).sum(),
            uniques: counted().map(|day| day.uniques).sum(),
            days: counted()
                .map(|day| DayCount {
                    date: day.date.clone(),
                    visits: day.visits,
                    uniques: day.uniques,
                })
                .collect(),
            sources: sums(days.iter().flat_map(|day| &day.sources))
                .map(|(source, visits)| SourceCount { source, visits })
                .collect(),
            hours: by_hour(&days),
            links: links.into_iter().map(|link| of_link(link, &days)).collect(),
            places: by_name(&days)
                .map(|(place, visits)| PlaceCount { place, visits })
                .collect(),
            properties: properties(&all),
            skipped: by_reason(&days),
            next,
        })
    }

    /// The first days of `range`, one more than are counted.
    async fn days(&self, partition: &str, range: &Range) -> Result<Vec<Day>, Error> {
        let (low, high) = (day::sort_key(&range.from), day::sort_key(&range.to));
        let mut items = self
            .between(partition, low, high)
            .limit(MAX_DAYS as i32 + 1)
            .into_paginator()
            .items()
            .send();
        let mut days = Vec::new();
        while days.len() <= MAX_DAYS
            && let Some(item) = items.next().await
        {
            days.extend(Day::of_item(&item?));
        }
        Ok(days)
    }
}

fn by_hour(days: &[Day]) -> Vec<u64> {
    let mut hours = vec![0; 24];
    for (hour, visits) in days.iter().flat_map(|day| &day.hours) {
        if let Some(sum) = hours.get_mut(*hour) {
            *sum += visits;
        }
    }
    hours
}

/// The properties of all days, each with its own.
fn properties(all: &[Day]) -> Vec<PropertyCount> {
    let mut days: HashMap<&str, Vec<DayVisits>> = HashMap::new();
    for day in all {
        for (name, visits) in day.names.iter().filter(|one| one.1 > 0) {
            days.entry(name).or_default().push(DayVisits {
                date: day.date.clone(),
                visits: *visits,
            });
        }
    }
    by_name(all)
        .map(|(property_id, visits)| PropertyCount {
            days: match property_id.as_str() {
                // It is not one property.
                OTHER => Vec::new(),
                name => days.remove(name).unwrap_or_default(),
            },
            property_id,
            visits,
        })
        .collect()
}

/// A link with the days on which somebody came by it.
fn of_link(link: Link, days: &[Day]) -> LinkCount {
    let of_day = |day: &Day| {
        let (_, visits, uniques) = day.links.iter().find(|one| one.0 == link.link)?;
        Some(DayCount {
            date: day.date.clone(),
            visits: *visits,
            uniques: *uniques,
        })
    };
    let days = days.iter().filter_map(of_day).filter(|day| day.visits > 0);
    LinkCount {
        days: days.collect(),
        link: link.link,
        label: link.label,
    }
}

/// The names of all days with their visits, most visits first.
fn by_name(days: &[Day]) -> impl Iterator<Item = (String, u64)> {
    sums(days.iter().flat_map(|day| &day.names))
}

fn sums<'a>(rows: impl Iterator<Item = &'a (String, u64)>) -> impl Iterator<Item = (String, u64)> {
    let mut sums = HashMap::new();
    for (name, visits) in rows {
        *sums.entry(name.as_str()).or_insert(0) += visits;
    }
    let mut other = sums.remove(OTHER).unwrap_or(0);
    let mut rows: Vec<_> = sums.into_iter().collect();
    rows.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let beyond = rows.split_off(rows.len().min(MAX_ROWS));
    other += beyond.iter().map(|row| row.1).sum::<u64>();
    let other = (other > 0).then(|| (OTHER.to_owned(), other));
    let rows = rows.into_iter().map(|(name, sum)| (name.to_owned(), sum));
    rows.chain(other).collect::<Vec<_>>().into_iter()
}

fn by_reason(days: &[Day]) -> Vec<SkipCount> {
    let sum = |reason| {
        let counts = days.iter().flat_map(|day| &day.skipped);
        counts.filter(|count| count.0 == reason).map(|c| c.1).sum()
    };
    SkipReason::ALL
        .into_iter()
        .map(|reason| SkipCount {
            reason,
            visits: sum(reason),
        })
        .filter(|count| count.visits > 0)
        .collect()
}
