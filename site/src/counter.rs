//! The visitor counter, as a view of the number known so far. It calls nothing
//! itself. Before the answer it shows the text of the static page.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` for what is `pub(crate)`"
)]

use leptos::prelude::*;

/// The number of this page's visits, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The API has been asked and has not answered yet.
    Waiting,
    /// This visit's own number, written as the page's language writes numbers.
    Number(String),
    /// The API did not answer in time, or not with a number.
    Unknown,
}

/// The text inside the element with the id `counter`.
#[component]
pub(crate) fn Counter(
    /// The number to show.
    #[prop(into)]
    reading: Signal<Reading>,
) -> impl IntoView {
    move || match reading.get() {
        Reading::Waiting => "…".to_owned(),
        Reading::Number(number) => number,
        Reading::Unknown => "–".to_owned(),
    }
}
