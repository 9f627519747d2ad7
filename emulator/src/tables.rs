//! Making the tables that a deployed stack gets from its template.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
};
use backend::causes;

/// Why a table is not there.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The name or the key is none.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The store did not say whether the table is there.
    #[error("the store does not answer: {}", causes(.0))]
    Describe(#[from] SdkError<DescribeTableError>),
    /// The store did not make it.
    #[error("the store makes no table: {}", causes(.0))]
    Create(#[from] SdkError<CreateTableError>),
}

/// Sees that there is a table whose partition key is the string `key`, and
/// waits until it can be used. One that is there is left as it is.
///
/// # Errors
/// The store's.
pub async fn ensure_table(client: &Client, name: &str, key: &str) -> Result<(), TableError> {
    loop {
        match client.describe_table().table_name(name).send().await {
            Ok(answer) => match answer.table().and_then(|table| table.table_status()) {
                Some(TableStatus::Creating) => tokio::time::sleep(Duration::from_secs(1)).await,
                _ => return Ok(()),
            },
            Err(SdkError::ServiceError(e)) if e.err().is_resource_not_found_exception() => {
                create_table(client, name, key).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn create_table(client: &Client, name: &str, key: &str) -> Result<(), TableError> {
    let attribute = AttributeDefinition::builder()
        .attribute_name(key)
        .attribute_type(ScalarAttributeType::S)
        .build()?;
    let schema = KeySchemaElement::builder()
        .attribute_name(key)
        .key_type(KeyType::Hash)
        .build()?;
    let made = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute)
        .key_schema(schema)
        .send()
        .await;
    match made {
        // Another program may have been quicker.
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
        made => made.map(drop).map_err(TableError::from),
    }
}
