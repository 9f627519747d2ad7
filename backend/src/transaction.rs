//! Several writes that happen together or not at all, and the pause before they
//! are tried again.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem, Update};
use tokio::time::sleep;

use crate::Error;

/// The reason why a transaction was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The condition of the write with this index does not hold.
    Condition(usize),
    /// Another transaction or a throttle was in the way: later it may succeed.
    Busy,
}

/// Writes all `items` or none. Returns the reasons why none was written; an
/// empty list after a success.
///
/// # Errors
/// The store's.
pub async fn transact(
    client: &Client,
    items: Vec<TransactWriteItem>,
) -> Result<Vec<Failed>, Error> {
    let call = client.transact_write_items();
    let Err(error) = call.set_transact_items(Some(items)).send().await else {
        return Ok(Vec::new());
    };
    let Some(reasons) = cancellation_reasons(&error) else {
        return Err(error.into());
    };
    let mut failed = Vec::new();
    for (index, reason) in reasons.iter().enumerate() {
        match reason.as_str() {
            "None" => {}
            "ConditionalCheckFailed" => failed.push(Failed::Condition(index)),
            "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded" => {
                failed.push(Failed::Busy);
            }
            _ => return Err(Error::internal(error)),
        }
    }
    if failed.is_empty() {
        return Err(Error::internal(error));
    }
    Ok(failed)
}

/// The reason for each part; nothing where the transaction failed otherwise.
fn cancellation_reasons(error: &SdkError<TransactWriteItemsError>) -> Option<Vec<String>> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) =
        error.as_service_error()?
    else {
        return None;
    };
    let reasons = cancelled.cancellation_reasons().iter();
    let codes = reasons.map(|reason| reason.code().unwrap_or("None").to_owned());
    Some(codes.collect())
}

/// A random pause that doubles each time, up to about a second.
#[derive(Debug)]
pub struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(Duration::from_millis(10))
    }
}

impl Pause {
    /// Waits.
    pub async fn wait(&mut self) {
        sleep(self.0.mul_f64(0.5 + fastrand::f64())).await;
        self.0 = (self.0 * 2).min(Duration::from_secs(1));
    }
}

/// A write of a transaction.
pub fn put(put: Put) -> TransactWriteItem {
    TransactWriteItem::builder().put(put).build()
}

/// A write of a transaction.
pub fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}

/// A write of a transaction.
pub fn delete(delete: Delete) -> TransactWriteItem {
    TransactWriteItem::builder().delete(delete).build()
}
