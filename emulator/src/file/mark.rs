//! The mark of a database, kept outside of it: it says that the database
//! exists, whether it was closed, and with which content. It is in a folder of
//! its own, so that it survives when somebody removes the database.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use platform::file;
use serde::{Deserialize, Serialize};

const FOLDER: &str = "marks";

/// The content of the mark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Mark {
    pub(crate) state: State,
    /// The boot of the system that it was written in, if the system tells.
    pub(crate) boot: Option<String>,
    /// The latest time that was believed, in seconds since 1970.
    pub(crate) seen: Option<i64>,
}

/// The state that the database was left in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// In use. If nobody uses it now, its process was killed.
    Open,
    /// Between `Open` and `Closed`, or not known.
    #[default]
    Closing,
    /// Closed, with the file's CRC-32 if nobody else writes it.
    Closed(Option<u32>),
}

/// The path of the mark of `file`.
pub(crate) fn path(file: &Path) -> PathBuf {
    let folder = file.parent().unwrap_or(Path::new(""));
    folder
        .join(FOLDER)
        .join(file.file_name().unwrap_or_default())
}

/// The mark of `file`, if there ever was one.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read(file: &Path) -> io::Result<Option<Mark>> {
    match fs::read(path(file)) {
        // An unreadable mark still says that the database existed.
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).unwrap_or_default())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes the mark of `file`, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write(file: &Path, mark: &Mark) -> io::Result<()> {
    let path = path(file);
    let folder = path.parent().unwrap_or(Path::new(""));
    file::create_private_dir(folder)?;
    let draft = path.with_extension("draft");
    let mut options = file::private();
    options.write(true).create(true).truncate(true);
    let mut written = options.open(&draft)?;
    written.write_all(&serde_json::to_vec(mark)?)?;
    written.sync_all()?;
    fs::rename(&draft, &path)?;
    file::sync_dir(folder)
}

/// The id of this boot of the system. A killed process's writes are safe until
/// the system stops, and not for certain after that.
pub(crate) fn boot() -> Option<String> {
    let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}
