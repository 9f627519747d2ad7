//! The end of a page of offers, as text for a URL. It is short enough for one,
//! whatever the offers are called.

use backend::Error;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::jobs::JobOffer;

/// The key of the page's last offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) id: String,
    pub(crate) city: String,
}

/// Longest cursor: two keys at their longest, and the length of the first.
const MAX_CHARS: usize = 2_736;

impl Cursor {
    pub(crate) fn encode(&self) -> String {
        let id = self.id.as_bytes();
        let length = u16::try_from(id.len()).unwrap_or(u16::MAX);
        let key = [&length.to_be_bytes(), id, self.city.as_bytes()].concat();
        URL_SAFE_NO_PAD.encode(key)
    }

    /// # Errors
    /// [`Error::BadRequest`] for what is no cursor of ours.
    pub(crate) fn decode(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_CHARS {
            return Err(invalid());
        }
        let key = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let (length, keys) = key.split_first_chunk().ok_or_else(invalid)?;
        let length = u16::from_be_bytes(*length).into();
        let (id, city) = keys.split_at_checked(length).ok_or_else(invalid)?;
        Ok(Self {
            id: key_of("id", id)?,
            city: key_of("city", city)?,
        })
    }
}

fn key_of(field: &str, bytes: &[u8]) -> Result<String, Error> {
    let fits = (1..=JobOffer::max_bytes(field)).contains(&bytes.len());
    let text = String::from_utf8(bytes.to_vec()).map_err(|_| invalid())?;
    fits.then_some(text).ok_or_else(invalid)
}

/// The answer to a cursor that was not given with an answer to the same question.
pub(crate) fn invalid() -> Error {
    Error::BadRequest("`cursor` has to be that of the page before, unchanged.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_cursor_fits_and_leads_back() {
        let cursor = Cursor {
            id: "\u{1}".repeat(1_024),
            city: "é".repeat(512),
        };
        let text = cursor.encode();
        assert!(text.len() <= MAX_CHARS, "{}", text.len());
        assert_eq!(Cursor::decode(&text).unwrap(), cursor);
    }

    #[test]
    fn what_dynamodb_would_refuse_as_a_key_is_refused() {
        for (id, city) in [
            ("x".repeat(1_025), "y"),
            (String::new(), "y"),
            ("x".into(), ""),
        ] {
            let forged = Cursor {
                id,
                city: city.to_owned(),
            };
            assert!(Cursor::decode(&forged.encode()).is_err(), "{forged:?}");
        }
    }
}
