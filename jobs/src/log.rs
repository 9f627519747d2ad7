//! The table `job-offers-log`: partition key `log`, sort key `part`. It holds the
//! outcomes of files, the requests that were answered, and the clock of all versions.
//! All but the clock expires.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::Table;
use jiff::{SignedDuration, Timestamp};

mod answered;
mod clock;
mod load;
mod sum;

pub(crate) use load::{Ended, Load, Mark};

const LOG: &str = "log";
const PART: &str = "part";
const EXPIRES: &str = "expires";

/// The time for which a file's numbers are kept: longer than a queue keeps its rows.
const LOADS: SignedDuration = SignedDuration::from_hours(30 * 24);

type Item = HashMap<String, AttributeValue>;

/// The table of the log, called `name`.
pub fn log_table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: LOG,
        sort_key: Some(PART),
        time_to_live: Some(EXPIRES),
        indexes: &[],
    }
}

/// The log of files, answered requests and versions.
#[derive(Clone, Debug)]
pub struct Log {
    client: Client,
    table: String,
    clock: fn() -> Timestamp,
}

impl Log {
    /// The log kept in `table`.
    pub fn new(client: Client, table: impl Into<String>, clock: fn() -> Timestamp) -> Self {
        Self {
            client,
            table: table.into(),
            clock,
        }
    }

    fn expires_after(&self, time: SignedDuration) -> AttributeValue {
        number((self.clock)().as_second() + time.as_secs())
    }
}

fn key(log: &str, part: &str) -> Item {
    HashMap::from([(LOG.to_owned(), text(log)), (PART.to_owned(), text(part))])
}

fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Reads a text of an item; empty where there is none.
fn read<'a>(item: &'a Item, name: &str) -> &'a str {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map_or("", String::as_str)
}

/// Reads a number of an item.
fn count(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}
