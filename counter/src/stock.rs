//! The stock of a table that is older than the limit of its pages.

use aws_sdk_dynamodb::types::{AttributeValue, Select};
use backend::Error;

use crate::Hits;
use crate::hits::{ALL_PAGES, PAGES, PARTITION_KEY, number, text};
use crate::owner::is_done;

/// In the count of pages: the pages that were there before it have been counted.
const STOCK: &str = "stock";

impl Hits {
    /// Counts the pages of a table that was used before they were counted. May be
    /// repeated.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_stock(&self) -> Result<(), Error> {
        loop {
            let before = self.item(ALL_PAGES).await?.unwrap_or_default();
            if before.contains_key(STOCK) {
                return Ok(());
            }
            let pages = self.scan_pages().await?;
            let stock = self
                .client
                .update_item()
                .table_name(&self.table)
                .key(PARTITION_KEY, text(ALL_PAGES))
                .update_expression("SET #pages = :pages, #stock = :true")
                .expression_attribute_names("#pages", PAGES)
                .expression_attribute_names("#stock", STOCK)
                .expression_attribute_values(":pages", number(pages))
                .expression_attribute_values(":true", AttributeValue::Bool(true));
            // A page that came meanwhile may be in the count or not.
            let stock = match before.get(PAGES) {
                None => stock.condition_expression("attribute_not_exists(#pages)"),
                Some(pages) => stock
                    .condition_expression("#pages = :before")
                    .expression_attribute_values(":before", pages.clone()),
            };
            if is_done(stock.send().await)? {
                return Ok(());
            }
        }
    }

    async fn scan_pages(&self) -> Result<u64, Error> {
        let scan = self.client.scan().table_name(&self.table);
        let scan = scan
            .consistent_read(true)
            .select(Select::Count)
            .filter_expression("#path <> :all")
            .expression_attribute_names("#path", PARTITION_KEY)
            .expression_attribute_values(":all", text(ALL_PAGES));
        let mut answers = scan.into_paginator().send();
        let mut pages = 0;
        while let Some(answer) = answers.next().await {
            pages += u64::from(answer?.count().unsigned_abs());
        }
        Ok(pages)
    }
}
