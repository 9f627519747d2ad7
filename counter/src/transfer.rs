//! The table of hits as records, to take it from one store to another. The
//! owner's program uses it; the function's role may not Scan.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use backend::Error;
use backend::transfer::raise_existing;
use serde::{Deserialize, Serialize};
use shared::PagePath;

use crate::Hits;
use crate::hits::{ALL_PAGES, HITS, Made, PARTITION_KEY, hits, number, text};
use crate::owner::is_done;

/// A page and its hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageHits {
    /// The page.
    pub path: String,
    /// The number of the page's hits.
    pub hits: u64,
}

impl PageHits {
    /// Checks what the function checks of a request.
    ///
    /// # Errors
    /// With a sentence for the owner.
    pub fn check(self) -> Result<Self, String> {
        let path = PagePath::parse(&self.path).map_err(|error| error.to_string())?;
        Ok(Self {
            path: path.as_str().to_owned(),
            ..self
        })
    }
}

impl Hits {
    /// Gives every page to `each`, as long as that can take it.
    ///
    /// # Errors
    /// The store's, and those of `each`.
    pub async fn export<E: From<Error>>(
        &self,
        mut each: impl FnMut(PageHits) -> Result<(), E>,
    ) -> Result<(), E> {
        let scan = self.client.scan().table_name(&self.table);
        let mut items = scan.consistent_read(true).into_paginator().items().send();
        while let Some(item) = items.next().await {
            let item = item.map_err(Error::from)?;
            match item.get(PARTITION_KEY).map(AttributeValue::as_s) {
                Some(Ok(path)) if path != ALL_PAGES => each(PageHits {
                    path: path.clone(),
                    hits: hits(item.get(HITS))?,
                })?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Raises a page's hits to those of `record`, and never lowers them, so
    /// that it may be repeated. Says whether it changed anything.
    ///
    /// # Errors
    /// The store's, and [`Error::Forbidden`] where there is no room.
    pub async fn import(&self, record: PageHits) -> Result<bool, Error> {
        if self.item(&record.path).await?.is_none()
            && self.make(&record.path, record.hits, None).await? == Made::New
        {
            return Ok(true);
        }
        let key = [(PARTITION_KEY.to_owned(), text(&record.path))];
        raise_existing(&self.client, &self.table, key.into(), HITS, record.hits).await
    }

    /// Brings the `total` that another service has counted of a page: it is added
    /// to what was counted here, and when it is brought again, only what is more
    /// since then. Says whether it changed anything.
    ///
    /// # Errors
    /// The store's, and [`Error::Forbidden`] where there is no room.
    pub async fn bring(&self, page: PageHits, service: &str) -> Result<bool, Error> {
        let PageHits { path, hits: total } = page;
        loop {
            let Some(item) = self.item(&path).await? else {
                match self.make(&path, total, Some((service, total))).await? {
                    Made::New => return Ok(true),
                    Made::Known => continue,
                }
            };
            let known = match item.get(service) {
                Some(known) => hits(Some(known))?,
                None => 0,
            };
            if total <= known && item.contains_key(service) {
                return Ok(false);
            }
            if self.add_brought(&path, service, known, total).await? {
                return Ok(true);
            }
        }
    }

    /// Adds what `total` of another service is more than what is known of it.
    async fn add_brought(
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
