//! A database file that is checked before it is used. One that is gone, empty,
//! another program's or damaged is refused by its name, and nothing is begun
//! anew in silence.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use platform::file::{private, sync_dir};
use rusqlite::Connection;

mod fault;
mod log;
mod mark;
mod place;
mod presence;

pub use fault::FileError;
use fault::failed;
pub(crate) use fault::{broken, one_line};
use mark::{Mark, State};
pub(crate) use place::{replace, set_aside};
pub(crate) use presence::{Missing, Presence};

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// SQLite's `application_id`.
    pub(crate) application: i32,
    /// Its layout's number, SQLite's `user_version`.
    pub(crate) layout: i32,
    /// A table that is in files older than these two numbers.
    pub(crate) table: &'static str,
    /// True if other processes write it while it is not in use.
    pub(crate) is_shared: bool,
}

/// A database in use by this process.
#[derive(Debug)]
pub(crate) struct Guard {
    path: PathBuf,
    mark: Mark,
    kind: Kind,
    pub(crate) presence: Presence,
}

/// The depth of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Pages and trees, in the time it takes to read them.
    Quick,
    /// Indexes against their tables, too.
    Whole,
}

impl Guard {
    /// Checks `file`, makes it if it never existed, and takes it into use with
    /// the connection that `open` opens.
    ///
    /// # Errors
    /// The reason why it is not used.
    pub(crate) fn open<T>(
        file: &Path,
        kind: Kind,
        open: impl FnOnce() -> Result<T, FileError>,
    ) -> Result<(Self, T, Connection), FileError> {
        let known = look(file, kind)?;
        // A file without a mark is from a program that kept no time.
        let long_ago = file.exists().then_some(0);
        // SQLite gives its other files the mode of this one.
        let made = private().append(true).create(true).open(file);
        drop(made.map_err(|error| failed(file, error))?);
        let keeper = check(file, kind, Depth::Quick)?;
        let opened = open()?;
        let marked = keeper
            .pragma_update(None, "application_id", kind.application)
            .and_then(|()| keeper.pragma_update(None, "user_version", kind.layout));
        marked.map_err(|error| broken(file, &error))?;
        // The log's entry in the folder has to last: from now on its absence
        // means that writes are lost.
        let begun = file.parent().map_or(Ok(()), sync_dir);
        begun.map_err(|error| failed(file, error))?;
        let presence = Presence::new([file.to_owned(), beside(file, "-wal")]);
        let guard = Self {
            path: file.to_owned(),
            mark: Mark {
                state: State::Open,
                boot: mark::boot(),
                seen: known.map_or(long_ago, |mark| mark.seen),
            },
            kind,
            presence: presence.map_err(|error| failed(file, error))?,
        };
        guard.write()?;
        Ok((guard, opened, keeper))
    }

    /// The latest time that was believed, in seconds since 1970.
    pub(crate) fn seen(&self) -> Option<i64> {
        self.mark.seen
    }

    /// Keeps the time that is believed.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn see(&mut self, seconds: i64) -> Result<(), FileError> {
        self.mark.seen = Some(seconds);
        self.write()
    }

    /// Closes the database with `close`, which drops its connections.
    ///
    /// # Errors
    /// The disk's. The next start then checks more.
    pub(crate) fn close(mut self, close: impl FnOnce()) -> Result<(), FileError> {
        // A folder that was replaced gets no mark of this database.
        let is_there = self.presence.check().is_ok();
        if is_there {
            self.mark.state = State::Closing;
            self.write()?;
        }
        close();
        if is_there {
            let is_alone = !self.kind.is_shared && !beside(&self.path, "-wal").exists();
            let digest = is_alone.then(|| digest(&self.path)).transpose();
            let digest = digest.map_err(|error| failed(&self.path, error))?;
            self.mark.state = State::Closed(digest);
            self.write()?;
        }
        Ok(())
    }

    fn write(&self) -> Result<(), FileError> {
        mark::write(&self.path, &self.mark).map_err(|error| failed(&self.path, error))
    }
}

/// Checks the files from outside, before SQLite changes any.
fn look(file: &Path, kind: Kind) -> Result<Option<Mark>, FileError> {
    let failed = |error| failed(file, error);
    let mark = mark::read(file).map_err(failed)?;
    let log = beside(file, "-wal");
    let has_log = fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    match fs::metadata(file) {
        Ok(found) if !found.is_file() => return Err(FileError::Foreign(file.to_owned())),
        Ok(found) if found.len() == 0 && (mark.is_some() || has_log) => {
            return Err(FileError::Empty(file.to_owned()));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match mark.is_some() || has_log {
                true => Err(FileError::Gone(file.to_owned())),
                false => Ok(None),
            };
        }
        Err(error) => return Err(failed(error)),
    }
    let Some(known) = &mark else {
        return Ok(None);
    };
    match known.state {
        State::Open => look_at_log(file, &log, known)?,
        State::Closed(Some(sum)) if !kind.is_shared => {
            if has_log || digest(file).map_err(failed)? != sum {
                return Err(FileError::Changed(file.to_owned()));
            }
        }
        State::Closing | State::Closed(_) => {}
    }
    Ok(mark)
}

