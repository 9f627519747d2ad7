//! The owner's links on the wire.

use serde::{Deserialize, Serialize};

/// Body of `POST /visits/links`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, expecting = "a JSON object")]
pub struct NewLink {
    /// The owner's name for the link, such as whom it is sent to.
    pub label: String,
    /// The address of the page, for the address of the link and its QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// Answer of `POST /visits/links`: the link and, where the page was named, the way to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MadeLink {
    /// The code.
    pub link: String,
    /// The owner's name for it.
    pub label: String,
    /// The time at which it was made, in RFC 3339.
    pub created: String,
    /// The page's address with the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The QR code of that address as an SVG, in a `data:` URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub svg: Option<String>,
    /// The same as a PNG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub png: Option<String>,
}

/// A link that the owner has given to somebody: the page's address with
/// `?for=<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Link {
    /// The code.
    pub link: String,
    /// The owner's name for it.
    pub label: String,
    /// The time at which it was made, in RFC 3339.
    pub created: String,
}

impl Link {
    /// The parameter of the page's address that holds the code.
    pub const PARAMETER: &'static str = "for";
    /// The characters of a code: none is taken for another.
    pub const ALPHABET: &'static [u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    /// The characters that a code has.
    pub const CHARS: usize = 6;

    /// The address of `page` with the code `link` in place of any that is there.
    pub fn address(page: &str, link: &str) -> String {
        let (page, fragment) = page.split_at(page.find('#').unwrap_or(page.len()));
        let (path, query) = page.split_once('?').unwrap_or((page, ""));
        let mut address = [path, "?", Self::PARAMETER, "=", link].concat();
        for part in query.split('&') {
            if !part.is_empty() && part.split('=').next() != Some(Self::PARAMETER) {
                address += "&";
                address += part;
            }
        }
        address + fragment
    }

    /// True if `text` has the form of a code.
    pub fn is_code(text: &str) -> bool {
        text.len() == Self::CHARS && text.bytes().all(|byte| Self::ALPHABET.contains(&byte))
    }
}
