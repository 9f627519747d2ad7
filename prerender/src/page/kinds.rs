//! Converts each kind of item to an [`Entry`].

use super::entry::{Entry, Period};
use super::tongue::Tongue;
use crate::resume::{
    Award, Certificate, Date, Education, OwnEntry, Project, Publication, Volunteer, Work,
};

/// Something that is shown as an entry.
pub(crate) trait AsEntry {
    fn entry(self, tongue: &Tongue) -> Entry;
}

impl AsEntry for Work {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.position,
            organisation: self.name,
            organisation_url: self.url,
            asides: self.location.into_iter().collect(),
            period: Period::new(self.start_date, self.end_date, tongue),
            paragraphs: [self.description, self.summary]
                .into_iter()
                .flatten()
                .collect(),
            points: self.highlights,
            keywords: self.keywords,
            ..Entry::default()
        }
    }
}

impl AsEntry for Volunteer {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.position,
            organisation: self.organization,
            organisation_url: self.url,
            asides: self.location.into_iter().collect(),
            period: Period::new(self.start_date, self.end_date, tongue),
            paragraphs: self.summary.into_iter().collect(),
            points: self.highlights,
            keywords: self.keywords,
            ..Entry::default()
        }
    }
}

impl AsEntry for Education {
    fn entry(self, tongue: &Tongue) -> Entry {
        let subject = [self.study_type, self.area].into_iter().flatten();
        Entry {
            title: subject.reduce(|kind, area| format!("{kind}{}{area}", tongue.comma)),
            organisation: self.institution,
            organisation_url: self.url,
            asides: self.location.into_iter().chain(self.score).collect(),
            period: Period::new(self.start_date, self.end_date, tongue),
            paragraphs: self.summary.into_iter().collect(),
            points: self.highlights,
            keywords: self.courses,
            ..Entry::default()
        }
    }
}

impl AsEntry for Project {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.name,
            title_url: self.url,
            organisation: self.entity,
            asides: self.kind.into_iter().chain(self.roles).collect(),
            period: Period::new(self.start_date, self.end_date, tongue),
            paragraphs: [self.description, self.summary]
                .into_iter()
                .flatten()
                .collect(),
            points: self.highlights,
            keywords: self.keywords,
            ..Entry::default()
        }
    }
}

impl AsEntry for Publication {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.name,
            title_url: self.url,
            organisation: self.publisher,
            period: Period::on(self.release_date, tongue),
            paragraphs: self.summary.into_iter().collect(),
            ..Entry::default()
        }
    }
}

impl AsEntry for Certificate {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.name,
            title_url: self.url,
            organisation: self.issuer,
            period: Period::on(self.date, tongue),
            paragraphs: self.summary.into_iter().collect(),
            ..Entry::default()
        }
    }
}

impl AsEntry for Award {
    fn entry(self, tongue: &Tongue) -> Entry {
        Entry {
            title: self.title,
            title_url: self.url,
            organisation: self.awarder,
            period: Period::on(self.date, tongue),
            paragraphs: self.summary.into_iter().collect(),
            ..Entry::default()
        }
    }
}

impl AsEntry for OwnEntry {
    fn entry(mut self, tongue: &Tongue) -> Entry {
        // `from` says who gave it, where it says no time.
        if let Some(Date::Words(giver)) = &self.start_date
            && self.organisation.is_none()
            && !giver.contains(char::is_numeric)
        {
            self.organisation = Some(giver.clone());
            self.start_date = None;
        }
        let period = Period::new(self.start_date, self.end_date, tongue);
        let day = Period::on(self.date, tongue);
        // Both are there now and then: the day is then a remark.
        let (period, aside) = match (period, day) {
            (Some(period), Some(Period::On(day))) => (Some(period), Some(day.text)),
            (period, day) => (period.or(day), None),
        };
        let more = self
            .more
            .into_iter()
            .map(|(label, text)| format!("{label}: {text}"));
        Entry {
            title: self.title,
            title_url: self.url,
            organisation: self.organisation,
            asides: self.location.into_iter().chain(aside).chain(more).collect(),
            period,
            paragraphs: self.summary.into_iter().collect(),
            points: self.highlights,
            keywords: self.keywords,
            ..Entry::default()
        }
    }
}
