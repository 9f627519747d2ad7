//! The sections of the résumé, in the order an employer reads them, or in the
//! one the document asks for.

use leptos::prelude::*;

use super::entry::{Entry, EntryArticle, List};
use super::kinds::AsEntry;
use super::tongue::Tongue;
use super::topic::{Topic, Topics};
use super::words::{Paragraphs, blocks};
use crate::resume::{Own, Reference, Resume};

/// The sections in the side column, if the look has one.
const BESIDE: [&str; 4] = ["skills", "languages", "interests", "certificates"];

/// Every section that the résumé has and does not hide.
pub(crate) fn sections(resume: &Resume, tongue: &Tongue) -> AnyView {
    let show = |names: Vec<&str>| -> Vec<AnyView> {
        let names = names.into_iter();
        names
            .filter_map(|name| section(name, resume, tongue))
            .collect()
    };
    if resume.look() != "sidebar" {
        return show(resume.sections()).into_any();
    }
    let (beside, others) = resume
        .sections()
        .into_iter()
        .partition(|name| BESIDE.contains(name));
    view! {
        <div class="columns">
            <div>{show(others)}</div>
            <div class="beside">{show(beside)}</div>
        </div>
    }
    .into_any()
}

fn section(name: &str, resume: &Resume, tongue: &Tongue) -> Option<AnyView> {
    let words = tongue.words;
    match name {
        "work" => entries("work", words.work, &resume.work, tongue),
        "projects" => entries("projects", words.projects, &resume.projects, tongue),
        "skills" => topics("skills", words.skills, &resume.skills),
        "education" => entries("education", words.education, &resume.education, tongue),
        "publications" => entries(
            "publications",
            words.publications,
            &resume.publications,
            tongue,
        ),
        "certificates" => entries(
            "certificates",
            words.certificates,
            &resume.certificates,
            tongue,
        ),
        "awards" => entries("awards", words.awards, &resume.awards, tongue),
        "volunteer" => entries("volunteer", words.volunteer, &resume.volunteer, tongue),
        "languages" => topics("languages", words.languages, &resume.languages),
        "interests" => topics("interests", words.interests, &resume.interests),
        "references" => references(words.references, &resume.references),
        name => {
            let at = resume.own.iter().position(|own| own.key == name)?;
            Some(own(at, &resume.own[at], tongue))
        }
    }
}

/// A part of the page under a heading, which names it. Its content is no `div`:
/// readers' modes leave out a short one that is mostly a link.
#[component]
fn Section(
    /// The name it can be linked by.
    #[prop(into)]
    id: String,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// The section's content.
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-title");
    let named = heading.clone();
    view! {
        <section id=id aria-labelledby=heading>
            <h2 id=named>{title}</h2>
            <section class="content">{children()}</section>
        </section>
    }
}

fn entries<T: AsEntry + Clone>(
    id: &str,
    title: &str,
    items: &[T],
    tongue: &Tongue,
) -> Option<AnyView> {
    let entries: Vec<Entry> = items
        .iter()
        .map(|item| item.clone().entry(tongue).headed())
        .filter(|entry| *entry != Entry::default())
        .collect();
    if entries.is_empty() {
        return None;
    }
    let articles = entries
        .into_iter()
        .map(|entry| view! { <EntryArticle entry /> })
        .collect_view();
    Some(view! { <Section id title>{articles}</Section> }.into_any())
}

fn topics<T: Into<Topic> + Clone>(id: &str, title: &str, items: &[T]) -> Option<AnyView> {
    let topics: Vec<Topic> = items
        .iter()
        .map(|item| item.clone().into())
        .filter(|topic| *topic != Topic::default())
        .collect();
    (!topics.is_empty()).then(|| view! { <Section id title><Topics topics /></Section> }.into_any())
}

fn references(title: &str, references: &[Reference]) -> Option<AnyView> {
    let figures: Vec<_> = references
        .iter()
        .cloned()
        .filter_map(|Reference { name, reference }| {
            let words = reference
                .map(|words| view! { <blockquote inner_html=blocks(&words)></blockquote> });
            let name = name.map(|name| view! { <figcaption>{name}</figcaption> });
            (words.is_some() || name.is_some()).then(|| view! { <figure>{words}{name}</figure> })
        })
        .collect();
    (!figures.is_empty())
        .then(|| view! { <Section id="references" title>{figures}</Section> }.into_any())
}

/// A section of the writer's own. Its name may hold anything, so it is linked
/// by its place.
fn own(at: usize, own: &Own, tongue: &Tongue) -> AnyView {
    let articles = own
        .entries
        .iter()
        .map(|entry| entry.clone().entry(tongue).headed())
        .map(|entry| view! { <EntryArticle entry /> })
        .collect_view();
    let words = own.words.clone().map(|text| view! { <Paragraphs text /> });
    let id = format!("own-{}", at + 1);
    let (title, list) = (own.title.clone(), own.list.clone());
    view! { <Section id title>{words}<List class="keywords" items=list />{articles}</Section> }
        .into_any()
}
