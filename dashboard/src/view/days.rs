//! Visits per day: a chart, and the same numbers as a table.

use leptos::ev::PointerEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::section::{row, table};
use crate::chart::{Chart, Day};
use crate::words;

/// Longest table that lists the days without visits, too.
const ROWS: usize = 400;

/// The chart and its table.
#[component]
pub(crate) fn Days(
    /// The chart to show.
    chart: Chart,
    /// The owner's time zone.
    zone: String,
) -> impl IntoView {
    let top = chart.top();
    let length = chart.days().len();
    let (first, last) = (chart.days()[0].date, chart.days()[length - 1].date);
    let middle = chart.days()[length / 2].date;
    let busiest = chart.busiest();
    let view_box = chart.view_box();
    let width = (length * Chart::DAY).to_string();
    let visits = chart.bars(|day| day.visits);
    let uniques = chart.bars(|day| day.uniques);
    let summary = busiest.map_or_else(String::new, |day| {
        format!(
            "Visits per day from {} to {}. The most were on {}. The numbers are in the table below.",
            words::day(first),
            words::day(last),
            describe(&day),
        )
    });
    let numbers = numbers(&chart, &zone);

    let chart = StoredValue::new(chart);
    let pointed = RwSignal::new(None::<(usize, Day)>);
    let point = move |event: PointerEvent| {
        let plot = event
            .current_target()
            .and_then(|plot| plot.dyn_into::<Element>().ok());
        let Some(frame) = plot.map(|plot| plot.get_bounding_client_rect()) else {
            return;
        };
        let share = (f64::from(event.client_x()) - frame.left()) / frame.width();
        pointed.set(chart.with_value(|chart| chart.day_at(share)));
    };
    // A finger leaves at once; its day stays.
    let leave = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" {
            pointed.set(None);
        }
    };
    let readout = move || match pointed.get() {
        Some((_, day)) => describe(&day),
        None => busiest.map_or_else(String::new, |day| format!("Most: {}", describe(&day))),
    };
    let grid = [0, top / 2].map(|y| {
        view! { <line class="grid" x1="0" x2=width.clone() y1=y.to_string() y2=y.to_string() /> }
    });
    view! {
        <figure class="chart">
            <figcaption>
                <span class="key"><i class="visits-key"></i>"Visits"</span>
                <span class="key"><i class="visitors-key"></i>"Visitors"</span>
                <span class="readout" aria-hidden="true">{readout}</span>
            </figcaption>
            <div class="scale" aria-hidden="true">
                <span>{words::number(top)}</span>
                <span>{words::number(top / 2)}</span>
                <span>"0"</span>
            </div>
            <svg
                role="img"
                aria-label=summary
                viewBox=view_box
                preserveAspectRatio="none"
                on:pointermove=point
                on:pointerdown=point
                on:pointerleave=leave
            >
                {grid}
                <rect
                    class="pointed"
                    x=move || pointed.get().map_or(0, |(index, _)| index * Chart::DAY).to_string()
                    width=move || if pointed.get().is_some() { Chart::DAY } else { 0 }.to_string()
                    height=top.to_string()
                />
                <path class="visits" d=visits />
                <path class="visitors" d=uniques />
            </svg>
            <div class="dates" aria-hidden="true">
                <span>{words::day(first)}</span>
                {(length > 14).then(|| view! { <span>{words::day(middle)}</span> })}
                <span>{words::day(last)}</span>
            </div>
        </figure>
        {numbers}
    }
}

fn describe(day: &Day) -> String {
    format!(
        "{}, {}, {}",
        words::day(day.date),
        words::count(day.visits, "visit", "visits"),
        words::count(day.uniques, "visitor", "visitors"),
    )
}

/// The numbers as a table, the latest day first.
fn numbers(chart: &Chart, zone: &str) -> AnyView {
    let complete = chart.days().len() <= ROWS;
    let days = chart.days().iter().rev();
    let rows = days
        .filter(|day| complete || day.visits > 0)
        .map(|day| {
            let date = words::day(day.date);
            let heading = view! { <time datetime=day.date.to_string()>{date}</time> };
            let cells = [day.visits, day.uniques].map(words::number);
            row(heading.into_any(), cells.into())
        })
        .collect();
    let title = if complete {
        "Visits per day"
    } else {
        "Visits per day, on days that had any"
    };
    let columns = vec![
        format!("Day ({zone})"),
        "Visits".to_owned(),
        "Visitors".to_owned(),
    ];
    view! {
        <details>
            <summary>"The same as a table"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label=title>
                {table("", title, columns, rows)}
            </div>
        </details>
    }
    .into_any()
}