/// Checks the log of a database whose process did not close it.
fn look_at_log(file: &Path, log: &Path, known: &Mark) -> Result<(), FileError> {
    let failed = |error| failed(log, error);
    if !log.exists() {
        return Err(FileError::LogGone(log.to_owned()));
    }
    let boot = mark::boot();
    if boot.is_some() && boot == known.boot {
        return match log::is_damaged(log, &beside(file, "-shm")).map_err(failed)? {
            true => Err(FileError::LogDamaged(log.to_owned())),
            false => Ok(()),
        };
    }
    // The system stopped before it had written everything.
    if log::is_broken(log).map_err(failed)? {
        tracing::warn!(
            log.file = %log.display(),
            "the machine stopped while the store was in use; its last moments are lost"
        );
    }
    Ok(())
}

/// Opens the database beside its users, and makes SQLite check it.
fn check(file: &Path, kind: Kind, depth: Depth) -> Result<Connection, FileError> {
    let broken = |error| broken(file, &error);
    let database = Connection::open(file).map_err(broken)?;
    database
        .busy_timeout(Duration::from_secs(10))
        .map_err(broken)?;
    let number = |name| database.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables = "SELECT count(*), count(*) FILTER (WHERE name = ?) FROM sqlite_schema";
    let tables = database.query_row(tables, [kind.table], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    });
    let (all, ours) = tables.map_err(broken)?;
    let application = number("application_id").map_err(broken)?;
    let is_ours = application == kind.application || (application == 0 && ours > 0);
    if !is_ours && (all > 0 || application != 0) {
        return Err(FileError::Foreign(file.to_owned()));
    }
    let layout = number("user_version").map_err(broken)?;
    if layout > kind.layout {
        return Err(FileError::Newer(file.to_owned(), layout));
    }
    let name = match depth {
        Depth::Quick => "quick_check",
        Depth::Whole => "integrity_check",
    };
    let found = database.pragma_query_value(None, name, |row| row.get::<_, String>(0));
    match found.map_err(broken)? {
        ok if ok == "ok" => Ok(database),
        fault => Err(FileError::Damaged(file.to_owned(), one_line(&fault))),
    }
}

/// Checks a database that nobody uses, more thoroughly than a start does.
///
/// # Errors
/// The fault that was found.
pub(crate) fn examine(file: &Path, kind: Kind) -> Result<(), FileError> {
    if !file.exists()
        && mark::read(file)
            .map_err(|error| failed(file, error))?
            .is_none()
    {
        return Ok(());
    }
    look(file, kind)?;
    check(file, kind, Depth::Whole).map(drop)
}

/// The same of a copy, which has to have been such a database.
///
/// # Errors
/// The fault that was found.
pub(crate) fn examine_copy(file: &Path, kind: Kind) -> Result<(), FileError> {
    let copy = check(file, kind, Depth::Whole)?;
    match copy.table_exists(None, kind.table) {
        Ok(true) => Ok(()),
        Ok(false) => Err(FileError::Foreign(file.to_owned())),
        Err(error) => Err(broken(file, &error)),
    }
}

/// Accepts a database as it is, if SQLite finds it whole.
///
/// # Errors
/// The fault that was found.
pub(crate) fn accept(file: &Path, kind: Kind) -> Result<(), FileError> {
    if !file.exists() {
        return examine(file, kind);
    }
    check(file, kind, Depth::Whole).map(drop)?;
    let failed = |error| failed(file, error);
    let known = mark::read(file).map_err(failed)?.unwrap_or_default();
    let mark = Mark {
        state: State::Closed(None),
        ..known
    };
    mark::write(file, &mark).map_err(failed)
}

/// The path of one of SQLite's other files.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

/// The CRC-32 of a file that nobody has open: closing it here would release
/// SQLite's locks of other users in this process.
fn digest(file: &Path) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut file = fs::File::open(file)?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        match io::Read::read(&mut file, &mut buffer)? {
            0 => return Ok(hasher.finalize()),
            read => hasher.update(&buffer[..read]),
        }
    }
}
