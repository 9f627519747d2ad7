//! Dates as JSON Resume writes them: ISO 8601, each part after the year
//! optional.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A year, a month of a year, or a day. Displayed for readers (`Mar 2021`);
/// [`Date::iso`] keeps the form for machines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Date {
    iso: String,
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Date {
    /// The date as the document has it: `2021`, `2021-03` or `2021-03-09`.
    pub(crate) fn iso(&self) -> &str {
        &self.iso
    }

    fn parse(iso: &str) -> Option<Self> {
        let mut parts = iso.split('-');
        let year = number(parts.next()?, 4).filter(|year| (1000..3000).contains(year))?;
        let month = match parts.next() {
            Some(month) => Some(number(month, 2).filter(|month| (1..=12).contains(month))? as u8),
            None => None,
        };
        let day = match (month, parts.next()) {
            (Some(month), Some(day)) => {
                let last = days_in(year, month);
                Some(number(day, 2).filter(|day| (1..=last).contains(day))? as u8)
            }
            _ => None,
        };
        parts.next().is_none().then(|| Self {
            iso: iso.to_owned(),
            year,
            month,
            day,
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day {
            write!(f, "{day} ")?;
        }
        if let Some(month) = self.month {
            write!(f, "{} ", MONTHS[usize::from(month) - 1])?;
        }
        write!(f, "{}", self.year)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "expected YYYY, YYYY-MM or YYYY-MM-DD, found {text:?}"
            ))
        })
    }
}

/// A moment, of which only the day is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    /// The day it falls on.
    pub(crate) date: Date,
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let (day, time) = text.split_once('T').unwrap_or((&text, "00:00:00"));
        match Date::parse(day).filter(|_| is_time(time)) {
            Some(date) => Ok(Self { date }),
            None => Err(D::Error::invalid_value(
                Unexpected::Str(&text),
                &"YYYY-MM-DD or YYYY-MM-DDThh:mm:ss",
            )),
        }
    }
}

/// Whether `text` starts with `hh:mm:ss`; a fraction or a zone may follow.
fn is_time(text: &str) -> bool {
    let below = |range: std::ops::Range<usize>, limit| {
        text.get(range)
            .and_then(|part| number(part, 2))
            .is_some_and(|part| part < limit)
    };
    let colons = [2, 5].map(|at| text.as_bytes().get(at)) == [Some(&b':'); 2];
    colons && below(0..2, 24) && below(3..5, 60) && below(6..8, 61)
}

fn number(text: &str, digits: usize) -> Option<u16> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn days_in(year: u16, month: u8) -> u16 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
