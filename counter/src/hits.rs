//! The table of hits: partition key `path`, number `hits`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use backend::{Error, Table};
use shared::PagePath;

pub(crate) const PARTITION_KEY: &str = "path";
pub(crate) const HITS: &str = "hits";

/// The table of hits, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: PARTITION_KEY,
        sort_key: None,
        time_to_live: None,
        indexes: &[],
    }
}

/// The number of hits of each page.
#[derive(Clone, Debug)]
pub struct Hits {
    pub(crate) client: Client,
    pub(crate) table: String,
}

impl Hits {
    /// The hits kept in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Counts one hit and gives its own number. One `UpdateItem`, so that two
    /// hits at once get two numbers; it is never repeated blindly.
    ///
    /// # Errors
    /// The store's. After [`Error::StoreUnavailable`] the hit may have been
    /// counted.
    pub async fn increment(&self, path: &PagePath) -> Result<u64, Error> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, AttributeValue::S(path.as_str().to_owned()))
            .update_expression("ADD #hits :one")
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await?;
        hits(answer.attributes().and_then(|item| item.get(HITS)))
    }

    /// The hits so far; 0 for a page never seen. Writes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(&self, path: &PagePath) -> Result<u64, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, AttributeValue::S(path.as_str().to_owned()))
            .consistent_read(true)
            .send()
            .await?;
        match answer.item() {
            Some(item) => hits(item.get(HITS)),
            None => Ok(0),
        }
    }

    /// Opens the connection before the first visitor waits for it, by reading
    /// a page; whether that succeeds shows at the first real call.
    pub async fn connect(&self) {
        if let Ok(page) = PagePath::parse("connection-check") {
            let _ = self.read(&page).await;
        }
    }
}

pub(crate) fn hits(attribute: Option<&AttributeValue>) -> Result<u64, Error> {
    attribute
        .and_then(|value| value.as_n().ok())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Error::internal(format!("`{HITS}` is no whole number: {attribute:?}")))
}
