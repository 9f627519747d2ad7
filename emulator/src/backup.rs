//! A copy of the tables while they are in use: it holds every write that was
//! answered before it began, and no half of one.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use tempfile::NamedTempFile;

use crate::FileError;
use crate::file::broken;

/// Copies the tables in `file` to `copy`, whole or not at all, without the items of the
/// tables `without`. It runs beside the program that writes the tables, and neither
/// waits for the other.
///
/// # Errors
/// The disk's, and the database's.
pub fn back_up(file: &Path, copy: &Path, without: &[&str]) -> Result<(), FileError> {
    let failed = |error| FileError::Io(copy.to_owned(), error);
    let folder = match copy.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Only the owner may read the copy, like the tables.
    let draft = NamedTempFile::new_in(folder).map_err(|error| failed(without_draft(&error)))?;
    let path = draft.path().to_str();
    let path = path.ok_or_else(|| failed(io::Error::other("its path is not UTF-8")))?;
    copy_into(file, path).map_err(|error| broken(file, &error))?;
    leave_out(path, without).map_err(|error| broken(copy, &error))?;
    draft.as_file().sync_all().map_err(failed)?;
    let kept = draft.persist(copy).map_err(|error| failed(error.error))?;
    kept.sync_all().map_err(failed)?;
    let synced = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(failed)
}

/// The system's words without the name of the draft, which means nothing to anyone.
fn without_draft(error: &io::Error) -> io::Error {
    let words = error.to_string();
    let words = words.split(" at path ").next().unwrap_or_default();
    io::Error::new(error.kind(), words.to_owned())
}

/// One statement, and so one moment of the database:
/// <https://www.sqlite.org/lang_vacuum.html#vacuuminto>.
fn copy_into(file: &Path, copy: &str) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(file, flags)?;
    source.busy_timeout(Duration::from_secs(10))?;
    // The log is for the process that uses the database, now or later.
    source.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    source.execute("VACUUM INTO ?", [copy])?;
    Ok(())
}

fn leave_out(copy: &str, tables: &[&str]) -> rusqlite::Result<()> {
    let database = Connection::open(copy)?;
    // A copy that breaks off is removed, so a log could save nothing.
    database.pragma_update(None, "journal_mode", "OFF")?;
    for table in tables {
        let is_there = "SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'table' AND name = ?";
        if database.query_row(is_there, [table], |row| row.get(0))? {
            let name = table.replace('"', "\"\"");
            database.execute(&format!("DELETE FROM \"{name}\""), ())?;
        }
    }
    Ok(())
}
