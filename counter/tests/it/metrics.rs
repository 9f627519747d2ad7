//! What the deployed program prints for CloudWatch to count, run as Lambda runs it:
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::collections::VecDeque;
use std::future::pending;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::support::{Function, event};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A function that has not answered by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// Serves the runtime API on a free port and gives each event once. Tells when
/// all are answered.
async fn serve(events: &[String]) -> (String, Arc<Notify>) {
    let answered = Arc::new(Notify::new());
    let queue = Arc::new(Mutex::new(VecDeque::from(events.to_vec())));
    let done = answered.clone();
    let next = async move |State(queue): State<Arc<Mutex<VecDeque<String>>>>| -> Response {
        let Some(event) = queue.lock().unwrap().pop_front() else {
            done.notify_one();
            return pending().await;
        };
        let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + PATIENCE;
        let headers = [
            ("lambda-runtime-aws-request-id", "1".to_owned()),
            (
                "lambda-runtime-deadline-ms",
                deadline.as_millis().to_string(),
            ),
        ];
        (headers, event).into_response()
    };
    let app = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/response",
            post(StatusCode::ACCEPTED),
        )
        .with_state(queue);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(axum::serve(listener, app).into_future());
    (address, answered)
}

/// The lines of the log that are metrics, without their times.
fn metrics(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line.get("_aws").is_some())
        .map(|mut line| {
            let time = line["_aws"]["Timestamp"].take();
            assert!(
                time.as_u64() > Some(1_700_000_000_000),
                "in milliseconds: {time}"
            );
            line
        })
        .collect()
}

fn metric(name: &str) -> Value {
    json!({
        "_aws": {
            "Timestamp": null,
            "CloudWatchMetrics": [{
                "Namespace": "resume-counter",
                "Dimensions": [[]],
                "Metrics": [{ "Name": name, "Unit": "Count" }],
            }],
        },
        name: 1,
    })
}

#[tokio::test]
async fn a_start_a_hit_and_a_rejected_request_are_counted_and_a_read_is_not() {
    let function = Function::start().await;
    let port = function.store.listen().await.unwrap();
    let config = port.config();
    let key = config.credentials.unwrap();
    let queries = ["path=example.com/", "path=example.com/&mode=read", ""];
    let (runtime, answered) = serve(&queries.map(event)).await;
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
        .env("METRICS_NAMESPACE", "resume-counter")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let answered = tokio::time::timeout(PATIENCE, answered.notified()).await;
    process.kill().unwrap();
    let output = process.wait_with_output().unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    assert!(answered.is_ok(), "{log}");
    assert_eq!(
        metrics(&log),
        ["ColdStarts", "Hits", "Rejected"].map(metric)
    );
}
