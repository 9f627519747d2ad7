//! Making the tables that a deployed stack gets from its template.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::operation::describe_time_to_live::DescribeTimeToLiveError;
use aws_sdk_dynamodb::operation::update_time_to_live::UpdateTimeToLiveError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
    TimeToLiveSpecification,
};
use backend::{Table, causes};

const PATIENCE: Duration = Duration::from_secs(30);

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
    /// The store did not say whether items of it expire.
    #[error("the store does not say whether items expire: {}", causes(.0))]
    DescribeTimeToLive(#[from] SdkError<DescribeTimeToLiveError>),
    /// The store lets no items expire.
    #[error("the store lets no items expire: {}", causes(.0))]
    UpdateTimeToLive(#[from] SdkError<UpdateTimeToLiveError>),
}

/// Sees that there is such a table, and waits until it can be used. One that is
/// there is left as it is.
///
/// # Errors
/// The store's.
pub async fn ensure_table(client: &Client, table: Table<'_>) -> Result<(), TableError> {
    let client = &patient(client);
    loop {
        match client.describe_table().table_name(table.name).send().await {
            Ok(answer) => match answer.table().and_then(|table| table.table_status()) {
                Some(TableStatus::Creating) => tokio::time::sleep(Duration::from_secs(1)).await,
                _ => break,
            },
            Err(SdkError::ServiceError(e)) if e.err().is_resource_not_found_exception() => {
                create_table(client, table).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    match table.time_to_live {
        Some(attribute) => ensure_time_to_live(client, table.name, attribute).await,
        None => Ok(()),
    }
}

/// Whoever waits for a table is no visitor, and a disk may be slow to start.
fn patient(client: &Client) -> Client {
    let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE).build();
    let config = client.config().to_builder().timeout_config(timeouts);
    Client::from_conf(config.build())
}

async fn create_table(client: &Client, table: Table<'_>) -> Result<(), TableError> {
    let mut request = client
        .create_table()
        .table_name(table.name)
        .billing_mode(BillingMode::PayPerRequest);
    let keys = [
        (Some(table.partition_key), KeyType::Hash),
        (table.sort_key, KeyType::Range),
    ];
    for (name, key_type) in keys {
        let Some(name) = name else { continue };
        let attribute = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S);
        let key = KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(key_type);
        request = request
            .attribute_definitions(attribute.build()?)
            .key_schema(key.build()?);
    }
    match request.send().await {
        // Another program may have been quicker.
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
        made => made.map(drop).map_err(TableError::from),
    }
}

async fn ensure_time_to_live(
    client: &Client,
    table: &str,
    attribute: &str,
) -> Result<(), TableError> {
    let described = client.describe_time_to_live().table_name(table).send();
    let described = described.await?;
    let enabled = described
        .time_to_live_description()
        .and_then(|ttl| ttl.attribute_name())
        .is_some();
    if !enabled {
        let specification = TimeToLiveSpecification::builder()
            .attribute_name(attribute)
            .enabled(true)
            .build()?;
        let update = client.update_time_to_live().table_name(table);
        update
            .time_to_live_specification(specification)
            .send()
            .await?;
    }
    Ok(())
}
