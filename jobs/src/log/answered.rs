//! Requests that were answered: for a day, a repeat with the same `Idempotency-Key`
//! gets the first answer.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::Put;
use backend::Error;
use jiff::SignedDuration;
use shared::jobs::JobOffer;

use super::{EXPIRES, LOG, Log, count, key, number, read, text};

const OFFER: &str = "offer";
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl Log {
    /// The offer that a request with this key made.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn answered(&self, idempotency_key: &str) -> Result<Option<JobOffer>, Error> {
        let get = self.client.get_item().table_name(&self.table);
        let get = get.set_key(Some(key(&log(idempotency_key), OFFER)));
        let Some(item) = get.consistent_read(true).send().await?.item else {
            return Ok(None);
        };
        // The store may take days to delete what has expired.
        let now = (self.clock)().as_second().unsigned_abs();
        if count(&item, EXPIRES).is_none_or(|expires| expires <= now) {
            return Ok(None);
        }
        serde_json::from_str(read(&item, OFFER))
            .map(Some)
            .map_err(Error::internal)
    }

    /// Makes the write that remembers the offer of a request with this key, unless an
    /// offer is remembered already.
    ///
    /// # Errors
    /// If the offer cannot be written as JSON.
    pub(crate) fn remember(
        &self,
        idempotency_key: &str,
        offer: &JobOffer,
    ) -> Result<Put, BuildError> {
        let offer = serde_json::to_string(offer).map_err(BuildError::other)?;
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(key(&log(idempotency_key), OFFER)))
            .item(OFFER, text(offer))
            .item(EXPIRES, self.expires_after(LIFETIME))
            .condition_expression("attribute_not_exists(#log) OR #expires <= :now")
            .expression_attribute_names("#log", LOG)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":now", number((self.clock)().as_second()))
            .build()
    }
}

fn log(idempotency_key: &str) -> String {
    format!("key#{idempotency_key}")
}
