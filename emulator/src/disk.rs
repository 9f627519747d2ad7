//! Group commit: one `fsync` answers every write that was waiting for it.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::oneshot;

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

type Waiter = oneshot::Sender<Result<(), Arc<io::Error>>>;

/// Puts SQLite's write-ahead log on disk, for all who wait at once.
///
/// A committed transaction is a run of checksummed frames at the log's end, and
/// recovery takes every complete one, so syncing the log makes all commits
/// before it last: <https://www.sqlite.org/walformat.html>. Checkpoints sync
/// by themselves under `synchronous = NORMAL`.
#[derive(Debug)]
pub(crate) struct Disk {
    waiters: mpsc::Sender<Waiter>,
}

impl Disk {
    /// Watches the log of the open database `file`.
    pub(crate) fn open(file: &Path) -> io::Result<Self> {
        let log = File::open(log_path(file))?;
        // The log's own entry in its folder has to last as well.
        if let Some(folder) = file.parent() {
            File::open(folder)?.sync_all()?;
        }
        let (waiters, arrivals) = mpsc::channel();
        thread::Builder::new()
            .name("group-commit".to_owned())
            .spawn(move || sync_for_all(&log, &arrivals))?;
        Ok(Self { waiters })
    }

    /// Returns once all that was written before the call is on disk.
    pub(crate) async fn flush(&self) -> io::Result<()> {
        let (waiter, done) = oneshot::channel();
        let gone = || io::Error::other("the thread that writes to disk has ended");
        self.waiters.send(waiter).map_err(|_| gone())?;
        done.await
            .map_err(|_| gone())?
            .map_err(|error| io::Error::new(error.kind(), error))
    }
}

fn sync_for_all(log: &File, arrivals: &mpsc::Receiver<Waiter>) {
    while let Ok(first) = arrivals.recv() {
        let waiting: Vec<Waiter> = std::iter::once(first).chain(arrivals.try_iter()).collect();
        let outcome = log.sync_data().map_err(Arc::new);
        for waiter in waiting {
            // A caller who went away needs no answer.
            let _ = waiter.send(outcome.clone());
        }
    }
}

fn log_path(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push("-wal");
    PathBuf::from(name)
}
