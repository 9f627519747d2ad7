//! The headings and dates of the page's language, for the views.

use crate::resume::{Date, Dates, Language, Words};

/// Headings and dates in the page's language.
#[derive(Debug)]
pub(crate) struct Tongue {
    pub(crate) words: &'static Words,
    pub(crate) comma: &'static str,
    dates: Dates,
}

/// A date as it is shown, and as machines read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) iso: Option<String>,
}

impl Tongue {
    pub(crate) fn new(language: &Language) -> Self {
        Self {
            words: language.words(),
            comma: language.comma(),
            dates: language.dates(),
        }
    }

    /// A date of which the day counts.
    pub(crate) fn day(&self, date: Date) -> Shown {
        match date {
            Date::Day(day) => Shown {
                text: self.dates.day(day),
                iso: Some(day.iso()),
            },
            Date::Words(text) => Shown { text, iso: None },
        }
    }

    /// A date at an end of a period: of days, none is shown.
    pub(crate) fn month(&self, date: Date) -> Shown {
        match date {
            Date::Day(day) => Shown {
                text: self.dates.month(day),
                iso: Some(day.iso()),
            },
            Date::Words(text) => Shown { text, iso: None },
        }
    }
}
