//! The operations in use, which the file system does, and the notification that
//! follows a new object.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, GetBucketLocationInput, GetBucketLocationOutput,
    GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput,
    HeadObjectOutput, ListBucketsInput, ListBucketsOutput, ListObjectsV2Input, ListObjectsV2Output,
    PutObjectInput, PutObjectOutput, Timestamp, TimestampFormat, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use s3s_fs::FileSystem;
use serde_json::json;

use super::Notification;
use crate::Queues;

#[derive(Clone)]
pub(super) struct Bucket {
    pub(super) files: Arc<FileSystem>,
    pub(super) notification: Notification,
    pub(super) queues: Queues,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket")
            .field("notification", &self.notification)
            .finish_non_exhaustive()
    }
}

type Answer<T> = S3Result<S3Response<T>>;

#[async_trait]
impl S3 for Bucket {
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let answer = self.files.put_object(request).await?;
        self.notify(&bucket, &key).await?;
        Ok(answer)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let answer = self.files.complete_multipart_upload(request).await?;
        self.notify(&bucket, &key).await?;
        Ok(answer)
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> Answer<CreateMultipartUploadOutput> {
        self.files.create_multipart_upload(request).await
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        self.files.upload_part(request).await
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> Answer<AbortMultipartUploadOutput> {
        self.files.abort_multipart_upload(request).await
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        self.files.get_object(request).await
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        self.files.head_object(request).await
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> Answer<DeleteObjectOutput> {
        self.files.delete_object(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> Answer<ListObjectsV2Output> {
        self.files.list_objects_v2(request).await
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        self.files.head_bucket(request).await
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> Answer<ListBucketsOutput> {
        self.files.list_buckets(request).await
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> Answer<GetBucketLocationOutput> {
        self.files.get_bucket_location(request).await
    }
}

impl Bucket {
    /// Puts the event into the queue before the upload is answered, so that no
    /// file which was taken is forgotten.
    async fn notify(&self, bucket: &str, key: &str) -> S3Result<()> {
        let told = self.notification;
        if bucket != told.bucket || !key.starts_with(told.prefix) || !key.ends_with(told.suffix) {
            return Ok(());
        }
        let mut time = Vec::new();
        let formatted =
            Timestamp::from(SystemTime::now()).format(TimestampFormat::DateTime, &mut time);
        formatted.map_err(|error| internal(&error))?;
        let event = json!({
            "Records": [{
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "eu-west-1",
                "eventTime": String::from_utf8_lossy(&time),
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "bucket": { "name": bucket },
                    "object": { "key": form_encoded(key) },
                },
            }],
        });
        let message = (event.to_string(), "{}".to_owned());
        let sent = self.queues.send(told.queue, vec![message]).await;
        sent.map(drop).map_err(|error| internal(&error))
    }
}

/// As S3 writes keys in its events.
fn form_encoded(key: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*/".contains(&byte);
    let encode = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if plain(byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    key.bytes().map(encode).collect()
}

fn internal(error: &dyn std::error::Error) -> S3Error {
    tracing::error!(error.cause = %error, "a new object was not announced");
    S3Error::new(S3ErrorCode::InternalError)
}
