//! API Gateway's part between HTTP and a function: a request becomes an
//! event of payload format 2.0, an answer becomes a response.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use backend::event;
use lambda_http::aws_lambda_events::apigw::{
    ApiGatewayV2httpRequest, ApiGatewayV2httpRequestContext,
};
use lambda_http::{Context, Request, RequestExt};

/// The event as its function sees it.
pub(crate) fn event(
    route: &str,
    path_parameters: HashMap<String, String>,
    parts: Parts,
    caller: SocketAddr,
    body: Bytes,
) -> Request {
    static REQUESTS: AtomicU64 = AtomicU64::new(1);
    let id = format!("local-{}", REQUESTS.fetch_add(1, Ordering::Relaxed));
    let mut lambda = Context::default();
    lambda.request_id.clone_from(&id);

    let mut event = ApiGatewayV2httpRequest::default();
    event.version = Some("2.0".to_owned());
    event.route_key = Some(route.to_owned());
    event.raw_path = Some(parts.uri.path().to_owned());
    event.raw_query_string = Some(parts.uri.query().unwrap_or_default().to_owned());
    event.request_context = context(route, id, &parts, caller);
    event.headers = headers(&parts.headers);
    event.path_parameters = path_parameters;

    let mut request = event::request(event);
    // What is no text would travel in Base64, and arrive as bytes.
    *request.body_mut() = match String::from_utf8(body.into()) {
        Ok(text) => lambda_http::Body::Text(text),
        Err(error) => lambda_http::Body::Binary(error.into_bytes()),
    };
    request.with_lambda_context(lambda)
}

fn context(
    route: &str,
    id: String,
    parts: &Parts,
    caller: SocketAddr,
) -> ApiGatewayV2httpRequestContext {
    let epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut context = ApiGatewayV2httpRequestContext::default();
    context.account_id = Some("local".to_owned());
    context.apiid = Some("local".to_owned());
    context.domain_name = Some("localhost".to_owned());
    context.domain_prefix = Some("localhost".to_owned());
    context.request_id = Some(id);
    context.route_key = Some(route.to_owned());
    context.stage = Some("$default".to_owned());
    context.time_epoch = epoch.map_or(0, |since| since.as_millis() as i64);
    context.http.method = parts.method.clone();
    context.http.path = Some(parts.uri.path().to_owned());
    context.http.protocol = Some("HTTP/1.1".to_owned());
    context.http.source_ip = Some(caller.ip().to_string());
    context.http.user_agent = parts.headers.get(USER_AGENT).map(text);
    context
}

/// Values that come more than once are joined by commas. The format carries
/// cookies apart from the headers; no function reads any.
fn headers(headers: &HeaderMap) -> HeaderMap {
    let names = headers.keys().filter(|name| **name != COOKIE);
    names
        .filter_map(|name| Some((name.clone(), joined(headers, name)?)))
        .collect()
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<HeaderValue> {
    let values: Vec<_> = headers.get_all(name).iter().map(text).collect();
    HeaderValue::try_from(values.join(",")).ok()
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
