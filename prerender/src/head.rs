//! The metadata of a page for machines: title, description, Open Graph
//! and a JSON-LD `Person`, for search engines and for links that are shared.

use leptos::prelude::*;
use serde_json::{Map, Value, json};
use url::Url;

use super::html;
use crate::page::{Variant, plain};
use crate::resume::{Basics, Date, Image, Location, Resume, is_email};
use crate::write::{JSON, PDF};

/// Longest description, in characters: about what search engines show.
const DESCRIPTION_CHARS: usize = 160;

/// The site's icon that is a picture of points; few take the other.
const ICON: &str = "apple-touch-icon.png";

/// The elements of `<head>` that every page has. The colours are those of the
/// style sheet's paper.
pub(super) const OF_EVERY_PAGE: &str = "\
    <meta name=viewport content=\"width=device-width,initial-scale=1\">\
    <meta name=color-scheme content=\"light dark\">\
    <meta name=theme-color content=#faf8f4 media=\"(prefers-color-scheme:light)\">\
    <meta name=theme-color content=#15181c media=\"(prefers-color-scheme:dark)\">";

/// The elements of `<head>` that come from the résumé. Its address is the
/// page's own or none: `basics.url` may be any site of the person's.
pub(super) fn of_resume(resume: &Resume, variant: &Variant<'_>) -> String {
    let (address, up) = (variant.address.as_ref(), variant.up());
    let basics = &resume.basics;
    let title = match (&basics.name, &basics.label) {
        (Some(name), Some(label)) => format!("{name} – {label}"),
        (Some(text), None) | (None, Some(text)) => text.clone(),
        (None, None) => resume.language().words().resume.to_owned(),
    };
    let description = basics
        .summary
        .as_deref()
        .map(|summary| shorten(&plain(summary)))
        .unwrap_or_else(|| title.clone());
    let url = address.map(|url| url.as_str().to_owned());
    let image = image_address(basics, address, up);
    let card = if image.is_some() {
        "summary_large_image"
    } else {
        "summary"
    };
    let locale = resume.language().tag().replace('-', "_");
    // A person without a name is no `Person`.
    let person = basics
        .name
        .as_ref()
        .map(|_| in_script(&profile_page(resume, address, up)));
    html(|| {
        view! {
            <title>{title.clone()}</title>
            {alternates(variant)}
            {variant.pdf.map(|_| other_forms())}
            <meta name="description" content=description.clone() />
            {url.clone().map(|url| view! { <link rel="canonical" href=url /> })}
            {open_graph("og:type", "profile".to_owned())}
            {open_graph("og:locale", locale)}
            <meta name="twitter:card" content=card />
            {open_graph("og:title", title)}
            {open_graph("og:description", description)}
            {url.map(|url| open_graph("og:url", url))}
            {image.map(|image| open_graph("og:image", image))}
            {person.map(|json| view! { <script type="application/ld+json" inner_html=json></script> })}
        }
    })
}

/// The elements of `<head>` that a page with its own words gets where the site's
/// address is known: those who show a link need whole addresses.
pub(super) fn of_page_at(site: Option<&Url>, folder: &str) -> String {
    let address = |path: &str| Some(site?.join(path).ok()?.as_str().to_owned());
    let (Some(page), Some(icon)) = (address(folder), address(ICON)) else {
        return String::new();
    };
    html(|| {
        view! {
            <link rel="canonical" href=page.clone() />
            {open_graph("og:url", page)}
            {open_graph("og:image", icon)}
        }
    })
}

/// The links to the page in other languages and in its own. By addresses that stand for
/// themselves where they are known, as search engines want them.
fn alternates(variant: &Variant<'_>) -> impl IntoView + use<> {
    let up = variant.up();
    let links = variant.others.iter().map(|(language, path, address)| {
        let href = match address {
            Some(address) => address.as_str().to_owned(),
            None => format!("{up}{path}"),
        };
        let href = if href.is_empty() {
            "./".to_owned()
        } else {
            href
        };
        view! { <link rel="alternate" hreflang=language.tag().to_owned() href=href /> }
    });
    links.collect_view()
}

/// The links to the résumé as a PDF and as JSON.
fn other_forms() -> impl IntoView {
    view! {
        <link rel="alternate" type="application/pdf" href=PDF />
        <link rel="alternate" type="application/json" href=JSON />
    }
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

/// The first words of `text`, on one line, cut between characters where there
/// are no words to cut between.
fn shorten(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    let Some((end, _)) = line.char_indices().nth(DESCRIPTION_CHARS) else {
        return line;
    };
    // One character is for the ellipsis. Where there is no space near the end,
    // there are none between words.
    let cut: String = line[..end].chars().take(DESCRIPTION_CHARS - 1).collect();
    let at_space = cut.rfind(' ').filter(|at| cut[*at..].chars().count() < 30);
    let whole_words = &cut[..at_space.unwrap_or(cut.len())];
    format!("{}…", whole_words.trim_end_matches(['、', '，', ',', ' ']))
}

/// The portrait's absolute address: those who show a link do not know where
/// they found it.
fn image_address(basics: &Basics, address: Option<&Url>, up: &str) -> Option<String> {
    match (basics.image.as_ref()?, address) {
        (Image::Remote(url), _) => Some(url.as_str().to_owned()),
        (Image::Local(path), Some(page)) => {
            page.join(&format!("{up}{path}")).ok().map(String::from)
        }
        (Image::Local(_) | Image::Inline(_), _) => None,
    }
}

/// The page as <https://schema.org/ProfilePage>, about a `Person`.
fn profile_page(resume: &Resume, address: Option<&Url>, up: &str) -> Value {
    let modified = match &resume.meta.last_modified {
        Some(Date::Day(day)) => Some(day.iso()),
        _ => None,
    };
    with_content([
        ("@context", json!("https://schema.org")),
        ("@type", json!("ProfilePage")),
        ("url", json!(address.map(Url::as_str))),
        ("inLanguage", json!(resume.language().tag())),
        ("dateModified", json!(modified)),
        ("mainEntity", person(resume, address, up)),
    ])
}

/// The résumé's subject as <https://schema.org/Person>.
fn person(resume: &Resume, address: Option<&Url>, up: &str) -> Value {
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
        ("@type", json!("Person")),
        ("name", json!(basics.name)),
        ("jobTitle", json!(basics.label)),
        ("description", json!(basics.summary.as_deref().map(plain))),
        ("url", json!(basics.url.as_ref().map(|url| url.as_str()))),
        ("image", json!(image_address(basics, address, up))),
        (
            "email",
            json!(basics.email.as_ref().filter(|email| is_email(email))),
        ),
        ("telephone", json!(basics.phone)),
        (
            "address",
            basics.location.as_ref().map_or(Value::Null, postal_address),
        ),
        ("sameAs", json!(profiles)),
        ("worksFor", json!(employers)),
        ("alumniOf", json!(schools)),
        ("knowsLanguage", json!(languages)),
    ])
}

fn postal_address(location: &Location) -> Value {
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
