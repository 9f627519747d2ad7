//! The end of a page of the log, as text for a URL. It holds the sort key
//! alone, so that a cursor cannot lead into another property's visits.

use backend::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Sort keys are about 70 bytes long.
const MAX_CHARS: usize = 200;

pub(crate) fn encode(sort_key: &str) -> String {
    URL_SAFE_NO_PAD.encode(sort_key)
}

/// The sort key in `cursor`.
///
/// # Errors
/// [`Error::BadRequest`] for what is no cursor of ours.
pub(crate) fn decode(cursor: &str) -> Result<String, Error> {
    let sort_key = match cursor.len() {
        0..=MAX_CHARS => URL_SAFE_NO_PAD.decode(cursor).ok(),
        _ => None,
    };
    sort_key
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(invalid)
}

/// The answer to a cursor that was not given with an answer to the same question.
pub(crate) fn invalid() -> Error {
    Error::BadRequest("`cursor` has to be the `next` of the page before, unchanged.".to_owned())
}
