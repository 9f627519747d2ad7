//! The databases of a data folder, checked while nobody uses them.

use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::FileError;
use crate::file::{self, Kind};
use crate::{engine, queues, s3};

/// One of the databases that a program keeps in its data folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFile {
    path: PathBuf,
    kind: Kind,
    /// The folder that belongs to the database, and is of no use without it.
    belongings: Option<PathBuf>,
}

impl DatabaseFile {
    /// The tables, in `path`.
    pub fn tables(path: PathBuf) -> Self {
        Self {
            path,
            kind: engine::KIND,
            belongings: None,
        }
    }

    /// The queues, in `path`.
    pub fn queues(path: PathBuf) -> Self {
        Self {
            path,
            kind: queues::KIND,
            belongings: None,
        }
    }

    /// The index of the bucket in `folder`.
    pub fn bucket(folder: &Path) -> Self {
        Self {
            path: folder.join(s3::INDEX),
            kind: s3::KIND,
            belongings: Some(folder.join(s3::OBJECTS)),
        }
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Checks pages, trees, and indexes against their tables. A database that never
    /// existed is whole.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), FileError> {
        file::examine(&self.path, self.kind)
    }

    /// Checks the database, and accepts it although it changed since it was
    /// closed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn accept(&self) -> Result<(), FileError> {
        file::accept(&self.path, self.kind)
    }

    /// Checks `draft`, a copy of such a database, and puts it in the database's place.
    /// Moves the files that were there into `aside`.
    ///
    /// # Errors
    /// What is wrong with the copy, and the disk's.
    pub fn replace(&self, draft: NamedTempFile, aside: &Path) -> Result<(), FileError> {
        let failed = |error| FileError::Io(self.path.clone(), error);
        let copy = draft.path().to_owned();
        if draft.as_file().metadata().map_err(failed)?.len() == 0 {
            return Err(FileError::Foreign(copy));
        }
        file::examine_copy(&copy, self.kind)?;
        draft.as_file().sync_all().map_err(failed)?;
        file::replace(&self.path, draft, aside).map_err(failed)?;
        self.accept()
    }

    /// Moves the database, and the folder that belongs to it, into `folder`.
    ///
    /// # Errors
    /// The disk's.
    pub fn set_aside(&self, folder: &Path) -> io::Result<()> {
        file::set_aside(&self.path, folder)?;
        match &self.belongings {
            Some(belongings) if belongings.exists() => {
                let name = belongings.file_name().unwrap_or_default();
                std::fs::rename(belongings, folder.join(name))
            }
            _ => Ok(()),
        }
    }
}
