//! Numbers, moments and reasons as the page writes them.

pub use browser::words::{count, number};
use shared::visits::SkipReason;
use time::Date;

use crate::period::parse_day;

/// A day, such as `5 Nov 2026`.
pub fn day(date: Date) -> String {
    let month = date.month().to_string();
    format!("{} {} {}", date.day(), &month[..3], date.year())
}

/// A moment such as `5 Nov 2026, 09:30`, from `2026-11-05T09:30:00Z`; the text
/// itself where it is none.
pub fn moment(iso: &str) -> String {
    let parts = iso.split_once('T').and_then(|(date, time)| {
        let date = parse_day(date)?;
        Some((date, time.get(..5)?))
    });
    match parts {
        Some((date, time)) => format!("{}, {time}", day(date)),
        None => iso.to_owned(),
    }
}

/// The reason for not recording page views, in the owner's words.
pub fn reason(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Automation => "Browsers driven by a program",
        SkipReason::Crawler => "Crawlers that say what they are",
        SkipReason::DoNotTrack => "Visitors who send Do Not Track",
        SkipReason::GlobalPrivacyControl => "Visitors who send Global Privacy Control",
        SkipReason::Owner => "Your own browsers, with counting turned off",
        SkipReason::Prefetch => "Pages fetched ahead of a visit that may not have come",
        SkipReason::Prerender => "Pages rendered ahead and never seen",
    }
}
