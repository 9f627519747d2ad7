//! The events of new objects, as S3 writes them.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::{S3Result, s3_error};
use serde_json::json;

use super::Notification;
use super::bucket::Bucket;
use super::index::Stored;
use crate::in_process;
use crate::sqlite::DatabaseError;

/// The encoding of forms, except for the space.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*')
    .remove(b'/')
    .remove(b' ');

/// The end of the name of a file of rows.
const FILE: &str = ".csv";

/// The ends of names of compressed files.
const COMPRESSED: [&str; 5] = [".gz", ".zip", ".bz2", ".xz", ".zst"];

/// The operation that made an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Put,
    Copy,
    CompleteMultipartUpload,
}

/// The event of a new object, if the notification covers it.
pub(super) fn event(
    notification: Notification,
    key: &str,
    object: &Stored,
    (cause, sequence): (Cause, i64),
) -> Option<String> {
    if !notification.covers(key) {
        return None;
    }
    let time = Timestamp::from_millisecond(object.modified).unwrap_or_else(|_| Timestamp::now());
    let event = json!({
        "Records": [{
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": in_process::REGION,
            "eventTime": time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(),
            "eventName": format!("ObjectCreated:{cause:?}"),
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": { "name": notification.bucket },
                "object": {
                    "key": utf8_percent_encode(key, FORM).to_string().replace(' ', "+"),
                    "size": object.size,
                    "eTag": object.etag,
                    "sequencer": format!("{sequence:016X}"),
                },
            },
        }],
    });
    Some(event.to_string())
}

impl Bucket {
    /// Sends the queue the events that it has not got, in order. An upload is
    /// answered only after that, so no accepted file is forgotten; events that
    /// a kill or a full disk left are sent at the next upload or start.
    ///
    /// # Errors
    /// The queue's.
    pub(super) async fn tell(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.telling.lock().await;
        while let Some((sequence, event)) = self.index.next_event().await? {
            let message = (event, "{}".to_owned());
            let queue = self.notification.queue;
            self.queues.send(queue, vec![message]).await?;
            self.index.forget_event(sequence).await?;
        }
        Ok(())
    }
}

impl Notification {
    /// True if objects of this key are announced.
    fn covers(self, key: &str) -> bool {
        let end = key.len().checked_sub(self.suffix.len());
        let end = end.and_then(|end| key.get(end..));
        key.starts_with(self.prefix) && end.is_some_and(|end| end.eq_ignore_ascii_case(self.suffix))
    }

    /// Refuses a file that nothing would read under its key, and says which key
    /// is right. A copy may have any key.
    ///
    /// # Errors
    /// When the key is such a one.
    pub(super) fn refuse_misplaced(self, key: &str) -> S3Result<()> {
        let Self { bucket, prefix, .. } = self;
        let lower = key.to_ascii_lowercase();
        let plain = COMPRESSED.iter().find_map(|end| lower.strip_suffix(end));
        let is_file = plain.unwrap_or(&lower).ends_with(FILE);
        let lacks_slash = prefix.strip_suffix('/') == Some(key);
        if self.covers(key) || !(is_file || lacks_slash) {
            return Ok(());
        }
        Err(s3_error!(
            InvalidRequest,
            "A file with the key {key} would never be read. Files are read as \
             s3://{bucket}/{prefix}<name>{FILE}, uncompressed."
        ))
    }
}
