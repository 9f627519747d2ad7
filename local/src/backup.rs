//! `resume-counter backup` and `restore`: the tables as one file.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::Args;
use emulator::{FileError, back_up};
use tempfile::NamedTempFile;

use crate::data_dir::{self, DataDir, DataDirError};
use crate::store::{Store, StoreError};
use crate::{Folder, StoreOptions};

/// The options of a backup.
#[derive(Clone, Debug, Args)]
pub struct BackupOptions {
    /// File to write. One that is there is replaced once the copy is whole.
    pub file: PathBuf,

    /// The tables.
    #[command(flatten)]
    pub store: StoreOptions,
}

/// The options of a restoration.
#[derive(Clone, Debug, Args)]
pub struct RestoreOptions {
    /// File that a backup wrote.
    pub file: PathBuf,

    /// The data folder.
    #[command(flatten)]
    pub folder: Folder,
}

/// The reason why there is no backup, or it is not in its place.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store is not in a folder.
    #[error("a store elsewhere has backups of its own: this copies the one in the data folder")]
    Elsewhere,
    /// The copy would take the place of what it copies.
    #[error("{0} is in use by resume-counter itself: name another file for the backup")]
    Own(PathBuf),
    /// It is something else.
    #[error("{0} is no backup: name a file that `resume-counter backup` wrote")]
    NoBackup(PathBuf),
    /// It cannot be restored.
    #[error("{0} is damaged ({1}): name another backup")]
    Damaged(PathBuf, String),
    /// The folder is unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
}

/// Copies the tables, also while a program uses them, without the salts of visitors:
/// a deleted one must not come back.
///
/// # Errors
/// The disk's.
pub async fn backup(options: &BackupOptions) -> Result<(), BackupError> {
    let BackupOptions { file, store } = options;
    if store.remote().is_some() {
        return Err(BackupError::Elsewhere);
    }
    let folder = store.folder.find().map_err(BackupError::from)?;
    if data_dir::is_own(&folder, file) {
        return Err(BackupError::Own(file.clone()));
    }
    let without = [store.salts_table.as_str()];
    let copy = || back_up(&data_dir::database(&folder), file, &without);
    if data_dir::addresses(&folder).is_some() {
        return Ok(copy()?);
    }
    // Opening it brings what a program that was killed has left into order.
    let opened = Store::open_existing(store).await?;
    let copied = copy();
    opened.close().await;
    Ok(copied?)
}

/// Puts a backup in the place of the tables of a folder, and gives the folder that
/// those were moved into.
///
/// # Errors
/// Where the file is no backup, a program uses the folder, and the disk's.
pub fn restore(options: &RestoreOptions) -> Result<PathBuf, BackupError> {
    let data_dir = DataDir::open(options.folder.find()?)?;
    let failed = |error| BackupError::File(FileError::Io(options.file.clone(), error));
    // On the disk of the folder, so that it gets its name in one step.
    let draft = NamedTempFile::new_in(data_dir.path()).map_err(failed)?;
    let mut backup = fs::File::open(&options.file).map_err(failed)?;
    io::copy(&mut backup, &mut draft.as_file()).map_err(failed)?;
    let aside = data_dir.aside();
    let [tables, ..] = data_dir.databases();
    let file = || options.file.clone();
    match tables.replace(draft, &aside) {
        Ok(()) => Ok(aside),
        Err(FileError::Foreign(_)) => Err(BackupError::NoBackup(file())),
        Err(FileError::Damaged(_, cause)) => Err(BackupError::Damaged(file(), cause)),
        Err(FileError::Newer(_, layout)) => Err(FileError::Newer(file(), layout).into()),
        Err(other) => Err(other.into()),
    }
}
