//! JSON answers, in the one shape every function and the local gateway give.

use lambda_http::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;
use shared::Message;

/// `body` as JSON. No answer of an API may be kept by a cache.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    let text = serde_json::to_string(body).expect("wire structs serialize");
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One sentence for the client, in the error envelope.
pub fn message(status: StatusCode, sentence: &str) -> Response<Body> {
    json(
        status,
        &Message {
            message: sentence.to_owned(),
        },
    )
}
