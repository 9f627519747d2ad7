//! A request's `Idempotency-Key`: for a day, a repeat of the request is known as
//! one, and gets the first answer.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::Put;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use backend::{Error, request};
use jiff::Timestamp;
use lambda_http::Request;
use shared::visits::{SkipReason, Visit};

use crate::log::{self, Item, SORT_KEY, number, text};
use crate::salts::EXPIRES;

/// The start of the sort key.
pub(crate) const PREFIX: &str = "key#";
const LIFETIME_SECONDS: i64 = 24 * 60 * 60;
const SKIPPED: &str = "skipped";

/// The key of a request, and when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    key: String,
    now: i64,
}

impl Key {
    /// The key that `request` carries, if it does.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for one that is empty, too long or not plain text.
    pub(crate) fn of(request: &Request, now: Timestamp) -> Result<Option<Self>, Error> {
        let key = request::idempotency_key(request)?;
        let now = now.as_second();
        Ok(key.map(|key| Self { key, now }))
    }

    pub(crate) fn sort_key(&self) -> String {
        format!("{PREFIX}{}", self.key)
    }

    /// Remembers a visit as the answer.
    pub(crate) fn put_visit(
        &self,
        table: &str,
        visit: &Visit,
        hour: &str,
    ) -> Result<Put, BuildError> {
        log::with_visit(self.put(table, &visit.property_id), visit, hour).build()
    }

    /// Remembers that there was nothing to record.
    pub(crate) fn put_skipped(
        &self,
        table: &str,
        property: &str,
        reason: SkipReason,
    ) -> Result<Put, BuildError> {
        self.put(table, property)
            .item(SKIPPED, text(reason.as_str()))
            .build()
    }

    /// The visit that a key's item remembers.
    ///
    /// # Errors
    /// [`Error::Unprocessable`] where it was of a request that is no visit.
    pub(crate) fn first_visit(item: &Item) -> Result<Visit, Error> {
        if item.contains_key(SKIPPED) {
            let sentence =
                "This `Idempotency-Key` was used for another request before: send a new one.";
            return Err(Error::Unprocessable(sentence.to_owned()));
        }
        log::visit(item)
    }

    /// A key that has expired may be used again before the store gets round to
    /// deleting it.
    fn put(&self, table: &str, property: &str) -> PutBuilder {
        let seconds = |moment: i64| number(moment.unsigned_abs());
        Put::builder()
            .table_name(table)
            .set_item(Some(log::key(property, &self.sort_key())))
            .item(EXPIRES, seconds(self.now + LIFETIME_SECONDS))
            .condition_expression("attribute_not_exists(#sk) OR #expires <= :now")
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":now", seconds(self.now))
    }
}
