//! The table of hits: partition key `path`, number `hits`. One more item says how
//! many pages there are.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, Update};
use backend::transaction::{Failed, Pause, transact, update};
use backend::{Bounds, Error, Table};
use shared::PagePath;
use tokio::time::timeout;

pub(crate) const PARTITION_KEY: &str = "path";
pub(crate) const HITS: &str = "hits";

/// The key of the item that counts the pages. No page has this name, because names
/// are trimmed.
pub(crate) const ALL_PAGES: &str = " pages";
pub(crate) const PAGES: &str = "pages";

/// The most time for a new page, which may wait for others that are new, too; with
/// the try before, less than the function has.
const PATIENCE: Duration = Duration::from_millis(2_500);

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
    pub(crate) bounds: Bounds,
}

/// The outcome for a page that was not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    New,
    /// Somebody else has made it.
    Known,
}

impl Hits {
    /// The hits kept in `table`, without bounds.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            bounds: Bounds::default(),
        }
    }

    /// Sets the bounds of counting.
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Counts one hit and gives its own number: of a known page in one
    /// `UpdateItem`, so that two hits at once get two numbers. It is never
    /// repeated blindly.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a new page where there is no room, and the store's.
    /// After [`Error::StoreUnavailable`] the hit may have been counted.
    pub async fn increment(&self, path: &PagePath) -> Result<u64, Error> {
        if let Some(number) = self.increment_known(path).await? {
            return Ok(number);
        }
        let new = async {
            loop {
                if self.make(path.as_str(), 1, None).await? == Made::New {
                    return Ok(1);
                }
                if let Some(number) = self.increment_known(path).await? {
                    return Ok(number);
                }
            }
        };
        match timeout(PATIENCE, new).await {
            Ok(number) => number,
            Err(elapsed) => Err(Error::StoreUnavailable(elapsed.into())),
        }
    }

    /// Counts a hit of a page that is there, or of any where there is no limit: a
    /// store without transactions can then do it, too.
    async fn increment_known(&self, path: &PagePath) -> Result<Option<u64>, Error> {
        let add = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path.as_str()))
            .update_expression("ADD #hits :one")
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_values(":one", number(1))
            .return_values(ReturnValue::UpdatedNew);
        let add = match self.bounds.max_pages() {
            None => add,
            Some(_) => add
                .condition_expression("attribute_exists(#path)")
                .expression_attribute_names("#path", PARTITION_KEY),
        };
        match add.send().await {
            Ok(answer) => hits(answer.attributes().and_then(|item| item.get(HITS))).map(Some),
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a page that has `hits`, if there is room, together with the count of
    /// pages; `from_service` says how many of them came from another service.
    pub(crate) async fn make(
        &self,
        path: &str,
        hits: u64,
        from_service: Option<(&str, u64)>,
    ) -> Result<Made, Error> {
        let mut pause = Pause::default();
        loop {
            let page = self.new_page(path, hits, from_service);
            let parts = [page, self.one_page_more()];
            let parts = parts.into_iter().collect::<Result<Vec<_>, _>>();
            let parts = parts.map_err(Error::internal)?;
            let failed = transact(&self.client, parts.into_iter().map(update).collect()).await?;
            if failed.is_empty() {
                return Ok(Made::New);
            }
            if failed.contains(&Failed::Condition(0)) {
                return Ok(Made::Known);
            }
            if failed.contains(&Failed::Condition(1)) {
                return Err(self.bounds.full());
            }
            pause.wait().await;
        }
    }

    fn new_page(
        &self,
        path: &str,
        hits: u64,
        from_service: Option<(&str, u64)>,
    ) -> Result<Update, BuildError> {
        let page = Update::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(path))
            .condition_expression("attribute_not_exists(#path)")
            .expression_attribute_names("#path", PARTITION_KEY)
            .expression_attribute_names("#hits", HITS)
            .expression_attribute_values(":hits", number(hits));
        match from_service {
            None => page.update_expression("SET #hits = :hits"),
            Some((service, brought)) => page
                .update_expression("SET #hits = :hits, #service = :brought")
                .expression_attribute_names("#service", service)
                .expression_attribute_values(":brought", number(brought)),
        }
        .build()
    }

    pub(crate) fn one_page_more(&self) -> Result<Update, BuildError> {
        let pages = Update::builder()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(ALL_PAGES))
            .update_expression("ADD #pages :one")
            .expression_attribute_names("#pages", PAGES)
            .expression_attribute_values(":one", number(1));
        match self.bounds.max_pages() {
            None => pages,
            Some(most) => pages
                .condition_expression("attribute_not_exists(#pages) OR #pages < :most")
                .expression_attribute_values(":most", number(most)),
        }
        .build()
    }

    /// The hits so far; 0 for a page never seen. Writes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn read(&self, path: &PagePath) -> Result<u64, Error> {
        match self.item(path.as_str()).await? {
            Some(item) => hits(item.get(HITS)),
            None => Ok(0),
        }
    }

    pub(crate) async fn item(&self, key: &str) -> Result<Option<Item>, Error> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PARTITION_KEY, text(key))
            .consistent_read(true)
            .send()
            .await?;
        Ok(answer.item)
    }

    /// Opens the connection before the first visitor waits for it, by reading
    /// a page; whether that succeeds shows at the first real call.
    pub async fn connect(&self) {
        if let Ok(page) = PagePath::parse("connection-check") {
            let _ = self.read(&page).await;
        }
    }
}

pub(crate) type Item = std::collections::HashMap<String, AttributeValue>;

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn hits(attribute: Option<&AttributeValue>) -> Result<u64, Error> {
    attribute
        .and_then(|value| value.as_n().ok())
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| {
            Error::internal(format!(
                "`{HITS}` of a stored counter is not a whole number"
            ))
        })
}
