//! The place of a database file, which another file may take.

use std::fs;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use super::{beside, mark};

/// Moves a database that is not used, SQLite's files beside it, and its mark into
/// `folder`.
///
/// # Errors
/// The disk's.
pub(crate) fn set_aside(file: &Path, folder: &Path) -> io::Result<()> {
    move_files(file, folder)?;
    let name = file.file_name().unwrap_or_default();
    move_if_there(&mark::path(file), &beside(&folder.join(name), "-mark"))
}

/// Puts `draft` in the place of a database that is not used, whose files it moves
/// into `folder`. The mark stays meanwhile: a start that finds no database then
/// refuses to begin anew.
///
/// # Errors
/// The disk's.
pub(crate) fn replace(file: &Path, draft: NamedTempFile, folder: &Path) -> io::Result<()> {
    move_files(file, folder)?;
    draft.persist(file).map_err(|error| error.error)?;
    file.parent().map_or(Ok(()), |folder| {
        fs::File::open(folder).and_then(|folder| folder.sync_all())
    })
}

fn move_files(file: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let moved = folder.join(file.file_name().unwrap_or_default());
    move_if_there(file, &moved)?;
    move_if_there(&beside(file, "-wal"), &beside(&moved, "-wal"))?;
    move_if_there(&beside(file, "-shm"), &beside(&moved, "-shm"))
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
