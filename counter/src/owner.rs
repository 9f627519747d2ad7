//! What the owner does to the numbers by hand, while visitors are counted. The
//! function's role may do none of it.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, ReturnValue, Select, Update};
use backend::Error;
use backend::transaction::{Failed, Pause, delete, put, transact, update};
use shared::PagePath;

use crate::Hits;
use crate::hits::{ALL_PAGES, HITS, Item, Made, PAGES, PARTITION_KEY, hits, number, text};

/// In the count of pages: the pages that were there before it have been counted.
const STOCK: &str = "stock";

impl Hits {
    /// Counts the pages of a table that was used before they were counted, where their
    /// number has a limit. May be repeated.
    ///
    /// # Errors
    /// The store's.
    pub async fn take_stock(&self) -> Result<(), Error> {
        if self.bounds.max_pages().is_none() {
            return Ok(());
        }
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

    /// Gives a page a number, and the number it had.
    ///
    /// # Errors
    /// The store's.
    pub async fn set(&self, path: &PagePath, value: u64) -> Result<Option<u64>, Error> {
        loop {
            let set = self
                .client
                .update_item()
                .table_name(&self.table)
                .key(PARTITION_KEY, text(path.as_str()))
                .update_expression("SET #hits = :value")
                .condition_expression("attribute_exists(#path)")
                .expression_attribute_names("#path", PARTITION_KEY)
                .expression_attribute_names("#hits", HITS)
                .expression_attribute_values(":value", number(value))
                .return_values(ReturnValue::UpdatedOld)
                .send()
                .await;
            match set {
                Ok(answer) => {
                    return hits(answer.attributes().and_then(|old| old.get(HITS))).map(Some);
                }
                Err(error) if is_condition(&error) => {}
                Err(error) => return Err(error.into()),
            }
            if self.make(path.as_str(), value, None).await? == Made::New {
                return Ok(None);
            }
        }
    }

    /// Gives a page another name, and gives its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Conflict`] where the names say so, and the
    /// store's.
    pub async fn rename(&self, from: &PagePath, to: &PagePath) -> Result<u64, Error> {
        let mut pause = Pause::default();
        loop {
            let (item, count) = self.known(from).await?;
            let moved = self.remove_at(from, count).and_then(|removal| {
                Ok(vec![
                    delete(removal),
                    put(self.put_under(to, item.clone())?),
                ])
            });
            let failed = transact(&self.client, moved.map_err(Error::internal)?).await?;
            if failed.is_empty() {
                return Ok(count);
            }
            if failed.contains(&Failed::Condition(1)) {
                let sentence = format!("There is a counter `{}`: merge the two.", to.as_str());
                return Err(Error::Conflict(sentence));
            }
            if failed.contains(&Failed::Busy) {
                pause.wait().await;
            }
        }
    }

    /// Adds a page's hits to those of another, which stays, and gives how many they
    /// were. Each hit that is counted meanwhile is in one of the two.
    ///
    /// # Errors
    /// [`Error::NotFound`] where one is not there, and the store's.
    pub async fn merge(&self, from: &PagePath, to: &PagePath) -> Result<u64, Error> {
        if from == to {
            let sentence = "A counter cannot be merged with itself.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        let mut pause = Pause::default();
        loop {
            let (_, count) = self.known(from).await?;
            let merged = self.remove_at(from, count).and_then(|removal| {
                Ok(vec![
                    delete(removal),
                    update(self.add_to(to, count)?),
                    update(self.one_page_less()?),
                ])
            });
            let failed = transact(&self.client, merged.map_err(Error::internal)?).await?;
            if failed.is_empty() {
                return Ok(count);
            }
            if failed.contains(&Failed::Condition(1)) {
                return Err(unknown(to));
            }
            if failed.contains(&Failed::Busy) {
                pause.wait().await;
            }
        }
    }

    /// Removes a page, and gives the number it had.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not there, and the store's.
    pub async fn remove(&self, path: &PagePath) -> Result<u64, Error> {
        let mut pause = Pause::default();
        loop {
            let (_, count) = self.known(path).await?;
            let removed = self
                .remove_at(path, count)
                .and_then(|removal| Ok(vec![delete(removal), update(self.one_page_less()?)]));
            let failed = transact(&self.client, removed.map_err(Error::internal)?).await?;
            if failed.is_empty() {
                return Ok(count);
            }
            if failed.contains(&Failed::Busy) {
                pause.wait().await;
            }
        }
    }

    async fn known(&self, path: &PagePath) -> Result<(Item, u64), Error> {
        let item = self.item(path.as_str()).await?;
        let item = item.ok_or_else(|| unknown(path))?;
        let count = hits(item.get(HITS))?;
        Ok((item, count))
    }

    /// Removes a page that still has so many hits.
    fn remove_at(&self, path: &PagePath, hits: u64) -> Result<Delete, BuildError> {
        Delete::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path.as_str()))
            .condition_expression("#hits = :hits")
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_values(":hits", number(hits))
            .build()
    }

    fn put_under(&self, path: &PagePath, mut item: Item) -> Result<Put, BuildError> {
        item.insert(PARTITION_KEY.to_owned(), text(path.as_str()));
        Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(#path)")
            .expression_attribute_names("#path", PARTITION_KEY)
            .build()
    }

    fn add_to(&self, path: &PagePath, hits: u64) -> Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path.as_str()))
            .update_expression("ADD #hits :hits")
            .condition_expression("attribute_exists(#path)")
            .expression_attribute_names("#path", PARTITION_KEY)
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_values(":hits", number(hits))
            .build()
    }

    fn one_page_less(&self) -> Result<Update, BuildError> {
        Update::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(ALL_PAGES))
            .update_expression("ADD #pages :less")
            .expression_attribute_names("#pages", PAGES)
            .expression_attribute_values(":less", AttributeValue::N("-1".to_owned()))
            .build()
    }

    /// Adds what `total` of another service is more than what is known of it.
    pub(crate) async fn add_brought(
        &self,
        path: &str,
        service: &str,
        known: u64,
        total: u64,
    ) -> Result<bool, Error> {
        let values = HashMap::from([
            (":known".to_owned(), number(known)),
            (":total".to_owned(), number(total)),
            (":more".to_owned(), number(total - known)),
        ]);
        let added = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path))
            .update_expression("SET #service = :total ADD #hits :more")
            .condition_expression(
                "attribute_exists(#path) AND \
                 (attribute_not_exists(#service) OR #service = :known)",
            )
            .expression_attribute_names("#path", PARTITION_KEY)
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_names("#service", service)
            .set_expression_attribute_values(Some(values))
            .send()
            .await;
        is_done(added)
    }
}

fn unknown(path: &PagePath) -> Error {
    Error::NotFound(format!("There is no counter `{}`.", path.as_str()))
}

type UpdateError = SdkError<aws_sdk_dynamodb::operation::update_item::UpdateItemError>;

fn is_condition(error: &UpdateError) -> bool {
    let error = error.as_service_error();
    error.is_some_and(|error| error.is_conditional_check_failed_exception())
}

/// Whether a write on a condition was done.
fn is_done<T>(outcome: Result<T, UpdateError>) -> Result<bool, Error> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if is_condition(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
