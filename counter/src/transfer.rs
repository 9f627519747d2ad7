//! The table of hits as records, to take it from one store to another. The
//! owner's program uses it; the function's role may not Scan.

use aws_sdk_dynamodb::types::AttributeValue;
use backend::Error;
use backend::transfer::raise_existing;
use serde::{Deserialize, Serialize};
use shared::PagePath;

use crate::Hits;
use crate::hits::{ALL_PAGES, HITS, Made, PARTITION_KEY, hits, text};

/// A page and its hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageHits {
    /// The page.
    pub path: String,
    /// How often it was hit.
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
            && self.make(&record.path, record.hits).await? == Made::New
        {
            return Ok(true);
        }
        let key = [(PARTITION_KEY.to_owned(), text(&record.path))];
        raise_existing(&self.client, &self.table, key.into(), HITS, record.hits).await
    }
}
