//! What API Gateway does between HTTP and a function: a request becomes an
//! event of payload format 2.0, an answer becomes a response.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use backend::event;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lambda_http::{Context, Request, RequestExt};
use serde_json::{Map, Value, json};

/// The event as its function sees it.
///
/// # Errors
/// When the parts make no valid event.
pub(crate) fn event(
    route: &str,
    path_parameters: &HashMap<String, String>,
    parts: &Parts,
    caller: SocketAddr,
    body: &[u8],
) -> serde_json::Result<Request> {
    static REQUESTS: AtomicU64 = AtomicU64::new(1);
    let id = format!("local-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    // What is no text travels in Base64, as API Gateway sends it.
    let (body, is_base64) = match str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (STANDARD.encode(body), true),
    };
    let event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": parts.uri.path(),
        "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers(&parts.headers),
        "pathParameters": path_parameters,
        "requestContext": {
            "accountId": "local",
            "apiId": "local",
            "domainName": "localhost",
            "domainPrefix": "localhost",
            "http": {
                "method": parts.method.as_str(),
                "path": parts.uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": caller.ip().to_string(),
                "userAgent": parts.headers.get(USER_AGENT).map(text).unwrap_or_default(),
            },
            "requestId": id,
            "routeKey": route,
            "stage": "$default",
            "timeEpoch": epoch.map_or(0, |t| t.as_millis() as u64),
        },
        "body": body,
        "isBase64Encoded": is_base64,
    });
    let mut context = Context::default();
    context.request_id = id;
    Ok(event::parse(&event.to_string())?.with_lambda_context(context))
}

/// Names in lower case, values that come more than once joined by commas. The
/// format carries cookies apart from the headers; no function reads any.
fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut joined = Map::new();
    for name in headers.keys().filter(|name| **name != COOKIE) {
        let values: Vec<_> = headers.get_all(name).iter().map(text).collect();
        joined.insert(name.to_string(), values.join(",").into());
    }
    joined
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// The function's answer on the wire.
pub(crate) fn response(answer: lambda_http::Response<lambda_http::Body>) -> Response {
    answer.map(|body| match body {
        lambda_http::Body::Empty => Body::empty(),
        lambda_http::Body::Text(text) => Body::from(text),
        lambda_http::Body::Binary(bytes) => Body::from(bytes),
        // The type may grow; an answer of ours is one of the above.
        _ => Body::empty(),
    })
}
