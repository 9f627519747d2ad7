//! Numbers, moments and reasons as the page writes them.

use shared::visits::SkipReason;
use time::Date;

use crate::period::parse_day;

/// A number with a comma between thousands.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things, of which one has a name of its own.
pub fn count(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{} {noun}", number(count))
}

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

/// Why page views were not recorded, as the owner would say it.
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
