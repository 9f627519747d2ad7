//! What the page tells machines about itself: title, description, Open Graph
//! and a JSON-LD `Person`, for search engines and for links that are shared.

use leptos::prelude::*;
use serde_json::{Map, Value, json};

use super::html;
use crate::resume::{Basics, Image, Location, Resume};

/// Longest description, in characters: about what search engines show.
const DESCRIPTION_CHARS: usize = 160;

/// The elements of `<head>` that every page has. The colours are those of the
/// style sheet's paper.
pub(super) const OF_EVERY_PAGE: &str = "\
    <meta name=viewport content=\"width=device-width,initial-scale=1\">\
    <meta name=color-scheme content=\"light dark\">\
    <meta name=theme-color content=#faf8f4 media=\"(prefers-color-scheme:light)\">\
    <meta name=theme-color content=#15181c media=\"(prefers-color-scheme:dark)\">";

/// The elements of `<head>` that come from the résumé.
pub(super) fn of_resume(resume: &Resume) -> String {
    let basics = &resume.basics;
    let title = match (&basics.name, &basics.label) {
        (Some(name), Some(label)) => format!("{name} – {label}"),
        (Some(text), None) | (None, Some(text)) => text.clone(),
        (None, None) => "Résumé".to_owned(),
    };
    let description = basics
        .summary
        .as_deref()
        .map(shorten)
        .unwrap_or_else(|| title.clone());
    let url = basics.url.as_ref().map(|url| url.as_str().to_owned());
    let image = image_address(basics);
    // A person without a name is no `Person`.
    let person = basics.name.as_ref().map(|_| in_script(&person(resume)));
    html(|| {
        view! {
            <title>{title.clone()}</title>
            <meta name="description" content=description.clone() />
            {url.clone().map(|url| view! { <link rel="canonical" href=url /> })}
            {open_graph("og:type", "profile".to_owned())}
            {open_graph("og:title", title)}
            {open_graph("og:description", description)}
            {url.map(|url| open_graph("og:url", url))}
            {image.map(|image| open_graph("og:image", image))}
            {person.map(|json| view! { <script type="application/ld+json" inner_html=json></script> })}
        }
    })
}

/// A property of <https://ogp.me/>. `property` is no attribute of HTML itself.
fn open_graph(property: &'static str, content: String) -> impl IntoView {
    leptos::html::meta()
        .attr("property", property)
        .attr("content", content)
}

/// The elements of `<head>` of the page for dead links.
pub(super) fn of_lost_page() -> String {
    html(|| {
        view! {
            <title>"Page not found"</title>
            <meta name="robots" content="noindex" />
        }
    })
}

/// The first words of `text`, on one line.
fn shorten(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() + 2 > DESCRIPTION_CHARS {
            return line + "…";
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The portrait's absolute address: those who show a link do not know where
/// they found it.
fn image_address(basics: &Basics) -> Option<String> {
    match (basics.image.as_ref()?, &basics.url) {
        (Image::Remote(url), _) => Some(url.as_str().to_owned()),
        (Image::Local(path), Some(page)) => page.join(path),
        (Image::Local(_), None) => None,
    }
}

/// The résumé's subject as <https://schema.org/Person>.
fn person(resume: &Resume) -> Value {
    let basics = &resume.basics;
    let profiles: Vec<_> = basics
        .profiles
        .iter()
        .filter_map(|profile| profile.url.as_ref())
        .map(|url| url.as_str())
        .collect();
    let employers: Vec<_> = resume
        .work
        .iter()
        .filter(|work| work.start_date.is_some() && work.end_date.is_none())
        .filter_map(|work| Some(json!({ "@type": "Organization", "name": work.name.as_ref()? })))
        .collect();
    let schools: Vec<_> = resume
        .education
        .iter()
        .filter_map(|study| {
            Some(json!({ "@type": "CollegeOrUniversity", "name": study.institution.as_ref()? }))
        })
        .collect();
    let languages: Vec<_> = resume
        .languages
        .iter()
        .filter_map(|language| language.language.as_ref())
        .collect();
    with_content([
        ("@context", json!("https://schema.org")),
        ("@type", json!("Person")),
        ("name", json!(basics.name)),
        ("jobTitle", json!(basics.label)),
        ("description", json!(basics.summary)),
        ("url", json!(basics.url.as_ref().map(|url| url.as_str()))),
        ("image", json!(image_address(basics))),
        (
            "email",
            json!(basics.email.as_ref().map(|email| email.as_str())),
        ),
        ("telephone", json!(basics.phone)),
        (
            "address",
            basics.location.as_ref().map_or(Value::Null, address),
        ),
        ("sameAs", json!(profiles)),
        ("worksFor", json!(employers)),
        ("alumniOf", json!(schools)),
        ("knowsLanguage", json!(languages)),
    ])
}

fn address(location: &Location) -> Value {
    with_content([
        ("@type", json!("PostalAddress")),
        ("streetAddress", json!(location.address)),
        ("postalCode", json!(location.postal_code)),
        ("addressLocality", json!(location.city)),
        ("addressRegion", json!(location.region)),
        ("addressCountry", json!(location.country_code)),
    ])
}

/// An object of the members that hold something.
fn with_content<const N: usize>(members: [(&str, Value); N]) -> Value {
    members
        .into_iter()
        .filter(|(_, value)| {
            !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
        })
        .map(|(name, value)| (name.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}

/// JSON that can stand inside a script element: without `<`, no text of the
/// résumé can end the element or start a comment.
fn in_script(json: &Value) -> String {
    json.to_string().replace('<', "\\u003c")
}
