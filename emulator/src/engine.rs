//! The thread that runs every call: SQLite has one writer, and a disk that is
//! slow must stop no one who asks for something else.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use dynoxide::{Database, DynoxideError, Result};
use tokio::sync::oneshot;

use crate::operations::Operation;

/// What an acknowledged write survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The end of this process, however it ends. When the machine itself
    /// stops, the writes of its last moments may be lost.
    #[default]
    Process,
    /// The machine's stop, too: no answer leaves before its write is on disk.
    PowerLoss,
}

/// Calls answered by one sync at most: it bounds how long the first one waits.
const MAX_BATCH: usize = 512;

/// A way to the thread; when the last is gone, the thread closes the database.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    calls: Sender<Call>,
}

struct Call {
    operation: Operation,
    body: String,
    answer: oneshot::Sender<Result<String>>,
}

impl Engine {
    /// Starts the thread on a database whose calls are answered as they come.
    pub(crate) fn start(database: Database) -> io::Result<(Self, JoinHandle<()>)> {
        Self::spawn(move |calls| {
            while let Ok(call) = calls.recv() {
                // A caller who went away needs no answer.
                let _ = call.answer.send(call.operation.run(&database, &call.body));
            }
        })
    }

    /// Starts the thread on the database in `file`; no call is answered before
    /// what it wrote is on disk.
    ///
    /// A committed transaction is a run of checksummed frames at the end of the
    /// write-ahead log, and recovery takes every complete one, so syncing the
    /// log makes all commits before it last:
    /// <https://www.sqlite.org/walformat.html>. Checkpoints sync by themselves
    /// under `synchronous = NORMAL`.
    pub(crate) fn start_synced(
        database: Database,
        file: &Path,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let log = File::open(log)?;
        // The log's own entry in its folder has to last as well.
        if let Some(folder) = file.parent() {
            File::open(folder)?.sync_all()?;
        }
        Self::spawn(move |calls| group_commit(&database, || log.sync_data(), &calls))
    }

    fn spawn(
        serve: impl FnOnce(Receiver<Call>) + Send + 'static,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let (calls, arrivals) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(move || serve(arrivals))?;
        Ok((Self { calls }, thread))
    }

    /// Runs one operation and gives its answer's JSON.
    pub(crate) async fn run(&self, operation: Operation, body: String) -> Result<String> {
        let (answer, answered) = oneshot::channel();
        let call = Call {
            operation,
            body,
            answer,
        };
        let ended = || {
            let cause = "the store has ended after an error; start it again";
            DynoxideError::InternalServerError(cause.to_owned())
        };
        self.calls.send(call).map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

/// Runs all calls that wait, then syncs once for all of them, then answers.
///
/// A sync that failed ends it for good: the system may have dropped the pages it
/// could not write, and the next sync would say that all is well.
fn group_commit(
    database: &Database,
    mut sync: impl FnMut() -> io::Result<()>,
    calls: &Receiver<Call>,
) {
    while let Ok(first) = calls.recv() {
        let waiting = std::iter::once(first).chain(calls.try_iter().take(MAX_BATCH - 1));
        let mut writes = false;
        let done: Vec<_> = waiting
            .map(|call| {
                writes |= call.operation.writes();
                (call.answer, call.operation.run(database, &call.body))
            })
            .collect();
        if writes && let Err(error) = sync() {
            let cause = format!("a write did not reach the disk: {error}");
            for (answer, _) in done {
                let _ = answer.send(Err(DynoxideError::InternalServerError(cause.clone())));
            }
            return;
        }
        for (answer, outcome) in done {
            // A caller who went away needs no answer.
            let _ = answer.send(outcome);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const CREATE: &str = r#"{"TableName":"things","BillingMode":"PAY_PER_REQUEST",
        "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
        "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#;
    const COUNT: &str = r#"{"TableName":"things","Key":{"id":{"S":"a"}},
        "UpdateExpression":"ADD hits :one","ReturnValues":"UPDATED_NEW",
        "ExpressionAttributeValues":{":one":{"N":"1"}}}"#;

    /// A store whose sync counts its calls, and fails from the given one on.
    fn store(failing_from: usize) -> (Engine, Arc<AtomicUsize>) {
        let syncs = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&syncs);
        let database = Database::memory().unwrap();
        let (engine, _thread) = Engine::spawn(move |calls| {
            let sync = || match count.fetch_add(1, Ordering::SeqCst) {
                n if n + 1 >= failing_from => Err(io::Error::other("the disk is gone")),
                _ => Ok(()),
            };
            group_commit(&database, sync, &calls);
        })
        .unwrap();
        (engine, syncs)
    }

    #[tokio::test]
    async fn every_write_is_answered_after_a_sync_and_a_read_needs_none() {
        let (engine, syncs) = store(usize::MAX);
        engine
            .run(Operation::CreateTable, CREATE.into())
            .await
            .unwrap();
        for expected in 2..5 {
            engine
                .run(Operation::UpdateItem, COUNT.into())
                .await
                .unwrap();
            assert_eq!(syncs.load(Ordering::SeqCst), expected);
        }
        let key = r#"{"TableName":"things","Key":{"id":{"S":"a"}}}"#;
        let item = engine.run(Operation::GetItem, key.into()).await.unwrap();
        assert!(item.contains(r#""hits":{"N":"3"}"#), "{item}");
        assert_eq!(syncs.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn writes_that_wait_share_one_sync() {
        let (engine, syncs) = store(usize::MAX);
        engine
            .run(Operation::CreateTable, CREATE.into())
            .await
            .unwrap();
        let calls = (0..200).map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move { engine.run(Operation::UpdateItem, COUNT.into()).await })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap().unwrap();
        }
        assert!(syncs.load(Ordering::SeqCst) < 200);
    }

    #[tokio::test]
    async fn after_a_failed_sync_nothing_is_acknowledged() {
        let (engine, _syncs) = store(2);
        engine
            .run(Operation::CreateTable, CREATE.into())
            .await
            .unwrap();
        for _ in 0..3 {
            let answer = engine.run(Operation::UpdateItem, COUNT.into()).await;
            assert!(matches!(answer, Err(DynoxideError::InternalServerError(_))));
        }
    }
}
