//! The days of the chart, and the places of its bars.

use dashboard::chart::Chart;
use dashboard::period::{Period, parse_day};
use shared::visits::DayCount;
use time::Date;

fn day(text: &str) -> Date {
    parse_day(text).unwrap()
}

fn counted(date: &str, visits: u64) -> DayCount {
    DayCount {
        date: date.to_owned(),
        visits,
        uniques: visits / 2,
    }
}

fn dates_and_visits(chart: &Chart) -> Vec<(String, u64)> {
    let days = chart.days().iter();
    days.map(|day| (day.date.to_string(), day.visits)).collect()
}

#[test]
fn days_without_visits_are_zero() {
    let days = [counted("2024-02-28", 4), counted("2024-03-01", 6)];
    let chart = Chart::of(&days, Some(day("2024-02-27")), day("2024-03-02"));
    let expected = [
        ("2024-02-27", 0),
        ("2024-02-28", 4),
        ("2024-02-29", 0),
        ("2024-03-01", 6),
        ("2024-03-02", 0),
    ];
    assert_eq!(
        dates_and_visits(&chart),
        expected.map(|(date, visits)| (date.to_owned(), visits))
    );
}

#[test]
fn all_time_begins_with_the_first_visit() {
    let days = [counted("2026-11-19", 1)];
    let chart = Chart::of(&days, None, day("2026-11-21"));
    assert_eq!(chart.days().len(), 3);
    assert_eq!(chart.days()[0].date, day("2026-11-19"));
}

#[test]
fn a_visit_dated_ahead_is_on_the_chart() {
    let days = [counted("2026-11-22", 1)];
    let chart = Chart::of(&days, None, day("2026-11-21"));
    assert_eq!(dates_and_visits(&chart), [("2026-11-22".to_owned(), 1)]);
}

#[test]
fn a_chart_of_nothing_has_today() {
    let chart = Chart::of(&[], None, day("2026-11-21"));
    assert_eq!(chart.days().len(), 1);
    assert_eq!(chart.top(), 2);
    assert_eq!(chart.bars(|day| day.visits), "");
}

#[test]
fn the_top_is_above_every_bar_and_its_half_is_whole() {
    let today = day("2026-11-21");
    for (most, top) in [
        (1, 2),
        (2, 2),
        (3, 4),
        (9, 10),
        (10, 10),
        (11, 20),
        (41, 60),
        (100, 100),
        (101, 200),
        (123_456, 200_000),
    ] {
        let chart = Chart::of(&[counted("2026-11-21", most)], None, today);
        assert_eq!(chart.top(), top, "{most}");
    }
}

#[test]
fn a_bar_stands_on_the_floor_of_its_day() {
    let days = [counted("2026-11-20", 0), counted("2026-11-21", 3)];
    let chart = Chart::of(&days, Some(day("2026-11-20")), day("2026-11-21"));
    assert_eq!(chart.bars(|day| day.visits), "M10 4V1h4V4z");
    assert_eq!(chart.bars(|day| day.uniques), "M10 4V3h4V4z");
}

#[test]
fn a_share_of_the_width_is_a_day() {
    let chart = Chart::of(&[], Some(day("2026-11-18")), day("2026-11-21"));
    let index_at = |share| chart.day_at(share).map(|(index, _)| index);
    assert_eq!(index_at(-0.1), Some(0));
    assert_eq!(index_at(0.0), Some(0));
    assert_eq!(index_at(0.5), Some(2));
    assert_eq!(index_at(1.0), Some(3));
}

#[test]
fn a_period_counts_today() {
    let today = day("2026-03-01");
    assert_eq!(
        Period::Week.to_query(today),
        "&from=2026-02-23&to=2026-03-01"
    );
    assert_eq!(
        Period::Month.to_query(today),
        "&from=2026-01-31&to=2026-03-01"
    );
    assert_eq!(
        Period::Quarter.to_query(today),
        "&from=2025-12-02&to=2026-03-01"
    );
    assert_eq!(Period::All.to_query(today), "&from=2000-01-01");
}

#[test]
fn what_is_no_day_is_refused() {
    for text in [
        "",
        "2026-11",
        "2026-13-01",
        "2026-02-29",
        "2026-1x-01",
        "today",
    ] {
        assert_eq!(parse_day(text), None, "{text}");
    }
}
