//! Lambda's work between a queue and a function: it receives messages in
//! batches, calls the function with an event of them, and deletes those that
//! the function does not name as failed.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::{Map, Value, json};

use crate::QueueError;
use crate::in_process::REGION;
use crate::queues::{Message, Queue, Queues};

/// A queue, with the settings of its reader.
#[derive(Clone, Debug)]
pub struct EventSource {
    /// The queues that hold it.
    pub queues: Queues,
    /// The queue.
    pub queue: Queue,
    /// The most messages in an event.
    pub batch: usize,
    /// The time after which failed messages are tried again; on AWS it is the
    /// visibility time-out.
    pub retry: Duration,
}

/// The pause when nothing is sent in this process: another may put back dead
/// letters, and failed messages become due.
const IDLE: Duration = Duration::from_millis(500);

impl EventSource {
    /// Calls `function` with each event, one after the other, for as long as it
    /// is awaited. The function returns the ids of the messages that failed.
    pub async fn run<F>(self, function: impl Fn(Value) -> F)
    where
        F: Future<Output = Vec<String>>,
    {
        loop {
            match self.next(&function).await {
                Ok(0) => self.queues.arrival(IDLE).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(error.cause = %error, "the queue cannot be read");
                    tokio::time::sleep(IDLE).await;
                }
            }
        }
    }

    /// Calls `function` with the waiting messages, once, and returns their
    /// number.
    ///
    /// # Errors
    /// The queue's.
    pub async fn next<F>(&self, function: &impl Fn(Value) -> F) -> Result<usize, QueueError>
    where
        F: Future<Output = Vec<String>>,
    {
        let messages = self.queues.receive(self.queue, self.batch).await?;
        if messages.is_empty() {
            return Ok(0);
        }
        let failed = self.deliver(&messages, function).await;
        let count = messages.len();
        let (failed, done): (Vec<_>, Vec<_>) = messages
            .into_iter()
            .map(|message| message.id)
            .partition(|id| failed.contains(id));
        // Until the queue knows, the messages are hidden, which can be for a day.
        repeat(|| self.queues.delete(done.clone())).await;
        for id in failed {
            repeat(|| self.queues.retry(id.clone(), self.retry)).await;
        }
        Ok(count)
    }

    /// Calls `function` with the messages, and gives the ids of those that failed.
    /// Where it panics, each gets a call of its own, so that one that cannot be
    /// dealt with takes no other with it.
    async fn deliver<F>(&self, messages: &[Message], function: &impl Fn(Value) -> F) -> Vec<String>
    where
        F: Future<Output = Vec<String>>,
    {
        if let Some(failed) = self.call(messages, function).await {
            return failed;
        }
        if let [message] = messages {
            return vec![message.id.clone()];
        }
        let mut failed = Vec::new();
        for message in messages {
            let outcome = self.call(std::slice::from_ref(message), function).await;
            failed.extend(outcome.unwrap_or_else(|| vec![message.id.clone()]));
        }
        failed
    }

    /// The function's answer, unless it panics, which is logged where it does.
    async fn call<F>(
        &self,
        messages: &[Message],
        function: &impl Fn(Value) -> F,
    ) -> Option<Vec<String>>
    where
        F: Future<Output = Vec<String>>,
    {
        let called = AssertUnwindSafe(async { function(self.event(messages)).await });
        called.catch_unwind().await.ok()
    }

    fn event(&self, messages: &[Message]) -> Value {
        let records = messages.iter().map(|message| {
            json!({
                "messageId": message.id,
                "receiptHandle": message.id,
                "body": message.body,
                "attributes": {
                    "ApproximateReceiveCount": message.receives.to_string(),
                    "SentTimestamp": message.sent.to_string(),
                },
                "messageAttributes": attributes(&message.attributes),
                "eventSource": "aws:sqs",
                "eventSourceARN": format!("arn:aws:sqs:{REGION}:000000000000:{}", self.queue.name),
                "awsRegion": REGION,
            })
        });
        json!({ "Records": records.collect::<Vec<_>>() })
    }
}

/// Writes to the queue until it has been written.
async fn repeat<F>(write: impl Fn() -> F)
where
    F: Future<Output = Result<(), QueueError>>,
{
    while let Err(error) = write().await {
        tracing::error!(error.cause = %error, "the queue cannot be written");
        tokio::time::sleep(IDLE).await;
    }
}

/// The API writes `StringValue` where events have `stringValue`.
fn attributes(sent: &str) -> Value {
    let sent: Map<String, Value> = serde_json::from_str(sent).unwrap_or_default();
    let events = sent.into_iter().map(|(name, value)| {
        let value = json!({
            "stringValue": value["StringValue"],
            "dataType": value["DataType"],
        });
        (name, value)
    });
    Value::Object(events.collect())
}
