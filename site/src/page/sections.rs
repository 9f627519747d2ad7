//! The sections of the résumé, in the order an employer reads them, and how
//! each kind of item becomes an [`Entry`].

use leptos::prelude::*;

use super::entry::{Entry, EntryArticle, Period};
use super::topic::{Topic, Topics};
use crate::resume::{
    Award, Certificate, Education, Project, Publication, Reference, Resume, Volunteer, Work,
};

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
    let entries: Vec<Entry> = items.into_iter().map(|item| item.into().headed()).collect();
    (!entries.is_empty()).then(|| {
        let articles = entries
            .into_iter()
            .filter(|entry| *entry != Entry::default())
            .map(|entry| view! { <EntryArticle entry /> })
            .collect_view();
        view! { <Section id title>{articles}</Section> }
    })
}

fn topics<T: Into<Topic>>(id: &'static str, title: &'static str, items: Vec<T>) -> impl IntoView {
    let topics: Vec<Topic> = items.into_iter().map(Into::into).collect();
    (!topics.is_empty()).then(|| view! { <Section id title><Topics topics /></Section> })
}

fn references(references: Vec<Reference>) -> impl IntoView {
    (!references.is_empty()).then(|| {
        let figures = references
            .into_iter()
            .map(|Reference { name, reference }| {
                let words =
                    reference.map(|words| view! { <blockquote><p>{words}</p></blockquote> });
                let name = name.map(|name| view! { <figcaption>{name}</figcaption> });
                (words.is_some() || name.is_some())
                    .then(|| view! { <figure>{words}{name}</figure> })
            })
            .collect_view();
        view! { <Section id="references" title="References">{figures}</Section> }
    })
}

impl From<Work> for Entry {
    fn from(work: Work) -> Self {
        Self {
            title: work.position,
            organisation: work.name,
            organisation_url: work.url,
            remarks: work.location.into_iter().collect(),
            period: Period::of(work.start_date, work.end_date),
            paragraphs: [work.description, work.summary]
                .into_iter()
                .flatten()
                .collect(),
            points: work.highlights,
            ..Self::default()
        }
    }
}

impl From<Volunteer> for Entry {
    fn from(volunteer: Volunteer) -> Self {
        Self {
            title: volunteer.position,
            organisation: volunteer.organization,
            organisation_url: volunteer.url,
            period: Period::of(volunteer.start_date, volunteer.end_date),
            paragraphs: volunteer.summary.into_iter().collect(),
            points: volunteer.highlights,
            ..Self::default()
        }
    }
}

impl From<Education> for Entry {
    fn from(education: Education) -> Self {
        let subject = [education.study_type, education.area].into_iter().flatten();
        Self {
            title: subject.reduce(|kind, area| format!("{kind}, {area}")),
            organisation: education.institution,
            organisation_url: education.url,
            remarks: education.score.into_iter().collect(),
            period: Period::of(education.start_date, education.end_date),
            tags: education.courses,
            ..Self::default()
        }
    }
}

impl From<Project> for Entry {
    fn from(project: Project) -> Self {
        Self {
            title: project.name,
            title_url: project.url,
            organisation: project.entity,
            remarks: project.kind.into_iter().chain(project.roles).collect(),
            period: Period::of(project.start_date, project.end_date),
            paragraphs: project.description.into_iter().collect(),
            points: project.highlights,
            tags: project.keywords,
            ..Self::default()
        }
    }
}

impl From<Publication> for Entry {
    fn from(publication: Publication) -> Self {
        Self {
            title: publication.name,
            title_url: publication.url,
            organisation: publication.publisher,
            period: publication.release_date.map(Period::On),
            paragraphs: publication.summary.into_iter().collect(),
            ..Self::default()
        }
    }
}

impl From<Certificate> for Entry {
    fn from(certificate: Certificate) -> Self {
        Self {
            title: certificate.name,
            title_url: certificate.url,
            organisation: certificate.issuer,
            period: certificate.date.map(Period::On),
            ..Self::default()
        }
    }
}

impl From<Award> for Entry {
    fn from(award: Award) -> Self {
        Self {
            title: award.title,
            organisation: award.awarder,
            period: award.date.map(Period::On),
            paragraphs: award.summary.into_iter().collect(),
            ..Self::default()
        }
    }
}
