//! The folder of the counts: found, made, and held by one process at a time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use backend::dynamodb::AccessKey;
use emulator::{DatabaseFile, FileError};
use jiff::Timestamp;
use platform::file::{create_private_dir, is_writable_by_all, private, sync_dir};

use crate::{Folder, token};

/// A data folder this process alone uses, until this is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    _lock: File,
    /// Locked for as long as the announced addresses are true.
    announcement: Option<File>,
}

/// The addresses of a running program.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The address of site and API.
    pub(crate) site: SocketAddr,
    /// The address of the bucket, where there is one.
    pub(crate) bucket: Option<SocketAddr>,
    /// The address of the tables for the program's own commands, and the key that opens
    /// them.
    pub(crate) tables: Option<(SocketAddr, AccessKey)>,
}

/// A reason why a data folder cannot be used.
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
        /// The system's error.
        error: io::Error,
    },
    /// It is something else.
    #[error("data folder {0} cannot be used: it is a file, and no folder")]
    File(PathBuf),
    /// There is none.
    #[error("data folder {0} cannot be used: there is no such folder")]
    Missing(PathBuf),
    /// Another user could change what is in it.
    #[error("data folder {0} can be written by every user of this machine: `chmod o-w` it first")]
    Open(PathBuf),
    /// Another process holds it.
    #[error("data folder {0} is in use by another resume-counter")]
    InUse(PathBuf),
    /// Its content is not there.
    #[error(transparent)]
    Lost(#[from] FileError),
}

impl DataDir {
    /// Takes `path` and makes it if need be, for this user alone.
    pub(crate) fn open(path: PathBuf) -> Result<Self, DataDirError> {
        let unusable = |error| DataDirError::Unusable {
            path: path.clone(),
            error,
        };
        if path.is_file() {
            return Err(DataDirError::File(path));
        }
        make(&path).map_err(unusable)?;
        if is_writable_by_all(&path).map_err(unusable)? {
            return Err(DataDirError::Open(path));
        }
        if is_synchronised(&path) {
            tracing::warn!(
                folder = %path.display(),
                "the data folder is copied elsewhere by another program, and a database that \
                 is copied while it is written may be damaged there: name another with --data-dir"
            );
        }
        if platform::disk::is_remote(&path) {
            tracing::warn!(
                folder = %path.display(),
                "the data folder is on a network drive or one that a program provides, where a \
                 database's locks may not hold and it may be damaged: name another with --data-dir"
            );
        }
        let lock = open_private(&path.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path,
                _lock: lock,
                announcement: None,
            }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(path)),
            Err(TryLockError::Error(error)) => Err(DataDirError::Unusable { path, error }),
        }
    }

    /// Takes a folder that has to be there.
    pub(crate) fn open_existing(path: PathBuf) -> Result<Self, DataDirError> {
        match path.exists() {
            true => Self::open(path),
            false => Err(DataDirError::Missing(path)),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The databases that may be in it.
    pub(crate) fn databases(&self) -> [DatabaseFile; 3] {
        [
            DatabaseFile::tables(database(&self.path)),
            DatabaseFile::queues(queues(&self.path)),
            DatabaseFile::bucket(&bucket(&self.path)),
        ]
    }

    /// Moves what cannot be used into a folder beside it, and names that; the
    /// rest stays.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn begin_anew(&self) -> Result<(), DataDirError> {
        let aside = self.aside();
        for database in self.databases() {
            match database.check() {
                Err(cause) if cause.is_hopeless() => {
                    tracing::warn!(
                        file = %database.path().display(),
                        folder = %aside.display(),
                        "a database that cannot be used was moved into this folder, and an empty one \
                         takes its place"
                    );
                    database
                        .set_aside(&aside)
                        .map_err(|error| DataDirError::Unusable {
                            path: self.path.clone(),
                            error,
                        })?;
                }
                outcome => outcome?,
            }
        }
        if !self.path.join(MARKS).exists() {
            // Nothing is left that says that there was something.
            let made = fs::create_dir(self.path.join(MARKS));
            made.map_err(|error| DataDirError::Unusable {
                path: self.path.clone(),
                error,
            })?;
        }
        Ok(())
    }

    /// The folder that is made for what is moved out of the way now.
    pub(crate) fn aside(&self) -> PathBuf {
        let now = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        self.path.join(format!("set-aside-{now}"))
    }

    /// Refuses to begin without tables where an owner's token says that there were
    /// some: programs before this one left no marks.
    ///
    /// # Errors
    /// Where it is so.
    pub(crate) fn refuse_lost_tables(&self) -> Result<(), FileError> {
        let was_used = self.path.join(token::FILE).exists();
        if !was_used || self.path.join(MARKS).exists() {
            return Ok(());
        }
        let path = database(&self.path);
        match fs::metadata(&path) {
            Ok(file) if file.len() == 0 => Err(FileError::Empty(path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(FileError::Gone(path)),
            _ => Ok(()),
        }
    }

    /// Tells other processes where this one listens, until it ends, however it
    /// does.
    pub(crate) fn announce(&mut self, addresses: &Addresses) -> io::Result<()> {
        let Addresses {
            site,
            bucket,
            tables,
        } = addresses;
        let mut file = open_private(&self.path.join(ADDRESSES))?;
        file.set_len(0)?;
        let bucket = bucket.map_or_else(String::new, |address| address.to_string());
        write!(file, "{site}\n{bucket}\n")?;
        if let Some((address, AccessKey { id, secret })) = tables {
            write!(file, "{address}\n{id}\n{secret}\n")?;
        }
        // A file of its own: on Windows nobody else reads a file that is locked.
        let lock = open_private(&self.path.join(ANNOUNCED))?;
        // Whoever looks holds it for a moment.
        lock.lock()?;
        self.announcement = Some(lock);
        Ok(())
    }
}

/// The addresses of the program that runs with `folder`, if one does. The system
/// unlocks a file whose process has ended, so nobody is sent to a port that
/// somebody else has taken since.
pub(crate) fn addresses(folder: &Path) -> Option<Addresses> {
    let lock = File::open(folder.join(ANNOUNCED)).ok()?;
    match lock.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {}
        Ok(()) | Err(TryLockError::Error(_)) => return None,
    }
    let text = fs::read_to_string(folder.join(ADDRESSES)).ok()?;
    let mut lines = text.lines();
    let address = |line: &str| Some(reachable(line.parse().ok()?));
    let (site, bucket) = (address(lines.next()?)?, address(lines.next()?));
    let tables = lines.next().and_then(|line| {
        let key = AccessKey {
            id: lines.next()?.to_owned(),
            secret: lines.next()?.to_owned(),
        };
        Some((address(line)?, key))
    });
    Some(Addresses {
        site,
        bucket,
        tables,
    })
}

/// An address to connect to: to listen on all of them includes this one.
pub(crate) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}

