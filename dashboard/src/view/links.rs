//! The owner's links: who was sent one, who came by it, and the form for another.

use browser::Failure;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::visits::{DayCount, Link, LinkCount, MadeLink};

use super::section::{nothing, row, section, table};
use crate::api;
use crate::period::parse_day;
use crate::session::Session;
use crate::words;

/// The links of a page, with what came of them.
#[component]
pub(crate) fn Links(
    /// The session whose token is sent.
    session: Session,
    /// The page that the links lead to.
    property: String,
    /// The links, the newest first.
    links: Vec<LinkCount>,
    /// The same for the downloads of the page's PDF.
    downloads: Vec<LinkCount>,
    /// Loads the numbers anew.
    again: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let page = address(&property);
    let rows: Vec<_> = links
        .into_iter()
        .map(|link| {
            let downloaded = downloads.iter().find(|one| one.link == link.link);
            let downloaded = downloaded.map_or(0, |one| sum(&one.days, |day| day.visits));
            row_of(session, &page, link, downloaded)
        })
        .collect();
    let links = match rows.is_empty() {
        true => nothing("Make one for each application, and see here whether that company looked."),
        false => {
            let columns = ["For", "Visits", "Visitors", "First", "Last", "PDF"];
            table("links", "Links", columns.map(str::to_owned).to_vec(), rows)
        }
    };
    let content = view! {
        {links}
        <NewLink session page again />
    };
    section("links", "Links", content.into_any())
}

fn row_of(session: Session, page: &str, link: LinkCount, downloaded: u64) -> AnyView {
    let LinkCount { link, label, days } = link;
    let address = Link::address(page, &link);
    let day = |day: Option<&DayCount>| {
        let date = day.and_then(|day| parse_day(&day.date));
        date.map_or_else(|| "–".to_owned(), words::day)
    };
    let (first, last) = (day(days.first()), day(days.last()));
    let by_day = days
        .iter()
        .map(|day| {
            let date = parse_day(&day.date).map_or_else(|| day.date.clone(), words::day);
            let visits = words::count(day.visits, "visit", "visits");
            let visitors = words::count(day.uniques, "visitor", "visitors");
            format!("{date}: {visits}, {visitors}\n")
        })
        .collect::<String>();
    let (visits, visitors) = (sum(&days, |day| day.visits), sum(&days, |day| day.uniques));
    let made = RwSignal::new(None);
    let (name, page) = (label.clone(), page.to_owned());
    let draw = move |_| ask(session, name.clone(), page.clone(), made);
    let heading = view! {
        <details>
            <summary><bdi>{label}</bdi></summary>
            <p><a href=address.clone()>{address.clone()}</a></p>
            <p class="by-day">{by_day}</p>
            <button on:click=draw>"QR code"</button>
            {outcome(made)}
        </details>
    };
    let [visits, visitors, downloaded] = [visits, visitors, downloaded].map(words::number);
    let cells = vec![visits, visitors, first, last, downloaded];
    row(heading.into_any(), cells)
}

fn sum(days: &[DayCount], of: impl Fn(&DayCount) -> u64) -> u64 {
    days.iter().map(of).sum()
}

/// The form for one link more.
#[component]
fn NewLink(
    /// The session whose token is sent.
    session: Session,
    /// The page's address.
    page: String,
    /// Loads the numbers anew.
    again: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let made = RwSignal::new(None);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            ask(session, input.value().trim().to_owned(), page.clone(), made);
        }
    };
    view! {
        <form class="new-link" on:submit=submit>
            <label for="label">"A link for"</label>
            <input id="label" required maxlength="100" autocomplete="off" dir="auto" placeholder="Acme, backend" node_ref=input />
            <button>"Make a link"</button>
        </form>
        {outcome(made)}
        {move || made.with(|made| matches!(made, Some(Ok(_)))).then(|| view! {
            <button on:click=move |_| again()>"Show it in the list"</button>
        })}
    }
}

/// The link that was asked for, or the reason why there is none.
type Made = RwSignal<Option<Result<MadeLink, Failure>>>;

/// Makes a link, or gets the one that there is, with its QR code.
fn ask(session: Session, label: String, page: String, made: Made) {
    spawn_local(async move {
        made.set(Some(api::add_link(session, label, page).await));
    });
}

/// A link's address and its QR code.
fn outcome(made: Made) -> AnyView {
    let shown = move || match made.get()? {
        Ok(MadeLink {
            link,
            address,
            svg,
            png,
            ..
        }) => {
            let file = |kind| format!("{link}.{kind}");
            Some(
                view! {
                    <code>{address}</code>
                    <img class="code" alt="QR code of this address" src=svg.clone() />
                    <a href=svg download=file("svg")>"SVG"</a>
                    " "
                    <a href=png download=file("png")>"PNG"</a>
                }
                .into_any(),
            )
        }
        Err(failure) => Some(view! { <span class="error">{failure.to_string()}</span> }.into_any()),
    };
    view! { <p class="made" role="status">{shown}</p> }.into_any()
}

/// The address of the page that is counted under this name.
fn address(property: &str) -> String {
    let location = window().location();
    let own = location.host().unwrap_or_default();
    match (location.protocol(), property.split('/').next()) {
        (Ok(protocol), Some(host)) if host == own => format!("{protocol}//{property}"),
        _ => format!("https://{property}"),
    }
}
