//! SQS for senders in this process: `SendMessageBatch` of the JSON protocol.
//! The receiver is an [`EventSource`].
//!
//! [`EventSource`]: crate::EventSource

use std::collections::HashSet;

use aws_smithy_types::body::SdkBody;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use backend::dynamodb::Config;
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::{Queues, in_process};

/// The limits of one call, names included:
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>.
const MAX_ENTRIES: usize = 10;
const MAX_BYTES: usize = 1_048_576;

const CONTENT: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");

/// The queues for the SDK's clients.
#[derive(Clone, Debug)]
pub struct Sqs {
    queues: Queues,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    queue_url: String,
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    id: String,
    message_body: String,
    /// As JSON, which is kept as it is.
    #[serde(default)]
    message_attributes: Option<Box<RawValue>>,
}

impl Sqs {
    /// A service that puts messages into `queues`.
    pub fn new(queues: Queues) -> Self {
        Self { queues }
    }

    /// The settings of this process's clients.
    pub fn config(&self) -> Config {
        let queues = self.queues.clone();
        in_process::config(move |request| {
            let queues = queues.clone();
            async move { answer(&queues, request).await }
        })
    }

    /// The URL of a queue.
    pub fn queue_url(&self, queue: &str) -> String {
        format!("http://in-process/000000000000/{queue}")
    }
}

async fn answer(queues: &Queues, request: Request<SdkBody>) -> Response<SdkBody> {
    let (head, body) = request.into_parts();
    let target = head.headers.get("x-amz-target");
    if target.is_none_or(|target| target != "AmazonSQS.SendMessageBatch") {
        return refuse("UnsupportedOperation");
    }
    let Ok(body) = Limited::new(body, 2 * MAX_BYTES).collect().await else {
        return refuse("BatchRequestTooLong");
    };
    let Ok(batch) = serde_json::from_slice::<Batch>(&body.to_bytes()) else {
        return refuse("InvalidParameterValue");
    };
    match fault(&batch.entries) {
        Some(code) => refuse(code),
        None => send(queues, batch).await,
    }
}

fn fault(entries: &[Entry]) -> Option<&'static str> {
    let distinct: HashSet<_> = entries.iter().map(|entry| &entry.id).collect();
    let bytes = entries.iter().map(|entry| {
        let attributes = entry.message_attributes.as_ref();
        entry.message_body.len() + attributes.map_or(0, |value| value.get().len())
    });
    let code = |code: &'static str| Some(code);
    match entries.len() {
        0 => code("EmptyBatchRequest"),
        n if n > MAX_ENTRIES => code("TooManyEntriesInBatchRequest"),
        n if n > distinct.len() => code("BatchEntryIdsNotDistinct"),
        _ if bytes.sum::<usize>() > MAX_BYTES => code("BatchRequestTooLong"),
        _ => None,
    }
}

async fn send(queues: &Queues, batch: Batch) -> Response<SdkBody> {
    let name = batch.queue_url.rsplit('/').next().unwrap_or_default();
    let (ids, messages): (Vec<_>, Vec<_>) = batch.entries.into_iter().map(message).unzip();
    match queues.send(name, messages).await {
        Ok(given) => {
            let sent = ids.iter().zip(&given);
            let sent: Vec<_> = sent
                .map(|(id, given)| json!({ "Id": id, "MessageId": given }))
                .collect();
            respond(StatusCode::OK, &json!({ "Successful": sent, "Failed": [] }))
        }
        Err(error) => {
            tracing::error!(error.cause = %error, "messages were not taken");
            let code = json!({ "__type": "com.amazonaws.sqs#InternalFailure" });
            respond(StatusCode::INTERNAL_SERVER_ERROR, &code)
        }
    }
}

fn message(entry: Entry) -> (String, (String, String)) {
    let attributes = entry.message_attributes;
    let attributes = attributes.map_or_else(|| "{}".to_owned(), |value| value.get().to_owned());
    (entry.id, (entry.message_body, attributes))
}

fn refuse(code: &str) -> Response<SdkBody> {
    let code = json!({ "__type": format!("com.amazonaws.sqs#{code}"), "message": code });
    respond(StatusCode::BAD_REQUEST, &code)
}

fn respond(status: StatusCode, body: &Value) -> Response<SdkBody> {
    let mut response = Response::new(SdkBody::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, CONTENT);
    response
}
