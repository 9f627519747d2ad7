//! Hits that move from one page to another while both are counted: at each moment a
//! hit is in one of the two, also where the program ends half-way.
//!
//! A page that is hit all the time cannot be removed on the condition that nothing
//! came meanwhile. So its hits are taken over first, which needs no such moment,
//! and the removal is tried on the few that came since.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use backend::Error;
use backend::transaction::{Failed, Pause, delete, put, transact, update};
use shared::PagePath;

use super::{taken, unknown};
use crate::Hits;
use crate::hits::{HITS, Item, PARTITION_KEY, number, text};

/// The tries to remove a page between two hits of it.
const TRIES: usize = 5;

/// The outcome for a page whose hits were moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The hits that were moved.
    pub hits: u64,
    /// True if the page is gone. One that is visited all the time stays, and has
    /// the hits that came since.
    pub is_gone: bool,
}

type Parts = Result<Vec<TransactWriteItem>, BuildError>;

impl Hits {
    /// Gives a page another name.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Conflict`] where the names say so, and the
    /// store's.
    pub async fn rename(&self, from: &PagePath, to: &PagePath) -> Result<Moved, Error> {
        if from == to {
            let sentence = "A counter cannot be given the name that it has.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        let mut pause = Pause::default();
        loop {
            let (item, hits) = self.known(from).await?;
            let parts: Parts = [
                self.take(from, hits).map(update),
                self.put_under(to, item).map(put),
                self.one_page_more().map(update),
            ]
            .into_iter()
            .collect();
            let failed = transact(&self.client, parts.map_err(Error::internal)?).await?;
            if failed.is_empty() {
                return self.empty_into(to, from, hits).await;
            }
            if failed.contains(&Failed::Condition(1)) {
                return Err(taken(to));
            }
            if failed.contains(&Failed::Condition(2)) {
                return Err(self.bounds.full());
            }
            if failed.contains(&Failed::Busy) {
                pause.wait().await;
            }
        }
    }

    /// Adds a page's hits to those of another, and removes it.
    ///
    /// # Errors
    /// [`Error::NotFound`] where one is not there, [`Error::Conflict`] where the two
    /// are one, and the store's.
    pub async fn merge(&self, from: &PagePath, to: &PagePath) -> Result<Moved, Error> {
        if from == to {
            let sentence = "A counter cannot be merged with itself.";
            return Err(Error::Conflict(sentence.to_owned()));
        }
        self.known(from).await?;
        self.known(to).await?;
        self.empty_into(to, from, 0).await
    }

    /// Moves all hits of `from` to `to`, where `moved` of them are already, and
    /// removes `from` as soon as no hit comes between.
    async fn empty_into(
        &self,
        to: &PagePath,
        from: &PagePath,
        mut moved: u64,
    ) -> Result<Moved, Error> {
        let mut pause = Pause::default();
        let gone = |hits| Moved {
            hits,
            is_gone: true,
        };
        for _ in 0..TRIES {
            let Some(hits) = self.number(from).await? else {
                return Ok(gone(moved));
            };
            let parts: Parts = [
                self.removal(from)
                    .condition_expression("attribute_exists(#path) AND #hits = :hits")
                    .expression_attribute_names("#hits", HITS)
                    .expression_attribute_values(":hits", number(hits))
                    .build()
                    .map(delete),
                self.give(to, hits).map(update),
                self.one_page_less().map(update),
            ]
            .into_iter()
            .collect();
            if self.is_moved(parts, to, &mut pause).await? {
                return Ok(gone(moved + hits));
            }
            let parts: Parts = [self.take(from, hits), self.give(to, hits)]
                .into_iter()
                .map(|part| part.map(update))
                .collect();
            if self.is_moved(parts, to, &mut pause).await? {
                moved += hits;
            }
        }
        Ok(Moved {
            hits: moved,
            is_gone: false,
        })
    }

    /// Writes `parts`, of which the second is about `to`. Gives true if they were
    /// written.
    async fn is_moved(
        &self,
        parts: Parts,
        to: &PagePath,
        pause: &mut Pause,
    ) -> Result<bool, Error> {
        let failed = transact(&self.client, parts.map_err(Error::internal)?).await?;
        if failed.contains(&Failed::Condition(1)) {
            return Err(unknown(to));
        }
        if failed.contains(&Failed::Busy) {
            pause.wait().await;
        }
        Ok(failed.is_empty())
    }

    /// Takes so many hits away from a page that has at least as many.
    fn take(&self, from: &PagePath, hits: u64) -> Result<Update, BuildError> {
        self.change(from)
            .update_expression("SET #hits = #hits - :hits")
            .condition_expression("#hits >= :hits")
            .expression_attribute_values(":hits", number(hits))
            .build()
    }

    /// Gives so many hits to a page that is there.
    fn give(&self, to: &PagePath, hits: u64) -> Result<Update, BuildError> {
        self.change(to)
            .update_expression("ADD #hits :hits")
            .condition_expression("attribute_exists(#hits)")
            .expression_attribute_values(":hits", number(hits))
            .build()
    }

    fn change(&self, page: &PagePath) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(page.as_str()))
            .expression_attribute_names("#hits", HITS)
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
}
