//! The person and the ways to reach them.

use super::{Kind, Shape, field, renamed, url};

pub(crate) const BASICS: Shape = Shape {
    fields: &[
        field("name", Kind::Text, &["fullName"]),
        field(
            "label",
            Kind::Text,
            &["title", "headline", "jobTitle", "tagline", "position"],
        ),
        renamed(
            "image",
            Kind::Image,
            &["picture"],
            &["photo", "avatar", "portrait", "profileImage"],
        ),
        field("email", Kind::Email, &["mail", "emailAddress"]),
        field(
            "phone",
            Kind::Text,
            &["telephone", "tel", "mobile", "cell", "phoneNumber"],
        ),
        url(&["homepage", "site", "web", "link", "portfolio"]),
        field(
            "summary",
            Kind::Words,
            &["about", "bio", "description", "objective"],
        ),
        field("location", Kind::Object(&LOCATION), &["address"]),
        field(
            "profiles",
            Kind::Items(&PROFILE),
            &["social", "socials", "socialMedia", "links", "accounts"],
        ),
    ],
    title: "name",
    value: None,
};

pub(super) const LOCATION: Shape = Shape {
    fields: &[
        field("address", Kind::Text, &["street", "streetAddress"]),
        field("postalCode", Kind::Text, &["zip", "zipCode", "postcode"]),
        field("city", Kind::Text, &["town", "locality"]),
        field("countryCode", Kind::Text, &["country"]),
        field("region", Kind::Text, &["state", "province", "county"]),
    ],
    title: "city",
    value: None,
};

pub(super) const PROFILE: Shape = Shape {
    fields: &[
        field(
            "network",
            Kind::Text,
            &["name", "platform", "site", "title", "label", "type"],
        ),
        field("username", Kind::Text, &["user", "handle", "userName"]),
        url(&["link", "href"]),
    ],
    title: "network",
    value: Some("url"),
};
