//! The number of properties: each has an item that says that it is known, and one item
//! counts them.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, Update};
use backend::Error;

use crate::day::ALL_PROPERTIES;
use crate::log::{self, Item, Log, PARTITION_KEY, SORT_KEY, number, text};

/// The sort key of a property's item.
pub(crate) const KNOWN: &str = "property";
/// The sort key of the count, which is in the partition of all properties.
const COUNT: &str = "count";
const PROPERTIES: &str = "properties";

impl Log {
    /// Tells whether nothing was ever recorded of `property`.
    pub(crate) async fn is_new(&self, property: &str) -> Result<bool, Error> {
        if self.item(log::key(property, KNOWN)).await?.is_some() {
            return Ok(false);
        }
        // A property that is older than the limit has items, and none that says so.
        let call = self.client.query().table_name(&self.table);
        let any = call
            .key_condition_expression("#property = :property")
            .expression_attribute_names("#property", PARTITION_KEY)
            .expression_attribute_values(":property", text(property))
            .consistent_read(true)
            .limit(1);
        Ok(any.send().await?.count() == 0)
    }
}

/// Says that `property` is known. Fails as a condition where it is.
pub(crate) fn put_known(table: &str, property: &str) -> Result<Put, BuildError> {
    Put::builder()
        .table_name(table)
        .set_item(Some(log::key(property, KNOWN)))
        .condition_expression("attribute_not_exists(#sk)")
        .expression_attribute_names("#sk", SORT_KEY)
        .build()
}

/// Counts one property more. Fails as a condition where there are as many as there
/// may be.
pub(crate) fn count_one(table: &str, most: Option<u64>) -> Result<Update, BuildError> {
    let count = Update::builder()
        .table_name(table)
        .set_key(Some(count_key()))
        .update_expression("ADD #properties :one")
        .expression_attribute_names("#properties", PROPERTIES)
        .expression_attribute_values(":one", number(1));
    match most {
        None => count,
        Some(most) => count
            .condition_expression("attribute_not_exists(#properties) OR #properties < :most")
            .expression_attribute_values(":most", number(most)),
    }
    .build()
}

/// Counts one property less.
pub(crate) fn count_one_less(table: &str) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(count_key()))
        .update_expression("ADD #properties :less")
        .expression_attribute_names("#properties", PROPERTIES)
        .expression_attribute_values(":less", AttributeValue::N("-1".to_owned()))
        .build()
}

pub(crate) fn count_key() -> Item {
    log::key(ALL_PROPERTIES, COUNT)
}