/// Tells whether `file` is one that a program keeps in `folder`, where no other file may
/// take its place.
pub(crate) fn is_own(folder: &Path, file: &Path) -> bool {
    let own = [
        database(folder),
        queues(folder),
        folder.join(token::FILE),
        folder.join(ADDRESSES),
    ];
    let file = file.canonicalize();
    file.is_ok_and(|file| {
        own.iter()
            .any(|own| own.canonicalize().is_ok_and(|own| own == file))
    })
}

/// The folder of the bucket in a data folder.
pub(crate) fn bucket(folder: &Path) -> PathBuf {
    folder.join("buckets")
}

/// The file of the queues in a data folder.
pub(crate) fn queues(folder: &Path) -> PathBuf {
    folder.join("queues.sqlite")
}

/// The folders that are kept the same on several machines, by the start of their names.
const SYNCHRONISED: [&str; 6] = [
    "OneDrive",
    "Dropbox",
    "Google Drive",
    "GoogleDrive",
    "iCloudDrive",
    "Mobile Documents",
];

fn is_synchronised(path: &Path) -> bool {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    whole.components().any(|folder| {
        let name = folder.as_os_str().to_string_lossy();
        SYNCHRONISED.iter().any(|start| name.starts_with(start))
    })
}

const LOCK: &str = "resume-counter.lock";
const ADDRESSES: &str = "addresses";
const ANNOUNCED: &str = "addresses.lock";
/// The folder in which the emulator keeps what it knows of its files.
const MARKS: &str = "marks";

impl Folder {
    /// The folder that is named, or the user's own data folder.
    pub(crate) fn find(&self) -> Result<PathBuf, DataDirError> {
        let default = || dirs::data_dir().map(|folder| folder.join("resume-counter"));
        let named = self.data_dir.clone();
        named.or_else(default).ok_or(DataDirError::Unknown)
    }
}

/// The file of the built-in store in a folder.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite")
}

/// Makes `path`, for this user alone, where it is not there.
pub(crate) fn make(path: &Path) -> io::Result<()> {
    create_private_dir(path)?;
    if let Some(parent) = path.parent().filter(|parent| parent.is_dir()) {
        // A folder that was just made has to outlast a power loss, too.
        sync_dir(parent)?;
    }
    Ok(())
}

/// Opens a file for this user alone, and makes it where it is not there.
fn open_private(path: &Path) -> io::Result<File> {
    private()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}
