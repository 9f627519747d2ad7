//! The sums of the visits that were recorded, and of those that were not.

use leptos::prelude::*;
use shared::visits::{SkipCount, sort_by_visits};

use super::section::{nothing, row, section, table};
use crate::words;

/// Hits, visits and visitors, each with what it means.
#[component]
pub(crate) fn Figures(
    /// The counter's number, where it answered.
    hits: Option<u64>,
    /// Visits recorded.
    visits: u64,
    /// Daily uniques, summed.
    uniques: u64,
    /// Visits and uniques of as many days before.
    before: Option<(u64, u64)>,
) -> impl IntoView {
    let figure = |name, number: Option<u64>, meaning, before: Option<u64>| {
        let beside = number.zip(before);
        let beside = beside.map(|(number, before)| words::beside(number, before));
        let number = number.map_or_else(|| "–".to_owned(), words::number);
        view! {
            <div>
                <dt>{name}</dt>
                <dd><b>{number}</b><span>{meaning}</span>{beside.map(|text| view! { <span class="beside">{text}</span> })}</dd>
            </div>
        }
    };
    let (visits_before, uniques_before) = before.unzip();
    view! {
        <dl class="figures">
            {figure("Visits", Some(visits), "recorded in this period", visits_before)}
            {figure(
                "Visitors",
                Some(uniques),
                "each counted once a day: who comes on two days counts twice",
                uniques_before,
            )}
            {figure("Hits", hits, "on the page’s counter, since it began", None)}
        </dl>
    }
}

/// The page views that were not recorded, by reason.
pub(crate) fn skipped(skipped: Vec<SkipCount>) -> AnyView {
    let rows = skipped.into_iter();
    let mut rows: Vec<_> = rows
        .map(|one| (words::reason(one.reason).to_owned(), one.visits))
        .collect();
    sort_by_visits(&mut rows);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(reason, visits)| row(reason.into_any(), vec![words::number(visits)]))
        .collect();
    let content = match rows.is_empty() {
        true => nothing("Every page view of this period was recorded."),
        false => {
            let columns = ["Reason", "Page views"].map(str::to_owned).to_vec();
            table("", "Not recorded", columns, rows)
        }
    };
    section("skipped", "Not recorded", content)
}
