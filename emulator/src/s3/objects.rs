//! Objects one by one: put, got, copied, deleted.

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectsInput,
    DeleteObjectsOutput, DeletedObject, ETag, ETagCondition, GetObjectInput, GetObjectOutput,
    HeadObjectOutput, MetadataDirective, PutObjectInput, PutObjectOutput, Range, Timestamp,
};
use s3s::{S3Error, S3ErrorCode, S3Request, S3Result, s3_error};

use super::attributes::Attributes;
use super::blobs::{Draft, Said};
use super::bucket::Bucket;
use super::events::Cause;
use super::index::{Conditions, Put, Stored, now};
use super::{errors, events, time};

/// The most objects of one `DeleteObjects`.
const MAX_DELETED: usize = 1_000;

/// S3's media type for an object without one.
const UNKNOWN_TYPE: &str = "binary/octet-stream";

impl Bucket {
    pub(super) async fn put(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<PutObjectOutput> {
        let input = request.input;
        let attributes = Attributes {
            content_type: input.content_type,
            content_encoding: without_chunks(input.content_encoding),
            content_disposition: input.content_disposition,
            content_language: input.content_language,
            cache_control: input.cache_control,
            ..Attributes::default()
        };
        let attributes = attributes.with_metadata(input.metadata)?;
        let said = Said {
            length: input.content_length,
            md5: input.content_md5,
            headers: request.headers,
            trailers: request.trailing_headers,
        };
        let received = self.blobs.receive(input.body, said).await?;
        let object = Stored {
            blob: received.draft.name(),
            size: received.size,
            modified: now(),
            etag: hex::encode(received.md5),
            attributes: Attributes {
                checksums: received.checksums,
                ..attributes
            },
        };
        let checksum = object.attributes.checksum();
        let etag = ETag::Strong(object.etag.clone());
        let conditions = Conditions {
            if_match: input.if_match,
            if_none_match: input.if_none_match,
        };
        let draft = (received.draft, conditions, None);
        self.store(&input.key, object, draft, Cause::Put).await?;
        let output = PutObjectOutput {
            e_tag: Some(etag),
            checksum_crc32: checksum.checksum_crc32,
            checksum_crc32c: checksum.checksum_crc32c,
            checksum_crc64nvme: checksum.checksum_crc64nvme,
            checksum_sha1: checksum.checksum_sha1,
            checksum_sha256: checksum.checksum_sha256,
            ..Default::default()
        };
        Ok(output)
    }

    /// Adds a file to the index as an object, and sends its event.
    pub(super) async fn store(
        &self,
        key: &str,
        object: Stored,
        (draft, conditions, upload): (Draft, Conditions, Option<String>),
        cause: Cause,
    ) -> S3Result<()> {
        let event = {
            let (notification, key, object) = (self.notification, key.to_owned(), object.clone());
            move |sequence| events::event(notification, &key, &object, (cause, sequence))
        };
        let how = (conditions, upload);
        let put = self.index.put(key, object, how, event).await;
        let Put::Done { unused } = put.map_err(errors::index)? else {
            return Err(errors::precondition_failed());
        };
        draft.keep();
        self.blobs.remove(&unused);
        self.tell().await.map_err(errors::index)
    }

    pub(super) async fn get(&self, input: GetObjectInput) -> S3Result<GetObjectOutput> {
        // A replaced file can disappear between the index and here.
        for is_last in [false, true] {
            let object = self.find(&input.key).await?;
            check_conditions(&object, &input)?;
            let size = object.size as u64;
            let range = input
                .range
                .map(|range| check_range(range, size))
                .transpose()?;
            let wanted = range.clone().unwrap_or(0..size);
            let length = wanted.end - wanted.start;
            let body = match self.blobs.read(&object.blob, wanted.start, length).await {
                Ok(body) => body,
                Err(_) if !is_last => continue,
                Err(error) => return Err(errors::internal(&error)),
            };
            let attributes = object.attributes;
            let mut output = GetObjectOutput::default();
            if range.is_none() && input.checksum_mode.is_some() {
                let checksum = attributes.checksum();
                output.checksum_crc32 = checksum.checksum_crc32;
                output.checksum_crc32c = checksum.checksum_crc32c;
                output.checksum_crc64nvme = checksum.checksum_crc64nvme;
                output.checksum_sha1 = checksum.checksum_sha1;
                output.checksum_sha256 = checksum.checksum_sha256;
            }
            output.body = Some(body);
            output.content_length = i64::try_from(length).ok();
            output.content_range =
                range.map(|range| format!("bytes {}-{}/{size}", range.start, range.end - 1));
            output.accept_ranges = Some("bytes".to_owned());
            output.e_tag = Some(ETag::Strong(object.etag));
            output.last_modified = Some(time::from_millis(object.modified));
            output.metadata = attributes.metadata();
            let kind = input.response_content_type.or(attributes.content_type);
            output.content_type = kind.or_else(|| Some(UNKNOWN_TYPE.to_owned()));
            output.content_encoding = input
                .response_content_encoding
                .or(attributes.content_encoding);
            output.content_disposition = input
                .response_content_disposition
                .or(attributes.content_disposition);
            output.content_language = input
                .response_content_language
                .or(attributes.content_language);
            output.cache_control = input.response_cache_control.or(attributes.cache_control);
            return Ok(output);
        }
        Err(errors::no_such_key())
    }

    pub(super) async fn head(&self, input: GetObjectInput) -> S3Result<HeadObjectOutput> {
        let object = self.find(&input.key).await?;
        check_conditions(&object, &input)?;
        let size = object.size as u64;
        let range = input
            .range
            .map(|range| check_range(range, size))
            .transpose()?;
        let length = range.clone().map_or(size, |range| range.end - range.start);
        let attributes = object.attributes;
        let mut output = HeadObjectOutput::default();
        if input.checksum_mode.is_some() {
            let checksum = attributes.checksum();
            output.checksum_crc32 = checksum.checksum_crc32;
            output.checksum_crc32c = checksum.checksum_crc32c;
            output.checksum_crc64nvme = checksum.checksum_crc64nvme;
            output.checksum_sha1 = checksum.checksum_sha1;
            output.checksum_sha256 = checksum.checksum_sha256;
        }
        output.content_length = i64::try_from(length).ok();
        output.content_range =
            range.map(|range| format!("bytes {}-{}/{size}", range.start, range.end - 1));
        output.accept_ranges = Some("bytes".to_owned());
        output.e_tag = Some(ETag::Strong(object.etag));
        output.last_modified = Some(time::from_millis(object.modified));
        output.metadata = attributes.metadata();
        let kind = input.response_content_type.or(attributes.content_type);
        output.content_type = kind.or_else(|| Some(UNKNOWN_TYPE.to_owned()));
        output.content_encoding = attributes.content_encoding;
        output.content_disposition = attributes.content_disposition;
        output.content_language = attributes.content_language;
        output.cache_control = attributes.cache_control;
        Ok(output)
    }

    pub(super) async fn copy(&self, input: CopyObjectInput) -> S3Result<CopyObjectOutput> {
        let source_key = self.source(&input.copy_source)?;
        let source = self.find(&source_key).await?;
        let conditions = GetObjectInput {
            if_match: input.copy_source_if_match,
            if_none_match: input.copy_source_if_none_match,
            if_modified_since: input.copy_source_if_modified_since,
            if_unmodified_since: input.copy_source_if_unmodified_since,
            ..GetObjectInput::default()
        };
        check_conditions(&source, &conditions).map_err(|_| errors::precondition_failed())?;
        let replaces = input
            .metadata_directive
            .is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE);
        if !replaces && source_key == input.key {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself \
                 without changing the object's metadata."
            ));
        }
        let attributes = match replaces {
            true => Attributes {
                content_type: input.content_type,
                content_encoding: input.content_encoding,
                content_disposition: input.content_disposition,
                content_language: input.content_language,
                cache_control: input.cache_control,
                checksums: source.attributes.checksums,
                ..Attributes::default()
            }
            .with_metadata(input.metadata)?,
            false => source.attributes,
        };
        let draft = self
            .blobs
            .link(&source.blob)
            .map_err(|e| errors::disk(&e))?;
        let object = Stored {
            blob: draft.name(),
            modified: now(),
            attributes,
            ..source
        };
        let (etag, modified) = (object.etag.clone(), object.modified);
        let draft = (draft, Conditions::default(), None);
        self.store(&input.key, object, draft, Cause::Copy).await?;
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(etag)),
            last_modified: Some(time::from_millis(modified)),
            ..Default::default()
        };
        let output = CopyObjectOutput {
            copy_object_result: Some(result),
            ..Default::default()
        };
        Ok(output)
    }

    /// Deletes objects; one that does not exist counts as deleted, too.
    pub(super) async fn delete(&self, keys: Vec<String>) -> S3Result<()> {
        let unused = self.index.delete(keys).await.map_err(errors::index)?;
        self.blobs.remove(&unused);
        Ok(())
    }

    pub(super) async fn delete_many(
        &self,
        input: DeleteObjectsInput,
    ) -> S3Result<DeleteObjectsOutput> {
        let keys = input.delete.objects.into_iter().map(|object| object.key);
        let keys: Vec<_> = keys.collect();
        if keys.len() > MAX_DELETED {
            return Err(s3_error!(
                MalformedXML,
                "The XML you provided was not well-formed or did not validate against our \
                 published schema"
            ));
        }
        self.delete(keys.clone()).await?;
        let mut output = DeleteObjectsOutput::default();
        if input.delete.quiet != Some(true) {
            let deleted = keys.into_iter().map(|key| DeletedObject {
                key: Some(key),
                ..Default::default()
            });
            output.deleted = Some(deleted.collect());
        }
        Ok(output)
    }

    pub(super) async fn find(&self, key: &str) -> S3Result<Stored> {
        let found = self.index.get(key).await.map_err(errors::index)?;
        found.ok_or_else(errors::no_such_key)
    }

    /// Returns the key of the object to copy.
    pub(super) fn source(&self, source: &CopySource) -> S3Result<String> {
        let CopySource::Bucket { bucket, key, .. } = source else {
            return Err(s3_error!(
                NotImplemented,
                "There are no access points here."
            ));
        };
        self.is_ours(bucket)?;
        Ok(key.to_string())
    }
}

