//! Splits a file of the bucket into messages of the queue as its bytes come: neither
//! the file nor its faults are ever whole in memory. To split it again sends messages
//! that change nothing.

mod event;
mod outbox;
mod report;

use std::time::Duration;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError};
use backend::causes;
use tokio::time::timeout;

use crate::csv::{Parser, Rejected, Row};
use crate::log::{Ended, Load, Mark};
use crate::{Log, keys, loaded};
use outbox::Outbox;
use report::Report;

pub use event::Event;

/// The function's clients and settings.
#[derive(Clone, Debug)]
pub struct Split {
    /// The client of the bucket with the files.
    pub s3: aws_sdk_s3::Client,
    /// The client of the queue.
    pub sqs: aws_sdk_sqs::Client,
    /// The queue of the rows.
    pub queue_url: String,
    /// The log of files' outcomes.
    pub log: Log,
}

/// The outcome of an event's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Rows sent to the queue.
    pub sent: u64,
    /// Rows in the reports, which cannot be used.
    pub rejected: u64,
}

/// A reason why a file was not read to its end. Another try may read it.
#[derive(Debug, thiserror::Error)]
pub enum SplitError {
    /// The object cannot be read, or the report not be written.
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
    #[error("the queue refused {} again and again", rows(*.0))]
    Refused(usize),
    /// The file's outcome cannot be written down.
    #[error("the log does not answer")]
    Log(#[from] backend::Error),
}

const STALL: Duration = Duration::from_secs(30);

/// Sends the rows of each object of the event to the queue.
///
/// # Errors
/// When an object was not read to its end. All of the event may be split again.
pub async fn split(split: &Split, event: Event) -> Result<Sent, SplitError> {
    let mut sum = Sent::default();
    for load in event.loads() {
        let Some(name) = keys::name(&load.key) else {
            tracing::info!(
                object.key = load.key,
                "the object is not a file of job offers"
            );
            continue;
        };
        match read(split, &load, name).await {
            Ok(sent) => {
                sum.sent += sent.sent;
                sum.rejected += sent.rejected;
            }
            Err(error) => {
                let fault = format!("it could not be read: {}", causes(&error));
                // The first error says more than a second one that the bucket gives
                // here.
                let _ = loaded::publish_error(&split.s3, &load, name, fault).await;
                return Err(error);
            }
        }
    }
    Ok(sum)
}

async fn read(split: &Split, load: &Load, name: &str) -> Result<Sent, SplitError> {
    let version = split.log.begin(load).await?;
    let mut report = Report::new(&split.s3, &load.bucket, name);
    let mut ended = Ended::default();
    let mut queue_refused_rows = 0;
    if !keys::is_csv(&load.key) {
        let reason = "the file is not read, since its name does not end in .csv";
        report.add(refused(reason)).await?;
        ended.error = Some(reason.to_owned());
    } else if let Some((etag, body)) = open(split, load).await? {
        ended.etag = etag;
        let mut outbox = Outbox::new(split, &load.id, version);
        let parser = send_rows(body, &mut outbox, &mut report).await?;
        let (sent, queue_refused) = outbox.finish().await?;
        let numbers: Vec<_> = queue_refused.iter().map(|(number, _)| *number).collect();
        report
            .add(queue_refused.into_iter().map(|(_, row)| row).collect())
            .await?;
        queue_refused_rows = numbers.len() as u64;
        ended.sent = sent;
        ended.notes = parser.notes();
        ended.error = parser.fault().map(str::to_owned);
        // The rows that the queue refused count as sent, and the fault of a whole file is
        // no row.
        ended.refused = report.rows() - queue_refused_rows - u64::from(ended.error.is_some());
        let marks: Vec<_> = numbers.into_iter().map(|n| (n, Mark::Refused)).collect();
        split.log.note(&load.id, &marks).await?;
    } else {
        ended.error = Some("the file was removed before it was read".to_owned());
    }
    let rejected = report.rows();
    ended.report = report.finish(&ended.notes).await?;
    if split.log.end(&load.id, &ended).await? {
        loaded::publish(&split.log, &split.s3, &load.id).await?;
    }
    let sent = ended.sent - queue_refused_rows;
    tracing::info!(
        object.key = load.key,
        rows.sent = sent,
        rows.rejected = rejected,
        "the file was split"
    );
    Ok(Sent { sent, rejected })
}

/// Gets the object's tag and bytes; `None` if it is gone.
async fn open(split: &Split, load: &Load) -> Result<Option<(String, ByteStream)>, SplitError> {
    let get = split.s3.get_object().bucket(&load.bucket).key(&load.key);
    match get.send().await {
        Ok(object) => Ok(Some((object.e_tag.unwrap_or_default(), object.body))),
        Err(SdkError::ServiceError(e)) if e.err().is_no_such_key() => {
            tracing::warn!(
                object.key = load.key,
                "the file was removed before it was read"
            );
            Ok(None)
        }
        Err(error) => Err(SplitError::Bucket(error.into())),
    }
}

async fn send_rows(
    mut body: ByteStream,
    outbox: &mut Outbox<'_>,
    report: &mut Report<'_>,
) -> Result<Parser, SplitError> {
    let mut parser = Parser::default();
    while let Some(bytes) = timeout(STALL, body.next())
        .await
        .map_err(|_| SplitError::Stalled)?
    {
        let bytes = bytes?;
        let mut bytes = &bytes[..];
        while let Some(row) = parser.next(&mut bytes) {
            take(row, outbox, report).await?;
        }
    }
    while let Some(row) = parser.finish() {
        take(row, outbox, report).await?;
    }
    Ok(parser)
}

async fn take(
    row: Result<Row, Rejected>,
    outbox: &mut Outbox<'_>,
    report: &mut Report<'_>,
) -> Result<(), SplitError> {
    match row {
        Ok(row) => outbox.send(row).await,
        Err(rejected) => report.add(vec![rejected]).await,
    }
}

fn rows(count: usize) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}

fn refused(reason: &str) -> Vec<Rejected> {
    vec![Rejected {
        line: 1,
        reason: reason.to_owned(),
    }]
}
