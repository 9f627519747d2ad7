//! The page: what is inside `<body>`, as views of a résumé. It is only ever
//! rendered to a string, so nothing here is reactive.

#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` for what is `pub(crate)`"
)]

mod entry;
mod header;
mod kinds;
mod link;
mod sections;
mod topic;

use leptos::prelude::*;

use crate::resume::{Meta, Resume};
use header::Header;
use sections::Sections;

/// The whole résumé.
#[component]
pub(crate) fn Page(
    /// Whose words these are.
    resume: Resume,
) -> impl IntoView {
    view! {
        <a class="skip" href="#content">"Skip to the résumé"</a>
        <p id="notice" role="status"></p>
        <Header basics=resume.basics.clone() />
        <main id="content" tabindex="-1">
            <Sections resume=resume.clone() />
        </main>
        <Footer meta=resume.meta />
    }
}

/// What a visitor sees who followed a dead link.
#[component]
pub(crate) fn NotFound(
    /// Where the résumé is.
    home: String,
) -> impl IntoView {
    view! {
        <main class="lost">
            <h1>"Page not found"</h1>
            <p>"There is nothing at this address. "<a href=home>"Go to the résumé"</a>"."</p>
        </main>
    }
}

/// How current the page is, where it says so.
#[component]
fn Footer(
    /// What the document says about itself.
    meta: Meta,
) -> impl IntoView {
    let updated = meta.last_modified.map(|moment| {
        let iso = moment.date.iso().to_owned();
        view! { <li>"Last updated "<time datetime=iso>{moment.date.to_string()}</time></li> }
    });
    let version = meta
        .version
        .map(|version| view! { <li>"Version "{version}</li> });
    let canonical = meta.canonical.map(|url| {
        view! { <li><a rel="noopener" href=url.as_str().to_owned()>"Latest version as JSON"</a></li> }
    });
    (updated.is_some() || version.is_some() || canonical.is_some())
        .then(|| view! { <footer><ul>{updated}{version}{canonical}</ul></footer> })
}
