//! The thread that runs every call: SQLite has one writer, and a slow disk must
//! not stop anything else in the process.

use std::io;
use std::mem::ManuallyDrop;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dynoxide::{Database, DynoxideError, Result};
use tokio::sync::{oneshot, watch};

use crate::new_items::NewItems;
use crate::operations::Operation;
use crate::throughput::Throughput;

mod disk;
mod health;

pub(crate) use disk::{Disk, KIND};
pub use health::Health;
use health::Pulse;

/// The failures that an acknowledged write survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Any end of this process. When the machine itself stops, the writes of its last
    /// moments may be lost.
    #[default]
    Process,
    /// The machine's stop, too: no answer leaves before its write is on disk.
    PowerLoss,
}

/// The most calls that one sync serves: it bounds the first one's wait.
const MAX_BATCH: usize = 512;

/// The time between two checks of the files, with or without calls.
const LOOK_INTERVAL: Duration = Duration::from_secs(2);

/// A handle of the thread.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    orders: Sender<Order>,
    health: watch::Receiver<Health>,
}

enum Order {
    Run(Call),
    /// Overwrites deleted data in the files now.
    Overwrite,
    /// Keeps the latest time that is believed, in seconds since 1970.
    See(i64),
    End,
}

struct Call {
    operation: Operation,
    body: String,
    answer: oneshot::Sender<Result<String>>,
}

impl Engine {
    /// Starts the thread on a database that is in memory, or in the files of
    /// `disk`.
    pub(crate) fn start(
        database: Database,
        disk: Option<Disk>,
        throughput: Throughput,
    ) -> io::Result<(Self, JoinHandle<()>)> {
        let (orders, arrivals) = mpsc::channel();
        let (pulse, health) = Pulse::new();
        let worker = Worker {
            database: ManuallyDrop::new(database),
            disk: ManuallyDrop::new(disk),
            throughput,
            new_items: NewItems::default(),
            orders: arrivals,
            pulse,
        };
        let thread = thread::Builder::new()
            .name("dynamodb".to_owned())
            .spawn(move || worker.work())?;
        Ok((Self { orders, health }, thread))
    }

    /// Returns the store's health as it changes.
    pub(crate) fn health(&self) -> watch::Receiver<Health> {
        self.health.clone()
    }

    /// Makes the thread close the database, after the calls that came before.
    pub(crate) fn end(&self) {
        // It may have ended already, here and below.
        let _ = self.orders.send(Order::End);
    }

    /// Makes the thread overwrite deleted data.
    pub(crate) fn overwrite(&self) {
        let _ = self.orders.send(Order::Overwrite);
    }

    /// Makes the thread keep a time that is believed.
    pub(crate) fn see(&self, seconds: i64) {
        let _ = self.orders.send(Order::See(seconds));
    }

    /// Runs one operation and gives its answer's JSON.
    pub(crate) async fn run(&self, operation: Operation, body: String) -> Result<String> {
        let (answer, answered) = oneshot::channel();
        let call = Call {
            operation,
            body,
            answer,
        };
        let ended = || unavailable("the store has ended; start resume-counter again");
        self.orders.send(Order::Run(call)).map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }
}

/// The state of the thread.
///
/// Only a good end closes the files. After a panic or a failed sync they stay as a
/// kill would leave them: to close them would remove the log that the next start
/// asks for.
struct Worker {
    database: ManuallyDrop<Database>,
    disk: ManuallyDrop<Option<Disk>>,
    throughput: Throughput,
    new_items: NewItems,
    orders: Receiver<Order>,
    pulse: Pulse,
}

