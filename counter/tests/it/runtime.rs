//! The deployed program, run as Lambda runs it:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::collections::VecDeque;
use std::future::pending;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::support::Function;

/// A function that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// The output of the program after its last event.
pub(crate) struct Run {
    /// Its standard output.
    pub(crate) log: String,
    /// Its answers, in order.
    pub(crate) answers: Vec<Value>,
}

/// The events that are left, and the answers so far.
#[derive(Default)]
struct Session {
    events: Mutex<VecDeque<String>>,
    answers: Mutex<Vec<Value>>,
    done: Notify,
}

async fn next(State(session): State<Arc<Session>>) -> Response {
    let Some(event) = session.events.lock().unwrap().pop_front() else {
        session.done.notify_one();
        return pending().await;
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + PATIENCE;
    let deadline = deadline.as_millis().to_string();
    let headers = [
        ("lambda-runtime-aws-request-id", "1".to_owned()),
        ("lambda-runtime-deadline-ms", deadline),
    ];
    (headers, event).into_response()
}

async fn answer(State(session): State<Arc<Session>>, body: String) -> StatusCode {
    let answer = serde_json::from_str(&body).unwrap();
    session.answers.lock().unwrap().push(answer);
    StatusCode::ACCEPTED
}

/// Gives each of `events` once to the program, which works on the function's store
/// and has these more `variables`.
pub(crate) async fn run(function: &Function, events: &[String], variables: &[(&str, &str)]) -> Run {
    let session = Arc::new(Session {
        events: Mutex::new(VecDeque::from(events.to_vec())),
        ..Session::default()
    });
    let app = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(answer))
        .with_state(session.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let runtime = listener.local_addr().unwrap().to_string();
    tokio::spawn(axum::serve(listener, app).into_future());

    let port = function.store.listen().await.unwrap();
    let config = port.config();
    let key = config.credentials.unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_counter"))
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", runtime)
        .env("AWS_LAMBDA_FUNCTION_NAME", "counter")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .env("AWS_REGION", config.region)
        .env("AWS_ACCESS_KEY_ID", key.id)
        .env("AWS_SECRET_ACCESS_KEY", key.secret)
        .env("DYNAMODB_ENDPOINT", config.endpoint.unwrap())
        .env("DYNAMODB_TABLE", crate::support::TABLE)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let done = tokio::time::timeout(PATIENCE, session.done.notified()).await;
    process.kill().unwrap();
    let output = process.wait_with_output().unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    assert!(done.is_ok(), "{log}");
    let answers = session.answers.lock().unwrap().clone();
    Run { log, answers }
}
