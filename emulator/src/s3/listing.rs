//! Lists of objects, page by page, with common prefixes rolled up.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rusqlite::Connection;
use s3s::dto::{
    CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectStorageClass, Owner,
};
use s3s::{S3Result, s3_error};

use super::errors;
use super::index::{self, Index, Stored};
use super::time;

/// The most entries of a page.
const MAX_KEYS: i32 = 1_000;

/// The characters that `encoding-type=url` escapes.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// The keys to list.
#[derive(Clone, Debug, Default)]
struct Query {
    prefix: String,
    /// Empty for none.
    delimiter: String,
    /// The lowest key, as bytes, that is listed.
    from: Vec<u8>,
    limit: usize,
}

/// The entries, and the lowest key of the next page.
#[derive(Debug, Default)]
struct Page {
    objects: Vec<(String, Stored)>,
    prefixes: Vec<String>,
    next: Option<Vec<u8>>,
    /// The last entry, an object or a prefix.
    last: String,
}

/// The encoding of names in an answer.
#[derive(Clone, Copy)]
struct Names {
    are_encoded: bool,
}

pub(super) async fn list_v2(
    index: &Index,
    input: ListObjectsV2Input,
) -> S3Result<ListObjectsV2Output> {
    let names = Names::new(input.encoding_type.as_ref())?;
    let max_keys = max_keys(input.max_keys)?;
    let prefix = input.prefix.unwrap_or_default();
    let delimiter = input.delimiter.unwrap_or_default();
    let from = match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => URL_SAFE_NO_PAD.decode(token).map_err(|_| {
            s3_error!(
                InvalidArgument,
                "The continuation token provided is incorrect"
            )
        })?,
        (None, Some(key)) => after(key),
        (None, None) => Vec::new(),
    };
    let query = Query {
        prefix: prefix.clone(),
        delimiter: delimiter.clone(),
        from,
        limit: max_keys as usize,
    };
    let page = read(index, query).await?;
    let mut output = ListObjectsV2Output {
        key_count: i32::try_from(page.objects.len() + page.prefixes.len()).ok(),
        next_continuation_token: page.next.as_ref().map(|next| URL_SAFE_NO_PAD.encode(next)),
        is_truncated: Some(page.next.is_some()),
        ..Default::default()
    };
    let owner = input.fetch_owner == Some(true);
    output.contents = names.objects(page.objects, owner);
    output.common_prefixes = names.prefixes(page.prefixes);
    output.max_keys = Some(max_keys);
    output.name = Some(input.bucket);
    output.prefix = Some(names.write(&prefix));
    output.delimiter = Some(delimiter)
        .filter(|d| !d.is_empty())
        .map(|d| names.write(&d));
    output.start_after = input.start_after.map(|key| names.write(&key));
    output.continuation_token = input.continuation_token;
    output.encoding_type = input.encoding_type;
    Ok(output)
}

pub(super) async fn list_v1(index: &Index, input: ListObjectsInput) -> S3Result<ListObjectsOutput> {
    let names = Names::new(input.encoding_type.as_ref())?;
    let max_keys = max_keys(input.max_keys)?;
    let prefix = input.prefix.unwrap_or_default();
    let delimiter = input.delimiter.unwrap_or_default();
    let marker = input.marker.unwrap_or_default();
    // The last page may have ended with a common prefix.
    let is_prefix = !delimiter.is_empty() && marker.len() > prefix.len();
    let from = match marker.as_str() {
        "" => Vec::new(),
        marker if is_prefix && marker.ends_with(&delimiter) => beyond(marker),
        marker => after(marker),
    };
    let query = Query {
        prefix: prefix.clone(),
        delimiter: delimiter.clone(),
        from,
        limit: max_keys as usize,
    };
    let page = read(index, query).await?;
    let mut output = ListObjectsOutput {
        is_truncated: Some(page.next.is_some()),
        ..Default::default()
    };
    // Without a delimiter S3 expects the client to use the last key.
    let says_next = page.next.is_some() && !delimiter.is_empty();
    output.next_marker = says_next.then(|| names.write(&page.last));
    output.contents = names.objects(page.objects, true);
    output.common_prefixes = names.prefixes(page.prefixes);
    output.max_keys = Some(max_keys);
    output.name = Some(input.bucket);
    output.prefix = Some(names.write(&prefix));
    output.marker = Some(names.write(&marker));
    output.delimiter = Some(delimiter)
        .filter(|d| !d.is_empty())
        .map(|d| names.write(&d));
    output.encoding_type = input.encoding_type;
    Ok(output)
}

