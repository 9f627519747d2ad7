//! A résumé to start from.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::source::FILE;
use super::{NewOptions, PageError};

const DRAFT: &str = include_str!("draft.json");

/// Writes a short résumé into a folder, and says where it is.
///
/// # Errors
/// When there is one already, or the folder takes none.
pub fn new(options: &NewOptions) -> Result<PathBuf, PageError> {
    let path = options.folder.join(FILE);
    let failed = |cause| PageError::Draft {
        path: options.folder.clone(),
        cause,
    };
    fs::create_dir_all(&options.folder).map_err(failed)?;
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        file.write_all(DRAFT.as_bytes())
    };
    match write() {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(PageError::Exists(path)),
        Err(cause) => Err(PageError::Draft { path, cause }),
    }
}
