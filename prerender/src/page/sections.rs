//! The sections of the résumé, in the order an employer reads them.

use leptos::prelude::*;

use super::entry::{Entry, EntryArticle};
use super::topic::{Topic, Topics};
use crate::resume::{Reference, Resume};

/// Every section the résumé has.
#[component]
pub(crate) fn Sections(
    /// Whose words these are.
    resume: Resume,
) -> impl IntoView {
    (
        entries("work", "Experience", resume.work),
        entries("projects", "Projects", resume.projects),
        topics("skills", "Skills", resume.skills),
        entries("education", "Education", resume.education),
        entries("publications", "Publications", resume.publications),
        entries("certificates", "Certificates", resume.certificates),
        entries("awards", "Awards", resume.awards),
        entries("volunteer", "Volunteering", resume.volunteer),
        topics("languages", "Languages", resume.languages),
        topics("interests", "Interests", resume.interests),
        references(resume.references),
    )
}

/// A part of the page under a heading, which names it.
#[component]
fn Section(
    /// The name it can be linked by.
    id: &'static str,
    /// Its heading.
    title: &'static str,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let label = heading.clone();
    view! {
        <section id=id aria-labelledby=label>
            <h2 id=heading>{title}</h2>
            <div class="content">{children()}</div>
        </section>
    }
}

fn entries<T: Into<Entry>>(id: &'static str, title: &'static str, items: Vec<T>) -> impl IntoView {
    let entries: Vec<Entry> = items
        .into_iter()
        .map(|item| item.into().headed())
        .filter(|entry| *entry != Entry::default())
        .collect();
    (!entries.is_empty()).then(|| {
        let articles = entries
            .into_iter()
            .map(|entry| view! { <EntryArticle entry /> })
            .collect_view();
        view! { <Section id title>{articles}</Section> }
    })
}

fn topics<T: Into<Topic>>(id: &'static str, title: &'static str, items: Vec<T>) -> impl IntoView {
    let topics: Vec<Topic> = items
        .into_iter()
        .map(Into::into)
        .filter(|topic| *topic != Topic::default())
        .collect();
    (!topics.is_empty()).then(|| view! { <Section id title><Topics topics /></Section> })
}

fn references(references: Vec<Reference>) -> impl IntoView {
    let figures: Vec<_> = references
        .into_iter()
        .filter_map(|Reference { name, reference }| {
            let words = reference.map(|words| view! { <blockquote><p>{words}</p></blockquote> });
            let name = name.map(|name| view! { <figcaption>{name}</figcaption> });
            (words.is_some() || name.is_some()).then(|| view! { <figure>{words}{name}</figure> })
        })
        .collect();
    (!figures.is_empty()).then(|| {
        view! { <Section id="references" title="References">{figures}</Section> }
    })
}
