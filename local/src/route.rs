//! A route of the API: what API Gateway does around a function.

use std::any::Any;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::rejection::PathRejection;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use backend::{Error, message, telemetry};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;

use crate::{Options, gateway};

/// API Gateway takes 10 MB, a Lambda invocation 6 MB.
const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;
/// API Gateway takes 10,240 bytes of request line and headers together.
const MAX_URI_BYTES: usize = 8 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

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
struct Route {
    path: &'static str,
    methods: Arc<[(Method, DefaultDirectRateLimiter)]>,
    function: Function,
}

/// The routes of `methods` under `path`, which lead to `function`.
pub(crate) fn route(
    options: &Options,
    path: &'static str,
    methods: impl Iterator<Item = Method>,
    function: &Function,
) -> Router {
    let quota = Quota::per_second(options.throttle_rate).allow_burst(options.throttle_burst);
    // Each method has a limit of its own, so that who posts a lot does not keep
    // the owner from reading.
    let limited = |method| (method, RateLimiter::direct(quota));
    Router::new()
        .route(path, any(invoke))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(Route {
            path,
            methods: methods.map(limited).collect(),
            function: function.clone(),
        })
}

async fn invoke(
    State(route): State<Route>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    path_parameters: Result<Option<Path<HashMap<String, String>>>, PathRejection>,
    request: Request,
) -> Response {
    // HEAD is not GET here: API Gateway's route does not take it, and it would
    // count a hit.
    let mut methods = route.methods.iter();
    let Some((_, limiter)) = methods.find(|method| method.0 == request.method()) else {
        return method_not_allowed(&route.methods);
    };
    if limiter.check().is_err() {
        return answer(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
    }
    let Ok(path_parameters) = path_parameters else {
        return answer(StatusCode::BAD_REQUEST, "Bad Request");
    };
    let path_parameters = path_parameters.map_or_else(HashMap::new, |Path(values)| values);
    let (parts, body) = request.into_parts();
    if parts.uri.to_string().len() > MAX_URI_BYTES {
        return answer(StatusCode::URI_TOO_LONG, "URI Too Long");
    }
    let body = match timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return answer(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"),
        Err(_) => return answer(StatusCode::REQUEST_TIMEOUT, "Request Timeout"),
    };
    let key = format!("{} {}", parts.method, route.path);
    match gateway::event(&key, &path_parameters, &parts, caller, &body) {
        Ok(event) => gateway::response(telemetry::logged(event, &*route.function.0).await),
        Err(error) => {
            tracing::error!(error.cause = %error, "a request made no event");
            answer(StatusCode::BAD_REQUEST, "Bad Request")
        }
    }
}

/// What API Gateway answers for a route that no function has.
pub(crate) async fn not_found() -> Response {
    answer(StatusCode::NOT_FOUND, "Not Found")
}

/// What API Gateway answers for a function that broke; the panic is logged.
fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    answer(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn method_not_allowed(methods: &[(Method, DefaultDirectRateLimiter)]) -> Response {
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    let allowed: Vec<_> = methods.iter().map(|method| method.0.as_str()).collect();
    let allowed = HeaderValue::try_from(format!("{}, OPTIONS", allowed.join(", ")));
    if let Ok(allowed) = allowed {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn answer(status: StatusCode, sentence: &str) -> Response<Body> {
    gateway::response(message(status, sentence))
}
