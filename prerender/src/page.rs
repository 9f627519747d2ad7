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
mod phone;
mod sections;
mod tongue;
mod topic;
mod words;

use leptos::prelude::*;

use bytes::Bytes;
use url::Url;

use crate::resume::{Language, Meta, Resume};
use entry::time;
use header::{header, switch, visits};
use sections::sections;
use tongue::Tongue;

pub(crate) use words::plain;

/// One of the pages of a résumé that is there in several languages.
#[derive(Clone, Debug)]
pub(crate) struct Variant<'a> {
    /// Its folder, with a slash at its end; empty for the site's own.
    pub(crate) folder: String,
    pub(crate) resume: &'a Resume,
    /// Its own address, where it is known.
    pub(crate) address: Option<Url>,
    /// The résumé as a PDF, where there is one.
    pub(crate) pdf: Option<&'a Bytes>,
    /// All of the pages, this one among them: language, folder, address. None
    /// where there is only this one.
    pub(crate) others: Vec<(Language, String, Option<Url>)>,
}

impl Variant<'_> {
    /// The way from the page to the site's folder.
    pub(crate) fn up(&self) -> &'static str {
        if self.folder.is_empty() { "" } else { "../" }
    }
}

/// The whole résumé.
#[component]
pub(crate) fn Page<'a>(
    /// The résumé to show.
    resume: Resume,
    /// The page's place among its translations.
    variant: Variant<'a>,
) -> impl IntoView {
    let tongue = Tongue::new(resume.language());
    view! {
        <a class="skip" href="#content">{tongue.words.skip}</a>
        <p id="notice" role="status"></p>
        {visits(&resume.meta, &tongue)}
        {switch(&variant, &tongue)}
        // Reader modes go by such names.
        <main id="content" class="article" tabindex="-1">
            {header(resume.basics.clone(), &variant, &tongue)}
            {sections(&resume, &tongue)}
        </main>
        {footer(resume.meta, &tongue)}
    }
}

/// The page for a visitor who followed a dead link.
#[component]
pub(crate) fn NotFound(
    /// The résumé's address.
    home: String,
) -> impl IntoView {
    view! {
        <main class="lost">
            <h1>"Page not found"</h1>
            <p>"There is nothing at this address. "<a href=home>"Go to the résumé"</a>"."</p>
        </main>
    }
}

/// The date and version of the page, if it has them.
fn footer(meta: Meta, tongue: &Tongue) -> impl IntoView + use<> {
    let words = tongue.words;
    let updated = meta.last_modified.map(|date| {
        view! { <li>{words.updated}" "{time(tongue.day(date))}</li> }
    });
    let version = meta
        .version
        .map(|version| view! { <li>{words.version}" "{version}</li> });
    let canonical = meta.canonical.map(|url| {
        view! { <li><a rel="noopener" href=url.as_str().to_owned()>{words.json}</a></li> }
    });
    (updated.is_some() || version.is_some() || canonical.is_some())
        .then(|| view! { <footer><ul>{updated}{version}{canonical}</ul></footer> })
}
