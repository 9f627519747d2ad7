//! The visits log on the wire: a page's reports, and the owner's answers.

use std::mem::take;

use serde::{Deserialize, Serialize};

/// Body of `POST /visits`. Every field that is left out has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    expecting = "a JSON object"
)]
pub struct NewVisit {
    /// The property that was visited, usually `host/pathname`; by default
    /// `default`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_id: Option<String>,
    /// The time of the visit in RFC 3339; by default now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The visitor's place; by default the one that the CDN names, or
    /// `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The host that led here, or what the address says instead (`utm_source`, `ref`):
    /// up to 50 lower-case letters, digits, dots, hyphens and underscores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The code of the owner's link that led here. One that is not known is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The reason not to record this visit: the day's count of the reason goes
    /// up, and nothing else is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<SkipReason>,
}

/// The reason why a page view is no recorded visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// `navigator.webdriver`: a program drives the browser.
    Automation,
    /// The browser says that it is a crawler.
    Crawler,
    /// `navigator.doNotTrack`.
    DoNotTrack,
    /// `navigator.globalPrivacyControl`, <https://www.w3.org/TR/gpc/>.
    GlobalPrivacyControl,
    /// The owner has turned counting off in this browser.
    Owner,
    /// The page was fetched ahead of a visit that may not come.
    Prefetch,
    /// The page was rendered ahead of a visit that did not come.
    Prerender,
}

/// A regular expression of ECMAScript, without regard to case, for the user agents
/// of programs that say they are crawlers: that of npm's `isbot`. A test of the
/// pages compares the two.
pub const CRAWLERS: &str = include_str!("crawlers.txt").trim_ascii_end();

/// The owner's mark as a cookie: it comes with the answer to a report of the
/// owner's view, and the page reads it.
pub const OWNER_COOKIE: &str = "count=off";

impl SkipReason {
    /// Every reason, in the order of their names.
    pub const ALL: [Self; 7] = [
        Self::Automation,
        Self::Crawler,
        Self::DoNotTrack,
        Self::GlobalPrivacyControl,
        Self::Owner,
        Self::Prefetch,
        Self::Prerender,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automation => "automation",
            Self::Crawler => "crawler",
            Self::DoNotTrack => "do-not-track",
            Self::GlobalPrivacyControl => "global-privacy-control",
            Self::Owner => "owner",
            Self::Prefetch => "prefetch",
            Self::Prerender => "prerender",
        }
    }
}

/// A recorded visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Visit {
    /// UUIDv7.
    pub id: String,
    /// The property that was visited.
    pub property_id: String,
    /// The time of the visit in RFC 3339, as it was given.
    pub date: String,
    /// The visitor's place.
    pub place: String,
    /// The source that led here, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The code of the owner's link that led here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// In the owner's log, the date by the clocks of the owner's time zone, unless that
    /// is UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_date: Option<String>,
}

/// Answer of `GET /visits`: one page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitsPage {
    /// The visits of this page.
    pub visits: Vec<Visit>,
    /// `cursor` of the next page; `null` after the last.
    pub next: Option<String>,
}

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

/// Body of `POST /visits/links`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
pub struct NewLink {
    /// The owner's name for the link, such as whom it is sent to.
    pub label: String,
    /// The address of the page, for the address of the link and its QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// Answer of `POST /visits/links`: the link and, where the page was named, the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeLink {
    /// The code.
    pub link: String,
    /// The owner's name for it.
    pub label: String,
    /// The time at which it was made, in RFC 3339.
    pub created: String,
    /// The page's address with the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The QR code of that address as an SVG, in a `data:` URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
    /// The same as a PNG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub png: Option<String>,
}

/// A link that the owner has given to somebody: the page's address with
/// `?for=<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The code.
    pub link: String,
    /// The owner's name for it.
    pub label: String,
    /// The time at which it was made, in RFC 3339.
    pub created: String,
}

impl Link {
    /// The parameter of the page's address that holds the code.
    pub const PARAMETER: &'static str = "for";
    /// The characters of a code: none is taken for another.
    pub const ALPHABET: &'static [u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    /// The characters that a code has.
    pub const CHARS: usize = 6;

    /// The address of `page` with the code `link` in place of any that is there.
    pub fn address(page: &str, link: &str) -> String {
        let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
        let (path, query) = page.split_once('?').unwrap_or((page, ""));
        let mut address = [path, "?", Self::PARAMETER, "=", link].concat();
        for part in query.split('&') {
            if !part.is_empty() && part.split('=').next() != Some(Self::PARAMETER) {
                address += "&";
                address += part;
            }
        }
        address + fragment
    }

    /// True if `text` has the form of a code.
    pub fn is_code(text: &str) -> bool {
        text.len() == Self::CHARS && text.bytes().all(|byte| Self::ALPHABET.contains(&byte))
    }
}

/// The most bytes of a source.
const MAX_SOURCE_BYTES: usize = 50;

/// True if `text` has the form of a source.
pub fn is_source(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (1..=MAX_SOURCE_BYTES).contains(&text.len()) && text.bytes().all(is_plain)
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
