//! The sums of the visits that were recorded, and of those that were not.

use std::cmp::Reverse;

use leptos::prelude::*;
use shared::visits::SkipCount;

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
                "daily uniques, summed: who comes on two days counts twice",
                uniques_before,
            )}
            {figure("Hits", hits, "on the page’s counter, since it began", None)}
        </dl>
    }
}

/// The page views that were not recorded, by reason.
#[component]
pub(crate) fn Skipped(
    /// The page views by reason.
    mut skipped: Vec<SkipCount>,
) -> impl IntoView {
    skipped.sort_by_key(|one| Reverse(one.visits));
    let rows = skipped
        .into_iter()
        .map(|SkipCount { reason, visits }| {
            view! {
                <tr>
                    <th scope="row">{words::reason(reason)}</th>
                    <td>{words::number(visits)}</td>
                </tr>
            }
        })
        .collect_view();
    let table = match rows.is_empty() {
        true => view! { <p class="empty">"Every page view of this period was recorded."</p> }.into_any(),
        false => view! {
            <table aria-labelledby="skipped">
                <thead><tr><th scope="col">"Reason"</th><th scope="col">"Page views"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="skipped">
            <h2 id="skipped">"Not recorded"</h2>
            <div class="content">{table}</div>
        </section>
    }
}
