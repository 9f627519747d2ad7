//! The table `visits`: each property's visits by time, its days' counts, and
//! what keeps a visitor or a repeat from counting twice.
//!
//! | sort key | what |
//! | --- | --- |
//! | `visit#<time>#<id>` | a visit, for as long as it is kept |
//! | `day#<date>` | a day's counts |
//! | `unique#<date>#<mark>` | a visitor of that day, until the salt expires |
//! | `key#<Idempotency-Key>` | the answer to a request, for a day |
//! | `property` | there are visits of this property |
//! | `link#<code>`, `label#<label>` | a link of the owner's, in a partition of its own |

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use backend::{Bounds, Error, Table};
use jiff::Timestamp;
use shared::visits::{Visit, VisitsPage};

use crate::range::{self, Range};
use crate::retention::Retention;
use crate::zone::Zone;
use crate::{cursor, salts};

pub(crate) const PARTITION_KEY: &str = "propertyId";
pub(crate) const SORT_KEY: &str = "sk";
pub(crate) const ID: &str = "id";
pub(crate) const DATE: &str = "date";
pub(crate) const PLACE: &str = "place";
pub(crate) const SOURCE: &str = "source";
pub(crate) const LINK: &str = "link";
/// The day and the hour that a visit was counted under, where they are not those of UTC.
const HOUR: &str = "hour";
pub(crate) const VISIT: &str = "visit#";

pub(crate) type Item = HashMap<String, AttributeValue>;

/// The table of visits, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: PARTITION_KEY,
        sort_key: Some(SORT_KEY),
        time_to_live: Some(salts::EXPIRES),
        indexes: &[],
    }
}

/// The visits of each property, and what is counted of them.
#[derive(Clone, Debug)]
pub struct Log {
    pub(crate) client: Client,
    pub(crate) table: String,
    pub(crate) bounds: Bounds,
    pub(crate) retention: Option<Retention>,
    pub(crate) zone: Zone,
}

impl Log {
    /// The visits kept in `table`, without bounds.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            bounds: Bounds::default(),
            retention: None,
            zone: Zone::default(),
        }
    }

    /// The same, where visits are kept for a while alone.
    pub fn keeping(self, retention: Option<Retention>) -> Self {
        Self { retention, ..self }
    }

    /// The same, by the clocks of `zone`.
    pub fn by(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// The same, for the properties that `bounds` let be counted.
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Opens the connection before the first request waits for it, by reading
    /// an item; whether that succeeds shows at the first real call.
    pub async fn connect(&self) {
        let read = self.client.get_item().table_name(&self.table);
        let key = key("connection-check", "connection-check");
        let _ = read.set_key(Some(key)).send().await;
    }

    /// One page of `property`'s visits, newest first, from where `after` ended.
    pub(crate) async fn page(
        &self,
        property: &str,
        range: &Range,
        limit: usize,
        after: Option<String>,
        now: Timestamp,
    ) -> Result<VisitsPage, Error> {
        let low = format!("{VISIT}{}", range.from);
        let high = format!("{VISIT}{}", range.to);
        if after.as_ref().is_some_and(|key| *key < low || *key > high) {
            return Err(cursor::invalid());
        }
        // The store takes its time to delete what has had its own.
        let start = self.retention.map(|retention| retention.start(now));
        let start = start.map(|start| format!("{VISIT}{}", range::sortable(start)));
        let low = start.map_or(low.clone(), |start| start.max(low));
        if low > high || after.as_ref().is_some_and(|key| *key < low) {
            return Ok(VisitsPage {
                visits: Vec::new(),
                next: None,
            });
        }
        let start = after.map(|end| key(property, &end));
        let answer = self
            .between(property, low, high)
            .scan_index_forward(false)
            // One more than asked for shows whether there is another page.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await?;
        let items = answer.items();
        let page = &items[..items.len().min(limit)];
        let is_last = items.len() <= limit && answer.last_evaluated_key().is_none();
        let last = page.last().filter(|_| !is_last);
        Ok(VisitsPage {
            visits: page
                .iter()
                .map(|item| self.with_local_date(visit(item)?))
                .collect::<Result<_, _>>()?,
            next: last
                .map(|item| string(item, SORT_KEY).map(|key| cursor::encode(&key)))
                .transpose()?,
        })
    }

    fn with_local_date(&self, visit: Visit) -> Result<Visit, Error> {
        Ok(Visit {
            local_date: self.zone.local(moment_of(&visit.date)?),
            ..visit
        })
    }

    /// The items of a partition from one sort key to another, both included.
    pub(crate) fn between(&self, partition: &str, low: String, high: String) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#partition = :partition AND #sk BETWEEN :low AND :high")
            .expression_attribute_names("#partition", PARTITION_KEY)
            .expression_attribute_names("#sk", SORT_KEY)
            .expression_attribute_values(":partition", text(partition))
            .expression_attribute_values(":low", text(low))
            .expression_attribute_values(":high", text(high))
    }
}

pub(crate) fn key(property: &str, sort_key: &str) -> Item {
    HashMap::from([
        (PARTITION_KEY.to_owned(), text(property)),
        (SORT_KEY.to_owned(), text(sort_key)),
    ])
}

/// The sort key of a visit: its place in time, and its id for those of one
/// millisecond.
pub(crate) fn visit_key(moment: Timestamp, id: &str) -> String {
    format!("{VISIT}{}#{id}", range::sortable(moment))
}

/// An item that is about to hold a visit of `hour`, or the answer that is kept of one.
pub(crate) fn with_visit(put: PutBuilder, visit: &Visit, hour: &str) -> PutBuilder {
    let in_utc = range::moment(&visit.date).map(|moment| Zone::default().hour_of(moment));
    let hour = Some(hour.to_owned()).filter(|hour| in_utc.as_ref() != Some(hour));
    let known = [(SOURCE, &visit.source), (LINK, &visit.link), (HOUR, &hour)];
    let put = put
        .item(ID, text(&visit.id))
        .item(DATE, text(&visit.date))
        .item(PLACE, text(&visit.place));
    known
        .into_iter()
        .fold(put, |put, (name, value)| match value {
            Some(value) => put.item(name, text(value)),
            None => put,
        })
}

/// The day and the hour that a visit was counted under, by the owner's clocks of then.
pub(crate) fn hour(item: &Item) -> Result<String, Error> {
    match string(item, HOUR) {
        Ok(hour) => Ok(hour),
        Err(_) => Ok(Zone::default().hour_of(moment_of(&string(item, DATE)?)?)),
    }
}

/// The day in [`hour`].
pub(crate) fn day(item: &Item) -> Result<String, Error> {
    let mut day = hour(item)?;
    day.truncate("2026-11-21".len());
    Ok(day)
}

/// The moment of a stored date, which was checked by the rule of its time.
pub(crate) fn moment_of(date: &str) -> Result<Timestamp, Error> {
    date.parse().map_err(Error::internal)
}

/// A visit, or the answer that was kept of one.
pub(crate) fn visit(item: &Item) -> Result<Visit, Error> {
    Ok(Visit {
        id: string(item, ID)?,
        property_id: string(item, PARTITION_KEY)?,
        date: string(item, DATE)?,
        place: string(item, PLACE)?,
        source: string(item, SOURCE).ok(),
        link: string(item, LINK).ok(),
        local_date: None,
    })
}

pub(crate) fn string(item: &Item, name: &str) -> Result<String, Error> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .cloned()
        .ok_or_else(|| Error::internal(format!("a stored visit has no `{name}`")))
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
