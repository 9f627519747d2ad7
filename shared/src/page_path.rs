//! The name a page is counted under, parsed once by one rule for the browser
//! that asks and the function that counts.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The unreserved characters of RFC 3986, section 2.3, need no escape in a
/// query.
const ESCAPED_IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A page's name, usually `host/pathname`: 1 to 1,024 bytes of UTF-8 with
/// neither white space at its ends nor control characters.
///
/// 1,024 bytes is half of DynamoDB's limit for a partition key value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PagePath(String);

impl PagePath {
    /// Longest path in bytes, after trimming.
    pub const MAX_BYTES: usize = 1024;

    /// Trims `raw` and checks it.
    ///
    /// # Errors
    /// Says which rule is broken, in a sentence a client can be shown.
    pub fn parse(raw: &str) -> Result<Self, PagePathError> {
        let path = raw.trim();
        if path.is_empty() {
            return Err(PagePathError::Empty);
        }
        if path.len() > Self::MAX_BYTES {
            return Err(PagePathError::TooLong { bytes: path.len() });
        }
        if path.contains(char::is_control) {
            return Err(PagePathError::ControlCharacter);
        }
        Ok(Self(path.to_owned()))
    }

    /// Makes the one name of the page at `host` and `pathname`, the parts of a
    /// URL: `Example.com:443` and `//cv/index.html?a#b` make `example.com/cv/`.
    ///
    /// The host is in lower case, without its last dot and the default port.
    /// Doubled slashes, the query, the fragment and a last `index.html` go. A
    /// name that is parsed again stays as it is.
    ///
    /// # Errors
    /// As [`PagePath::parse`].
    pub fn from_location(host: &str, pathname: &str) -> Result<Self, PagePathError> {
        let path = pathname.split(['?', '#']).next().unwrap_or_default();
        let mut name = host_of(host.trim());
        for segment in path.trim().split('/').filter(|segment| !segment.is_empty()) {
            name.push('/');
            name.push_str(segment);
        }
        if path.trim_end().ends_with('/') || path.trim().is_empty() {
            name.push('/');
        }
        if let Some(folder) = name.strip_suffix("/index.html") {
            name.truncate(folder.len() + 1);
        }
        Self::parse(&name)
    }

    /// The path as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The query string that asks for this page: `path=` and the path,
    /// percent-encoded by RFC 3986.
    pub fn to_query(&self) -> String {
        format!("path={}", utf8_percent_encode(&self.0, ESCAPED_IN_QUERY))
    }
}

/// Returns the host at the start of a page's name, or of an address without its
/// scheme: in lower case, without its last dot and the default port.
pub fn host_of(name: &str) -> String {
    let host = name.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let host = [":80", ":443"]
        .iter()
        .find_map(|port| host.strip_suffix(port))
        .unwrap_or(&host);
    host.trim_end_matches('.').to_owned()
}

/// The rule that a string breaks, so that it is no [`PagePath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagePathError {
    /// Nothing is left after trimming.
    Empty,
    /// More than [`PagePath::MAX_BYTES`] after trimming.
    TooLong {
        /// The length found.
        bytes: usize,
    },
    /// A character of Unicode category Cc inside the path.
    ControlCharacter,
}

impl fmt::Display for PagePathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("`path` is empty: send the page's host and pathname."),
            Self::TooLong { bytes } => write!(
                f,
                "`path` is {bytes} bytes long: at most {} are allowed.",
                PagePath::MAX_BYTES
            ),
            Self::ControlCharacter => f.write_str("`path` contains a control character."),
        }
    }
}

impl std::error::Error for PagePathError {}