impl Worker {
    fn work(mut self) {
        let syncs = self.disk.as_ref().is_some_and(Disk::syncs);
        let max_batch = if syncs { MAX_BATCH } else { 1 };
        let mut next_look = Instant::now() + LOOK_INTERVAL;
        loop {
            let patience = next_look.saturating_duration_since(Instant::now());
            let first = match self.orders.recv_timeout(patience) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Order::End),
            };
            let mut calls = Vec::new();
            let mut last = None;
            for order in first.into_iter().chain(self.orders.try_iter()) {
                match order {
                    Order::Run(call) => calls.push(call),
                    other => last = Some(other),
                }
                if last.is_some() || calls.len() >= max_batch {
                    break;
                }
            }
            if let Err(cause) = self.answer(calls) {
                tracing::error!(error.cause = cause, "the store has ended");
                return self.pulse.end(cause);
            }
            match last {
                Some(Order::End) => break,
                Some(Order::Overwrite) => self.with_disk(Disk::empty_log),
                Some(Order::See(seconds)) => self.with_disk(|disk| disk.see(seconds)),
                Some(Order::Run(_)) | None => {}
            }
            if Instant::now() >= next_look {
                self.look();
                next_look = Instant::now() + LOOK_INTERVAL;
            }
        }
        let Self { database, disk, .. } = self;
        let database = ManuallyDrop::into_inner(database);
        match ManuallyDrop::into_inner(disk) {
            Some(disk) => disk.close(database),
            None => drop(database),
        }
    }

    /// Runs all calls, then syncs their writes, then answers.
    ///
    /// A failed sync ends the thread for good: the system may have dropped the
    /// pages it could not write, and the next sync would still succeed.
    fn answer(&mut self, calls: Vec<Call>) -> std::result::Result<(), String> {
        let (mut writes, mut deletes) = (false, false);
        // A caller who went away gets no answer, and those who wait get theirs sooner.
        let wanted = calls.into_iter().filter(|call| !call.answer.is_closed());
        let done: Vec<_> = wanted
            .map(|call| {
                writes |= call.operation.writes();
                deletes |= call.operation.deletes(&call.body);
                let done = self.run(call.operation, &call.body);
                (call.answer, done)
            })
            .collect();
        if deletes && let Some(disk) = &mut *self.disk {
            disk.overwrite_soon();
        }
        let mut outcome = Ok(());
        let mut refusal = None;
        if writes && let Some(disk) = &mut *self.disk {
            if let Err(error) = disk.sync() {
                let cause = format!("a write did not reach the disk: {error}");
                refusal = Some(cause.clone());
                outcome = Err(cause);
            } else if let Err(missing) = disk.presence().check() {
                refusal = Some(missing.to_string());
                self.pulse.fail(missing.to_string());
            }
        }
        for (answer, done) in done {
            let done = match &refusal {
                None => done,
                Some(cause) => Err(unavailable(cause)),
            };
            // A caller who went away needs no answer.
            let _ = answer.send(done);
        }
        outcome
    }

    fn run(&mut self, operation: Operation, body: &str) -> Result<String> {
        let may_be_new = operation == Operation::TransactWriteItems;
        if may_be_new && self.throughput.is_unlimited() && self.new_items.put(&self.database, body)
        {
            return Ok("{}".to_owned());
        }
        self.throughput.run(operation, &self.database, body)
    }

    /// Checks the files, and cuts the log if it is long.
    fn look(&mut self) {
        let Some(disk) = &mut *self.disk else {
            return;
        };
        match disk.presence().check() {
            Ok(()) => self.pulse.recover(),
            Err(missing) => self.pulse.fail(missing.to_string()),
        }
        self.with_disk(Disk::bound_log);
    }

    fn with_disk<E: std::error::Error>(
        &mut self,
        work: impl FnOnce(&mut Disk) -> std::result::Result<(), E>,
    ) {
        if let Some(disk) = &mut *self.disk
            && let Err(error) = work(disk)
        {
            tracing::warn!(
                error.cause = %error,
                "the store's log could not be emptied, or its time not kept"
            );
        }
    }
}

fn unavailable(cause: &str) -> DynoxideError {
    DynoxideError::InternalServerError(cause.to_owned())
}

#[cfg(test)]
mod tests;
