//! The S3 endpoint: buckets are folders, objects are files, and a queue hears of
//! each new object. Only callers who sign with a key they were given get in.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use backend::dynamodb::{AccessKey, Config};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::Queues;
use crate::endpoint::Endpoint;

mod bucket;

use bucket::Bucket;

/// What is done when a file arrives, as a bucket's notification says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The bucket, which is made.
    pub bucket: &'static str,
    /// How the keys start of which is told.
    pub prefix: &'static str,
    /// How they end.
    pub suffix: &'static str,
    /// Which queue is told.
    pub queue: &'static str,
}

/// A running endpoint. Dropping it stops it.
#[derive(Debug)]
pub struct S3 {
    endpoint: Endpoint,
    service: S3Service,
    server: JoinHandle<()>,
}

impl S3 {
    /// Serves the buckets in `folder`, for this process and for whoever else has
    /// one of `keys`.
    ///
    /// # Errors
    /// When the folder cannot be used, or no loopback port can be had.
    pub async fn start(
        folder: &Path,
        notification: Notification,
        queues: Queues,
        keys: &[AccessKey],
    ) -> io::Result<Self> {
        let folder = folder.to_owned();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.join(notification.bucket))?;
        let (listener, endpoint) = Endpoint::bind().await?;
        let mut auth = SimpleAuth::new();
        for key in keys.iter().chain([&endpoint.key]) {
            auth.register(key.id.clone(), key.secret.clone().into());
        }
        let files = FileSystem::new(folder).map_err(|e| io::Error::other(format!("{e:?}")))?;
        let mut builder = S3ServiceBuilder::new(Bucket {
            files,
            notification,
            queues,
        });
        builder.set_auth(auth);
        let service = builder.build();
        Ok(Self {
            endpoint,
            server: tokio::spawn(serve(listener, service.clone())),
            service,
        })
    }

    /// How this process's clients reach it.
    pub fn config(&self) -> Config {
        self.endpoint.config()
    }

    /// The same, to be served on another port.
    pub fn objects(&self) -> Objects {
        Objects(self.service.clone())
    }
}

/// What answers for the buckets, whatever port a request came by.
#[derive(Clone, Debug)]
pub struct Objects(S3Service);

impl Objects {
    /// Answers a request of the S3 protocol.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let request = request.map(s3s::Body::http_body_unsync);
        match self.0.call(request).await {
            Ok(response) => response.map(Body::new),
            Err(error) => {
                tracing::error!(error.cause = ?error, "a bucket did not answer");
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    let mut connections = JoinSet::new();
    // A port that takes no more connections has failed for good.
    while let Ok((stream, _)) = listener.accept().await {
        let connection =
            http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
        connections.spawn(connection);
        while connections.try_join_next().is_some() {}
    }
}
