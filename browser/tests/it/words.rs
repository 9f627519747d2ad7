//! Numbers as they are written.

use browser::words;

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
