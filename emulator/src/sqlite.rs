//! A SQLite database of our own, whose calls run beside the asynchronous tasks.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::MutexGuard;

use crate::Durability;
use crate::file::{FileError, Guard, Kind, Missing, broken};

/// A connection; clones share it, and the last closes the file.
#[derive(Clone, Debug)]
pub(crate) struct Database(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Held by whoever's work is next: a thread is taken for one at a time.
    turn: tokio::sync::Mutex<()>,
    connection: Mutex<Option<Connection>>,
    guard: Option<Guard>,
}

/// The right to be the next to use a database.
pub(crate) struct Turn<'a>(#[expect(dead_code, reason = "it is held")] MutexGuard<'a, ()>);

/// The reason why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file is unusable, or has changed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file was removed or replaced.
    #[error("{0}")]
    Missing(String),
    /// SQLite's.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The system's.
    #[error("a file of the data folder cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

impl From<Missing> for DatabaseError {
    fn from(missing: Missing) -> Self {
        Self::Missing(missing.to_string())
    }
}

type Result<T> = std::result::Result<T, DatabaseError>;

impl Database {
    /// A database that ends with this process.
    pub(crate) fn in_memory(schema: &str) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(schema)?;
        Ok(Self::new(connection, None))
    }

    /// The database in `file`, which is made if it never existed.
    pub(crate) fn open(
        file: &Path,
        kind: Kind,
        schema: &str,
        durability: Durability,
    ) -> Result<Self> {
        let synchronous = match durability {
            Durability::Process => "NORMAL",
            Durability::PowerLoss => "FULL",
        };
        let open = || {
            let connection = connect(file, schema)?;
            connection.pragma_update(None, "synchronous", synchronous)?;
            Ok(connection)
        };
        let open = || open().map_err(|error: rusqlite::Error| broken(file, &error));
        let (guard, connection, _keeper) = Guard::open(file, kind, open)?;
        Ok(Self::new(connection, Some(guard)))
    }

    /// The database in `file`, which another process may use.
    pub(crate) fn beside(file: &Path, schema: &str) -> Result<Self> {
        let open = || {
            let connection = connect(file, schema)?;
            // The log is for the process that uses the database, now or later.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            Ok(connection)
        };
        let connection = open().map_err(|error: rusqlite::Error| broken(file, &error))?;
        Ok(Self::new(connection, None))
    }

    fn new(connection: Connection, guard: Option<Guard>) -> Self {
        Self(Arc::new(Shared {
            turn: tokio::sync::Mutex::new(()),
            connection: Mutex::new(Some(connection)),
            guard,
        }))
    }

    /// Runs `work` beside the asynchronous tasks. A file that was removed
    /// meanwhile is an error.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn().await;
        self.run_in(turn, work).await
    }

    /// Waits until it is the caller's turn.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        Turn(self.0.turn.lock().await)
    }

    /// Runs `work` in the caller's turn.
    pub(crate) async fn run_in<T: Send + 'static>(
        &self,
        _turn: Turn<'_>,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let database = self.clone();
        let work = tokio::task::spawn_blocking(move || database.run_now(work));
        work.await.map_err(io::Error::other)?
    }

    /// The same, for callers that may block.
    pub(crate) fn run_now<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let connection = self.0.connection.lock();
        // SQLite has rolled back the work of a call that panicked.
        let mut connection = connection.unwrap_or_else(PoisonError::into_inner);
        let connection = connection.as_mut().ok_or(rusqlite::Error::InvalidQuery)?;
        let done = work(connection)?;
        if let Some(guard) = &self.0.guard {
            guard.presence.check()?;
        }
        Ok(done)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let connection = self.connection.get_mut();
        let connection = connection.unwrap_or_else(PoisonError::into_inner).take();
        let Some(guard) = self.guard.take() else {
            return;
        };
        if let Err(error) = guard.close(|| drop(connection)) {
            tracing::warn!(error.cause = %error, "a database was not closed well");
        }
    }
}

fn connect(file: &Path, schema: &str) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.execute_batch(schema)?;
    Ok(connection)
}
