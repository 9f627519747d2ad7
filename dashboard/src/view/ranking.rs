//! Names by number of visits, each with a line as long as its share.

use leptos::prelude::*;

use super::section::{row, section, table};
use crate::chart::Chart;
use crate::words;

/// Rows that are shown at first.
const TOP: usize = 8;

/// A name with its visits.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) visits: u64,
    /// The visits per day.
    pub(crate) chart: Option<Chart>,
}

impl From<(String, u64)> for Row {
    fn from((name, visits): (String, u64)) -> Self {
        Self {
            name,
            visits,
            chart: None,
        }
    }
}

/// A ranking, with a sentence about it; nothing where there is nothing to rank.
pub(crate) fn ranking(
    id: &'static str,
    title: &'static str,
    column: &'static str,
    rows: Vec<Row>,
    note: Option<String>,
) -> Option<AnyView> {
    let most = rows.iter().map(|row| row.visits).max()?.max(1);
    let more = rows.len().saturating_sub(TOP);
    let rows = rows
        .into_iter()
        .map(
            |Row {
                 name,
                 visits,
                 chart,
             }| {
                let share = format!("{}%", visits * 100 / most);
                let heading = view! {
                    <bdi>{name}</bdi>
                    {chart.map(sparkline)}
                    <i class="share" style:width=share></i>
                };
                row(heading.into_any(), vec![words::number(visits)])
            },
        )
        .collect();
    let columns = [column, "Visits"].map(str::to_owned).to_vec();
    // The style sheet hides the rows after the first eight.
    let all = RwSignal::new(false);
    let content = view! {
        <div class="rows" class:all=move || all.get()>{table("ranking", title, columns, rows)}</div>
        {note.map(|note| view! { <p class="note">{note}</p> })}
        {(more > 0).then(|| view! {
            <button
                class="more"
                aria-expanded=move || all.get().to_string()
                on:click=move |_| all.update(|all| *all = !*all)
            >
                {move || if all.get() { "Show fewer".to_owned() } else { format!("Show {more} more") }}
            </button>
        })}
    };
    Some(section(id, title, content.into_any()))
}

/// The visits per day in a line of text.
fn sparkline(chart: Chart) -> AnyView {
    let busiest = chart.busiest().map_or_else(String::new, |day| {
        format!(
            "Per day; the most were on {}: {}",
            words::day(day.date),
            words::number(day.visits)
        )
    });
    view! {
        <svg
            class="spark"
            role="img"
            aria-label=busiest
            viewBox=chart.view_box()
            preserveAspectRatio="none"
        >
            <path class="visits" d=chart.bars(|day| day.visits) />
        </svg>
    }
    .into_any()
}
