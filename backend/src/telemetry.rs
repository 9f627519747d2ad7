//! The log: JSON lines on standard output, one for each request, never with a
//! body, a token, a visitor's address or a user agent.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use lambda_http::{Body, Request, RequestExt, Response};

use crate::{Error, Metric, causes, cdn, count, metrics};

/// Starts logging, and counting. CloudWatch adds the time to each line itself.
pub fn init() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_current_span(false)
        .with_span_list(false)
        .without_time()
        .init();
    metrics::init();
}

/// Awaits the answer to an event that did not come by HTTP, and logs one line
/// with its duration and its error.
///
/// # Errors
/// The answer's own. Lambda gives its sentence to whoever invoked the function.
pub async fn logged_invocation<T>(
    answer: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let started = Instant::now();
    let answer = answer.await;
    let duration_ms = started.elapsed().as_secs_f64() * 1e3;
    match &answer {
        Ok(_) => tracing::info!(duration_ms, "invocation"),
        Err(error) => tracing::info!(duration_ms, error = %causes(error), "invocation"),
    }
    answer
}

/// Runs `handle`, logs one line with the request's id, status, duration and
/// whether it was the first of this process, and counts what came of it.
pub async fn logged<F>(request: Request, handle: impl FnOnce(Request) -> F) -> Response<Body>
where
    F: Future<Output = Result<Response<Body>, Error>>,
{
    static COLD: AtomicBool = AtomicBool::new(true);
    let started = Instant::now();
    let id = request
        .lambda_context_ref()
        .map(|context| context.request_id.clone())
        .unwrap_or_default();
    let is_from_cdn = cdn::is_from(&request);
    let mut response = handle(request).await.unwrap_or_else(Error::into_response);
    tracing::info!(
        request.id = id,
        http.status = response.status().as_u16(),
        duration_ms = started.elapsed().as_secs_f64() * 1e3,
        cold_start = COLD.swap(false, Ordering::Relaxed),
        "request"
    );
    if response.status().is_client_error() {
        count(Metric::Rejected, 1);
    }
    if let Some(metric) = response.extensions_mut().remove() {
        count(metric, 1);
    }
    match is_from_cdn {
        true => cdn::hide_status(response),
        false => response,
    }
}
