//! A check that the open files are still the ones in the folder: the system
//! takes writes to a removed file without an error.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use platform::file::{FileId, identity};

/// The files of an open database; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    files: Arc<[(PathBuf, FileId)]>,
    missed: Arc<AtomicBool>,
}

/// The data folder is no longer what it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} was removed or replaced while it was in use: put it back as it was, \
     or start resume-counter again"
)]
pub(crate) struct Missing(PathBuf);

impl Presence {
    /// The files as they are now.
    ///
    /// # Errors
    /// When one is not there.
    pub(super) fn new(files: impl IntoIterator<Item = PathBuf>) -> io::Result<Self> {
        let files = files.into_iter().map(|path| {
            let id = identity(&path)?;
            Ok((path, id))
        });
        Ok(Self {
            files: files.collect::<io::Result<_>>()?,
            missed: Arc::default(),
        })
    }

    /// Finds the files again, and logs once when one is missing.
    ///
    /// # Errors
    /// Names the first file that is missing or was replaced.
    pub(crate) fn check(&self) -> Result<(), Missing> {
        let mut files = self.files.iter();
        let missing = files.find(|(path, id)| !identity(path).is_ok_and(|found| found == *id));
        let missed = self.missed.swap(missing.is_some(), Ordering::Relaxed);
        let Some((path, ..)) = missing else {
            if missed {
                tracing::warn!("the data folder is there again");
            }
            return Ok(());
        };
        let error = Missing(path.clone());
        if !missed {
            tracing::error!(error.cause = %error, "nothing can be stored");
        }
        Err(error)
    }
}
