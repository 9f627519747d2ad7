//! The throughput that a table is provisioned for, beyond which DynamoDB refuses calls;
//! the engine alone would serve any number. Unused units are kept for a while, and a
//! call passes while any are left, however many it takes:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html>.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use dynoxide::errors::CancellationReason;
use dynoxide::{Database, DynoxideError, Result};
use serde_json::{Value, json};

use crate::operations::Operation;

/// The time for which DynamoDB keeps unused units.
pub(crate) const BURST: Duration = Duration::from_secs(300);

const SENTENCE: &str = "The level of configured provisioned throughput for the table was exceeded. \
                        Consider increasing your provisioning level with the UpdateTable API.";

/// The tables that are provisioned; those on demand are not limited.
#[derive(Debug)]
pub(crate) struct Throughput {
    tables: HashMap<String, Table>,
    burst: Duration,
}

#[derive(Debug)]
struct Table {
    own: Units,
    indexes: HashMap<String, Units>,
}

#[derive(Debug)]
struct Units {
    reads: Bucket,
    writes: Bucket,
}

#[derive(Debug)]
struct Bucket {
    /// Units a second.
    rate: f64,
    most: f64,
    left: f64,
    filled: Instant,
}

impl Throughput {
    /// The throughput of the tables that are there.
    pub(crate) fn new(database: &Database, burst: Duration) -> Result<Self> {
        let mut throughput = Self {
            tables: HashMap::new(),
            burst,
        };
        for name in database.list_tables(Default::default())?.table_names {
            let body = json!({ "TableName": name }).to_string();
            let answer = Operation::DescribeTable.run(database, &body)?;
            throughput.provision(&answer, "Table");
        }
        Ok(throughput)
    }

    /// Returns true if no table is provisioned, as in nearly every store.
    pub(crate) fn is_unlimited(&self) -> bool {
        self.tables.is_empty()
    }

    /// Runs the operation, unless its table has no units left.
    pub(crate) fn run(
        &mut self,
        operation: Operation,
        database: &Database,
        body: &str,
    ) -> Result<String> {
        if operation == Operation::CreateTable {
            let answer = operation.run(database, body)?;
            self.provision(&answer, "TableDescription");
            return Ok(answer);
        }
        if self.is_unlimited() || !operation.consumes() {
            return operation.run(database, body);
        }
        let Ok(mut request) = serde_json::from_str::<Value>(body) else {
            return operation.run(database, body);
        };
        let named = tables_of(&request);
        let index = request["IndexName"].as_str();
        let has_units = named.iter().map(|name| {
            let table = self.tables.get_mut(name);
            table.is_none_or(|table| table.has_units(operation.writes(), index))
        });
        let has_units: Vec<_> = has_units.collect();
        if has_units.contains(&false) {
            return Err(refusal(operation, &has_units));
        }
        let is_asked = request.get("ReturnConsumedCapacity").is_some();
        request["ReturnConsumedCapacity"] = "INDEXES".into();
        let answer = operation.run(database, &request.to_string());
        let Ok(answer) = answer else {
            // A condition that fails costs as much as a small write.
            for name in &named {
                if let Some(table) = self.tables.get_mut(name) {
                    table.own.writes.left -= 1.0;
                }
            }
            return answer;
        };
        let mut answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let consumed = match is_asked {
            true => answer["ConsumedCapacity"].clone(),
            false => answer["ConsumedCapacity"].take(),
        };
        for of_table in consumed.as_array().unwrap_or(&vec![consumed.clone()]) {
            self.take(of_table, operation.writes());
        }
        if !is_asked && let Some(answer) = answer.as_object_mut() {
            answer.remove("ConsumedCapacity");
        }
        Ok(answer.to_string())
    }

