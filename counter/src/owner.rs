//! Changes of the numbers by their owner's hand, while visitors are counted. The
//! function's role may do none of it.

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::types::builders::DeleteBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, ReturnValue, Update};
use backend::Error;
use backend::transaction::{Failed, Pause, delete, transact, update};
use shared::PagePath;

use crate::Hits;
use crate::hits::{ALL_PAGES, HITS, Item, Made, PAGES, PARTITION_KEY, hits, number, text};

mod moving;

pub use moving::Moved;

impl Hits {
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

    /// Removes a page, and gives the number it had a moment before. A hit that comes
    /// later makes it anew.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it is not there, and the store's.
    pub async fn remove(&self, path: &PagePath) -> Result<u64, Error> {
        let mut pause = Pause::default();
        loop {
            let (_, count) = self.known(path).await?;
            let removed = self
                .removal(path)
                .build()
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

    /// Gives the number of a page; none where it is not there.
    ///
    /// # Errors
    /// The store's.
    pub async fn number(&self, path: &PagePath) -> Result<Option<u64>, Error> {
        let item = self.item(path.as_str()).await?;
        item.map(|item| hits(item.get(HITS))).transpose()
    }

    async fn known(&self, path: &PagePath) -> Result<(Item, u64), Error> {
        let item = self.item(path.as_str()).await?;
        let item = item.ok_or_else(|| unknown(path))?;
        let count = hits(item.get(HITS))?;
        Ok((item, count))
    }

    fn removal(&self, path: &PagePath) -> DeleteBuilder {
        Delete::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path.as_str()))
            .condition_expression("attribute_exists(#path)")
            .expression_attribute_names("#path", PARTITION_KEY)
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
}

/// The refusal to give a counter a name that another has.
pub fn taken(path: &PagePath) -> Error {
    Error::Conflict(format!(
        "There is a counter `{}` already: `resume-counter counters merge` adds the two.",
        path.as_str()
    ))
}

fn unknown(path: &PagePath) -> Error {
    Error::NotFound(format!("There is no counter `{}`.", path.as_str()))
}

type UpdateError = SdkError<aws_sdk_dynamodb::operation::update_item::UpdateItemError>;

fn is_condition(error: &UpdateError) -> bool {
    let error = error.as_service_error();
    error.is_some_and(|error| error.is_conditional_check_failed_exception())
}

/// Gives true if a write on a condition was done.
pub(crate) fn is_done<T>(outcome: Result<T, UpdateError>) -> Result<bool, Error> {
    match outcome {
        Ok(_) => Ok(true),
        Err(error) if is_condition(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
