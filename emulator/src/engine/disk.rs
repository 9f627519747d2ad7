//! The files of a database in use: synced, watched, and kept small.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dynoxide::Database;
use rusqlite::Connection;

use crate::Durability;
use crate::file::{FileError, Guard, Kind, Presence, beside, broken};

/// The database of the tables.
pub(crate) const KIND: Kind = Kind {
    application: 0x5243_6462,
    layout: 1,
    table: "_tables",
    is_shared: false,
};

/// A longer log is cut as soon as nobody reads it. SQLite itself moves it into
/// the database from 16 MB on, and leaves the file as long as it was.
const MAX_LOG_BYTES: u64 = 64 * 1024 * 1024;

type Sync = Box<dyn FnMut() -> io::Result<()> + Send>;

/// The files.
pub(crate) struct Disk {
    guard: Guard,
    /// A second connection, for statements that the engine has no call for.
    keeper: Connection,
    log: PathBuf,
    sync: Option<Sync>,
    /// True if the log holds deleted data, or a reader kept it from being emptied.
    is_overdue: bool,
}

impl Disk {
    /// Opens the database in `file`.
    pub(crate) fn open(file: &Path, durability: Durability) -> Result<(Database, Self), FileError> {
        let failed = |error| FileError::Io(file.to_owned(), error);
        let path = file.to_str();
        let path = path.ok_or_else(|| failed(io::Error::other("its path is not UTF-8")))?;
        let open = || {
            let database = Database::new(path)?;
            // Sets `PRAGMA synchronous = NORMAL`, for which the engine has no
            // other call: a commit then ends in the system's cache, which
            // outlives this process.
            database.disable_bulk_loading()?;
            Ok(database)
        };
        let open = || {
            open().map_err(|error: dynoxide::DynoxideError| {
                let cause = crate::file::one_line(&error.to_string());
                failed(io::Error::other(cause))
            })
        };
        let (guard, database, keeper) = Guard::open(file, KIND, open)?;
        // Whoever reads meanwhile is not waited for: the calls wait behind it.
        let patience = keeper.busy_timeout(Duration::ZERO);
        patience.map_err(|error| broken(file, &error))?;
        let log = beside(file, "-wal");
        let sync = match durability {
            Durability::Process => None,
            Durability::PowerLoss => Some(syncing(&log).map_err(failed)?),
        };
        let disk = Self {
            guard,
            keeper,
            log,
            sync,
            is_overdue: false,
        };
        Ok((database, disk))
    }

    pub(super) fn syncs(&self) -> bool {
        self.sync.is_some()
    }

    /// Makes all writes survive a power loss, if that was promised.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.sync.as_mut().map_or(Ok(()), |sync| sync())
    }

    pub(super) fn presence(&self) -> &Presence {
        &self.guard.presence
    }

    pub(crate) fn seen(&self) -> Option<i64> {
        self.guard.seen()
    }

    pub(super) fn see(&mut self, seconds: i64) -> Result<(), FileError> {
        self.guard.see(seconds)
    }

    /// Has the log emptied at the next look: what was deleted is in it.
    pub(super) fn overwrite_soon(&mut self) {
        self.is_overdue = true;
    }

    /// Cuts a log that has grown, as it does while another program reads.
    pub(super) fn bound_log(&mut self) -> rusqlite::Result<()> {
        let length = fs::metadata(&self.log).map_or(0, |log| log.len());
        if length > MAX_LOG_BYTES || self.is_overdue {
            self.empty_log()
        } else {
            Ok(())
        }
    }

    /// Moves the log into the database, which overwrites deleted data there,
    /// and leaves it empty. While somebody reads, that is left for a later
    /// call.
    pub(super) fn empty_log(&mut self) -> rusqlite::Result<()> {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy = self.keeper.query_row(checkpoint, (), |row| row.get(0));
        self.is_overdue = is_busy?;
        Ok(())
    }

    /// Closes the files.
    pub(super) fn close(self, database: Database) {
        let Self { guard, keeper, .. } = self;
        let closed = guard.close(|| {
            drop(database);
            drop(keeper);
        });
        if let Err(error) = closed {
            tracing::warn!(error.cause = %error, "the store was not closed well");
        }
    }

    #[cfg(test)]
    pub(super) fn with_sync(mut self, sync: Sync) -> Self {
        self.sync = Some(sync);
        self
    }
}

/// Syncs the log.
///
/// A committed transaction is a run of checksummed frames at the end of the
/// write-ahead log, and recovery takes every complete one, so syncing the log
/// makes all commits before it last: <https://www.sqlite.org/walformat.html>.
/// Checkpoints sync by themselves under `synchronous = NORMAL`.
fn syncing(log: &Path) -> io::Result<Sync> {
    let log = File::open(log)?;
    Ok(Box::new(move || log.sync_data()))
}
