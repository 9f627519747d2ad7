//! The DynamoDB operations that are supported, from their JSON to the engine.

use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::{Database, DynoxideError, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod operands;
mod sets;

/// One operation of the DynamoDB API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CreateTable,
    DeleteItem,
    DescribeTable,
    DescribeTimeToLive,
    GetItem,
    PutItem,
    Query,
    Scan,
    TransactWriteItems,
    UpdateItem,
    UpdateTimeToLive,
}

impl Operation {
    /// Reads the `x-amz-target` header.
    pub(crate) fn from_target(target: &str) -> Option<Self> {
        match target.strip_prefix("DynamoDB_20120810.")? {
            "CreateTable" => Some(Self::CreateTable),
            "DeleteItem" => Some(Self::DeleteItem),
            "DescribeTable" => Some(Self::DescribeTable),
            "DescribeTimeToLive" => Some(Self::DescribeTimeToLive),
            "GetItem" => Some(Self::GetItem),
            "PutItem" => Some(Self::PutItem),
            "Query" => Some(Self::Query),
            "Scan" => Some(Self::Scan),
            "TransactWriteItems" => Some(Self::TransactWriteItems),
            "UpdateItem" => Some(Self::UpdateItem),
            "UpdateTimeToLive" => Some(Self::UpdateTimeToLive),
            _ => None,
        }
    }

    /// True if it takes units of a table's throughput.
    pub(crate) fn consumes(self) -> bool {
        !matches!(
            self,
            Self::CreateTable
                | Self::DescribeTable
                | Self::DescribeTimeToLive
                | Self::UpdateTimeToLive
        )
    }

    /// True if a success may have changed the data.
    pub(crate) fn writes(self) -> bool {
        !matches!(
            self,
            Self::DescribeTable
                | Self::DescribeTimeToLive
                | Self::GetItem
                | Self::Query
                | Self::Scan
        )
    }

    /// True if the operation may delete an item.
    pub(crate) fn deletes(self, body: &str) -> bool {
        match self {
            Self::DeleteItem => true,
            Self::TransactWriteItems => body.contains("\"Delete\""),
            _ => false,
        }
    }

    /// Runs the operation and gives its answer's JSON.
    pub(crate) fn run(self, database: &Database, body: &str) -> Result<String> {
        match self {
            Self::CreateTable => call(body, |request| database.create_table(request)),
            Self::DeleteItem => call(body, |request| {
                operands::check_delete(database, &request)?;
                database.delete_item(request)
            }),
            Self::DescribeTable => call(body, |request| database.describe_table(request)),
            Self::DescribeTimeToLive => {
                call(body, |request| database.describe_time_to_live(request))
            }
            Self::GetItem => call(body, |request| database.get_item(request)),
            Self::PutItem => call(body, |request| {
                operands::check_put(database, &request)?;
                database.put_item(request)
            }),
            Self::Query => call(body, |request| database.query(request)),
            Self::Scan => call(body, |request| database.scan(request)),
            Self::TransactWriteItems => call(body, |mut request: TransactWriteItemsRequest| {
                // The engine keeps tokens for ten minutes and walks all of them
                // at each call. A client that repeats a call of unknown outcome
                // relies on a condition, here as on AWS.
                request.client_request_token = None;
                sets::check_transaction(&request)?;
                database.transact_write_items(request)
            }),
            Self::UpdateItem => call(body, |request| {
                sets::check_update(&request)?;
                operands::check_update(database, &request)?;
                database.update_item(request)
            }),
            Self::UpdateTimeToLive => call(body, |request| database.update_time_to_live(request)),
        }
        .map_err(wire_form)
    }
}

fn call<Q: DeserializeOwned, A: Serialize>(
    body: &str,
    run: impl FnOnce(Q) -> Result<A>,
) -> Result<String> {
    let request = serde_json::from_str(body)
        .map_err(|error| DynoxideError::SerializationException(error.to_string()))?;
    serde_json::to_string(&run(request)?)
        .map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

/// The engine tags some validation errors for its own server; the wire has one.
fn wire_form(error: DynoxideError) -> DynoxideError {
    match error {
        DynoxideError::EnvelopedValidation(message) => DynoxideError::ValidationException(message),
        other => other,
    }
}
