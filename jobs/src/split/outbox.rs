//! Rows on their way to the queue, in batches, several at a time.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use super::{Split, SplitError};
use crate::csv::{Rejected, Row};
use crate::version;

/// The most messages that SQS takes in a call:
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>.
const MAX_ENTRIES: usize = 10;
const MAX_BYTES: usize = 250_000;

/// A million rows are a hundred thousand calls of some ten milliseconds: one
/// after the other they would take longer than a function may.
const MAX_CALLS: usize = 16;

/// The tries to send what the queue refused.
const ATTEMPTS: u32 = 8;
const BACKOFF: Duration = Duration::from_millis(50);

pub(super) struct Outbox<'a> {
    split: &'a Split,
    load: &'a str,
    version: String,
    batch: Vec<Entry>,
    bytes: usize,
    calls: JoinSet<Result<Vec<Refused>, SplitError>>,
    refused: Vec<Refused>,
    taken: u64,
}

/// A row in a call, and its number in the load.
type Entry = (u64, SendMessageBatchRequestEntry);

/// A row that the queue will never take, and its number in the load.
type Refused = (u64, Rejected);

impl<'a> Outbox<'a> {
    /// An empty outbox for the rows of a load, whose lines have this version.
    pub(super) fn new(split: &'a Split, load: &'a str, version: String) -> Self {
        Self {
            split,
            load,
            version,
            batch: Vec::new(),
            bytes: 0,
            calls: JoinSet::new(),
            refused: Vec::new(),
            taken: 0,
        }
    }

    /// Takes a row, and waits while too many are on their way.
    pub(super) async fn send(&mut self, row: Row) -> Result<(), SplitError> {
        let body = serde_json::to_string(&row.offer).map_err(|e| SplitError::Queue(e.into()))?;
        let version = version::of_line(&self.version, row.line);
        let number = self.taken;
        let place = format!("{number} {}", self.load);
        let bytes = body.len() + version.len() + place.len() + 50;
        if self.batch.len() == MAX_ENTRIES || self.bytes + bytes > MAX_BYTES {
            self.call().await?;
        }
        self.bytes += bytes;
        let entry = entry(row.line, body, &[("version", &version), ("row", &place)])?;
        self.batch.push((number, entry));
        self.taken += 1;
        Ok(())
    }

    /// Waits until all rows are in the queue. Gives the number of rows, and those of
    /// them that the queue will never take.
    pub(super) async fn finish(mut self) -> Result<(u64, Vec<Refused>), SplitError> {
        self.call().await?;
        while let Some(call) = self.calls.join_next().await {
            self.end(call)?;
        }
        Ok((self.taken, self.refused))
    }

    /// Sends the batch as soon as a call under way has ended.
    async fn call(&mut self) -> Result<(), SplitError> {
        if self.calls.len() == MAX_CALLS
            && let Some(call) = self.calls.join_next().await
        {
            self.end(call)?;
        }
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        if !batch.is_empty() {
            let client = self.split.sqs.clone();
            self.calls
                .spawn(send(client, self.split.queue_url.clone(), batch));
        }
        Ok(())
    }

    fn end(
        &mut self,
        call: Result<Result<Vec<Refused>, SplitError>, JoinError>,
    ) -> Result<(), SplitError> {
        let refused = call.map_err(|panic| SplitError::Queue(panic.into()))??;
        self.refused.extend(refused);
        Ok(())
    }
}

/// Sends a batch, and again the rows that the queue refused. Gives those that the queue
/// will never take.
async fn send(
    client: Client,
    queue: String,
    mut batch: Vec<Entry>,
) -> Result<Vec<Refused>, SplitError> {
    let mut refused = Vec::new();
    for attempt in 0..ATTEMPTS {
        let call = client.send_message_batch().queue_url(&queue);
        let entries = batch.iter().map(|(_, entry)| entry.clone()).collect();
        let answer = call.set_entries(Some(entries)).send().await;
        let answer = answer.map_err(|error| SplitError::Queue(error.into()))?;
        let failure = |entry: &Entry| answer.failed().iter().find(|f| f.id() == entry.1.id());
        let never = batch.iter().filter_map(|entry| {
            let failure = failure(entry).filter(|failure| failure.sender_fault())?;
            let row = Rejected {
                line: entry.1.id().parse().unwrap_or_default(),
                reason: format!("the queue refuses the row: {}", failure.code()),
            };
            Some((entry.0, row))
        });
        refused.extend(never);
        batch.retain(|entry| failure(entry).is_some_and(|failure| !failure.sender_fault()));
        if batch.is_empty() {
            return Ok(refused);
        }
        sleep(BACKOFF * 2_u32.pow(attempt)).await;
    }
    Err(SplitError::Refused(batch.len()))
}

fn entry(
    line: u64,
    body: String,
    attributes: &[(&str, &str)],
) -> Result<SendMessageBatchRequestEntry, SplitError> {
    let mut entry = SendMessageBatchRequestEntry::builder()
        .id(line.to_string())
        .message_body(body);
    for (name, value) in attributes {
        let value = MessageAttributeValue::builder()
            .data_type("String")
            .string_value(*value)
            .build();
        let value = value.map_err(|e| SplitError::Queue(e.into()))?;
        entry = entry.message_attributes(*name, value);
    }
    entry.build().map_err(|e| SplitError::Queue(e.into()))
}
