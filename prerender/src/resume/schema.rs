//! The properties of JSON Resume 1.3.1, with the names they had before, the
//! names that other tools give them, and the few that this page adds.

mod basics;
mod experience;
mod merits;

pub(super) use basics::BASICS;
pub(super) use experience::OWN;
use experience::{EDUCATION, PROJECT, VOLUNTEER, WORK};
use merits::{AWARD, CERTIFICATE, INTEREST, LANGUAGE, PUBLICATION, REFERENCE, SKILL};

/// The form in which a value is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// A short text.
    Text,
    /// Paragraphs.
    Words,
    /// Short texts; one text is cut at its commas.
    List,
    /// Sentences; one text is cut at its line ends.
    Points,
    /// A year, a month or a day.
    Date,
    /// The same, or an open end.
    End,
    /// True where the end is open.
    Open,
    /// Both ends in one value.
    Period,
    /// A day with an optional time.
    Moment,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// A picture's address, path or data.
    Image,
    /// A language tag.
    Language,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `views` or `daily`.
    Counter,
    /// A colour such as `#0d5c63`.
    Colour,
    /// An object of its own.
    Object(&'static Shape),
    /// A list of objects.
    Items(&'static Shape),
}

/// A property.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Its names in older versions of the schema.
    pub(super) old: &'static [&'static str],
    /// Its names elsewhere. They yield where another property has the value.
    pub(super) like: &'static [&'static str],
}

/// An object.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) fields: &'static [Field],
    /// The property that is meant where a bare text stands for the object, or
    /// the key of a map stands before it.
    pub(super) title: &'static str,
    /// The property that is meant by the value of such a map.
    pub(super) value: Option<&'static str>,
}

const fn field(name: &'static str, kind: Kind, like: &'static [&'static str]) -> Field {
    Field {
        name,
        kind,
        old: &[],
        like,
    }
}

const fn renamed(
    name: &'static str,
    kind: Kind,
    old: &'static [&'static str],
    like: &'static [&'static str],
) -> Field {
    Field {
        name,
        kind,
        old,
        like,
    }
}

const fn url(like: &'static [&'static str]) -> Field {
    renamed("url", Kind::Url, &["website"], like)
}

const LINKS: &[&str] = &["link", "href", "homepage", "site"];
const TEXTS: &[&str] = &["description", "details", "about"];
const TOOLS: &[&str] = &[
    "technologies",
    "technology",
    "tech",
    "techStack",
    "stack",
    "tools",
    "tags",
    "skills",
];
const DONE: &[&str] = &[
    "achievements",
    "accomplishments",
    "responsibilities",
    "duties",
    "tasks",
    "bullets",
];

pub(super) const RESUME: Shape = Shape {
    fields: &[
        field(
            "basics",
            Kind::Object(&BASICS),
            &[
                "basic",
                "personal",
                "personalInfo",
                "personalInformation",
                "personalDetails",
                "contact",
                "contactInfo",
                "info",
            ],
        ),
        field(
            "work",
            Kind::Items(&WORK),
            &[
                "experience",
                "experiences",
                "workExperience",
                "employment",
                "employmentHistory",
                "workHistory",
                "jobs",
            ],
        ),
        field(
            "volunteer",
            Kind::Items(&VOLUNTEER),
            &["volunteering", "volunteerWork", "volunteerExperience"],
        ),
        field("education", Kind::Items(&EDUCATION), &[]),
        field("awards", Kind::Items(&AWARD), &["honors", "honours"]),
        field(
            "certificates",
            Kind::Items(&CERTIFICATE),
            &["certifications", "certs"],
        ),
        field("publications", Kind::Items(&PUBLICATION), &["papers"]),
        field("skills", Kind::Items(&SKILL), &[]),
        field("languages", Kind::Items(&LANGUAGE), &[]),
        field("interests", Kind::Items(&INTEREST), &[]),
        field("references", Kind::Items(&REFERENCE), &[]),
        field("projects", Kind::Items(&PROJECT), &[]),
        field("meta", Kind::Object(&META), &[]),
    ],
    title: "basics",
    value: None,
};

const META: Shape = Shape {
    fields: &[
        field("canonical", Kind::Url, &[]),
        field("version", Kind::Text, &[]),
        field("lastModified", Kind::Moment, &["updated", "lastUpdated"]),
        field("language", Kind::Language, &["lang", "locale"]),
        field("theme", Kind::OneOf(super::LOOKS), &["look", "template"]),
        field(
            "accent",
            Kind::Colour,
            &["color", "colour", "primaryColor", "accentColor"],
        ),
        field(
            "font",
            Kind::OneOf(super::FONTS),
            &["typeface", "fontFamily"],
        ),
        field("counter", Kind::Counter, &[]),
        field("order", Kind::List, &["sections", "sectionOrder"]),
        field("hide", Kind::List, &["hidden", "hiddenSections"]),
    ],
    title: "version",
    value: None,
};
