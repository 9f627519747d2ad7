//! The room that a disk has left.

use std::io;
use std::path::Path;

/// The room for this user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The bytes that are left.
    pub bytes: u64,
    /// False if the file system counts its files and takes no more.
    pub takes_files: bool,
}

/// The room on the disk of `path`.
///
/// # Errors
/// The disk's.
#[cfg(unix)]
pub fn room(path: &Path) -> io::Result<Room> {
    let disk = nix::sys::statvfs::statvfs(path)?;
    // Types differ between systems.
    #[allow(clippy::unnecessary_cast)]
    let bytes = disk.blocks_available() as u64 * disk.fragment_size() as u64;
    Ok(Room {
        bytes,
        takes_files: disk.files() == 0 || disk.files_available() > 0,
    })
}

/// The room on the disk of `path`.
///
/// # Errors
/// The disk's.
#[cfg(windows)]
pub fn room(path: &Path) -> io::Result<Room> {
    Ok(Room {
        bytes: fs4::available_space(path)?,
        takes_files: true,
    })
}
