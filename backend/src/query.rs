//! A query string, parsed from its raw bytes as API Gateway passes it on in
//! `rawQueryString`: text that a lossy decoder would merge is refused instead.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::Error;

/// The most entries of a page.
const MAX_LIMIT: usize = 1_000;

/// The reason why a parameter cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A parameter came twice, and either could be meant.
    #[error("`{0}` is given more than once: send it once.")]
    Repeated(&'static str),
    /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("`{0}` is not percent-encoded UTF-8: each byte is a % and two hexadecimal digits.")]
    Encoding(&'static str),
}

/// The value of `name` in `application/x-www-form-urlencoded` text.
///
/// # Errors
/// When it is given twice, or not encoded as it has to be.
pub fn parameter(raw: &str, name: &'static str) -> Result<Option<String>, QueryError> {
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

/// The parameter `limit`: the most entries of a page.
///
/// # Errors
/// When it is no number that a page may have.
pub fn limit(raw: &str, default: usize) -> Result<usize, Error> {
    let Some(text) = parameter(raw, "limit")? else {
        return Ok(default);
    };
    match text.parse() {
        Ok(limit @ 1..=MAX_LIMIT) => Ok(limit),
        _ => {
            let sentence = format!("`limit` has to be a whole number from 1 to {MAX_LIMIT}.");
            Err(Error::BadRequest(sentence))
        }
    }
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
