//! S3 in this process: one bucket, with bytes in files and an index in a
//! database. A queue gets an event for each new object. The caller may open a
//! port, which serves [`S3::router`].

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use aws_smithy_types::body::SdkBody;
use axum::Router;
use axum::http::{Request, Response, StatusCode};
use backend::dynamodb::{AccessKey, Config};
use http_body_util::BodyExt;
use hyper::body::{Body, Bytes};
use s3s::auth::{S3Auth, SecretKey};
use s3s::host::{S3Host, VirtualHost};
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{S3Request, S3Result, s3_error};

use crate::sqlite::DatabaseError;
use crate::{Durability, Queues, in_process};

mod adopt;
mod attributes;
mod blobs;
mod bucket;
mod checksums;
mod door;
mod errors;
mod events;
mod index;
mod listing;
mod multipart;
mod objects;
mod time;

use blobs::Blobs;
use bucket::Bucket;
use index::Index;
pub(crate) use index::KIND;

/// A bucket's notification: the new objects that a queue gets events of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The bucket, the only one.
    pub bucket: &'static str,
    /// The start of the keys that are announced.
    pub prefix: &'static str,
    /// Their end, in upper or lower case.
    pub suffix: &'static str,
    /// The queue that the event goes to.
    pub queue: &'static str,
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct S3 {
    bucket: Bucket,
}

/// The origin of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    /// A function.
    Inside,
    /// A function whose role may not list the bucket.
    InsideWithoutList,
    /// Somebody with a key.
    Outside,
}

/// The database of the bucket in its folder.
pub(crate) const INDEX: &str = "index.sqlite";

/// The files of its objects, there.
pub(crate) const OBJECTS: &str = "objects";

impl S3 {
    /// Opens the bucket in `folder`, which is made if it does not exist.
    ///
    /// # Errors
    /// When the folder cannot be used, or has changed since it was left.
    pub fn open(
        folder: &Path,
        durability: Durability,
        notification: Notification,
        queues: Queues,
    ) -> Result<Self, DatabaseError> {
        let blobs = Blobs::open(folder.join(OBJECTS), durability)?;
        let index = Index::open(&folder.join(INDEX), durability)?;
        let bucket = Bucket {
            index,
            blobs,
            notification,
            queues,
            opened: index::now(),
            telling: Arc::default(),
        };
        bucket.tidy(&folder.join(notification.bucket))?;
        Ok(Self { bucket })
    }

    /// Opens a bucket whose objects are in `folder` and end with this process.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn temporary(
        folder: &Path,
        notification: Notification,
        queues: Queues,
    ) -> Result<Self, DatabaseError> {
        let bucket = Bucket {
            index: Index::in_memory()?,
            blobs: Blobs::open(folder.to_owned(), Durability::Process)?,
            notification,
            queues,
            opened: index::now(),
            telling: Arc::default(),
        };
        Ok(Self { bucket })
    }

    /// Sends the queue the events that a killed program did not.
    ///
    /// # Errors
    /// The queue's.
    pub async fn announce_rest(&self) -> Result<(), DatabaseError> {
        self.bucket.tell().await
    }

    /// The settings of this process's clients.
    pub fn config(&self) -> Config {
        let service = self.service(&[in_process::access_key(), key_without_list()]);
        in_process::config(move |request| {
            let service = service.clone();
            async move { answer(&service, request).await.map(SdkBody::from_body_1_x) }
        })
    }

    /// The same for clients that may not list the bucket. They are not told that an
    /// object is missing, as S3 tells nobody else:
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>.
    pub fn config_without_list(&self) -> Config {
        Config {
            credentials: Some(key_without_list()),
            ..self.config()
        }
    }

    /// The bucket for requests that are signed with one of `keys`.
    pub fn router(&self, keys: &[AccessKey]) -> Router {
        door::router(self.service(keys))
    }

    fn service(&self, keys: &[AccessKey]) -> S3Service {
        let mut builder = S3ServiceBuilder::new(self.bucket.clone());
        builder.set_auth(Keys(keys.to_vec()));
        builder.set_host(Host {
            bucket: self.bucket.notification.bucket,
        });
        builder.build()
    }
}

impl Bucket {
    /// Moves older files in, and removes files that are not needed.
    fn tidy(&self, older: &Path) -> Result<(), DatabaseError> {
        adopt::adopt(older, &self.index, &self.blobs)?;
        self.index.expire_uploads(self.opened)?;
        let mut needed = self.index.blobs()?;
        needed.sort_unstable();
        Ok(self.blobs.keep_only(&needed)?)
    }
}

impl Caller {
    fn from_request<T>(request: &S3Request<T>) -> Self {
        let key = request.credentials.as_ref().map(|c| c.access_key.as_str());
        match key {
            Some(key) if key == in_process::access_key().id => Self::Inside,
            Some(key) if key == key_without_list().id => Self::InsideWithoutList,
            _ => Self::Outside,
        }
    }
}

/// The key of the requests in this process that may not list the bucket.
fn key_without_list() -> AccessKey {
    AccessKey {
        id: "in-process-without-list".to_owned(),
        ..in_process::access_key()
    }
}

/// The keys of the callers that are let in.
struct Keys(Vec<AccessKey>);

#[async_trait]
impl S3Auth for Keys {
    async fn get_secret_key(&self, id: &str) -> S3Result<SecretKey> {
        let key = self.0.iter().find(|key| key.id == id);
        key.map(|key| key.secret.clone().into()).ok_or_else(|| {
            s3_error!(
                InvalidAccessKeyId,
                "The AWS Access Key Id you provided does not exist in our records: it has to be `{}`.",
                self.0.first().map_or("", |key| key.id.as_str())
            )
        })
    }
}

/// Finds the bucket's name in front of the host's, where some clients put it,
/// or else in the path.
struct Host {
    bucket: &'static str,
}

impl S3Host for Host {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        let domain = host.strip_prefix(self.bucket);
        Ok(match domain.and_then(|domain| domain.strip_prefix('.')) {
            Some(domain) => VirtualHost::new(domain).with_bucket(self.bucket),
            None => VirtualHost::new(host),
        })
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
        Ok(response) if response.status().as_u16() < 400 => response,
        Ok(refusal) => errors::with_sentence(refusal).await,
        Err(error) => {
            let error = Box::<dyn std::error::Error + Send + Sync>::from(error);
            errors::internal(&*error);
            let mut response = Response::new(s3s::Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}
