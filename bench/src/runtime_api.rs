//! An emulator of the Lambda Runtime API. It hands one event to a function a
//! fixed number of times, and notes the times of its calls:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::Result;
use crate::process::{Clock, Moment};

/// The function's time-out, which it is told as a deadline.
const TIMEOUT: Duration = Duration::from_secs(3);
/// A function that has not finished its calls by then never will.
const PATIENCE: Duration = Duration::from_secs(120);

/// The calls of a function, in order.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The times it asked for an event.
    pub(crate) polls: Vec<Moment>,
    /// The times an event left for it.
    pub(crate) handed: Vec<Moment>,
    /// The times it answered.
    pub(crate) answered: Vec<Moment>,
    /// Its answers.
    pub(crate) bodies: Vec<String>,
    failure: Option<String>,
}

/// The API for one process.
pub(crate) struct RuntimeApi {
    session: Arc<Session>,
    server: JoinHandle<std::io::Result<()>>,
}

struct Session {
    clock: Clock,
    event: String,
    calls: usize,
    record: Mutex<Timeline>,
    done: Notify,
}

impl RuntimeApi {
    /// Serves the process of `clock` on `listener`: `event`, so many times.
    pub(crate) fn serve(listener: TcpListener, clock: Clock, event: String, calls: usize) -> Self {
        let session = Arc::new(Session {
            clock,
            event,
            calls,
            record: Mutex::default(),
            done: Notify::new(),
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(respond),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(fail))
            .route("/2018-06-01/runtime/init/error", post(fail))
            .with_state(session.clone());
        let listener = listener.tap_io(|stream| {
            // Only a delay is at stake.
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(axum::serve(listener, app).into_future());
        Self { session, server }
    }

    /// Waits until the function has answered all calls and asks for the next.
    ///
    /// # Errors
    /// The function's own, and silence.
    pub(crate) async fn finish(self) -> Result<Timeline> {
        let finished = tokio::time::timeout(PATIENCE, self.session.done.notified()).await;
        self.server.abort();
        let mut record = std::mem::take(&mut *self.session.record());
        if let Some(failure) = record.failure.take() {
            return Err(failure.into());
        }
        finished.map_err(|_| format!("the function was silent for {PATIENCE:?}"))?;
        Ok(record)
    }
}

impl Session {
    fn record(&self) -> MutexGuard<'_, Timeline> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, reason: String) -> StatusCode {
        self.record().failure.get_or_insert(reason);
        self.done.notify_one();
        StatusCode::ACCEPTED
    }

    fn read_clock(&self) -> Result<Moment, StatusCode> {
        self.clock
            .read()
            .map_err(|error| self.fail(error.to_string()))
    }
}

async fn next(State(session): State<Arc<Session>>) -> Result<Response, StatusCode> {
    let now = session.read_clock()?;
    let number = {
        let mut record = session.record();
        record.polls.push(now);
        record.polls.len()
    };
    if number > session.calls {
        session.done.notify_one();
        return pending().await;
    }
    let deadline = SystemTime::now() + TIMEOUT;
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap_or_default();
    let headers = [
        ("content-type", "application/json".to_owned()),
        (
            "lambda-runtime-aws-request-id",
            format!("00000000-0000-4000-8000-{number:012}"),
        ),
        (
            "lambda-runtime-deadline-ms",
            deadline.as_millis().to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:bench".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0".to_owned(),
        ),
    ];
    let response = (headers, session.event.clone()).into_response();
    let now = session.read_clock()?;
    session.record().handed.push(now);
    Ok(response)
}

async fn respond(
    State(session): State<Arc<Session>>,
    body: String,
) -> Result<StatusCode, StatusCode> {
    let now = session.read_clock()?;
    let mut record = session.record();
    record.answered.push(now);
    record.bodies.push(body);
    Ok(StatusCode::ACCEPTED)
}

async fn fail(State(session): State<Arc<Session>>, body: String) -> StatusCode {
    session.fail(format!("the function failed: {body}"))
}
