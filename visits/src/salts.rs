//! The random salt of each day. A visitor is known by an HMAC with it, so once
//! it is deleted, what was stored cannot be tied to anyone.
//!
//! Salts have a table of their own because the log is backed up, and a deleted
//! salt must not come back from a backup.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use backend::{Error, Table};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::visitor::Visitor;
use crate::zone::Zone;

const PARTITION_KEY: &str = "day";
const SALT: &str = "salt";
/// For clocks that do not agree on midnight.
const GRACE_SECONDS: i64 = 10 * 60;
/// The time after which an item may be deleted, in seconds since 1970.
pub(crate) const EXPIRES: &str = "expires";

/// The table of salts, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: PARTITION_KEY,
        sort_key: None,
        time_to_live: Some(EXPIRES),
        indexes: &[],
    }
}

/// The store of the days' salts.
#[derive(Clone)]
pub struct Salts {
    client: Client,
    table: String,
    latest: Arc<Mutex<Option<Salt>>>,
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Salts").field("table", &self.table).finish()
    }
}

/// One day's salt.
#[derive(Clone)]
pub(crate) struct Salt {
    day: String,
    bytes: Vec<u8>,
    expires: i64,
}

/// A visitor of a property on a day, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) digest: String,
    pub(crate) expires: i64,
}

impl Salts {
    /// The salts kept in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            latest: Arc::default(),
        }
    }

    /// The salt of today by the clocks of `zone`; the day's first visit makes it.
    /// Asking again changes nothing.
    pub(crate) async fn of_day(&self, now: Timestamp, zone: &Zone) -> Result<Salt, Error> {
        let day = zone.day_of(now);
        if let Some(salt) = self.latest().clone().filter(|salt| salt.day == day) {
            return Ok(salt);
        }
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(|error| Error::internal(error.to_string()))?;
        let expires = zone.end_of(zone.date_of(now)).as_second() + 1 + GRACE_SECONDS;
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, AttributeValue::S(day.clone()))
            .update_expression(
                "SET #salt = if_not_exists(#salt, :random), #expires = if_not_exists(#expires, :end)",
            )
            .expression_attribute_names("#salt", SALT)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":random", AttributeValue::B(Blob::new(random)))
            .expression_attribute_values(":end", AttributeValue::N(expires.to_string()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await?;
        let bytes = answer
            .attributes()
            .and_then(|item| item.get(SALT)?.as_b().ok())
            .ok_or_else(|| Error::internal("the day's salt is no binary"))?;
        let salt = Salt {
            day,
            bytes: bytes.as_ref().to_vec(),
            expires,
        };
        *self.latest() = Some(salt.clone());
        Ok(salt)
    }

    fn latest(&self) -> MutexGuard<'_, Option<Salt>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Salt {
    /// The form in which `visitor` of `property` is stored until this salt expires.
    pub(crate) fn mark(&self, property: &str, visitor: &Visitor) -> Mark {
        let mut hmac =
            Hmac::<Sha256>::new_from_slice(&self.bytes).expect("a key may have any length");
        for part in [property, &visitor.address, &visitor.user_agent] {
            // Lengths keep apart what would read the same when joined.
            hmac.update(&(part.len() as u64).to_be_bytes());
            hmac.update(part.as_bytes());
        }
        Mark {
            digest: URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes()),
            expires: self.expires,
        }
    }
}
