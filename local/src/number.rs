//! Whole numbers: read from a command line, and said with their noun.

use std::num::NonZeroU32;

/// The highest number that a browser shows to the last digit.
const MAX_HITS: u64 = (1 << 53) - 1;

/// Says how many there are of `noun`, whose plural ends in an s.
pub fn of(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// Parses the number of a counter.
///
/// # Errors
/// A sentence for the user, as of all that parse here.
pub(crate) fn parse_hits(text: &str) -> Result<u64, String> {
    parse(text, 0, MAX_HITS)
}

/// Parses a number of pages.
pub(crate) fn parse_pages(text: &str) -> Result<u64, String> {
    parse(text, 0, u64::MAX)
}

/// Parses a number of days.
pub(crate) fn parse_days(text: &str) -> Result<u16, String> {
    parse(text, 0, u16::MAX)
}

/// Parses a number of requests.
pub(crate) fn parse_requests(text: &str) -> Result<NonZeroU32, String> {
    let number: u32 = parse(text, 1, u32::MAX)?;
    NonZeroU32::new(number).ok_or_else(|| expected(1, u32::MAX))
}

fn parse<N>(text: &str, least: N, most: N) -> Result<N, String>
where
    N: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    let number = text.parse().ok();
    let number = number.filter(|number| least <= *number && *number <= most);
    number.ok_or_else(|| expected(least, most))
}

fn expected(least: impl std::fmt::Display, most: impl std::fmt::Display) -> String {
    format!("write a whole number from {least} to {most}")
}
