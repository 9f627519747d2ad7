//! Makes the tables that a deployed stack gets from its template.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::operation::describe_time_to_live::DescribeTimeToLiveError;
use aws_sdk_dynamodb::operation::update_time_to_live::UpdateTimeToLiveError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ProvisionedThroughput, ScalarAttributeType, TableStatus,
    TimeToLiveSpecification,
};
use backend::dynamodb::patient;
use backend::{Index, Table, causes};

/// The reason why a table could not be made or found.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The name or the key is invalid.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The store did not say whether the table is there.
    #[error("{}", undescribed(.0))]
    Describe(#[from] SdkError<DescribeTableError>),
    /// The store did not make the table.
    #[error("the store does not make it: {}", causes(.0))]
    Create(#[from] SdkError<CreateTableError>),
    /// The store did not say whether the table's items expire.
    #[error("the store does not say whether its items expire: {}", causes(.0))]
    DescribeTimeToLive(#[from] SdkError<DescribeTimeToLiveError>),
    /// The store did not turn expiry on.
    #[error("the store does not let its items expire: {}", causes(.0))]
    UpdateTimeToLive(#[from] SdkError<UpdateTimeToLiveError>),
}

fn undescribed(error: &SdkError<DescribeTableError>) -> String {
    match error.as_service_error() {
        Some(refusal) if refusal.code().is_none() => "what answers there is no DynamoDB".to_owned(),
        Some(_) => format!("the store refuses it: {}", causes(error)),
        None => format!("the store does not answer: {}", causes(error)),
    }
}

/// Makes the table if it does not exist, and waits until it can be used. An
/// existing one is left as it is.
///
/// # Errors
/// The store's.
pub async fn ensure_table(client: &Client, table: Table<'_>) -> Result<(), TableError> {
    ensure(client, table, None).await
}

/// The same, with so many reads and writes a second for the table, and for each of its
/// indexes. Beyond them calls are refused.
///
/// # Errors
/// The store's.
pub async fn ensure_provisioned_table(
    client: &Client,
    table: Table<'_>,
    units: i64,
) -> Result<(), TableError> {
    let units = ProvisionedThroughput::builder()
        .read_capacity_units(units)
        .write_capacity_units(units);
    ensure(client, table, Some(units.build()?)).await
}

async fn ensure(
    client: &Client,
    table: Table<'_>,
    units: Option<ProvisionedThroughput>,
) -> Result<(), TableError> {
    let client = &patient(client);
    loop {
        match client.describe_table().table_name(table.name).send().await {
            Ok(answer) => match answer.table().and_then(|table| table.table_status()) {
                Some(TableStatus::Creating) => tokio::time::sleep(Duration::from_secs(1)).await,
                _ => break,
            },
            Err(SdkError::ServiceError(e)) if e.err().is_resource_not_found_exception() => {
                create_table(client, table, units.clone()).await?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    match table.time_to_live {
        Some(attribute) => ensure_time_to_live(client, table.name, attribute).await,
        None => Ok(()),
    }
}

async fn create_table(
    client: &Client,
    table: Table<'_>,
    units: Option<ProvisionedThroughput>,
) -> Result<(), TableError> {
    let of_indexes = table.indexes.iter();
    let of_indexes = of_indexes.flat_map(|index| [index.partition_key, index.sort_key]);
    let own = [Some(table.partition_key), table.sort_key].into_iter();
    let names: BTreeSet<_> = own.flatten().chain(of_indexes).collect();
    let attributes = names.into_iter().map(|name| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute.attribute_type(ScalarAttributeType::S).build()
    });
    let request = client
        .create_table()
        .table_name(table.name)
        .billing_mode(match units {
            None => BillingMode::PayPerRequest,
            Some(_) => BillingMode::Provisioned,
        })
        .set_attribute_definitions(Some(attributes.collect::<Result<_, _>>()?))
        .set_key_schema(Some(key_schema(table.partition_key, table.sort_key)?))
        .set_global_secondary_indexes(indexes(table.indexes, units.as_ref())?)
        .set_provisioned_throughput(units);
    match request.send().await {
        // Another program may have been faster.
        Err(SdkError::ServiceError(e)) if e.err().is_resource_in_use_exception() => Ok(()),
        made => made.map(drop).map_err(TableError::from),
    }
}

fn key_schema(
    partition_key: &str,
    sort_key: Option<&str>,
) -> Result<Vec<KeySchemaElement>, BuildError> {
    let keys = [
        (Some(partition_key), KeyType::Hash),
        (sort_key, KeyType::Range),
    ];
    let keys = keys.into_iter().filter_map(|(name, kind)| {
        let key = KeySchemaElement::builder().attribute_name(name?);
        Some(key.key_type(kind).build())
    });
    keys.collect()
}

/// The indexes as a list, or `None` for an empty one, which DynamoDB refuses.
fn indexes(
    indexes: &[Index<'_>],
    units: Option<&ProvisionedThroughput>,
) -> Result<Option<Vec<GlobalSecondaryIndex>>, BuildError> {
    let everything = Projection::builder().projection_type(ProjectionType::All);
    let made = indexes.iter().map(|index| {
        GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .set_key_schema(Some(key_schema(index.partition_key, Some(index.sort_key))?))
            .projection(everything.clone().build())
            .set_provisioned_throughput(units.cloned())
            .build()
    });
    let made: Vec<_> = made.collect::<Result<_, _>>()?;
    Ok(Some(made).filter(|made| !made.is_empty()))
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
