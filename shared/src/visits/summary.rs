//! The owner's summary of visits on the wire, and the sum of two.

use std::mem::take;

use serde::{Deserialize, Serialize};

use super::SkipReason;

/// Answer of `GET /visits/summary`: one property's visits, and those of the
/// others in the same days to compare with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// The property.
    pub property_id: String,
    /// The owner's time zone, by whose clocks days and hours are counted.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The day that it is there, `YYYY-MM-DD`.
    #[serde(default)]
    pub today: String,
    /// Visits in all.
    pub visits: u64,
    /// Visitors, each counted once a day: who comes on two days counts twice.
    pub uniques: u64,
    /// The days that had any, oldest first.
    pub days: Vec<DayCount>,
    /// The places, those with most visits first.
    pub places: Vec<PlaceCount>,
    /// The sources that led to the property, that with most visits first.
    #[serde(default)]
    pub sources: Vec<SourceCount>,
    /// Visits by the hour of the day, from midnight on: 24 numbers.
    #[serde(default)]
    pub hours: Vec<u64>,
    /// The owner's links, the newest first.
    #[serde(default)]
    pub links: Vec<LinkCount>,
    /// All properties of the owner, those with most visits first.
    pub properties: Vec<PropertyCount>,
    /// The page views that were not recorded, in the order of the reasons'
    /// names.
    pub skipped: Vec<SkipCount>,
    /// The first day that is left out, where there are more days than one
    /// answer holds: `from` of the next question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The name of the row that sums all visits without a row of their own.
pub const OTHER: &str = "other";

impl Summary {
    /// Adds the days that come after these.
    pub fn add(&mut self, later: Self) {
        self.visits += later.visits;
        self.uniques += later.uniques;
        self.days.extend(later.days);
        let places = take(&mut self.places).into_iter().chain(later.places);
        self.places = added(&mut places.map(|row| (row.place, row.visits)))
            .map(|(place, visits)| PlaceCount { place, visits })
            .collect();
        let sources = take(&mut self.sources).into_iter().chain(later.sources);
        self.sources = added(&mut sources.map(|row| (row.source, row.visits)))
            .map(|(source, visits)| SourceCount { source, visits })
            .collect();
        self.hours.resize(24, 0);
        for (hour, visits) in self.hours.iter_mut().zip(later.hours) {
            *hour += visits;
        }
        for later in later.links {
            match self.links.iter_mut().find(|row| row.link == later.link) {
                Some(row) => row.days.extend(later.days),
                None => self.links.push(later),
            }
        }
        let mut properties = take(&mut self.properties);
        properties.extend(later.properties);
        let rows = properties.iter();
        let mut rows = rows.map(|row| (row.property_id.clone(), row.visits));
        self.properties = added(&mut rows)
            .map(|(property_id, visits)| {
                let rows = properties.iter();
                let days = rows.filter(|row| row.property_id == property_id);
                PropertyCount {
                    days: days.flat_map(|row| row.days.clone()).collect(),
                    property_id,
                    visits,
                }
            })
            .collect();
        let mut skipped = take(&mut self.skipped);
        skipped.extend(later.skipped);
        self.skipped = SkipReason::ALL
            .into_iter()
            .map(|reason| {
                let of_reason = skipped.iter().filter(|row| row.reason == reason);
                let visits = of_reason.map(|row| row.visits).sum();
                SkipCount { reason, visits }
            })
            .filter(|row| row.visits > 0)
            .collect();
        self.next = later.next;
    }
}

/// Sums the rows of each name: most visits first, and [`OTHER`] last.
fn added(
    rows: &mut dyn Iterator<Item = (String, u64)>,
) -> impl Iterator<Item = (String, u64)> + use<> {
    // There are few, and a map would weigh more than the rest of the page's sums.
    let mut sums: Vec<(String, u64)> = Vec::new();
    for (name, visits) in rows {
        match sums.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum += visits,
            None => sums.push((name, visits)),
        }
    }
    sort_by_visits(&mut sums);
    sums.into_iter()
}

/// Puts the names with most visits first, and [`OTHER`] last.
pub fn sort_by_visits(rows: &mut [(String, u64)]) {
    rows.sort_by(|(one, visits), (other, others)| {
        (one == OTHER, others, one).cmp(&(other == OTHER, visits, other))
    });
}

/// A day of one property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayCount {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Visits recorded.
    pub visits: u64,
    /// Visitors told apart.
    pub uniques: u64,
}

/// Visits from one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceCount {
    /// The place; `other` sums those beyond the limit of a day.
    pub place: String,
    /// Visits recorded.
    pub visits: u64,
}

/// Visits from one source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceCount {
    /// The source; `other` sums those beyond the limit of a day.
    pub source: String,
    /// Visits recorded.
    pub visits: u64,
}

/// Visits by one of the owner's links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LinkCount {
    /// The link's code.
    pub link: String,
    /// The owner's name for it.
    pub label: String,
    /// The days on which somebody came by it, oldest first.
    pub days: Vec<DayCount>,
}

/// Visits of one property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PropertyCount {
    /// The property; `other` sums those beyond the limit of a day.
    pub property_id: String,
    /// Visits recorded.
    pub visits: u64,
    /// The days that had any, oldest first.
    #[serde(default)]
    pub days: Vec<DayVisits>,
}

/// A day of a property among the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayVisits {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Visits recorded.
    pub visits: u64,
}

/// Page views that were not recorded, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SkipCount {
    /// The reason.
    pub reason: SkipReason,
    /// Page views.
    pub visits: u64,
}