    /// Reads the description of a table from an answer.
    fn provision(&mut self, answer: &str, member: &str) {
        let answer: Value = serde_json::from_str(answer).unwrap_or_default();
        let description = &answer[member];
        let Some(name) = description["TableName"].as_str() else {
            return;
        };
        let units = |of: &Value| {
            let units = |kind: &str| of["ProvisionedThroughput"][kind].as_f64().unwrap_or(0.0);
            Units {
                reads: Bucket::full(units("ReadCapacityUnits"), self.burst),
                writes: Bucket::full(units("WriteCapacityUnits"), self.burst),
            }
        };
        let own = units(description);
        // A table on demand has no throughput.
        if own.writes.rate == 0.0 {
            self.tables.remove(name);
            return;
        }
        let indexes = description["GlobalSecondaryIndexes"].as_array();
        let indexes = indexes
            .into_iter()
            .flatten()
            .filter_map(|index| Some((index["IndexName"].as_str()?.to_owned(), units(index))));
        let indexes = indexes.collect();
        self.tables.insert(name.to_owned(), Table { own, indexes });
    }

    /// Takes what a call has consumed of a table and its indexes.
    fn take(&mut self, consumed: &Value, writes: bool) {
        let name = consumed["TableName"].as_str().unwrap_or_default();
        let Some(table) = self.tables.get_mut(name) else {
            return;
        };
        let units = |of: &Value| of["CapacityUnits"].as_f64().unwrap_or(0.0);
        table.own.bucket(writes).left -= units(&consumed["Table"]);
        for (name, index) in &mut table.indexes {
            index.bucket(writes).left -= units(&consumed["GlobalSecondaryIndexes"][name]);
        }
    }
}

impl Table {
    /// True if a call may begin: a write goes to the indexes as well, a read to one place.
    fn has_units(&mut self, writes: bool, index: Option<&str>) -> bool {
        if writes {
            let mut indexes = self.indexes.values_mut();
            return self.own.writes.has_units() && indexes.all(|index| index.writes.has_units());
        }
        let index = index.and_then(|index| self.indexes.get_mut(index));
        index.unwrap_or(&mut self.own).reads.has_units()
    }
}

impl Units {
    fn bucket(&mut self, writes: bool) -> &mut Bucket {
        match writes {
            true => &mut self.writes,
            false => &mut self.reads,
        }
    }
}

impl Bucket {
    fn full(rate: f64, burst: Duration) -> Self {
        // There is always room for the units of a second.
        let most = rate * burst.as_secs_f64().max(1.0);
        Self {
            rate,
            most,
            left: most,
            filled: Instant::now(),
        }
    }

    fn has_units(&mut self) -> bool {
        let now = Instant::now();
        let new = self.rate * now.duration_since(self.filled).as_secs_f64();
        self.left = (self.left + new).min(self.most);
        self.filled = now;
        self.left > 0.0
    }
}

/// The tables that a request names: one, or that of each part of a transaction.
fn tables_of(request: &Value) -> Vec<String> {
    let parts = request["TransactItems"].as_array().into_iter().flatten();
    let parts = parts.filter_map(|part| part.as_object()?.values().next());
    let named = std::iter::once(request).chain(parts);
    let named = named.filter_map(|named| named["TableName"].as_str());
    named.map(str::to_owned).collect()
}

/// The refusal of a call, of whose parts these have units.
fn refusal(operation: Operation, has_units: &[bool]) -> DynoxideError {
    if operation != Operation::TransactWriteItems {
        return DynoxideError::ProvisionedThroughputExceededException(SENTENCE.to_owned());
    }
    let reasons = has_units.iter().map(|has_units| match has_units {
        true => ("None", None),
        false => ("ProvisionedThroughputExceeded", Some(SENTENCE.to_owned())),
    });
    let reasons = reasons.map(|(code, message)| CancellationReason {
        code: code.to_owned(),
        message,
        item: None,
    });
    let sentence = "Transaction cancelled, please refer cancellation reasons for specific reasons";
    DynoxideError::TransactionCanceledException(sentence.to_owned(), reasons.collect())
}
