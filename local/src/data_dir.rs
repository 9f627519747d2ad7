//! The folder of the counts: found, made, and held by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::Folder;

/// A data folder this process alone uses, until this is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    lock: File,
}

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// The system names no folder for a user's data.
    #[error("no data folder is known for this user: name one with --data-dir")]
    Unknown,
    /// The folder cannot be made, read or written.
    #[error("data folder {path} cannot be used: {error}")]
    Unusable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Another process holds it.
    #[error("data folder {0} is in use by another resume-counter")]
    InUse(PathBuf),
}

impl DataDir {
    /// Takes `path` and makes it if need be, for this user alone.
    pub(crate) fn open(path: PathBuf) -> Result<Self, DataDirError> {
        let lock = prepare(&path).map_err(|error| DataDirError::Unusable {
            path: path.clone(),
            error,
        })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, lock }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(path)),
            Err(TryLockError::Error(error)) => Err(DataDirError::Unusable { path, error }),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn database(&self) -> PathBuf {
        database(&self.path)
    }

    /// Tells other processes where this one listens.
    pub(crate) fn announce(&self, address: SocketAddr) -> io::Result<()> {
        self.lock.set_len(0)?;
        writeln!(&self.lock, "{address}")
    }
}

/// Where the process listens, or listened, that held `folder` last. Nobody asks
/// for the lock to know which: that could keep one from starting.
pub(crate) fn address(folder: &Path) -> Option<SocketAddr> {
    let lock = File::open(folder.join(LOCK)).ok()?;
    let address: SocketAddr = io::read_to_string(lock).ok()?.trim().parse().ok()?;
    Some(match address.ip() {
        // All addresses of the machine, of which this is one.
        ip if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        _ => address,
    })
}

/// The file of the queues in a data folder.
pub(crate) fn queues(folder: &Path) -> PathBuf {
    folder.join("queues.sqlite")
}

const LOCK: &str = "resume-counter.lock";

impl Folder {
    /// The folder that is named, or the user's own data folder.
    pub(crate) fn find(&self) -> Result<PathBuf, DataDirError> {
        let default = || dirs::data_dir().map(|folder| folder.join("resume-counter"));
        let named = self.data_dir.clone();
        named.or_else(default).ok_or(DataDirError::Unknown)
    }
}

/// Where the built-in store is kept in a folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite")
}

/// Makes `path`, for this user alone, where it is not there.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if let Some(parent) = path.parent().filter(|parent| parent.is_dir()) {
        // A folder that was just made has to outlast a power loss, too.
        File::open(parent)?.sync_all()?;
    }
    Ok(())
}

fn prepare(path: &Path) -> io::Result<File> {
    make(path)?;
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path.join(LOCK))
}
