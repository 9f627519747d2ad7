//! The way of a CSV file into the table: a bucket that the owner fills, two
//! queues, and the functions that S3 and SQS call on AWS.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use backend::causes;
use backend::dynamodb::AccessKey;
use emulator::{Durability, EventSource, Notification, Queue, QueueError, Queues, S3, Sqs};
use jiff::Timestamp;
use jobs::{Log, MAX_RECEIVES, Offers, Split, clients, keys};
use serde_json::Value;
use tempfile::TempDir;

use crate::Options;
use crate::data_dir::{self, Addresses, DataDir, DataDirError};
use crate::store::Store;
use crate::tasks::{Roll, Tasks};

/// Where files are put.
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

/// What failed is tried again so much later. AWS waits for the visibility
/// time-out, which has the length it has for the case of a consumer's end.
const RETRY: Duration = Duration::from_secs(5);

/// Readers of the queue, as many as the template lets Lambda have.
pub(crate) const READERS: usize = 2;

/// Messages that a reader gets at once: as many as a transaction takes. On AWS they
/// are ten, for a table that takes few rows a second.
const BATCH: usize = 100;

/// The running pipeline.
#[derive(Debug)]
pub(crate) struct Pipeline {
    s3: S3,
    pub(crate) queues: Queues,
    tasks: Tasks,
    place: Place,
}

/// Why files of job offers cannot be taken.
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

/// Where files and queues are kept.
#[derive(Debug)]
enum Place {
    /// The data folder, which the store holds.
    Folder(PathBuf),
    /// The data folder, where the store is elsewhere.
    Held(DataDir),
    /// Files alone are too large for memory; they go when this is dropped.
    Temporary(TempDir),
}

impl Pipeline {
    /// Starts taking files, and goes on with what was under way.
    pub(crate) async fn start(
        options: &Options,
        store: &Store,
        roll: Roll,
    ) -> Result<Self, PipelineError> {
        let durability = if options.store.fsync {
            Durability::PowerLoss
        } else {
            Durability::Process
        };
        let place = Place::of(options, store)?;
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
        let keeping = jobs::Store {
            offers: Offers::new(client, &options.store.jobs_table).in_transactions(),
            log,
            s3: bucket,
        };
        let mut tasks = Tasks::on(roll);
        let files = source(&queues, FILES, 1).run(move |event| read(split.clone(), event));
        tasks.spawn("the reader of files", files);
        for _ in 0..READERS {
            let keeping = keeping.clone();
            let rows = source(&queues, ROWS, BATCH);
            let rows = rows.run(move |event| keep(keeping.clone(), event));
            tasks.spawn("a reader of rows", rows);
        }
        Ok(Self {
            s3,
            queues,
            tasks,
            place,
        })
    }

    /// The bucket for its owner, whose secret is `token`.
    pub(crate) fn bucket(&self, token: &str) -> Router {
        self.s3.router(&[AccessKey {
            id: ACCESS_KEY_ID.to_owned(),
            secret: token.to_owned(),
        }])
    }

    /// The folder whose disk everything of this machine is on.
    pub(crate) fn folder(&self) -> &Path {
        self.place.path()
    }

    /// A client of the bucket.
    pub(crate) fn client(&self) -> Result<aws_sdk_s3::Client, PipelineError> {
        Ok(clients::s3(&self.s3.config())?)
    }

    /// Tells the program's own commands where site and bucket are.
    pub(crate) fn announce(&mut self, store: &mut Store, addresses: &Addresses) -> io::Result<()> {
        let held = match &mut self.place {
            Place::Held(data_dir) => Some(data_dir),
            Place::Folder(_) | Place::Temporary(_) => store.data_dir.as_mut(),
        };
        held.map_or(Ok(()), |data_dir| data_dir.announce(addresses))
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

impl Place {
    fn path(&self) -> &Path {
        match self {
            Self::Folder(path) => path,
            Self::Held(data_dir) => data_dir.path(),
            Self::Temporary(folder) => folder.path(),
        }
    }

    fn of(options: &Options, store: &Store) -> Result<Self, PipelineError> {
        if let Some(data_dir) = &store.data_dir {
            return Ok(Self::Folder(data_dir.path().to_owned()));
        }
        if options.in_memory {
            return Ok(Self::Temporary(tempfile::tempdir()?));
        }
        let data_dir = DataDir::open(options.store.folder.find()?)?;
        if options.store.start_anew {
            data_dir.begin_anew()?;
        }
        Ok(Self::Held(data_dir))
    }

    fn bucket(
        &self,
        durability: Durability,
        notification: Notification,
        queues: Queues,
    ) -> Result<S3, QueueError> {
        match self {
            Self::Temporary(folder) => S3::temporary(folder.path(), notification, queues),
            Self::Folder(_) | Self::Held(_) => {
                let folder = data_dir::bucket(self.path());
                S3::open(&folder, durability, notification, queues)
            }
        }
    }

    fn queues(&self, durability: Durability) -> Result<Queues, QueueError> {
        match self {
            Self::Temporary(_) => Queues::in_memory(),
            Self::Folder(_) | Self::Held(_) => {
                Queues::on_disk(&data_dir::queues(self.path()), durability)
            }
        }
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
            tracing::error!(error.cause = %error, "messages made no event");
            all
        }
    }
}

fn messages(event: &Value) -> impl Iterator<Item = (&str, &str)> {
    let records = event["Records"].as_array().into_iter().flatten();
    records.filter_map(|record| Some((record["messageId"].as_str()?, record["body"].as_str()?)))
}
