//! The days that are looked at. A day is a day of UTC, as in the visits log.

use time::{Date, Duration, Month};

/// How far back to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Today and the six days before it.
    Week,
    /// 30 days.
    Month,
    /// 90 days.
    Quarter,
    /// Everything there is.
    All,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::All];

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
            Self::All => "All time",
        }
    }

    /// Its first day, where it has one.
    pub fn first_day(self, today: Date) -> Option<Date> {
        let before = match self {
            Self::Week => 6,
            Self::Month => 29,
            Self::Quarter => 89,
            Self::All => return None,
        };
        Some(today.saturating_sub(Duration::days(before)))
    }

    /// Its part of a query of the API; all time has no end, and no visit is from
    /// before its beginning.
    pub fn to_query(self, today: Date) -> String {
        match self.first_day(today) {
            Some(first) => format!("&from={first}&to={today}"),
            None => "&from=2000-01-01".to_owned(),
        }
    }
}

/// The part of a query, from a later day on.
pub fn query_from(days: &str, first: &str) -> String {
    let end = days.find("&to=").map_or("", |at| &days[at..]);
    format!("&from={first}{end}")
}

/// Reads `YYYY-MM-DD`.
pub fn parse_day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = Month::try_from(parts.next()?.parse::<u8>().ok()?).ok()?;
    let day = parts.next()?.parse().ok()?;
    Date::from_calendar_date(year, month, day).ok()
}
