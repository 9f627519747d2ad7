//! The table `job-offers`: partition key `id`, sort key `city`, and two indexes,
//! so that a city's and a keyword's offers are found without a Scan.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use backend::{Error, Index, Table};
use shared::jobs::JobOffer;

mod page;
mod put;

pub(crate) use page::Filter;
pub(crate) use put::Outcome;

const ID: &str = "id";
const CITY: &str = "city";
const KEYWORD: &str = "keyword";
const VERSION: &str = "version";
const BY_CITY: &str = "city-index";
const BY_KEYWORD: &str = "keyword-index";

type Item = HashMap<String, AttributeValue>;

/// The table of job offers, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: ID,
        sort_key: Some(CITY),
        time_to_live: None,
        indexes: &[
            Index {
                name: BY_CITY,
                partition_key: CITY,
                sort_key: ID,
            },
            Index {
                name: BY_KEYWORD,
                partition_key: KEYWORD,
                sort_key: CITY,
            },
        ],
    }
}

/// The job offers.
#[derive(Clone, Debug)]
pub struct Offers {
    client: Client,
    table: String,
    /// True if rows are put in transactions.
    together: bool,
}

impl Offers {
    /// The offers kept in `table`.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            together: false,
        }
    }

    /// Puts rows in transactions: for a store that takes many writes at once in the
    /// time of a few. On AWS a write in a transaction costs as much as two.
    #[must_use]
    pub fn in_transactions(self) -> Self {
        Self {
            together: true,
            ..self
        }
    }

    /// Gets the offer called `id`. Files can bring one id with several cities; the
    /// newest counts.
    pub(crate) async fn get(&self, id: &str) -> Result<Option<JobOffer>, Error> {
        let items = self.all(id).await?;
        let newest = items.into_iter().max_by(|a, b| version(a).cmp(version(b)));
        Ok(newest.map(|item| offer(&item)))
    }

    /// Changes `values` of an offer, and gives the whole offer; `None` if it has been
    /// deleted.
    pub(crate) async fn update(
        &self,
        (id, city): (&str, &str),
        values: impl Iterator<Item = (&'static str, String)>,
        version: &str,
    ) -> Result<Option<JobOffer>, Error> {
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(ID, text(id))
            .key(CITY, text(city))
            .condition_expression("attribute_exists(#id)")
            .expression_attribute_names("#id", ID)
            .return_values(ReturnValue::AllNew);
        let mut assignments = Vec::new();
        for (name, value) in values.chain([(VERSION, version.to_owned())]) {
            assignments.push(format!("#{name} = :{name}"));
            update = update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), text(value));
        }
        let expression = format!("SET {}", assignments.join(", "));
        match update.update_expression(expression).send().await {
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                Ok(None)
            }
            outcome => Ok(outcome?.attributes().map(offer)),
        }
    }

    /// Deletes all offers called `id`, and returns true if there was any.
    pub(crate) async fn delete(&self, id: &str) -> Result<bool, Error> {
        let items = self.all(id).await?;
        for item in &items {
            self.client
                .delete_item()
                .table_name(&self.table)
                .set_key(Some(key(&string(item, ID)?, &string(item, CITY)?)))
                .send()
                .await?;
        }
        Ok(!items.is_empty())
    }

    /// The offers of an `id`, one item a city; the first megabyte of them.
    async fn all(&self, id: &str) -> Result<Vec<Item>, Error> {
        let answer = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#id = :id")
            .expression_attribute_names("#id", ID)
            .expression_attribute_values(":id", text(id))
            .consistent_read(true)
            .send()
            .await?;
        Ok(answer.items.unwrap_or_default())
    }
}

/// An offer as an item. A missing field has no attribute: an index takes no empty key.
fn item(offer: JobOffer, version: &str) -> Item {
    let values = offer.into_values();
    let values = values.map(|(name, value)| (name.to_owned(), text(value)));
    values
        .chain([(VERSION.to_owned(), text(version))])
        .collect()
}

fn offer(item: &Item) -> JobOffer {
    let mut offer = JobOffer::default();
    for (name, value) in item {
        if let (Some(place), Ok(value)) = (offer.get_mut(name), value.as_s()) {
            value.clone_into(place);
        }
    }
    offer
}

fn key(id: &str, city: &str) -> Item {
    HashMap::from([(ID.to_owned(), text(id)), (CITY.to_owned(), text(city))])
}

fn version(item: &Item) -> &str {
    let version = item.get(VERSION).and_then(|value| value.as_s().ok());
    version.map_or("", String::as_str)
}

fn string(item: &Item, name: &str) -> Result<String, Error> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .ok_or_else(|| Error::internal(format!("a stored offer has no `{name}`")))
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}
