//! Moments and reasons as they are written.

use dashboard::words;
use shared::visits::SkipReason;

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
