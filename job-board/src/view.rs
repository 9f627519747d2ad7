//! The page in the browser: the form, and the offers.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` for what is `pub(crate)`"
)]

mod offer;
mod search;

use browser::Failed;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::board::{Board, Progress};
use crate::words;
use offer::Offer;
use search::Search;

/// Mounts the job board into the static page.
pub fn mount() {
    browser::mount(JobBoard);
}

#[component]
fn JobBoard() -> impl IntoView {
    let board = Board::from_address();
    let Board {
        filter,
        offers,
        next,
        progress,
        ..
    } = board;
    // The browser's back and forward.
    window_event_listener(ev::popstate, move |_| board.follow_address());
    Effect::new(move |_| document().set_title(&filter.with(|filter| filter.title())));

    let loading = move || matches!(progress.get(), Progress::Loading);
    let status = move || match progress.get() {
        Progress::Loading => "Loading the offers…".to_owned(),
        Progress::Shown => words::of_list(
            offers.with(Vec::len),
            next.with(Option::is_some),
            filter.with(|filter| !filter.is_empty()),
        ),
        Progress::Failed(_) => String::new(),
    };
    let more = move |_| {
        if !loading() {
            board.more(focus_offer);
        }
    };
    view! {
        <Search board />
        <p class="count" role="status">{status}</p>
        <div class="report" aria-busy=move || loading().to_string()>
            <h2 class="unseen">"Offers"</h2>
            <ul class="offers">
                {move || offers.get().into_iter().map(|offer| view! { <Offer offer /> }).collect_view()}
            </ul>
        </div>
        {move || match progress.get() {
            Progress::Failed(failure) => {
                Some(view! { <Failed failure again=move || board.again(focus_offer) /> })
            }
            _ => None,
        }}
        <Show when=move || next.with(Option::is_some)>
            <button class="more" aria-disabled=move || loading().then_some("true") on:click=more>
                "Show more offers"
            </button>
        </Show>
    }
}

/// Moves the focus to the first offer that was added, once it is there.
fn focus_offer(place: usize) {
    request_animation_frame(move || {
        let offers = document().query_selector_all(".offers article");
        let offer = offers.ok().and_then(|offers| offers.item(place as u32));
        if let Some(offer) = offer {
            let _ = offer.unchecked_into::<HtmlElement>().focus();
        }
    });
}
