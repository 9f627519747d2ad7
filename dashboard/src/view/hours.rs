//! Visits by the hour of the day, in the time of the owner's browser.

use leptos::prelude::*;

use crate::words;

/// A bar for each hour; nothing where no hour is known.
#[component]
pub(crate) fn Hours(
    /// Visits by the hour in UTC, from midnight on.
    hours: Vec<u64>,
) -> impl IntoView {
    let most = hours.iter().copied().max().filter(|most| *most > 0)?;
    // Minutes that UTC is ahead of here.
    let behind = js_sys::Date::new_0().get_timezone_offset();
    let hours = words::shifted(&hours, -(behind / 60.0).round() as i64);
    let busiest = hours.iter().position(|visits| *visits == most)?;
    let said = format!(
        "Most visits come from {busiest}:00 to {busiest}:59: {}.",
        words::number(most)
    );
    // One shape for all, as of the days: 24 bars in a box of 24 by 100.
    let mut bars = String::new();
    for (hour, visits) in hours.into_iter().enumerate() {
        let height = visits * 100 / most;
        bars += &format!("M{hour}.05 100v-{height}h.9v{height}z");
    }
    Some(view! {
        <section aria-labelledby="hours">
            <h2 id="hours">"Hour of the day"</h2>
            <div class="content">
                <svg class="hours" viewBox="0 0 24 100" preserveAspectRatio="none" role="img" aria-labelledby="busiest">
                    <path class="visits" d=bars />
                </svg>
                <p class="axis" aria-hidden="true"><span>"0"</span><span>"6"</span><span>"12"</span><span>"18"</span><span>"24"</span></p>
                <p id="busiest">{said} " In this browser’s time zone."</p>
            </div>
        </section>
    })
}
