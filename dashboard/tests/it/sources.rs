//! The kinds of what leads to a page.

use dashboard::period::Period;
use dashboard::sources::Kind;
use dashboard::words::beside;
use time::{Date, Month};

#[test]
fn hosts_and_names_are_of_their_kind() {
    for (kind, sources) in [
        (
            Kind::Search,
            &[
                "google.com",
                "google.co.uk",
                "duckduckgo.com",
                "search.brave.com",
                "de.search.yahoo.com",
                "bing",
            ][..],
        ),
        (
            Kind::Social,
            &[
                "linkedin.com",
                "com.linkedin.android",
                "lnkd.in",
                "l.facebook.com",
                "t.co",
                "x.com",
                "old.reddit.com",
                "news.ycombinator.com",
                "bsky.app",
                "linkedin",
            ],
        ),
        (
            Kind::Assistant,
            &[
                "chatgpt.com",
                "claude.ai",
                "gemini.google.com",
                "copilot.microsoft.com",
                "www.perplexity.ai",
            ],
        ),
        (
            Kind::Other,
            &[
                "github.com",
                "netflix.com",
                "mygoogle.com",
                "google.evil.example",
                "slack.acme.com",
                "medium.acme.com",
                "mail.google.com",
                "notx.com",
                "acme",
                "other",
            ],
        ),
    ] {
        for source in sources {
            assert_eq!(Kind::of(source), kind, "{source}");
        }
    }
}

#[test]
fn a_period_is_compared_with_as_many_days_before() {
    let today = Date::from_calendar_date(2026, Month::November, 27).unwrap();
    let before = |period: Period| period.to_query_before(today);
    assert_eq!(
        before(Period::Week).unwrap(),
        "&from=2026-11-14&to=2026-11-20"
    );
    assert_eq!(
        before(Period::Month).unwrap(),
        "&from=2026-09-29&to=2026-10-28"
    );
    assert_eq!(before(Period::All), None);
    assert_eq!(beside(112, 100), "12 % more than before: 100");
    assert_eq!(beside(1, 3), "67 % fewer than before: 3");
    assert_eq!(beside(3, 3), "as many as before: 3");
    assert_eq!(beside(3, 0), "none in the days before");
    assert_eq!(beside(0, 0), "as before: none");
}
