//! The DynamoDB endpoint: the JSON protocol over HTTP on a loopback port.
//!
//! The engine's own HTTP server is not used, for it answers every caller and
//! every web page (`access-control-allow-origin: *`). This one answers only
//! callers who know the access key made at its start, and it can hold an
//! answer back until the write is on the disk.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use backend::dynamodb::Config;
use dynoxide::{Database, DynoxideError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::endpoint::Endpoint;
use crate::engine::{Durability, Engine};
use crate::operations::Operation;

/// DynamoDB's own limit for a request.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);
const CONTENT: &str = "application/x-amz-json-1.0";

/// A running store. Dropping it stops it.
#[derive(Debug)]
pub struct DynamoDb {
    endpoint: Endpoint,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
    sweeper: JoinHandle<()>,
    engine: thread::JoinHandle<()>,
}

/// Why a store did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database file is unusable.
    #[error("the database cannot be opened: {0}")]
    Open(#[from] DynoxideError),
    /// The port, the file or the random source is unusable.
    #[error(transparent)]
    Io(#[from] io::Error),
}

struct Store {
    engine: Engine,
    endpoint: Endpoint,
}

impl DynamoDb {
    /// Starts an empty store whose data ends with it.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn in_memory() -> Result<Self, StartError> {
        let database = Database::memory()?;
        let (engine, thread) = Engine::start(database.clone())?;
        Self::serve(database, engine, thread).await
    }

    /// Starts the store kept in `file`, which is made where it does not exist,
    /// for this user alone. One process at a time may use a file; the caller
    /// sees to that.
    ///
    /// # Errors
    /// When the file is no database, or cannot be read and written.
    pub async fn on_disk(file: &Path, durability: Durability) -> Result<Self, StartError> {
        // SQLite gives its other files the mode of this one.
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(file)?;
        let path = file
            .to_str()
            .ok_or_else(|| io::Error::other("the database's path is not UTF-8"))?;
        let database = Database::new(path)?;
        // Sets `PRAGMA synchronous = NORMAL`, for which the engine has no
        // other call: a commit then ends in the system's cache, which outlives
        // this process.
        database.disable_bulk_loading()?;
        let (engine, thread) = match durability {
            Durability::Process => Engine::start(database.clone())?,
            Durability::PowerLoss => Engine::start_synced(database.clone(), file)?,
        };
        Self::serve(database, engine, thread).await
    }

    async fn serve(
        database: Database,
        engine: Engine,
        thread: thread::JoinHandle<()>,
    ) -> Result<Self, StartError> {
        let (listener, endpoint) = Endpoint::bind().await?;
        let store = Arc::new(Store {
            engine,
            endpoint: endpoint.clone(),
        });
        let app = Router::new().route("/", post(answer)).with_state(store);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(async { drop(stopped.await) })
                .await
        });
        Ok(Self {
            endpoint,
            stop,
            server,
            sweeper: tokio::spawn(sweep(database)),
            engine: thread,
        })
    }

    /// How clients reach this store.
    pub fn config(&self) -> Config {
        self.endpoint.config()
    }

    /// How they reach it by another address, such as a proxy's.
    pub fn config_at(&self, endpoint: String) -> Config {
        Config {
            endpoint: Some(endpoint),
            ..self.config()
        }
    }

    /// Lets calls under way finish, then closes the database.
    pub async fn stop(self) {
        drop(self.stop);
        // Either can only have ended with a panic, which has printed itself.
        let _ = self.server.await;
        self.sweeper.abort();
        let _ = self.sweeper.await;
        let _ = tokio::task::spawn_blocking(|| self.engine.join()).await;
    }
}

/// Deletes what has expired, now and every hour; DynamoDB itself takes a few
/// days. A sweep reads whole tables, so it runs beside the calls, not among them.
async fn sweep(database: Database) {
    let mut hour = tokio::time::interval(SWEEP_INTERVAL);
    loop {
        hour.tick().await;
        let database = database.clone();
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
        if let Ok(Err(error)) = swept {
            tracing::error!(error.cause = %error, "expired items were not deleted");
        }
    }
}

async fn answer(State(store): State<Arc<Store>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let text = |name| head.headers.get(name).and_then(|v| v.to_str().ok());
    if !store.endpoint.lets_in(&head.headers) {
        return refuse(
            "UnrecognizedClientException",
            "The access key is not this store's.",
        );
    }
    let Some(operation) = text("x-amz-target").and_then(Operation::from_target) else {
        return refuse(
            "UnknownOperationException",
            "This store has no such operation.",
        );
    };
    let body = to_bytes(body, MAX_BODY_BYTES).await.ok();
    let Some(body) = body.and_then(|bytes| String::from_utf8(bytes.into()).ok()) else {
        return refuse(
            "SerializationException",
            "The body is not UTF-8, or too long.",
        );
    };
    match store.engine.run(operation, body).await {
        Ok(answer) => respond(StatusCode::OK, answer),
        Err(error) => {
            let status = StatusCode::from_u16(error.status_code());
            respond(status.unwrap_or(StatusCode::BAD_REQUEST), error.to_json())
        }
    }
}

fn refuse(code: &str, message: &str) -> Response {
    let body = serde_json::json!({
        "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
        "message": message,
    });
    respond(StatusCode::BAD_REQUEST, body.to_string())
}

fn respond(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, CONTENT)], body).into_response()
}
