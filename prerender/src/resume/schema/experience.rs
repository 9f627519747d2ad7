//! Work over a stretch of time, and sections of the writer's own.

use super::{DONE, Field, Kind, LINKS, Shape, TEXTS, TOOLS, field, renamed, url};

const TITLES: &[&str] = &["title", "role", "jobTitle", "job"];
const COMPANIES: &[&str] = &["employer", "organization", "organisation", "companyName"];
const START: Field = field(
    "startDate",
    Kind::Date,
    &["start", "from", "begin", "dateStart"],
);
const OPEN: Field = field(
    "current",
    Kind::Open,
    &[
        "isCurrent",
        "present",
        "ongoing",
        "isWorkingHere",
        "currentlyWorking",
        "isCurrentRole",
    ],
);
const PERIOD: Field = field(
    "period",
    Kind::Period,
    &["date", "dates", "duration", "timePeriod", "years"],
);
const END: Field = field("endDate", Kind::End, &["end", "to", "until", "dateEnd"]);

pub(super) const WORK: Shape = Shape {
    fields: &[
        renamed("name", Kind::Text, &["company"], COMPANIES),
        field("location", Kind::Text, &["place", "city"]),
        field("description", Kind::Words, &[]),
        field("position", Kind::Text, TITLES),
        url(LINKS),
        START,
        END,
        OPEN,
        PERIOD,
        field("summary", Kind::Words, &["details", "about"]),
        field("highlights", Kind::Points, DONE),
        field("keywords", Kind::List, TOOLS),
    ],
    title: "name",
    value: None,
};

pub(super) const VOLUNTEER: Shape = Shape {
    fields: &[
        field(
            "organization",
            Kind::Text,
            &["organisation", "name", "company", "institution"],
        ),
        field("location", Kind::Text, &["place", "city"]),
        field("position", Kind::Text, TITLES),
        url(LINKS),
        START,
        END,
        OPEN,
        PERIOD,
        field("summary", Kind::Words, TEXTS),
        field("highlights", Kind::Points, DONE),
        field("keywords", Kind::List, TOOLS),
    ],
    title: "organization",
    value: None,
};

pub(super) const EDUCATION: Shape = Shape {
    fields: &[
        field(
            "institution",
            Kind::Text,
            &["school", "university", "college", "name"],
        ),
        field("location", Kind::Text, &["place", "city"]),
        url(LINKS),
        field(
            "area",
            Kind::Text,
            &["major", "field", "fieldOfStudy", "subject"],
        ),
        field("studyType", Kind::Text, &["degree", "qualification"]),
        START,
        field(
            "endDate",
            Kind::End,
            &[
                "end",
                "to",
                "until",
                "graduation",
                "graduationDate",
                "date",
                "year",
            ],
        ),
        OPEN,
        field(
            "period",
            Kind::Period,
            &["dates", "duration", "timePeriod", "years"],
        ),
        renamed("score", Kind::Text, &["gpa"], &["grade", "grades", "mark"]),
        field("courses", Kind::List, &["coursework", "modules"]),
        field("summary", Kind::Words, TEXTS),
        field("highlights", Kind::Points, DONE),
    ],
    title: "institution",
    value: None,
};

pub(super) const PROJECT: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["title"]),
        field("description", Kind::Words, &["details", "about"]),
        field("summary", Kind::Words, &[]),
        field("highlights", Kind::Points, DONE),
        field("keywords", Kind::List, TOOLS),
        START,
        END,
        OPEN,
        PERIOD,
        url(&[
            "link",
            "href",
            "homepage",
            "github",
            "githubUrl",
            "repository",
            "repo",
        ]),
        field("roles", Kind::List, &["role", "position"]),
        field(
            "entity",
            Kind::Text,
            &["company", "organization", "organisation", "client"],
        ),
        field("type", Kind::Text, &["kind", "category"]),
    ],
    title: "name",
    value: Some("description"),
};

/// The properties of an item of a section of one's own: those that the
/// schema's sections share. Everything else of it is shown under its own name.
///
/// It is known by its address, which a constant does not have.
pub(crate) static OWN: Shape = Shape {
    fields: &[
        field("title", Kind::Text, &["name", "course", "label", "heading"]),
        field(
            "organisation",
            Kind::Text,
            &[
                "organization",
                "institution",
                "company",
                "issuer",
                "publisher",
                "school",
                "provider",
            ],
        ),
        field("location", Kind::Text, &["place", "city"]),
        url(LINKS),
        field("date", Kind::Date, &["releaseDate", "year"]),
        START,
        END,
        OPEN,
        field("period", Kind::Period, &["dates", "duration", "timePeriod"]),
        field(
            "summary",
            Kind::Words,
            &["description", "text", "details", "content"],
        ),
        field("highlights", Kind::Points, DONE),
        field("keywords", Kind::List, TOOLS),
    ],
    title: "title",
    value: None,
};
