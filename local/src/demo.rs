//! `--demo`: job offers and visits that are made up, so that a newcomer sees the job
//! board and the dashboard alive. They are in memory, and end with the program.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use backend::causes;
use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use jobs::keys;
use shared::visits::{Link, Visit};
use visits::{DayRecord, Log, Record};

use crate::pipeline::BUCKET;

const OFFERS: &str = include_str!("../samples/job-offers.csv");
const OFFERS_NAME: &str = "job-offers.csv";

/// Days that have visits, up to yesterday; today is the newcomer's own.
const DAYS: i64 = 45;

/// The visitors' places; those that come often are in it more than once.
const PLACES: [&str; 12] = [
    "Lyon, FR",
    "Paris, FR",
    "Lyon, FR",
    "Berlin, DE",
    "Genève, CH",
    "Lyon, FR",
    "Montréal, CA",
    "Oslo, NO",
    "Paris, FR",
    "Porto, PT",
    "Kyoto, JP",
    "unknown",
];

/// The sources of visits; of some visits none is known.
const SOURCES: [Option<&str>; 7] = [
    Some("linkedin.com"),
    None,
    Some("google.com"),
    Some("linkedin.com"),
    Some("github.com"),
    Some("chatgpt.com"),
    None,
];

/// The owner's links, and how often somebody comes by them: once in so many visits.
const LINKS: [(&str, &str, i64); 3] = [
    ("aurrra", "Aurora, backend", 6),
    ("brjcks", "Bricks & Co., platform", 11),
    ("cedars", "Cedar labs", 17),
];

/// The reason why the demonstration is not complete.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The bucket did not take the offers.
    #[error("the sample job offers were not taken: {0}")]
    Offers(String),
    /// The store did not take the visits.
    #[error("the sample visits were not stored: {0}")]
    Visits(#[from] backend::Error),
}

/// Puts the sample into the bucket.
///
/// # Errors
/// The bucket's.
pub(crate) async fn load_offers(bucket: &Client) -> Result<(), DemoError> {
    let put = bucket.put_object().bucket(BUCKET);
    let put = put.key(format!("{}{OFFERS_NAME}", keys::FILES));
    put.body(OFFERS.as_bytes().to_vec().into())
        .send()
        .await
        .map_err(|error| DemoError::Offers(causes(&error)))?;
    Ok(())
}

/// Puts visits of `page` into the log.
///
/// # Errors
/// The store's.
pub(crate) async fn record_visits(log: &Log, page: &str, now: Timestamp) -> Result<(), DemoError> {
    let today = now.to_zoned(TimeZone::UTC).date();
    for (code, label, _) in LINKS {
        log.import(Record::Link(Link {
            link: code.to_owned(),
            label: label.to_owned(),
            created: format!("{now:.3}"),
        }))
        .await?;
    }
    for ago in 1..=DAYS {
        let day = today.saturating_sub(ago.days());
        // More on working days, and a little more each week.
        let weekday = i64::from(day.weekday().to_monday_zero_offset());
        let visits = if weekday < 5 { 5 } else { 2 } + (ago * 7) % 4 + (DAYS - ago) / 9;
        let mut link_uniques = BTreeMap::new();
        for n in 0..visits {
            let mut visit = visit(page, day, n);
            let came = LINKS.iter().find(|(.., every)| (n + ago) % every == 0);
            if let Some((code, ..)) = came.filter(|_| ago < 12) {
                (visit.link, visit.source) = (Some((*code).to_owned()), None);
                link_uniques.insert((*code).to_owned(), 1);
            }
            log.import(Record::Visit(visit)).await?;
        }
        let uniques = DayRecord {
            property_id: page.to_owned(),
            day: day.to_string(),
            uniques: (visits - visits / 3).unsigned_abs(),
            link_uniques,
            ..DayRecord::default()
        };
        log.import(Record::Day(uniques)).await?;
    }
    Ok(())
}

fn visit(page: &str, day: Date, n: i64) -> Visit {
    let hour = i8::try_from((n * 5 + 7) % 24).unwrap_or_default();
    let minute = i8::try_from((n * 17 + i64::from(day.day())) % 60).unwrap_or_default();
    let moment = day.to_datetime(time(hour, minute, 0, 0));
    let place = usize::try_from(n * 7 + i64::from(day.day())).unwrap_or_default() % PLACES.len();
    Visit {
        id: format!(
            "00000000-0000-7000-8000-{:08}{n:04}",
            day.strftime("%Y%m%d").to_string()
        ),
        property_id: page.to_owned(),
        date: format!("{}Z", moment.strftime("%Y-%m-%dT%H:%M:%S")),
        place: PLACES[place].to_owned(),
        source: SOURCES[place % SOURCES.len()].map(str::to_owned),
        link: None,
        local_date: None,
    }
}
