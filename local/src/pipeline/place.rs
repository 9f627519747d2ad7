//! The folder of files and queues.

use std::io;
use std::path::{Path, PathBuf};

use emulator::{Durability, Notification, QueueError, Queues, S3};
use tempfile::TempDir;

use super::PipelineError;
use crate::Options;
use crate::data_dir::{self, Addresses, DataDir};
use crate::store::Store;
use crate::system::System;

/// The place of files and queues.
#[derive(Debug)]
pub(crate) enum Place {
    /// The data folder, which the store holds.
    Folder(PathBuf),
    /// The data folder, where the store is elsewhere.
    Held(DataDir),
    /// Files alone are too large for memory; they go when this is dropped.
    Temporary(TempDir),
}

impl Place {
    /// Finds it, or makes it; there is none where nothing is kept.
    pub(crate) fn find(options: &Options, store: &Store) -> Result<Option<Self>, PipelineError> {
        if let Some(data_dir) = &store.data_dir {
            return Ok(Some(Self::Folder(data_dir.path().to_owned())));
        }
        if options.in_memory {
            let has_files = options.systems.has(System::Jobs);
            let folder = has_files.then(tempfile::tempdir).transpose()?;
            return Ok(folder.map(Self::Temporary));
        }
        let data_dir = DataDir::open(options.store.folder.find()?)?;
        if options.store.start_anew {
            data_dir.begin_anew()?;
        }
        Ok(Some(Self::Held(data_dir)))
    }

    /// The folder whose disk everything of this machine is on.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Folder(path) => path,
            Self::Held(data_dir) => data_dir.path(),
            Self::Temporary(folder) => folder.path(),
        }
    }

    /// Tells the program's own commands where the site and the bucket are.
    pub(crate) fn announce(&mut self, store: &mut Store, addresses: &Addresses) -> io::Result<()> {
        let held = match self {
            Self::Held(data_dir) => Some(data_dir),
            Self::Folder(_) | Self::Temporary(_) => store.data_dir.as_mut(),
        };
        held.map_or(Ok(()), |data_dir| data_dir.announce(addresses))
    }

    pub(super) fn bucket(
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

    pub(super) fn queues(&self, durability: Durability) -> Result<Queues, QueueError> {
        match self {
            Self::Temporary(_) => Queues::in_memory(),
            Self::Folder(_) | Self::Held(_) => {
                Queues::on_disk(&data_dir::queues(self.path()), durability)
            }
        }
    }
}
