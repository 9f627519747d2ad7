//! Making the tables that a deployed stack gets from its template.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, SdkError};
use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};

/// Makes an on-demand table whose partition key is the string `key`; one that
/// is there already is left as it is.
///
/// # Errors
/// The store's, in a sentence.
pub async fn create_table(client: &Client, name: &str, key: &str) -> Result<(), String> {
    let attribute = AttributeDefinition::builder()
        .attribute_name(key)
        .attribute_type(ScalarAttributeType::S)
        .build();
    let schema = KeySchemaElement::builder()
        .attribute_name(key)
        .key_type(KeyType::Hash)
        .build();
    let made = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute.map_err(|error| error.to_string())?)
        .key_schema(schema.map_err(|error| error.to_string())?)
        .send()
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(e))
            if matches!(e.err(), CreateTableError::ResourceInUseException(_)) =>
        {
            Ok(())
        }
        Err(error) => Err(format!(
            "table {name} cannot be made: {}",
            DisplayErrorContext(&error)
        )),
    }
}
