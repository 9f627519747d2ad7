//! A file in the bucket into messages of the queue, as its bytes come: neither
//! the file nor what is wrong with it is ever whole in memory. To do it again is
//! to send messages that change nothing.

mod outbox;
mod report;

use std::time::Duration;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStreamError;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use tokio::time::timeout;

use crate::csv::{Parser, Rejected, Row};
use outbox::Outbox;
use report::Report;

/// What the function works with.
#[derive(Clone, Debug)]
pub struct Split {
    /// Where the files are.
    pub s3: aws_sdk_s3::Client,
    /// Where the messages go.
    pub sqs: aws_sdk_sqs::Client,
    /// To which queue.
    pub queue_url: String,
}

/// What is read of an event of S3:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "Records", default)]
    records: Vec<Record>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_time: Timestamp,
    s3: Entity,
}

#[derive(Clone, Debug, Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Clone, Debug, Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    key: String,
}

/// What came of the files of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Rows sent to the queue.
    pub sent: u64,
    /// Rows in the reports of what cannot be used.
    pub rejected: u64,
}

/// Why a file was not read to its end. Done again, it may be.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The object cannot be had, or the report not be written.
    #[error("the bucket does not answer")]
    Bucket(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The object's bytes stopped coming.
    #[error("the object ends early")]
    Body(#[from] ByteStreamError),
    /// None came for half a minute.
    #[error("the object's bytes stopped coming")]
    Stalled,
    /// The queue took no messages.
    #[error("the queue does not answer")]
    Queue(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The queue refused some, again and again.
    #[error("the queue went on refusing {0} messages")]
    Refused(usize),
}

/// Files arrive under this prefix, and other things are not for us.
const PREFIX: &str = "job_offers/";
const SUFFIX: &str = ".csv";
const STALL: Duration = Duration::from_secs(30);

/// Sends the rows of each object of the event to the queue.
///
/// # Errors
/// When an object was not read to its end, all of it may be done again.
pub async fn split(split: &Split, event: Event) -> Result<Loaded, SplitError> {
    let mut sum = Loaded::default();
    for record in event.records {
        let loaded = load(split, &record).await?;
        sum.sent += loaded.sent;
        sum.rejected += loaded.rejected;
    }
    Ok(sum)
}

async fn load(split: &Split, record: &Record) -> Result<Loaded, SplitError> {
    let bucket = &record.s3.bucket.name;
    let key = decode(&record.s3.object.key);
    let name = key
        .strip_prefix(PREFIX)
        .and_then(|k| k.strip_suffix(SUFFIX));
    let Some(name) = name else {
        tracing::warn!(object.key = key, "not a file of job offers");
        return Ok(Loaded::default());
    };
    let object = split.s3.get_object().bucket(bucket).key(&key).send().await;
    let mut body = match object {
        Ok(object) => object.body,
        Err(SdkError::ServiceError(e)) if e.err().is_no_such_key() => {
            tracing::warn!(object.key = key, "deleted before it was read");
            return Ok(Loaded::default());
        }
        Err(error) => return Err(SplitError::Bucket(error.into())),
    };
    let mut file = File {
        outbox: Outbox::new(split, record.event_time),
        report: Report::new(&split.s3, bucket, name),
    };
    let mut parser = Parser::default();
    while let Some(bytes) = timeout(STALL, body.next())
        .await
        .map_err(|_| SplitError::Stalled)?
    {
        let bytes = bytes?;
        let mut bytes = &bytes[..];
        while let Some(row) = parser.next(&mut bytes) {
            file.take(row).await?;
        }
    }
    if let Some(row) = parser.finish() {
        file.take(row).await?;
    }
    let loaded = file.finish().await?;
    tracing::info!(
        object.key = key,
        rows.sent = loaded.sent,
        rows.rejected = loaded.rejected,
        "split"
    );
    Ok(loaded)
}

/// Where the rows of one file go.
struct File<'a> {
    outbox: Outbox<'a>,
    report: Report<'a>,
}

impl File<'_> {
    async fn take(&mut self, row: Result<Row, Rejected>) -> Result<(), SplitError> {
        let refused = match row {
            Ok(row) => self.outbox.send(row).await?,
            Err(rejected) => vec![rejected],
        };
        self.report.add(refused).await
    }

    async fn finish(mut self) -> Result<Loaded, SplitError> {
        let (taken, refused) = self.outbox.finish().await?;
        self.report.add(refused).await?;
        let rejected = self.report.finish().await?;
        Ok(Loaded {
            sent: taken,
            rejected,
        })
    }
}

/// Keys in events are encoded as forms are. One whose bytes are no UTF-8 is of
/// no object that S3 takes.
fn decode(key: &str) -> String {
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
