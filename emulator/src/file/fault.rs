//! The faults of a database file, with the way out of each.

use std::io;
use std::path::{Path, PathBuf};

/// The reason why a database is not used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The database existed before.
    #[error("{0} is gone, and this folder has been used. {PUT_BACK} {START_ANEW}")]
    Gone(PathBuf),
    /// The database had content before.
    #[error("{0} is empty, and this folder has been used. {PUT_BACK} {START_ANEW}")]
    Empty(PathBuf),
    /// Another program's file.
    #[error("{0} is no database of resume-counter. {PUT_BACK} {START_ANEW}")]
    Foreign(PathBuf),
    /// A newer program has written it.
    #[error("{0} has layout {1}, which only a newer resume-counter reads: start that one.")]
    Newer(PathBuf, i32),
    /// The last writes are gone.
    #[error("{0} is gone, and with it the last writes. {PUT_BACK} {ACCEPT} {START_ANEW}")]
    LogGone(PathBuf),
    /// Some of the last writes are gone.
    #[error(
        "{0} is damaged, and some of the last writes are lost. {PUT_BACK} {ACCEPT} {START_ANEW}"
    )]
    LogDamaged(PathBuf),
    /// It differs from the file that was closed.
    #[error("{0} was changed since resume-counter closed it. {PUT_BACK} {ACCEPT} {START_ANEW}")]
    Changed(PathBuf),
    /// SQLite finds it broken.
    #[error("{0} is damaged ({1}). {PUT_BACK} {START_ANEW}")]
    Damaged(PathBuf, String),
    /// It cannot be read or written.
    #[error("{0} cannot be used: {1}")]
    Io(PathBuf, io::Error),
}

impl FileError {
    /// True if the file may be set aside, so that its owner can begin anew.
    pub fn is_hopeless(&self) -> bool {
        !matches!(self, Self::Io(..) | Self::Newer(..))
    }
}

const PUT_BACK: &str = "Put a backup of the data folder back \
    (dynamodb.sqlite: with `resume-counter restore FILE`),";
const ACCEPT: &str = "keep what is there with `resume-counter check-data --accept`,";
const START_ANEW: &str = "or begin with an empty one: `resume-counter --start-anew`.";

pub(super) fn failed(file: &Path, error: io::Error) -> FileError {
    FileError::Io(file.to_owned(), error)
}

/// Turns SQLite's error into the fault of the file that it tells of.
pub(crate) fn broken(file: &Path, error: &rusqlite::Error) -> FileError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error.sqlite_error_code() {
        Some(NotADatabase) => FileError::Foreign(file.to_owned()),
        Some(DatabaseCorrupt) => FileError::Damaged(file.to_owned(), one_line(&error.to_string())),
        _ => failed(file, io::Error::other(one_line(&error.to_string()))),
    }
}

/// Joins the lines of SQLite's and the engine's sentences.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ")
}
