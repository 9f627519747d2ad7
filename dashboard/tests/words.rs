//! Numbers, moments and reasons as they are written.

use dashboard::words;
use shared::visits::SkipReason;

#[test]
fn thousands_have_commas() {
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (1_000, "1,000"),
        (12_345, "12,345"),
        (1_234_567, "1,234,567"),
    ] {
        assert_eq!(words::number(number), text);
    }
}

#[test]
fn one_visit_is_singular() {
    assert_eq!(words::count(1, "visit", "visits"), "1 visit");
    assert_eq!(words::count(0, "visit", "visits"), "0 visits");
}

#[test]
fn a_moment_is_a_day_and_a_time() {
    assert_eq!(
        words::moment("2026-11-05T09:30:59.000Z"),
        "5 Nov 2026, 09:30"
    );
    assert_eq!(words::moment("some day"), "some day");
}

#[test]
fn every_reason_has_words_of_its_own() {
    let mut said = SkipReason::ALL.map(words::reason).to_vec();
    said.sort_unstable();
    said.dedup();
    assert_eq!(said.len(), SkipReason::ALL.len());
}