fn max_keys(asked: Option<i32>) -> S3Result<i32> {
    match asked.unwrap_or(MAX_KEYS) {
        ..0 => Err(s3_error!(
            InvalidArgument,
            "Argument maxKeys must be an integer between 0 and 2147483647"
        )),
        asked => Ok(asked.min(MAX_KEYS)),
    }
}

async fn read(index: &Index, query: Query) -> S3Result<Page> {
    let page = index.read(move |database| page(database, &query)).await;
    page.map_err(errors::index)
}

fn page(database: &Connection, query: &Query) -> index::Result<Page> {
    let mut page = Page::default();
    if query.limit == 0 {
        return Ok(page);
    }
    let prefix = query.prefix.as_bytes();
    let mut from = query.from.as_slice().max(prefix).to_vec();
    while let Some((key, object)) = index::first_from(database, &from)? {
        if !key.starts_with(prefix) {
            break;
        }
        if page.objects.len() + page.prefixes.len() == query.limit {
            page.next = Some(from);
            break;
        }
        // Keys came in requests, as text.
        let key = String::from_utf8_lossy(&key).into_owned();
        match rolled_up(&key, query) {
            Some(common) => {
                from = beyond(&common);
                page.last.clone_from(&common);
                page.prefixes.push(common);
            }
            None => {
                from = after(&key);
                page.last.clone_from(&key);
                page.objects.push((key, object));
            }
        }
    }
    Ok(page)
}

/// The start of a key up to the first delimiter after the prefix.
fn rolled_up(key: &str, query: &Query) -> Option<String> {
    if query.delimiter.is_empty() {
        return None;
    }
    let rest = key.get(query.prefix.len()..)?;
    let end = rest.find(&query.delimiter)? + query.delimiter.len();
    Some(key[..query.prefix.len() + end].to_owned())
}

/// The lowest key after `key`.
fn after(key: &str) -> Vec<u8> {
    [key.as_bytes(), &[0]].concat()
}

/// The lowest key after all keys that begin with `start`.
fn beyond(start: &str) -> Vec<u8> {
    let mut bytes = start.as_bytes().to_vec();
    // No byte of a text is 255.
    if let Some(last) = bytes.last_mut() {
        *last += 1;
    }
    bytes
}

impl Names {
    fn new(encoding: Option<&EncodingType>) -> S3Result<Self> {
        match encoding.map(EncodingType::as_str) {
            None => Ok(Self { are_encoded: false }),
            Some(EncodingType::URL) => Ok(Self { are_encoded: true }),
            Some(_) => Err(s3_error!(
                InvalidArgument,
                "Invalid Encoding Method specified in Request"
            )),
        }
    }

    fn write(self, name: &str) -> String {
        match self.are_encoded {
            true => utf8_percent_encode(name, ENCODED).to_string(),
            false => name.to_owned(),
        }
    }

    fn objects(self, objects: Vec<(String, Stored)>, with_owner: bool) -> Option<Vec<Object>> {
        let objects = objects.into_iter().map(|(key, stored)| Object {
            key: Some(self.write(&key)),
            e_tag: Some(ETag::Strong(stored.etag)),
            last_modified: Some(time::from_millis(stored.modified)),
            size: Some(stored.size),
            owner: with_owner.then(owner),
            storage_class: Some(ObjectStorageClass::from_static(
                ObjectStorageClass::STANDARD,
            )),
            ..Default::default()
        });
        Some(objects.collect::<Vec<_>>()).filter(|objects| !objects.is_empty())
    }

    fn prefixes(self, prefixes: Vec<String>) -> Option<Vec<CommonPrefix>> {
        let prefixes = prefixes.into_iter().map(|prefix| CommonPrefix {
            prefix: Some(self.write(&prefix)),
        });
        Some(prefixes.collect::<Vec<_>>()).filter(|prefixes| !prefixes.is_empty())
    }
}

pub(super) fn owner() -> Owner {
    Owner {
        id: Some("owner".to_owned()),
        display_name: Some("owner".to_owned()),
    }
}
