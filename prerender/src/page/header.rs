//! The head of the page: who it is about, how to reach them, and how many have
//! been here.

use leptos::prelude::*;

use super::link::Link;
use crate::resume::{Basics, Location, Profile};

/// Name, portrait, summary and contact.
#[component]
pub(crate) fn Header(
    /// Who the résumé is about.
    basics: Basics,
) -> impl IntoView {
    let name = basics.name.clone().unwrap_or_else(|| "Résumé".to_owned());
    let portrait = basics.image.as_ref().map(|image| {
        let src = image.src().to_owned();
        let alt = format!("Portrait of {name}");
        view! { <img class="portrait" src=src alt=alt width="144" height="144" /> }
    });
    let label = basics
        .label
        .clone()
        .map(|label| view! { <p class="label">{label}</p> });
    let summary = basics
        .summary
        .clone()
        .map(|summary| view! { <p class="summary">{summary}</p> });
    view! {
        <header class="intro">
            <Visits />
            <div class="identity">{portrait}<div><h1>{name}</h1>{label}</div></div>
            {summary}
            <Contact basics />
        </header>
    }
}

/// The place of the counter. The number is announced when it comes, as the
/// element is a live region; without scripts the style sheet hides all of it.
#[component]
fn Visits() -> impl IntoView {
    view! {
        <p class="visits">
            <span id="counter-label">"Visitor number"</span>" "
            <output id="counter" aria-labelledby="counter-label">"…"</output>
        </p>
    }
}

/// Every way to reach the person.
#[component]
fn Contact(
    /// Who it is about.
    basics: Basics,
) -> impl IntoView {
    let email = basics.email.map(|email| {
        let href = format!("mailto:{}", email.as_str());
        item(
            "Email",
            view! { <a href=href>{email.as_str().to_owned()}</a> },
        )
    });
    let phone = basics.phone.map(|phone| {
        // The (0) of `+44 (0)113 …` is dialled inside the country only.
        let abroad = phone.starts_with('+').then(|| phone.replace("(0)", ""));
        let dialled: String = abroad
            .as_ref()
            .unwrap_or(&phone)
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        item(
            "Phone",
            view! { <a href=format!("tel:{dialled}")>{phone}</a> },
        )
    });
    let web = basics.url.map(|url| {
        let text = url.short().to_owned();
        item("Web", view! { <Link url text rel="me" /> })
    });
    let place = basics
        .location
        .map(|location| item("Address", one_line(location)));
    let profiles = basics
        .profiles
        .into_iter()
        .filter_map(profile)
        .collect_view();
    (email.is_some() || phone.is_some() || web.is_some() || place.is_some() || !profiles.is_empty())
        .then(|| view! { <address><dl>{email}{phone}{web}{place}{profiles}</dl></address> })
}

fn item(term: impl Into<String>, what: impl IntoView) -> impl IntoView {
    view! { <div><dt>{term.into()}</dt><dd>{what}</dd></div> }
}

/// A profile under its network's name; nothing where it says nothing.
fn profile(profile: Profile) -> Option<impl IntoView> {
    let Profile {
        network,
        username,
        url,
    } = profile;
    let text = username.or_else(|| url.as_ref().map(|url| url.short().to_owned()))?;
    let what = match url {
        Some(url) => view! { <Link url text rel="me" /> }.into_any(),
        None => text.into_any(),
    };
    Some(item(network.unwrap_or_else(|| "Profile".to_owned()), what))
}

/// An address as it is written on an envelope, on one line.
fn one_line(location: Location) -> String {
    let city = join(" ", [location.postal_code, location.city]);
    join(
        ", ",
        [
            location.address,
            city,
            location.region,
            location.country_code,
        ],
    )
    .unwrap_or_default()
}

/// The parts that are there with `separator` between them, or nothing.
fn join<const N: usize>(separator: &str, parts: [Option<String>; N]) -> Option<String> {
    parts
        .into_iter()
        .flatten()
        .reduce(|line, part| line + separator + &part)
}
