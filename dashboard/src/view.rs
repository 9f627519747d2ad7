//! The page in the browser: the sign-in form, or the numbers.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` for what is `pub(crate)`"
)]

mod controls;
mod days;
mod download;
mod figures;
mod hours;
mod latest;
mod links;
mod overview;
mod ranking;
mod section;
mod sign_in;

use leptos::ev;
use leptos::prelude::*;
use time::Date;

use crate::period::parse_day;
use crate::session::Session;
use overview::Overview;
use sign_in::SignIn;

/// Mounts the dashboard into the static page.
pub fn mount() {
    browser::mount(Dashboard);
}

#[component]
fn Dashboard() -> impl IntoView {
    let session = Session::of_this_tab();
    let open = Memo::new(move |_| session.is_open());
    session.follow_address();
    // Somebody may put the address of a code into the tab that has the page already.
    window_event_listener(ev::hashchange, move |_| session.follow_address());
    view! {
        <p class="waiting" role="status">
            {move || session.throttled.get().then_some("The server takes only so many requests at once. Waiting a moment…")}
        </p>
        {move || {
            if session.signing_in.get() {
                view! { <p role="status">"Signing in…"</p> }.into_any()
            } else if open.get() {
                view! { <Overview session /> }.into_any()
            } else {
                view! { <SignIn session /> }.into_any()
            }
        }}
    }
}

/// The name that the résumé page beside this one is counted under:
/// `host/pathname`.
fn home_property() -> String {
    let location = window().location();
    let host = location.host().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    let folder = path
        .rsplit_once("dashboard/")
        .map_or("/", |(folder, _)| folder);
    format!("{host}{folder}")
}

/// Today, in UTC: a guess at the day that it is for the owner.
fn today() -> Date {
    let now = js_sys::Date::new_0();
    // Only a clock beyond the year 9999 is no date of this calendar.
    in_utc(&now)
        .and_then(|now| parse_day(now.get(..10)?))
        .unwrap_or(Date::MIN)
}

/// A moment as `YYYY-MM-DDThh:mm:ss.sssZ`; `None` for an invalid one.
fn in_utc(moment: &js_sys::Date) -> Option<String> {
    // An invalid date has no such form, and asking for it would throw.
    (!moment.get_time().is_nan()).then(|| moment.to_iso_string().into())
}
