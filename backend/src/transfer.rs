//! Writing an export back: it never lowers a number that is stored.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::Error;

/// Raises a number to `value` and never lowers it, so a repeat does no harm.
/// Returns true if the number changed.
///
/// # Errors
/// The store's.
pub async fn raise(
    client: &Client,
    table: &str,
    key: HashMap<String, AttributeValue>,
    attribute: &str,
    value: u64,
) -> Result<bool, Error> {
    let condition = "attribute_not_exists(#number) OR #number < :value";
    raise_where(client, table, key, (attribute, condition), value).await
}

/// Raises the number of an item that already has it.
///
/// # Errors
/// The store's.
pub async fn raise_existing(
    client: &Client,
    table: &str,
    key: HashMap<String, AttributeValue>,
    attribute: &str,
    value: u64,
) -> Result<bool, Error> {
    raise_where(client, table, key, (attribute, "#number < :value"), value).await
}

async fn raise_where(
    client: &Client,
    table: &str,
    key: HashMap<String, AttributeValue>,
    (attribute, condition): (&str, &str),
    value: u64,
) -> Result<bool, Error> {
    let update = client
        .update_item()
        .table_name(table)
        .set_key(Some(key))
        .update_expression("SET #number = :value")
        .condition_expression(condition)
        .expression_attribute_names("#number", attribute)
        .expression_attribute_values(":value", AttributeValue::N(value.to_string()))
        .send()
        .await;
    match update {
        Ok(_) => Ok(true),
        Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
