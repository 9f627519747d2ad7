//! The outcome of a file, as an object in the bucket: it is written when the file's
//! last row is through, and again when dead letters of it are.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use serde::{Deserialize, Serialize};

use crate::log::Load;
use crate::split::SplitError;
use crate::{Log, keys, version};

/// The numbers of a file's rows; `read` is the sum of the four below it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Loaded {
    /// The file's key in its bucket.
    pub file: String,
    /// The time at which it was put, by the bucket's clock.
    pub uploaded: String,
    /// Its version among all files: no other load has it.
    pub version: String,
    /// The tag of the content that was read.
    pub etag: String,
    /// Rows of the file.
    pub read: u64,
    /// Rows that were new to the table.
    pub stored: u64,
    /// Rows that the table had already, or something newer.
    pub already_there: u64,
    /// Rows in the report.
    pub refused: u64,
    /// Rows that could not be stored, which are in the queue of dead letters.
    pub dead: u64,
    /// The report's key, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Notes on what was guessed or left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The reason why no row of the file was read. Where it is the bucket's or the queue's,
    /// the file is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Puts the object for a load whose rows are all through.
pub(crate) async fn publish(log: &Log, s3: &Client, load: &str) -> Result<(), SplitError> {
    let (bucket, loaded) = log.sum(load).await?;
    let Some(name) = keys::name(&loaded.file) else {
        return Ok(());
    };
    put(s3, &bucket, name, &loaded)
        .await
        .map_err(|error| SplitError::Bucket(error.into()))
}

/// Puts the object for a file that was not read.
pub(crate) async fn publish_error(
    s3: &Client,
    load: &Load,
    name: &str,
    error: String,
) -> Result<(), SdkError<PutObjectError>> {
    let loaded = Loaded {
        file: load.key.clone(),
        uploaded: version::at(load.uploaded),
        error: Some(error),
        ..Loaded::default()
    };
    put(s3, &load.bucket, name, &loaded).await
}

async fn put(
    s3: &Client,
    bucket: &str,
    name: &str,
    loaded: &Loaded,
) -> Result<(), SdkError<PutObjectError>> {
    let text = serde_json::to_vec_pretty(loaded).unwrap_or_default();
    let put = s3.put_object().bucket(bucket).key(keys::loaded(name));
    let put = put.content_type("application/json").body(text.into());
    put.send().await.map(drop)
}
