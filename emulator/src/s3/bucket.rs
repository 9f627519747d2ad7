//! The operations of the one bucket; each calls the module that does the work.

use std::sync::Arc;

use async_trait::async_trait;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, BucketLocationConstraint,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput,
    CreateBucketInput, CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
    GetBucketLocationInput, GetBucketLocationOutput, GetBucketVersioningInput,
    GetBucketVersioningOutput, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput,
    HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput,
    ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsInput, ListObjectsOutput,
    ListObjectsV2Input, ListObjectsV2Output, ListPartsInput, ListPartsOutput, PutObjectInput,
    PutObjectOutput, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};
use tokio::sync::Mutex;

use super::blobs::Blobs;
use super::index::Index;
use super::{Caller, Notification, listing, time};
use crate::{Queues, in_process};

#[derive(Clone, Debug)]
pub(super) struct Bucket {
    pub(super) index: Index,
    pub(super) blobs: Blobs,
    pub(super) notification: Notification,
    pub(super) queues: Queues,
    /// The time it was opened, in milliseconds since 1970.
    pub(super) opened: i64,
    /// Locked while events are sent to the queue.
    pub(super) telling: Arc<Mutex<()>>,
}

impl Bucket {
    /// Refuses every other bucket.
    pub(super) fn is_ours(&self, bucket: &str) -> S3Result<()> {
        match bucket == self.notification.bucket {
            true => Ok(()),
            false => Err(s3_error!(
                NoSuchBucket,
                "The specified bucket does not exist. The only one is {}.",
                self.notification.bucket
            )),
        }
    }

    /// Refuses a caller's file under a key where nothing would read it.
    fn has_its_place<T>(&self, request: &S3Request<T>, key: &str) -> S3Result<()> {
        match Caller::from_request(request) {
            Caller::Outside => self.notification.refuse_misplaced(key),
            Caller::Inside | Caller::InsideWithoutList => Ok(()),
        }
    }
}

type Answer<T> = S3Result<S3Response<T>>;

/// Hides from a caller that may not list objects that one is missing.
fn told<T>(caller: Caller, found: S3Result<T>) -> S3Result<T> {
    found.map_err(|error| match error.code() {
        S3ErrorCode::NoSuchKey if caller == Caller::InsideWithoutList => {
            s3_error!(AccessDenied, "Access Denied")
        }
        _ => error,
    })
}

fn answer<T>(output: T) -> Answer<T> {
    Ok(S3Response::new(output))
}

#[async_trait]
impl S3 for Bucket {
    async fn put_object(&self, request: S3Request<PutObjectInput>) -> Answer<PutObjectOutput> {
        self.is_ours(&request.input.bucket)?;
        self.has_its_place(&request, &request.input.key)?;
        answer(self.put(request).await?)
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> Answer<GetObjectOutput> {
        self.is_ours(&request.input.bucket)?;
        let caller = Caller::from_request(&request);
        answer(told(caller, self.get(request.input).await)?)
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> Answer<HeadObjectOutput> {
        let caller = Caller::from_request(&request);
        let input = request.input;
        self.is_ours(&input.bucket)?;
        let input = GetObjectInput {
            key: input.key,
            range: input.range,
            checksum_mode: input.checksum_mode,
            if_match: input.if_match,
            if_none_match: input.if_none_match,
            if_modified_since: input.if_modified_since,
            if_unmodified_since: input.if_unmodified_since,
            response_content_type: input.response_content_type,
            ..GetObjectInput::default()
        };
        answer(told(caller, self.head(input).await)?)
    }

    async fn copy_object(&self, request: S3Request<CopyObjectInput>) -> Answer<CopyObjectOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.copy(request.input).await?)
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> Answer<DeleteObjectOutput> {
        self.is_ours(&request.input.bucket)?;
        self.delete(vec![request.input.key]).await?;
        answer(DeleteObjectOutput::default())
    }

    async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> Answer<DeleteObjectsOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.delete_many(request.input).await?)
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> Answer<ListObjectsOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(listing::list_v1(&self.index, request.input).await?)
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> Answer<ListObjectsV2Output> {
        self.is_ours(&request.input.bucket)?;
        answer(listing::list_v2(&self.index, request.input).await?)
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> Answer<CreateMultipartUploadOutput> {
        self.is_ours(&request.input.bucket)?;
        self.has_its_place(&request, &request.input.key)?;
        answer(self.create_upload(request.input).await?)
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> Answer<UploadPartOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.upload(request).await?)
    }

    async fn upload_part_copy(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> Answer<UploadPartCopyOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.upload_copy(request.input).await?)
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> Answer<CompleteMultipartUploadOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.complete(request.input).await?)
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> Answer<AbortMultipartUploadOutput> {
        let input = request.input;
        self.is_ours(&input.bucket)?;
        self.abort(&input.upload_id, &input.key).await?;
        answer(AbortMultipartUploadOutput::default())
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> Answer<ListPartsOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(Bucket::list_parts(self, request.input).await?)
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> Answer<ListMultipartUploadsOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(self.list_uploads(request.input).await?)
    }

    /// Answers that the bucket exists, as some clients make it before they put.
    async fn create_bucket(
        &self,
        request: S3Request<CreateBucketInput>,
    ) -> Answer<CreateBucketOutput> {
        let bucket = request.input.bucket;
        if bucket != self.notification.bucket {
            return Err(s3_error!(
                AccessDenied,
                "No bucket can be made here; the only one is {}.",
                self.notification.bucket
            ));
        }
        answer(CreateBucketOutput {
            location: Some(format!("/{bucket}")),
        })
    }

    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> Answer<HeadBucketOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(HeadBucketOutput {
            bucket_region: Some(in_process::REGION.to_owned()),
            ..Default::default()
        })
    }

    async fn list_buckets(
        &self,
        _request: S3Request<ListBucketsInput>,
    ) -> Answer<ListBucketsOutput> {
        let bucket = s3s::dto::Bucket {
            name: Some(self.notification.bucket.to_owned()),
            creation_date: Some(time::from_millis(self.opened)),
            ..Default::default()
        };
        answer(ListBucketsOutput {
            buckets: Some(vec![bucket]),
            owner: Some(listing::owner()),
            ..Default::default()
        })
    }

    async fn get_bucket_location(
        &self,
        request: S3Request<GetBucketLocationInput>,
    ) -> Answer<GetBucketLocationOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(GetBucketLocationOutput {
            location_constraint: Some(BucketLocationConstraint::from_static(in_process::REGION)),
        })
    }

    /// Answers that there are no versions.
    async fn get_bucket_versioning(
        &self,
        request: S3Request<GetBucketVersioningInput>,
    ) -> Answer<GetBucketVersioningOutput> {
        self.is_ours(&request.input.bucket)?;
        answer(GetBucketVersioningOutput::default())
    }
}
