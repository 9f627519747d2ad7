//! Where a page of offers ended, as text for a URL.

use backend::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The key of the page's last offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) id: String,
    pub(crate) city: String,
}

impl Cursor {
    pub(crate) fn encode(&self) -> String {
        let key = serde_json::json!([self.id, self.city]);
        URL_SAFE_NO_PAD.encode(key.to_string())
    }

    /// # Errors
    /// [`Error::BadRequest`] for what is no cursor of ours.
    pub(crate) fn decode(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let (id, city): (String, String) = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
        if id.is_empty() || city.is_empty() {
            return Err(invalid());
        }
        Ok(Self { id, city })
    }
}

/// The answer to a cursor that was not given with an answer to the same question.
pub(crate) fn invalid() -> Error {
    Error::BadRequest("`cursor` has to be that of the page before, unchanged.".to_owned())
}
