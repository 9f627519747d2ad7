//! The latest visits, a page at a time.

use browser::{Failed, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::visits::VisitsPage;

use super::in_utc;
use super::section::{row, section, table};
use crate::api::{self, Query};
use crate::session::Session;
use crate::words;

const PAGE: usize = 20;

/// The visits of a property and period, newest first.
#[component]
pub(crate) fn Latest(
    /// The session whose token is sent.
    session: Session,
    /// The query of the visits.
    query: Query,
    /// The owner's time zone.
    zone: String,
) -> impl IntoView {
    // The cursors of the pages up to this one; that of the first is none.
    let cursors = RwSignal::new(vec![None::<String>]);
    let page = RwSignal::new(None::<Result<VisitsPage, Failure>>);
    let round = RwSignal::new(0_u32);
    Effect::new(move |_| {
        round.track();
        let wanted = cursors.get();
        let query = query.clone();
        spawn_local(async move {
            let cursor = wanted.last().cloned().flatten();
            let loaded = api::visits(session, &query, PAGE, cursor.as_deref()).await;
            if cursors.try_get_untracked().as_ref() == Some(&wanted) {
                page.set(Some(loaded));
            }
        });
    });

    let next = move || page.with(|page| page.as_ref()?.as_ref().ok()?.next.clone());
    let older = move |_| {
        if let Some(cursor) = next() {
            cursors.update(|cursors| cursors.push(Some(cursor)));
        }
    };
    let newer = move |_| {
        if cursors.with(|cursors| cursors.len() > 1) {
            cursors.update(|cursors| _ = cursors.pop());
        }
    };
    let number = move || cursors.with(Vec::len);
    let content = view! {
        {move || match page.get() {
            None => view! { <p class="loading">"Loading the visits…"</p> }.into_any(),
            Some(Ok(page)) => log(page, &zone),
            Some(Err(failure)) => {
                let again = move || round.update(|round| *round += 1);
                view! { <Failed failure again /> }.into_any()
            }
        }}
        <div class="pager">
            <button aria-disabled=move || (number() == 1).then_some("true") on:click=newer>
                "Newer"
            </button>
            <button aria-disabled=move || next().is_none().then_some("true") on:click=older>
                "Older"
            </button>
            <span role="status">{move || format!("Page {}", number())}</span>
        </div>
    };
    section("latest", "Latest visits", content.into_any())
}

fn log(page: VisitsPage, zone: &str) -> AnyView {
    let rows = page
        .visits
        .into_iter()
        .map(|visit| {
            let in_utc = || in_utc(&js_sys::Date::new(&visit.date.as_str().into()));
            let moment = visit.local_date.or_else(in_utc);
            let moment = words::moment(moment.as_ref().unwrap_or(&visit.date));
            let heading = view! { <time datetime=visit.date>{moment}</time> };
            row(heading.into_any(), vec![visit.place])
        })
        .collect();
    let columns = vec![format!("When ({zone})"), "From".to_owned()];
    table("log", "Latest visits", columns, rows)
}
