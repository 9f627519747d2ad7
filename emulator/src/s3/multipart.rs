//! Uploads in parts. A mistake leaves an upload as it is, so that it can be
//! mended.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>

use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{
    ChecksumType, CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CopyPartResult,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part, Range,
    UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Result, s3_error};

use super::attributes::Attributes;
use super::blobs::Said;
use super::bucket::Bucket;
use super::checksums::Algorithm;
use super::events::Cause;
use super::index::{Conditions, Stored, Upload, now};
use super::objects::check_range;
use super::{Caller, errors, time};

mod parts;

use parts::{check_algorithm, check_number, chosen};

impl Bucket {
    pub(super) async fn create_upload(
        &self,
        input: CreateMultipartUploadInput,
    ) -> S3Result<CreateMultipartUploadOutput> {
        let algorithm = input
            .checksum_algorithm
            .as_ref()
            .map(Algorithm::parse)
            .transpose()?;
        let is_whole = input
            .checksum_type
            .as_ref()
            .is_some_and(|kind| kind.as_str() == ChecksumType::FULL_OBJECT);
        let attributes = Attributes {
            content_type: input.content_type,
            content_encoding: input.content_encoding,
            content_disposition: input.content_disposition,
            content_language: input.content_language,
            cache_control: input.cache_control,
            algorithm,
            is_composite: algorithm.is_some_and(|a| a != Algorithm::Crc64nvme) && !is_whole,
            ..Attributes::default()
        };
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| errors::internal(&error))?;
        let upload = Upload {
            id: hex::encode(id),
            key: input.key.clone(),
            started: now(),
            attributes: attributes.with_metadata(input.metadata)?,
        };
        let mut output = CreateMultipartUploadOutput {
            upload_id: Some(upload.id.clone()),
            ..Default::default()
        };
        let begun = self.index.begin_upload(upload).await;
        self.blobs.remove(&begun.map_err(errors::index)?);
        output.bucket = Some(input.bucket);
        output.key = Some(input.key);
        output.checksum_algorithm = input.checksum_algorithm;
        output.checksum_type = input.checksum_type;
        Ok(output)
    }

    pub(super) async fn upload(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<UploadPartOutput> {
        let caller = Caller::from_request(&request);
        let input = request.input;
        let upload = self.find_upload(&input.upload_id, &input.key).await?;
        check_number(input.part_number)?;
        let said = Said {
            length: input.content_length,
            md5: input.content_md5,
            headers: request.headers,
            trailers: request.trailing_headers,
        };
        let received = self.blobs.receive(input.body, said).await?;
        check_algorithm(caller, &upload.attributes, &received.checksums)?;
        let part = Stored {
            blob: received.draft.name(),
            size: received.size,
            modified: now(),
            etag: hex::encode(received.md5),
            attributes: Attributes {
                checksums: received.checksums,
                ..Attributes::default()
            },
        };
        let mut output = UploadPartOutput::default();
        let checksum = part.attributes.checksum();
        output.e_tag = Some(ETag::Strong(part.etag.clone()));
        output.checksum_crc32 = checksum.checksum_crc32;
        output.checksum_crc32c = checksum.checksum_crc32c;
        output.checksum_crc64nvme = checksum.checksum_crc64nvme;
        output.checksum_sha1 = checksum.checksum_sha1;
        output.checksum_sha256 = checksum.checksum_sha256;
        self.keep_part(&upload, input.part_number, part).await?;
        received.draft.keep();
        Ok(output)
    }

    pub(super) async fn upload_copy(
        &self,
        input: UploadPartCopyInput,
    ) -> S3Result<UploadPartCopyOutput> {
        let upload = self.find_upload(&input.upload_id, &input.key).await?;
        check_number(input.part_number)?;
        let source = self.find(&self.source(&input.copy_source)?).await?;
        let size = source.size as u64;
        let range = match &input.copy_source_range {
            None => 0..size,
            Some(range) => {
                let range = Range::parse(range).map_err(|_| {
                    s3_error!(
                        InvalidArgument,
                        "The x-amz-copy-source-range value must be of the form bytes=first-last \
                         where first and last are the zero-based offsets of the first and last \
                         bytes to copy"
                    )
                })?;
                check_range(range, size)?
            }
        };
        let length = range.end - range.start;
        let draft = self
            .blobs
            .join(vec![(source.blob, range.start, length)])
            .await;
        let draft = draft.map_err(|error| errors::disk(&error))?;
        let md5 = md5(draft.path())
            .await
            .map_err(|error| errors::disk(&error))?;
        let part = Stored {
            blob: draft.name(),
            size: length as i64,
            modified: now(),
            etag: hex::encode(md5),
            attributes: Attributes::default(),
        };
        let result = CopyPartResult {
            e_tag: Some(ETag::Strong(part.etag.clone())),
            last_modified: Some(time::from_millis(part.modified)),
            ..Default::default()
        };
        self.keep_part(&upload, input.part_number, part).await?;
        draft.keep();
        let output = UploadPartCopyOutput {
            copy_part_result: Some(result),
            ..Default::default()
        };
        Ok(output)
    }

    pub(super) async fn complete(
        &self,
        input: CompleteMultipartUploadInput,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let upload = self.find_upload(&input.upload_id, &input.key).await?;
        let named = input.multipart_upload.and_then(|upload| upload.parts);
        let there = self.index.parts(&upload.id).await.map_err(errors::index)?;
        let parts = chosen(&upload, &named.unwrap_or_default(), there)?;
        let size: i64 = parts.iter().map(|part| part.size).sum();
        let digests = parts.iter().filter_map(|part| hex::decode(&part.etag).ok());
        let etag = format!(
            "{}-{}",
            hex::encode(Md5::checksum(&digests.flatten().collect::<Vec<_>>())),
            parts.len()
        );
        let files = parts
            .into_iter()
            .map(|part| (part.blob, 0, part.size as u64));
        let draft = self.blobs.join(files.collect()).await;
        let draft = draft.map_err(|error| errors::disk(&error))?;
        let object = Stored {
            blob: draft.name(),
            size,
            modified: now(),
            etag: etag.clone(),
            attributes: Attributes {
                algorithm: None,
                is_composite: false,
                ..upload.attributes
            },
        };
        let conditions = Conditions {
            if_match: input.if_match,
            if_none_match: input.if_none_match,
        };
        let draft = (draft, conditions, Some(upload.id));
        let cause = Cause::CompleteMultipartUpload;
        self.store(&input.key, object, draft, cause).await?;
        let output = CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(etag)),
            ..Default::default()
        };
        Ok(output)
    }

    pub(super) async fn abort(&self, upload: &str, key: &str) -> S3Result<()> {
        let upload = self.find_upload(upload, key).await?;
        let unused = self.index.abort(&upload.id).await.map_err(errors::index)?;
        self.blobs.remove(&unused);
        Ok(())
    }

    pub(super) async fn list_parts(&self, input: ListPartsInput) -> S3Result<ListPartsOutput> {
        let upload = self.find_upload(&input.upload_id, &input.key).await?;
        let there = self.index.parts(&upload.id).await.map_err(errors::index)?;
        let after = input.part_number_marker.unwrap_or(0);
        let limit = input.max_parts.unwrap_or(1_000).clamp(0, 1_000);
        let mut rest = there.into_iter().filter(|(number, _)| *number > after);
        let page: Vec<_> = rest.by_ref().take(limit as usize).collect();
        let mut output = ListPartsOutput {
            is_truncated: Some(rest.next().is_some()),
            next_part_number_marker: page.last().map(|(number, _)| *number),
            ..Default::default()
        };
        let parts = page.into_iter().map(|(number, stored)| {
            let checksum = stored.attributes.checksum();
            Part {
                part_number: Some(number),
                e_tag: Some(ETag::Strong(stored.etag)),
                size: Some(stored.size),
                last_modified: Some(time::from_millis(stored.modified)),
                checksum_crc32: checksum.checksum_crc32,
                checksum_crc32c: checksum.checksum_crc32c,
                checksum_crc64nvme: checksum.checksum_crc64nvme,
                checksum_sha1: checksum.checksum_sha1,
                checksum_sha256: checksum.checksum_sha256,
            }
        });
        output.parts = Some(parts.collect());
        output.bucket = Some(input.bucket);
        output.key = Some(input.key);
        output.upload_id = Some(upload.id);
        output.max_parts = Some(limit);
        output.part_number_marker = input.part_number_marker;
        Ok(output)
    }

    /// Lists all uploads in one page: they expire, so there are never many.
    pub(super) async fn list_uploads(
        &self,
        input: ListMultipartUploadsInput,
    ) -> S3Result<ListMultipartUploadsOutput> {
        let prefix = input.prefix.unwrap_or_default();
        let uploads = self.index.uploads().await.map_err(errors::index)?;
        let uploads = uploads
            .into_iter()
            .filter(|upload| upload.key.starts_with(&prefix));
        let uploads = uploads.map(|upload| MultipartUpload {
            key: Some(upload.key),
            upload_id: Some(upload.id),
            initiated: Some(time::from_millis(upload.started)),
            ..Default::default()
        });
        let output = ListMultipartUploadsOutput {
            uploads: Some(uploads.collect()),
            bucket: Some(input.bucket),
            prefix: Some(prefix),
            is_truncated: Some(false),
            ..Default::default()
        };
        Ok(output)
    }

    async fn find_upload(&self, id: &str, key: &str) -> S3Result<Upload> {
        let found = self.index.upload(id, key).await.map_err(errors::index)?;
        found.ok_or_else(errors::no_such_upload)
    }

    async fn keep_part(&self, upload: &Upload, number: i32, part: Stored) -> S3Result<()> {
        let kept = self.index.put_part(&upload.id, number, part).await;
        let unused = kept
            .map_err(errors::index)?
            .ok_or_else(errors::no_such_upload)?;
        self.blobs.remove(&unused);
        Ok(())
    }
}

async fn md5(file: &std::path::Path) -> std::io::Result<[u8; 16]> {
    let bytes = file.to_owned();
    let digest = tokio::task::spawn_blocking(move || super::adopt::md5(&bytes));
    digest.await.map_err(std::io::Error::other)?
}
