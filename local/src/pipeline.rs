//! The pipeline of a CSV file into the table: a bucket that the owner fills, two
//! queues, and the functions that S3 and SQS call on AWS.

use std::io;
use std::time::Duration;

use crate::Options;
use crate::data_dir::DataDirError;
use crate::store::Store;
use crate::tasks::{Roll, Tasks};
use axum::Router;
use backend::causes;
use backend::dynamodb::AccessKey;
use emulator::{Durability, EventSource, Notification, Queue, QueueError, Queues, S3, Sqs};
use jiff::Timestamp;
use jobs::{Log, MAX_RECEIVES, Offers, Split, clients, keys};
use serde_json::Value;

mod place;

pub(crate) use place::Place;

/// The folder that files are put into.
pub(crate) const FOLDER: &str = "job-offers/job_offers/";
pub(crate) const BUCKET: &str = "job-offers";

/// The access key id of the owner, whose secret is the owner's token.
pub(crate) const ACCESS_KEY_ID: &str = "owner";

/// The rows on their way, as `template.yaml` has it.
pub(crate) const ROWS: Queue = Queue {
    name: "job-offers",
    visibility_timeout: Duration::from_secs(180),
    max_receives: MAX_RECEIVES,
    dead_letters: "job-offers-dead-letters",
};

/// The files that were put and not yet read: what Lambda keeps to itself.
pub(crate) const FILES: Queue = Queue {
    name: "job-offers-files",
    visibility_timeout: Duration::from_secs(24 * 60 * 60),
    max_receives: 3,
    dead_letters: "job-offers-files-dead-letters",
};

/// The time after which a failed message is tried again. AWS waits for the visibility
/// time-out, which has the length it has for the case of a consumer's end.
const RETRY: Duration = Duration::from_secs(5);

/// The number of readers of the queue, as many as the template lets Lambda have.
pub(crate) const READERS: usize = 2;

/// The most messages that a reader gets at once: as many as a transaction takes.
const BATCH: usize = 100;

/// The batch for a store elsewhere, which may take few rows a second: as many messages
/// as the template lets Lambda have.
const REMOTE_BATCH: usize = 10;

/// The running pipeline.
#[derive(Debug)]
pub(crate) struct Pipeline {
    s3: S3,
    pub(crate) queues: Queues,
    tasks: Tasks,
}

/// A reason why files of job offers cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The data folder is unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The queues are unusable.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The bucket or a port is unusable.
    #[error("files of job offers cannot be taken: {0}")]
    Io(#[from] io::Error),
}

impl Pipeline {
    /// Starts taking files, and goes on with what was under way.
    pub(crate) async fn start(
        options: &Options,
        store: &Store,
        place: &Place,
        roll: Roll,
    ) -> Result<Self, PipelineError> {
        let durability = if options.store.fsync {
            Durability::PowerLoss
        } else {
            Durability::Process
        };
        let queues = place.queues(durability)?;
        let notification = Notification {
            bucket: BUCKET,
            prefix: keys::FILES,
            // Split says why it does not read a file of another name.
            suffix: "",
            queue: FILES.name,
        };
        let s3 = place.bucket(durability, notification, queues.clone())?;
        s3.announce_rest().await?;
        let sqs = Sqs::new(queues.clone());
        let bucket = clients::s3(&s3.config())?;
        let client = clients::dynamodb(&store.config)?;
        let log = Log::new(
            client.clone(),
            &options.store.jobs_log_table,
            Timestamp::now,
        );
        let split = Split {
            s3: bucket.clone(),
            sqs: clients::sqs(&sqs.config())?,
            queue_url: sqs.queue_url(ROWS.name),
            log: log.clone(),
        };
        let offers = Offers::new(client, &options.store.jobs_table);
        let (offers, batch) = if store.is_built_in() {
            (offers.in_transactions(), BATCH)
        } else {
            (offers, REMOTE_BATCH)
        };
        let keeping = jobs::Store {
            offers,
            log,
            s3: bucket,
        };
        let mut tasks = Tasks::on(roll);
        let files = source(&queues, FILES, 1).run(move |event| read(split.clone(), event));
        tasks.spawn("the reader of files", files);
        for _ in 0..READERS {
            let keeping = keeping.clone();
            let rows = source(&queues, ROWS, batch);
            let rows = rows.run(move |event| keep(keeping.clone(), event));
            tasks.spawn("a reader of rows", rows);
        }
        Ok(Self { s3, queues, tasks })
    }

    /// The bucket for its owner, whose secret is `token`.
    pub(crate) fn bucket(&self, token: &str) -> Router {
        self.s3.router(&[AccessKey {
            id: ACCESS_KEY_ID.to_owned(),
            secret: token.to_owned(),
        }])
    }

    /// A client of the bucket.
    pub(crate) fn client(&self) -> Result<aws_sdk_s3::Client, PipelineError> {
        Ok(clients::s3(&self.s3.config())?)
    }

    /// Says which reader ended, once one has.
    pub(crate) async fn ended(&mut self) -> String {
        self.tasks.ended().await
    }

    /// Ends at once: what is under way is begun again at the next start.
    pub(crate) async fn stop(mut self) {
        self.tasks.stop().await;
    }
}

fn source(queues: &Queues, queue: Queue, batch: usize) -> EventSource {
    EventSource {
        queues: queues.clone(),
        queue,
        batch,
        retry: RETRY,
    }
}

/// Calls split with the S3 events in messages; gives the ids of those that
/// failed.
async fn read(function: Split, event: Value) -> Vec<String> {
    let mut failed = Vec::new();
    for (id, body) in messages(&event) {
        let outcome = match serde_json::from_str(body) {
            Ok(event) => jobs::split(&function, event).await.map_err(|e| causes(&e)),
            Err(error) => Err(error.to_string()),
        };
        if let Err(cause) = outcome {
            tracing::error!(error.cause = cause, "a file of job offers was not read");
            failed.push(id.to_owned());
        }
    }
    failed
}

/// Calls store; gives the ids of the messages that failed.
async fn keep(function: jobs::Store, event: Value) -> Vec<String> {
    let all = messages(&event).map(|(id, _)| id.to_owned());
    let all: Vec<_> = all.collect();
    match serde_json::from_value(event) {
        Ok(event) => {
            let failures = jobs::store(&function, event).await;
            all.into_iter().filter(|id| failures.contains(id)).collect()
        }
        Err(error) => {
            tracing::error!(error.cause = %error, "messages of the queue cannot be read");
            all
        }
    }
}

fn messages(event: &Value) -> impl Iterator<Item = (&str, &str)> {
    let records = event["Records"].as_array().into_iter().flatten();
    records.filter_map(|record| Some((record["messageId"].as_str()?, record["body"].as_str()?)))
}
