//! The owner's links: who was sent one, who came by it, and the form for another.

use browser::Failure;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::visits::{DayCount, Link, LinkCount};
use web_sys::HtmlInputElement;

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
    let rows = links
        .into_iter()
        .map(|link| {
            let downloaded = downloads.iter().find(|one| one.link == link.link);
            let downloaded = downloaded.map_or(0, |one| sum(&one.days, |day| day.visits));
            row(&page, link, downloaded)
        })
        .collect_view();
    let table = match rows.is_empty() {
        true => view! {
            <p class="empty">
                "Make one for each application, and see here whether that company looked."
            </p>
        }
        .into_any(),
        false => view! {
            <table class="links" aria-labelledby="links">
                <thead>
                    <tr>
                        <th scope="col">"For"</th>
                        <th scope="col">"Visits"</th>
                        <th scope="col">"Visitors"</th>
                        <th scope="col">"First"</th>
                        <th scope="col">"Last"</th>
                        <th scope="col">"PDF"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="links">
            <h2 id="links">"Links"</h2>
            <div class="content">{table} <NewLink session page again /></div>
        </section>
    }
}

fn row(page: &str, link: LinkCount, downloaded: u64) -> AnyView {
    let LinkCount { link, label, days } = link;
    let address = format!("{page}?{}={link}", Link::PARAMETER);
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
    view! {
        <tr>
            <th scope="row">
                <details>
                    <summary>{label}</summary>
                    <p><a href=address.clone()>{address.clone()}</a></p>
                    <p class="by-day">{by_day}</p>
                </details>
            </th>
            <td>{words::number(visits)}</td>
            <td>{words::number(visitors)}</td>
            <td>{first}</td>
            <td>{last}</td>
            <td>{words::number(downloaded)}</td>
        </tr>
    }
    .into_any()
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
    let made = RwSignal::new(None::<Result<String, Failure>>);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        let page = page.clone();
        spawn_local(async move {
            let label = input.value();
            let link = api::add_link(session, label.trim()).await;
            if link.is_ok() {
                HtmlInputElement::set_value(&input, "");
            }
            let link = link.map(|link| format!("{page}?{}={}", Link::PARAMETER, link.link));
            made.set(Some(link));
        });
    };
    view! {
        <form class="new-link" on:submit=submit>
            <label for="label">"A link for"</label>
            <input id="label" required maxlength="100" autocomplete="off" placeholder="Acme, backend" node_ref=input />
            <button>"Make a link"</button>
        </form>
        <p class="made" role="status">
            {move || match made.get() {
                Some(Ok(address)) => Some(view! {
                    <code>{address}</code>
                    " "
                    <button on:click=move |_| again()>"Show it in the list"</button>
                }.into_any()),
                Some(Err(failure)) => Some(view! { <span class="error">{failure.to_string()}</span> }.into_any()),
                None => None,
            }}
        </p>
    }
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
