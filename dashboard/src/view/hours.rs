//! Visits by the hour of the day.

use leptos::prelude::*;

use super::section::section;
use crate::words;

/// A bar for each hour of `zone`, from midnight on; nothing where no hour is known.
pub(crate) fn hours(hours: Vec<u64>, zone: &str) -> Option<AnyView> {
    let most = hours.iter().copied().max().filter(|most| *most > 0)?;
    let busiest = hours.iter().position(|visits| *visits == most)?;
    let said = format!(
        "The busiest hour is {busiest}:00 to {busiest}:59 ({zone}), with {}.",
        words::count(most, "visit", "visits")
    );
    // One shape for all, as of the days: 24 bars in a box of 24 by 100.
    let mut bars = String::new();
    for (hour, visits) in hours.into_iter().enumerate() {
        let height = visits * 100 / most;
        bars += &format!("M{hour}.05 100v-{height}h.9v{height}z");
    }
    let content = view! {
        <svg class="hours" viewBox="0 0 24 100" preserveAspectRatio="none" role="img" aria-labelledby="busiest">
            <path class="visits" d=bars />
        </svg>
        <p class="axis" aria-hidden="true"><span>"0"</span><span>"6"</span><span>"12"</span><span>"18"</span><span>"24"</span></p>
        <p id="busiest">{said}</p>
    };
    Some(section("hours", "Hour of the day", content.into_any()))
}
