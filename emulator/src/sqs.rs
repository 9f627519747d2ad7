//! The SQS endpoint, for what sends: `SendMessageBatch` of the JSON protocol over
//! HTTP on a loopback port. What receives is in this process: an [`EventSource`].
//!
//! [`EventSource`]: crate::EventSource

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use backend::dynamodb::Config;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::Queues;
use crate::endpoint::Endpoint;

/// What SQS takes in a call, names included:
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html>.
const MAX_ENTRIES: usize = 10;
const MAX_BYTES: usize = 262_144;

/// A running endpoint. Dropping it stops it.
#[derive(Debug)]
pub struct Sqs {
    endpoint: Endpoint,
    server: JoinHandle<io::Result<()>>,
}

struct Service {
    queues: Queues,
    endpoint: Endpoint,
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
    #[serde(default)]
    message_attributes: Option<Value>,
}

impl Sqs {
    /// Starts an endpoint through which messages get into `queues`.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn start(queues: Queues) -> io::Result<Self> {
        let (listener, endpoint) = Endpoint::bind().await?;
        let service = Arc::new(Service {
            queues,
            endpoint: endpoint.clone(),
        });
        let app = Router::new().route("/", post(answer)).with_state(service);
        Ok(Self {
            endpoint,
            server: tokio::spawn(async { axum::serve(listener, app).await }),
        })
    }

    /// How clients reach it.
    pub fn config(&self) -> Config {
        self.endpoint.config()
    }

    /// The URL of a queue.
    pub fn queue_url(&self, queue: &str) -> String {
        format!("{}/000000000000/{queue}", self.endpoint.url)
    }
}

impl Drop for Sqs {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(service): State<Arc<Service>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if !service.endpoint.lets_in(&head.headers) {
        return refuse("InvalidClientTokenId");
    }
    let target = head.headers.get("x-amz-target");
    if target.is_none_or(|target| target != "AmazonSQS.SendMessageBatch") {
        return refuse("UnsupportedOperation");
    }
    let Ok(body) = to_bytes(body, 2 * MAX_BYTES).await else {
        return refuse("BatchRequestTooLong");
    };
    let Ok(batch) = serde_json::from_slice::<Batch>(&body) else {
        return refuse("InvalidParameterValue");
    };
    match fault(&batch.entries) {
        Some(code) => refuse(code),
        None => send(&service.queues, batch).await,
    }
}

fn fault(entries: &[Entry]) -> Option<&'static str> {
    let distinct: HashSet<_> = entries.iter().map(|entry| &entry.id).collect();
    let bytes = entries.iter().map(|entry| {
        let attributes = entry.message_attributes.as_ref();
        entry.message_body.len() + attributes.map_or(0, |value| value.to_string().len())
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

async fn send(queues: &Queues, batch: Batch) -> Response {
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
    let attributes = entry.message_attributes.unwrap_or_else(|| json!({}));
    (entry.id, (entry.message_body, attributes.to_string()))
}

fn refuse(code: &str) -> Response {
    let code = json!({ "__type": format!("com.amazonaws.sqs#{code}"), "message": code });
    respond(StatusCode::BAD_REQUEST, &code)
}

fn respond(status: StatusCode, body: &Value) -> Response {
    let content = [(CONTENT_TYPE, "application/x-amz-json-1.0")];
    (status, content, body.to_string()).into_response()
}
