//! Stores rows, unless the table has the same version or a newer one. To store a row
//! again changes nothing.

use std::collections::HashSet;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use backend::Error;
use futures_util::future::join_all;
use shared::jobs::JobOffer;

use super::{Item, Offers, VERSION, item, offer, text, version};

/// The outcome of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The offer was new to the table.
    Stored,
    /// The table had the same already, or something newer.
    Known,
    /// The table had this very version.
    Again,
}

/// An offer and its version.
pub(crate) type Versioned = (JobOffer, String);

/// The tries for a batch: one meets offers that are there, one knows them, and one is
/// for the case that another writer came between.
const ROUNDS: usize = 3;

/// The most rows in a transaction: DynamoDB's limit.
const MAX_TOGETHER: usize = 100;

impl Offers {
    /// Stores rows, and gives the outcome of each.
    pub(crate) async fn put_all(&self, rows: Vec<Versioned>) -> Vec<Result<Outcome, Error>> {
        if !self.together {
            return join_all(rows.iter().map(|row| self.put(row))).await;
        }
        let mut outcomes = Vec::new();
        for rows in rows.chunks(MAX_TOGETHER) {
            match self.put_together(rows).await {
                Some(together) => outcomes.extend(together.into_iter().map(Ok)),
                None => outcomes.extend(join_all(rows.iter().map(|row| self.put(row))).await),
            }
        }
        outcomes
    }

    /// Stores an offer.
    pub(crate) async fn put(&self, (new, new_version): &Versioned) -> Result<Outcome, Error> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(new.clone(), new_version)))
            .condition_expression("attribute_not_exists(#version) OR #version < :version")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":version", text(new_version))
            .return_values(ReturnValue::AllOld)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let error = match put.send().await {
            Ok(answer) => {
                let is_known = answer.attributes().is_some_and(|old| offer(old) == *new);
                return Ok(if is_known {
                    Outcome::Known
                } else {
                    Outcome::Stored
                });
            }
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let is_same = failed.item().is_some_and(|old| version(old) == new_version);
                Ok(if is_same {
                    Outcome::Again
                } else {
                    Outcome::Known
                })
            }
            _ => Err(error.into()),
        }
    }

    /// Stores a new offer together with `remembered`, the note of its request. Stores
    /// neither and returns false if that note is there already, or is just being
    /// written.
    pub(crate) async fn create(
        &self,
        (new, new_version): &Versioned,
        remembered: Put,
    ) -> Result<bool, Error> {
        let new = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(new.clone(), new_version)))
            .build()
            .map_err(Error::internal)?;
        let parts = [remembered, new].map(|put| TransactWriteItem::builder().put(put).build());
        let call = self.client.transact_write_items();
        match call.set_transact_items(Some(parts.into())).send().await {
            Err(error) if reasons(&error).iter().any(is_of_another) => Ok(false),
            outcome => Ok(outcome.map(|_| true)?),
        }
    }

    /// Stores rows in one transaction, which the embedded store does in the time of a
    /// few puts; `None` where they have to be put one by one.
    ///
    /// The conditions find the offers that are there: the first try expects none, the
    /// next those that the reasons for the cancellation name.
    async fn put_together(&self, rows: &[Versioned]) -> Option<Vec<Outcome>> {
        let keys: HashSet<_> = rows.iter().map(|(row, _)| (&row.id, &row.city)).collect();
        if keys.len() < rows.len() {
            // A transaction may not write an item twice.
            return None;
        }
        let mut there: Vec<Option<Item>> = vec![None; rows.len()];
        for _ in 0..ROUNDS {
            let states: Vec<_> = rows.iter().zip(&there).map(state).collect();
            let written: Vec<_> = (0..rows.len()).filter(|n| states[*n].is_written).collect();
            let puts = written
                .iter()
                .map(|n| self.expecting(&rows[*n], there[*n].as_ref()));
            let puts: Option<Vec<_>> = puts.collect();
            let outcomes = || Some(states.iter().map(|state| state.outcome).collect());
            if written.is_empty() {
                return outcomes();
            }
            let call = self.client.transact_write_items().set_transact_items(puts);
            let Err(error) = call.send().await else {
                return outcomes();
            };
            let reasons = reasons(&error);
            if reasons.len() != written.len() {
                return None;
            }
            for (n, reason) in written.into_iter().zip(reasons) {
                if failed(reason) {
                    there[n] = Some(reason.item()?.clone());
                }
            }
        }
        None
    }

    fn expecting(
        &self,
        (new, new_version): &Versioned,
        there: Option<&Item>,
    ) -> Option<TransactWriteItem> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item(new.clone(), new_version)))
            .expression_attribute_names("#version", VERSION)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match there.and_then(|there| there.get(VERSION)) {
            None => put.condition_expression("attribute_not_exists(#version)"),
            Some(version) => put
                .condition_expression("#version = :version")
                .expression_attribute_values(":version", version.clone()),
        };
        Some(TransactWriteItem::builder().put(put.build().ok()?).build())
    }
}

/// The next step for a row, given what is there, and its outcome.
#[derive(Clone, Copy, Debug)]
struct State {
    is_written: bool,
    outcome: Outcome,
}

fn state(((new, new_version), there): (&Versioned, &Option<Item>)) -> State {
    let Some(there) = there else {
        return State {
            is_written: true,
            outcome: Outcome::Stored,
        };
    };
    let is_written = version(there) < new_version.as_str();
    let outcome = if version(there) == new_version {
        Outcome::Again
    } else if is_written && offer(there) != *new {
        Outcome::Stored
    } else {
        Outcome::Known
    };
    State {
        is_written,
        outcome,
    }
}

/// The reasons why a transaction was cancelled, one for each of its writes; none if
/// it failed otherwise.
fn reasons(error: &SdkError<TransactWriteItemsError>) -> &[CancellationReason] {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled.cancellation_reasons()
        }
        _ => &[],
    }
}

/// Returns true if another request wrote the item, or does so at the same time.
fn is_of_another(reason: &CancellationReason) -> bool {
    failed(reason) || reason.code() == Some("TransactionConflict")
}

fn failed(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}
