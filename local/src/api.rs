//! The API's routes, throttled and open to the allowed origins, as
//! `template.yaml` declares them for AWS.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::any;
use backend::{message, telemetry};
use counter::Hits;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::timeout;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::{Options, gateway};

/// API Gateway takes 10 MB, a Lambda invocation 6 MB.
const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;
/// API Gateway takes 10,240 bytes of request line and headers together.
const MAX_URI_BYTES: usize = 8 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The routes of every function.
pub(crate) fn routes(options: &Options, hits: Hits) -> Router {
    let quota = Quota::per_second(options.throttle_rate).allow_burst(options.throttle_burst);
    let limiter = Arc::new(RateLimiter::direct(quota));
    Router::new()
        .route("/counter", any(counter))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(limiter, throttle))
        .layer(cors(&options.allow_origin))
        .with_state(hits)
}

async fn counter(
    State(hits): State<Hits>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    // HEAD is not GET here: API Gateway's route does not take it, and it would
    // count a hit.
    if request.method() != Method::GET {
        return method_not_allowed("GET, OPTIONS");
    }
    let (parts, body) = request.into_parts();
    if parts.uri.to_string().len() > MAX_URI_BYTES {
        return answer(StatusCode::URI_TOO_LONG, "URI Too Long");
    }
    let body = match timeout(BODY_TIMEOUT, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return answer(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"),
        Err(_) => return answer(StatusCode::REQUEST_TIMEOUT, "Request Timeout"),
    };
    match gateway::event("GET /counter", &parts, caller, &body) {
        Ok(event) => {
            let handle = |event| counter::handle(&hits, event);
            gateway::response(telemetry::logged(event, handle).await)
        }
        Err(error) => {
            tracing::error!(error.cause = %error, "a request made no event");
            answer(StatusCode::BAD_REQUEST, "Bad Request")
        }
    }
}

async fn throttle(
    State(limiter): State<Arc<DefaultDirectRateLimiter>>,
    request: Request,
    next: Next,
) -> Response {
    match limiter.check() {
        Ok(()) => next.run(request).await,
        Err(_) => answer(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
    }
}

fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().cloned())
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET])
}

/// What API Gateway answers for a route that no function has.
pub(crate) async fn not_found() -> Response {
    answer(StatusCode::NOT_FOUND, "Not Found")
}

/// What API Gateway answers for a function that broke; the panic is logged.
fn panicked(_cause: Box<dyn Any + Send>) -> Response {
    answer(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

fn method_not_allowed(allowed: &'static str) -> Response {
    let mut response = answer(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

fn answer(status: StatusCode, sentence: &str) -> Response<Body> {
    gateway::response(message(status, sentence))
}
