//! S3 in this process: buckets are folders, objects are files, and a queue hears
//! of each new object. A port is the caller's to open; [`S3::router`] is what it
//! serves.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::http::{Request, Response, StatusCode};
use backend::dynamodb::{AccessKey, Config};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;

use crate::{Queues, in_process};

mod bucket;
mod door;

use bucket::Bucket;

/// What is done when a file arrives, as a bucket's notification says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The bucket, which is made.
    pub bucket: &'static str,
    /// The start of the keys that are announced.
    pub prefix: &'static str,
    /// Their end, in capital or small letters.
    pub suffix: &'static str,
    /// The queue that the event goes to.
    pub queue: &'static str,
}

/// The buckets of a folder.
#[derive(Clone, Debug)]
pub struct S3 {
    bucket: Bucket,
}

impl S3 {
    /// Opens the buckets in `folder`, which are made where they are not there.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn open(folder: &Path, notification: Notification, queues: Queues) -> io::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder.join(notification.bucket))?;
        let files = FileSystem::new(folder).map_err(|e| io::Error::other(format!("{e:?}")))?;
        let files = Arc::new(files);
        let bucket = Bucket {
            files,
            notification,
            queues,
        };
        Ok(Self { bucket })
    }

    /// The settings of this process's clients.
    pub fn config(&self) -> Config {
        let service = self.service(&[in_process::access_key()]);
        in_process::config(move |request| {
            let service = service.clone();
            async move { answer(&service, request).await.map(SdkBody::from_body_1_x) }
        })
    }

    /// The buckets for whoever has one of `keys`.
    pub fn router(&self, keys: &[AccessKey]) -> Router {
        door::router(self.service(keys))
    }

    fn service(&self, keys: &[AccessKey]) -> S3Service {
        let mut auth = SimpleAuth::new();
        for key in keys {
            auth.register(key.id.clone(), key.secret.clone().into());
        }
        let mut builder = S3ServiceBuilder::new(self.bucket.clone());
        builder.set_auth(auth);
        builder.build()
    }
}

/// Answers a request of the S3 protocol.
async fn answer<B>(service: &S3Service, request: Request<B>) -> Response<s3s::Body>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let request = request.map(|body| s3s::Body::http_body_unsync(body.map_err(Into::into)));
    match service.call(request).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(error.cause = ?error, "a bucket did not answer");
            let mut response = Response::new(s3s::Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}
