//! The visits log on the wire: a page's reports, and the owner's answers.

mod link;
mod summary;

use serde::{Deserialize, Serialize};

pub use link::{Link, MadeLink, NewLink};
pub use summary::{
    DayCount, DayVisits, LinkCount, OTHER, PlaceCount, PropertyCount, SkipCount, SourceCount,
    Summary, sort_by_visits,
};

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

/// The most bytes of a source.
const MAX_SOURCE_BYTES: usize = 50;

/// True if `text` has the form of a source.
pub fn is_source(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    (1..=MAX_SOURCE_BYTES).contains(&text.len()) && text.bytes().all(is_plain)
}
