//! The head of the page: who it is about, how to reach them, and how many have
//! been here.

use leptos::prelude::*;

use super::Variant;
use super::link::Link;
use super::phone::dialled;
use super::tongue::Tongue;
use super::words::Paragraphs;
use crate::resume::{Basics, Image, Location, Meta, Profile, is_email};
use crate::write::{JSON, PDF};

/// Name, portrait, summary and contact. Readers' modes leave out a `div` that is
/// mostly links.
pub(crate) fn header(
    basics: Basics,
    variant: &Variant<'_>,
    tongue: &Tongue,
) -> impl IntoView + use<> {
    let words = tongue.words;
    let name = basics
        .name
        .clone()
        .unwrap_or_else(|| words.resume.to_owned());
    let portrait = basics.image.as_ref().map(|image| {
        let alt = words.portrait.replace("{}", &name);
        view! { <img class="portrait" src=source(image, variant.up()) alt=alt width="144" height="144" /> }
    });
    let label = basics
        .label
        .clone()
        .map(|label| view! { <p class="label">{label}</p> });
    let summary = basics
        .summary
        .clone()
        .map(|text| view! { <div class="summary"><Paragraphs text /></div> });
    view! {
        <header class="intro">
            <div class="identity">{portrait}<div><h1>{name}</h1>{label}</div></div>
            {summary}
            {contact(basics, variant, tongue)}
        </header>
    }
}

/// The address of the portrait, as the page refers to it.
fn source(image: &Image, up: &str) -> String {
    match image {
        Image::Remote(url) => url.as_str().to_owned(),
        Image::Inline(data) => data.clone(),
        Image::Local(path) => format!("{up}{path}"),
    }
}

/// The way to the same page in other languages.
pub(crate) fn switch(variant: &Variant<'_>, tongue: &Tongue) -> Option<impl IntoView + use<>> {
    if variant.others.is_empty() {
        return None;
    }
    let up = variant.up();
    let links = variant.others.iter().map(|(language, path, _)| {
        let (tag, name) = (language.tag().to_owned(), language.words().name);
        let current = (*path == variant.folder).then_some("page");
        let href = format!("./{up}{path}");
        view! { <li><a href=href lang=tag.clone() hreflang=tag aria-current=current>{name}</a></li> }
    });
    let links = links.collect_view();
    Some(view! { <nav class="languages" aria-label=tongue.words.languages><ul>{links}</ul></nav> })
}

/// The place of the counter. The number is announced when it comes, as the
/// element is a live region; until a program runs the style sheet hides it. It holds
/// no text of its own: what reads no style sheet, such as a text browser or a mirror,
/// would show a counter that waits.
pub(crate) fn visits(meta: &Meta, tongue: &Tongue) -> impl IntoView + use<> {
    let daily = (meta.counter.as_deref() == Some("daily")).then_some("daily");
    let label = match daily {
        Some(_) => tongue.words.daily,
        None => tongue.words.views,
    };
    view! {
        <aside class="visits" aria-label=label>
            <span aria-hidden="true" data-text=label></span>
            <output id="counter" data-counts=daily aria-label=label><span></span></output>
        </aside>
    }
}

/// Every way to reach the person.
fn contact(basics: Basics, variant: &Variant<'_>, tongue: &Tongue) -> impl IntoView + use<> {
    let words = tongue.words;
    let offered = variant.pdf.map(|_| {
        let name = basics.name.as_deref().unwrap_or(words.resume);
        downloads(&name.replace(['/', '\\'], " "), words.resume)
    });
    let email = basics.email.map(|email| {
        let what = match is_email(&email) {
            true => view! { <a href=format!("mailto:{email}") inner_html=breakable(&email)></a> }
                .into_any(),
            false => email.into_any(),
        };
        item(words.email, what)
    });
    let phone = basics.phone.map(|phone| {
        let what = match dialled(&phone) {
            Some(number) => {
                view! { <a href=format!("tel:{number}")><bdi>{phone}</bdi></a> }.into_any()
            }
            None => phone.into_any(),
        };
        item(words.phone, what)
    });
    let web = basics.url.map(|url| {
        let text = url.short();
        item(words.web, view! { <Link url text rel="me" /> })
    });
    let place = basics
        .location
        .and_then(|location| one_line(location, tongue.comma))
        .map(|line| item(words.address, line));
    let profiles = basics
        .profiles
        .into_iter()
        .filter_map(|one| profile(one, words.profile))
        .collect_view();
    let is_there = email.is_some()
        || phone.is_some()
        || web.is_some()
        || place.is_some()
        || !profiles.is_empty()
        || offered.is_some();
    is_there.then(
        || view! { <address><dl>{email}{phone}{web}{place}{profiles}{offered}</dl></address> },
    )
}

/// The résumé's other forms, each to be kept under the person's name.
fn downloads(name: &str, label: &str) -> impl IntoView + use<> {
    let (pdf, json) = (format!("{name}.pdf"), format!("{name}.json"));
    view! {
        <div class="downloads">
            <dt>{label.to_owned()}</dt>
            <dd>
                <a href=PDF type="application/pdf" download=pdf>"PDF"</a>
                " "
                <a href=JSON type="application/json" download=json>"JSON"</a>
            </dd>
        </div>
    }
}

/// An address that breaks after its `@` where it has to. It holds no markup, since
/// `<` and `&` are in no address.
fn breakable(email: &str) -> String {
    email.replace('@', "@<wbr>")
}

fn item<V: IntoView>(term: &str, what: V) -> impl IntoView + use<V> {
    view! { <div><dt>{term.to_owned()}</dt><dd>{what}</dd></div> }
}

/// A profile under its network's name, or under `label` where it has none.
fn profile(profile: Profile, label: &str) -> Option<impl IntoView + use<>> {
    let Profile {
        network,
        username,
        url,
    } = profile;
    let Some(text) = username.or_else(|| Some(url.as_ref()?.short())) else {
        return network.map(|network| item(label, network.into_any()));
    };
    let what = match url {
        Some(url) => view! { <Link url text rel="me" /> }.into_any(),
        None => text.into_any(),
    };
    Some(item(network.as_deref().unwrap_or(label), what))
}

/// An address as it is written on an envelope, on one line.
fn one_line(location: Location, comma: &str) -> Option<String> {
    let city = join(" ", [location.postal_code, location.city]);
    join(
        comma,
        [
            location.address,
            city,
            location.region,
            location.country_code,
        ],
    )
}

/// The parts that are there with `separator` between them, or nothing.
fn join<const N: usize>(separator: &str, parts: [Option<String>; N]) -> Option<String> {
    parts
        .into_iter()
        .flatten()
        .reduce(|line, part| line + separator + &part)
}
