//! How each kind of item becomes an [`Entry`].

use super::entry::{Entry, Period};
use crate::resume::{Award, Certificate, Education, Project, Publication, Volunteer, Work};

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
