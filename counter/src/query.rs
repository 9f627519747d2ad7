//! The query string of `GET /counter`, parsed from its raw bytes: what a
//! lossy decoder would merge into one page is refused instead.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use shared::{PagePath, PagePathError};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The page.
    pub path: PagePath,
    /// What to do with it.
    pub mode: Mode,
}

/// Whether this call is a hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Count it.
    #[default]
    Count,
    /// Change nothing.
    Read,
}

/// Which rule a query string breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is no `path`.
    #[error("`path` is missing: ask with ?path=<host and pathname of the page>")]
    PathMissing,
    /// The path breaks its own rule.
    #[error(transparent)]
    Path(#[from] PagePathError),
    /// `mode` is neither absent nor `read`.
    #[error("`mode` can only be `read`: leave it out to count a hit")]
    Mode,
    /// A parameter came twice, and either could be meant.
    #[error("`{0}` is given more than once: send it once")]
    Repeated(&'static str),
    /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("`{0}` is not percent-encoded UTF-8: each byte is a % and two hexadecimal digits")]
    Encoding(&'static str),
}

impl Query {
    /// Parses `application/x-www-form-urlencoded` text as API Gateway passes it
    /// on in `rawQueryString`. Parameters of other names are ignored.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn parse(raw: &str) -> Result<Self, QueryError> {
        let path = parameter(raw, "path")?.ok_or(QueryError::PathMissing)?;
        let mode = match parameter(raw, "mode")?.as_deref() {
            None => Mode::Count,
            Some("read") => Mode::Read,
            Some(_) => return Err(QueryError::Mode),
        };
        Ok(Self {
            path: PagePath::parse(&path)?,
            mode,
        })
    }
}

fn parameter(raw: &str, name: &'static str) -> Result<Option<String>, QueryError> {
    let mut values = raw
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(key, _)| decode(key).is_some_and(|key| key == name));
    let Some((_, value)) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(QueryError::Repeated(name));
    }
    decode(value).map(Some).ok_or(QueryError::Encoding(name))
}

fn decode(text: &str) -> Option<String> {
    let is_escape = |after: &str| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.split('%').skip(1).all(is_escape) {
        return None;
    }
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes())
        .decode_utf8()
        .map(Cow::into_owned)
        .ok()
}
