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

/// A number beside the one of as many days before, such as `12 % more than before`.
pub fn beside(now: u64, before: u64) -> String {
    let percent = (now.abs_diff(before) * 100 + before / 2).checked_div(before);
    let percent = percent.unwrap_or(0);
    match (now, before) {
        (0, 0) => "as before: none".to_owned(),
        (_, 0) => "none in the days before".to_owned(),
        _ if now == before => format!("as many as before: {}", number(before)),
        _ if now > before => format!("{percent} % more than before: {}", number(before)),
        _ => format!("{percent} % fewer than before: {}", number(before)),
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
