//! DynamoDB's JSON protocol, from a request to an answer, for requests from
//! this process and from a port.

use aws_smithy_types::body::SdkBody;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Request, Response, StatusCode};
use backend::dynamodb::Config;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes};
use tokio::sync::watch;

use crate::engine::{Engine, Health};
use crate::in_process;
use crate::operations::Operation;

/// DynamoDB's own limit for a request.
pub(super) const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
const CONTENT: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");

/// Answers the calls of one store; clones share it.
#[derive(Clone, Debug)]
pub struct Service {
    engine: Engine,
}

impl Service {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// The settings of this process's clients.
    pub(super) fn config(&self) -> Config {
        let service = self.clone();
        in_process::config(move |request| {
            let service = service.clone();
            async move { service.answer(request).await.map(SdkBody::from) }
        })
    }

    pub(super) fn health(&self) -> watch::Receiver<Health> {
        self.engine.health()
    }

    /// Closes the database once the calls under way are answered.
    pub(super) fn end(&self) {
        self.engine.end();
    }

    /// Answers a call, whoever made it.
    pub async fn call<B>(&self, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.answer(request).await.map(Full::from)
    }

    async fn answer<B>(&self, request: Request<B>) -> Response<String>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (head, body) = request.into_parts();
        let target = head.headers.get("x-amz-target");
        let target = target.and_then(|target| target.to_str().ok());
        let Some(operation) = target.and_then(Operation::from_target) else {
            return refuse(
                "UnknownOperationException",
                "This store has no such operation.",
            );
        };
        let body = Limited::new(body, MAX_BODY_BYTES).collect().await.ok();
        let body = body.map(|body| body.to_bytes());
        let Some(body) = body.and_then(|bytes| String::from_utf8(bytes.into()).ok()) else {
            return refuse(
                "SerializationException",
                "The body is not UTF-8, or too long.",
            );
        };
        match self.engine.run(operation, body).await {
            Ok(answer) => respond(StatusCode::OK, answer),
            Err(error) => {
                let status = StatusCode::from_u16(error.status_code());
                respond(status.unwrap_or(StatusCode::BAD_REQUEST), error.to_json())
            }
        }
    }
}

pub(super) fn refuse(code: &str, message: &str) -> Response<String> {
    let body = serde_json::json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
        "message": message,
    });
    respond(StatusCode::BAD_REQUEST, body.to_string())
}

fn respond(status: StatusCode, body: String) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, CONTENT);
    response
}
