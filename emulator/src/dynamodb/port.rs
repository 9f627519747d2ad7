//! A port for other processes, opened on request. It answers only requests that
//! are signed with its secret.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use backend::dynamodb::{AccessKey, Config};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::service::{self, Service};
use crate::{in_process, signature};

/// The access key id of its callers; the secret differs each time.
const ACCESS_KEY_ID: &str = "resume-counter";

/// An open port of a store. Dropping it closes it.
#[derive(Debug)]
pub struct Port {
    address: SocketAddr,
    key: AccessKey,
    server: JoinHandle<io::Result<()>>,
}

#[derive(Debug)]
struct Guarded {
    service: Service,
    key: AccessKey,
}

impl Port {
    pub(super) async fn open(service: Service, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let key = random_key()?;
        let app = router(service, key.clone());
        Ok(Self {
            address,
            key,
            server: tokio::spawn(async { axum::serve(listener, app).await }),
        })
    }

    /// The settings of clients in other processes.
    pub fn config(&self) -> Config {
        Config {
            endpoint: Some(format!("http://{}", self.address)),
            region: in_process::REGION.to_owned(),
            credentials: Some(self.key.clone()),
            ca_bundle: None,
            transport: None,
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A key with a new random secret.
///
/// # Errors
/// The random source's.
pub(super) fn random_key() -> io::Result<AccessKey> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(key(hex::encode(bytes)))
}

/// A key with the given secret.
pub(super) fn key(secret: String) -> AccessKey {
    AccessKey {
        id: ACCESS_KEY_ID.to_owned(),
        secret,
    }
}

/// The store for requests that are signed with `key`.
pub(super) fn router(service: Service, key: AccessKey) -> Router {
    Router::new()
        .route("/", post(answer))
        .with_state(Arc::new(Guarded { service, key }))
}

async fn answer(State(guarded): State<Arc<Guarded>>, request: Request) -> Response {
    let stranger = || {
        let sentence = "The access key is not the one of this store: use the key that \
            resume-counter printed when it started.";
        service::refuse("UnrecognizedClientException", sentence).into_response()
    };
    let (head, body) = request.into_parts();
    if !signature::names(&head, &guarded.key) {
        return stranger();
    }
    let Ok(body) = to_bytes(body, service::MAX_BODY_BYTES).await else {
        let sentence = "The body was cut off, or is too long.";
        return service::refuse("SerializationException", sentence).into_response();
    };
    if !signature::is_valid(&head, &body, &guarded.key, Timestamp::now()) {
        return stranger();
    }
    let request = Request::from_parts(head, http_body_util::Full::new(body));
    guarded
        .service
        .call(request)
        .await
        .map(axum::body::Body::new)
}
