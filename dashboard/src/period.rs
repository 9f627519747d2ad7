//! The days of a question. A day is one of the owner's time zone, as in the visits log.

use time::{Date, Duration, Month};

/// A number of days up to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Today and the six days before it.
    Week,
    /// 30 days.
    Month,
    /// 90 days.
    Quarter,
    /// All days.
    All,
}

impl Period {
    /// Every period, the shortest first.
    pub const ALL: [Self; 4] = [Self::Week, Self::Month, Self::Quarter, Self::All];

    /// The name that the page shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
            Self::All => "All time",
        }
    }

    /// The first day, where there is one.
    pub fn first_day(self, today: Date) -> Option<Date> {
        let before = match self {
            Self::Week => 6,
            Self::Month => 29,
            Self::Quarter => 89,
            Self::All => return None,
        };
        Some(today.saturating_sub(Duration::days(before)))
    }

    /// As many days before these, as a part of a query of the API.
    pub fn to_query_before(self, today: Date) -> Option<String> {
        let first = self.first_day(today)?;
        let days = today - first + Duration::days(1);
        let (from, to) = (first.saturating_sub(days), first.previous_day()?);
        Some(format!("&from={from}&to={to}"))
    }

    /// The days as a part of a query of the API. All time has no end, and no
    /// visit is from before its beginning.
    pub fn to_query(self, today: Date) -> String {
        match self.first_day(today) {
            Some(first) => format!("&from={first}&to={today}"),
            None => "&from=2000-01-01".to_owned(),
        }
    }
}

/// The days as a part of a query, from the later day `first` on.
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