/// Checks a range of bytes against the object's size.
pub(super) fn check_range(range: Range, size: u64) -> S3Result<std::ops::Range<u64>> {
    range
        .check(size)
        .map_err(|_| s3_error!(InvalidRange, "The requested range is not satisfiable"))
}

/// Removes the coding of bodies in chunks, which is not the object's own.
fn without_chunks(encoding: Option<String>) -> Option<String> {
    let encoding = encoding?;
    let codings = encoding.split(',').map(str::trim);
    let own: Vec<_> = codings
        .filter(|coding| !coding.is_empty() && *coding != "aws-chunked")
        .collect();
    Some(own.join(",")).filter(|own| !own.is_empty())
}

/// Checks the conditions of a read, RFC 9110, section 13.2.2.
fn check_conditions(object: &Stored, input: &GetObjectInput) -> S3Result<()> {
    let is = |condition: &ETagCondition| match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    };
    let modified = time::from_millis(object.modified);
    let is_later_than = |time: &Timestamp| modified > *time;
    let fails = match (&input.if_match, &input.if_unmodified_since) {
        (Some(condition), _) => !is(condition),
        (None, since) => since.as_ref().is_some_and(is_later_than),
    };
    if fails {
        return Err(errors::precondition_failed());
    }
    let is_known = match (&input.if_none_match, &input.if_modified_since) {
        (Some(condition), _) => is(condition),
        (None, since) => since.as_ref().is_some_and(|since| !is_later_than(since)),
    };
    match is_known {
        true => Err(S3Error::new(S3ErrorCode::NotModified)),
        false => Ok(()),
    }
}
