//! Answers, in the shapes that DynamoDB gives its own, and its refusals.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use backend::Error;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::value::Item;

/// The fields of the store's answers; each operation fills some of them.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<Item>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scanned_count: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_evaluated_key: Option<Item>,
}

/// Returns the JSON of the store's answer.
///
/// # Errors
/// The store's refusal, as a 4xx where the client can mend it.
pub(crate) fn answer<O, E>(outcome: Result<O, SdkError<E>>) -> Result<Box<RawValue>, Error>
where
    O: Into<Answer>,
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let answer: Answer = outcome.map_err(refusal)?.into();
    to_raw_value(&answer).map_err(Error::internal)
}

impl From<PutItemOutput> for Answer {
    fn from(output: PutItemOutput) -> Self {
        Self {
            attributes: output.attributes.map(Item),
            ..Self::default()
        }
    }
}

impl From<GetItemOutput> for Answer {
    fn from(output: GetItemOutput) -> Self {
        Self {
            item: output.item.map(Item),
            ..Self::default()
        }
    }
}

impl From<UpdateItemOutput> for Answer {
    fn from(output: UpdateItemOutput) -> Self {
        Self {
            attributes: output.attributes.map(Item),
            ..Self::default()
        }
    }
}

impl From<DeleteItemOutput> for Answer {
    fn from(output: DeleteItemOutput) -> Self {
        Self {
            attributes: output.attributes.map(Item),
            ..Self::default()
        }
    }
}

impl From<ScanOutput> for Answer {
    fn from(output: ScanOutput) -> Self {
        let items = output.items.unwrap_or_default();
        Self {
            items: Some(items.into_iter().map(Item).collect()),
            count: Some(output.count),
            scanned_count: Some(output.scanned_count),
            last_evaluated_key: output.last_evaluated_key.map(Item),
            ..Self::default()
        }
    }
}

/// Turns a refusal of the store into an answer. DynamoDB checks expressions, keys and
/// sizes; its sentences are for its caller, here the owner, and name nothing of ours.
fn refusal<E>(error: SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    match (error.code(), error.message()) {
        (Some("ConditionalCheckFailedException"), _) => {
            Error::Conflict("The condition does not hold for the stored item.".to_owned())
        }
        (Some("ValidationException"), Some(sentence)) if sentence.starts_with("Item size") => {
            Error::PayloadTooLarge(sentence.to_owned())
        }
        (Some("ValidationException"), Some(sentence)) => Error::BadRequest(sentence.to_owned()),
        _ => error.into(),
    }
}
