//! Rows on their way to the queue, in batches, several at a time.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageAttributeValue, SendMessageBatchRequestEntry};
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Split, SplitError};
use crate::csv::{Rejected, Row};
use crate::version;

/// What SQS takes in a call:
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>.
const MAX_ENTRIES: usize = 10;
const MAX_BYTES: usize = 250_000;

/// A million rows are a hundred thousand calls of some ten milliseconds: one
/// after the other they would take longer than a function may.
const MAX_CALLS: usize = 16;

/// How often what the queue refused is sent again.
const ATTEMPTS: u32 = 8;
const BACKOFF: Duration = Duration::from_millis(50);

pub(super) struct Outbox<'a> {
    split: &'a Split,
    uploaded: Timestamp,
    batch: Vec<SendMessageBatchRequestEntry>,
    bytes: usize,
    calls: JoinSet<Result<Vec<Rejected>, SplitError>>,
    taken: u64,
}

impl<'a> Outbox<'a> {
    pub(super) fn new(split: &'a Split, uploaded: Timestamp) -> Self {
        Self {
            split,
            uploaded,
            batch: Vec::new(),
            bytes: 0,
            calls: JoinSet::new(),
            taken: 0,
        }
    }

    /// Takes a row; gives those before it that the queue will never take.
    pub(super) async fn send(&mut self, row: Row) -> Result<Vec<Rejected>, SplitError> {
        let body = serde_json::to_string(&row.offer).map_err(|e| SplitError::Queue(e.into()))?;
        let version = version::of_line(self.uploaded, row.line);
        let mut refused = Vec::new();
        let bytes = body.len() + version.len() + 20;
        if self.batch.len() == MAX_ENTRIES || self.bytes + bytes > MAX_BYTES {
            refused = self.call().await?;
        }
        self.bytes += bytes;
        self.batch.push(entry(row.line, body, &version)?);
        self.taken += 1;
        Ok(refused)
    }

    /// Waits until all is in the queue; gives how much was, and what it will
    /// never take.
    pub(super) async fn finish(mut self) -> Result<(u64, Vec<Rejected>), SplitError> {
        let mut refused = self.call().await?;
        while let Some(call) = self.calls.join_next().await {
            refused.extend(self.ended(call)?);
        }
        Ok((self.taken, refused))
    }

    /// Sends the batch as soon as a call under way has ended.
    async fn call(&mut self) -> Result<Vec<Rejected>, SplitError> {
        let mut refused = Vec::new();
        if self.calls.len() == MAX_CALLS
            && let Some(call) = self.calls.join_next().await
        {
            refused = self.ended(call)?;
        }
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        if !batch.is_empty() {
            let client = self.split.sqs.clone();
            self.calls
                .spawn(send(client, self.split.queue_url.clone(), batch));
        }
        Ok(refused)
    }

    fn ended(
        &mut self,
        call: Result<Result<Vec<Rejected>, SplitError>, tokio::task::JoinError>,
    ) -> Result<Vec<Rejected>, SplitError> {
        let refused = call.map_err(|panic| SplitError::Queue(panic.into()))??;
        self.taken -= refused.len() as u64;
        Ok(refused)
    }
}

/// Sends a batch, and what was refused of it again; gives what the queue says
/// that it will never take.
async fn send(
    client: Client,
    queue: String,
    mut batch: Vec<SendMessageBatchRequestEntry>,
) -> Result<Vec<Rejected>, SplitError> {
    let mut refused = Vec::new();
    for attempt in 0..ATTEMPTS {
        let call = client.send_message_batch().queue_url(&queue);
        let answer = call.set_entries(Some(batch.clone())).send().await;
        let answer = answer.map_err(|error| SplitError::Queue(error.into()))?;
        let (never, again): (Vec<_>, Vec<_>) =
            answer.failed().iter().partition(|f| f.sender_fault());
        refused.extend(never.into_iter().map(|failure| Rejected {
            line: failure.id().parse().unwrap_or_default(),
            reason: format!("the queue refuses the row: {}", failure.code()),
        }));
        batch.retain(|entry| again.iter().any(|failure| failure.id() == entry.id()));
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
    version: &str,
) -> Result<SendMessageBatchRequestEntry, SplitError> {
    let version = MessageAttributeValue::builder()
        .data_type("String")
        .string_value(version)
        .build();
    let entry = SendMessageBatchRequestEntry::builder()
        .id(line.to_string())
        .message_body(body)
        .message_attributes("version", version.map_err(|e| SplitError::Queue(e.into()))?);
    entry.build().map_err(|e| SplitError::Queue(e.into()))
}
