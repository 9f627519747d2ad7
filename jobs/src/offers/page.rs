//! Lists of offers, a page at a time: a Query of an index or, where no index serves the
//! filter, a Scan of one page of the table.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use backend::Error;
use shared::jobs::JobOffer;

use super::{BY_CITY, BY_KEYWORD, CITY, Item, KEYWORD, Offers, key, offer, string, text};
use crate::cursor::{self, Cursor};

/// The offers that are asked for: all values that are named have to match.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) city: Option<String>,
    pub(crate) keyword: Option<String>,
    pub(crate) contract_type: Option<String>,
}

/// The most offers that one request reads to find those of a contract type: some
/// fifteen read units, where a small table has five a second. There are few types, so
/// an index of them would cost every write more than it saves.
const MAX_READ: usize = 200;

/// Some offers, and the cursor at which to go on.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) offers: Vec<JobOffer>,
    pub(crate) next: Option<Cursor>,
}

impl Offers {
    /// Gets the first `limit` offers after `after`; fewer where they are large, or
    /// where offers of other contract types lie between them.
    pub(crate) async fn page(
        &self,
        filter: &Filter,
        limit: usize,
        after: Option<Cursor>,
    ) -> Result<Page, Error> {
        let start = after.map(|end| start_key(filter, end)).transpose()?;
        let read = match filter.contract_type {
            Some(_) => MAX_READ,
            // One more than asked for shows whether there is another page.
            None => limit + 1,
        };
        let read = i32::try_from(read).unwrap_or(i32::MAX);
        let (items, goes_on) = match filter {
            Filter {
                city: None,
                keyword: None,
                ..
            } => self.read_table(filter, read, start).await?,
            filter => self.read_index(filter, read, start).await?,
        };
        let page = &items[..items.len().min(limit)];
        let last = match items.len() > limit {
            true => page.last(),
            false => goes_on.as_ref(),
        };
        Ok(Page {
            offers: page.iter().map(offer).collect(),
            next: last.map(end).transpose()?,
        })
    }

    async fn read_index(
        &self,
        filter: &Filter,
        limit: i32,
        start: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        let index = if filter.keyword.is_some() {
            BY_KEYWORD
        } else {
            BY_CITY
        };
        let refused = refusal(&start);
        let mut query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index)
            .limit(limit)
            .set_exclusive_start_key(start);
        let mut conditions = Vec::new();
        for (name, value) in [(KEYWORD, &filter.keyword), (CITY, &filter.city)] {
            let Some(value) = value else { continue };
            conditions.push(format!("#{name} = :{name}"));
            query = query
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), text(value));
        }
        if let Some(wanted) = &filter.contract_type {
            query = query
                .filter_expression(IS_WANTED)
                .expression_attribute_names("#contract_type", CONTRACT_TYPE)
                .expression_attribute_values(":wanted", text(wanted));
        }
        let conditions = conditions.join(" AND ");
        let query = query.key_condition_expression(conditions);
        let answer = query.send().await.map_err(refused)?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }

    async fn read_table(
        &self,
        filter: &Filter,
        limit: i32,
        start: Option<Item>,
    ) -> Result<(Vec<Item>, Option<Item>), Error> {
        let refused = refusal(&start);
        let mut scan = self
            .client
            .scan()
            .table_name(&self.table)
            .limit(limit)
            .set_exclusive_start_key(start);
        if let Some(wanted) = &filter.contract_type {
            scan = scan
                .filter_expression(IS_WANTED)
                .expression_attribute_names("#contract_type", CONTRACT_TYPE)
                .expression_attribute_values(":wanted", text(wanted));
        }
        let answer = scan.send().await.map_err(refused)?;
        Ok((answer.items.unwrap_or_default(), answer.last_evaluated_key))
    }
}

/// Turns an error of a page that begins at `start` into the client's: if DynamoDB finds
/// a question wrong, it is the start, since all the rest is ours.
fn refusal<E>(start: &Option<Item>) -> fn(SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    if start.is_none() {
        return Error::from;
    }
    |error| match error.as_service_error().and_then(E::code) {
        Some("ValidationException") => cursor::invalid(),
        _ => error.into(),
    }
}

const CONTRACT_TYPE: &str = "contract_type";
const IS_WANTED: &str = "#contract_type = :wanted";

/// The key at which a page begins: the table's, and the keyword for its index.
fn start_key(filter: &Filter, after: Cursor) -> Result<Item, Error> {
    if filter.city.as_ref().is_some_and(|city| *city != after.city) {
        return Err(cursor::invalid());
    }
    let mut start = key(&after.id, &after.city);
    if let Some(keyword) = &filter.keyword {
        start.insert(KEYWORD.to_owned(), text(keyword));
    }
    Ok(start)
}

fn end(item: &Item) -> Result<Cursor, Error> {
    Ok(Cursor {
        id: string(item, super::ID)?,
        city: string(item, CITY)?,
    })
}
