//! Merits that others can vouch for, skills and interests.

use super::{Kind, LINKS, Shape, TEXTS, field, url};

const ISSUERS: &[&str] = &[
    "issuer",
    "organization",
    "organisation",
    "authority",
    "by",
    "from",
];

pub(super) const AWARD: Shape = Shape {
    fields: &[
        field("title", Kind::Text, &["name"]),
        field("date", Kind::Date, &["year"]),
        field("awarder", Kind::Text, ISSUERS),
        url(LINKS),
        field("summary", Kind::Words, TEXTS),
    ],
    title: "title",
    value: None,
};

pub(super) const CERTIFICATE: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["title"]),
        field(
            "date",
            Kind::Date,
            &["year", "issueDate", "issued", "startDate"],
        ),
        url(LINKS),
        field("issuer", Kind::Text, ISSUERS),
        field("summary", Kind::Words, TEXTS),
    ],
    title: "name",
    value: None,
};

pub(super) const PUBLICATION: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["title"]),
        field("publisher", Kind::Text, &["journal", "venue", "conference"]),
        field("releaseDate", Kind::Date, &["date", "year", "published"]),
        url(LINKS),
        field(
            "summary",
            Kind::Words,
            &["description", "abstract", "details"],
        ),
    ],
    title: "name",
    value: None,
};

pub(super) const SKILL: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["skill", "category", "title"]),
        field(
            "level",
            Kind::Text,
            &["rating", "proficiency", "experience"],
        ),
        field(
            "keywords",
            Kind::List,
            &["items", "skills", "details", "tools", "list"],
        ),
    ],
    title: "name",
    value: Some("keywords"),
};

pub(super) const LANGUAGE: Shape = Shape {
    fields: &[
        field("language", Kind::Text, &["name", "lang", "title"]),
        field("fluency", Kind::Text, &["level", "proficiency", "rating"]),
    ],
    title: "language",
    value: Some("fluency"),
};

pub(super) const INTEREST: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["interest", "title"]),
        field("keywords", Kind::List, &["items", "details", "tags"]),
        field("summary", Kind::Words, &["description"]),
    ],
    title: "name",
    value: Some("keywords"),
};

pub(super) const REFERENCE: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["author", "person"]),
        field(
            "reference",
            Kind::Words,
            &[
                "text",
                "quote",
                "summary",
                "testimonial",
                "recommendation",
                "description",
            ],
        ),
    ],
    title: "reference",
    value: Some("reference"),
};
