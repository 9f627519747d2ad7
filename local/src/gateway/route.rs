//! A route of the API: what API Gateway does around a function, and in which
//! order. What can be refused without its body is.

use std::any::Any;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{self, ConnectInfo, Request, State};
use axum::http::header::ALLOW;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::any;
use backend::{Error, message, request, telemetry};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use http_body_util::LengthLimitError;
use tower_http::catch_panic::CatchPanicLayer;

use super::door::Door;
use super::event;
use super::upload::TooSlow;
use crate::stack::{Caller, Route};

/// API Gateway takes 10,240 bytes of request line and headers together.
const MAX_URI_BYTES: usize = 8 * 1024;

type Answer = Result<lambda_http::Response<lambda_http::Body>, Error>;
type Handler =
    dyn Fn(lambda_http::Request) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync;

/// A function's `handle`, with what it works with.
#[derive(Clone)]
pub(crate) struct Function(Arc<Handler>);

impl Function {
    pub(crate) fn new<F>(handle: impl Fn(lambda_http::Request) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        Self(Arc::new(move |request| Box::pin(handle(request))))
    }
}

/// A path, and what each of its methods may be called.
#[derive(Clone)]
struct Path {
    door: Door,
    calls: Arc<[(Route, DefaultDirectRateLimiter)]>,
    function: Function,
}

/// `routes`, which are of one path, in front of `function`.
pub(crate) fn route(door: &Door, routes: &[&Route], function: &Function) -> Router {
    // Each method has a limit of its own, so that who posts a lot does not keep
    // the owner from reading.
    let limited = |route: &&Route| ((*route).clone(), RateLimiter::direct(door.quota));
    Router::new()
        .route(&pattern(routes[0].path), any(invoke))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(Path {
            door: door.clone(),
            calls: routes.iter().map(limited).collect(),
            function: function.clone(),
        })
}

/// A path as axum has it: API Gateway's `{name+}`, the rest of a path, is `{*name}`.
pub(super) fn pattern(path: &str) -> String {
    match path
        .strip_suffix("+}")
        .and_then(|path| path.rsplit_once('{'))
    {
        Some((start, name)) => format!("{start}{{*{name}}}"),
        None => path.to_owned(),
    }
}

async fn invoke(
    State(path): State<Path>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    path_parameters: Result<Option<extract::Path<HashMap<String, String>>>, PathRejection>,
    request: Request,
) -> Response {
    // HEAD is not GET here: API Gateway's route does not take it, and it would
    // count a hit.
    let mut calls = path.calls.iter();
    let Some((route, limiter)) = calls.find(|(route, _)| route.method == request.method()) else {
        return method_not_allowed(&path.calls);
    };
    // Whoever is not let in uses up nothing of what the owner may ask.
    if route.caller == Caller::Owner
        && let Some(refusal) = path.door.refuse(caller, request.headers())
    {
        return event::response(refusal);
    }
    if limiter.check().is_err() {
        return answer(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    }
    let Ok(path_parameters) = path_parameters else {
        return answer(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let path_parameters = path_parameters.map_or_else(HashMap::new, |extract::Path(values)| values);
    let (mut parts, body) = request.into_parts();
    if parts
        .uri
        .path_and_query()
        .map_or(0, |uri| uri.as_str().len())
        > MAX_URI_BYTES
    {
        return answer(StatusCode::URI_TOO_LONG, "URI Too Long");
    }
    let body = match route.max_body {
        0 => Bytes::new(),
        limit => match read(&parts, body, limit).await {
            Ok(body) => body,
            Err(refusal) => return event::response(refusal),
        },
    };
    path.door.viewer.mark(&mut parts.headers, caller.ip());
    let key = format!("{} {}", parts.method, route.path);
    let event = event::event(&key, path_parameters, parts, caller, body);
    event::response(telemetry::logged(event, &*path.function.0).await)
}

/// The body, once its length and type are known to be right.
async fn read(
    parts: &Parts,
    body: Body,
    limit: usize,
) -> Result<Bytes, lambda_http::Response<lambda_http::Body>> {
    let announced = body.size_hint().lower();
    request::check_length(announced, limit).map_err(Error::into_response)?;
    request::check_type(&parts.headers).map_err(Error::into_response)?;
    to_bytes(body, limit).await.map_err(|error| {
        if is_caused_by::<LengthLimitError>(&error) {
            let sentence = format!("The body is too long: at most {limit} bytes are taken.");
            return Error::PayloadTooLarge(sentence).into_response();
        }
        match is_caused_by::<TooSlow>(&error) {
            true => message(StatusCode::REQUEST_TIMEOUT, "Request Timeout"),
            // Chunks without lengths, say.
            false => message(StatusCode::BAD_REQUEST, "Bad Request"),
        }
    })
}

fn is_caused_by<E: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// API Gateway's answer for a route that no function has.
pub(crate) async fn not_found() -> Response {
    answer(StatusCode::NOT_FOUND, "Not Found")
}

/// API Gateway's answer for a function that broke; the panic is logged.
fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    answer(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn method_not_allowed(calls: &[(Route, DefaultDirectRateLimiter)]) -> Response {
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    let allowed: Vec<_> = calls
        .iter()
        .map(|(route, _)| route.method.as_str())
        .collect();
    let allowed = HeaderValue::try_from(format!("{}, OPTIONS", allowed.join(", ")));
    if let Ok(allowed) = allowed {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn answer(status: StatusCode, sentence: &str) -> Response<Body> {
    event::response(message(status, sentence))
}
