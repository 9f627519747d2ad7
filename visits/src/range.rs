//! `from` and `to` of a question, as bounds of sort keys. Both are part of what
//! is asked for; either may be left out.

use backend::Error;
use backend::query::parameter;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::zone::Zone;

/// Sorts after everything that follows in a sort key.
const END: &str = "~";
/// Days before the last one that are asked for where no first one is.
const DEFAULT_DAYS: i32 = 365;

/// The start of a range, which its dates start with or come after, and the end, which
/// they come before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Range {
    /// Reads whole days (`YYYY-MM-DD`); without `from`, the year before `to` or
    /// `today`.
    pub(crate) fn of_days(query: &str, today: Date) -> Result<Self, Error> {
        let read = |text: &str| Some(day(text)?.to_string());
        let mut range = Self::read(query, read, read, "a day such as 2026-11-21")?;
        if range.from.is_empty() {
            let last = day(range.to.trim_end_matches(END)).unwrap_or(today);
            range.from = last.saturating_sub(DEFAULT_DAYS.days()).to_string();
        }
        Ok(range)
    }

    /// Reads days of `zone` or moments (RFC 3339), as moments.
    pub(crate) fn of_moments(query: &str, zone: &Zone) -> Result<Self, Error> {
        let first = |day| zone.start_of(day);
        let last = |day| zone.end_of(day);
        Self::read(
            query,
            |text| Some(sortable(day(text).map(first).or_else(|| moment(text))?)),
            |text| Some(sortable(day(text).map(last).or_else(|| moment(text))?)),
            "a day such as 2026-11-21 or a time in RFC 3339",
        )
    }

    /// From one day to another, both included.
    ///
    /// # Errors
    /// With a sentence for the owner.
    pub(crate) fn between_days(from: Option<&str>, to: Option<&str>) -> Result<Self, String> {
        let bound = |text: Option<&str>| match text {
            Some(text) => day(text)
                .map(|day| day.to_string())
                .ok_or_else(|| format!("`{text}` is no day such as 2026-11-21.")),
            None => Ok(String::new()),
        };
        let (from, to) = (bound(from)?, bound(to)? + END);
        if from > to {
            return Err("The first day is after the last.".to_owned());
        }
        Ok(Self { from, to })
    }

    /// The days of UTC in which the moments of these days lie, wherever the clocks are.
    pub(crate) fn in_utc(&self) -> Self {
        let beside = |bound: &str, days: i64| {
            let day = day(bound.trim_end_matches(END))?;
            Some(day.saturating_add(days.days()).to_string())
        };
        Self {
            from: beside(&self.from, -1).unwrap_or_default(),
            to: beside(&self.to, 1).unwrap_or_default() + END,
        }
    }

    /// True if `day` is between the two.
    pub(crate) fn contains(&self, day: &str) -> bool {
        *self.from <= *day && *day <= *self.to
    }

    fn read(
        query: &str,
        first: impl Fn(&str) -> Option<String>,
        last: impl Fn(&str) -> Option<String>,
        expected: &str,
    ) -> Result<Self, Error> {
        let refused = |name| Error::BadRequest(format!("`{name}` has to be {expected}."));
        let bound = |name, read: &dyn Fn(&str) -> Option<String>| match parameter(query, name)? {
            Some(text) => read(&text).ok_or_else(|| refused(name)),
            None => Ok(String::new()),
        };
        let (from, to) = (bound("from", &first)?, bound("to", &last)? + END);
        if from > to {
            return Err(Error::BadRequest("`from` is after `to`.".to_owned()));
        }
        Ok(Self { from, to })
    }
}

/// A moment as RFC 3339 writes it, and only so: the parser knows more forms.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let (date_time, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(date_time) => (date_time, ""),
        None => text.split_at_checked(text.len().checked_sub("+00:00".len())?)?,
    };
    let (seconds, fraction) = date_time.split_once('.').unwrap_or((date_time, "0"));
    let has_shape = is_shaped(seconds, "0000-00-00T00:00:00")
        && (1..=9).contains(&fraction.len())
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (offset.is_empty() || is_offset(offset));
    has_shape.then(|| text.parse().ok()).flatten()
}

/// Tells whether `text` is hours and minutes of a day; the parser takes 25 hours, too.
fn is_offset(text: &str) -> bool {
    let has_shape = is_shaped(text, "+00:00") || is_shaped(text, "-00:00");
    has_shape && text[1..] < *"24:00" && text[4..] < *"60"
}

/// Tells whether `text` has digits where `shape` has zeros, and its letters and signs
/// where they are.
fn is_shaped(text: &str, shape: &str) -> bool {
    let fits = |(byte, expected): (u8, u8)| match expected {
        b'0' => byte.is_ascii_digit(),
        _ => byte.eq_ignore_ascii_case(&expected),
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

/// A moment as text whose order is that of time: UTC, milliseconds.
pub(crate) fn sortable(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

/// A day in its one form.
pub(crate) fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}
