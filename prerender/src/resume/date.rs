//! Dates as JSON Resume has them: ISO 8601, each part after the year optional.
//! What people write instead is read in `date/written.rs`.

mod written;

use serde::de::{Deserialize, Deserializer};

pub(super) use written::{Months, Written};

/// A year, a month of a year, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: u16,
    pub(crate) month: Option<u8>,
    pub(crate) day: Option<u8>,
}

impl Day {
    /// The date of these parts; none where the calendar has no such day.
    pub(super) fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        let month_is_one = month.is_none_or(|month| (1..=12).contains(&month));
        let day_is_one = match (month, day) {
            (Some(month), Some(day)) => month_is_one && (1..=days_in(year, month)).contains(&day),
            (None, Some(_)) => false,
            _ => true,
        };
        ((1000..3000).contains(&year) && month_is_one && day_is_one).then_some(Self {
            year,
            month,
            day,
        })
    }

    /// The date as machines read it: `2021`, `2021-03` or `2021-03-09`.
    pub(crate) fn iso(&self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{}-{month:02}-{day:02}", self.year),
            (Some(month), None) => format!("{}-{month:02}", self.year),
            _ => self.year.to_string(),
        }
    }

    /// Reads the form for machines, and no other.
    pub(super) fn parse(iso: &str) -> Option<Self> {
        let mut parts = iso.split('-');
        let year = number(parts.next()?, 4)?;
        let month = match parts.next() {
            Some(month) => Some(number(month, 2)? as u8),
            None => None,
        };
        let day = match parts.next() {
            Some(day) => Some(number(day, 2)? as u8),
            None => None,
        };
        match parts.next() {
            Some(_) => None,
            None => Self::new(year, month, day),
        }
    }
}

/// A date, or words in place of one, which are shown as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Date {
    Day(Day),
    Words(String),
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Ok(Day::parse(&text).map_or(Self::Words(text), Self::Day))
    }
}

fn number(text: &str, digits: usize) -> Option<u16> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
