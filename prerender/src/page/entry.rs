//! One shape for everything that has a title, a place and a time: jobs,
//! studies, projects, awards and their like are all set the same way.

use leptos::prelude::*;

use super::link::MaybeLink;
use super::tongue::{Shown, Tongue};
use super::words::{Paragraphs, inline};
use crate::resume::{Date, WebUrl};

/// The parts of an entry, each shown only where it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) title: Option<String>,
    pub(crate) title_url: Option<WebUrl>,
    /// For whom, or with whom.
    pub(crate) organisation: Option<String>,
    pub(crate) organisation_url: Option<WebUrl>,
    /// Short remarks after the organisation: where, as what, how well.
    pub(crate) asides: Vec<String>,
    pub(crate) period: Option<Period>,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) points: Vec<String>,
    pub(crate) keywords: Vec<String>,
}

impl Entry {
    /// Moves the organisation up where nothing else can be the title, so that
    /// every entry has a heading. An address without a name stands for itself.
    pub(crate) fn headed(mut self) -> Self {
        if self.title.is_none() {
            self.title = self.organisation.take();
            self.title_url = self.title_url.or(self.organisation_url.take());
        }
        let shown = |url: &Option<WebUrl>| url.as_ref().map(WebUrl::short);
        self.title = self.title.or_else(|| shown(&self.title_url));
        self.organisation = self.organisation.or_else(|| shown(&self.organisation_url));
        self
    }
}

/// The time of an entry: a date, or a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    On(Shown),
    Since(Shown, &'static str),
    Between(Shown, Shown),
}

impl Period {
    /// The period of two dates of which either may be missing; one that has no
    /// end goes on.
    pub(crate) fn new(start: Option<Date>, end: Option<Date>, tongue: &Tongue) -> Option<Self> {
        let shown = |date| tongue.month(date);
        match (start.map(shown), end.map(shown)) {
            (Some(start), Some(end)) if start.text == end.text => Some(Self::On(end)),
            (Some(start), Some(end)) => Some(Self::Between(start, end)),
            (Some(start), None) => Some(Self::Since(start, tongue.words.present)),
            (None, end) => end.map(Self::On),
        }
    }

    /// The day of something that happens on one.
    pub(crate) fn on(date: Option<Date>, tongue: &Tongue) -> Option<Self> {
        date.map(|date| Self::On(tongue.day(date)))
    }
}

/// An entry as an article with a heading of its own.
#[component]
pub(crate) fn EntryArticle(
    /// The entry to show.
    entry: Entry,
) -> impl IntoView {
    let title = entry
        .title
        .map(|text| view! { <h3><MaybeLink url=entry.title_url text /></h3> });
    let organisation = entry
        .organisation
        .map(|text| view! { <span><MaybeLink url=entry.organisation_url text /></span> });
    let asides = spoken(entry.asides)
        .map(|text| view! { " "<span>{text}</span> })
        .collect_view();
    let place = (organisation.is_some() || !asides.is_empty())
        .then(|| view! { <p class="place">{organisation}{asides}</p> });
    let paragraphs = spoken(entry.paragraphs)
        .map(|text| view! { <Paragraphs text /> })
        .collect_view();
    view! {
        <article>
            <header>{title}{place}{entry.period.map(when)}</header>
            {paragraphs}
            <Points items=entry.points />
            <List class="keywords" items=entry.keywords />
        </article>
    }
}

/// A list of short texts; nothing where there are none.
#[component]
pub(crate) fn List(
    /// The list's CSS class.
    class: &'static str,
    /// Its texts, in order.
    items: Vec<String>,
) -> impl IntoView {
    let items = spoken(items)
        .map(|text| view! { <li>{text}</li> })
        .collect_view();
    (!items.is_empty()).then(|| view! { <ul class=class>{items}</ul> })
}

/// A list of sentences.
#[component]
fn Points(
    /// Its sentences, in order.
    items: Vec<String>,
) -> impl IntoView {
    let items = spoken(items)
        .map(|text| view! { <li inner_html=inline(&text)></li> })
        .collect_view();
    (!items.is_empty()).then(|| view! { <ul class="points">{items}</ul> })
}

/// The texts that say something.
fn spoken(texts: Vec<String>) -> impl Iterator<Item = String> {
    texts.into_iter().filter(|text| !text.trim().is_empty())
}

fn when(period: Period) -> impl IntoView {
    let (from, to) = match period {
        Period::On(date) => (None, Some(time(date))),
        Period::Since(start, present) => (Some(time(start)), Some(present.into_any())),
        Period::Between(start, end) => (Some(time(start)), Some(time(end))),
    };
    let dash = from.is_some().then_some(" – ");
    view! { <p class="when">{from}{dash}{to}</p> }
}

/// A date; words in place of one are words.
pub(crate) fn time(date: Shown) -> AnyView {
    match date.iso {
        Some(iso) => view! { <time datetime=iso>{date.text}</time> }.into_any(),
        None => date.text.into_any(),
    }
}
