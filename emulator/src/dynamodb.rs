//! The DynamoDB endpoint: the JSON protocol over HTTP on a loopback port.
//!
//! The engine's own HTTP server is not used, for it answers every caller and
//! every web page (`access-control-allow-origin: *`). This one answers only
//! callers who know the access key made at its start, and it can hold an
//! answer back until the write is on the disk.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use backend::dynamodb::{AccessKey, Config};
use dynoxide::{Database, DynoxideError};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::disk::{Disk, Durability};
use crate::operations::Operation;

/// DynamoDB's own limit for a request.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
const CONTENT: &str = "application/x-amz-json-1.0";

/// A running store. Dropping it stops it.
#[derive(Debug)]
pub struct DynamoDb {
    endpoint: String,
    key: AccessKey,
    stop: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
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
    database: Database,
    disk: Option<Disk>,
    credential: String,
}

impl DynamoDb {
    /// Starts an empty store whose data ends with it.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn in_memory() -> Result<Self, StartError> {
        Self::start(Database::memory()?, None).await
    }

    /// Starts the store kept in `file`, which is made where it does not exist.
    /// One process at a time may use a file; the caller sees to that.
    ///
    /// # Errors
    /// When the file is no database, or cannot be read and written.
    pub async fn on_disk(file: &Path, durability: Durability) -> Result<Self, StartError> {
        let database = Database::new(&file.to_string_lossy())?;
        // Sets `PRAGMA synchronous = NORMAL`, for which the engine has no
        // other call: a commit then ends in the system's cache, which outlives
        // this process; `Disk` adds what outlives the machine.
        database.disable_bulk_loading()?;
        let disk = match durability {
            Durability::Process => None,
            Durability::PowerLoss => Some(Disk::open(file)?),
        };
        Self::start(database, disk).await
    }

    async fn start(database: Database, disk: Option<Disk>) -> Result<Self, StartError> {
        let key = random_key()?;
        let store = Arc::new(Store {
            database,
            disk,
            credential: format!("Credential={}/", key.id),
        });
        let app = Router::new()
            .route("/", post(answer))
            .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
            .with_state(store);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            axum::serve(listener, app)
                .with_graceful_shutdown(async { drop(stopped.await) })
                .await
        });
        Ok(Self {
            endpoint,
            key,
            stop,
            server,
        })
    }

    /// How clients reach this store.
    pub fn config(&self) -> Config {
        Config {
            endpoint: Some(self.endpoint.clone()),
            region: "eu-west-1".to_owned(),
            credentials: Some(self.key.clone()),
            ca_bundle: None,
        }
    }

    /// Lets calls under way finish, then closes the database.
    pub async fn stop(self) {
        drop(self.stop);
        // The server's only other end is a panic, which has printed itself.
        let _ = self.server.await;
    }
}

async fn answer(State(store): State<Arc<Store>>, headers: HeaderMap, body: String) -> Response {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if !text(AUTHORIZATION.as_str()).is_some_and(|a| a.contains(&store.credential)) {
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
    match operation.run(&store.database, &body) {
        Ok(answer) => {
            if let Some(disk) = store.disk.as_ref().filter(|_| operation.writes())
                && let Err(error) = disk.flush().await
            {
                return error_response(&DynoxideError::InternalServerError(error.to_string()));
            }
            respond(StatusCode::OK, answer)
        }
        Err(error) => error_response(&error),
    }
}

fn error_response(error: &DynoxideError) -> Response {
    let status = StatusCode::from_u16(error.status_code()).unwrap_or(StatusCode::BAD_REQUEST);
    respond(status, error.to_json())
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

fn random_key() -> io::Result<AccessKey> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(AccessKey {
        id: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        // Requests are signed with it, but the id alone is the secret here.
        secret: "local".to_owned(),
    })
}
