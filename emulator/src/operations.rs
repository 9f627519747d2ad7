//! The DynamoDB operations in use, from their JSON to the engine.

use dynoxide::{Database, DynoxideError, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// One operation of the DynamoDB API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CreateTable,
    DescribeTable,
    GetItem,
    UpdateItem,
}

impl Operation {
    /// Reads the `x-amz-target` header.
    pub(crate) fn from_target(target: &str) -> Option<Self> {
        match target.strip_prefix("DynamoDB_20120810.")? {
            "CreateTable" => Some(Self::CreateTable),
            "DescribeTable" => Some(Self::DescribeTable),
            "GetItem" => Some(Self::GetItem),
            "UpdateItem" => Some(Self::UpdateItem),
            _ => None,
        }
    }

    /// Whether a success may have changed what is stored.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::CreateTable | Self::UpdateItem)
    }

    /// Runs the operation and gives its answer's JSON.
    pub(crate) fn run(self, database: &Database, body: &str) -> Result<String> {
        match self {
            Self::CreateTable => call(body, |request| database.create_table(request)),
            Self::DescribeTable => call(body, |request| database.describe_table(request)),
            Self::GetItem => call(body, |request| database.get_item(request)),
            Self::UpdateItem => call(body, |request| database.update_item(request)),
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
